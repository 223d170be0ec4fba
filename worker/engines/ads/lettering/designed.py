"""HTML and CSS for the text by a language model: asked for with the layout, checked, drawn, measured, asked once more.

Whatever it fails at, templates take its place, and the reason is told.
"""

import math
import os
from html import escape

import numpy as np
from pydantic import BaseModel, Field, SecretStr

from cinefarm.layout import Layout
from cinefarm.llm.client import Question, ask_at_once
from cinefarm.llm.errors import LlmError
from cinefarm.llm.settings import OPENAI_URL, LlmSettings
from cinefarm.sentences import Said, say, sentence_of
from worker.engines.ads.lettering.allowed import MOST_CSS, MOST_HTML, NotAllowed, checked_css, checked_html
from worker.engines.ads.lettering.colour import hexed
from worker.engines.ads.lettering.glyphs import embedded, runs_of
from worker.engines.ads.lettering.reading import LEAST, covered, cut_off, least_contrast
from worker.engines.ads.lettering.rooms import Room
from worker.engines.ads.lettering.setting import Pad
from worker.engines.ads.lettering.styles import english_name
from worker.engines.ads.lettering.wish import Lettered, Wish, room_for, typeface
from worker.engines.ads.pictures import Matte
from worker.engines.ads.renderer import Clip, Page
from worker.engines.media.picture import Pixels

_PAD = Pad(0.3, 0.3, 0.3)
_FEWEST = 0.004  # of the room: letters that cover less are none
_LETTERS_ALONE = (
    "*{color:#fff!important;-webkit-text-fill-color:#fff!important;-webkit-text-stroke:0!important;"
    "background:none!important;text-shadow:none!important;box-shadow:none!important;filter:none!important;"
    "border-color:transparent!important;outline:none!important;opacity:1!important;text-decoration:none!important;"
    "mix-blend-mode:normal!important}*::before,*::after{display:none!important}"
)


class Design(BaseModel):
    """What the model must give."""

    html: str = Field(min_length=1, max_length=MOST_HTML)
    css: str = Field(max_length=MOST_CSS)


class Unusable(Exception):
    """Why there is no design of the model."""


def llm_of_this_box() -> LlmSettings:
    """The model that the box's environment names, by the variables that the master reads too."""

    def told(name: str, other: str = "") -> str:
        return os.environ.get(f"CINEFARM_LLM_{name}") or os.environ.get(other or f"OPENAI_{name}") or ""

    key = told("KEY", "OPENAI_API_KEY")
    return LlmSettings(
        base_url=told("BASE_URL") or OPENAI_URL,
        key=SecretStr(key) if key else None,
        model=told("MODEL") or None,
        timeout_s=float(told("TIMEOUT_S") or 60),
    )


def tried(page: Page, pixels: Pixels, mask: Matte, layout: Layout, wish: Wish) -> tuple[Lettered | None, Said | None]:
    """The model's design; or why there is none, and nothing where no model is set. Raises `RenderFailed`."""
    settings = llm_of_this_box()
    if settings.lacking:
        return None, None
    try:
        room = room_for(pixels, mask, layout, wish, _PAD)
        return designed(page, pixels, mask, layout, wish, room, settings), None
    except Unusable as error:
        return None, say("{error} A template was taken.", error=sentence_of(error))


def designed(
    page: Page, pixels: Pixels, mask: Matte, layout: Layout, wish: Wish, room: Room, settings: LlmSettings
) -> Lettered:
    """Asked at most twice. Raises `Unusable` with the reason, `RenderFailed`."""
    question = _question(pixels, layout, wish, room)
    reason: Said | None = None
    for _ in range(2):
        text = question if not reason else f"{question}\n\nYour last design cannot be used: {reason}. Mend that."
        try:
            design = ask_at_once(settings, Question(text, system=_SYSTEM, purpose="ad_lettering"), Design)
            html, css = checked_html(design.html, wish.head, wish.sub), checked_css(design.css)
        except NotAllowed as error:
            reason = sentence_of(error)
            continue
        except LlmError as error:
            raise Unusable(sentence_of(error)) from error
        found = _drawn(page, pixels, mask, wish, room, Design(html=html, css=css), settings.model or "")
        if not (reason := _fault(found, room)):
            return found
    raise Unusable(say("The language model's design cannot be used: {reason}.", reason=reason))


def _fault(found: Lettered, room: Room) -> Said | None:
    if found.cut:
        return say("it does not fit into the rectangle")
    if found.letters < _FEWEST * room.box[2] * room.box[3]:
        return say("its letters are not to be seen")
    if found.contrast < LEAST:
        told = f"{found.contrast:.1f}"
        return say(
            "its contrast with what is behind is {contrast}; at least {least} is needed", contrast=told, least=LEAST
        )
    return None


def _drawn(page: Page, pixels: Pixels, mask: Matte, wish: Wish, room: Room, design: Design, model: str) -> Lettered:
    height, width = mask.shape
    x, y, wide, high = room.box
    area = Clip(math.floor(x), math.floor(y), math.floor(wide), math.floor(high))
    html = _document(wish, design, area)
    piece = page.draw(html, width, height, area)
    faces = page.draw(html.replace("</head>", f"<style>{_LETTERS_ALONE}</style></head>"), width, height, area)
    layer = np.zeros((height, width, 4), np.uint8)
    part = (slice(area.y, area.y + area.height), slice(area.x, area.x + area.width))
    layer[part] = piece
    light = np.asarray(faces[..., 3], np.float32) / np.float32(255)
    contrast = least_contrast(pixels[part], piece, light, room.placed.size)
    told = {
        "lettering_by": "model",
        "model": model,
        "style": wish.style.name,
        "contrast": round(contrast, 2),
    } | ({"renderer_open": page.open} if page.open else {})
    letters = int(np.count_nonzero(light > 0.5))
    return Lettered(layer, html, contrast, covered(layer, mask), cut_off(piece), room.placed, told, letters=letters)


def _document(wish: Wish, design: Design, area: Clip) -> str:
    """The design in its rectangle, with the fonts of the wish's style and the signs that the text shows."""
    chosen = wish.font or typeface(wish.style, wish.head)
    urls = embedded(run for text in (wish.head, wish.sub) if text for run in runs_of(text, chosen.path))
    names = {path: f"f{number}" for number, path in enumerate(urls)}
    faces = "".join(f"@font-face{{font-family:{names[path]};src:url({url})}}" for path, url in urls.items())
    family = ",".join(names.values())
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(wish.head)}</title><style>{faces}'
        "html,body{margin:0;background:transparent}"
        f"#room{{position:absolute;left:{area.x}px;top:{area.y}px;width:{area.width}px;height:{area.height}px;"
        f"display:flex;flex-direction:column;align-items:center;justify-content:center;font-family:{family},sans-serif;"
        f"word-break:keep-all}}{design.css} *{{font-family:{family},sans-serif!important}}</style></head>"
        f'<body><div id="room">{design.html}</div></body></html>'
    )


_SYSTEM = """\
You design the lettering of advertisements as HTML and CSS. Answer with one JSON object {"html": "...", "css": "..."}.
The HTML goes into a rectangle that is already a centred flex column. Allowed tags: div, span, p, h1, h2, h3, b, strong,
em, i, small, br, u, mark, with class and style only. Plain CSS rules: no @-rules, no url(), no animations, no scripts,
no comments. Use gradients, -webkit-background-clip: text, -webkit-text-stroke, text-shadow, rounded plates.
Use the given text exactly and nothing else. Keep everything, shadows too, inside the rectangle with a little margin.
Each letter must have a contrast of at least 4.5 to what is directly beside it: use an outline, or a plate where the
picture is uneven."""


def _question(pixels: Pixels, layout: Layout, wish: Wish, room: Room) -> str:
    x, y, wide, high = (round(side) for side in room.box)
    behind = pixels[y : y + high, x : x + wide].reshape(-1, 3).mean(axis=0) / 255
    wishes = [f"Style: {english_name(wish.style.name)}."]
    if wish.prompt:
        wishes.append(f"Wish of the shop owner: {wish.prompt}")
    if wish.colour:
        wishes.append(f"Colour of the letters: {wish.colour}.")
    return (
        f"Headline: {wish.head}\n"
        + (f"Line below it: {wish.sub}\n" if wish.sub else "")
        + "\n".join(wishes)
        + f"\nThe rectangle is {wide} x {high} pixels; letters of about {round(room.placed.size)} px fit. "
        f"Behind it the picture is {hexed(*behind)} on average.\nLayout analysis: "
        + layout.model_dump_json(include={"color_analysis", "objects", "recommendations"})
    )
