"""Styles of paper, paint and print: brush, retro, luxury, sale, chalk, sticker, minimal."""

import math

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
    extruded,
    filter_,
    line_gradient,
    outline,
    rect,
    use,
)


def _brush(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    wet = ink.colour or ("#fbf6ea" if ink.dark else "#14110f")
    halo = "#0a0806" if luminance(wet) > 0.3 else "#fffaf0"
    rough = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{2.6 / size:.4f} {9 / size:.4f}" numOctaves="2" '
        f'seed="{ink.seed % 997}" result="grain"/>'
        f'<feDisplacementMap in="SourceGraphic" in2="grain" scale="{0.035 * size:.2f}" xChannelSelector="R" '
        'yChannelSelector="G" result="edge"/>'
        f'<feTurbulence type="fractalNoise" baseFrequency="{1.2 / size:.4f} {22 / size:.4f}" numOctaves="2" '
        f'seed="{ink.seed % 997 + 7}" result="streaks"/>'
        '<feColorMatrix in="streaks" type="matrix" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 '
        '0 0 0 -5 4.3" result="dry"/>'
        '<feComposite in="edge" in2="dry" operator="in"/>'
    )
    defs = filter_("bristles", placed, rough) + blurred("soft", placed, 0.09 * size)
    body = (
        both(fill=halo, stroke=halo, stroke_width=0.12 * size, filter="url(#soft)", opacity=0.75)
        + use("head", fill=wet, stroke=wet, stroke_width=0.022 * size, filter="url(#bristles)")
        + use("sub", fill=wet)
    )
    return Drawing(defs, body + _seal(placed))


def _seal(placed: Placed) -> str:
    """A red seal after the last line, as calligraphers leave one; only where it stays inside."""
    size, line = placed.size, placed.head[-1]
    side = 0.2 * size
    x, y = line.x + line.width + 0.05 * size, line.y - 0.1 * size
    if line.rtl or x + side > placed.outer[0] + placed.outer[2]:
        return ""
    inner = (x + 0.045 * size, y + 0.045 * size, side - 0.09 * size, side - 0.09 * size)
    return rect((x, y, side, side), rx=0.03 * size, fill="#c0271d") + rect(
        inner, rx=0.01 * size, fill="none", stroke="#fff3e6", stroke_width=max(0.6, 0.018 * size)
    )


def _paper_board(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    box = around(placed.box, 0.34 * size)
    torn = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{5 / size:.4f}" numOctaves="3" seed="4" result="rag"/>'
        f'<feDisplacementMap in="SourceGraphic" in2="rag" scale="{0.1 * size:.2f}" xChannelSelector="R" '
        'yChannelSelector="G"/>'
    )
    fill = "#17130f" if ink.dark else "#f7f0e0"
    return Drawing(
        filter_("torn", placed, torn), rect(box, rx=0.05 * size, fill=fill, fill_opacity=ink.plate, filter="url(#torn)")
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


def _dark_board(placed: Placed, ink: Ink) -> Drawing:
    return board(placed, "#15110f", ink.plate)


def _luxury(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    if ink.dark or ink.plate:
        metal = ink.colour or "#e3bd6b"
        stops = ((0.0, lighter(metal, 0.62)), (0.4, metal), (0.55, darker(metal, 0.08)), (0.95, lighter(metal, 0.5)))
        halo, rule, low = "#0c0905", lighter(metal, 0.15), lighter(metal, 0.75)
    else:
        metal = readable_on(ink.colour or "#3a2a12", 0.75, 7)
        stops = ((0.0, darker(metal, 0.35)), (0.4, metal), (0.6, metal), (0.95, darker(metal, 0.25)))
        halo, rule, low = "#fffdf6", "#8f6a1e", darker(metal, 0.2)
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
    burst = _burst(box, 0.2 * size)
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
    """Rays of about one length around a rounded rectangle; `depth` in pixels."""
    x, y, wide, high = box
    middle = (x + wide / 2, y + high / 2)
    rays = max(14, min(64, round((wide + high) / (1.25 * depth))))
    points = []
    for number in range(2 * rays):
        angle = math.pi * number / rays
        across, down = math.cos(angle), math.sin(angle)
        # a superellipse of degree 5: nearly the rectangle, without its corners
        reach = (abs(across) ** 5 + abs(down) ** 5) ** -0.2
        out = depth if number % 2 == 0 else 0.0
        points.append((middle[0] + across * (reach * wide / 2 + out), middle[1] + down * (reach * high / 2 + out)))
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points) + "Z"


def _no_board(placed: Placed, ink: Ink) -> Drawing:
    """A style that brings its own ground."""
    return Drawing("", "")


def _chalk(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    chalk = ink.colour or "#f7f5ec"
    dust = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{min(0.9, 34 / size):.4f}" numOctaves="2" '
        f'seed="{ink.seed % 997}" result="grain"/>'
        '<feColorMatrix in="grain" type="matrix" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 '
        '0 0 0 -6 4.75" result="holes"/>'
        '<feComposite in="SourceGraphic" in2="holes" operator="in" result="rubbed"/>'
        f'<feDisplacementMap in="rubbed" in2="grain" scale="{0.02 * size:.2f}" xChannelSelector="R" '
        'yChannelSelector="G"/>'
    )
    defs = filter_("dust", placed, dust) + blurred("soft", placed, 0.05 * size)
    x, y, wide, high = placed.box
    under = y + high + 0.13 * size
    stroke = (
        f'<path d="M{x + 0.06 * wide:.1f} {under + 0.03 * size:.1f}Q{x + wide * 0.45:.1f} {under - 0.05 * size:.1f} '
        f'{x + 0.95 * wide:.1f} {under:.1f}" stroke="{chalk}" stroke-width="{0.035 * size:.2f}" stroke-linecap="round" '
        'fill="none" filter="url(#dust)" opacity="0.85"/>'
    )
    body = (
        both(fill="#0d1a14", stroke="#0d1a14", stroke_width=0.12 * size, filter="url(#soft)", opacity=0.8)
        + use("head", fill=chalk, stroke=chalk, stroke_width=0.02 * size, filter="url(#dust)")
        + use("sub", fill=chalk)
        + stroke
    )
    return Drawing(defs, body)


def _chalk_board(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    box = around(placed.box, 0.33 * size)
    body = rect(box, rx=0.06 * size, fill="#1f352b", fill_opacity=max(0.9, ink.plate)) + rect(
        around(box, -0.02 * size), rx=0.05 * size, fill="none", stroke="#8a5a33", stroke_width=0.055 * size
    )
    return Drawing("", body)


def _sticker(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    face = readable_on(ink.colour or ink.accent, 1.0, 5.2)
    defs = blurred("soft", placed, 0.04 * size) + line_gradient(
        "print",
        placed,
        (0.0, lighter(face, 0.1) if contrast(luminance(lighter(face, 0.1)), 1.0) > 4.8 else face),
        (0.6, face),
        (0.98, darker(face, 0.18)),
    )
    body = (
        outline(
            "head",
            "#000000",
            0.17 * size,
            transform=f"translate({0.02 * size:.2f} {0.06 * size:.2f})",
            filter="url(#soft)",
            opacity=0.42,
        )
        + outline(
            "sub",
            "#000000",
            0.11 * size,
            transform=f"translate({0.02 * size:.2f} {0.06 * size:.2f})",
            filter="url(#soft)",
            opacity=0.42,
        )
        + outline("head", "#d9dade", 0.172 * size)
        + outline("sub", "#d9dade", 0.112 * size)
        + outline("head", "#ffffff", 0.16 * size)
        + outline("sub", "#ffffff", 0.1 * size)
        + use("head", fill="url(#print)")
        + use("sub", fill=darker(face, 0.3))
    )
    return Drawing(defs, body)


def _minimal(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    if ink.plate:
        face = ink.colour if ink.colour and contrast(luminance(ink.colour), 0.01) > 5.5 else "#ffffff"
    else:
        face = ink.colour or ("#ffffff" if ink.dark else "#15171c")
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
        "brush",
        "East Sea Dokdo",
        "East Sea Dokdo",
        _brush,
        _paper_board,
        pad=Pad(0.26, 0.16, 0.16),
        outlined=False,
        leading=0.92,
        sub_font="Gowun Batang",
    ),
    Style(
        "retro_print",
        "Black Han Sans",
        "Bebas Neue",
        _retro,
        _dark_board,
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
        "chalk",
        "Gaegu",
        "Gaegu",
        _chalk,
        _chalk_board,
        pad=Pad(0.2, 0.16, 0.24),
        outlined=False,
        wants="dark",
        leading=1.05,
        sub_font="Gaegu",
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
        _dark_board,
        pad=Pad(0.16, 0.36, 0.2),
        outlined=False,
    ),
)
