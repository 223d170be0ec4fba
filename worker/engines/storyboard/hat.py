"""Hats, hoods, helmets, masks: what sits on the head."""

from typing import TYPE_CHECKING

import numpy as np

from worker.engines.storyboard.canvas import Colour, scaled
from worker.engines.storyboard.head import Skull, Spot, surface_mask

if TYPE_CHECKING:
    from worker.engines.storyboard.figure import Draughtsman


def draw_hat(one: "Draughtsman", skull: Skull) -> None:
    person = one.person
    hat = person.hat
    if person.garment == "raincoat" and hat is None:
        hat = "hood"
    if "mask" in person.extras and skull.facing > 0:
        _band(one, skull, (0.02, 0.36), 1.05, (240, 240, 238), front_only=True)
    if hat is None:
        return
    colour = person.top if hat == "hood" else person.hat_colour
    if hat == "hood":
        _hood(one, skull, colour)
        return
    low = {"fedora": 0.74, "cap": 0.72, "beanie": 0.64, "helmet": 0.56, "crown": 0.86}[hat]
    rise = {"fedora": 0.22, "cap": 0.09, "beanie": 0.1, "helmet": 0.12, "crown": 0.2}[hat]
    if hat in {"fedora", "cap"}:
        _brim(one, skull, scaled(colour, 0.9), low, only_front=hat == "cap", far=True)
    _band(one, skull, (low, 1.0), 1.16 if hat != "helmet" else 1.24, colour, rise=rise, flat=hat in {"fedora", "crown"})
    if hat in {"fedora", "cap"}:
        _brim(one, skull, scaled(colour, 0.9), low, only_front=hat == "cap", far=False)
        if hat == "fedora" and skull.scale > 24:
            _band(one, skull, (low + 0.02, low + 0.1), 1.18, scaled(colour, 0.55))
    elif hat == "beanie" and skull.scale > 24:
        _band(one, skull, (low - 0.02, low + 0.1), 1.2, scaled(colour, 0.86))


def _band(
    one: "Draughtsman",
    skull: Skull,
    span: tuple[float, float],
    swell: float,
    colour: Colour,
    *,
    rise: float = 0.0,
    flat: bool = False,
    front_only: bool = False,
) -> None:
    """A belt of the head's surface between two heights, standing off the skin; `rise` lifts its top."""
    reach = 1.7 if front_only else np.pi
    angles = np.linspace(-reach, reach, 33)
    rows = np.linspace(span[0], span[1], 7)
    angle, y = np.meshgrid(angles, rows)
    at = np.minimum(y, 0.84 if flat else 1.0)
    points = skull.ring(angle, at, swell)
    share = (y - span[0]) / max(1e-6, span[1] - span[0])
    points[..., 1] = y + rise * share
    if span[1] >= 1.0:
        closed = points[-1:].copy()
        closed[..., 0] *= 0.02
        closed[..., 2] = (points[-1, :, 2].max() + points[-1, :, 2].min()) / 2
        points = np.concatenate([points, closed])
    shape = points.shape[:2]
    spot = surface_mask(skull.camera, skull.world(points.reshape(-1, 3)).reshape(*shape, 3))
    _stamp(one, spot, colour, reach=0.07)


def _brim(one: "Draughtsman", skull: Skull, colour: Colour, low: float, *, only_front: bool, far: bool) -> None:
    turn = np.linspace(0, 2 * np.pi, 41)[:-1]
    width, front, back = (float(v) for v in skull.section(np.array(low)))
    if only_front:
        if far is (skull.facing > 0):
            return
        turn = np.linspace(-1.25, 1.25, 21)
        inner = np.stack([width * 1.1 * np.sin(turn), np.full(21, low), front * 1.05 * np.cos(turn)], axis=1)
        outer = np.stack(
            [
                width * 1.0 * np.sin(turn),
                np.full(21, low - 0.05),
                front * 1.0 * np.cos(turn) + 0.34 * np.cos(turn * 1.1),
            ],
            axis=1,
        )
        one.canvas.part(
            [skull.pixels(np.concatenate([inner, outer[::-1]]))],
            colour,
            one.depth,
            light=one.light(0.02 * one.tall),
            pen=one.pen,
            strength=one.strength,
        )
        return
    ring = np.stack(
        [
            width * 1.75 * np.sin(turn),
            low - 0.02 + 0.05 * np.abs(np.sin(turn)),
            (front + back) / 2 + (front - back) * 0.82 * np.cos(turn),
        ],
        axis=1,
    )
    away = skull.towards(np.array((0.0, 1.0, 0.0)), np.array((0.0, low, 0.0)))
    if far is (away > 0.02):
        one.canvas.part(
            [skull.pixels(ring)],
            colour,
            one.depth,
            light=one.light(0.03 * one.tall),
            pen=one.pen,
            strength=one.strength,
            shade=60,
        )
    elif not far:
        half = np.cos(turn) * 0 + ((skull.world(ring) - skull.at) @ (skull.camera.eye - skull.at)) > 0
        near = skull.pixels(ring)[half] if half.sum() > 3 else None
        if near is not None and away > 0.02:
            order = np.argsort(near[:, 0])
            edge = near[order]
            one.canvas.stroke(edge, one.pen, one.strength, taper=0.3)


def _hood(one: "Draughtsman", skull: Skull, colour: Colour) -> None:
    """A hood up: the head's surface with an opening for the face."""
    rows = np.linspace(-0.12, 1.0, 13)
    gap = 0.85 * np.sqrt(np.clip((0.9 - rows) / 0.35, 0, 1))  # the opening closes above the brow
    share = np.linspace(0, 1, 33)
    angle = gap[:, None] + share[None] * (2 * np.pi - 2 * gap[:, None])
    y = np.broadcast_to(rows[:, None], angle.shape)
    points = skull.ring(np.where(angle > np.pi, angle - 2 * np.pi, angle), np.clip(y, 0.3, 1.0), 1.24)
    points[..., 1] = y * 1.13
    closed = points[-1:].copy()
    closed[..., 0] *= 0.05
    closed[..., 1] = 1.15
    points = np.concatenate([points, closed])[:, ::-1]
    shape = points.shape[:2]
    grid = skull.world(points.reshape(-1, 3)).reshape(*shape, 3)[:, ::-1]
    spot = surface_mask(skull.camera, grid)
    _stamp(one, spot, colour, reach=0.08)


def _stamp(one: "Draughtsman", spot: Spot | None, colour: Colour, *, reach: float) -> None:
    """Lay a lit piece of headwear; `reach` of its light in statures. Nothing when it is out of the picture."""
    if spot is not None:
        one.canvas.stamp(
            spot.mask,
            spot.x,
            spot.y,
            colour,
            one.depth,
            light=one.light(reach * one.tall),
            shade=100,
            base=0,
            pen=one.pen,
            strength=one.strength,
            openings=(),
            glow=0,
            figure=255,
        )
