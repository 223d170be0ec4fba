"""Things in a hand."""

import numpy as np

from worker.engines.storyboard.camera import Points, unit, vec
from worker.engines.storyboard.canvas import Colour, scaled
from worker.engines.storyboard.casting import DYES
from worker.engines.storyboard.figure import Draughtsman
from worker.engines.storyboard.hand import draw_hand
from worker.engines.storyboard.sets.ground import Site, rgb
from worker.engines.storyboard.solids import hulls

_BOXES: dict[str, tuple[tuple[float, float, float], Colour]] = {
    "phone": ((0.072, 0.145, 0.012), rgb(48, 48, 52)),
    "book": ((0.2, 0.25, 0.03), rgb(168, 92, 74)),
    "letter": ((0.17, 0.22, 0.004), rgb(246, 243, 232)),
    "box": ((0.36, 0.28, 0.3), rgb(198, 164, 118)),
    "camera": ((0.15, 0.1, 0.09), rgb(62, 62, 66)),
    "food": ((0.2, 0.08, 0.2), rgb(240, 238, 232)),
    "tag": ((0.07, 0.12, 0.003), rgb(238, 224, 190)),
    "photo": ((0.12, 0.15, 0.003), rgb(240, 236, 226)),
    "key": ((0.05, 0.08, 0.008), rgb(206, 176, 86)),
}


def draw_held(site: Site, one: Draughtsman) -> None:
    thing = one.actor.holds
    if thing is None:
        return
    hue = site.scene.hue(thing)
    dye = DYES[hue] if hue else None
    arm = one.bones.arms[one.actor.hold_hand]
    hand = np.asarray(arm.end + unit(arm.end - arm.bend) * 0.07 * one.tall)
    if one.camera.depth(hand) < 0.25:
        return
    if thing == "umbrella":
        _umbrella(site, one, hand, dye or one.person.hat_colour, _keep(site, dye))
    elif thing == "cup":
        low = hand - vec(0, 0.035, 0)
        one.lay(hulls(one.camera, [low, low + vec(0, 0.08, 0)], [0.036, 0.041]), dye or rgb(246, 244, 240), 0.035)
    elif thing in {"suitcase", "bag"}:
        _bag(one, hand, dye, big=thing == "suitcase")
    elif thing == "flower":
        _flowers(one, hand)
    elif thing == "balloon":
        top = hand + vec(0.1, 1.0, 0)
        one.crease(hand, np.asarray(hand + vec(0.02, 0.5, 0)), np.asarray(top), width=0.6, share=0.9)
        one.lay(hulls(one.camera, [top, top + vec(0, 0.1, 0)], [0.13, 0.17]), dye or rgb(214, 74, 66), 0.14)
    elif thing == "ball":
        one.lay(hulls(one.camera, [hand, hand + vec(0.001, 0, 0)], [0.12, 0.12]), dye or rgb(214, 130, 70), 0.1)
    elif thing in _BOXES:
        _block(
            one,
            hand,
            _BOXES[thing][0],
            dye or _BOXES[thing][1],
            both=one.actor.pose.grip == ("hold", "hold"),
            ear=one.actor.pose.hands[one.actor.hold_hand][1] > 0.25,
        )
    if thing in {"cup", "umbrella", "flower", "letter", "phone", "tag", "photo"}:
        draw_hand(one, arm, one.actor.hold_hand)


def _block(
    one: Draughtsman, hand: Points, size: tuple[float, float, float], colour: Colour, *, both: bool, ear: bool
) -> None:
    """A box-shaped thing, tilted towards the face; held in the middle when both hands hold it."""
    b = one.bones
    right, up, forward = b.torso_axes
    if both:
        other = b.arms[1 - one.actor.hold_hand].end
        hand = (hand + other) / 2 + forward * 0.03
    if not ear:
        way = unit(b.eyes - hand)
        up = unit(up - way * float(up @ way) * 0.7)
        forward = unit(np.cross(right, up))
    else:
        right, forward = forward, right
    w, h, d = size
    corners = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            for sz in (-1, 1):
                corners.append(hand + right * sx * w / 2 + up * sy * h / 2 + forward * sz * d / 2)
    world = np.stack(corners)
    if one.camera.view(world)[:, 2].min() < 0.2:
        return
    flat = one.camera.project(world)
    hull = _convex(flat)
    one.lay([hull], colour, 0.02, shade=60)
    face = [0, 2, 6, 4] if float(forward @ (one.camera.eye - hand)) < 0 else [1, 3, 7, 5]
    if max(w, h) > 0.15:
        middle = flat[face].mean(axis=0)
        inner = middle + (flat[face] - middle) * 0.8
        one.canvas.stroke(np.concatenate([inner, inner[:1]]), 0.8, 150, taper=0.2)


def _convex(points: Points) -> Points:
    shapes = points[np.argsort(points[:, 0])]
    chain: list[Points] = []
    for sequence in (shapes, shapes[::-1]):
        half: list[Points] = []
        for p in sequence:
            while len(half) > 1 and np.cross(np.append(half[-1] - half[-2], 0), np.append(p - half[-2], 0))[2] <= 0:
                half.pop()
            half.append(p)
        chain.extend(half[:-1])
    return np.array(chain)


def _umbrella(site: Site, one: Draughtsman, hand: Points, colour: Colour, glow: int) -> None:
    if not site.scene.umbrella_open:
        _furled(one, hand, colour, glow)
        return
    foot = np.asarray(hand - vec(0, 0.1, 0))
    top = np.asarray(hand + vec(0, 0.62, 0) + one.bones.torso_axes[2] * -0.08)
    canopy(one, foot, top, colour, glow)


def draw_shelter(site: Site, one: Draughtsman) -> None:
    """An open umbrella over the head, held by a hand that is out of sight."""
    hue = site.scene.hue("umbrella")
    b = one.bones
    top = np.asarray(b.head + vec(0, one.bones.head_height * 2.1, 0) - b.torso_axes[2] * 0.05)
    dye = DYES[hue] if hue else None
    foot = np.asarray(b.arms[1].root - vec(0, 0.1, 0))
    canopy(one, foot, top, dye or one.person.hat_colour, _keep(site, dye))


def _keep(site: Site, dye: Colour | None) -> int:
    """A colour that the words name outlives the grade: it is lifted out of the dark, and out of grey light."""
    return 0 if dye is None else 105 if site.mood.night else 60


def _furled(one: Draughtsman, hand: Points, colour: Colour, glow: int) -> None:
    """A rolled umbrella: across both hands, before the knees, or hanging like a stick."""
    b = one.bones
    if one.actor.pose.grip == ("hold", "hold"):
        middle = np.asarray((b.arms[0].end + b.arms[1].end) / 2 + b.torso_axes[2] * 0.07)
        way = unit(b.torso_axes[0] * 0.97 + vec(0, 0.24, 0))
        if float(b.body_axes[2] @ unit(one.camera.eye - b.chest)) < -0.25:  # from behind: past the inner shoulder
            inner = -float(np.sign(one.camera.view(b.chest)[0, 0])) * one.camera.axes[0]
            way = unit(inner + vec(0, 0.1, 0))
            middle = np.asarray(middle + way * 0.34 - vec(0, 0.04, 0))
        tail, tip = np.asarray(middle - way * 0.42), np.asarray(middle + way * 0.42)
    else:
        way = unit(vec(0, -1, 0) + b.torso_axes[2] * (0.2 if one.actor.seated else 0.12))
        tail, tip = np.asarray(hand - way * 0.16), np.asarray(hand + way * min(0.66, max(0.3, float(hand[1]) - 0.05)))
    at = [np.asarray(tail + (tip - tail) * k) for k in (0.0, 0.2, 0.26, 0.5, 0.9, 1.0)]
    dark = scaled(rgb(84, 62, 48), 1.0)
    one.lay(hulls(one.camera, [at[0], at[1]], [0.016, 0.013]), dark, 0.014)
    one.lay(hulls(one.camera, [at[4], at[5]], [0.008, 0.005]), dark, 0.006)
    one.lay(hulls(one.camera, at[1:5], [0.02, 0.04, 0.046, 0.014]), colour, 0.04, glow=glow)
    for k in (-0.5, 0.5):
        aside = one.camera.axes[0] * 0.02 * k
        one.crease(np.asarray(at[2] + aside), np.asarray(at[4]), width=0.6, share=0.7)


def canopy(one: Draughtsman, foot: Points, top: Points, colour: Colour, glow: int = 0) -> None:
    """An open umbrella from its handle's end to the top of its stick."""
    one.crease(foot, top, width=1.3, share=1.0)
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]
    rim = top + 0.55 * np.stack([np.cos(turn), -0.42 + 0.03 * np.cos(turn * 8), np.sin(turn)], 1)
    crown = top + 0.28 * np.stack([np.cos(turn), 0 * turn - 0.08, np.sin(turn)], 1)
    cloud = np.concatenate([rim, crown, [top + vec(0, 0.04, 0)]])
    if one.camera.view(cloud)[:, 2].min() < 0.2:
        return
    one.lay([_convex(one.camera.project(cloud))], colour, 0.28, glow=glow)
    peak = one.camera.project(top + vec(0, 0.04, 0))[0]
    flat, high = one.camera.project(rim), one.camera.project(crown)
    below = one.camera.eye[1] < top[1] - 0.3
    if below:
        one.canvas.fill(flat, scaled(colour, 0.7), one.depth, shade=90, figure=255, glow=glow * 2 // 3)
        one.canvas.stroke(np.concatenate([flat, flat[:1]]), one.pen, one.strength, taper=0.2)
        one.crease(foot, np.asarray(top - vec(0, 0.1, 0)), width=1.3, share=1.0)
    for k in range(0, 32, 4):
        if below or flat[k][1] > peak[1]:
            path = np.stack([flat[k], high[k] * 0.9 + flat[k] * 0.1, peak])
            one.canvas.stroke(path, 0.7 * one.pen, int(one.strength * 0.6))


def _bag(one: Draughtsman, hand: Points, dye: Colour | None, *, big: bool) -> None:
    right, up, forward = one.bones.body_axes
    wide, tall, deep = (0.5, 0.36, 0.14) if big else (0.3, 0.26, 0.1)
    middle = hand - up * (tall / 2 + 0.06)
    world = np.stack(
        [
            middle + forward * sx * wide / 2 + up * sy * tall / 2 + right * sz * deep / 2
            for sx in (-1, 1)
            for sy in (-1, 1)
            for sz in (-1, 1)
        ]
    )
    if one.camera.view(world)[:, 2].min() < 0.2:
        return
    one.lay([_convex(one.camera.project(world))], dye or (rgb(140, 98, 66) if big else one.person.hat_colour), 0.1)
    one.crease(
        np.asarray(middle + up * tall / 2 - forward * 0.08),
        hand,
        np.asarray(middle + up * tall / 2 + forward * 0.08),
        width=1.2,
        share=1.0,
    )


def _flowers(one: Draughtsman, hand: Points) -> None:
    base = hand + vec(0, 0.02, 0)
    for k in range(6):
        tip = base + vec((k - 2.5) * 0.04, 0.22 + 0.05 * (k % 2), -0.02 * k)
        one.crease(hand, np.asarray(tip), width=0.7, share=0.9)
        one.lay(
            hulls(one.camera, [tip, tip + vec(0.01, 0.01, 0)], [0.045, 0.04]),
            (rgb(222, 96, 110), rgb(240, 190, 90), rgb(236, 150, 170))[k % 3],
            0.04,
        )
