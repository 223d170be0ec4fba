"""Light and palette: from the words to a mood, from the layers to a picture."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from worker.engines.storyboard.camera import Points, unit, vec
from worker.engines.storyboard.scene import Scene

Tint = tuple[float, float, float]  # B, G, R factors


@dataclass(frozen=True)
class Mood:
    """How the picture is lit and graded. Tints are BGR factors on the marker colours."""

    key: Points  # unit vector towards the key light
    lit: Tint = (1.0, 1.0, 1.0)
    dark: Tint = (0.66, 0.60, 0.58)  # what full shade does to a colour
    sky_top: Tint = (0.86, 0.74, 0.60)
    sky_low: Tint = (0.95, 0.93, 0.90)
    fog: Tint = (0.93, 0.92, 0.91)
    fog_range: float = 130.0  # metres to about two thirds of fog
    saturation: float = 0.92
    contrast: float = 1.0
    exposure: float = 1.0
    gradient: float = 0.16  # fall of light over the picture, away from the key
    vignette: float = 0.12
    rim: float = 0.0
    bloom: float = 0.4
    shade_gain: float = 1.0
    hatch: float = 0.8
    ink: Tint = (0.20, 0.17, 0.16)
    night: bool = False


def mood_of(scene: Scene, *, orbit: float, rng: np.random.Generator) -> Mood:
    """The mood that the scene's time, weather and style words ask for."""
    mood = _hour(scene, replace(Mood(_key(scene, orbit, rng)), night=scene.time == "night"))
    if scene.interior:
        mood = _indoors(scene, mood)
    if scene.weather & {"rain", "fog", "snow"}:
        mood = _weathered(scene, mood)
    for name in sorted(scene.moods):
        change = _STYLES.get(name)
        if change is not None:
            mood = change(mood)
    return mood


def _key(scene: Scene, orbit: float, rng: np.random.Generator) -> Points:
    side = {"left": -1.0, "right": 1.0}.get(scene.light_side or "", 1.0 if rng.random() < 0.5 else -1.0)
    steep = {"golden": 0.34, "dusk": 0.3, "dawn": 0.36, "night": 0.8}.get(scene.time, 0.75)
    away = -0.45
    if scene.interior:
        steep = 0.62
    if "backlit" in scene.moods:
        away = 0.75
    if scene.moods & {"noir", "low_key"}:
        away, steep = 0.05, 0.5
    if scene.light_side == "top":
        side, away, steep = side * 0.15, 0.0, 1.0
    elif scene.light_side == "under":
        steep = -0.5
    a = np.radians(orbit)
    x, z = side, away
    return unit(vec(x * np.cos(a) + z * np.sin(a), steep, -x * np.sin(a) + z * np.cos(a)))


def _hour(scene: Scene, mood: Mood) -> Mood:
    match scene.time:
        case "night":
            return replace(
                mood,
                lit=(0.71, 0.59, 0.52),
                dark=(0.44, 0.33, 0.28),
                sky_top=(0.36, 0.22, 0.16),
                sky_low=(0.55, 0.40, 0.30),
                fog=(0.46, 0.35, 0.28),
                fog_range=110.0,
                saturation=0.8,
                gradient=0.26,
                vignette=0.3,
                rim=0.45,
                bloom=1.0,
                ink=(0.10, 0.07, 0.06),
            )
        case "golden":
            return replace(
                mood,
                lit=(0.78, 0.95, 1.06),
                dark=(0.62, 0.54, 0.56),
                sky_top=(0.84, 0.80, 0.80),
                sky_low=(0.62, 0.85, 1.0),
                fog=(0.70, 0.88, 1.0),
                gradient=0.26,
                rim=0.6,
                bloom=0.8,
                ink=(0.14, 0.16, 0.22),
            )
        case "dusk":
            return replace(
                mood,
                lit=(0.76, 0.80, 0.98),
                dark=(0.58, 0.44, 0.44),
                sky_top=(0.66, 0.48, 0.46),
                sky_low=(0.52, 0.70, 0.98),
                fog=(0.66, 0.66, 0.84),
                gradient=0.24,
                rim=0.5,
                bloom=0.9,
                vignette=0.2,
                ink=(0.15, 0.12, 0.14),
            )
        case "dawn":
            return replace(
                mood,
                lit=(0.94, 0.90, 0.94),
                dark=(0.68, 0.56, 0.54),
                sky_top=(0.88, 0.76, 0.68),
                sky_low=(0.84, 0.86, 0.98),
                fog=(0.92, 0.88, 0.90),
                fog_range=60.0,
                gradient=0.2,
                saturation=0.8,
            )
    return mood


def _indoors(scene: Scene, mood: Mood) -> Mood:
    if scene.time == "night":  # practical lamps, not the moon
        return replace(mood, lit=(0.70, 0.80, 0.92), dark=(0.40, 0.36, 0.38), gradient=0.3, vignette=0.26, rim=0.25)
    return replace(mood, gradient=max(mood.gradient, 0.2), fog_range=400.0)


def _weathered(scene: Scene, mood: Mood) -> Mood:
    if "rain" in scene.weather:
        grey = replace(
            mood,
            saturation=mood.saturation * 0.78,
            dark=_times(mood.dark, 0.96),
            hatch=mood.hatch * 1.1,
            fog_range=min(mood.fog_range, 70.0),
        )
        if scene.time == "day" and not scene.interior:
            grey = replace(
                grey,
                lit=(0.90, 0.87, 0.84),
                sky_top=(0.70, 0.66, 0.64),
                sky_low=(0.84, 0.82, 0.81),
                fog=(0.84, 0.82, 0.81),
            )
        mood = grey
    if "snow" in scene.weather and scene.time != "night":
        mood = replace(
            mood,
            sky_top=(0.88, 0.84, 0.81),
            sky_low=(0.96, 0.95, 0.94),
            fog=(0.96, 0.95, 0.94),
            fog_range=70.0,
            saturation=0.75,
        )
    if "fog" in scene.weather:
        reach = 26.0 if not scene.interior else 18.0
        mood = replace(
            mood, fog_range=reach, saturation=mood.saturation * 0.8, bloom=mood.bloom + 0.4, rim=mood.rim * 0.7
        )
    return mood


def _times(tint: Tint, factor: float) -> Tint:
    return tint[0] * factor, tint[1] * factor, tint[2] * factor


def _tinted(tint: Tint, by: Tint) -> Tint:
    return tint[0] * by[0], tint[1] * by[1], tint[2] * by[2]


def _neutral(tint: Tint) -> Tint:
    grey = 0.11 * tint[0] + 0.59 * tint[1] + 0.30 * tint[2]
    return grey, grey, grey


def _mono(m: Mood) -> Mood:
    return replace(
        m,
        saturation=0.0,
        contrast=m.contrast * 1.08,
        lit=_neutral(m.lit),
        dark=_neutral(m.dark),
        sky_top=_neutral(m.sky_top),
        sky_low=_neutral(m.sky_low),
        fog=_neutral(m.fog),
    )


def _noir(m: Mood) -> Mood:
    m = _mono(m)
    m = replace(m, lit=_times(m.lit, 1.15))
    return replace(
        m,
        saturation=0.0,
        contrast=1.22,
        dark=_times(m.dark, 0.48),
        gradient=0.5,
        vignette=0.42,
        shade_gain=1.35,
        hatch=0.5,
        rim=0.7,
    )


def _neo_noir(m: Mood) -> Mood:
    return replace(m, dark=_times(m.dark, 0.8), contrast=1.12, gradient=0.42, vignette=0.36, shade_gain=1.25, rim=0.8)


def _neon(m: Mood) -> Mood:
    return replace(
        m,
        lit=_tinted(m.lit, (1.12, 0.9, 1.02)),
        dark=_tinted(m.dark, (1.15, 0.85, 1.0)),
        rim=1.0,
        bloom=1.4,
        saturation=1.2,
    )


def _warm(m: Mood) -> Mood:
    return replace(m, lit=_tinted(m.lit, (0.84, 0.96, 1.05)), dark=_tinted(m.dark, (0.9, 0.97, 1.06)))


def _cold(m: Mood) -> Mood:
    return replace(
        m, lit=_tinted(m.lit, (1.05, 0.99, 0.88)), dark=_tinted(m.dark, (1.1, 1.0, 0.9)), saturation=m.saturation * 0.85
    )


def _backlit(m: Mood) -> Mood:
    return replace(m, rim=1.0, shade_gain=1.25, bloom=m.bloom + 0.4, exposure=m.exposure * 0.97)


_STYLES: dict[str, Callable[[Mood], Mood]] = {
    "noir": _noir,
    "neo_noir": _neo_noir,
    "neon": _neon,
    "high_key": lambda m: replace(
        m, lit=_times(m.lit, 1.08), dark=_times(m.dark, 1.2), contrast=0.9, vignette=0.0, gradient=0.08, hatch=0.4
    ),
    "low_key": lambda m: replace(
        m, dark=_times(m.dark, 0.68), gradient=0.48, vignette=0.4, shade_gain=1.25, lit=_times(m.lit, 0.93)
    ),
    "warm": _warm,
    "cold": _cold,
    "mono": _mono,
    "sepia": lambda m: replace(
        m,
        saturation=0.12,
        lit=_tinted(m.lit, (0.80, 0.93, 1.02)),
        dark=_tinted(m.dark, (0.82, 0.94, 1.05)),
        vignette=0.28,
    ),
    "pastel": lambda m: replace(
        m, saturation=m.saturation * 0.72, lit=_times(m.lit, 1.05), dark=_times(m.dark, 1.15), contrast=0.9
    ),
    "bleach": lambda m: replace(m, saturation=m.saturation * 0.4, contrast=1.15),
    "vivid": lambda m: replace(m, saturation=m.saturation * 1.3),
    "backlit": _backlit,
    "soft": lambda m: replace(m, shade_gain=m.shade_gain * 0.75, gradient=m.gradient * 0.7),
    "hard": lambda m: replace(m, shade_gain=m.shade_gain * 1.25, contrast=m.contrast * 1.06),
    "bloom": lambda m: replace(m, bloom=m.bloom + 0.8),
    "vignette": lambda m: replace(m, vignette=m.vignette + 0.25),
    "window": lambda m: replace(m, gradient=max(m.gradient, 0.36)),
}
