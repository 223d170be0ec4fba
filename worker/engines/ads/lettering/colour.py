"""Colours as "#rrggbb", and how well two can be told apart (WCAG 2.2)."""

import colorsys
import re

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def parsed(text: str) -> str | None:
    """ "#rrggbb" of “#ffcc00”, “fc0” and the like; None if it is none."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * one for one in found[1])
    return f"#{digits.lower()}"


def rgb(colour: str) -> tuple[float, float, float]:
    """0 to 1 each."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def hexed(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(255 * min(1, max(0, part))):02x}" for part in (red, green, blue))


def luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    """Of two relative luminances, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other."""
    return hexed(*(a + (b - a) * share for a, b in zip(rgb(one), rgb(other), strict=True)))


def lighter(colour: str, share: float) -> str:
    return mixed(colour, "#ffffff", share)


def darker(colour: str, share: float) -> str:
    return mixed(colour, "#000000", share)


def readable_on(colour: str, ground: float, least: float = 4.9) -> str:
    """The colour, or as little lighter or darker as it takes to stand off a ground of this luminance."""
    if contrast(luminance(colour), ground) >= least:
        return colour
    way = lighter if contrast(1.0, ground) >= contrast(0.0, ground) else darker
    return next(
        (moved for step in range(1, 21) if contrast(luminance(moved := way(colour, step / 20)), ground) >= least),
        way(colour, 1.0),
    )


def vivid(hue: float, saturation: float = 0.9, value: float = 0.85) -> str:
    """`hue` 0 to 1 around the circle."""
    return hexed(*colorsys.hsv_to_rgb(hue % 1.0, saturation, value))


def hue_of(colour: str) -> tuple[float, float]:
    """Hue and saturation, 0 to 1."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*rgb(colour))
    return hue, saturation
