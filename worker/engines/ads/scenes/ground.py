"""The surface a product stands on, seen in perspective, and what it may be made of.

A plane is met by a pinhole camera: a pixel `y` below the horizon lies at depth 1/(y - horizon). Tiles are square, wrap
around, and cover `span` canvas widths of the plane.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.scenes.colours import Colour
from worker.engines.ads.scenes.drawing import Grey, Setting, Sheet, fractal, soft

_TILE = 1024
_FOCAL = 1.9  # canvas widths: about a 70 mm lens on a 36 mm film


@dataclass(frozen=True)
class Plane:
    """The canvas from the surface's back edge down: `u` to the right, `v` into depth, in canvas widths."""

    top: int  # first row
    u: Grey
    v: Grey
    near: Grey  # rows×1: 1 at the front edge, 0 at the back

    @property
    def shape(self) -> tuple[int, int]:
        return self.u.shape[0], self.u.shape[1]


def plane(setting: Setting, *, horizon: float, back: float) -> Plane:
    top = round(back * setting.height)
    y = ((np.arange(top, setting.height, dtype=np.float32) + 0.5) / setting.height - np.float32(horizon))[:, None]
    x = (np.arange(setting.width, dtype=np.float32) + 0.5)[None, :] / setting.width - np.float32(0.5)
    share = (1 - np.float32(horizon)) / y
    near = (np.arange(setting.height - top, dtype=np.float32) / max(1, setting.height - top - 1))[:, None]
    deep = np.broadcast_to(np.float32(_FOCAL) * share, (len(y), setting.width))
    return Plane(top, np.asarray(x * share, np.float32), np.asarray(deep, np.float32), np.asarray(near, np.float32))


def laid(tile: npt.NDArray[np.float32], ground: Plane, *, span: float, offset: tuple[float, float] = (0, 0)) -> Sheet:
    """A tile (H×W or H×W×3) on the plane."""
    height, width = tile.shape[:2]
    across = (ground.u / np.float32(span) + np.float32(offset[0])) * width
    deep = (ground.v / np.float32(span) + np.float32(offset[1])) * height
    across, deep = np.mod(across, np.float32(width)), np.mod(deep, np.float32(height))
    return np.asarray(cv2.remap(tile, across, deep, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def lit(ground: Plane, *, x: float, near: float, across: float = 0.5, deep: float = 0.6, least: float = 0.35) -> Grey:
    """Rows×W: a pool of light on the plane, 1 at (x, near), falling to `least`."""
    columns = np.linspace(0, 1, ground.shape[1], dtype=np.float32)[None, :]
    fall = np.exp(-0.5 * ((columns - x) / across) ** 2 - 0.5 * ((ground.near - near) / deep) ** 2)
    return np.asarray(least + (1 - least) * fall, np.float32)


def put(sheet: Sheet, ground: Plane, surface: Sheet, *, blur: float, focus: float = 0.55) -> None:
    """Set a surface into the sheet, in place, sharp at `focus` of its depth and softer before and behind it.

    `blur` is the greatest, in pixels; the back edge is soft by as much.
    """
    softer = soft(surface, blur / 2)
    softest = soft(surface, blur)
    away = np.abs(ground.near - focus) / np.where(ground.near > focus, 1.25 * (1 - focus) + 1e-3, focus)
    away = np.clip((away - 0.25) / 0.75, 0, 1)[:, :, None]
    first, second = np.clip(away * 2, 0, 1), np.clip(away * 2 - 1, 0, 1)
    made = surface * (1 - first) + softer * first
    made += (softest - softer) * second
    edge = max(1, round(blur))
    top = max(0, ground.top - edge)
    rows = np.arange(top, ground.top + edge, dtype=np.float32)
    share = np.clip((rows - top) / max(1, 2 * edge - 1), 0, 1)[:, None, None]
    share = share * share * (3 - 2 * share)
    above = np.repeat(made[:1], ground.top - top, axis=0)
    band = np.concatenate([above, made[:edge]])
    behind = np.concatenate(
        [sheet[top : ground.top], np.repeat(sheet[max(0, ground.top - 1) : ground.top], edge, axis=0)]
    )
    sheet[top : ground.top + edge] = behind * (1 - share) + band * share
    sheet[ground.top + edge :] = made[edge:]


def mirrored(sheet: Sheet, ground: Plane, *, across: float, down: float, squeeze: float = 1.0) -> Sheet:
    """What a polished plane shows of the sheet above it, blurred by pixels across and down; rows×W×3."""
    rows, width = ground.shape
    needed = min(ground.top, max(2, round(rows * squeeze)))
    above = np.ascontiguousarray(sheet[ground.top - needed : ground.top][::-1])
    size = (width, max(2, round(needed / squeeze)))
    turned = np.asarray(cv2.resize(above, size, interpolation=cv2.INTER_LINEAR), np.float32)
    if len(turned) < rows:
        turned = np.concatenate([turned, np.repeat(turned[-1:], rows - len(turned), axis=0)])
    return soft(np.ascontiguousarray(turned[:rows]), across, down)


def gloss(ground: Plane, strength: float, *, power: float = 1.5) -> Sheet:
    """Rows×1×1: how much a plane mirrors, more towards its back, where we look along it (after Fresnel)."""
    return np.asarray(strength * (0.35 + 0.65 * (1 - ground.near) ** power), np.float32)[:, :, None]


def wood(setting: Setting, *, dark: Colour, light: Colour, planks: int = 5, gaps: bool = True) -> Sheet:
    """A tile of boards that run into depth, each cut from another place of the tree."""
    rng, side = setting.rng, _TILE
    x = np.arange(side, dtype=np.float32)[None, :] / side
    edges = np.cumsum(rng.uniform(0.8, 1.2, planks))
    edges /= edges[-1]
    board = np.searchsorted(edges, x[0], side="right").clip(0, planks - 1)
    shift = rng.integers(0, side, (planks, 2))
    warp, fibre = (
        fractal(rng, side, side, slope=2.2, stretch=(1, 5)),
        fractal(rng, side, side, slope=0.75, stretch=(1, 60)),
    )
    warp, fibre = _cut(warp, board, shift), _cut(fibre, board, shift)
    rings = np.sin(2 * np.pi * (x * 9 + 0.55 * warp))
    rings = np.copysign(cv2.pow(np.abs(rings), 0.7), rings)
    tone = 0.5 + 0.13 * rings + 0.12 * fibre + 0.06 * warp
    tone += rng.normal(0, 0.09, planks).astype(np.float32)[board][None, :]
    pores = np.clip(_cut(fractal(rng, side, side, slope=0.15, stretch=(1, 40)), board, shift) - 1.6, 0, 1)
    tone = np.clip(tone - 0.25 * pores, 0, 1).astype(np.float32)
    tile = dark + (light - dark) * tone[:, :, None]
    if gaps:
        tile *= _joints(x[0], edges)[None, :, None]
    return np.asarray(tile, np.float32)


def _cut(noise: Grey, board: npt.NDArray[np.int64], shift: npt.NDArray[np.int64]) -> Grey:
    """Noise displaced from board to board."""
    out = np.empty_like(noise)
    height, width = noise.shape
    for number, (across, down) in enumerate(shift):
        columns = np.flatnonzero(board == number)
        start = int(columns[0] + across) % width
        part = noise[:, start : start + len(columns)]
        if part.shape[1] < len(columns):
            part = np.hstack([part, noise[:, : len(columns) - part.shape[1]]])
        place = out[:, columns[0] : columns[-1] + 1]
        place[down:], place[:down] = part[: height - down], part[height - down :]
    return out


def _joints(x: Grey, edges: npt.NDArray[np.float64]) -> Grey:
    """Per column: dark in the gap between two boards, a little bright on the edge beside it."""
    away = np.min(np.abs(np.mod(x[None, :] - edges[:, None] + 0.5, 1) - 0.5), axis=0)
    gap = np.exp(-((away / 0.0028) ** 2))
    worn = np.exp(-(((away - 0.008) / 0.004) ** 2))
    return np.asarray(1 - 0.88 * gap + 0.12 * worn, np.float32)


def marble(setting: Setting, *, ground: Colour, vein: Colour, cloud: float = 0.16, boldness: float = 1.0) -> Sheet:
    """A tile of stone with clouds and with veins that run one way, a few broad, many fine, broken here and there."""
    rng, side = setting.rng, _TILE
    slow, bend = fractal(rng, side, side, slope=2.3), fractal(rng, side, side, slope=1.95)
    x, y = np.meshgrid(np.linspace(0, 1, side, dtype=np.float32), np.linspace(0, 1, side, dtype=np.float32))
    share = np.clip(cloud * (0.3 + 0.5 * slow + 0.3 * bend), 0, 0.5)
    way = float(rng.choice([-1, 1]))
    for count, wide, strength, bends in ((1, 0.075, 0.75, 0.30), (2, 0.035, 0.7, 0.24), (4, 0.022, 0.5, 0.17)):
        near, far = np.roll(bend, (count * 131, count * 67), (0, 1)), np.roll(slow, (count * 97, count * 41), (0, 1))
        wave = np.abs(np.sin(np.pi * (count * (2 * x + way * y) + count * bends * (near + far))))
        width = wide * np.clip(0.9 + 0.8 * np.roll(near, side // 4, 0), 0.2, 2.4)
        present = np.clip(0.35 + 0.8 * np.roll(far, side // 3, 1), 0, 1)
        core = np.exp(-((wave / width) ** 2)) + 0.35 * np.exp(-wave / (3.5 * width))
        share = 1 - (1 - share) * (1 - np.clip(strength * core * present, 0, 0.95))
    veined = np.asarray(np.clip(share * boldness, 0, 1), np.float32)[:, :, None]
    return np.asarray(ground * (1 - veined) + vein * veined, np.float32)


def speckled(setting: Setting, *, base: Colour, deviation: float = 0.05, slope: float = 0.6) -> Sheet:
    """A tile of plaster, paper or concrete: fine noise over a slow cloud."""
    side = _TILE // 2
    fine = fractal(setting.rng, side, side, slope=slope)
    slow = fractal(setting.rng, side, side, slope=1.8)
    return np.asarray(base * (1 + deviation * (0.6 * fine + 0.5 * slow))[:, :, None].clip(0.2, 2), np.float32)
