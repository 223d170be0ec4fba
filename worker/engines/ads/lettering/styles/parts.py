"""What styles are made of: their record, and pieces of SVG that several use.

Lengths in a style are in units of the headline's size. `#head` and `#sub` are the lines, without colour of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from worker.engines.ads.lettering.colour import darker, hue_of, lighter, mixed
from worker.engines.ads.lettering.setting import Box, Pad, Placed

LEAST_OUTLINE = 2.8  # pixels
_NEAR_HUE = 0.13  # of the circle


@dataclass(frozen=True)
class Ink:
    """What a style is coloured by."""

    dark: bool  # the ground
    accent: str  # a vivid colour that suits the picture
    colour: str | None = None  # that the user wants
    seed: int = 0
    plate: float = 0.0  # opacity of a plate behind the text; 0: none
    ground: str = "#808080"  # mean colour of what lies behind

    def suiting(self, *choices: str) -> str:
        """The wished colour, else the choice whose hue is nearest to the accent's, or another near one by the seed."""
        wanted = hue_of(self.accent)[0]
        away = {one: abs((hue_of(one)[0] - wanted + 0.5) % 1 - 0.5) for one in choices}
        near = [one for one in sorted(choices, key=lambda one: away[one]) if away[one] < _NEAR_HUE][:2]
        return self.colour or (near[self.seed % len(near)] if near else min(choices, key=lambda one: away[one]))

    def pick(self, *choices: str) -> str:
        """The wished colour, else one of the choices by the seed."""
        return self.colour or choices[self.seed % len(choices)]


@dataclass(frozen=True)
class Drawing:
    defs: str
    body: str


@dataclass(frozen=True)
class Style:
    name: str  # in `cinefarm.ad_styles`, which has its words
    korean: str  # font
    latin: str
    draw: Callable[[Placed, Ink], Drawing]
    plate: Callable[[Placed, Ink], Drawing]
    pad: Pad = field(default_factory=lambda: Pad(0.16, 0.14, 0.2))
    plate_pad: float = 0.38
    tracking: float = 0.0
    leading: float = 1.12
    upper: bool = False
    capitals: str = ""  # font for a text of Latin capitals, where the other has none to be set beside each other
    swell: float = 0.0  # by which the drawn letters are fatter than the font's, on each side
    outlined: bool = True  # its own outline parts it from any ground
    wants: str = ""  # "dark" or "light": the only ground on which it looks right
    sub_font: str = "Pretendard Bold"


def use(what: str, **attributes: str | float) -> str:
    """`#head` or `#sub` once more, such as `use("head", fill="#fff", stroke_width=3)`."""
    told = " ".join(f'{name.replace("_", "-")}="{_told(value)}"' for name, value in attributes.items())
    return f'<use href="#{what}" {told}/>'


def both(**attributes: str | float) -> str:
    return use("head", **attributes) + use("sub", **attributes)


def outline(what: str, colour: str, width: float, **attributes: str | float) -> str:
    """`width` in pixels on each side of the letter's edge; so many at least that it is seen."""
    return use(
        what,
        fill=colour,
        stroke=colour,
        stroke_width=2 * max(width, LEAST_OUTLINE) if width else 0,
        stroke_linejoin="round",
        stroke_linecap="round",
        **attributes,
    )


def extruded(what: str, near: str, far: str, depth: float, angle: tuple[float, float], width: float = 0.0) -> str:
    """Copies behind the letters, `depth` pixels along `angle`, the farthest first, from `far` to `near` in colour."""
    steps = max(2, min(28, round(depth)))
    drawn = ""
    for number in range(steps, 0, -1):
        across, down = (depth * part * number / steps for part in angle)
        moved = f"translate({_told(across)} {_told(down)})"
        drawn += outline(what, near if number < steps * 0.12 else far, width, transform=moved)
    return drawn


def gradient(name: str, box: Box, *stops: tuple[float, str], angle: tuple[float, float] = (0, 1)) -> str:
    """Linear over the box from top to bottom, or along `angle`."""
    x, y, wide, high = box
    told = "".join(f'<stop offset="{_told(at)}" stop-color="{colour}"/>' for at, colour in stops)
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="{_told(x)}" y1="{_told(y)}" '
        f'x2="{_told(x + wide * angle[0])}" y2="{_told(y + high * angle[1])}">{told}</linearGradient>'
    )


def line_gradient(name: str, placed: Placed, *stops: tuple[float, str]) -> str:
    """From top to bottom of every line of the headline anew."""
    line = placed.head[0]
    step = placed.head[1].y - line.y if len(placed.head) > 1 else placed.size * 1.2
    told = "".join(f'<stop offset="{_told(at)}" stop-color="{colour}"/>' for at, colour in stops)
    top = line.y - 0.84 * placed.size
    return (
        f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="0" y1="{_told(top)}" x2="0" '
        f'y2="{_told(top + step)}" spreadMethod="repeat">{told}</linearGradient>'
    )


def filter_(name: str, placed: Placed, inner: str) -> str:
    x, y, wide, high = around(placed.outer, 0.3 * placed.size)
    return (
        f'<filter id="{name}" filterUnits="userSpaceOnUse" x="{_told(x)}" y="{_told(y)}" width="{_told(wide)}" '
        f'height="{_told(high)}" color-interpolation-filters="sRGB">{inner}</filter>'
    )


def blurred(name: str, placed: Placed, by: float) -> str:
    """A filter that blurs by so many pixels."""
    return filter_(name, placed, f'<feGaussianBlur stdDeviation="{_told(by)}"/>')


def around(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + 2 * by, box[3] + 2 * by


def rect(box: Box, **attributes: str | float) -> str:
    x, y, wide, high = (_told(side) for side in box)
    told = " ".join(f'{name.replace("_", "-")}="{_told(value)}"' for name, value in attributes.items())
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" {told}/>'


def veil(placed: Placed, ink: Ink) -> Drawing:
    """Shade or haze in the picture's own tone, which follows the letters and has no edge."""
    size = placed.size
    tone = darker(mixed(ink.ground, "#10131a", 0.45), 0.72) if ink.dark else lighter(ink.ground, 0.9)
    cloud: dict[str, str | float] = {"fill": tone, "stroke": tone, "stroke_linejoin": "round"}
    body = both(stroke_width=0.34 * size, filter="url(#veil)", opacity=0.85 * ink.plate, **cloud) + both(
        stroke_width=0.13 * size, filter="url(#near-veil)", opacity=ink.plate, **cloud
    )
    return Drawing(blurred("veil", placed, 0.1 * size) + blurred("near-veil", placed, 0.035 * size), body)


def contour(name: str, placed: Placed, by: float, *floods: tuple[float, str]) -> str:
    """A filter that rounds what it is laid on, closes its small holes, and fills it: each flood with a threshold of
    0.5 and less, the lower the wider; `by` is how far it rounds, in pixels."""
    slope = max(4.0, 2.2 * by)
    inner = f'<feGaussianBlur in="SourceAlpha" stdDeviation="{_told(by)}" result="round"/>'
    for number, (level, colour) in enumerate(floods):
        inner += (
            f'<feComponentTransfer in="round" result="cut{number}"><feFuncA type="linear" slope="{_told(slope)}" '
            f'intercept="{_told(0.5 - slope * level)}"/></feComponentTransfer>'
            f'<feFlood flood-color="{colour}" result="ink{number}"/>'
            f'<feComposite in="ink{number}" in2="cut{number}" operator="in" result="flat{number}"/>'
        )
    layers = "".join(f'<feMergeNode in="flat{number}"/>' for number in range(len(floods)))
    return filter_(name, placed, f"{inner}<feMerge>{layers}</feMerge>")


def board(placed: Placed, fill: str, opacity: float, rim: str = "", radius: float = 0.22) -> Drawing:
    """A rounded plate around the letters, with a fine rim if wished."""
    size = placed.size
    box = around(placed.box, 0.36 * size)
    body = rect(box, rx=radius * size, fill=fill, fill_opacity=opacity)
    if rim:
        body += rect(
            around(box, -0.07 * size),
            rx=max(0.0, radius - 0.05) * size,
            fill="none",
            stroke=rim,
            stroke_width=max(1.0, 0.018 * size),
            stroke_opacity=0.85,
        )
    return Drawing("", body)


def _told(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
