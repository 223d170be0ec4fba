"""The points of a body, its hands and its face, in the order in which WAN-Animate's skeleton is drawn.

A figure is a `POINTS×3` array of floats: x and y in pixels, and how sure the point is, from 0 to 1. Key points come in
COCO's order: 17 of the body, or 133 of the whole body (body, feet, face, left hand, right hand).
The joints and their order: Wan-Video/Wan2.2, wan/modules/animate/preprocess (OpenPose's 18 and the toes of each foot).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

COCO, WHOLE_BODY = 17, 133  # key points that a model may find
SURE = 0.5  # what is less sure is not drawn, as in WAN's own preparation
LEAST_JOINTS = 5  # of the body: fewer are nobody

# Joint → the key points in the middle of which it is. Those from 17 on are of the whole body only.
_JOINTS: dict[str, tuple[int, ...]] = {
    "nose": (0,),
    "neck": (5, 6),
    "right_shoulder": (6,),
    "right_elbow": (8,),
    "right_wrist": (10,),
    "left_shoulder": (5,),
    "left_elbow": (7,),
    "left_wrist": (9,),
    "right_hip": (12,),
    "right_knee": (14,),
    "right_ankle": (16,),
    "left_hip": (11,),
    "left_knee": (13,),
    "left_ankle": (15,),
    "right_eye": (2,),
    "left_eye": (1,),
    "right_ear": (4,),
    "left_ear": (3,),
    "left_toes": (17, 18),
    "right_toes": (20, 21),
}
JOINT = {name: number for number, name in enumerate(_JOINTS)}
BODY = slice(0, len(_JOINTS))
LEFT_HAND = slice(BODY.stop, BODY.stop + 21)
RIGHT_HAND = slice(LEFT_HAND.stop, LEFT_HAND.stop + 21)
FACE = slice(RIGHT_HAND.stop, RIGHT_HAND.stop + 68)
POINTS = FACE.stop
HEAD = tuple(JOINT[name] for name in ("nose", "right_eye", "left_eye", "right_ear", "left_ear"))
_FACE_POINTS, _LEFT_HAND_POINTS, _RIGHT_HAND_POINTS = slice(23, 91), slice(91, 112), slice(112, 133)


def joints(*names: str) -> tuple[int, ...]:
    return tuple(JOINT[name] for name in names)


def figure_of(key_points: Floats) -> Floats:
    """Of 17 or 133 key points (`n×3`). What 17 do not tell, hands, toes and the face's outline, is not sure at all."""
    figure = np.zeros((POINTS, 3), np.float32)
    for number, sources in enumerate(_JOINTS.values()):
        if max(sources) < len(key_points):
            figure[number] = key_points[list(sources)].mean(axis=0)
    if len(key_points) == WHOLE_BODY:
        figure[FACE] = key_points[_FACE_POINTS]
        figure[LEFT_HAND] = key_points[_LEFT_HAND_POINTS]
        figure[RIGHT_HAND] = key_points[_RIGHT_HAND_POINTS]
    return figure


def sure(figures: Floats) -> npt.NDArray[np.bool_]:
    """Which points (`…×POINTS`) may be drawn."""
    return np.asarray(figures[..., 2] >= SURE)


def present(figures: Floats) -> npt.NDArray[np.bool_]:
    """In which frames (of `frames×POINTS×3`) somebody is."""
    return np.asarray(sure(figures[..., BODY, :]).sum(axis=-1) >= LEAST_JOINTS)


def placed(figures: Floats, scale: float, left: float, top: float) -> Floats:
    """Scaled, then moved."""
    moved = figures.copy()
    moved[..., :2] = figures[..., :2] * np.float32(scale) + np.array([left, top], np.float32)
    return moved


def spans(frames: Iterable[int], *, most: int = 5) -> str:
    """Numbers from 0 on, as a person counts: “1–3, 8 and 10–12”."""
    runs: list[list[int]] = []
    for number in sorted(frames):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [f"{first + 1}" if first == last else f"{first + 1}–{last + 1}" for first, last in runs]
    if len(words) > most:
        words[most - 1 :] = [f"{len(words) - most + 1} more spans"]
    return _listed(words)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(", ".join(words).rsplit(", ", 1))
