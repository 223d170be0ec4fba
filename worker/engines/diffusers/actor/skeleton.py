"""A figure drawn as WAN-Animate learnt it: limbs as thin ellipses in darkened colours, joints as dots, on black.

Limbs, colours and widths: Wan-Video/Wan2.2, wan/modules/animate/preprocess (its “v2” widths).
"""

import colorsys
import math

import cv2
import numpy as np

from worker.engines.diffusers.actor.figure import BODY, JOINT, LEFT_HAND, RIGHT_HAND, Floats, sure
from worker.engines.media.picture import Pixels

Colour = tuple[int, int, int]

_LIMBS = (  # drawn in this order: what comes later lies on top
    ("neck", "right_shoulder"),
    ("neck", "left_shoulder"),
    ("right_shoulder", "right_elbow"),
    ("right_elbow", "right_wrist"),
    ("left_shoulder", "left_elbow"),
    ("left_elbow", "left_wrist"),
    ("neck", "right_hip"),
    ("right_hip", "right_knee"),
    ("right_knee", "right_ankle"),
    ("neck", "left_hip"),
    ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"),
    ("neck", "nose"),
    ("nose", "right_eye"),
    ("right_eye", "right_ear"),
    ("nose", "left_eye"),
    ("left_eye", "left_ear"),
    ("left_ankle", "left_toes"),
    ("right_ankle", "right_toes"),
)
LIMBS = tuple((JOINT[a], JOINT[b]) for a, b in _LIMBS)
DARKER = 0.6  # limbs beside joints
_FINGERS = 5
_HAND_DOT: Colour = (0, 0, 255)


def wheel(steps: int) -> tuple[Colour, ...]:
    """Full colours at even steps around the colour wheel, from red on."""
    hues = (colorsys.hsv_to_rgb(step / steps, 1.0, 1.0) for step in range(steps))
    return tuple((round(r * 255), round(g * 255), round(b * 255)) for r, g, b in hues)


COLOURS: tuple[Colour, ...] = (*wheel(18), (200, 200, 0), (100, 100, 0))  # of joints, and by order of limbs
# each finger is a chain from the wrist, which is point 0
HAND_BONES = tuple(
    (0 if bone == 0 else 4 * finger + bone, 4 * finger + bone + 1) for finger in range(_FINGERS) for bone in range(4)
)
_HAND_COLOURS = wheel(len(HAND_BONES))


def stick_width(size: tuple[int, int]) -> int:
    """Half the width of limbs and the radius of joints in pixels, for a picture of that width and height."""
    return max(min(size) // 200 - 1, 1)


def draw_skeleton(figure: Floats, size: tuple[int, int]) -> Pixels:
    """`H×W×3 uint8`, of the points that are sure."""
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    stick = stick_width(size)
    body, drawn = figure[BODY], sure(figure[BODY])
    for (a, b), colour in zip(LIMBS, COLOURS, strict=False):
        if drawn[a] and drawn[b]:
            _limb(canvas, body[a], body[b], stick, colour)
    for point, colour, is_drawn in zip(body, COLOURS, drawn, strict=True):
        if is_drawn:
            cv2.circle(canvas, _pixel(point), stick, colour, -1)
    for hand in (LEFT_HAND, RIGHT_HAND):
        _hand(canvas, figure[hand], max(stick // 2, 1))
    return canvas


def _limb(canvas: Pixels, a: Floats, b: Floats, stick: int, colour: Colour) -> None:
    across, down = float(b[0] - a[0]), float(b[1] - a[1])
    middle = (float(a[0] + b[0]) / 2, float(a[1] + b[1]) / 2)
    axes = (max(math.hypot(across, down), 1.0), 2.0 * stick)
    dark = tuple(int(part * DARKER) for part in colour)
    cv2.ellipse(canvas, (middle, axes, math.degrees(math.atan2(down, across))), dark, -1)


def _hand(canvas: Pixels, hand: Floats, stick: int) -> None:
    drawn = sure(hand)
    for (a, b), colour in zip(HAND_BONES, _HAND_COLOURS, strict=True):
        if drawn[a] and drawn[b]:
            cv2.line(canvas, _pixel(hand[a]), _pixel(hand[b]), colour, stick)
    for point in hand[drawn]:
        cv2.circle(canvas, _pixel(point), stick, _HAND_DOT, -1)


def _pixel(point: Floats) -> tuple[int, int]:
    return int(point[0]), int(point[1])
