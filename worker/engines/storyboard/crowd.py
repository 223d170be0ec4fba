"""People in the background who are nobody: paler, without faces."""

from functools import partial

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix
from worker.engines.storyboard.casting import DYES, HAIR, Person
from worker.engines.storyboard.figure import Actor, Draughtsman
from worker.engines.storyboard.framing import View
from worker.engines.storyboard.pose import pose_for
from worker.engines.storyboard.scene import Role
from worker.engines.storyboard.sets.ground import Site, contact
from worker.engines.storyboard.sets.small import umbrella
from worker.engines.storyboard.skeleton import build

_GREYED = (150, 150, 148)


def draw_crowd(site: Site, view: View, count: int = 9) -> None:
    rng = site.rng
    names = sorted(DYES)
    a = np.radians(view.orbit)
    away, right = vec(np.sin(a), 0, np.cos(a)), vec(np.cos(a), 0, -np.sin(a))
    taken = [mark.x for mark in view.marks]
    for index in range(count):
        z = 2.6 + 1.15 * index + float(rng.uniform(0, 0.8))
        half = (z + view.distance) * site.stage.camera.width / 2 / site.stage.camera.focal_px * 0.9
        x = float(rng.uniform(-half, half))
        if site.scene.place in {"street", "alley", "market", "corridor", "station", "train"}:
            x = float(np.clip(x, -1.9 - site.span, 1.9 + site.span))
        if any(abs(x - other) < 0.5 for other in taken):
            x += 0.8
        at = right * x + away * z
        person = Person(
            id=f"crowd{index}",
            woman=bool(rng.random() < 0.5),
            stature=float(rng.uniform(1.58, 1.82)),
            top=mix(DYES[names[int(rng.integers(len(names)))]], _GREYED, 0.5),
            legs=mix(DYES["navy"], _GREYED, 0.4),
            hair=HAIR["black"],
            hair_style=("short", "bob", "long", "short")[int(rng.integers(4))],
            garment=("jacket", "coat", "shirt")[int(rng.integers(3))],
        )
        role = Role(lower="walk" if site.scene.place not in {"cafe", "classroom", "hall"} else "stand")
        pose = pose_for(role, rng)
        heading = float(rng.choice([0, 180])) + float(rng.uniform(-40, 40))
        bones = build(person, pose, at=at, heading=heading - view.orbit)

        if site.stage.camera.depth(at) > 1.5:
            shade = _shade(site, index)
            site.stage.later(at, partial(_passer_by, site, Actor(person, bones, pose), at, shade))


def _shade(site: Site, index: int) -> Colour | None:
    """The colour of a passer-by's umbrella: most carry one where it rains and the words speak of umbrellas."""
    scene = site.scene
    if scene.interior or "rain" not in scene.weather or "umbrella" not in scene.props or index % 5 == 4:
        return None
    told = dict(scene.hues).get("umbrella*")
    names = (told,) if told else ("black", "navy", "grey", "black", "olive")
    return mix(DYES[names[index % len(names)]], (40, 36, 36), 0.25)


def _passer_by(site: Site, actor: Actor, at: Points, shade: Colour | None) -> None:
    contact(site, at, 0.3, 80)
    Draughtsman(site.stage, actor).draw()
    if shade is not None:
        umbrella(site, actor.bones.head + vec(0, actor.bones.head_height * 1.9, 0), shade)
