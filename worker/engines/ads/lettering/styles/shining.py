"""Styles of material and light: balloon, metal, neon, glass, candy."""

from worker.engines.ads.lettering.colour import darker, lighter, luminance, mixed
from worker.engines.ads.lettering.setting import Pad, Placed
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
    gradient,
    line_gradient,
    outline,
    rect,
    use,
)


def _dark_board(placed: Placed, ink: Ink) -> Drawing:
    return board(placed, "#0d0f16", ink.plate)


def _balloon(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    foil = ink.pick("#ffc933", "#ffc933")
    edge = mixed(darker(foil, 0.86), "#2a1000", 0.6)
    lit = (
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="{0.007 * size:.2f}" result="soft"/>'
        '<feComponentTransfer in="soft" result="shape"><feFuncA type="linear" slope="6" intercept="-2.5"/>'
        "</feComponentTransfer>"
        f'<feGaussianBlur in="shape" stdDeviation="{0.058 * size:.2f}" result="hill"/>'
        f'<feDiffuseLighting in="hill" surfaceScale="{0.17 * size:.2f}" diffuseConstant="1.18" '
        f'lighting-color="{foil}" result="lit"><feDistantLight azimuth="240" elevation="58"/></feDiffuseLighting>'
        f'<feSpecularLighting in="hill" surfaceScale="{0.17 * size:.2f}" specularConstant="1.15" '
        'specularExponent="26" lighting-color="#fffdf0" result="shine">'
        '<feDistantLight azimuth="236" elevation="52"/></feSpecularLighting>'
        f'<feSpecularLighting in="hill" surfaceScale="{0.17 * size:.2f}" specularConstant="0.5" '
        f'specularExponent="14" lighting-color="{lighter(foil, 0.45)}" result="bounce">'
        '<feDistantLight azimuth="65" elevation="40"/></feSpecularLighting>'
        f'<feFlood flood-color="{mixed(foil, "#d98200", 0.45)}" result="amber"/>'
        '<feComposite in="lit" in2="amber" operator="arithmetic" k2="0.62" k3="0.72" result="warm"/>'
        '<feComposite in="warm" in2="shape" operator="in" result="body"/>'
        '<feComposite in="shine" in2="shape" operator="in" result="gloss"/>'
        '<feComposite in="bounce" in2="shape" operator="in" result="under"/>'
        '<feMerge><feMergeNode in="body"/><feMergeNode in="under"/><feMergeNode in="gloss"/></feMerge>'
    )
    defs = filter_("foil", placed, lit) + blurred("soft", placed, 0.055 * size)
    body = (
        outline(
            "head",
            "#000000",
            0.05 * size,
            transform=f"translate({0.03 * size:.2f} {0.085 * size:.2f})",
            filter="url(#soft)",
            opacity=0.5,
        )
        + outline("head", edge, 0.07 * size)
        + use("head", fill=foil, stroke=foil, stroke_width=0.016 * size, stroke_linejoin="round", filter="url(#foil)")
        + _sub(edge, lighter(foil, 0.72), size)
    )
    return Drawing(defs, body)


def _sub(edge: str, fill: str, size: float) -> str:
    return outline("sub", edge, 0.035 * size) + use("sub", fill=fill)


def _metal(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    tint = ink.colour or "#c9d3de"
    dark = mixed(darker(tint, 0.86), "#0b111b", 0.6)
    defs = (
        line_gradient(
            "steel",
            placed,
            (0.0, lighter(tint, 0.95)),
            (0.22, lighter(tint, 0.6)),
            (0.4, darker(tint, 0.16)),
            (0.46, darker(tint, 0.5)),
            (0.49, darker(tint, 0.38)),
            (0.52, lighter(tint, 0.9)),
            (0.66, lighter(tint, 0.45)),
            (0.84, darker(tint, 0.22)),
            (1.0, darker(tint, 0.4)),
        )
        + line_gradient(
            "rim", placed, (0.0, "#ffffff"), (0.45, darker(tint, 0.35)), (0.55, "#ffffff"), (0.9, darker(tint, 0.45))
        )
        + blurred("soft", placed, 0.06 * size)
    )
    body = (
        outline(
            "head",
            "#000000",
            0.05 * size,
            transform=f"translate({0.1 * size:.2f} {0.15 * size:.2f})",
            filter="url(#soft)",
            opacity=0.55,
        )
        + extruded("head", darker(tint, 0.5), darker(tint, 0.72), 0.1 * size, (0.62, 1.0), 0.045 * size)
        + outline("head", dark, 0.06 * size)
        + use("head", fill="url(#rim)", stroke="url(#rim)", stroke_width=0.016 * size, stroke_linejoin="round")
        + use("head", fill="url(#steel)")
        + _sub(dark, "#f2f6fa", size)
    )
    return Drawing(defs, body)


def _neon(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    glow = ink.pick("#ff1f8f", "#2f6bff", "#a52bff", "#ff4326")
    while luminance(glow) > 0.2:  # the tube's edge must stay darker than its white core
        glow = darker(glow, 0.08)
    defs = (
        blurred("wide", placed, 0.2 * size)
        + blurred("near", placed, 0.065 * size)
        + blurred("fine", placed, 0.012 * size)
    )
    tube = {"stroke_linejoin": "round", "stroke_linecap": "round"}
    body = (
        both(fill="#04040a", stroke="#04040a", stroke_width=0.34 * size, filter="url(#wide)", opacity=0.55, **tube)
        + both(fill=glow, stroke=glow, stroke_width=0.2 * size, filter="url(#wide)", opacity=0.85, **tube)
        + both(fill=glow, stroke=glow, stroke_width=0.1 * size, filter="url(#near)", opacity=0.9, **tube)
        + use("head", fill=darker(glow, 0.25), stroke=darker(glow, 0.25), stroke_width=0.072 * size, **tube)
        + use("head", fill="none", stroke=lighter(glow, 0.35), stroke_width=0.02 * size, filter="url(#fine)", **tube)
        + use("head", fill=lighter(glow, 0.93))
        + use("sub", fill=darker(glow, 0.35), stroke=darker(glow, 0.35), stroke_width=0.05 * size, **tube)
        + use("sub", fill=lighter(glow, 0.95))
    )
    return Drawing(defs, body)


def _neon_board(placed: Placed, ink: Ink) -> Drawing:
    return board(placed, "#0b0a14", max(0.72, ink.plate), "#ffffff22", 0.2)


def _glass(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    tint = ink.colour or "#ffffff"
    defs = (
        gradient(
            "pane",
            around(placed.box, 0.34 * size),
            (0.0, "#5b6b80"),
            (0.5, "#33404f"),
            (1.0, "#202a36"),
            angle=(0.35, 1),
        )
        + gradient(
            "gleam",
            around(placed.box, 0.34 * size),
            (0.0, "#ffffff"),
            (0.55, "#ffffff"),
            (1.0, "#8fb4d8"),
            angle=(1, 1),
        )
        + line_gradient(
            "ice", placed, (0.0, "#ffffff"), (0.48, lighter(tint, 0.55)), (0.52, lighter(tint, 0.78)), (0.95, "#ffffff")
        )
        + blurred("soft", placed, 0.05 * size)
        + '<linearGradient id="sheen" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" '
        'stop-opacity="0.34"/><stop offset="1" stop-color="#fff" stop-opacity="0.02"/></linearGradient>'
    )
    pane = around(placed.box, 0.34 * size)
    upper = (pane[0] + 0.03 * size, pane[1] + 0.03 * size, pane[2] - 0.06 * size, pane[3] * 0.46)
    body = (
        rect(
            pane,
            rx=0.3 * size,
            fill="#000000",
            opacity=0.35,
            filter="url(#soft)",
            transform=f"translate(0 {0.06 * size:.2f})",
        )
        + rect(
            pane,
            rx=0.3 * size,
            fill="url(#pane)",
            fill_opacity=max(0.62, ink.plate),
            stroke="url(#gleam)",
            stroke_opacity=0.8,
            stroke_width=max(1.2, 0.022 * size),
        )
        + rect(upper, rx=0.27 * size, fill="url(#sheen)", fill_opacity=0.55)
        + use("head", fill="#0a121c", opacity=0.55, transform=f"translate(0 {0.03 * size:.2f})", filter="url(#soft)")
        + use("head", fill="url(#ice)", stroke="#ffffff", stroke_width=0.012 * size)
        + use("sub", fill="#f4f9ff")
    )
    return Drawing(defs, body)


def _no_board(placed: Placed, ink: Ink) -> Drawing:
    """A style whose own ground grows denser instead."""
    return Drawing("", "")


def _candy(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    flesh = ink.pick("#ff5fa8", "#ff8a2b", "#35c46b", "#5b8cff")
    edge = "#ffffff"
    deep = darker(flesh, 0.72)
    lit = (
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="{0.045 * size:.2f}" result="hill"/>'
        f'<feSpecularLighting in="hill" surfaceScale="{0.12 * size:.2f}" specularConstant="1" specularExponent="34" '
        'lighting-color="#ffffff" result="shine"><feDistantLight azimuth="245" elevation="50"/></feSpecularLighting>'
        '<feComposite in="shine" in2="SourceAlpha" operator="in" result="gloss"/>'
        '<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="gloss"/></feMerge>'
    )
    defs = (
        line_gradient("jelly", placed, (0.0, lighter(flesh, 0.42)), (0.5, flesh), (0.98, darker(flesh, 0.12)))
        + filter_("wet", placed, lit)
        + blurred("soft", placed, 0.05 * size)
    )
    body = (
        outline(
            "head", "#000000", 0.11 * size, transform=f"translate(0 {0.1 * size:.2f})", filter="url(#soft)", opacity=0.4
        )
        + outline("head", edge, 0.115 * size)
        + outline("head", deep, 0.062 * size)
        + use("head", fill="url(#jelly)", filter="url(#wet)")
        + outline("sub", deep, 0.05 * size)
        + use("sub", fill="#ffffff")
    )
    return Drawing(defs, body)


STYLES = (
    Style(
        "gold_balloon",
        "Jua",
        "Bagel Fat One",
        _balloon,
        _dark_board,
        swell=0.014,
        pad=Pad(0.15, 0.12, 0.24),
        tracking=0.03,
        leading=1.1,
    ),
    Style(
        "metal_3d",
        "Black Han Sans",
        "Black Han Sans",
        _metal,
        _dark_board,
        pad=Pad(0.2, 0.1, 0.32),
        tracking=0.02,
    ),
    Style(
        "neon",
        "Do Hyeon",
        "Pacifico",
        _neon,
        _neon_board,
        pad=Pad(0.34, 0.3, 0.34),
        tracking=0.03,
        leading=1.24,
        wants="dark",
    ),
    Style(
        "glass",
        "Pretendard Bold",
        "Pretendard Bold",
        _glass,
        _no_board,
        pad=Pad(0.46, 0.44, 0.52),
        plate_pad=0.0,
    ),
    Style(
        "candy",
        "Bagel Fat One",
        "Bagel Fat One",
        _candy,
        _dark_board,
        pad=Pad(0.2, 0.18, 0.3),
        tracking=0.05,
        leading=1.2,
    ),
)
