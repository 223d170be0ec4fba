"""Products that are round about an upright axis: bottle, jar, can, cup."""

from dataclasses import dataclass

import numpy as np

from tests.photos.labels import printed, wrapped
from tests.photos.things import Field, Rng, Thing, curve, filled, grid, linear, noise, over, painted, swollen, unit

_STEPS = 400


@dataclass(frozen=True)
class Turned:
    """A turned body at each pixel of the picture."""

    matte: Field
    normals: Field
    along: Field  # 0 at the top rim, 1 at the foot
    around: Field  # sine of the angle from the middle: -1 left edge, 1 right edge
    lid: Field  # share of the pixel on the flat top
    radius: float  # the largest, pixels
    foot: float
    base: tuple[float, float]


def turn(
    size: tuple[int, int],
    profile: list[tuple[float, float]],
    *,
    middle: float,
    top: float,
    height: float,
    tilt: float,
    soften: float = 0.012,
) -> Turned:
    """`profile` is (along, radius as a part of the height); `tilt` is how much of a circle's depth is seen."""
    x, y = grid(size)
    steps = np.linspace(0, 1, _STEPS)
    at, wide = np.array(profile).T
    radii = np.interp(steps, at, wide) * height
    reach = max(1, int(soften * _STEPS))
    kernel = np.hanning(2 * reach + 3)[1:-1]
    radii = np.convolve(np.pad(radii, reach, mode="edge"), kernel / kernel.sum(), mode="valid")
    slopes = np.gradient(radii, steps * height)
    along = np.broadcast_to((y - top) / height, (size[1], size[0])).astype(np.float32)
    for _ in range(2):  # a circle is seen as an ellipse: its front lies lower
        radius = np.interp(along, steps, radii).astype(np.float32)
        around = np.clip((x - middle) / radius, -0.999, 0.999)
        depth = np.sqrt(1 - around**2)
        along = np.float32((y - top - tilt * radius * depth) / height)
    slope = np.interp(along, steps, slopes).astype(np.float32)
    normals = unit(np.dstack([around, -slope, depth]))
    rows = top + steps * height
    turns = np.linspace(0, np.pi, 80)
    below = np.stack([middle + radii[-1] * np.cos(turns), rows[-1] + tilt * radii[-1] * np.sin(turns)], 1)
    above = np.stack([middle - radii[0] * np.cos(turns), rows[0] - tilt * radii[0] * np.sin(turns)], 1)
    right, left = np.stack([middle + radii, rows], 1), np.stack([middle - radii, rows], 1)
    matte = filled(np.concatenate([above, right, below, left[::-1]]), size)
    lid = filled(np.concatenate([above, np.stack([above[::-1, 0], 2 * top - above[::-1, 1]], 1)]), size)
    base = (middle - radii[-1], middle + radii[-1])
    foot = rows[-1] + tilt * radii[-1] * 0.8
    return Turned(matte, normals, along, around, lid, float(radii.max()), float(foot), base)


def bottle(rng: Rng, size: tuple[int, int]) -> Thing:
    """Dark or tinted glass with a label and a cap."""
    middle, top, height = _place(rng, size, 0.70)
    wide, neck = rng.uniform(0.135, 0.165), rng.uniform(0.042, 0.055)
    shoulder = rng.uniform(0.30, 0.38)
    profile = [(0, neck * 1.12), (0.075, neck * 1.12), (0.085, neck), (shoulder - 0.14, neck * 1.05)]
    profile += [(shoulder - 0.05, wide * 0.72), (shoulder + 0.02, wide * 0.97), (shoulder + 0.06, wide)]
    profile += [(0.965, wide), (0.99, wide * 0.96), (1, wide * 0.9)]
    form = turn(size, profile, middle=middle, top=top, height=height, tilt=0.13)
    glass = linear(("#3a1d0c", "#16301c", "#5a2410", "#232a1a", "#6b3a10")[rng.integers(5)])
    body = 1.0 + 1.5 * np.abs(form.around) ** 3 + 0.3 * np.clip(form.along, 0, 1)  # light that comes through
    albedo = glass * body[..., None]
    above_liquid = np.clip((shoulder - 0.07 - form.along) * height * 0.5, 0, 1)
    albedo = np.float32(albedo * (1 + 0.9 * above_liquid[..., None]))
    gloss = np.full(form.along.shape, 0.95, np.float32)
    albedo, gloss = _labelled(rng, form, albedo, gloss, shoulder + 0.12, rng.uniform(0.84, 0.9), height, 1.9)
    cap = linear(("#c9a13a", "#1c1c1e", "#8c1d18", "#b9b9bd")[rng.integers(4)])
    capped = np.clip((0.08 - form.along) * height, 0, 1)
    ribs = 1 + 0.12 * np.sin(np.arcsin(form.around) * 46)
    albedo = painted(albedo, np.float32(cap * ribs[..., None]), capped)
    return _thing(form, albedo, np.float32(gloss * (1 - 0.4 * capped)))


def jar(rng: Rng, size: tuple[int, int]) -> Thing:
    """A glass of preserves: contents seen through it, a metal lid, a label."""
    middle, top, height = _place(rng, size, 0.52)
    wide = rng.uniform(0.33, 0.38)
    profile = [(0, wide * 0.86), (0.16, wide * 0.86), (0.165, wide * 0.80), (0.2, wide * 0.82), (0.27, wide * 0.98)]
    profile += [(0.3, wide), (0.94, wide), (0.985, wide * 0.95), (1, wide * 0.88)]
    form = turn(size, profile, middle=middle, top=top, height=height, tilt=0.16)
    inside = linear(("#c2571a", "#a3200f", "#d99a1c", "#5c1a28", "#7d8a2a")[rng.integers(5)])
    lumps = noise(rng, size, height * 0.09)
    edge = 1 - 0.45 * np.abs(form.around) ** 4
    albedo = np.float32(inside * (edge * np.clip(1 + 0.45 * lumps, 0.35, 1.7))[..., None])
    albedo = painted(albedo, np.float32(inside * 0.5 + 0.35), np.clip((0.25 - form.along) * height * 0.4, 0, 1))
    gloss = np.full(form.along.shape, 0.9, np.float32)
    albedo, gloss = _labelled(rng, form, albedo, gloss, 0.42, 0.84, height, 2.0)
    metal = linear(("#c8a94a", "#d8d8da", "#30353c", "#a3271e")[rng.integers(4)])
    lidded = np.maximum(np.clip((0.155 - form.along) * height, 0, 1), form.lid)
    ribs = 1 + 0.14 * np.sin(np.arcsin(form.around) * 60) * (1 - form.lid)
    albedo = painted(albedo, np.float32(metal * ribs[..., None]), np.float32(lidded))
    return _thing(form, albedo, np.float32(gloss * (1 - 0.35 * lidded)))


def can(rng: Rng, size: tuple[int, int]) -> Thing:
    """A printed tin with bright rims."""
    middle, top, height = _place(rng, size, 0.58)
    wide = rng.uniform(0.27, 0.32)
    profile = [(0, wide * 0.9), (0.015, wide * 0.93), (0.03, wide * 0.9), (0.07, wide), (0.94, wide)]
    profile += [(0.975, wide * 0.93), (0.99, wide * 0.95), (1, wide * 0.9)]
    form = turn(size, profile, middle=middle, top=top, height=height, tilt=0.17, soften=0.006)
    tin = np.broadcast_to(linear("#b8babd"), (*form.along.shape, 3)).astype(np.float32)
    albedo, gloss = _labelled(rng, form, tin, np.full(form.along.shape, 1.0, np.float32), 0.06, 0.945, height, 3.4)
    x, y = grid(size)
    rings = np.hypot((x - middle) / form.radius, (y - top) / (form.radius * 0.17))
    albedo = painted(albedo, np.float32(linear("#a2a4a8") * (1 + 0.25 * np.sin(rings * 22))[..., None]), form.lid)
    return _thing(form, albedo, gloss)


def cup(rng: Rng, size: tuple[int, int]) -> Thing:
    """A glazed mug with a handle and a drink in it."""
    middle, top, height = _place(rng, size, 0.46)
    wide = rng.uniform(0.40, 0.46)
    foot = rng.uniform(0.62, 0.85)
    profile = [(0, wide), (0.5, wide * (0.55 + 0.45 * foot**0.5)), (0.93, wide * foot * 1.02), (1, wide * foot * 0.92)]
    form = turn(size, profile, middle=middle, top=top, height=height, tilt=0.24, soften=0.03)
    glaze = linear(("#e8e2d6", "#3d6f8e", "#8c3f2b", "#2f2f33", "#9db59a", "#d8b04a")[rng.integers(6)])
    specks = np.clip(noise(rng, size, 5, octaves=1) - 1.0, 0, 1)
    albedo = np.broadcast_to(glaze, (*form.along.shape, 3)).astype(np.float32) * (1 - 0.6 * specks[..., None])
    if rng.random() < 0.6:
        band = np.clip(np.minimum(form.along - 0.55, 0.7 - form.along) * height, 0, 1)
        albedo = painted(albedo, ("#f2ead8", "#1d2a3a", "#b5281f")[rng.integers(3)], band)
    gloss = np.full(form.along.shape, 0.75, np.float32)
    x, y = grid(size)
    across, down = (x - middle) / form.radius, (y - top) / (form.radius * 0.24)
    hollow = np.clip((0.94 - np.hypot(across, down)) * form.radius * 0.24, 0, 1)
    drink = np.clip((0.86 - np.hypot(across, down - 0.16)) * form.radius * 0.24, 0, 1) * hollow
    albedo = painted(albedo, np.float32(glaze * 0.55), hollow)
    albedo = painted(albedo, ("#2b1508", "#6b4a1c", "#7a2a14")[rng.integers(3)], drink)
    normals = np.where(form.lid[..., None] > 0.5, np.float32([0, -0.9, 0.44]), form.normals)
    body = Thing(form.matte, normals, albedo, gloss, form.foot, form.base)
    return over(body, _handle(rng, size, body, glaze, middle, top, height, form.radius))


def _handle(
    rng: Rng, size: tuple[int, int], body: Thing, glaze: Field, middle: float, top: float, height: float, radius: float
) -> Thing:
    side = 1 if rng.random() < 0.5 else -1
    reach, thick = radius * rng.uniform(0.42, 0.55), radius * 0.13

    def loop(outset: float) -> np.ndarray:
        points = [(0.86, 0.2), (1.0, 0.16), (1.22, 0.2), (1.36, 0.4), (1.3, 0.62), (1.08, 0.78), (0.8, 0.82)]
        ring = []
        for across, down in points:
            away = np.array([(across - 0.9) * reach / 0.42 / radius, (down - 0.48)])
            away /= np.hypot(*away)
            x = middle + side * (radius * 0.9 + (across - 0.9) * reach / 0.42 + outset * away[0])
            ring.append((x, top + down * height + outset * away[1]))
        return curve(ring, closed=False)

    matte = np.clip(filled(loop(thick), size) - filled(loop(-thick), size), 0, 1)
    albedo = np.broadcast_to(glaze, (*matte.shape, 3)).astype(np.float32)
    gloss = np.full(matte.shape, 0.75, np.float32)
    return Thing(matte, swollen(matte, thick), albedo, gloss, body.foot, body.base)


def _place(rng: Rng, size: tuple[int, int], tall: float) -> tuple[float, float, float]:
    """Middle, top and height of an upright thing, in pixels."""
    width, height = size
    high = tall * rng.uniform(0.9, 1.08) * min(height, width * 1.1)
    return width * rng.uniform(0.44, 0.56), height * rng.uniform(0.84, 0.88) - high, high


def _labelled(
    rng: Rng, form: Turned, albedo: Field, gloss: Field, begin: float, end: float, height: float, wide: float
) -> tuple[Field, Field]:
    """A paper label about the front; `wide` is its angle in radians."""
    tall = max(16, round((end - begin) * height))
    label = printed(rng, max(16, round(wide * form.radius)), tall)
    across = np.arcsin(form.around) / wide + 0.5
    colours, share = wrapped(label, np.float32(across), np.float32((form.along - begin) / (end - begin)))
    share = share * (1 - form.lid)
    return painted(albedo, colours, share), np.float32(gloss + (0.35 - gloss) * share)


def _thing(form: Turned, albedo: Field, gloss: Field) -> Thing:
    normals = np.where(form.lid[..., None] > 0.5, np.float32([0, -0.86, 0.5]), form.normals)
    return Thing(form.matte, normals, albedo, gloss, form.foot, form.base)
