"""Joints in the world: a pose on a body of one height, at one place, facing one way."""

from dataclasses import dataclass

import numpy as np

from worker.engines.storyboard.camera import Points, unit, vec
from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.pose import Pose, Triple

ARM = 0.325  # shoulder to wrist, in heights


@dataclass(frozen=True)
class Limb:
    """Three joints: shoulder, elbow, wrist or hip, knee, ankle; `tip` is where hand or foot points."""

    root: Points
    bend: Points
    end: Points
    tip: Points


@dataclass(frozen=True)
class Skeleton:
    height: float
    head_height: float
    pelvis: Points
    chest: Points
    neck: Points
    head: Points  # under the skull, level with the chin
    head_axes: Points  # rows: right, up, forward
    body_axes: Points
    torso_axes: Points
    arms: tuple[Limb, Limb]  # right, left
    legs: tuple[Limb, Limb]

    @property
    def eyes(self) -> Points:
        return np.asarray(self.head + self.head_axes[1] * self.head_height * 0.5)

    @property
    def lowest(self) -> float:
        return float(min(leg.end[1] for leg in self.legs))


def axes_from(heading: float) -> Points:
    """Heading 0 faces the viewer (−z), 90 faces screen right. Rows: right, up, forward."""
    a = np.radians(heading)
    return np.array(((-np.cos(a), 0.0, -np.sin(a)), (0.0, 1.0, 0.0), (np.sin(a), 0.0, -np.cos(a))))


def turned(axes: Points, *, turn: float = 0.0, nod: float = 0.0, tilt: float = 0.0) -> Points:
    """Turn to the right, nod up, tilt to the right; degrees, in the frame's own axes."""
    right, up, forward = axes
    t, n, r = np.radians((turn, nod, tilt))
    forward, right = forward * np.cos(t) + right * np.sin(t), right * np.cos(t) - forward * np.sin(t)
    forward, up = forward * np.cos(n) + up * np.sin(n), up * np.cos(n) - forward * np.sin(n)
    up, right = up * np.cos(r) + right * np.sin(r), right * np.cos(r) - up * np.sin(r)
    return np.stack([right, up, forward])


def _bend(root: Points, goal: Points, upper: float, lower: float, pole: Points) -> tuple[Points, Points]:
    """Two bones from root towards goal: the middle joint, pushed to the pole's side, and the end."""
    way = goal - root
    length = float(np.linalg.norm(way))
    reach = min(max(length, abs(upper - lower) * 1.05), (upper + lower) * 0.998)
    along = unit(way)
    share = (upper**2 - lower**2 + reach**2) / (2 * reach)
    rise = np.sqrt(max(0.0, upper**2 - share**2))
    aside = pole - along * float(pole @ along)
    return root + along * share + unit(aside) * rise, root + along * reach


def build(person: Person, pose: Pose, *, at: Points, heading: float) -> Skeleton:
    """The skeleton with the lowest point of its pose on the ground at `at`."""
    tall = person.stature
    small = person.age in {"child", "baby"}
    head_height = tall * {"baby": 0.23, "child": 0.178, "teen": 0.145}.get(person.age, 0.138)
    leg_share = {"baby": 0.8, "child": 0.92}.get(person.age, 1.0)
    body = axes_from(heading)
    hips = pose.hips * leg_share * tall
    pelvis = at + body[1] * hips + body[0] * pose.sway * tall
    lean = pose.lean + (9.0 if person.age == "old" else 0.0)
    torso = turned(body, turn=pose.twist, nod=-lean, tilt=pose.side)
    trunk = (0.862 - 0.53 * leg_share) * tall - head_height * 0.28
    chest = pelvis + torso[1] * trunk * 0.97
    neck = chest + torso[1] * 0.018 * tall
    neck_axes = turned(torso, nod=lean * 0.7)
    head_axes = turned(neck_axes, turn=pose.head[0], nod=pose.head[1], tilt=pose.head[2])
    gap = 0.024 if not small else 0.016
    head = neck + neck_axes[1] * gap * tall + neck_axes[2] * 0.012 * tall + head_axes[2] * 0.008 * tall
    width = (0.104 if person.woman else 0.112) * person.shoulders * (0.9 if small else 1.0)
    arms = tuple(_arm(person, pose, torso, chest, index, width) for index in (0, 1))
    legs = tuple(_leg(person, pose, body, pelvis, at, index, leg_share) for index in (0, 1))
    bones = Skeleton(tall, head_height, pelvis, chest, neck, head, head_axes, body, torso, arms, legs)  # type: ignore[arg-type]
    if pose.tipped:
        bones = _tip(bones, pose.tipped, at)
    return _moved(bones, vec(0, pose.lifted * tall, 0)) if pose.lifted else bones


def _arm(person: Person, pose: Pose, torso: Points, chest: Points, index: int, width: float) -> Limb:
    sign = 1.0 if index == 0 else -1.0
    tall = person.stature
    shoulder = chest + torso[0] * sign * width * tall - torso[1] * 0.026 * tall
    out, up, forward = pose.hands[index]
    goal = shoulder + (torso[0] * sign * out + torso[1] * up + torso[2] * forward) * ARM * tall
    elbow, wrist = _bend(shoulder, goal, 0.172 * tall, 0.153 * tall, _world(pose.poles[index], torso, sign))
    fore = unit(wrist - elbow)
    return Limb(shoulder, elbow, wrist, np.asarray(wrist + fore * 0.06 * tall))


def _leg(person: Person, pose: Pose, body: Points, pelvis: Points, at: Points, index: int, share: float) -> Limb:
    sign = 1.0 if index == 0 else -1.0
    tall = person.stature
    hip = pelvis + body[0] * sign * 0.048 * tall
    out, up, forward = pose.feet[index]
    ankle_height = 0.042 * tall
    goal = at + body[0] * sign * out * tall + body[1] * (up * tall + ankle_height) + body[2] * forward * tall
    pole = _world(pose.knees[index], body, sign)
    knee, ankle = _bend(hip, goal, 0.248 * tall * share, 0.246 * tall * share, pole)
    toe = unit(body[2] + body[0] * sign * 0.25)
    heel_up = min(1.0, max(0.0, up / 0.06)) if pose.hips > 0.4 else 0.0
    if pose.knees[index][1] < -0.5:  # a knee on the ground: the foot lies behind it
        tip = ankle - body[2] * 0.03 * tall - body[1] * 0.03 * tall
    else:
        tip = ankle + toe * 0.098 * tall - body[1] * (0.028 + 0.05 * heel_up) * tall
    return Limb(hip, knee, ankle, np.asarray(tip))


def _world(direction: Triple, axes: Points, sign: float) -> Points:
    return np.asarray(axes[0] * sign * direction[0] + axes[1] * direction[1] + axes[2] * direction[2])


def _tip(bones: Skeleton, degrees: float, at: Points) -> Skeleton:
    """Turn the whole body about its right-left axis through the hips and lay it back onto the ground."""
    axis = bones.body_axes[0]
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)

    def spin(v: Points) -> Points:
        return np.asarray(
            v * cos + np.cross(axis, v) * sin + axis * (v @ axis)[..., None] * (1 - cos)
            if v.ndim == 2
            else v * cos + np.cross(axis, v) * sin + axis * float(v @ axis) * (1 - cos)
        )

    pivot = bones.pelvis

    def place(point: Points) -> Points:
        return np.asarray(pivot + spin(point - pivot))

    def limb(one: Limb) -> Limb:
        return Limb(place(one.root), place(one.bend), place(one.end), place(one.tip))

    bones = Skeleton(
        bones.height,
        bones.head_height,
        pivot,
        place(bones.chest),
        place(bones.neck),
        place(bones.head),
        spin(bones.head_axes),
        spin(bones.body_axes),
        spin(bones.torso_axes),
        (limb(bones.arms[0]), limb(bones.arms[1])),
        (limb(bones.legs[0]), limb(bones.legs[1])),
    )
    joints = [
        bones.pelvis,
        bones.chest,
        bones.head,
        *(p for one in (*bones.legs, *bones.arms) for p in (one.bend, one.end)),
    ]
    lowest = min(float(j[1]) for j in joints)
    middle = (bones.pelvis + bones.chest) / 2
    return _moved(bones, vec(at[0] - middle[0], at[1] + 0.055 * bones.height - lowest, at[2] - middle[2]))


def _moved(bones: Skeleton, by: Points) -> Skeleton:
    def limb(one: Limb) -> Limb:
        return Limb(one.root + by, one.bend + by, one.end + by, one.tip + by)

    return Skeleton(
        bones.height, bones.head_height, bones.pelvis + by, bones.chest + by, bones.neck + by, bones.head + by,
        bones.head_axes, bones.body_axes, bones.torso_axes, (limb(bones.arms[0]), limb(bones.arms[1])),
        (limb(bones.legs[0]), limb(bones.legs[1])),
    )  # fmt: skip
