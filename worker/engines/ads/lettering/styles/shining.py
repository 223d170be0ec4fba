"""Styles of material and light: balloon, metal, neon, glass, candy."""

from worker.engines.ads.lettering.colour import darker, lighter, luminance, mixed, readable_on
from worker.engines.ads.lettering.setting import Pad, Placed
from worker.engines.ads.lettering.styles.parts import (
    Drawing,
    Ink,
    Style,
    around,
    blurred,
    both,
    extruded,
    filter_,
    gradient,
    line_gradient,
    outline,
    rect,
    use,
    veil,
)

GLOWS = ("#ff1f8f", "#2f6bff", "#a52bff", "#ff4326", "#00a37a")


def _balloon(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    foil = ink.pick("#ffc53a", "#ffc53a")
    edge = mixed(darker(foil, 0.86), "#2a1000", 0.6)
    hill = f'in="hill" surfaceScale="{0.16 * size:.2f}"'
    lit = (
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="{0.008 * size:.2f}" result="soft"/>'
        '<feComponentTransfer in="soft" result="shape"><feFuncA type="linear" slope="6" intercept="-2.5"/>'
        "</feComponentTransfer>"
        # the hill of a foil skin: a broad swell, and creases that the seam draws into it
        f'<feTurbulence type="fractalNoise" baseFrequency="{5.5 / size:.4f}" numOctaves="2" seed="{ink.seed % 97}" '
        'result="noise"/><feColorMatrix in="noise" type="matrix" '
        'values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0.35 0" result="creases"/>'
        f'<feGaussianBlur in="shape" stdDeviation="{0.062 * size:.2f}" result="swell"/>'
        '<feComposite in="swell" in2="creases" operator="arithmetic" k1="-0.28" k2="1.05" result="hill"/>'
        f'<feDiffuseLighting {hill} diffuseConstant="1.12" lighting-color="{foil}" result="lit">'
        '<feDistantLight azimuth="240" elevation="56"/></feDiffuseLighting>'
        f'<feSpecularLighting {hill} specularConstant="1.0" specularExponent="22" lighting-color="#fff8dc" '
        'result="shine"><feDistantLight azimuth="236" elevation="50"/></feSpecularLighting>'
        f'<feSpecularLighting {hill} specularConstant="0.42" specularExponent="12" '
        f'lighting-color="{mixed(foil, "#ff8a1f", 0.35)}" result="bounce">'
        '<feDistantLight azimuth="60" elevation="38"/></feSpecularLighting>'
        f'<feFlood flood-color="{mixed(foil, "#c96a00", 0.5)}" result="amber"/>'
        '<feComposite in="lit" in2="amber" operator="arithmetic" k2="0.66" k3="0.62" result="warm"/>'
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
        + outline("head", edge, 0.055 * size)
        + use("head", fill=foil, stroke=foil, stroke_width=0.01 * size, stroke_linejoin="round", filter="url(#foil)")
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
    glow = ink.suiting(*GLOWS)
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
    """A dark sign with a tube around it, for places that are too bright for light alone."""
    size = placed.size
    glow = ink.suiting(*GLOWS)
    sign = around(placed.box, 0.38 * size)
    tube = around(sign, -0.075 * size)
    line: dict[str, str | float] = {"rx": 0.17 * size, "fill": "none"}
    body = (
        rect(sign, rx=0.22 * size, fill="#000000", opacity=0.5, filter="url(#under)")
        + rect(sign, rx=0.22 * size, fill="#0b0a14", fill_opacity=max(0.86, ink.plate))
        + rect(tube, stroke=glow, stroke_width=0.07 * size, filter="url(#lit)", opacity=0.9, **line)
        + rect(tube, stroke=lighter(glow, 0.75), stroke_width=max(1.2, 0.02 * size), **line)
    )
    return Drawing(blurred("under", placed, 0.05 * size) + blurred("lit", placed, 0.05 * size), body)


def _glass(placed: Placed, ink: Ink) -> Drawing:
    """Letters on a pane: frosted before a bright picture, smoked before a dark one."""
    size = placed.size
    pane = around(placed.box, 0.34 * size)
    if ink.dark:
        tint = ink.colour or "#ffffff"
        tone = mixed(ink.ground, "#2a3d55", 0.6)
        sides = ((0.0, lighter(tone, 0.22)), (0.5, darker(tone, 0.35)), (1.0, darker(tone, 0.62)))
        letters = ((0.0, "#ffffff"), (0.48, lighter(tint, 0.6)), (0.52, lighter(tint, 0.82)), (0.95, "#ffffff"))
        low, under, opacity = "#f4f9ff", "#06101c", max(0.6, ink.plate)
    else:
        deep = readable_on(ink.colour or mixed(darker(ink.accent, 0.5), "#0a3a78", 0.75), 0.72, 7.0)
        sides = ((0.0, "#ffffff"), (0.55, lighter(ink.ground, 0.82)), (1.0, lighter(ink.ground, 0.68)))
        letters = ((0.0, lighter(deep, 0.12)), (0.48, deep), (0.52, darker(deep, 0.3)), (0.95, deep))
        low, under, opacity = darker(deep, 0.15), "#ffffff", max(0.62, ink.plate)
    defs = (
        gradient("pane", pane, *sides, angle=(0.35, 1))
        + gradient("gleam", pane, (0.0, "#ffffff"), (0.45, "#ffffff"), (1.0, "#a9c6e0"), angle=(1, 1))
        + line_gradient("ice", placed, *letters)
        + blurred("soft", placed, 0.05 * size)
        + blurred("fine", placed, 0.02 * size)
        + '<linearGradient id="sheen" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" '
        'stop-opacity="0.5"/><stop offset="1" stop-color="#fff" stop-opacity="0.02"/></linearGradient>'
        + f'<clipPath id="inside">{rect(pane, rx=0.3 * size)}</clipPath>'
    )
    x, y, wide, high = pane
    # what a pane mirrors: two leaning strips of light
    strips = "".join(
        f'<path d="M{x + at * wide:.1f} {y:.1f}h{broad * wide:.1f}l{-0.5 * high:.1f} {high:.1f}h{-broad * wide:.1f}z" '
        f'fill="#ffffff" opacity="{share}"/>'
        for at, broad, share in ((0.34, 0.13, 0.12), (0.52, 0.035, 0.10))
    )
    sheen = rect((x, y, wide, 0.42 * high), fill="url(#sheen)", fill_opacity=0.45)
    body = (
        rect(
            pane,
            rx=0.3 * size,
            fill="#000000",
            opacity=0.3,
            filter="url(#soft)",
            transform=f"translate(0 {0.06 * size:.2f})",
        )
        + rect(pane, rx=0.3 * size, fill="url(#pane)", fill_opacity=opacity)
        + f'<g clip-path="url(#inside)">{sheen}{strips}</g>'
        + rect(
            around(pane, -0.011 * size),
            rx=0.29 * size,
            fill="none",
            stroke="url(#gleam)",
            stroke_opacity=0.9,
            stroke_width=max(1.2, 0.022 * size),
        )
        + use("head", fill=under, opacity=0.7, transform=f"translate(0 {0.022 * size:.2f})", filter="url(#fine)")
        + use("head", fill="url(#ice)")
        + use("sub", fill=low)
    )
    return Drawing(defs, body)


def _no_board(placed: Placed, ink: Ink) -> Drawing:
    """A style whose own ground grows denser instead."""
    return Drawing("", "")


def _candy(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    flesh = ink.suiting("#ff74b5", "#ffa24d", "#ff857a", "#5fd78c", "#6cbcff", "#c3a0ff")
    edge = "#ffffff"
    deep = readable_on(darker(flesh, 0.7), luminance(darker(flesh, 0.12)), 5.2)
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
        veil,
        swell=0.005,
        pad=Pad(0.15, 0.12, 0.24),
        tracking=0.03,
        leading=1.1,
    ),
    Style(
        "metal_3d",
        "Black Han Sans",
        "Black Han Sans",
        _metal,
        veil,
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
        capitals="Do Hyeon",
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
        veil,
        pad=Pad(0.2, 0.18, 0.3),
        tracking=0.05,
        leading=1.2,
    ),
)
