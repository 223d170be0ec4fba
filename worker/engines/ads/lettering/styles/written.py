"""Styles of a hand: brush, chalk."""

from worker.engines.ads.lettering.colour import luminance
from worker.engines.ads.lettering.setting import Pad, Placed
from worker.engines.ads.lettering.styles.parts import (
    Drawing,
    Ink,
    Style,
    around,
    blurred,
    both,
    filter_,
    gradient,
    rect,
    use,
)

_ALPHA_OF_NOISE = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0"


def _brush(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    wet = ink.colour or ("#fbf6ea" if ink.dark and not ink.plate else "#14110f")
    halo = "#0a0806" if luminance(wet) > 0.3 else "#fffaf0"
    soft = max(0.7, 0.014 * size)
    # the edge of the letters, softened, is cut where streaks of noise let it: bristles, and letters whole inside
    rough = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{16 / size:.4f} {22 / size:.4f}" numOctaves="3" '
        f'seed="{ink.seed % 997 + 7}" result="noise"/>'
        f'<feColorMatrix in="noise" type="matrix" values="{_ALPHA_OF_NOISE}" result="bristles"/>'
        f'<feGaussianBlur in="SourceAlpha" stdDeviation="{soft:.2f}" result="edge"/>'
        '<feComposite in="edge" in2="bristles" operator="arithmetic" k1="1.2" k2="0.4" result="cut"/>'
        f'<feComponentTransfer in="cut" result="shape"><feFuncA type="linear" slope="{max(3.0, 1.8 * soft):.2f}" '
        f'intercept="{0.5 - 0.5 * max(3.0, 1.8 * soft):.2f}"/></feComponentTransfer>'
        f'<feFlood flood-color="{wet}" result="ink"/><feComposite in="ink" in2="shape" operator="in"/>'
    )
    defs = filter_("bristles", placed, rough) + blurred("soft", placed, 0.05 * size)
    body = use("head", fill=wet, stroke=wet, stroke_width=0.012 * size, filter="url(#bristles)") + use("sub", fill=wet)
    if not ink.plate:
        body = both(fill=halo, stroke=halo, stroke_width=0.06 * size, filter="url(#soft)", opacity=0.6) + body
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


def _paper(placed: Placed, ink: Ink) -> Drawing:
    """A torn sheet of mulberry paper with its fibres and a shadow."""
    size = placed.size
    box = around(placed.box, 0.3 * size)
    torn = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{5 / size:.4f}" numOctaves="3" seed="4" result="rag"/>'
        f'<feDisplacementMap in="SourceGraphic" in2="rag" scale="{0.09 * size:.2f}" xChannelSelector="R" '
        'yChannelSelector="G" result="sheet"/>'
        f'<feTurbulence type="fractalNoise" baseFrequency="{3 / size:.4f} {20 / size:.4f}" numOctaves="3" seed="9"/>'
        '<feColorMatrix type="matrix" values="0 0 0 0 0.45 0 0 0 0 0.36 0 0 0 0 0.22 0 0 0 0.36 -0.16" result="lines"/>'
        '<feComposite in="lines" in2="sheet" operator="in" result="fibres"/>'
        '<feMerge><feMergeNode in="sheet"/><feMergeNode in="fibres"/></feMerge>'
    )
    shade = rect(
        box, rx=0.05 * size, fill="#000000", opacity=0.4, filter="url(#under)", transform=f"translate(0 {0.05 * size})"
    )
    sheet = rect(box, rx=0.05 * size, fill="#f6efdf", fill_opacity=max(0.94, ink.plate), filter="url(#torn)")
    return Drawing(filter_("torn", placed, torn) + blurred("under", placed, 0.05 * size), shade + sheet)


def _chalk(placed: Placed, ink: Ink) -> Drawing:
    size = placed.size
    chalk = ink.colour or "#f7f5ec"
    # grain as fine as the slate's, in strokes that lean; nothing of it is as large as a hole in a letter
    dust = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{min(0.8, 40 / size):.3f} {min(0.6, 24 / size):.3f}" '
        f'numOctaves="3" seed="{ink.seed % 997}" result="grain"/>'
        '<feColorMatrix in="grain" type="matrix" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -2.2 2.2" result="worn"/>'
        f'<feDisplacementMap in="SourceGraphic" in2="grain" scale="{max(1.4, 0.022 * size):.2f}" xChannelSelector="R" '
        'yChannelSelector="G" result="edge"/>'
        '<feComposite in="edge" in2="worn" operator="in"/>'
    )
    defs = filter_("dust", placed, dust) + blurred("soft", placed, 0.06 * size)
    x, y, wide, high = placed.box
    under = y + high + 0.14 * size
    stroke = (
        f'<path d="M{x + 0.16 * wide:.1f} {under + 0.02 * size:.1f}Q{x + wide * 0.5:.1f} {under - 0.06 * size:.1f} '
        f'{x + 0.84 * wide:.1f} {under:.1f}" stroke="{chalk}" stroke-width="{0.03 * size:.2f}" stroke-linecap="round" '
        'fill="none" filter="url(#dust)" opacity="0.7"/>'
    )
    body = use("head", fill=chalk, stroke=chalk, stroke_width=0.03 * size, filter="url(#dust)") + use("sub", fill=chalk)
    if not ink.plate:
        halo = both(fill="#0d1a14", stroke="#0d1a14", stroke_width=0.1 * size, filter="url(#soft)", opacity=0.7)
        return Drawing(defs, halo + body)
    return Drawing(defs, body + stroke)


def _slate(placed: Placed, ink: Ink) -> Drawing:
    """A blackboard in a wooden frame, wiped now and then, with a shadow on what it hangs before."""
    size = placed.size
    box = around(placed.box, 0.32 * size)
    frame = around(box, 0.028 * size)
    wiped = (
        f'<feTurbulence type="fractalNoise" baseFrequency="{0.5 / size:.4f} {1.6 / size:.4f}" numOctaves="3" seed="5"/>'
        '<feColorMatrix type="matrix" values="0 0 0 0 1 0 0 0 0 1 0 0 0 0 0.96 0 0 0 0.9 -0.40"/>'
        '<feComposite in2="SourceGraphic" operator="in"/>'
    )
    defs = (
        gradient("slate", box, (0.0, "#2c4a3d"), (0.5, "#213a30"), (1.0, "#1a3027"), angle=(0.3, 1))
        + gradient("oak", frame, (0.0, "#b98652"), (0.5, "#8d5f37"), (1.0, "#6d4526"), angle=(0.2, 1))
        + filter_("wiped", placed, wiped)
        + blurred("under", placed, 0.05 * size)
    )
    body = (
        rect(frame, rx=0.07 * size, fill="#000000", opacity=0.45, filter="url(#under)")
        + rect(frame, rx=0.06 * size, fill="url(#oak)")
        + rect(around(box, -0.028 * size), rx=0.03 * size, fill="url(#slate)")
        + rect(around(box, -0.028 * size), rx=0.03 * size, fill="#ffffff", opacity=0.35, filter="url(#wiped)")
    )
    return Drawing(defs, body)


STYLES = (
    Style(
        "brush",
        "East Sea Dokdo",
        "East Sea Dokdo",
        _brush,
        _paper,
        pad=Pad(0.26, 0.12, 0.12),
        plate_pad=0.26,
        outlined=False,
        leading=0.92,
        sub_font="Gowun Batang",
    ),
    Style(
        "chalk",
        "Gaegu",
        "Gaegu",
        _chalk,
        _slate,
        pad=Pad(0.16, 0.12, 0.22),
        plate_pad=0.3,
        outlined=False,
        wants="dark",
        leading=1.0,
        sub_font="Gaegu",
    ),
)
