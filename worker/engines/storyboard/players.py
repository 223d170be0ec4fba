"""The characters on the stage: seats under them, shadows, things in their hands, then the figures themselves."""

import numpy as np

from worker.engines.storyboard.animal import draw_animal
from worker.engines.storyboard.blocking import Mark
from worker.engines.storyboard.camera import Points, unit, vec
from worker.engines.storyboard.figure import Actor, Draughtsman
from worker.engines.storyboard.framing import View
from worker.engines.storyboard.held import draw_held, draw_shelter
from worker.engines.storyboard.sets import furniture as f
from worker.engines.storyboard.sets.ground import Site
from worker.engines.storyboard.skeleton import Skeleton

_TABLES = {
    "cafe": ("cup", "plate"),
    "kitchen": ("food", "cup"),
    "office": ("laptop", "cup"),
    "classroom": ("book",),
    "living": ("cup",),
}


def place_players(site: Site, view: View) -> None:
    _tables(site, view)
    for mark, bones in zip(view.marks, view.bones, strict=True):
        if site.stage.camera.depth(bones.chest) < 0.3:
            continue
        _shadow(site, bones)
        if mark.role.lower == "sit" and mark.person.kind in {"human", "robot"}:
            _seat(site, mark, bones, view)
        _figure(site, mark, bones)


def _figure(site: Site, mark: Mark, bones: Skeleton) -> None:
    stage = site.stage
    if mark.person.kind in {"dog", "cat", "bird", "horse"}:
        stage.later(bones.pelvis, lambda: draw_animal(site, mark, bones.pelvis))
        return
    expression = mark.role.expression
    if expression == "neutral" and mark.role.arms == "talk":
        expression = "talk"
    hand = 0 if mark.pose.grip[0] in {"hold", "fist"} or mark.pose.grip[1] not in {"hold", "fist"} else 1
    away = float(np.sin(np.radians(mark.heading)))
    actor = Actor(
        mark.person,
        bones,
        mark.pose,
        expression,
        (-away * 0.5 if mark.role.head != "to_camera" else 0.0, 0.0),
        seated=mark.role.lower in {"sit", "drive", "crouch", "kneel"},
        holds=mark.role.holds,
        hold_hand=hand,
    )

    def draw() -> None:
        draughtsman = Draughtsman(stage, actor)
        beneath = stage.camera.eye[1] < bones.eyes[1] + 0.3  # the underside lies behind the head
        if mark.role.sheltered and beneath:
            draw_shelter(site, draughtsman)
        turned = float(bones.body_axes[2] @ unit(stage.camera.eye - bones.chest)) < -0.25
        behind = turned and (mark.role.holds != "umbrella" or not site.scene.umbrella_open)  # the body hides it
        if behind:
            draw_held(site, draughtsman)
        draughtsman.draw()
        if not behind:
            draw_held(site, draughtsman)
        if mark.role.sheltered and not beneath:
            draw_shelter(site, draughtsman)

    stage.later(bones.pelvis, draw)


def _shadow(site: Site, bones: Skeleton) -> None:
    t = bones.height
    for leg in bones.legs:
        points = np.stack([leg.end, leg.bend, bones.pelvis])
        site.stage.ground_shadow(points, np.array((0.045, 0.055, 0.085)) * t, 100)
    trunk = np.stack([bones.pelvis, bones.chest, bones.eyes])
    site.stage.ground_shadow(trunk, np.array((0.09, 0.1, 0.06)) * t, 100)
    for leg in bones.legs:
        if leg.end[1] < 0.2 * t:
            site.stage.ground_shadow(
                np.stack([leg.end * (1, 0, 1) + (0, 0.01, 0), leg.tip * (1, 0, 1) + (0, 0.01, 0)]),
                np.array((0.05, 0.04)) * t,
                140,
            )


def _seat(site: Site, mark: Mark, bones: Skeleton, view: View) -> None:
    """A seat that the pelvis rests on, and a table before it where the place has one."""
    place = site.scene.place
    floor = vec(float(bones.pelvis[0]), 0.0, float(bones.pelvis[2]))
    heading = mark.heading - view.orbit
    tall = max(0.2, float(bones.pelvis[1]) - 0.055 * bones.height)
    forward = bones.body_axes[2]
    if place in {"car"}:
        return
    if (
        place in {"field", "forest", "mountain", "beach", "desert", "hanok"}
        or "bench" in site.scene.props
        or place in {"street", "station", "open", "rooftop"}
    ):
        bench = floor - forward * 0.02
        site.stage.later(
            bench, lambda: site.stage.box(bench, (1.3, tall, 0.42), (118, 146, 176), turn=-heading), bias=0.22
        )
    elif place == "bedroom" and "chair" not in site.scene.props:
        _bedside(site, floor, forward, tall, heading)
    elif place == "living" and not {"table", "chair"} & set(site.scene.props):
        f.sofa(site, floor - forward * 0.06, heading, (150, 130, 118), wide=1.15, bias=0.4)
    else:
        f.chair(site, floor - forward * 0.03, heading, tall=tall, bias=0.35)


def _bedside(site: Site, floor: Points, forward: Points, tall: float, heading: float) -> None:
    middle = floor - forward * 0.45

    def draw() -> None:
        site.stage.box(middle, (2.1, tall - 0.16, 1.3), (120, 150, 182), turn=-heading)
        site.stage.box(middle + vec(0, tall - 0.16, 0), (2.14, 0.17, 1.34), (222, 214, 208), turn=-heading)

    site.stage.later(middle, draw, bias=0.6)


def _tables(site: Site, view: View) -> None:
    """A table for those who sit: one between two, else one before each."""
    sitters = [
        (m, b) for m, b in zip(view.marks, view.bones, strict=True) if m.role.lower == "sit" and not m.foreground
    ]
    place, props = site.scene.place, site.scene.props
    busy = any(m.role.arms in {"eat", "type", "write"} for m, _ in sitters)
    if not sitters or not (busy or "table" in props or place in {"cafe", "classroom"}):
        return
    held = {m.role.holds for m, _ in sitters}
    kept = [p for p in props if p in {"cup", "book", "letter", "phone", "flower", "food", "lamp"} and p not in held]
    laptop = ["laptop"] if "computer" in props or any(m.role.arms == "type" for m, _ in sitters) else []
    things = tuple((laptop + kept + list(_TABLES.get(place, ("cup",))))[:2])
    if len(sitters) == 2:
        between = (sitters[0][1].pelvis + sitters[1][1].pelvis) / 2 * (1, 0, 1)
        reach = float(np.linalg.norm((sitters[0][1].pelvis - sitters[1][1].pelvis) * (1, 0, 1)))
        a = np.radians(view.orbit)
        spot = between - vec(np.sin(a), 0, np.cos(a)) * 0.28
        f.table(site, spot, (max(0.5, reach - 0.25), 0.72, 0.6), turn=-view.orbit, things=things)
        return
    for mark, bones in sitters[:3]:
        spot = bones.pelvis * (1, 0, 1) + bones.body_axes[2] * 0.36 * bones.height
        tall = float(np.clip(bones.pelvis[1] + 0.15 * bones.height, 0.4, 0.74))
        f.table(
            site,
            np.asarray(spot),
            (0.55 * bones.height, tall, 0.34 * bones.height),
            turn=view.orbit - mark.heading,
            things=things,
        )
