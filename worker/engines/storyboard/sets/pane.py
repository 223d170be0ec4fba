"""A window that fills the picture: lights beyond it, drops on it, a faint face in it."""

import cv2
import numpy as np

from worker.engines.storyboard.canvas import Canvas, mix
from worker.engines.storyboard.sets.ground import Site, rgb, tinted
from worker.engines.storyboard.stage import Lamp

_TURN = np.linspace(0, 2 * np.pi, 21)[:-1]
_RING = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)


def draw_beyond(site: Site) -> None:
    """What lies outside: by night a far shore and a bridge as strings of lights over water."""
    canvas, rng = site.stage.canvas, site.rng
    w, h = canvas.width, canvas.height
    dark = site.scene.time == "night" or site.scene.lights_outside
    top, low = (rgb(28, 36, 62), rgb(58, 70, 104)) if dark else (tinted(site.mood.sky_top), tinted(site.mood.sky_low))
    for k in range(24):
        band = np.array(((0, h * k / 24), (w, h * k / 24), (w, h * (k + 1) / 24 + 1), (0, h * (k + 1) / 24 + 1)))
        canvas.fill(band, mix(top, low, min(1.0, k / 14)), 255)
    horizon = h * 0.56
    x = 0.0
    while x < w:
        wide, tall = float(rng.uniform(0.03, 0.08)) * w, float(rng.uniform(0.04, 0.2)) * h
        block = np.array(((x, horizon), (x, horizon - tall), (x + wide, horizon - tall), (x + wide, horizon)))
        canvas.fill(block, mix(low, (60, 50, 46), 0.5), 255)
        x += wide * 1.15
    river = np.array(((0, horizon), (w, horizon), (w, h), (0, h)))
    canvas.fill(river, mix(top, low, 0.25), 255)
    t = np.linspace(-0.05, 1.05, 40)
    deck = np.stack([t * w, horizon - h * (0.06 + 0.05 * np.sin(np.pi * t))], 1)
    canvas.stroke(deck, 7.0, 210, taper=0.1)
    for k in range(1, 40, 6):
        canvas.stroke(np.stack([deck[k], deck[k] + (0, h * 0.12)]), 3.0, 180, taper=0.1)
    if dark:
        _lights(site, deck, horizon)


def _lights(site: Site, deck: np.ndarray, horizon: float) -> None:
    canvas, rng = site.stage.canvas, site.rng
    h = canvas.height
    hues = (rgb(255, 206, 120), rgb(255, 232, 180), rgb(255, 150, 90), rgb(150, 210, 255), rgb(255, 110, 120))
    spots = [deck[k] - (0, h * 0.015) for k in range(0, 40)]
    spots += [
        np.array((float(rng.uniform(0, canvas.width)), horizon - float(rng.uniform(0, 0.12)) * h)) for _ in range(22)
    ]
    for index, spot in enumerate(spots):
        radius = h * float(rng.uniform(0.008, 0.022))
        hue = hues[int(rng.integers(len(hues)))]
        canvas.fill(spot + _RING * radius, hue, 255, glow=200)
        if index % 2 == 0:
            run = h * float(rng.uniform(0.08, 0.26))
            streak = np.array(((-radius * 0.6, 0), (radius * 0.6, 0), (radius * 0.3, run), (-radius * 0.3, run)))
            canvas.fill(
                streak + np.array((float(spot[0]), horizon + h * 0.01)), mix(hue, rgb(40, 50, 80), 0.45), 255, glow=90
            )
        if index % 9 == 0:
            site.stage.lamps.append(Lamp(float(spot[0]), float(spot[1]), h * 0.2, hue, 0.6))


def lay_ghost(onto: Canvas, ghost: Canvas, share: float = 0.62) -> None:
    """A figure from another sheet as a reflection: it lets what lies behind shine through."""
    figure = ghost.tone[..., 1]
    fade = np.linspace(1.0, 0.55, onto.height, dtype=np.float32)[:, None] * share
    alpha = (figure * fade).astype(np.uint8)
    mask = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    under = cv2.multiply(onto.paint[..., :3], cv2.bitwise_not(mask), scale=1 / 255)
    over = cv2.multiply(np.ascontiguousarray(ghost.paint[..., :3]), mask, scale=1 / 255)
    onto.paint[..., :3] = cv2.add(under, over)
    onto.tone[..., 0] = np.maximum(onto.tone[..., 0], (ghost.tone[..., 0] * (alpha / 255.0) * 0.8).astype(np.uint8))
    onto.tone[..., 2] = (onto.tone[..., 2] * (1 - alpha / 340.0)).astype(np.uint8)
    near = cv2.dilate(figure, np.ones((5, 5), np.uint8))
    onto.ink = np.maximum(onto.ink, (ghost.ink * (near / 255.0) * (share + 0.15)).astype(np.uint8))


def draw_glass(site: Site) -> None:
    """Drops and their runs, then the frame of the window."""
    canvas, rng = site.stage.canvas, site.rng
    w, h = canvas.width, canvas.height
    if "rain" in site.scene.weather:
        for count, low, high in ((120, 0.003, 0.006), (46, 0.007, 0.012), (12, 0.014, 0.02)):
            for _ in range(count):
                at, radius = rng.uniform(0.04, 0.96, 2) * (w, h), float(rng.uniform(low, high)) * h
                if high > 0.011 and rng.random() < 0.6:
                    run = radius * float(rng.uniform(4, 16))
                    trail = np.stack([at, at - (radius * 0.3, run * 0.5), at - (0, run)])
                    canvas.stroke(trail, 0.9, 90)
                drop = at + _RING * (radius * 0.85, radius)
                canvas.wash(drop, rgb(150, 166, 190), 255)
                canvas.wash(at + (radius * 0.1, radius * 0.25) + _RING * radius * 0.6, rgb(206, 216, 230), 255)
                canvas.outline(drop, 0.7, 150)
    bar, metal = 0.045 * h, rgb(150, 154, 158)
    for corners in (
        ((0, 0), (w, 0), (w, bar), (0, bar)), ((0, h - bar * 2.2), (w, h - bar * 2.2), (w, h), (0, h)),
        ((0, 0), (bar, 0), (bar, h), (0, h)), ((w - bar, 0), (w, 0), (w, h), (w - bar, h)),
    ):  # fmt: skip
        canvas.fill(np.array(corners, dtype=np.float64), metal, 12, shade=90)
    inner = np.array(((bar, bar), (w - bar, bar), (w - bar, h - bar * 2.2), (bar, h - bar * 2.2)))
    canvas.outline(inner, 2.4, 235)
    canvas.outline(inner + np.array((5.0, 5.0)), 0.9, 110)
