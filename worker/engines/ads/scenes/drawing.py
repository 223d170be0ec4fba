"""Drawing in linear light: noise, defocus, glow, and how a finished sheet becomes a photograph.

A sheet is H×W×3 float32 linear light, 1.0 a white card in full light; lamps are brighter. Positions are shares of the
canvas, sizes shares of its longer side where nothing else is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from worker.engines.ads.scenes.colours import Colour, Palette
from worker.engines.ads.scenes.scene import Light, Surface

Sheet = npt.NDArray[np.float32]
Grey = npt.NDArray[np.float32]
_FAR = 640  # longer side, pixels, at which what is out of focus is drawn
_TONES = 4096


@dataclass(frozen=True)
class Setting:
    """What a scene is drawn for."""

    width: int
    height: int
    rng: np.random.Generator
    palette: Palette
    time: str = ""  # "morning", "sunset", "night" or empty

    @property
    def side(self) -> int:
        return max(self.width, self.height)

    def far(self) -> tuple[int, int]:
        """Height and width of the sheet for what is out of focus."""
        share = min(1.0, _FAR / self.side)
        return max(8, round(self.height * share)), max(8, round(self.width * share))

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))


@dataclass(frozen=True)
class Painted:
    sheet: Sheet
    surface: Surface
    light: Light = field(default_factory=Light)
    reflective: float = 0.0
    grain: float = 1.0
    vignette: float = 0.25


def flat(height: int, width: int, colour: Colour) -> Sheet:
    return np.full((height, width, 3), colour, np.float32)


def ramp(height: int, width: int, stops: Iterable[tuple[float, Colour]]) -> Sheet:
    """From top to bottom through colours at given heights."""
    at, colours = zip(*stops, strict=True)
    rows = np.linspace(0, 1, height)
    column = np.stack([np.interp(rows, at, [c[n] for c in colours]) for n in range(3)], axis=1)
    return np.repeat(column[:, None, :], width, axis=1).astype(np.float32)


def grid(height: int, width: int) -> tuple[Grey, Grey]:
    """x (1×W) and y (H×1) as shares."""
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    return x, np.linspace(0, 1, height, dtype=np.float32)[:, None]


def pool(height: int, width: int, *, x: float, y: float, across: float, down: float) -> Grey:
    """A soft spot of light, 1 in its middle; `across` and `down` are its deviations in shares."""
    columns, rows = grid(height, width)
    spot = np.exp(-0.5 * ((rows - y) / down) ** 2) * np.exp(-0.5 * ((columns - x) / across) ** 2)
    return np.asarray(spot, np.float32)


def fractal(
    rng: np.random.Generator, height: int, width: int, *, slope: float = 1.5, stretch: tuple[float, float] = (1, 1)
) -> Grey:
    """Noise that tiles, mean 0 and deviation 1, its amplitude falling as 1/frequency^slope.

    `stretch` draws it out across and down: (1, 20) makes fibres that run down.
    """
    white = rng.standard_normal((height, width), dtype=np.float32)
    spectrum = cv2.dft(white) * _fall(height, width, slope, stretch)
    noise = np.asarray(cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_REAL_OUTPUT), np.float32)
    noise *= np.float32(1 / max(float(noise.std()), 1e-6))
    return noise


@lru_cache(maxsize=16)
def _fall(height: int, width: int, slope: float, stretch: tuple[float, float]) -> Grey:
    """1/frequency^slope, 0 for the mean, at the places at which OpenCV packs the spectrum of a real field: real and
    imaginary parts side by side, in the first column (and in the last of an even width) one below the other."""
    down = np.abs(np.fft.fftfreq(height) * height).astype(np.float32) * np.float32(stretch[1])
    across = np.arange(width // 2 + 1, dtype=np.float32) * np.float32(stretch[0])
    frequency = np.hypot(down[:, None], across[(np.arange(width) + 1) // 2])
    below = down[(np.arange(height) + 1) // 2]
    frequency[:, 0] = below
    if width % 2 == 0:
        frequency[:, -1] = np.hypot(below, across[-1])
    frequency[0, 0] = np.inf
    fall = np.asarray(frequency**-slope, np.float32)
    fall.flags.writeable = False
    return fall


def soft(sheet: Sheet, sigma: float, sigma_down: float | None = None) -> Sheet:
    """Gaussian blur by pixels across and down; wide ones are made small first."""
    down = sigma if sigma_down is None else sigma_down
    if max(sigma, down) < 0.3:
        return sheet
    height, width = sheet.shape[:2]
    by_x, by_y = max(1, int(sigma / 3)), max(1, int(down / 3))
    if by_x * by_y == 1:
        return np.asarray(cv2.GaussianBlur(sheet, (0, 0), sigmaX=max(sigma, 0.1), sigmaY=max(down, 0.1)), np.float32)
    small = cv2.resize(sheet, (max(2, width // by_x), max(2, height // by_y)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigmaX=max(sigma / by_x, 0.1), sigmaY=max(down / by_y, 0.1))
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32).clip(0)


def defocus(sheet: Sheet, radius: float) -> Sheet:
    """What a round lens opening makes of a point: a disc of `radius` pixels."""
    reach = int(np.ceil(radius))
    if reach < 1:
        return sheet
    across = np.arange(-reach, reach + 1, dtype=np.float32)
    disc = np.clip(radius + 0.5 - np.hypot(across[:, None], across[None, :]), 0, 1)
    return np.asarray(cv2.filter2D(sheet, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101), np.float32).clip(0)


def bloom(sheet: Sheet, sigma: float, share: float, over: float = 0.9) -> Sheet:
    """Light spilling from whatever is brighter than `over`."""
    bright = np.maximum(sheet - np.float32(over), 0)
    return np.asarray(
        sheet + np.float32(share) * soft(bright, sigma) + np.float32(share / 2) * soft(bright, sigma * 3), np.float32
    )


def enlarged(sheet: Sheet, setting: Setting) -> Sheet:
    """A far sheet at the canvas's size."""
    if sheet.shape[:2] == (setting.height, setting.width):
        return sheet
    size = (setting.width, setting.height)
    return np.asarray(cv2.resize(sheet, size, interpolation=cv2.INTER_LINEAR), np.float32)


def points(setting_size: tuple[int, int], shares: Iterable[tuple[float, float]]) -> npt.NDArray[np.int32]:
    """Corners (x, y in shares) for `cv2.fillPoly` on a sheet of (height, width)."""
    height, width = setting_size
    return np.round(np.array([[x * width, y * height] for x, y in shares])).astype(np.int32)


def fill(sheet: Sheet, shares: Iterable[tuple[float, float]], colour: Colour) -> None:
    """Fill a polygon, in place; no smooth edge, since what is drawn so is blurred after."""
    size = (sheet.shape[0], sheet.shape[1])
    cv2.fillPoly(sheet, [points(size, shares)], tuple(float(part) for part in colour))


def discs(
    sheet: Sheet, spots: Iterable[tuple[float, float, float, Colour]], *, rim: float = 0.35, edge: float = 1.5
) -> None:
    """Add lamps out of focus, in place: x, y, radius (pixels) and light of each; `rim` brightens their border."""
    height, width = sheet.shape[:2]
    for x, y, radius, light in spots:
        reach = int(radius + edge + 1)
        cx, cy = x * width, y * height
        left, top = max(0, int(cx) - reach), max(0, int(cy) - reach)
        right, bottom = min(width, int(cx) + reach + 1), min(height, int(cy) + reach + 1)
        if left >= right or top >= bottom:
            continue
        columns = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(cx)
        rows = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(cy)
        distance = np.hypot(columns, rows)
        inside = np.clip((np.float32(radius) - distance) / np.float32(edge) + 0.5, 0, 1)
        inside *= 1 - np.float32(rim) + np.float32(rim) * (distance / np.float32(radius)) ** 6
        sheet[top:bottom, left:right] += inside[:, :, None] * light


def halos(sheet: Sheet, spots: Iterable[tuple[float, float, float, Colour]]) -> None:
    """Add the glow about lamps, in place: x, y, deviation (pixels) and light of each."""
    height, width = sheet.shape[:2]
    columns, rows = grid(height, width)
    for x, y, sigma, light in spots:
        across, down = np.float32(sigma / width), np.float32(sigma / height)
        near_x, near_y = (
            np.flatnonzero(np.abs(at.ravel() - where) < 5 * reach)
            for at, where, reach in ((columns, x, across), (rows, y, down))
        )  # beyond it the glow is no brighter than noise
        if not len(near_x) or not len(near_y):
            continue
        part = slice(near_y[0], near_y[-1] + 1), slice(near_x[0], near_x[-1] + 1)
        glow = np.exp(-0.5 * ((rows[part[0]] - y) / down) ** 2) * np.exp(
            -0.5 * ((columns[:, part[1]] - x) / across) ** 2
        )
        sheet[part] += np.asarray(glow, np.float32)[:, :, None] * light


def developed(painted: Painted, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """H×W×3 uint8 sRGB of a sheet: corners falling off, a film's shoulder, grain."""
    height, width = painted.sheet.shape[:2]
    columns, rows = grid(height, width)
    fall = (columns - 0.5) ** 2 + (rows - 0.5) ** 2
    corners = (1 - np.float32(2 * painted.vignette) * fall * (1 - fall / 2)) * np.float32(_TONES / _BRIGHTEST)
    light = painted.sheet * corners[:, :, None]
    tones = np.clip(light, 0, _TONES - 1, out=light).astype(np.uint16)
    picture = np.take(_CURVE, tones, out=light, mode="clip")
    picture += grain(rng, height, width, 1.6 * painted.grain)[:, :, None]
    return np.asarray(cv2.convertScaleAbs(np.maximum(picture, 0, out=picture)), np.uint8)


def grain(rng: np.random.Generator, height: int, width: int, deviation: float) -> Grey:
    """Film grain in sRGB steps, a touch softer than single pixels; a tile of 512 is laid over larger pictures."""
    white = rng.standard_normal((512, 512), dtype=np.float32)
    tile = np.asarray(cv2.GaussianBlur(white, (0, 0), 0.55, borderType=cv2.BORDER_REFLECT_101), np.float32)
    tile *= np.float32(deviation / max(float(tile.std()), 1e-6))
    return np.tile(tile, (-(-height // 512), -(-width // 512)))[:height, :width]


_BRIGHTEST = 6.0


def _curve() -> Grey:
    """sRGB 0 to 255 over linear light 0 to `_BRIGHTEST`: straight up to 0.6, then a shoulder that nears 1."""
    light = np.linspace(0, _BRIGHTEST, _TONES)
    knee = 0.6
    rolled = np.where(light < knee, light, knee + (1 - knee) * (1 - np.exp(-(light - knee) / (1 - knee))))
    srgb = np.where(rolled <= 0.0031308, rolled * 12.92, 1.055 * rolled ** (1 / 2.4) - 0.055)
    return (255 * srgb).astype(np.float32)


_CURVE = _curve()
