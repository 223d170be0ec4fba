"""Where the characters stand and which way they face, seen from the camera's side of the set."""

from dataclasses import dataclass, replace

import numpy as np

from worker.engines.storyboard.casting import Person
from worker.engines.storyboard.pose import Pose, pose_for
from worker.engines.storyboard.scene import Role, Scene

STEP = (0.17, 0.3)  # rise and tread of a stair, metres; the fifth step lies under the subject
TIGHT = frozenset({"extreme_close", "close", "medium_close"})


@dataclass(frozen=True)
class Mark:
    """One character's place: metres to the right and away, heading (0 faces the camera, 90 screen right)."""

    person: Person
    role: Role
    pose: Pose
    x: float
    z: float
    heading: float
    focus: bool = True
    foreground: bool = False  # the shoulder that the camera looks over
    lift: float = 0.0  # metres off the floor: a box to stand on


def block(scene: Scene, people: tuple[Person, ...], rng: np.random.Generator) -> list[Mark]:
    """Everyone's mark, the focus first."""
    if not people:
        return []
    poses = [pose_for(role, rng) for role in scene.roles]
    cast = list(zip(people, scene.roles, poses, strict=True))
    if scene.place == "car":
        marks = _in_car(cast, rng)
    elif len(cast) == 1:
        marks = [_alone(scene, *cast[0], rng)]
    elif scene.over_shoulder:
        if scene.shoulder_of is not None:
            cast.append(cast.pop(scene.shoulder_of))
            cast = [cast[0], cast[-1], *cast[1:-1]]
        marks = _over_shoulder(cast, rng)
    elif len(cast) == 2:
        marks = _pair(scene, cast, rng)
    else:
        marks = _group(scene, cast, rng)
    return [_on_stairs(_striding(mark)) for mark in marks]


def _striding(mark: Mark) -> Mark:
    """A run seen from before or behind: one leg planted, the other foot kicked up, so that the legs read."""
    if mark.role.lower != "run" or abs(np.cos(np.radians(mark.heading))) < 0.72:
        return mark
    planted, kicked = (0.05, 0.0, 0.1), (0.075, 0.25, -0.26)
    right_leads = mark.pose.feet[0][2] > mark.pose.feet[1][2]
    feet = (planted, kicked) if right_leads else (kicked, planted)
    return replace(mark, pose=replace(mark.pose, feet=feet, hips=0.515, lifted=0.0, lean=12))


def _on_stairs(mark: Mark) -> Mark:
    return replace(mark, lift=STEP[0] * 4) if mark.role.lower == "ascend" else mark


def _own_heading(scene: Scene, role: Role, rng: np.random.Generator) -> float:
    """The way one body faces when nobody else decides it."""
    side = 1.0 if rng.random() < 0.5 else -1.0
    if role.move in {"left", "right"}:
        return (1.0 if role.move == "right" else -1.0) * float(rng.uniform(62, 80))
    if role.turned_away or role.move == "away" or (role.lower in {"walk", "run"} and role.head == "back"):
        return side * float(rng.uniform(140, 168))
    if role.move == "toward":
        return side * float(rng.uniform(8, 26))
    if role.profile:
        return side * 84.0
    if role.head == "to_camera" or scene.pov:
        return side * float(rng.uniform(0, 10))
    if role.lower == "lie":
        return side * 88.0
    if role.lower in {"walk", "run", "climb", "ride"}:
        if "track_right" in scene.moves or "pan_right" in scene.moves:
            return float(rng.uniform(58, 76))
        if "track_left" in scene.moves or "pan_left" in scene.moves:
            return -float(rng.uniform(58, 76))
        return side * float(rng.uniform(32, 66))
    if role.head in {"up", "down"} or role.arms in {"read", "text", "type", "write"}:
        return side * float(rng.uniform(30, 55))
    if role.arms in {"point", "reach", "throw", "fight", "open"}:
        return side * float(rng.uniform(40, 65))
    return side * float(rng.uniform(14, 42))


def _alone(scene: Scene, person: Person, role: Role, pose: Pose, rng: np.random.Generator) -> Mark:
    return Mark(person, role, pose, 0.0, 0.0, _own_heading(scene, role, rng))


def _in_car(cast: list[tuple[Person, Role, Pose]], rng: np.random.Generator) -> list[Mark]:
    """Seen through the windscreen: the driver on the right of the picture, one beside, the rest behind."""
    driver = next((i for i, (_, role, _) in enumerate(cast) if role.lower == "drive"), None)
    front = ([driver] if driver is not None else []) + [i for i in range(len(cast)) if i != driver]
    marks: dict[int, Mark] = {}
    for place, index in enumerate(front):
        person, role, pose = cast[index]
        if role.lower != "drive":
            role = replace(role, lower="sit")
            pose = pose_for(role, rng)
        row, column = (0, place) if place < 2 else (1, place % 2)
        x = 0.38 if column == 0 else -0.38
        turn = -x * (75 if role.looks_at_other and len(cast) > 1 and role.lower != "drive" else 24)
        pose = replace(pose, hips=0.25, head=(pose.head[0] - turn * 0.6, pose.head[1], pose.head[2]))
        marks[index] = Mark(person, role, pose, x, 0.1 + 0.85 * row, turn * 0.4, focus=row == 0)
    return [marks[i] for i in range(len(cast))]


def _over_shoulder(cast: list[tuple[Person, Role, Pose]], rng: np.random.Generator) -> list[Mark]:
    """The first character faces us, the second one's head and shoulder stand in front."""
    side = 1.0 if rng.random() < 0.5 else -1.0
    first, second = cast[0], cast[1]
    marks = [
        Mark(*first, x=0.0, z=0.0, heading=side * float(rng.uniform(14, 26))),
        Mark(
            *second,
            x=side,
            z=-1.0,
            heading=side * 180 - side * float(rng.uniform(14, 28)),
            focus=False,
            foreground=True,
        ),
    ]
    for index, other in enumerate(cast[2:]):
        marks.append(
            Mark(
                *other,
                x=-side * (0.8 + 0.6 * index),
                z=0.7 + 0.4 * index,
                heading=float(rng.uniform(-30, 30)),
                focus=False,
            )
        )
    return marks


def _pair(scene: Scene, cast: list[tuple[Person, Role, Pose]], rng: np.random.Generator) -> list[Mark]:
    gap = {"extreme_close": 0.4, "close": 0.46, "medium_close": 0.52, "medium": 0.66, "medium_long": 0.8}.get(
        scene.size, 1.0
    )
    arms = {role.arms for _, role, _ in cast}
    if "hug" in arms:
        gap = 0.27
    elif arms & {"fight", "handshake"}:
        gap = 0.78
    elif any(role.lower in {"lie", "ride"} for _, role, _ in cast):
        gap = 1.5
    elif any(role.lower in {"run", "fall", "jump"} for _, role, _ in cast):
        gap = max(gap, 1.0)
    first_left = rng.random() < 0.5
    marks = []
    lowers = {role.lower for _, role, _ in cast}
    together = lowers <= {"walk", "run", "ascend"} and not arms & {"hug", "fight", "handshake"}
    heading = _own_heading(scene, cast[0][1], rng)
    turn = float(rng.uniform(46, 66))
    skew = float(rng.uniform(-0.12, 0.12)) if "hug" not in arms else 0.0
    for index, (person, role, pose) in enumerate(cast):
        left = (index == 0) == first_left
        side = -1.0 if left else 1.0
        if together:
            facing = heading + float(rng.normal(0, 5))
            skew = -0.25
        elif arms & {"hug", "fight", "handshake"}:
            facing = -side * 84
        elif role.turned_away:
            facing = side * (180 - float(rng.uniform(10, 55)))
        elif role.move in {"left", "right", "toward", "away"}:
            facing = _own_heading(scene, role, rng)
        elif role.lower == "lie":
            facing = -side * 88.0
        else:
            facing = -side * turn
        chase = 0.55 if role.lower == "run" and not together else 0.0
        marks.append(Mark(person, role, pose, side * (gap / 2 + chase), -side * skew, facing))
    if scene.size in {"extreme_close", "close"} and not arms & {"hug"}:
        return [marks[0], _behind(marks[1], marks[0].x)]
    return marks


def _behind(mark: Mark, x: float) -> Mark:
    """Out of a tight frame's way: a soft second figure behind."""
    side = 1.0 if mark.x > x else -1.0
    return Mark(mark.person, mark.role, mark.pose, x + side * 0.75, 1.1, mark.heading, focus=False)


def _group(scene: Scene, cast: list[tuple[Person, Role, Pose]], rng: np.random.Generator) -> list[Mark]:
    """An arc of up to five, the rest in rows behind, all turned a little to the middle."""
    marks = []
    tight = scene.size in TIGHT
    front = min(len(cast), 3 if len(cast) == 3 else 4 if len(cast) < 7 else 5)
    gap = 0.62 if scene.size in {"medium", *TIGHT} else 0.85
    order = [int(i) for i in rng.permutation(front)] if front > 1 else [0]
    for index, (person, role, pose) in enumerate(cast):
        row, column = (
            (0, order[index]) if index < front else (1 + (index - front) // (front + 1), (index - front) % (front + 1))
        )
        count = front if row == 0 else min(front + 1, len(cast) - front - (row - 1) * (front + 1))
        x = (column - (count - 1) / 2) * gap * (1.0 if row == 0 else 0.94) + float(rng.normal(0, 0.05))
        z = row * 0.85 + (abs(column - (count - 1) / 2) * -0.12 if row == 0 else 0.0) + float(rng.normal(0, 0.05))
        if role.move or role.turned_away or role.lower in {"walk", "run", "lie"}:
            facing = _own_heading(scene, role, rng)
        else:
            facing = float(np.clip(-x * 42, -62, 62)) + float(rng.normal(0, 8))
        wide = 0.5 if role.lower in {"lie", "ride"} else 0.0
        focus = index == 0 if tight else index < max(front, 6)
        marks.append(Mark(person, role, pose, x * (1 + wide), z + wide, facing, focus=focus))
    return marks
