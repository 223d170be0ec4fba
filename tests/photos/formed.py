"""Products of a free form: box, shoe, fish, bag."""

import cv2
import numpy as np

from tests.photos.labels import SCHEMES, WORDS, printed
from tests.photos.things import (
    Points,
    Rng,
    Thing,
    curve,
    filled,
    grid,
    linear,
    noise,
    normals_of,
    over,
    painted,
    spots,
    swollen,
    unit,
)


def box(rng: Rng, size: tuple[int, int]) -> Thing:
    """A printed carton seen from a corner, a little from above."""
    width, height = size
    scale = min(width, height) * rng.uniform(0.40, 0.48)
    wide, tall, deep = 1.0, rng.uniform(0.8, 1.35), rng.uniform(0.45, 0.8)
    turned, down = rng.uniform(0.35, 0.75) * (1 if rng.random() < 0.5 else -1), rng.uniform(0.30, 0.46)
    corners = np.array([[x, y, z] for x in (-wide / 2, wide / 2) for y in (0, -tall) for z in (-deep / 2, deep / 2)])
    cos, sin = np.cos(turned), np.sin(turned)
    spin = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    cos, sin = np.cos(down), np.sin(down)
    nod = np.array([[1, 0, 0], [0, cos, sin], [0, -sin, cos]])
    eye = nod @ spin
    seen = corners @ eye.T
    far = 5.0
    flat = seen[:, :2] * (far / (far - seen[:, 2:]))
    flat *= scale / max(np.ptp(flat[:, 0]), np.ptp(flat[:, 1])) * 1.35
    flat += np.array([width * rng.uniform(0.46, 0.54) - flat[:, 0].mean(), height * 0.87 - flat[:, 1].max()])
    scheme, word = SCHEMES[rng.integers(len(SCHEMES))], WORDS[rng.integers(len(WORDS))]
    side = 3 if (eye @ np.array([1.0, 0, 0]))[2] > 0 else 2
    faces = {  # corners as top left, top right, bottom right, bottom left; outward normal
        0: ([3, 7, 5, 1], (0, 0, 1)),
        1: ([2, 6, 7, 3], (0, -1, 0)),
        2: ([2, 3, 1, 0], (-1, 0, 0)),
        3: ([7, 6, 4, 5], (1, 0, 0)),
    }
    albedo = np.zeros((height, width, 3), np.float32)
    normals = np.zeros((height, width, 3), np.float32)
    matte = filled(np.asarray(cv2.convexHull(np.float32(flat))[:, 0], np.float64), size)
    for number in (side, 1, 0):
        order, outward = faces[number]
        quad = flat[order]
        across, tall_px = np.hypot(*(quad[1] - quad[0])) + 8, np.hypot(*(quad[3] - quad[0])) + 8
        face = printed(rng, int(across * 1.2), int(tall_px * 1.2), scheme, word)
        if number:
            face = np.float32(face * 0.35 + linear(scheme[0]) * 0.65)
        rows, columns = face.shape[:2]
        worn = np.zeros((rows, columns), np.float32)
        cv2.rectangle(worn, (0, 0), (columns - 1, rows - 1), 0.22, 2)
        face = painted(face, np.ones(3, np.float32), worn)
        corner = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]])
        warp = cv2.getPerspectiveTransform(corner, np.float32(quad))
        laid = cv2.warpPerspective(face, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        share = filled(quad, size) if number == 0 else filled(_grown(quad, 3), size)
        share = share if number != 0 else filled(_grown(quad, 0.6), size)
        albedo = painted(albedo, laid, share)
        normals = painted(normals, np.float32(eye @ np.array(outward)), share)
    bulge = noise(rng, size, scale * 0.9, octaves=1)
    normals = unit(np.float32(normals + 0.03 * bulge[..., None]))
    outside = np.abs(albedo).sum(-1) == 0
    albedo[outside] = linear(scheme[0])
    base = (flat[[0, 1, 4, 5], 0].min(), flat[[0, 1, 4, 5], 0].max())
    gloss = np.full((height, width), 0.25, np.float32)
    foot = float(flat[:, 1].max()) - scale * 0.1
    return Thing(matte, normals, albedo, gloss, foot, base, footprint=_grown(flat[[0, 1, 5, 4]], scale * 0.012))


def shoe(rng: Rng, size: tuple[int, int]) -> Thing:
    """A trainer from the side."""
    width, height = size
    scale = min(width, height * 1.2) * rng.uniform(0.66, 0.74)
    flip = rng.random() < 0.5
    left, ground = width * 0.5 - scale / 2, height * rng.uniform(0.76, 0.82)

    def placed(points: list[tuple[float, float]], *, closed: bool = True) -> Points:
        line = curve(points, closed=closed)
        x = 1 - line[:, 0] if flip else line[:, 0]
        return np.stack([left + x * scale, ground + line[:, 1] * scale], 1)

    upper_colour, trim, laces = (
        ("#c8382c", "#f4efe6", "#fafafa"),
        ("#23395b", "#e7e2d8", "#f4f4f4"),
        ("#e9e5dc", "#2e5e4e", "#d8d2c6"),
        ("#2a2a2d", "#d8a32c", "#b8b8ba"),
        ("#7d8f6a", "#efe7d3", "#f4efe2"),
    )[rng.integers(5)]
    upper = placed(
        spots(
            "0.03,-0.08 0.0,-0.22 0.015,-0.37 0.055,-0.42 0.11,-0.385 0.2,-0.345 0.3,-0.37 "
            "0.37,-0.44 0.41,-0.43 0.47,-0.36 0.58,-0.27 0.72,-0.21 0.86,-0.18 0.95,-0.12 "
            "0.97,-0.06 0.5,-0.04"
        )
    )
    sole = placed(
        spots(
            "0.0,-0.02 -0.005,-0.09 0.03,-0.115 0.2,-0.09 0.45,-0.07 0.75,-0.07 0.93,-0.09 "
            "0.99,-0.08 1.0,-0.045 0.94,-0.01 0.7,0.0 0.3,0.0 0.08,0.0"
        )
    )
    top, bottom = filled(upper, size), filled(sole, size)
    weave = 1 + 0.10 * noise(rng, size, 3, octaves=1) + 0.06 * noise(rng, size, scale * 0.2)
    albedo = np.float32(linear(upper_colour) * weave[..., None])
    pad = np.float32(np.zeros((height, width)))
    panels = [
        placed([(0.0, -0.08), (0.0, -0.26), (0.06, -0.3), (0.14, -0.22), (0.24, -0.09)]),
        placed([(0.74, -0.22), (0.88, -0.18), (0.98, -0.08), (0.8, -0.05), (0.68, -0.08), (0.7, -0.16)]),
        placed([(0.34, -0.3), (0.4, -0.33), (0.5, -0.09), (0.43, -0.07)]),
    ]
    for number, panel in enumerate(panels):
        share = filled(panel, size)
        albedo = painted(albedo, trim if number == 2 else np.float32(linear(upper_colour) * 0.6), share * 0.9)
        pad += cv2.GaussianBlur(share, (0, 0), scale * 0.004)
        cv2.polylines(
            albedo, [np.int32(panel * 8)], True, (linear(trim) * 0.8).tolist(), max(1, int(scale / 350)), cv2.LINE_AA, 3
        )
    collar = filled(
        placed([(0.05, -0.41), (0.11, -0.385), (0.2, -0.35), (0.3, -0.37), (0.36, -0.43), (0.2, -0.4)]), size
    )
    albedo = painted(albedo, "#1a1614", collar)
    for step in range(6):  # laces across the instep
        x, y = 0.41 + step * 0.048, -0.405 + step * 0.034
        bar = placed([(x - 0.035, y + 0.045), (x + 0.005, y + 0.012), (x + 0.02, y + 0.005)], closed=False)
        cv2.polylines(
            albedo, [np.int32(bar * 8)], False, linear(laces).tolist(), max(2, int(scale / 62)), cv2.LINE_AA, 3
        )
        cv2.polylines(pad, [np.int32(bar * 8)], False, 1.6, max(2, int(scale / 62)), cv2.LINE_AA, 3)
    normals = swollen(np.float32(np.maximum(top, bottom)), scale * 0.11, height=1.0)
    normals = unit(
        normals + 0.5 * (normals_of(np.float32(cv2.GaussianBlur(pad, (0, 0), 1.2) * scale * 0.006)) - [0, 0, 1])
    )
    body = Thing(top, np.float32(normals), albedo, np.full((height, width), 0.18, np.float32), ground, (0, 0))
    tread = 1 - 0.25 * (np.sin(grid(size)[0] / scale * 190) > 0.3) * np.float32(grid(size)[1] > ground - scale * 0.025)
    rubber = np.float32(linear("#ece7db" if rng.random() < 0.7 else "#b98a55") * tread[..., None])
    sides = swollen(bottom, scale * 0.035)
    gloss = np.full((height, width), 0.3, np.float32)
    edge = (left + scale * 0.05, left + scale * 0.95)
    return over(Thing(bottom, sides, rubber, gloss, ground, edge), Thing(**{**vars(body), "base": edge}))


def fish(rng: Rng, size: tuple[int, int]) -> Thing:
    """A mackerel or a sea bream, lying."""
    width, height = size
    scale = min(width, height * 1.3) * rng.uniform(0.74, 0.82)
    deep = rng.uniform(0.95, 1.5)
    flip, lean = rng.random() < 0.5, rng.uniform(-0.3, 0.3)
    centre = np.array([width * 0.5, height * 0.5])

    def placed(points: list[tuple[float, float]]) -> Points:
        line = (curve(points) - [0.5, 0]) * [1, deep] * scale
        if flip:
            line[:, 0] *= -1
        cos, sin = np.cos(lean), np.sin(lean)
        return line @ np.array([[cos, sin], [-sin, cos]]) + centre

    body = placed(
        spots(
            "0.0,0.0 0.05,-0.05 0.15,-0.1 0.32,-0.135 0.5,-0.12 0.66,-0.075 0.8,-0.03 "
            "0.85,-0.02 0.85,0.02 0.8,0.03 0.66,0.08 0.5,0.12 0.32,0.13 0.15,0.09 0.05,0.04"
        )
    )
    tail = placed(
        spots(
            "0.83,-0.02 0.9,-0.06 0.98,-0.125 1.0,-0.12 0.955,-0.04 0.94,0.0 0.955,0.04 "
            "1.0,0.12 0.98,0.125 0.9,0.06 0.83,0.02"
        )
    )
    back = placed(
        [(0.3, -0.125), (0.335, -0.185), (0.36, -0.19), (0.43, -0.155), (0.56, -0.125), (0.6, -0.1), (0.4, -0.1)]
    )
    under = placed([(0.54, 0.1), (0.575, 0.145), (0.6, 0.145), (0.64, 0.105), (0.7, 0.075), (0.62, 0.06)])
    fins = [filled(fin, size) for fin in (tail, back, under)]
    trunk = filled(body, size)
    x, y = grid(size)
    cos, sin = np.cos(lean), np.sin(lean)
    along = ((x - centre[0]) * cos + (y - centre[1]) * sin) / scale
    along = (-along if flip else along) + 0.5
    up = (-(x - centre[0]) * sin + (y - centre[1]) * cos) / scale / deep  # -0.13 back, 0.13 belly
    silver, dark = (("#c9d2d6", "#1d3340"), ("#e0b9a8", "#b4472f"), ("#d6d3c4", "#4b4a35"))[rng.integers(3)]
    shade = np.clip((0.01 - up) / 0.09, 0, 1)
    albedo = painted(np.broadcast_to(linear(silver), (height, width, 3)).astype(np.float32), dark, np.float32(shade))
    if rng.random() < 0.6:
        waves = np.sin(along * 120 + 4 * np.sin(up * 60) + 2 * noise(rng, size, scale * 0.1)) > 0.25
        stripes = cv2.GaussianBlur(np.float32(waves), (0, 0), 1.2) * np.clip((-0.005 - up) / 0.02, 0, 1)
        albedo = painted(albedo, np.float32(linear(dark) * 0.35), np.float32(stripes * 0.8))
    pitch = scale * 0.018
    lattice = np.sin((x * cos + y * sin) / pitch * np.pi + np.pi * (np.floor((y * cos - x * sin) / pitch * 2) % 2))
    scales = np.float32(lattice * np.sin((y * cos - x * sin) / pitch * 2 * np.pi) * np.clip((along - 0.2) / 0.03, 0, 1))
    albedo = np.float32(albedo * (1 + 0.13 * scales)[..., None] * (1 + 0.1 * noise(rng, size, 40))[..., None])
    gill = np.exp(-(((along - 0.2 + up * up * 6) / 0.006) ** 2)) * (np.abs(up) < 0.09)
    albedo = painted(albedo, np.float32(linear(dark) * 0.3), np.float32(gill * 0.7))
    eye = np.hypot(along - 0.085, (up + 0.02) * deep)
    albedo = painted(albedo, "#d8c06a", np.float32(np.clip((0.021 - eye) * scale, 0, 1)))
    albedo = painted(albedo, "#08090a", np.float32(np.clip((0.0135 - eye) * scale, 0, 1)))
    normals = swollen(trunk, scale * 0.12 * deep, height=0.8)
    normals = unit(normals + 0.10 * np.dstack([scales, scales, np.zeros_like(scales)]))
    gloss = np.full((height, width), 0.8, np.float32)
    trunk_thing = Thing(trunk, np.float32(normals), albedo, gloss, float(centre[1]), (0, 0), stands=False)
    fan = np.float32(np.clip(np.maximum.reduce(fins), 0, 1))
    rays = 1 + 0.3 * np.sin(np.arctan2(up * 1.0, along - 0.78) * 70)
    thin = np.float32((linear(dark) * 0.6 + linear(silver) * 0.25) * rays[..., None])
    fin_thing = Thing(fan, swollen(fan, scale * 0.02, height=0.5), thin, gloss * 0.6, float(centre[1]), (0, 0), False)
    return over(trunk_thing, fin_thing)


def bag(rng: Rng, size: tuple[int, int]) -> Thing:
    """A stand-up pouch with a crimped seam."""
    width, height = size
    tall = min(height, width * 1.15) * rng.uniform(0.60, 0.68)
    wide = tall * rng.uniform(0.62, 0.74)
    middle, ground = width * rng.uniform(0.46, 0.54), height * rng.uniform(0.85, 0.88)

    def placed(points: list[tuple[float, float]]) -> Points:
        return np.array(points) * [wide, tall] + [middle, ground]

    skew = rng.uniform(-0.012, 0.012, 8)
    outline = placed(
        curve(
            [(-0.47 + skew[0], -0.9), (-0.49, -0.6 + skew[1]), (-0.515 + skew[2], -0.3), (-0.5, -0.04)], closed=False
        ).tolist()
        + curve([(-0.47, -0.005), (-0.2, 0.018), (0.2, 0.02), (0.47, -0.005)], closed=False).tolist()
        + curve(
            [(0.5, -0.04), (0.515 + skew[3], -0.3), (0.49, -0.6 + skew[4]), (0.47 + skew[5], -0.9)], closed=False
        ).tolist()
        + [(0.475, -0.995), (0.47, -1.0), (-0.47, -1.0), (-0.475, -0.995)]
    )
    matte = filled(outline, size)
    x, y = grid(size)
    across, up = (x - middle) / wide, (ground - y) / tall
    foil = linear(("#c9b48a", "#2d2a28", "#b8332a", "#e8e4da", "#2f5d50", "#d9862b")[rng.integers(6)])
    paper = 1 + 0.05 * noise(rng, size, 6, octaves=2)
    albedo = np.float32(foil * paper[..., None])
    seam = np.float32(np.clip((up - 0.905) * tall, 0, 1))
    albedo = np.float32(albedo * (1 - 0.18 * seam * (np.sin(up * tall * 0.9) > 0))[..., None])
    label = printed(rng, int(wide * 0.66), int(tall * 0.52))
    corner = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * [label.shape[1], label.shape[0]]
    quad = np.float32(placed([(-0.33, -0.74), (0.33, -0.74), (0.335, -0.22), (-0.335, -0.22)]))
    warp = cv2.getPerspectiveTransform(np.float32(corner), quad)
    laid = cv2.warpPerspective(label, warp, size, borderMode=cv2.BORDER_REPLICATE)
    albedo = painted(albedo, laid, filled(np.float64(quad), size))
    belly = np.exp(-(((up - 0.38) / 0.42) ** 2)) * np.clip(1 - (across / 0.52) ** 2, 0, 1) ** 0.7
    creases = noise(rng, size, (wide * 0.5, tall * 0.25), octaves=4) * (0.35 + 0.65 * np.clip(up - 0.5, 0, 1) * 2)
    gusset = np.exp(-(((up - 0.10 - 0.25 * across**2) / 0.012) ** 2))
    hill = np.float32(belly * wide * 0.26 + creases * wide * 0.012 * (1 - seam) - gusset * wide * 0.006)
    normals = unit(normals_of(hill) + 0.6 * (swollen(matte, wide * 0.05) - np.float32([0, 0, 1])))
    gloss = np.full((height, width), rng.uniform(0.3, 0.75), np.float32)
    return Thing(matte, normals, albedo, gloss, ground, (middle - wide * 0.46, middle + wide * 0.46))


def _grown(outline: Points, pixels: float) -> Points:
    centre = outline.mean(0)
    away = outline - centre
    return np.asarray(centre + away * (1 + pixels / np.hypot(away[:, :1], away[:, 1:])), np.float64)
