"""What is measured of a picture, and the words for it. The same picture gives the same words, on every box."""

import cv2
import numpy as np

from cinefarm.analysis import Colour, Description, Facts
from worker.engines.analysis.colours import Lab, name_of, to_hex, to_lab
from worker.engines.media.picture import Pixels, resize

SIDE = 96  # pixels of the longer side for colours
SHARPNESS_SIDE = 512
CLUSTERS = 6
LEAST_SHARE = 0.02  # a colour below it is not named
SQUARE = 1.05  # longer side to shorter
WIDE = 2.1

Words = tuple[str, str]  # English, Korean

# limits of what is measured, and the words up to each: between “dark” and “bright” nothing is said
BRIGHTNESS: tuple[tuple[float, Words | None], ...] = ((0.3, ("dark", "어두운")), (0.72, None), (9, ("bright", "밝은")))
CONTRAST: tuple[tuple[float, Words | None], ...] = (
    (0.1, ("low contrast", "낮은 대비")),
    (0.27, None),
    (9, ("high contrast", "높은 대비")),
)
COLOURFULNESS: tuple[tuple[float, Words | None], ...] = (
    (0.03, ("monochrome", "무채색")),
    (0.12, ("muted", "차분한 색감")),
    (0.3, None),
    (9, ("vivid", "선명한 색감")),
)
SHARPNESS: tuple[tuple[float, Words | None], ...] = (
    (0.4, ("soft", "흐릿함")),
    (6, None),
    (1e9, ("detailed", "세밀함")),
)


def measured(pixels: Pixels) -> Facts:
    """Of an `H×W×3 uint8 sRGB` picture."""
    height, width = pixels.shape[:2]
    lab = to_lab(_within(pixels, SIDE)).reshape(-1, 3)
    lightness = lab[:, 0] / 100
    return Facts(
        width=width,
        height=height,
        palette=_palette(lab),
        brightness=round(float(lightness.mean()), 4),
        contrast=round(float(lightness.std()), 4),
        colourfulness=round(float(np.hypot(lab[:, 1], lab[:, 2]).mean()) / 100, 4),
        sharpness=round(_sharpness(pixels), 3),
    )


def described(facts: Facts, language: str, max_tags: int) -> Description:
    """In the languages asked for (`en`, `ko` or `both`); of what it shows nothing is said."""
    languages = [(0, "en"), (1, "ko")]
    wanted = [(turn, name) for turn, name in languages if language in (name, "both")]
    return Description(
        caption={name: _caption(facts, turn) for turn, name in wanted},
        tags={name: _tags(facts, turn)[:max_tags] for turn, name in wanted},
    )


def _caption(facts: Facts, turn: int) -> str:
    size = f"{facts.width} × {facts.height}"
    colours = ", ".join(dict.fromkeys((colour.en, colour.ko)[turn] for colour in facts.palette[:3]))
    traits = ", ".join(words[turn] for words in _traits(facts))
    if turn:
        return f"{_shape(facts)[1]} 그림({size}). 주된 색: {colours}.{f' {traits}.' if traits else ''}"
    return f"A {_shape(facts)[0]} picture ({size}), mainly {colours}{f'; {traits}' if traits else ''}."


def _tags(facts: Facts, turn: int) -> tuple[str, ...]:
    """Colours first: they tell assets apart best."""
    colours = [(colour.en, colour.ko) for colour in facts.palette if colour.share >= 2 * LEAST_SHARE]
    return tuple(dict.fromkeys(words[turn] for words in [*colours, *_traits(facts), _shape(facts)]))


def _traits(facts: Facts) -> list[Words]:
    scales = (
        (facts.brightness, BRIGHTNESS),
        (facts.contrast, CONTRAST),
        (facts.colourfulness, COLOURFULNESS),
        (facts.sharpness, SHARPNESS),
    )
    found = [next(words for limit, words in scale if value < limit) for value, scale in scales]
    return [words for words in found if words]


def _shape(facts: Facts) -> Words:
    ratio = facts.width / facts.height
    if max(ratio, 1 / ratio) < SQUARE:
        return "square", "정사각형"
    if ratio > 1:
        return ("panoramic", "파노라마") if ratio > WIDE else ("landscape-format", "가로형")
    return ("tall", "세로로 긴") if ratio < 1 / WIDE else ("portrait-format", "세로형")


def _palette(lab: Lab) -> tuple[Colour, ...]:
    """The main colours (N×3) by k-means, those of one name taken together."""
    if len(lab) == 1:
        lab = lab.repeat(2, axis=0)  # OpenCV takes a single row for three numbers
    clusters = min(CLUSTERS, len(np.unique(lab, axis=0)))
    cv2.setRNGSeed(1)  # the seeding of k-means draws from OpenCV's own generator
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.5)
    _, labels, centres = cv2.kmeans(lab, clusters, np.empty(0, np.int32), criteria, 3, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=clusters) / len(lab)
    found: dict[Words, tuple[str, float]] = {}
    for place in np.argsort(-shares, kind="stable"):
        words = name_of(centres[place])
        code, share = found.get(words, (to_hex(centres[place]), 0.0))
        found[words] = (code, share + float(shares[place]))
    colours = [Colour(hex=code, en=en, ko=ko, share=round(share, 4)) for (en, ko), (code, share) in found.items()]
    named = [colour for colour in colours if colour.share >= LEAST_SHARE]
    return tuple(sorted(named, key=lambda colour: -colour.share))


def _sharpness(pixels: Pixels) -> float:
    grey = cv2.cvtColor(_within(pixels, SHARPNESS_SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) * 1000


def _within(pixels: Pixels, side: int) -> Pixels:
    """Scaled so that its longer side is no more than `side` pixels."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(width, height))
    return resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
