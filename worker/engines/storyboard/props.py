"""Things that the words name, set where they belong: on the ground, in the sky, on a wall."""

from collections.abc import Callable
from functools import partial

import numpy as np

from worker.engines.storyboard.animal import draw_animal
from worker.engines.storyboard.blocking import Mark
from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, scaled
from worker.engines.storyboard.casting import DYES, Person
from worker.engines.storyboard.framing import View
from worker.engines.storyboard.pose import Pose
from worker.engines.storyboard.scene import Role
from worker.engines.storyboard.sets import furniture as f
from worker.engines.storyboard.sets.ground import Site, contact, lamp, rgb
from worker.engines.storyboard.sets.plants import tree
from worker.engines.storyboard.sets.small import ball, cylinder, umbrella
from worker.engines.storyboard.sets.street import streetlight
from worker.engines.storyboard.vehicles import bicycle, boat, car, train, truck

_GROUND: dict[str, Callable[[Site, Points], None]] = {
    "car": car,
    "truck": truck,
    "bicycle": bicycle,
    "motorbike": bicycle,
    "streetlight": streetlight,
    "tree": lambda site, at: tree(site, at, tall=4.6),
    "bench": lambda site, at: _bench(site, at),
    "box": lambda site, at: _later_box(site, at, (0.5, 0.4, 0.45), rgb(198, 160, 112)),
    "suitcase": lambda site, at: _later_box(site, at, (0.48, 0.66, 0.26), rgb(150, 104, 70)),
    "tv": lambda site, at: _screen(site, at, 1.1),
    "screen": lambda site, at: _screen(site, at, 1.6),
    "computer": lambda site, at: f.table(site, at, (1.2, 0.73, 0.6), things=("monitor",), solid=True),
    "piano": lambda site, at: _piano(site, at),
    "mirror": lambda site, at: _mirror(site, at),
    "clock": lambda site, at: _clock(site, at),
    "lamp": lambda site, at: f.table(site, at, (0.5, 0.55, 0.45), things=("lamp",)),
    "fire": lambda site, at: _fire(site, at),
    "stairs": lambda site, at: _stairs(site, at),
    "table": lambda site, at: f.table(site, at, things=("cup", "flower")),
    "chair": lambda site, at: f.chair(site, at, 20.0),
    "dog": lambda site, at: _animal(site, at, "dog", 0.55, rgb(172, 122, 78)),
    "cat": lambda site, at: _animal(site, at, "cat", 0.3, rgb(196, 148, 92)),
    "ball": lambda site, at: _ball(site, at, 0.11, rgb(220, 120, 70)),
    "balloon": lambda site, at: _ball(site, at + vec(0, 1.7, 0), 0.16, rgb(214, 74, 66)),
    "door": lambda site, at: _door(site, at),
    "sign": lambda site, at: _sign(site, at),
    "boat": lambda site, at: boat(site, at),
    "train": lambda site, at: train(site, at),
    "flower": lambda site, at: f.table(site, at, (0.5, 0.7, 0.5), things=("flower",)),
}
_SMALL = frozenset({"cup", "book", "letter", "phone", "food", "key", "ring", "bag"})
_OUTDOORS = frozenset({"car", "truck", "train", "boat", "tree", "streetlight", "motorbike"})
_FAR = frozenset({"boat", "train", "tree", "streetlight", "stairs", "piano", "screen"})
_AT_HOME = {  # what a set already shows
    "cafe": {"table", "chair", "lamp", "window", "door"},
    "kitchen": {"window"},
    "bedroom": {"lamp", "window"},
    "living": {"lamp", "window", "chair"},
    "office": {"table", "chair", "computer", "window"},
    "classroom": {"table", "chair", "window"},
    "station": {"train", "bench", "sign", "stairs"},
    "train": {"train", "window", "chair"},
    "car": {"car", "streetlight", "truck"},
    "street": {"streetlight", "sign"},
    "alley": {"streetlight", "sign", "stairs"},
    "store": {"window", "door", "table", "sign", "food"},
    "stall": {"lamp", "table", "window", "sign"},
    "forest": {"tree"},
    "field": {"tree"},
}


def place_props(site: Site, view: View) -> None:
    held = {mark.role.holds for mark in view.marks}
    kinds = {mark.person.kind for mark in view.marks}
    sitters = any(mark.role.lower == "sit" for mark in view.marks)
    skipped = set(_AT_HOME.get(site.scene.place, ())) | held | kinds
    if site.scene.interior and site.scene.place != "warehouse":
        skipped |= _OUTDOORS
    if any(mark.role.lower == "ride" for mark in view.marks):
        skipped |= {"bicycle", "motorbike"}
    wanted = [p for p in site.scene.props if p not in skipped]
    if sitters or any(mark.role.lower == "ride" for mark in view.marks):
        wanted = [p for p in wanted if p not in {"table", "chair", "bench", "computer"}]
    for index, prop in enumerate([p for p in wanted if p in _GROUND][:4]):
        _GROUND[prop](site, _spot(site, view, index, prop))
    if "umbrella" in wanted and not site.scene.interior:
        _loose_umbrellas(site, view)
    small = [p for p in wanted if p in _SMALL]
    if small and not sitters and (not view.marks or site.scene.size == "insert"):
        _still_life(site, view, tuple(small[:3]))
    for mark, bones in zip(view.marks, view.bones, strict=True):
        if mark.role.lower == "ride":
            bicycle(site, bones.pelvis * (1, 0, 1), heading=mark.heading - view.orbit)


def _loose_umbrellas(site: Site, view: View) -> None:
    """Umbrellas that nobody holds: hung upside down on lines, or one that flies."""
    a = np.radians(view.orbit)
    right, away = vec(np.cos(a), 0, -np.sin(a)), vec(np.sin(a), 0, np.cos(a))
    if site.scene.hung:
        names = ("yellow", "blue", "pink", "green", "orange", "purple", "navy", "mint", "red", "white")
        for row, (z, tall) in enumerate(((2.3, 2.3), (1.3, 2.1))):
            reach = (z + view.distance) * site.stage.camera.width / 2 / site.stage.camera.focal_px * 1.1
            ends = [
                away * z - right * reach + vec(0, tall + 0.78, 0),
                away * z + right * reach + vec(0, tall + 0.78, 0),
            ]
            site.stage.later(away * z, partial(site.stage.line, ends[0], ends[1], 1.4), bias=0.1)
            for k, x in enumerate(np.arange(-reach, reach, 0.95)):
                spot = right * float(x + 0.4 * row) + away * z + vec(0, tall + 0.1 * np.sin(2.0 * k), 0)
                dye = DYES[names[(k * 3 + row) % len(names)]]
                site.stage.later(away * z, partial(umbrella, site, spot, dye, down=True))
    elif site.scene.afloat and not any(mark.role.sheltered for mark in view.marks):
        camera = site.stage.camera
        way = camera.axes[2] + camera.axes[0] * 0.16 * float(site.rng.choice([-1, 1])) + camera.axes[1] * 0.12
        spot = np.asarray(camera.eye + way * max(4.5, 3.2 * camera.focal_px / camera.width))
        hue = site.scene.hue("umbrella")
        site.stage.later(spot, partial(umbrella, site, spot, DYES[hue or "navy"], tilt=24.0))


def _spot(site: Site, view: View, index: int, prop: str) -> Points:
    """Beside the subject, alternating sides, so that nothing hides a face."""
    side = 1.0 if (index % 2 == 0) == (site.rng.random() < 0.5) else -1.0
    if view.marks:
        side = -float(np.sign(view.camera.shift[0]) or side) * (-1.0 if index % 2 else 1.0)
    wide = site.span + (1.0 if site.scene.interior else 1.9) + 0.7 * (index // 2)
    away = 1.0 + 0.5 * index if not site.scene.interior else 0.9 + 0.4 * index
    if prop in {"car", "truck"}:
        wide, away = site.span + 2.4, 2.2
    elif prop in _FAR and not site.scene.interior:
        wide, away = wide + 1.6, 5.0
    elif prop in {"dog", "cat", "ball"}:
        wide, away = site.span + 0.75, -0.15
    if not view.marks:
        wide, away = 0.9 * (index + 0.4), 0.6 + 0.5 * index
    a = np.radians(view.orbit)
    return vec(np.cos(a), 0, -np.sin(a)) * wide * side + vec(np.sin(a), 0, np.cos(a)) * away


def _still_life(site: Site, view: View, things: tuple[str, ...]) -> None:
    """An insert: the thing itself on a table, close."""
    camera = site.stage.camera
    reach = camera.focal_px / camera.width * (0.55 if site.scene.size == "insert" else 1.2)  # fills the frame's width
    if view.marks:
        reach = max(reach, view.distance * 0.75)
    spot = camera.eye + camera.axes[2] * reach
    height = float(np.clip(spot[1] - 0.04, 0.15, 1.4))
    at = vec(float(spot[0]), 0, float(spot[2]))
    names = tuple(t if t not in {"ring", "bag"} else "box" for t in things)
    f.table(site, at, (1.5, height, 1.0), turn=-view.orbit, things=names, solid=True, gap=0.2)


def _later_box(site: Site, at: Points, size: tuple[float, float, float], colour: Colour) -> None:
    def draw() -> None:
        contact(site, at, size[0] * 0.6, 90)
        site.stage.box(at, size, colour, turn=14.0)

    site.stage.later(at, draw)


def _bench(site: Site, at: Points) -> None:
    def draw() -> None:
        contact(site, at, 0.5, 80)
        for x in (-0.6, 0.6):
            site.stage.box(at + vec(x, 0, 0), (0.08, 0.42, 0.38), rgb(110, 108, 106))
        for k in range(3):
            site.stage.box(at + vec(0, 0.42, -0.14 + 0.14 * k), (1.5, 0.04, 0.11), rgb(176, 136, 96))
        site.stage.box(at + vec(0, 0.62, 0.22), (1.5, 0.28, 0.04), rgb(176, 136, 96))

    site.stage.later(at, draw)


def _screen(site: Site, at: Points, wide: float) -> None:
    def draw() -> None:
        site.stage.box(at, (wide * 0.9, 0.45, 0.35), rgb(120, 100, 84))
        site.stage.box(
            at + vec(0, 0.47, 0),
            (wide, wide * 0.58, 0.05),
            rgb(40, 42, 46),
            colours={"front": rgb(150, 190, 214)},
            glow=90,
        )

    site.stage.later(at, draw, bias=0.2)
    lamp(site, at + vec(0, 0.9, 0), reach=1.2, colour=(255, 220, 170), strength=0.6)


def _piano(site: Site, at: Points) -> None:
    def draw() -> None:
        site.stage.box(at, (1.5, 1.15, 0.5), rgb(70, 56, 50), line=1.2)
        site.stage.box(at + vec(0, 0.68, -0.36), (1.46, 0.08, 0.3), rgb(240, 240, 236))
        for k in range(18):
            site.stage.box(at + vec(-0.68 + k * 0.08, 0.76, -0.33), (0.03, 0.02, 0.16), rgb(40, 38, 38), line=0.5)

    site.stage.later(at, draw)


def _mirror(site: Site, at: Points) -> None:
    def draw() -> None:
        site.stage.box(at, (0.7, 1.75, 0.05), rgb(150, 112, 80), colours={"front": rgb(206, 224, 230)}, line=1.3)
        site.stage.line(at + vec(-0.2, 0.6, -0.03), at + vec(0.1, 1.3, -0.03), 0.8, 120)

    site.stage.later(at, draw)


def _clock(site: Site, at: Points) -> None:
    spot = at + vec(0, 2.05, 0.8)

    def draw() -> None:
        ball(site, spot, 0.2, rgb(244, 240, 230))
        site.stage.line(spot, spot + vec(0, 0.13, 0), 1.0)
        site.stage.line(spot, spot + vec(0.09, 0.03, 0), 1.0)

    site.stage.later(spot, draw)


def _fire(site: Site, at: Points) -> None:
    rng = np.random.Generator(np.random.PCG64(11))

    def draw() -> None:
        for k in range(4):
            site.stage.box(at + vec(0, 0, 0), (0.7, 0.09, 0.1), rgb(110, 80, 58), turn=45.0 * k)
        camera = site.stage.camera
        foot, scale = camera.project(at)[0], camera.scale_at(at)
        for size, colour in ((0.62, rgb(240, 120, 50)), (0.42, rgb(250, 180, 70)), (0.22, rgb(255, 236, 170))):
            t = np.linspace(0, 1, 9)
            wide = np.sin(np.pi * np.sqrt(t)) * 0.36 * size + rng.normal(0, 0.015, 9)
            x, y = np.concatenate([-wide, wide[::-1]]), np.concatenate([t, t[::-1]]) * size * 1.3
            site.stage.canvas.fill(foot + scale * np.stack([x, -y - 0.03], 1), colour, 20, glow=240)

    site.stage.later(at, draw)
    lamp(site, at + vec(0, 0.4, 0), reach=2.4, colour=(90, 170, 255))


def _stairs(site: Site, at: Points) -> None:
    def draw() -> None:
        for k in range(9, -1, -1):
            site.stage.box(at + vec(0, 0, 0.3 * k), (1.8, 0.17 * (k + 1), 0.3), rgb(186, 180, 172), line=0.9)

    site.stage.later(at, draw)


def _animal(site: Site, at: Points, kind: str, tall: float, colour: Colour) -> None:
    person = Person(id=kind, kind=kind, stature=tall, top=colour)
    side = -1.0 if at[0] > 0 else 1.0
    mark = Mark(person, Role(), Pose(), float(at[0]), float(at[2]), side * 70)
    site.stage.later(at, lambda: draw_animal(site, mark, at))


def _ball(site: Site, at: Points, radius: float, colour: Colour) -> None:
    def draw() -> None:
        contact(site, at * (1, 0, 1), radius, 80)
        ball(site, at + vec(0, radius, 0), radius, colour)
        if at[1] > 1:
            site.stage.line(at, at - vec(0, 0.9, 0), 0.6)

    site.stage.later(at, draw)


def _door(site: Site, at: Points) -> None:
    """A door in its own piece of wall."""
    hue = site.scene.hue("door")

    def draw() -> None:
        site.stage.box(at, (1.9, 2.6, 1.2), rgb(186, 180, 170), line=1.2)
        front = at + vec(0, 0, -0.61)
        corners = [front + vec(x, y, 0) for x, y in ((-0.48, 0.05), (0.48, 0.05), (0.48, 2.1), (-0.48, 2.1))]
        f.door(site, corners, DYES[hue] if hue else rgb(122, 140, 132))

    site.stage.later(at, draw)


def _sign(site: Site, at: Points) -> None:
    glow = 200 if site.scene.time in {"night", "dusk"} else 0

    def draw() -> None:
        cylinder(site, at, 0.04, 2.3, rgb(120, 120, 122))
        site.stage.box(at + vec(0, 1.7, 0), (0.9, 0.6, 0.06), scaled(rgb(214, 92, 80), 1.0), glow=glow)
        for y in (1.86, 2.06):
            site.stage.line(at + vec(-0.3, y, -0.04), at + vec(0.3, y, -0.04), 1.4)

    site.stage.later(at, draw)
