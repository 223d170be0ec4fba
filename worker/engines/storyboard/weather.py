"""Rain and snow in front of the lens, mist across the ground, light shafts."""

import cv2
import numpy as np

from worker.engines.storyboard.canvas import Plane
from worker.engines.storyboard.finish import towards
from worker.engines.storyboard.light import Mood
from worker.engines.storyboard.scene import Scene


def draw_weather(picture: Plane, scene: Scene, mood: Mood, rng: np.random.Generator, *, tone: str) -> Plane:
    falls = not scene.interior and scene.size != "insert"
    height, width = picture.shape[:2]
    unit = float(np.sqrt(width * height) / 960.0)
    if "fog" in scene.weather:
        picture = _mist(picture, mood, rng)
    if "rain" in scene.weather and falls:
        picture = _rain(picture, rng, unit, tone=tone)
    if "snow" in scene.weather and falls:
        picture = _snow(picture, rng, unit, tone=tone)
    return picture if scene.falling is None else _flakes(picture, scene.falling, rng, unit)


_SHAPES = {
    "stars": (5, 0.42, ((0.72, 0.86, 1.0), (0.66, 0.94, 1.0), (0.96, 0.97, 1.0), (0.8, 0.74, 1.0))),
    "petals": (2, 0.7, ((0.86, 0.8, 1.0), (0.93, 0.9, 1.0))),
    "leaves": (3, 0.5, ((0.3, 0.56, 0.9), (0.3, 0.7, 0.94), (0.26, 0.4, 0.76))),
    "feathers": (2, 0.35, ((0.98, 0.98, 0.97),)),
}


def _flakes(picture: Plane, kind: str, rng: np.random.Generator, unit: float) -> Plane:
    """Paper stars, petals, leaves: turning as they fall, large when near the lens."""
    height, width = picture.shape[:2]
    points, waist, colours = _SHAPES[kind]
    picture = np.ascontiguousarray(picture)
    for count, size in ((70, 5.0), (34, 10.0), (10, 21.0)):
        for _ in range(count):
            at = rng.uniform(0, 1, 2) * (width, height)
            if size > 9 and abs(at[0] / width - 0.5) < 0.24:
                at[0] = width - at[0] if rng.random() < 0.5 else at[0] * 0.4
            turn = float(rng.uniform(0, 2 * np.pi)) + np.pi * np.arange(2 * points) / points
            reach = np.where(np.arange(2 * points) % 2 == 0, 1.0, waist) * size * unit * float(rng.uniform(0.7, 1.2))
            flat = np.stack([np.cos(turn), np.sin(turn) * float(rng.uniform(0.35, 1.0))], 1) * reach[:, None]
            shape = [np.rint((at + flat) * 8).astype(np.int32)]
            blue, green, red = colours[int(rng.integers(len(colours)))]
            cv2.fillPoly(picture, shape, (blue * 250, green * 250, red * 250), cv2.LINE_AA, 3)
            cv2.polylines(picture, shape, True, (60, 56, 66), 1, cv2.LINE_AA, 3)
    return picture


def _rain(picture: Plane, rng: np.random.Generator, unit: float, *, tone: str) -> Plane:
    """Streaks in two depths, all falling one way."""
    height, width = picture.shape[:2]
    slant = float(rng.uniform(-0.28, 0.28))
    bright: Plane = np.zeros((height, width), np.uint8)
    dark: Plane = np.zeros((height, width), np.uint8)
    for count, long, strength, thick, sheet in (
        (190, 34, 88, 1, bright),
        (60, 90, 120, 1, bright),
        (90, 46, 60, 1, dark),
    ):
        x, y = rng.uniform(-0.1, 1.1, count) * width, rng.uniform(-0.1, 1.0, count) * height
        run = rng.uniform(0.6, 1.3, count) * long * unit
        lines = np.stack([np.stack([x, y], 1), np.stack([x + slant * run, y + run], 1)], 1)
        cv2.polylines(
            sheet,
            list(np.rint(lines * 8).astype(np.int32)),
            False,
            (strength,),
            max(1, round(thick * unit)),
            cv2.LINE_AA,
            3,
        )
    picture = towards(picture, (0.2, 0.18, 0.18), dark)
    return picture if tone == "line" else towards(picture, (0.98, 0.96, 0.94), bright)


def _snow(picture: Plane, rng: np.random.Generator, unit: float, *, tone: str) -> Plane:
    height, width = picture.shape[:2]
    flakes: Plane = np.zeros((height, width), np.uint8)
    rims: Plane = np.zeros((height, width), np.uint8)
    for count, size in ((230, 1.3), (90, 2.4), (22, 4.6)):
        for _ in range(count):
            x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
            radius = size * unit * float(rng.uniform(0.7, 1.3))
            centre = (round(x * 8), round(y * 8))
            cv2.circle(flakes, centre, round(radius * 8), (235,), -1, cv2.LINE_AA, 3)
            if size > 2:
                cv2.ellipse(
                    rims,
                    (centre[0], centre[1]),
                    (round(radius * 8), round(radius * 8)),
                    0,
                    20,
                    160,
                    (90,),
                    1,
                    cv2.LINE_AA,
                    3,
                )
    picture = towards(picture, (1.0, 0.99, 0.98), flakes) if tone != "line" else picture
    return towards(picture, (0.4, 0.36, 0.34), rims)


def _mist(picture: Plane, mood: Mood, rng: np.random.Generator) -> Plane:
    """Banks of mist, densest low in the picture."""
    height, width = picture.shape[:2]
    small = rng.random((7, 6)).astype(np.float32)
    cloud = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    rise = np.clip((np.linspace(0, 1, height, dtype=np.float32) - 0.35) * 1.3, 0, 1)[:, None]
    alpha = np.clip(cloud * rise * 105, 0, 150).astype(np.uint8)
    return towards(picture, mood.fog, alpha)
