"""Colours chosen for a product: its own palette, and accents that suit it.

Colours are chosen in OKLCH (https://bottosson.github.io/posts/oklab/): lightness 0 to 1, chroma 0 to about 0.3, hue in
degrees. What a scene paints with is linear light, three float32.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.float32]  # 3, linear light
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)
GREY_CHROMA = 0.035  # below it a colour has no hue worth answering to


def linear_of(srgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """sRGB 0 to 1 as linear light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lch(lightness: float, chroma: float, hue: float) -> Colour:
    """Linear light of an OKLCH colour; what sRGB cannot show loses chroma, not hue."""
    for share in (1.0, 0.85, 0.7, 0.55, 0.4, 0.2, 0.0):
        angle = np.radians(hue)
        lab = np.array([lightness, share * chroma * np.cos(angle), share * chroma * np.sin(angle)])
        light = _FROM_LMS @ (_FROM_LAB @ lab) ** 3
        if light.min() >= -0.002 and light.max() <= 1.02:
            break
    return np.asarray(np.clip(light, 0, 1), np.float32)


def rgb(red: int, green: int, blue: int) -> Colour:
    """Linear light of an sRGB colour of 0 to 255."""
    return np.asarray(linear_of(np.array([red, green, blue]) / 255), np.float32)


def bytes_of(colour: Colour) -> tuple[int, int, int]:
    """sRGB 0 to 255 of a linear colour, its brightest part at full."""
    light = np.clip(colour / max(float(colour.max()), 1e-6), 0, 1)
    red, green, blue = (round(255 * float(part)) for part in light ** (1 / 2.2))
    return red, green, blue


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    return np.asarray(first * (1 - share) + second * share, np.float32)


def mixed_hue(hue: float, towards: float) -> float:
    """Half way to another hue, the short way round."""
    return (hue + ((towards - hue + 180) % 360 - 180) / 2) % 360


@dataclass(frozen=True)
class Palette:
    """A product as its background sees it: how light it is, and the hue that speaks for it."""

    lightness: float  # OKLab, 0 to 1
    hue: float
    chroma: float
    wanted_hue: float | None = None  # named in words
    wanted_tone: str = ""  # "dark" or "light", named in words

    @property
    def wants_light(self) -> bool:
        """Whether a light ground sets the product off; words in the prompt decide before it does."""
        return self.wanted_tone == "light" if self.wanted_tone else self.lightness < 0.6

    @property
    def is_grey(self) -> bool:
        return self.chroma < GREY_CHROMA

    def accent(self, shift: float, *, grey_hue: float) -> float:
        """A hue `shift` degrees from the product's (180 its complement); `grey_hue` where the product has none."""
        if self.wanted_hue is not None:
            return self.wanted_hue
        return grey_hue if self.is_grey else (self.hue + shift) % 360


def palette_of(layer: npt.NDArray[np.uint8] | None, *, hue: float | None = None, tone: str = "") -> Palette:
    """The palette of a cut-out (H×W×4). Without a product, a middle grey. The hue is that of its most coloured half."""
    if layer is None:
        return Palette(0.6, 0.0, 0.0, hue, tone)
    small = cv2.resize(layer, (64, 64), interpolation=cv2.INTER_AREA).reshape(-1, 4).astype(np.float64) / 255
    solid = small[small[:, 3] > 0.8, :3]
    if len(solid) < 8:
        return Palette(0.6, 0.0, 0.0, hue, tone)
    lab = np.cbrt(linear_of(solid) @ _TO_LMS.T) @ _TO_LAB.T
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    strong = lab[chroma >= np.quantile(chroma, 0.5)]
    a, b = strong[:, 1].mean(), strong[:, 2].mean()
    return Palette(float(lab[:, 0].mean()), float(np.degrees(np.arctan2(b, a)) % 360), float(np.hypot(a, b)), hue, tone)
