"""What a drawn photograph shows: its shape, surface and material at each pixel, and the drawing of outlines."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]  # H×W, or H×W×3
Points = npt.NDArray[np.float64]  # N×2: x, y in pixels
Rng = np.random.Generator
_FINE = 4  # an outline is filled at this many times the size, for its soft edge


@dataclass(frozen=True)
class Thing:
    """Fields are as large as the picture and go on beyond the outline; the matte alone says where the thing ends."""

    matte: Field  # H×W, share of the pixel that is covered
    normals: Field  # H×W×3 unit vectors: x right, y down, z to the viewer
    albedo: Field  # H×W×3 linear light
    gloss: Field  # H×W, 0 matt to 1 polished
    foot: float  # y where it touches the ground
    base: tuple[float, float]  # x from, to, of what touches the ground
    stands: bool = True  # else it lies flat and is seen from above
    footprint: Points | None = None  # outline of what touches the ground, where that is no ellipse


def over(upper: Thing, lower: Thing) -> Thing:
    """Both as one thing that stands as `lower` does."""
    share = upper.matte
    thick = share[..., None]
    return replace(
        lower,
        matte=share + lower.matte * (1 - share),
        normals=upper.normals * thick + lower.normals * (1 - thick),
        albedo=upper.albedo * thick + lower.albedo * (1 - thick),
        gloss=upper.gloss * share + lower.gloss * (1 - share),
    )


def filled(outline: Points, size: tuple[int, int]) -> Field:
    """Share of each pixel inside a closed outline; `size` is width, height."""
    width, height = size
    low = np.maximum(np.floor(outline.min(0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(outline.max(0)).astype(int) + 2, (width, height))
    matte = np.zeros((height, width), np.float32)
    if (high <= low).any():
        return matte
    columns, rows = high - low
    fine = np.zeros((rows * _FINE, columns * _FINE), np.uint8)
    cv2.fillPoly(fine, [np.round((outline - low) * _FINE * 16 - 8).astype(np.int32)], 255, shift=4)
    shares = cv2.resize(fine, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)
    matte[low[1] : high[1], low[0] : high[0]] = np.float32(shares) / 255
    return matte


def spots(text: str) -> list[tuple[float, float]]:
    """The points of an outline written as “x,y x,y …”."""
    pairs = (spot.split(",") for spot in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def curve(through: list[tuple[float, float]], *, steps: int = 12, closed: bool = True) -> Points:
    """A smooth line through the points (Catmull-Rom)."""
    points = np.asarray(through, np.float64)
    if closed:
        points = np.concatenate([points[-1:], points, points[:2]])
    else:
        points = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = points[:-3], points[1:-2], points[2:-1], points[3:]
    at = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    smooth = b + 0.5 * at * (c - a + at * (2 * a - 5 * b + 4 * c - d + at * (3 * (b - c) + d - a)))
    flat = smooth.transpose(1, 0, 2).reshape(-1, 2)
    return flat if closed else np.concatenate([flat, points[-2:-1]])


def grid(size: tuple[int, int]) -> tuple[Field, Field]:
    """x of each column as a row, y of each row as a column: they broadcast to H×W."""
    width, height = size
    return np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]


def noise(rng: Rng, size: tuple[int, int], cell: float | tuple[float, float], *, octaves: int = 3) -> Field:
    """Smooth random levels about -1 to 1; `cell` is the pixels (in x, in y) of the coarsest spots."""
    width, height = size
    across, down = cell if isinstance(cell, tuple) else (cell, cell)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        columns = max(2, round(width * 2**octave / across) + 1)
        rows = max(2, round(height * 2**octave / down) + 1)
        spots = rng.standard_normal((min(rows, height), min(columns, width))).astype(np.float32)
        total += cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC) / 2**octave
    return total * np.float32(0.6)


def swollen(matte: Field, radius: float, *, height: float = 1.0) -> Field:
    """Normals H×W×3 of a flat form blown up like a cushion: round within `radius` pixels of its edge."""
    inside = np.uint8(matte > 0.5)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    near = np.clip(1 - distance / radius, 0, 1)
    hill = radius * np.sqrt(1 - near**2) * height
    hill = cv2.GaussianBlur(hill, (0, 0), max(0.8, radius * 0.14))
    return normals_of(hill)


def normals_of(hill: Field) -> Field:
    """Of a field of heights in pixels."""
    across = cv2.Sobel(hill, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(hill, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    return unit(np.dstack([-across, -down, np.ones_like(hill)]))


def unit(vectors: Field) -> Field:
    length = np.sqrt((vectors * vectors).sum(-1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, 1e-6), np.float32)


def linear(colour: str) -> Field:
    """“#rrggbb” as linear light, 3 numbers from 0 to 1."""
    levels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float32) / 255
    return np.asarray(levels**2.2, np.float32)


def painted(base: Field, colour: Field | str, share: Field) -> Field:
    """`base` (H×W×3) with a colour laid over it by share (H×W)."""
    paint = linear(colour) if isinstance(colour, str) else colour
    return np.asarray(base + (paint - base) * share[..., None], np.float32)
