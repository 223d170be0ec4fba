"""The lettering stage: a headline and a line below it, designed, over the picture and never over the product.

glyphs.py     which font draws what, widths, the glyphs a document carries
setting.py    lines, size and place in a rectangle
rooms.py      which rectangle
styles/       the designs
document.py   the HTML
reading.py    contrast as it is seen, overlap, cut edges
wish.py       what is wished, and what came of it
trying.py     designs in turn until one can be read
designed.py   HTML by a language model (`allowed.py` checks it)
plain.py      what is drawn where there is no browser
"""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from cinefarm.layout import Layout
from cinefarm.sentences import Said, plain, say
from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker import fonts
from worker.engines.ads.lettering.colour import parsed
from worker.engines.ads.lettering.glyphs import clean, missing
from worker.engines.ads.lettering.styles import Style, style_of
from worker.engines.ads.lettering.trying import lettered
from worker.engines.ads.lettering.wish import Wish
from worker.engines.ads.pictures import data_of, matte_of, picture_of, save_picture, thumbnail_of, unusable
from worker.task import EngineError, Output, Task

MOST_SIGNS = 200


def make(task: Task) -> list[Output]:
    """Raises `EngineError`, `Canceled`."""
    pixels = picture_of(task, "picture")
    height, width = pixels.shape[:2]
    mask = matte_of(task, "mask", (width, height))
    layout = layout_of(task, (width, height))
    wish = wish_of(task)
    task.progress(0.3, say("setting the text"))
    done = lettered(pixels, mask, layout, wish, by_model=bool(task.parameters.get("use_llm_html")))
    task.progress(0.9, say("writing"))
    task.provenance |= done.told
    for note in done.notes:
        task.warn(note)
    outputs = [save_picture(task, done.layer, "lettering.png"), thumbnail_of(task, done.layer)]
    if done.html:
        path = task.out_dir / "lettering.html"
        path.write_text(done.html, "utf-8")
        outputs.append(Output(path, MediaKind.DOCUMENT, OutputRole.EXTRA))
    return outputs


def layout_of(task: Task, canvas: tuple[int, int]) -> Layout:
    """The layout input. Raises `EngineError` (bad input) when it is none, or that of another picture."""
    try:
        layout = Layout.model_validate(data_of(task, "layout"))
    except ValidationError as error:
        first = error.errors()[0]
        raise unusable("layout", plain(f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}")) from error
    if layout.canvas != canvas:
        theirs, ours = ("x".join(map(str, size)) for size in (layout.canvas, canvas))
        raise unusable(
            "layout", say("it is of a picture of {theirs}, and this one is {ours}", theirs=theirs, ours=ours)
        )
    return layout


def wish_of(task: Task, style: Style | None = None) -> Wish:
    """What was asked for, checked. Raises `EngineError` (bad input) for a text that cannot be set."""
    given = task.parameters
    head, sub = clean(given.get("ad_text") or ""), clean(given.get("sub_text") or "")
    if not head:
        raise EngineError(say("The ad's text is empty; write what it is to say."), kind=FailureKind.BAD_INPUT)
    for text in (head, sub):
        if len(text) > MOST_SIGNS:
            raise EngineError(
                say(
                    "A text of {count} signs is too long; the most is {most}. Shorten it.",
                    count=len(text),
                    most=MOST_SIGNS,
                ),
                kind=FailureKind.BAD_INPUT,
            )
    guessed: Said | None = None
    if style is None:
        style, guessed = style_of(given.get("text_style") or "")
    font = fonts.font_named(given["font"]) if given.get("font") else None
    colour = parsed(given["text_color"]) if given.get("text_color") else None
    for note in _unmet(given, guessed, font, colour, head + sub):
        task.warn(note)
    return Wish(
        head,
        sub,
        style,
        font,
        colour,
        position=given.get("text_position") or "auto",
        seed=int(given.get("seed") or 0),
        prompt=given.get("html_style_prompt") or "",
    )


def _unmet(
    given: dict[str, Any], guessed: Said | None, font: fonts.Typeface | None, colour: str | None, text: str
) -> Iterator[Said]:
    """Sentences on what cannot be as it was asked for."""
    if guessed:
        yield guessed
    if given.get("font") and not font:
        names = ", ".join(one.name for one in fonts.list_fonts())
        yield say(
            "There is no font “{font}”; the style's own was taken. There are {names}.", font=given["font"], names=names
        )
    if given.get("text_color") and not colour:
        colour = given["text_color"]
        yield say("“{colour}” is no colour; write it like #ffcc00. The style's own was taken.", colour=colour)
    if lacking := missing(text, fonts.BOLD):
        signs = " ".join(lacking)
        yield say("No font that ships has {signs}; the box's own fonts draw them, if any does.", signs=signs)
