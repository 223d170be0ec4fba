"""The HTML of set text: one SVG as large as the picture, its fonts in it, nothing to fetch and no script."""

from html import escape
from pathlib import Path

from worker.engines.ads.lettering.glyphs import embedded
from worker.engines.ads.lettering.setting import Line, Placed
from worker.engines.ads.lettering.styles import Ink, Style
from worker.engines.ads.lettering.styles.parts import Drawing, use
from worker.engines.ads.renderer import Clip

_BASE = (
    "html,body{margin:0;background:transparent}svg{position:absolute;overflow:hidden}"
    "text{white-space:pre;font-kerning:none;font-variant-ligatures:none}"
)


def document(placed: Placed, style: Style, ink: Ink, canvas: tuple[int, int]) -> str:
    """As it is seen, on the whole canvas. Signs of the text are escaped; everything else is ours."""
    defs, body = _designed(placed, style, ink)
    return _page(placed, _svg(Clip(0, 0, *canvas), (0, 0), _letters(placed) + defs, body))


def with_faces(placed: Placed, style: Style, ink: Ink, area: Clip) -> str:
    """The area of the canvas as it is seen, and below it once more the letters alone, white on nothing."""
    defs, body = _designed(placed, style, ink)
    fat = 2 * style.swell * placed.size
    head = use("head", fill="#ffffff", stroke="#ffffff", stroke_width=fat, stroke_linejoin="round")
    seen = _svg(area, (0, 0), _letters(placed) + defs, body)
    return _page(placed, seen + _svg(area, (0, area.height), "", head + use("sub", fill="#ffffff")))


def _designed(placed: Placed, style: Style, ink: Ink) -> tuple[str, str]:
    drawing = style.draw(placed, ink)
    plate = style.plate(placed, ink) if ink.plate else Drawing("", "")
    return drawing.defs + plate.defs, plate.body + drawing.body + '<use href="#signs"/>'


def _svg(area: Clip, at: tuple[int, int], defs: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{area.width}" height="{area.height}" '
        f'viewBox="{area.x} {area.y} {area.width} {area.height}" style="left:{at[0]}px;top:{at[1]}px">'
        f"<defs>{defs}</defs>{body}</svg>"
    )


def _page(placed: Placed, body: str) -> str:
    faces = "".join(f"@font-face{{font-family:{name};src:url({url})}}" for name, url in _fonts(placed).values())
    title = escape(" ".join(line.text for line in placed.head))
    return f'<!doctype html><meta charset="utf-8"><title>{title}</title><style>{faces}{_BASE}</style>{body}'


def _fonts(placed: Placed) -> dict[Path, tuple[str, str]]:
    """Name and data: URL of each."""
    urls = embedded(run for line in placed.lines for run in line.runs)
    return {path: (f"f{number}", url) for number, (path, url) in enumerate(urls.items())}


def _letters(placed: Placed) -> str:
    """`#head`, `#sub`, and the emoji of both, which take no colour."""
    names = {path: name for path, (name, _) in _fonts(placed).items()}
    head = "".join(_line(line, names, emoji=False) for line in placed.head)
    sub = "".join(_line(line, names, emoji=False) for line in placed.sub)
    signs = "".join(_line(line, names, emoji=True) for line in placed.lines)
    return f'<g id="head">{head}</g><g id="sub">{sub}</g><g id="signs">{signs}</g>'


def _line(line: Line, names: dict[Path, str], *, emoji: bool) -> str:
    """Runs at the places they were measured at; a line that runs right to left is left to the browser's shaping."""
    if line.rtl:
        if emoji:
            return ""
        family = ",".join(dict.fromkeys(names[run.path] for run in line.runs))
        right = line.x + line.width
        return (
            f'<text x="{right:.2f}" y="{line.y:.2f}" direction="rtl" font-family="{family},sans-serif" '
            f'font-size="{line.size:.2f}">{escape(line.text)}</text>'
        )
    drawn, x = "", line.x
    for run, width in zip(line.runs, line.widths, strict=True):
        if run.emoji == emoji and run.text.strip():
            drawn += (
                f'<text x="{x:.2f}" y="{line.y:.2f}" font-family="{names[run.path]},sans-serif" '
                f'font-size="{line.size:.2f}" letter-spacing="{line.tracking:.2f}">{escape(run.text)}</text>'
            )
        x += width
    return drawn
