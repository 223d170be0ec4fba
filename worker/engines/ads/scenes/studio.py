"""Built for the camera: a paper sweep, a podium before a plain wall."""

import cv2
import numpy as np

from worker.engines.ads.scenes.colours import Colour, bytes_of, lch, mixed
from worker.engines.ads.scenes.drawing import Grey, Painted, Setting, Sheet, flat, grid, pool, soft
from worker.engines.ads.scenes.scene import ASIDE, WIDE, Light, Surface

WHITE = np.ones(3, np.float32)
BEIGES, DEEP = (
    (40.0, 60.0, 80.0),
    (35.0, 165.0, 255.0),
)  # hues beside a product without one: warm pales; clay, pine, slate


def studio(setting: Setting) -> Painted:
    """Seamless paper with a soft light on it behind the product; no edge between wall and floor."""
    palette = setting.palette
    hue = palette.accent(180, grey_hue=240.0)
    grey = palette.is_grey if palette.wanted_hue is None else False
    if palette.wanted_tone and palette.wanted_hue is None:  # white or black, as it was called
        paper = lch(0.97, 0.003, hue) if palette.wants_light else lch(0.24, 0.008, hue)
    elif palette.wanted_hue is not None and not palette.wanted_tone:
        paper = lch(0.78, 0.12, hue)  # as strong as who names a colour means it
    elif palette.wants_light:
        paper = lch(0.90, 0.006, hue) if grey else lch(0.86, 0.055, hue)
    else:
        paper = lch(0.64, 0.055 if grey else 0.095, hue)
    height, width = setting.height, setting.width
    x = setting.between(0.38, 0.62)
    wall = pool(height, width, x=x, y=0.38, across=0.42, down=0.34)
    floor = pool(height, width, x=0.5, y=0.92, across=0.6, down=0.17)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    bend = np.exp(-0.5 * ((rows - 0.645) / 0.05) ** 2)
    shade = 0.50 + 0.52 * wall + 0.36 * floor - 0.10 * bend
    sheet = paper * np.asarray(shade, np.float32)[:, :, None]
    return Painted(
        np.asarray(sheet, np.float32),
        Surface(back_y=0.70, front_y=0.93),
        Light(x=(0.5 - x) * 3, height=0.75, softness=0.75, colour=(255, 252, 248), strength=0.55, front=0.4),
        reflective=0.06,
        vignette=0.3,
    )


def minimal(setting: Setting) -> Painted:
    """A round podium, an arch behind it, and nothing else, in shades of one hue."""
    palette = setting.palette
    pale = palette.wants_light
    shift = float(setting.rng.choice([180.0, 150.0, 210.0]))
    hue = palette.accent(shift, grey_hue=float(setting.rng.choice(BEIGES if pale else DEEP)))
    grey = palette.is_grey and palette.wanted_hue is None
    chroma = 0.035 if grey and pale else 0.06
    wall, floor, block = (
        (lch(0.85, chroma, hue), lch(0.87, chroma * 0.8, hue), lch(0.93, chroma * 0.5, hue))
        if pale
        else (lch(0.52, chroma * 1.2, hue), lch(0.49, chroma * 1.2, hue), lch(0.64, chroma * 1.2, hue))
    )
    height, width = setting.height, setting.width
    sheet = flat(height, width, wall)
    line = 0.70
    sheet *= (0.74 + 0.34 * pool(height, width, x=0.3, y=0.3, across=0.5, down=0.5))[:, :, None]
    _arch(sheet, setting, tint=mixed(wall, block, 0.55) if pale else mixed(wall, block, 0.5), foot=line)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    share = np.clip((rows - line) * height / 3 + 0.5, 0, 1)[:, :, None]
    ground = floor * (0.66 + 0.42 * pool(height, width, x=0.42, y=0.95, across=0.5, down=0.25))[:, :, None]
    seam = 1 - 0.16 * np.exp(-np.maximum(rows - line, 0) / 0.02)[:, :, None]
    sheet = np.asarray(sheet * (1 - share) + ground * seam * share, np.float32)
    return _with_podium(sheet, setting, block)


def _middle(setting: Setting) -> float:
    """Where the podium stands: beside the text on a wide canvas."""
    return ASIDE if setting.width >= WIDE * setting.height else 0.5


def _arch(sheet: Sheet, setting: Setting, *, tint: Colour, foot: float) -> None:
    """An arched niche in the wall, in place, with a soft shadow inside its lit edge."""
    height, width = sheet.shape[:2]
    half = 0.30 * min(width, 0.9 * height)
    top = max(0.06 * height + half, 0.14 * height + half * 0.6)
    centre = (round(width * _middle(setting)), round(top))
    mask = np.zeros((height, width), np.uint8)
    cv2.circle(mask, centre, round(half), 255, -1, cv2.LINE_AA)
    left, right = centre[0] - round(half), centre[0] + round(half)
    cv2.rectangle(mask, (left, centre[1]), (right, round(foot * height)), 255, -1)
    inside = np.asarray(mask, np.float32) / 255
    shift = np.array([[1, 0, 0.022 * setting.side], [0, 1, 0.012 * setting.side]], np.float32)
    lit = soft(np.asarray(cv2.warpAffine(inside, shift, (width, height)), np.float32), 0.012 * setting.side)
    shade = np.float32(0.80) + np.float32(0.26) * lit
    light = (np.float32(0.84) + np.float32(0.2) * pool(height, width, x=0.6, y=0.45, across=0.35, down=0.3)) * shade
    sheet[:] = sheet * (1 - inside[:, :, None]) + tint * (light * inside)[:, :, None]


def _with_podium(sheet: Sheet, setting: Setting, block: Colour) -> Painted:
    """A low drum: lit top, side shaded around, its shadow on the floor."""
    height, width = setting.height, setting.width
    across = 0.44 * min(width, 1.05 * height)
    flatness = 0.20
    top, tall = 0.795 * height, 0.085 * height
    x, y = grid(height, width)
    dx, dy = (x - _middle(setting)) * width / across, y * height - top

    def drum(low: float, grow: float = 1.0) -> Grey:
        reach = np.hypot(dx, (dy - low) / (across * flatness))
        return np.asarray(np.clip((grow - reach) * across * flatness + 0.5, 0, 1), np.float32)

    shadow = soft(drum(tall + 0.008 * height, 1.03), 0.012 * setting.side)
    far = soft(np.roll(drum(tall, 1.05), round(0.10 * across), axis=1), 0.045 * setting.side)
    sheet *= (1 - 0.45 * shadow - 0.22 * far * (1 - shadow))[:, :, None]
    lid, base = drum(0.0), drum(tall)
    side = np.maximum(base, np.where((np.abs(dx) < 1) & (dy > 0) & (dy < tall), 1, 0).astype(np.float32))
    side = side * (1 - lid)
    turn = np.sqrt(np.clip(1 - dx**2, 0, 1))
    facing = np.clip(0.42 + 0.42 * turn - 0.34 * dx, 0.2, 1.1) * (1 - 0.25 * np.clip(dy / (2 * tall), 0, 1))
    sheet[:] = sheet * (1 - side[:, :, None]) + block * np.asarray(facing * side, np.float32)[:, :, None]
    rim = np.clip(1 - np.abs(np.hypot(dx, dy / (across * flatness)) - 0.985) * across * 0.35, 0, 1) * (dy > 0)
    cap = 0.98 + 0.08 * pool(height, width, x=0.4, y=0.78, across=0.3, down=0.1) + 0.10 * rim
    sheet[:] = sheet * (1 - lid[:, :, None]) + block * np.asarray(cap * lid, np.float32)[:, :, None]
    reach = across / width
    return Painted(
        np.asarray(sheet, np.float32),
        Surface(
            back_y=(top - 0.2 * across * flatness) / height,
            front_y=(top + 0.5 * across * flatness) / height,
            left=_middle(setting) - 0.78 * reach,
            right=_middle(setting) + 0.78 * reach,
            edge_y=(top - across * flatness) / height,
        ),
        Light(x=-0.5, height=0.7, softness=0.6, colour=bytes_of(mixed(WHITE, block, 0.15)), strength=0.6, front=0.35),
        reflective=0.05,
        vignette=0.12,
    )
