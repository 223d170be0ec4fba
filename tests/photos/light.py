"""Light in a drawn photograph: on the thing, its shadows on the ground, and the camera that takes it."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tests.photos.things import Field, Rng, Thing, filled, grid, noise


@dataclass(frozen=True)
class Light:
    towards: tuple[
        float, float, float
    ]  # unit vector from the thing to the large lamp: x right, y down, z to the viewer
    ambient: float
    strength: float
    colour: Field  # 3 numbers about 1
    softness: float  # 0 sun to 1 overcast: of the shadows


def random_light(rng: Rng) -> Light:
    side = rng.uniform(0.35, 0.75) * (1 if rng.random() < 0.5 else -1)
    towards = np.array([side, -rng.uniform(0.55, 0.9), rng.uniform(0.55, 0.9)])
    towards /= np.hypot(np.hypot(*towards[:2]), towards[2])
    warm = rng.uniform(-0.06, 0.06)
    colour = np.float32([1 + warm, 1, 1 - warm])
    return Light(tuple(towards.tolist()), rng.uniform(0.30, 0.42), rng.uniform(0.75, 0.95), colour, rng.uniform(0.3, 1))


def lit(thing: Thing, light: Light, ground_colour: Field) -> Field:
    """The thing's own light towards the viewer, H×W×3 linear, beyond its outline too."""
    across, down, near = (thing.normals[..., axis] for axis in range(3))
    lamp = light.towards
    facing = across * lamp[0] + down * lamp[1] + near * lamp[2]
    direct = np.clip((facing + 0.25) / 1.25, 0, 1) ** 1.2 * light.strength
    sky = light.ambient * (0.72 - 0.28 * down)
    bounce = 0.22 * np.clip(down, 0, 1) + 0.05
    body = thing.albedo * ((direct + sky)[..., None] * light.colour + bounce[..., None] * ground_colour)
    # what a polished surface mirrors: a tall window of light at the lamp, a strip opposite, bright above, dark below
    mirror_x, mirror_y = 2 * near * across, 2 * near * down
    side = np.sign(lamp[0])
    window = _within(side * mirror_x, 0.55, 0.9, 0.05) * _within(mirror_y, -0.75, 0.55, 0.1)
    strip = _within(-side * mirror_x, 0.80, 0.95, 0.05) * _within(mirror_y, -0.7, 0.7, 0.12)
    gloss = thing.gloss
    sharp = 40 + 260 * gloss**2
    half = np.array(lamp) + np.array([0, 0, 1])
    half /= np.sqrt((half**2).sum())
    spark = np.clip(across * half[0] + down * half[1] + near * half[2], 0, 1) ** sharp
    fresnel = 0.05 + 0.6 * np.clip(1 - near, 0, 1) ** 4
    around = np.clip(0.5 - 0.55 * mirror_y, 0, 1)
    mirrored = gloss**1.5 * (0.42 * window + 0.16 * strip + fresnel * around * 0.8) + gloss * 0.5 * spark
    return np.asarray(body + mirrored[..., None] * light.colour, np.float32)


def shadow(thing: Thing, light: Light, back_y: float, rng: Rng) -> Field:
    """How much light is left on the ground, H×W, 1 where there is no shadow."""
    height, width = thing.matte.shape
    unit = min(width, height)
    strong = rng.uniform(0.45, 0.75)
    if not thing.stands:
        offset = -np.array(light.towards[:2]) * unit * 0.035
        move = np.float32([[1, 0, offset[0]], [0, 1, offset[1]]])
        cast = cv2.warpAffine(thing.matte, move, (width, height))
        near = cv2.GaussianBlur(thing.matte, (0, 0), unit * 0.012)
        soft = cv2.GaussianBlur(cast, (0, 0), unit * (0.006 + 0.018 * light.softness))
        return np.asarray((1 - strong * 0.8 * soft) * (1 - 0.45 * near), np.float32)
    lean, short = -light.towards[0] * 0.9, 0.24
    foot = thing.foot
    lay = np.float32([[1, -lean, lean * foot], [0, short, foot * (1 - short)]])
    cast = cv2.warpAffine(thing.matte, lay, (width, height))
    x, y = grid((width, height))
    away = np.clip((foot - y) / (unit * 0.16), 0, 1)
    close = cv2.GaussianBlur(cast, (0, 0), unit * (0.004 + 0.01 * light.softness))
    far = _quick_blur(cast, unit * (0.02 + 0.05 * light.softness))
    cast = close + (far - close) * away
    cast = cast * np.clip((y - back_y) / (unit * 0.05), 0, 1)
    left, right = thing.base
    middle, half = (left + right) / 2, max(4.0, (right - left) / 2)
    flat = np.hypot((x - middle) / (half * 1.02), (y - foot) / (half * 0.14 + 2))
    contact = np.exp(-(np.clip(flat - 0.75, 0, None) ** 2) * 9)
    if thing.footprint is not None:
        contact = cv2.GaussianBlur(filled(thing.footprint, (width, height)), (0, 0), unit * 0.008)
    wide = np.exp(-(np.hypot((x - middle) / (half * 1.7), (y - foot) / (half * 0.45 + 3)) ** 2) * 1.1)
    left_light = (1 - strong * (1 - 0.35 * light.softness) * cast) * (1 - 0.62 * contact) * (1 - 0.38 * wide)
    return np.asarray(left_light, np.float32)


def taken(scene: Field, rng: Rng, *, blur: float, exposure: float = 1.0) -> npt.NDArray[np.uint8]:
    """The picture as a camera keeps it: a little blurred, noisy, darker in the corners, through JPEG. H×W×3 uint8."""
    height, width = scene.shape[:2]
    x, y = grid((width, height))
    corner = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / (width**2 + height**2) * 4
    light = cv2.GaussianBlur(scene, (0, 0), blur) * ((1 - rng.uniform(0.03, 0.16) * corner) * exposure)[..., None]
    light = np.clip(light, 0, None)
    shoulder = np.where(light > 0.75, 0.75 + 0.25 * np.tanh((light - 0.75) / 0.25), light)  # highlights roll off
    levels = shoulder ** np.float32(1 / 2.2)
    grain = rng.standard_normal((height, width, 3), np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.55) * 1.4
    levels += grain * (rng.uniform(0.003, 0.012) * (1.2 - 0.6 * levels))
    eight = np.clip(levels * 255 + 0.5, 0, 255).astype(np.uint8)
    quality = int(rng.integers(82, 96))
    _, packed = cv2.imencode(".jpg", eight[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1])


def uneven(rng: Rng, size: tuple[int, int], light: Light, amount: float) -> Field:
    """How lamps light a wall, H×W about 1: brighter on the lamp's side, falling off."""
    width, height = size
    x, y = grid(size)
    centre = (width * (0.5 + 0.35 * light.towards[0]), height * rng.uniform(0.25, 0.55))
    distance = np.hypot((x - centre[0]) / width, (y - centre[1]) / height)
    return np.asarray(1 + amount * (0.35 - distance) + 0.012 * noise(rng, size, max(size) * 0.7, octaves=1), np.float32)


def _within(value: Field, low: float, high: float, soft: float) -> Field:
    return np.asarray(
        np.clip((value - low) / soft + 0.5, 0, 1) * np.clip((high - value) / soft + 0.5, 0, 1), np.float32
    )


def _quick_blur(field: Field, sigma: float) -> Field:
    height, width = field.shape
    shrink = max(1, int(sigma / 4))
    small = cv2.resize(field, (max(1, width // shrink), max(1, height // shrink)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / shrink), (width, height)), np.float32)
