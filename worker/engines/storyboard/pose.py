"""Poses: where hips, feet, hands and head go. All lengths are shares of the body's height, angles are degrees."""

from dataclasses import dataclass, replace

import numpy as np

from worker.engines.storyboard.scene import Role

Triple = tuple[float, float, float]  # out (away from the body's middle), up, forward


@dataclass(frozen=True)
class Pose:
    """Feet are measured from the ground below the hips, hands from their shoulder in arm lengths."""

    hips: float = 0.53
    sway: float = 0.0
    lean: float = 2.0
    side: float = 0.0
    twist: float = 0.0
    feet: tuple[Triple, Triple] = ((0.06, 0.0, 0.02), (0.055, 0.0, -0.03))
    hands: tuple[Triple, Triple] = ((0.14, -0.95, 0.08), (0.14, -0.95, 0.02))
    poles: tuple[Triple, Triple] = ((0.45, -0.2, -1.0), (0.45, -0.2, -1.0))  # where the elbows point
    knees: tuple[Triple, Triple] = ((0.12, 0.0, 1.0), (0.12, 0.0, 1.0))
    head: Triple = (0.0, 0.0, 0.0)  # turn (to the body's right), nod (up), tilt
    lifted: float = 0.0
    tipped: float = 0.0  # the whole body turned about its right-left axis: −90 lies on the back
    grip: tuple[str, str] = ("relaxed", "relaxed")  # relaxed, fist, point, open, hold


STANCES: dict[str, Pose] = {
    "stand": Pose(),
    "walk": Pose(
        hips=0.515,
        lean=4,
        feet=((0.035, 0.0, 0.19), (0.03, 0.04, -0.2)),
        hands=((0.14, -0.9, -0.3), (0.12, -0.88, 0.36)),
    ),
    "run": Pose(
        hips=0.5,
        lean=17,
        lifted=0.02,
        feet=((0.035, 0.14, 0.22), (0.03, 0.17, -0.36)),
        hands=((0.1, -0.42, -0.42), (-0.05, -0.2, 0.52)),
        grip=("fist", "fist"),
    ),
    "sit": Pose(
        hips=0.275,
        lean=3,
        feet=((0.07, 0.0, 0.25), (0.07, 0.0, 0.21)),
        hands=((0.0, -0.74, 0.44), (0.0, -0.76, 0.42)),
    ),
    "kneel": Pose(
        hips=0.29,
        lean=4,
        feet=((0.06, 0.0, 0.2), (0.05, 0.02, -0.26)),
        knees=((0.1, 0.3, 1.0), (0.1, -1.0, 0.4)),
        hands=((0.02, -0.6, 0.4), (0.1, -0.9, 0.1)),
    ),
    "crouch": Pose(
        hips=0.17,
        lean=30,
        feet=((0.09, 0.0, 0.1), (0.085, 0.02, -0.02)),
        knees=((0.25, 0.5, 1.0), (0.25, 0.3, 1.0)),
        hands=((-0.02, -0.6, 0.55), (0.0, -0.62, 0.5)),
    ),
    "lie": Pose(
        tipped=-86, feet=((0.05, 0.0, 0.0), (0.06, 0.05, 0.1)), hands=((0.22, -0.88, 0.1), (-0.1, -0.55, 0.3)), lean=0
    ),
    "jump": Pose(
        hips=0.5,
        lifted=0.16,
        lean=6,
        feet=((0.07, 0.16, 0.14), (0.07, 0.1, -0.22)),
        hands=((0.6, 0.6, 0.1), (0.65, 0.5, -0.05)),
        grip=("open", "open"),
    ),
    "fall": Pose(
        hips=0.48,
        lifted=0.1,
        tipped=-38,
        lean=8,
        feet=((0.1, 0.12, 0.3), (0.08, 0.03, 0.12)),
        hands=((0.75, 0.3, 0.3), (0.7, 0.45, -0.1)),
        grip=("open", "open"),
    ),
    "climb": Pose(
        hips=0.5,
        lean=12,
        feet=((0.07, 0.2, 0.16), (0.06, 0.0, -0.04)),
        hands=((0.05, 0.6, 0.6), (0.05, 0.25, 0.75)),
        grip=("fist", "fist"),
    ),
    "ascend": Pose(
        hips=0.52,
        lean=9,
        feet=((0.055, 0.11, 0.16), (0.05, 0.0, -0.06)),
        hands=((0.13, -0.9, -0.22), (0.12, -0.86, 0.34)),
    ),
    "dance": Pose(
        hips=0.51,
        sway=0.03,
        side=8,
        twist=18,
        feet=((0.12, 0.0, 0.05), (0.06, 0.06, -0.12)),
        hands=((0.55, 0.5, 0.2), (0.65, -0.1, 0.3)),
        grip=("open", "open"),
    ),
    "drive": Pose(
        hips=0.24,
        lean=-8,
        feet=((0.06, 0.0, 0.33), (0.06, 0.0, 0.3)),
        hands=((-0.12, -0.28, 0.72), (-0.12, -0.28, 0.72)),
        grip=("fist", "fist"),
    ),
    "ride": Pose(
        hips=0.54,
        lean=22,
        feet=((0.04, 0.16, 0.12), (0.04, 0.08, -0.02)),
        hands=((0.0, -0.5, 0.75), (0.0, -0.5, 0.75)),
        grip=("fist", "fist"),
    ),
}

_DOWN: Triple = (0.45, -0.7, -0.7)
_OUT: Triple = (1.0, -0.6, 0.0)


@dataclass(frozen=True)
class Arms:
    """What the arms do; None leaves an arm as the stance has it."""

    right: Triple | None
    left: Triple | None = None
    pole_right: Triple = _DOWN
    pole_left: Triple = _DOWN
    grip: tuple[str, str] = ("relaxed", "relaxed")
    nod: float = 0.0
    lean: float = 0.0


GESTURES: dict[str, Arms] = {
    "hug": Arms((-0.42, -0.12, 0.5), (-0.4, 0.06, 0.5), _OUT, _OUT, ("relaxed", "relaxed"), lean=8),
    "fight": Arms((-0.05, 0.1, 0.88), (-0.2, 0.02, 0.42), _OUT, _DOWN, ("fist", "fist"), lean=12),
    "handshake": Arms((-0.2, -0.38, 0.74), grip=("hold", "relaxed"), lean=5),
    "hold_hands": Arms((0.42, -0.86, 0.1)),
    "phone": Arms((-0.2, 0.34, 0.16), None, (1.0, -0.9, 0.3), grip=("hold", "relaxed")),
    "text": Arms((-0.3, -0.2, 0.5), (-0.34, -0.3, 0.46), grip=("hold", "hold"), nod=-20),
    "drink": Arms((-0.3, 0.16, 0.44), None, (0.9, -0.8, 0.1), grip=("hold", "relaxed"), nod=4),
    "eat": Arms((-0.28, 0.02, 0.46), (-0.05, -0.5, 0.6), (0.9, -0.8, 0.1), grip=("hold", "relaxed"), nod=-10, lean=6),
    "read": Arms((-0.22, -0.26, 0.56), (-0.22, -0.28, 0.54), grip=("hold", "hold"), nod=-20),
    "type": Arms((-0.08, -0.5, 0.66), (-0.08, -0.5, 0.66), nod=-8, lean=6),
    "write": Arms((-0.15, -0.5, 0.62), (0.0, -0.55, 0.56), grip=("hold", "relaxed"), nod=-22, lean=12),
    "cook": Arms((-0.05, -0.36, 0.62), (0.0, -0.42, 0.56), grip=("hold", "hold"), nod=-18, lean=5),
    "wave": Arms((0.38, 0.66, 0.22), None, (1.0, -0.6, -0.1), grip=("open", "relaxed")),
    "point": Arms((0.12, 0.06, 0.97), None, grip=("point", "relaxed")),
    "reach": Arms((0.02, -0.08, 0.94), None, grip=("open", "relaxed"), lean=8),
    "throw": Arms((0.45, 0.5, -0.4), (0.05, 0.1, 0.75), grip=("fist", "open"), lean=-6),
    "cheer": Arms((0.42, 0.86, 0.1), (0.45, 0.82, 0.05), _OUT, _OUT, ("fist", "fist")),
    "cover_face": Arms(
        (-0.3, 0.3, 0.34), (-0.3, 0.3, 0.34), (0.6, -1, 0.4), (0.6, -1, 0.4), ("open", "open"), nod=-24, lean=8
    ),
    "think": Arms(
        (-0.3, 0.1, 0.34), (-0.4, -0.42, 0.34), (0.4, -1, 0.3), (0.8, -0.6, -0.1), ("fist", "relaxed"), nod=-6
    ),
    "cross": Arms((-0.62, -0.42, 0.36), (-0.62, -0.36, 0.3), (0.9, -0.9, 0.1), (0.9, -0.9, 0.1)),
    "pray": Arms((-0.33, -0.16, 0.46), (-0.33, -0.16, 0.46), _OUT, _OUT, ("open", "open"), nod=-14),
    "hips": Arms((0.1, -0.74, 0.06), (0.1, -0.74, 0.06), (1.0, 0.0, -0.3), (1.0, 0.0, -0.3), ("fist", "fist")),
    "pockets": Arms((0.04, -0.82, 0.14), (0.04, -0.82, 0.14), (0.8, 0.0, -0.9), (0.8, 0.0, -0.9), ("fist", "fist")),
    "offer": Arms((-0.12, 0.06, 0.78), (-0.12, 0.06, 0.78), grip=("hold", "hold"), lean=6),
    "open": Arms((0.08, -0.36, 0.8), None, grip=("fist", "relaxed"), lean=4),
    "carry": Arms((-0.1, -0.42, 0.58), (-0.1, -0.42, 0.58), grip=("hold", "hold"), lean=-5),
    "hold": Arms((-0.22, -0.3, 0.5), None, grip=("hold", "relaxed"), nod=-12),
    "play": Arms((-0.05, -0.48, 0.62), (-0.05, -0.48, 0.62), nod=-16, lean=6),
    "umbrella": Arms((0.12, -0.12, 0.36), None, grip=("fist", "relaxed")),
    "talk": Arms((0.18, -0.42, 0.52), None, grip=("open", "relaxed")),
}
HEADS: dict[str, Triple] = {
    "level": (0, 0, 0),
    "up": (0, 32, 0),
    "down": (0, -32, 0),
    "back": (62, 0, 4),
    "side": (40, -4, 3),
    "to_camera": (0, 0, 0),
}
FEELINGS: dict[str, tuple[float, float]] = {  # nod, lean
    "sad": (-14, 4),
    "cry": (-16, 6),
    "angry": (-4, 6),
    "surprised": (5, -5),
    "afraid": (-2, -5),
    "laugh": (7, -2),
    "asleep": (-16, 0),
}


def pose_for(role: Role, rng: np.random.Generator) -> Pose:
    """The pose a role asks for, with a little life from chance. Right and left change sides by chance."""
    pose = STANCES.get(role.lower, STANCES["stand"])
    if role.lower == "stand":
        pose = _stand(rng)
    arms = GESTURES.get(role.arms)
    if arms is None and role.lower == "stand":
        arms = GESTURES.get(("", "", "pockets", "")[int(rng.integers(4))])
    if arms is not None and role.lower not in {"drive", "ride"}:
        pose = replace(
            pose,
            hands=(arms.right or pose.hands[0], arms.left or pose.hands[1]),
            poles=(arms.pole_right if arms.right else pose.poles[0], arms.pole_left if arms.left else pose.poles[1]),
            grip=(arms.grip[0], arms.grip[1] if arms.left else pose.grip[1]),
            lean=pose.lean + arms.lean,
            head=(pose.head[0], pose.head[1] + arms.nod, pose.head[2]),
        )
    turn, nod, tilt = HEADS[role.head]
    mood_nod, mood_lean = FEELINGS.get(role.expression, (0.0, 0.0))
    jitter = rng.normal(0, 1, 4)
    pose = replace(
        pose,
        lean=pose.lean + mood_lean,
        head=(turn + pose.head[0] + jitter[0] * 4, nod + pose.head[1] + mood_nod, tilt + pose.head[2] + jitter[1] * 3),
        hands=(_nudged(pose.hands[0], jitter[2] * 0.02), _nudged(pose.hands[1], jitter[3] * 0.02)),
    )
    return mirrored(pose) if rng.random() < 0.5 else pose


def _stand(rng: np.random.Generator) -> Pose:
    weight = float(rng.uniform(0.4, 1.0))
    return Pose(
        sway=0.018 * weight,
        side=-2.5 * weight,
        feet=((0.05, 0.0, -0.02), (0.085 + 0.02 * weight, 0.0, 0.05 * weight)),
        hands=((0.15, -0.95, 0.06), (0.13, -0.93, 0.1)),
        head=(0.0, 0.0, 2.5 * weight),
    )


def _nudged(hand: Triple, by: float) -> Triple:
    return hand[0] + by, hand[1] + by * 0.5, hand[2]


def mirrored(pose: Pose) -> Pose:
    return replace(
        pose,
        sway=-pose.sway,
        side=-pose.side,
        twist=-pose.twist,
        feet=pose.feet[::-1],
        hands=pose.hands[::-1],
        poles=pose.poles[::-1],
        knees=pose.knees[::-1],
        grip=pose.grip[::-1],
        head=(-pose.head[0], pose.head[1], -pose.head[2]),
    )
