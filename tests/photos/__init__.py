"""Drawn product photographs with known mattes: seeded, shaded, shadowed and taken with a noisy camera.

    pixels, matte = photo("bottle", "studio", seed=1)

`python -m tests.photos FOLDER` writes sheets of them to look at.

things.py   fields of shape and material, outlines, noise
turned.py   bottle, jar, can, cup
formed.py   box, shoe, fish, bag
labels.py   what is printed on them
grounds.py  plain and busy grounds
light.py    shading, shadows, camera
strokes.py  what somebody paints over a photo as a hint
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tests.photos import formed, turned
from tests.photos.grounds import BUSY, PLAIN, drawn
from tests.photos.light import lit, random_light, shadow, taken
from tests.photos.things import Field, Rng, Thing

__all__ = ["BUSY", "GROUNDS", "KINDS", "PLAIN", "Photo", "empty", "photo", "staged"]

_PRODUCTS: dict[str, Callable[[Rng, tuple[int, int]], Thing]] = {
    "bottle": turned.bottle,
    "jar": turned.jar,
    "can": turned.can,
    "cup": turned.cup,
    "box": formed.box,
    "bag": formed.bag,
    "shoe": formed.shoe,
    "fish": formed.fish,
}
KINDS = tuple(_PRODUCTS)
GROUNDS = PLAIN + BUSY


@dataclass(frozen=True)
class Photo:
    pixels: npt.NDArray[np.uint8]  # H×W×3 sRGB
    matte: Field  # H×W, 0 to 1
    colours: Field  # H×W×3, 0 to 1 sRGB: the product alone, beyond its edge too


def photo(
    kind: str, ground: str, seed: int = 0, size: tuple[int, int] = (1024, 1024)
) -> tuple[npt.NDArray[np.uint8], Field]:
    """H×W×3 uint8 sRGB and the product's matte, H×W float32 from 0 to 1; `size` is width, height."""
    made = staged(kind, ground, seed, size)
    return made.pixels, made.matte


def staged(kind: str, ground: str, seed: int = 0, size: tuple[int, int] = (1024, 1024)) -> Photo:
    rng = _rng(kind, ground, seed)
    thing = _PRODUCTS[kind](rng, size)
    light = random_light(rng)
    place, back = drawn(ground, rng, size, thing, light)
    below = place[-max(1, size[1] // 8) :].mean((0, 1))
    place = place * shadow(thing, light, back, rng)[..., None] * light.colour
    own = lit(thing, light, np.asarray(below, np.float32))
    scene = place + (own - place) * thing.matte[..., None]
    blur = rng.uniform(0.5, 0.9) * max(1.0, min(size) / 1024)
    pixels = taken(np.asarray(scene, np.float32), rng, blur=blur)
    matte = np.clip(cv2.GaussianBlur(thing.matte, (0, 0), blur), 0, 1)
    colours = np.clip(own, 0, 1) ** np.float32(1 / 2.2)
    return Photo(pixels, np.asarray(matte, np.float32), np.asarray(colours, np.float32))


def empty(ground: str, seed: int = 0, size: tuple[int, int] = (1024, 1024)) -> npt.NDArray[np.uint8]:
    """The ground without any product, H×W×3 uint8 sRGB."""
    rng = _rng("empty", ground, seed)
    thing = turned.jar(rng, size)
    light = random_light(rng)
    place, _ = drawn(ground, rng, size, thing, light)
    return taken(np.asarray(place * light.colour, np.float32), rng, blur=0.7)


def _rng(kind: str, ground: str, seed: int) -> Rng:
    return np.random.default_rng([zlib.crc32(kind.encode()), zlib.crc32(ground.encode()), seed])
