"""Printed matter for drawn products: labels and the faces of boxes."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.photos.things import Field, Rng
from worker import fonts

WORDS = ("참기름", "멸치", "오미자", "매실청", "고추장", "햇김", "쌀과자", "유자차", "들기름", "한라봉", "벌꿀", "황태")
SCHEMES = (  # ground, mark, ink
    ("#f3ead6", "#9c2f25", "#2c2018"),
    ("#1f3a2e", "#d9b25c", "#f2ead8"),
    ("#fdfdfb", "#2a5ca8", "#1b2a44"),
    ("#b5281f", "#f4d35e", "#fff6e5"),
    ("#e9a23b", "#6b3410", "#3b1d08"),
    ("#26324f", "#e98b5a", "#f5efe6"),
    ("#dfe8d8", "#4d7a46", "#24361f"),
)


def printed(
    rng: Rng, width: int, height: int, scheme: tuple[str, str, str] | None = None, word: str | None = None
) -> Field:
    """A label as linear light, height×width×3: bands, a mark, a name and small print."""
    ground, mark, ink = scheme or SCHEMES[rng.integers(len(SCHEMES))]
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    word = word or WORDS[rng.integers(len(WORDS))]
    band = round(height * rng.uniform(0.05, 0.11))
    pen.rectangle((0, 0, width, band), mark)
    pen.rectangle((0, height - band, width, height), mark)
    pen.line((0, band * 1.5, width, band * 1.5), mark, max(1, height // 120))
    middle = width / 2
    if rng.random() < 0.5:
        radius = min(width, height) * 0.15
        pen.ellipse((middle - radius, height * 0.3 - radius, middle + radius, height * 0.3 + radius), mark)
        pen.ellipse(
            (middle - radius * 0.7, height * 0.3 - radius * 0.7, middle + radius * 0.7, height * 0.3 + radius * 0.7),
            outline=ground,
            width=max(1, round(radius * 0.08)),
        )
    else:
        pen.polygon(
            [(middle, height * 0.17), (middle + width * 0.16, height * 0.42), (middle - width * 0.16, height * 0.42)],
            mark,
        )
    size = max(8, round(min(width / (len(word) + 0.6), height * 0.21)))
    pen.text((middle, height * 0.6), word, ink, ImageFont.truetype(str(fonts.BOLD), size), anchor="mm")
    small = ImageFont.truetype(str(fonts.REGULAR), max(6, min(size // 4, round(width / 12))))
    pen.text((middle, height * 0.78), "국내산 100% · 500 g", ink, small, anchor="mm")
    levels = np.asarray(image, np.float32) / 255
    return np.asarray(cv2.GaussianBlur(levels**2.2, (0, 0), 0.6), np.float32)


def wrapped(label: Field, across: Field, down: Field) -> tuple[Field, Field]:
    """The label where `across` and `down` (H×W) are 0 to 1, and its share of each pixel."""
    height, width = label.shape[:2]
    x, y = np.float32(across * (width - 1)), np.float32(down * (height - 1))
    colours = cv2.remap(label, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = np.clip(np.minimum.reduce([x + 0.5, width - 0.5 - x, y + 0.5, height - 0.5 - y]), 0, 1)
    return np.asarray(colours, np.float32), np.asarray(inside, np.float32)
