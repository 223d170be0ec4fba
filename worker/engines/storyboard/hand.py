"""Hands: a palm, four fingers and a thumb when they are large enough, a mitten when they are not."""

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from worker.engines.storyboard.camera import Points, unit
from worker.engines.storyboard.skeleton import Limb

if TYPE_CHECKING:
    from worker.engines.storyboard.figure import Draughtsman

_RING = np.stack([np.cos(np.linspace(0, 2 * np.pi, 13)[:-1]), np.sin(np.linspace(0, 2 * np.pi, 13)[:-1])], axis=1)
# each finger: sideways place on the palm, splay, length; in hand lengths
_FINGERS = ((-0.27, -0.16, 0.46), (-0.09, -0.05, 0.52), (0.09, 0.05, 0.5), (0.26, 0.18, 0.42))
_CURL = {"relaxed": 0.45, "open": 0.05, "fist": 1.0, "hold": 0.75, "point": 1.0}


def draw_hand(one: "Draughtsman", limb: Limb, index: int) -> None:
    t, person = one.tall, one.person
    skin = person.skin
    along = unit(limb.end - limb.bend)
    grip = one.actor.pose.grip[index]
    length = 0.098 * t
    # the back of the hand faces out from the body, or up when the arm is raised forward
    out = one.bones.torso_axes[0] * (1.0 if index == 0 else -1.0)
    wide = np.cross(along, out)
    wide = unit(wide) if float(np.linalg.norm(wide)) > 0.2 else one.bones.torso_axes[2]
    palm_side = -out
    size = length * one.scale
    base = limb.end + along * length * 0.06
    knuckles = limb.end + along * length * 0.52
    if size < 15:
        shapes = _chain(
            one,
            [limb.end, np.asarray(knuckles), np.asarray(limb.end + along * length * (0.9 - 0.3 * _CURL[grip]))],
            [0.017 * t, 0.024 * t, 0.014 * t],
        )
        one.lay(shapes, skin, 0.02 * t)
        return
    shapes = _chain(one, [np.asarray(base), np.asarray(knuckles)], [0.018 * t, 0.020 * t])
    for sign in (-1.0, 1.0):
        shapes += _chain(
            one, [np.asarray(base), np.asarray(knuckles + wide * sign * length * 0.24)], [0.017 * t, 0.0125 * t]
        )
    fingers = []
    for place, splay, reach in _FINGERS:
        curl = _CURL[grip] if not (grip == "point" and place < -0.2) else 0.0
        root = knuckles + wide * place * length
        way = unit(along + wide * splay * (1.4 if grip == "open" else 0.5))
        first = root + (way * np.cos(curl * 1.1) + palm_side * np.sin(curl * 1.1)) * length * reach * 0.55
        second = first + (way * np.cos(curl * 2.6) + palm_side * np.sin(curl * 2.6)) * length * reach * 0.5
        fingers.append((root, first, second))
    thumb_root = base + wide * -0.2 * length
    thumb = unit(along * 0.7 - wide * (0.9 if grip == "open" else 0.45) + palm_side * (0.5 if grip != "open" else 0.1))
    for root, first, second in fingers:
        shapes += _chain(
            one, [np.asarray(root), np.asarray(first), np.asarray(second)], [0.0115 * t, 0.0098 * t, 0.0078 * t]
        )
    shapes += _chain(
        one,
        [
            np.asarray(thumb_root),
            np.asarray(thumb_root + thumb * length * 0.26),
            np.asarray(thumb_root + thumb * length * 0.5),
        ],
        [0.014 * t, 0.0115 * t, 0.0085 * t],
    )
    one.lay(shapes, skin, 0.016 * t, pen=0.85)
    if size > 30:
        for (root, first, _), (_, other, _) in pairwise(fingers):
            gap = (first + other) / 2
            one.crease(
                np.asarray(root * 0.8 + first * 0.2 + wide * 0.08 * length), np.asarray(gap), width=0.55, share=0.7
            )


def _chain(one: "Draughtsman", points: list[Points], radii: list[float]) -> list[Points]:
    seen = one.camera.view(np.stack(points))
    if seen[:, 2].min() < 0.16:
        return []
    flat = one.camera.to_pixels(seen)
    pixels = np.asarray(radii) * one.camera.focal_px / seen[:, 2]
    shapes = []
    for i in range(len(points) - 1):
        both = np.concatenate([flat[i] + _RING * pixels[i], flat[i + 1] + _RING * pixels[i + 1]]).astype(np.float32)
        shapes.append(np.asarray(cv2.convexHull(both)[:, 0, :], dtype=np.float64))
    return shapes
