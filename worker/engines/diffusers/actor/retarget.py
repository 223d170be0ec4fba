"""The actor's movements with the proportions, the size and the place of the character in the picture.

Each bone keeps the direction it has in the footage and gets the length it has in the picture, as far as both are known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from worker.engines.diffusers.actor.figure import JOINT, LEFT_HAND, RIGHT_HAND, Floats, joints, present, sure

_LONGEST = 90  # percentile over the frames: bones only look shorter than they are, never longer
_ODD = 1.5  # times the whole figure's scale: beyond it a bone is foreshortened in the picture rather than long
_LEAST = 3  # pixels: shorter bones measure nothing


@dataclass(frozen=True)
class _Bones:
    """Bones of one length, left and right: each from a joint that is placed before to the next one."""

    pairs: tuple[tuple[int, int], ...]
    measures: bool = True  # is seen in about its length by most cameras


def _both(start: str, end: str, measures: bool = True) -> _Bones:
    sides = ("left", "right")
    return _Bones(tuple((_side(side, start), _side(side, end)) for side in sides), measures)


def _side(side: str, name: str) -> int:
    return JOINT[name] if name in JOINT else JOINT[f"{side}_{name}"]


_BONES = (  # from the neck outwards
    _both("neck", "shoulder"),
    _both("shoulder", "elbow"),
    _both("elbow", "wrist"),
    _both("neck", "hip"),
    _both("hip", "knee"),
    _both("knee", "ankle"),
    _both("ankle", "toes", False),
    _Bones(((JOINT["neck"], JOINT["nose"]),)),
    _both("nose", "eye", False),
    _both("eye", "ear", False),
)
_NECK = JOINT["neck"]
_ANKLES = joints("left_ankle", "right_ankle")
_HANDS = ((LEFT_HAND, JOINT["left_wrist"]), (RIGHT_HAND, JOINT["right_wrist"]))


@dataclass(frozen=True)
class Fit:
    figures: Floats
    scale: float  # of the whole figure, from the footage to the picture
    anchor: str  # what stands where the character's does


def fit_to(character: Floats, figures: Floats) -> Fit | None:
    """The actor's figures (`frames×points×3`) as the character's, whose figure in the picture is `points×3`.

    In the first frame in which the actor is seen, their feet, or else their neck, stand where the character's do; from
    there they go as far as their size says. None where the two have no bones in common to measure by.
    """
    frames = np.flatnonzero(present(figures))
    if not len(frames):
        return None
    ratios = [_ratio(bones, character, figures[frames]) for bones in _BONES]
    known = [ratio for bones, ratio in zip(_BONES, ratios, strict=True) if bones.measures and ratio is not None]
    if not known:
        return None
    scale = float(np.median(known))
    lengths = [scale if ratio is None else float(np.clip(ratio, scale / _ODD, scale * _ODD)) for ratio in ratios]
    moved = figures.copy()
    moved[..., :2] *= scale
    for bones, ratio in zip(_BONES, lengths, strict=True):
        for start, end in bones.pairs:
            moved[:, end, :2] = moved[:, start, :2] + (figures[:, end, :2] - figures[:, start, :2]) * ratio
    for hand, wrist in _HANDS:
        moved[:, hand, :2] = moved[:, wrist, None, :2] + (figures[:, hand, :2] - figures[:, wrist, None, :2]) * scale
    return _anchored(character, moved, frames, scale)


def _ratio(bones: _Bones, character: Floats, figures: Floats) -> float | None:
    """How much longer they are in the picture than in the footage; None where one of them does not tell."""
    here = _longest(bones, character[None])
    there = _longest(bones, figures)
    return here / there if here and there else None


def _longest(bones: _Bones, figures: Floats) -> float:
    """In pixels, of the side that shows it longer; 0 where it is not seen."""
    lengths = []
    for start, end in bones.pairs:
        seen = figures[sure(figures[:, start]) & sure(figures[:, end])]
        if len(seen):
            spans = np.hypot(*(seen[:, end, :2] - seen[:, start, :2]).T)
            lengths.append(float(np.percentile(spans, _LONGEST)))
    longest = max(lengths, default=0.0)
    return longest if longest >= _LEAST else 0.0


def _anchored(character: Floats, moved: Floats, frames: npt.NDArray[np.intp], scale: float) -> Fit | None:
    """Moved by the same in all frames."""
    for name, points in (("feet", _ANKLES), ("neck", (_NECK,))):
        both = sure(moved[frames][:, points]).all(axis=1)
        if sure(character[list(points)]).all() and both.any():
            first = moved[frames[int(np.argmax(both))], list(points), :2].mean(axis=0)
            moved[..., :2] += character[list(points), :2].mean(axis=0) - first
            return Fit(moved, scale, name)
    return None
