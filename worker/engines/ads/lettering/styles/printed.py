"""Styles of print: retro, luxury, sale, sticker, minimal."""

import numpy as np

from worker.engines.ads.lettering.colour import contrast, darker, lighter, luminance, readable_on
from worker.engines.ads.lettering.setting import Box, Pad, Placed
from worker.engines.ads.lettering.styles.parts import (
    Drawing,
    Ink,
    Style,
    around,
    blurred,
    board,
    both,
    contour,
    extruded,
    line_gradient,
    outline,
    rect,
    use,
    veil,
)


def _retro(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    ground = "#3b1710"
    face = ink.pick("#f6e3b4", "#ffdf7e", "#f3ead3")
    drop = "#d1442b" if ink.seed % 2 == 0 else "#1f7a78"
    dots = max(2.2, 0.05 * size)
    defs = (
        f'<pattern id="dots" width="{dots:.2f}" height="{dots:.2f}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(32)"><circle cx="{dots / 2:.2f}" cy="{dots / 2:.2f}" r="{dots * 0.27:.2f}" '
        f'fill="{darker(face, 0.3)}"/></pattern>'
        + line_gradient("fade", placed, (0.0, "#000000"), (0.42, "#000000"), (0.95, "#ffffff"))
        + f'<mask id="lower" maskUnits="userSpaceOnUse" x="{placed.outer[0]:.1f}" y="{placed.outer[1]:.1f}" '
        f'width="{placed.outer[2]:.1f}" height="{placed.outer[3]:.1f}">'
        f"{rect(placed.outer, fill='url(#fade)')}</mask>"
    )
    body = (
        extruded("head", drop, drop, 0.125 * size, (1.0, 1.0), 0.05 * size)
        + outline("head", ground, 0.05 * size)
        + use("head", fill=face)
        + use("head", fill="url(#dots)", mask="url(#lower)")
        + outline("sub", ground, 0.045 * size)
        + use("sub", fill=face)
    )
    return Drawing(defs, body)


def _luxury(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    if ink.dark or ink.plate:
        metal = ink.colour or "#e3bd6b"
        stops = ((0.0, lighter(metal, 0.62)), (0.4, metal), (0.55, darker(metal, 0.08)), (0.95, lighter(metal, 0.5)))
        halo, rule, low = "#0c0905", lighter(metal, 0.15), lighter(metal, 0.75)
    else:
        metal = readable_on(ink.colour or "#7a5212", 0.66, 5.2)
        stops = ((0.0, darker(metal, 0.3)), (0.38, metal), (0.56, metal), (0.95, darker(metal, 0.35)))
        halo, rule, low = "#fffdf6", "#8f6a1e", darker(metal, 0.35)
    defs = line_gradient("leaf", placed, *stops) + blurred("soft", placed, 0.09 * size)
    body = (
        both(fill=halo, stroke=halo, stroke_width=0.1 * size, filter="url(#soft)", opacity=0.6)
        + _rules(placed, rule)
        + use("head", fill="url(#leaf)")
        + use("sub", fill=low)
    )
    return Drawing(defs, body)


def _rules(placed: Placed, colour: str) -> str:
    """A fine rule with a diamond above the text and below it."""
    size = placed.size
    x, y, wide, high = placed.box
    middle = x + wide / 2
    half = min(wide / 2, 2.4 * size)
    thin = max(0.8, 0.014 * size)
    drawn = ""
    for level in (y - 0.2 * size, y + high + 0.2 * size):
        gap, arm = 0.14 * size, 0.05 * size
        drawn += (
            f'<path d="M{middle - half:.1f} {level:.1f}H{middle - gap:.1f}M{middle + gap:.1f} {level:.1f}'
            f'H{middle + half:.1f}" stroke="{colour}" stroke-width="{thin:.2f}" fill="none"/>'
            f'<path d="M{middle - arm:.1f} {level:.1f}L{middle:.1f} {level - arm:.1f}L{middle + arm:.1f} {level:.1f}'
            f'L{middle:.1f} {level + arm:.1f}Z" fill="{colour}"/>'
        )
    return drawn


def _luxury_board(placed: Placed, ink: Ink) -> Drawing:
    return board(placed, "#14100b", max(0.78, ink.plate), "#d9b15a", 0.06)


def _sale(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    red = ink.pick("#e3132c", "#e3132c", "#d40f5b")
    deep = darker(red, 0.62)
    box = around(placed.box, 0.24 * size)
    defs = (
        f'<radialGradient id="flash" cx="0.5" cy="0.42" r="0.75"><stop offset="0" stop-color="{lighter(red, 0.14)}"/>'
        f'<stop offset="0.6" stop-color="{red}"/><stop offset="1" stop-color="{darker(red, 0.22)}"/></radialGradient>'
        + line_gradient("shout", placed, (0.0, "#fffbe0"), (0.5, "#ffe84a"), (0.98, "#ffc21a"))
        + blurred("soft", placed, 0.05 * size)
    )
    burst = _burst(box, 0.22 * size)
    body = (
        f'<path d="{burst}" fill="#000" opacity="0.4" filter="url(#soft)" transform="translate(0 {0.07 * size:.2f})"/>'
        f'<path d="{burst}" fill="url(#flash)" stroke="#ffffff" stroke-width="{0.035 * size:.2f}" '
        'stroke-linejoin="round"/>'
        + extruded("head", deep, deep, 0.05 * size, (0.5, 1.0), 0.05 * size)
        + outline("head", deep, 0.05 * size)
        + use("head", fill="url(#shout)")
        + outline("sub", deep, 0.03 * size)
        + use("sub", fill="#ffffff")
    )
    return Drawing(defs, body)


def _burst(box: Box, depth: float) -> str:
    """Rays of one length and one breadth around a rounded rectangle; `depth` in pixels."""
    x, y, wide, high = box
    turns = np.linspace(0, 2 * np.pi, 1440, endpoint=False)
    around_it = np.stack([np.cos(turns), np.sin(turns)], 1)
    # a superellipse of degree 5: nearly the rectangle, without its corners
    rim = around_it * ((np.abs(around_it) ** 5).sum(1) ** -0.2)[:, None] * (wide / 2, high / 2)
    way = np.hypot(*(np.roll(rim, -1, 0) - rim).T)
    walked = np.cumsum(way) - way
    rays = max(16, min(90, round(float(way.sum()) / (2.2 * depth))))
    places = np.interp(np.arange(2 * rays) * way.sum() / (2 * rays), walked, np.arange(len(rim))).astype(int)
    ahead = np.roll(rim, -9, 0) - np.roll(rim, 9, 0)
    outwards = np.stack([ahead[:, 1], -ahead[:, 0]], 1) / np.hypot(*ahead.T)[:, None]
    spots = rim[places] + outwards[places] * (depth * (np.arange(2 * rays) % 2 == 0))[:, None]
    return "M" + "L".join(f"{a + x + wide / 2:.1f} {b + y + high / 2:.1f}" for a, b in spots) + "Z"


def _no_board(placed: Placed, ink: Ink) -> Drawing:
    """A style that brings its own ground."""
    return Drawing("", "")


def _sticker(placed: Placed, ink: Ink) -> Drawing:
    """Printed letters on paper that is cut around them all in one soft line."""
    size = placed.size
    # hues that stay what they are when they are dark enough for white paper: yellow and orange turn to mud
    inks = ("#d8203a", "#cc1478", "#6b2fd6", "#1450d2", "#00708a", "#0c7a3a")
    face = readable_on(ink.suiting(*inks), 1.0, 5.2)
    defs = (
        blurred("soft", placed, 0.045 * size)
        + contour("paper", placed, 0.06 * size, (0.30, "#cfd2d8"), (0.36, "#ffffff"))
        + line_gradient(
            "print",
            placed,
            (0.0, lighter(face, 0.1) if contrast(luminance(lighter(face, 0.1)), 1.0) > 4.8 else face),
            (0.6, face),
            (0.98, darker(face, 0.18)),
        )
    )
    shape = outline("head", "#ffffff", 0.14 * size) + outline("sub", "#ffffff", 0.09 * size)
    shadow = outline("head", "#000000", 0.15 * size) + outline("sub", "#000000", 0.1 * size)
    body = (
        f'<g filter="url(#soft)" opacity="0.42" transform="translate({0.02 * size:.2f} {0.06 * size:.2f})">{shadow}</g>'
        f'<g filter="url(#paper)">{shape}</g>' + use("head", fill="url(#print)") + use("sub", fill=darker(face, 0.3))
    )
    return Drawing(defs, body)


def _minimal(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    face = "#ffffff" if ink.dark else "#15171c"
    if ink.colour and (not ink.plate or contrast(luminance(ink.colour), 0.02 if ink.dark else 0.85) > 5.5):
        face = ink.colour
    halo = "#000000" if luminance(face) > 0.3 else "#ffffff"
    x, y, wide, _ = placed.box
    bar = (x + wide / 2 - 0.35 * size, y - 0.24 * size, 0.7 * size, 0.055 * size)
    body = (
        both(fill=halo, stroke=halo, stroke_width=0.06 * size, filter="url(#soft)", opacity=0.5)
        + rect(bar, rx=0.0275 * size, fill=ink.accent)
        + both(fill=face)
    )
    return Drawing(blurred("soft", placed, 0.1 * size), body)


STYLES = (
    Style(
        "retro_print",
        "Black Han Sans",
        "Bebas Neue",
        _retro,
        veil,
        pad=Pad(0.2, 0.1, 0.24),
        tracking=0.03,
    ),
    Style(
        "luxury_serif",
        "Gowun Batang",
        "Cinzel",
        _luxury,
        _luxury_board,
        pad=Pad(0.2, 0.34, 0.34),
        plate_pad=0.3,
        tracking=0.06,
        leading=1.22,
        outlined=False,
        sub_font="Gowun Batang",
    ),
    Style(
        "sale_burst",
        "Black Han Sans",
        "Black Han Sans",
        _sale,
        _no_board,
        pad=Pad(0.5, 0.5, 0.58),
        plate_pad=0.0,
    ),
    Style(
        "sticker",
        "Jua",
        "Jua",
        _sticker,
        _no_board,
        pad=Pad(0.24, 0.24, 0.32),
        tracking=0.03,
        leading=1.2,
        sub_font="Jua",
    ),
    Style(
        "minimal",
        "Pretendard Bold",
        "Pretendard Bold",
        _minimal,
        veil,
        pad=Pad(0.16, 0.36, 0.2),
        plate_pad=0.22,
        outlined=False,
    ),
)
