"""The actor's face in each frame: a square, steady, with some air around it."""

import cv2
import numpy as np

from worker.engines.diffusers.actor.figure import FACE, HEAD, JOINT, Floats, sure
from worker.engines.media.picture import Pixels

# WAN's own preparation shows the face's outline, brows to chin, and so little more; most of it above the brows.
AIR, UP = 1.14, 0.035
HEAD_AIR = 1.25  # where the outline is only guessed
# From ear to ear a face is about 14 cm, and 14 cm from brows to chin; pupils are 6 cm apart; in profile it is 12 cm
# from nose to ear.
_BY_EARS, _BY_EYES, _BY_PROFILE = 1.0, 2.3, 1.15
_LEAST_OUTLINE = 34  # of 68 points
_SPREAD_CENTRE, _SPREAD_SIDE = 1.5, 5.0  # frames: a square that changes its size trembles more than one that moves

Square = tuple[float, float, float]  # its middle and its side, in pixels


def face_squares(figures: Floats) -> Floats:
    """`frames×3`: middle and side of the square in each frame; between frames without a face they go straight on.

    All NaN where no frame has one.
    """
    found = np.array([_square(figure) or (np.nan,) * 3 for figure in figures], np.float32).reshape(-1, 3)
    known = np.flatnonzero(~np.isnan(found[:, 0]))
    if not len(known):
        return found
    frames = np.arange(len(found))
    whole = np.stack([np.interp(frames, known, found[known, column]) for column in range(3)], axis=1)
    spreads = (_SPREAD_CENTRE, _SPREAD_CENTRE, _SPREAD_SIDE)
    return np.stack([_bell(whole[:, column], spread) for column, spread in enumerate(spreads)], axis=1).astype(
        np.float32
    )


def crop_face(pixels: Pixels, square: Floats, side: int) -> Pixels:
    """`side×side×3`: what the square shows, moved into the picture where it stands out of it."""
    height, width = pixels.shape[:2]
    length = int(np.clip(round(float(square[2])), 2, min(width, height)))
    left = int(np.clip(round(float(square[0]) - length / 2), 0, width - length))
    top = int(np.clip(round(float(square[1]) - length / 2), 0, height - length))
    seen = pixels[top : top + length, left : left + length]
    smaller = length > side
    return np.asarray(cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC))


def _square(figure: Floats) -> Square | None:
    outline = figure[FACE][sure(figure[FACE])]
    if len(outline) >= _LEAST_OUTLINE:
        (left, top), (right, bottom) = outline[:, :2].min(axis=0), outline[:, :2].max(axis=0)
        down = float(top + bottom) / 2 - UP * float(bottom - top)
        return float(left + right) / 2, down, AIR * float(max(right - left, bottom - top))
    return _square_by_head(figure)


def _square_by_head(figure: Floats) -> Square | None:
    """By nose, eyes and ears, of which two at least must be sure."""
    known = {point: figure[point, :2] for point in HEAD if sure(figure[point])}
    lengths = [
        times * float(np.hypot(*(known[JOINT[a]] - known[JOINT[b]])))
        for a, b, times in (
            ("right_ear", "left_ear", _BY_EARS),
            ("right_eye", "left_eye", _BY_EYES),
            ("nose", "right_ear", _BY_PROFILE),
            ("nose", "left_ear", _BY_PROFILE),
        )
        if JOINT[a] in known and JOINT[b] in known
    ]
    if not lengths or max(lengths) <= 0:
        return None
    places = np.array(list(known.values()))
    across = float(places[:, 0].min() + places[:, 0].max()) / 2
    down = float(known[JOINT["nose"]][1]) if JOINT["nose"] in known else float(places[:, 1].mean())
    return across, down, HEAD_AIR * max(lengths)


def _bell(values: Floats, spread: float) -> Floats:
    """Averaged over a bell of that width in frames; at the ends the last value goes on."""
    reach = int(3 * spread)
    bell = np.exp(-((np.arange(-reach, reach + 1) / spread) ** 2) / 2)
    return np.asarray(np.convolve(np.pad(values, reach, mode="edge"), bell / bell.sum(), mode="valid"))
