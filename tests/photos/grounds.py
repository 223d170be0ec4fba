"""What drawn products stand on and before: plain grounds and busy ones, as H×W×3 linear light without the product."""

import cv2
import numpy as np

from tests.photos.light import Light, uneven
from tests.photos.things import Field, Rng, Thing, filled, grid, linear, noise, painted

PLAIN = ("studio", "gradient", "paper", "same_tone")
BUSY = ("wood", "fabric", "market", "shelf")
PAPERS = ("#e8b04a", "#d98c94", "#7fa8b8", "#8fb08a", "#c9b8d8", "#2f4a6b", "#b5482f", "#ddd2bd")


def drawn(name: str, rng: Rng, size: tuple[int, int], thing: Thing, light: Light) -> tuple[Field, float]:
    """The ground, and y of the line behind which it rises: there shadows end (negative where it never does)."""
    _width, height = size
    back = height * rng.uniform(0.52, 0.62) if thing.stands else -1.0
    if name == "studio":
        flat = uneven(rng, size, light, 0.12)[..., None] * np.float32([0.86, 0.865, 0.87])
        return flat, -1.0
    if name == "gradient":
        tone = rng.uniform(0.12, 0.5)
        fall = np.clip(grid(size)[1] / height, 0, 1)
        return (uneven(rng, size, light, 0.55) * tone * (0.75 + 0.5 * fall))[..., None] * np.float32([1, 1, 1.01]), -1.0
    if name == "paper":
        fibres = 1 + 0.02 * noise(rng, size, 3, octaves=1) + 0.01 * noise(rng, size, (40, 5), octaves=2)
        colour = linear(PAPERS[rng.integers(len(PAPERS))])
        return np.float32((uneven(rng, size, light, 0.35) * fibres)[..., None] * colour), -1.0
    if name == "same_tone":
        return np.float32(uneven(rng, size, light, 0.25)[..., None] * _tone_of(thing)), -1.0
    if name == "wood":
        return _wood(rng, size, back), back
    if name == "fabric":
        return _fabric(rng, size), -1.0
    if name == "market":
        return _market(rng, size, back if thing.stands else height * 0.14), back
    return _shelf(rng, size, thing.foot if thing.stands else height * 0.22), back


def _tone_of(thing: Thing) -> Field:
    """The thing's middle colour: what is hardest to tell from it."""
    inside = thing.matte > 0.9
    return np.asarray(np.median(thing.albedo[inside], axis=0) * 0.95, np.float32)


def planks(rng: Rng, size: tuple[int, int], across: int) -> Field:
    """Boards side by side with their grain upright."""
    width, height = size
    base = linear(("#a9763f", "#7a4f2a", "#c7a26f", "#8d8072", "#5d4330")[rng.integers(5)])
    x, _y = grid(size)
    board = np.broadcast_to(np.minimum((x * across / width).astype(int), across - 1), (height, width))
    offset, tone = rng.uniform(0, 50, across), rng.uniform(0.78, 1.2, across)
    sway = noise(rng, size, (width / across * 0.8, height * 0.5), octaves=2)
    rings = np.sin((x / width * across * rng.uniform(3.0, 6.0) + offset[board] + 0.9 * sway) * 4.0)
    fine = noise(rng, size, (3, height * 0.3), octaves=2)
    grain = tone[board] * (1 + 0.13 * rings + 0.10 * fine)
    inside = np.abs((x * across / width) % 1 - 0.5)
    seam = np.clip((inside - 0.5 + 0.012) / 0.012, 0, 1)
    return np.asarray(base * (grain * (1 - 0.8 * seam))[..., None], np.float32)


def table(rng: Rng, size: tuple[int, int], back: float) -> Field:
    """Planks that run away from the viewer up to y = `back`; what is above is left as it comes."""
    width, height = size
    flat = planks(rng, (width, height), int(rng.integers(5, 9)))
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    spread = width * rng.uniform(0.5, 0.9)
    laid = np.float32([[0, back], [width, back], [width + spread, height], [-spread, height]])
    warp = cv2.getPerspectiveTransform(corners, laid)
    return np.asarray(cv2.warpPerspective(flat, warp, size, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _wood(rng: Rng, size: tuple[int, int], back: float) -> Field:
    width, height = size
    if back < 0:
        return planks(rng, size, int(rng.integers(4, 8))) * uneven(rng, size, _level(), 0.2)[..., None]
    wall = np.rot90(planks(rng, (height, width), int(rng.integers(5, 9)))) * np.float32(rng.uniform(0.35, 0.8))
    wall = _blurred(np.ascontiguousarray(wall), max(1.0, min(size) * 0.003))
    above = np.broadcast_to(np.clip((back - grid(size)[1]) / 3 + 0.5, 0, 1), (height, width))
    return painted(table(rng, size, back), wall, np.float32(above))


def _fabric(rng: Rng, size: tuple[int, int]) -> Field:
    width, height = size
    x, y = grid(size)
    one = linear(("#b5402f", "#2f5a8c", "#3f7a52", "#c58f2c", "#7a4a7d")[rng.integers(5)])
    other = linear(("#f2ece0", "#e8e2d2", "#f5f0ea")[rng.integers(3)])
    folds = noise(rng, size, (width * 0.45, height * 0.9), octaves=2)
    wave = min(size) * 0.01 * folds
    pitch = min(size) * rng.uniform(0.05, 0.12)
    across, down = (x + wave) / pitch, (y + 0.6 * wave) / pitch
    pattern = rng.integers(3)
    if pattern == 0:  # gingham
        share = (0.5 * (np.sin(across * np.pi) > 0) + 0.5 * (np.sin(down * np.pi) > 0)).astype(np.float32)
    elif pattern == 1:  # stripes
        share = (np.sin((across + 0.4 * down) * np.pi) > 0.1).astype(np.float32)
    else:  # dots
        column = np.floor(across)
        spot = np.hypot(across - column - 0.5, (down + 0.5 * (column % 2)) % 1 - 0.5)
        share = np.float32(np.clip((0.3 - spot) * pitch * 0.5, 0, 1))
    cloth = painted(np.broadcast_to(other, (height, width, 3)).astype(np.float32), one, share)
    weave = 1 + 0.06 * np.sin(x * 2.1) * np.sin(y * 2.1) + 0.05 * noise(rng, size, 3, octaves=1)
    shade = 0.82 + 0.10 * folds
    return np.asarray(cloth * (weave * shade)[..., None], np.float32)


def _market(rng: Rng, size: tuple[int, int], back: float) -> Field:
    """Stalls out of focus: an awning, lamps, goods in heaps, and the board in front."""
    width, height = size
    scene = np.broadcast_to(linear("#4a4038"), (height, width, 3)).astype(np.float32).copy()
    x, y = grid(size)
    hues = ("#c0392b", "#d98e2b", "#7a9a3a", "#e5c34a", "#8a4b2a", "#d8d0c0", "#3f6b4f", "#b7b2a8", "#5a7fa0")
    for _ in range(int(rng.integers(8, 14))):  # people, posts, signs
        wide, tall = width * rng.uniform(0.04, 0.16), back * rng.uniform(0.3, 0.9)
        left = rng.uniform(-0.05, 1) * width
        colour = linear(hues[rng.integers(len(hues))]) * rng.uniform(0.25, 0.9)
        cv2.rectangle(scene, (int(left), int(back - tall)), (int(left + wide), int(back)), colour.tolist(), -1)
    stripes = np.sin(x / width * np.pi * rng.integers(12, 22)) > 0
    awning = np.clip((back * rng.uniform(0.14, 0.26) + 6 * np.sin(x / width * 60) - y) / 3, 0, 1)
    cloth = linear(hues[rng.integers(len(hues))])
    scene = painted(scene, np.float32(np.where(stripes[..., None], cloth, linear("#efe8da"))), np.float32(awning))
    scene = _blurred(scene, min(size) * 0.012)
    _heaps(rng, scene, size, back, hues)
    scene = _blurred(scene, min(size) * rng.uniform(0.003, 0.008))
    for _ in range(int(rng.integers(3, 8))):  # lamps far behind: discs of light
        spot = (int(rng.uniform(0, width)), int(rng.uniform(0.05, 0.45) * back))
        disc = np.zeros((height, width), np.float32)
        cv2.circle(disc, spot, int(min(size) * rng.uniform(0.012, 0.03)), 1.0, -1, cv2.LINE_AA)
        scene = painted(scene, "#ffe9b8", disc * np.float32(0.75))
    board = table(rng, size, back)
    below = np.broadcast_to(np.clip((y - back) / 4, 0, 1), (height, width)).astype(np.float32)
    return painted(scene, board, below)


def _heaps(rng: Rng, scene: Field, size: tuple[int, int], back: float, hues: tuple[str, ...]) -> None:
    width, _ = size
    for row in range(3):
        floor = back * (0.62 + 0.19 * row)
        left = rng.uniform(-0.1, 0) * width
        while left < width:
            crate = width * rng.uniform(0.12, 0.24)
            colour = linear(hues[rng.integers(len(hues))])
            radius = width * rng.uniform(0.012, 0.026)
            for level in range(3):
                for spot in np.arange(left + radius * (1 + level), left + crate - radius * level, radius * 1.9):
                    middle = (int(spot + rng.normal(0, 1)), int(floor - radius * 1.5 * level))
                    tone = colour * rng.uniform(0.7, 1.15)
                    cv2.circle(scene, middle, int(radius), (tone * 0.7).tolist(), -1, cv2.LINE_AA)
                    lit = (int(middle[0] - radius * 0.25), int(middle[1] - radius * 0.3))
                    cv2.circle(scene, lit, int(radius * 0.6), tone.tolist(), -1, cv2.LINE_AA)
            top, low = int(floor + radius * 0.6), int(floor + back * 0.16)
            cv2.rectangle(scene, (int(left), top), (int(left + crate), low), linear("#8a6238").tolist(), -1)
            cv2.line(scene, (int(left), (top + low) // 2), (int(left + crate), (top + low) // 2), (0.05, 0.03, 0.01), 2)
            left += crate * 1.04


def _shelf(rng: Rng, size: tuple[int, int], foot: float) -> Field:
    """A shop's shelf well out of focus; the product stands on the lowest board."""
    width, height = size
    x, y = grid(size)
    scene = np.broadcast_to(linear("#3a332d"), (height, width, 3)).astype(np.float32).copy()
    board = linear(("#b89468", "#d9d4cb", "#6b5a48")[rng.integers(3)])
    pitch = height * rng.uniform(0.24, 0.32)
    front = foot - height * 0.07
    for floor in np.arange(front, -pitch * 0.2, -pitch)[::-1]:
        left = rng.uniform(-0.05, 0.02) * width
        while left < width:
            wide, tall = width * rng.uniform(0.035, 0.10), pitch * rng.uniform(0.5, 0.85)
            colour = linear(PAPERS[rng.integers(len(PAPERS))]) * rng.uniform(0.4, 1.0)
            middle = left + wide / 2
            body = np.float64(
                [[-0.5, 0], [-0.5, -0.7], [-0.2, -0.85], [-0.2, -1], [0.2, -1], [0.2, -0.85], [0.5, -0.7], [0.5, 0]]
            )
            if rng.random() < 0.4:
                body = np.float64([[-0.5, 0], [-0.5, -0.8], [0.5, -0.8], [0.5, 0]])
            outline = body * [wide, tall] + [middle, floor]
            round_light = 1.15 - 0.6 * np.abs((x - middle) / wide)
            scene = _laid(scene, outline, size, colour, round_light)
            left += wide * rng.uniform(1.02, 1.3)
        cv2.rectangle(scene, (0, int(floor)), (width, int(floor + height * 0.03)), (board * 0.8).tolist(), -1)
    scene = _blurred(scene, min(size) * rng.uniform(0.012, 0.022))
    top = np.float32(board * (0.75 + 0.25 * noise(rng, size, (width * 0.4, 4), octaves=2)[..., None] * 0.3))
    return painted(scene, top, np.broadcast_to(np.clip((y - front) / (height * 0.012), 0, 1), (height, width)))


def _laid(scene: Field, outline: np.ndarray, size: tuple[int, int], colour: Field, light: Field) -> Field:
    low = np.maximum(np.floor(outline.min(0)).astype(int), 0)
    high = np.minimum(np.ceil(outline.max(0)).astype(int) + 1, size)
    if (high <= low).any():
        return scene
    columns, rows = high - low
    share = filled(outline - low, (int(columns), int(rows)))
    part = scene[low[1] : high[1], low[0] : high[0]]
    paint = colour * light[:, low[0] : high[0], None]
    scene[low[1] : high[1], low[0] : high[0]] = part + (paint - part) * share[..., None]
    return scene


def _blurred(scene: Field, sigma: float) -> Field:
    height, width = scene.shape[:2]
    shrink = max(1, int(sigma / 3))
    small = cv2.resize(scene, (max(1, width // shrink), max(1, height // shrink)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / shrink), (width, height)), np.float32)


def _level() -> Light:
    return Light((0.0, -0.7, 0.7), 0.35, 0.8, np.ones(3, np.float32), 0.5)
