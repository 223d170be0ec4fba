"""What lettering is wished, the room it gets, and what came of it."""

import math
import re
from dataclasses import dataclass, field
from typing import Any

from cinefarm.layout import Layout
from cinefarm.sentences import Said, Word, say
from cinefarm.statuses import FailureKind
from worker import fonts
from worker.engines.ads.lettering.glyphs import optical_em
from worker.engines.ads.lettering.reading import LEAST
from worker.engines.ads.lettering.rooms import MOST, Room, rooms_of
from worker.engines.ads.lettering.setting import Box, Face, Pad, Placed, placed
from worker.engines.ads.lettering.styles import Style
from worker.engines.ads.lettering.styles.parts import around
from worker.engines.ads.pictures import Layer, Matte
from worker.engines.ads.renderer import Clip
from worker.engines.media.picture import Pixels
from worker.task import EngineError

LEAST_PX = 6.0  # letters smaller than this are none
SUB_LEAST = 0.036  # of the picture's shorter side: the line below is not read on a phone when it looks smaller
_KOREAN = re.compile("[\u1100-\u11ff\u3131-\u318f\uac00-\ud7a3]")


@dataclass(frozen=True)
class Wish:
    """What the user wants; texts are clean."""

    head: str
    sub: str
    style: Style
    font: fonts.Typeface | None = None
    colour: str | None = None
    position: str = "auto"
    seed: int = 0
    prompt: str = ""  # how it should look, in the user's words

    @property
    def shown(self) -> str:
        return self.head.upper() if self.style.upper else self.head


@dataclass(frozen=True)
class Lettered:
    """`layer` is as large as the picture."""

    layer: Layer
    html: str
    contrast: float
    covered: int  # pixels of the product that it hides
    cut: bool  # something of it lies beyond its room
    placed: Placed
    told: dict[str, Any] = field(default_factory=dict)  # for the provenance
    notes: tuple[Said, ...] = ()  # sentences for the user
    letters: int = 0  # pixels that are letter, where they were counted


def room_for(pixels: Pixels, mask: Matte, layout: Layout, wish: Wish, pad: Pad) -> Room:
    """The best room. Raises `EngineError` (bad input) when there is none, or none in which letters could be read."""
    side = min(mask.shape)

    def fits(box: Box, middle: tuple[float, float]) -> Placed:
        return set_text(wish, box, pad, side, middle)

    rooms = rooms_of(layout, pixels, mask, wish.position, fits)
    if not rooms or rooms[0].placed.size < LEAST_PX:
        raise EngineError(
            say(
                "The product leaves no room for this text in the picture. Make the product smaller or the text shorter."
            ),
            kind=FailureKind.BAD_INPUT,
        )
    return rooms[0]


def set_text(wish: Wish, box: Box, pad: Pad, side: int, middle: tuple[float, float]) -> Placed:
    """`side` is the shorter one of the picture."""
    style = wish.style
    chosen = wish.font or typeface(style, wish.head)
    sub_font = fonts.font_named(style.sub_font)
    assert sub_font
    return placed(
        wish.shown,
        wish.sub,
        Face(chosen.path, style.tracking, style.leading, optical_em(chosen.path)),
        Face(sub_font.path, 0.0, optical=optical_em(sub_font.path)),
        box,
        pad,
        most_px=MOST * side,
        middle=middle,
        least_sub_px=SUB_LEAST * side,
    )


def typeface(style: Style, text: str) -> fonts.Typeface:
    """One font for the whole line: Latin letters of two fonts beside Korean look like a mistake."""
    korean = any(
        "\u1100" <= sign <= "\u11ff" or "\u3131" <= sign <= "\u318f" or "\uac00" <= sign <= "\ud7a3" for sign in text
    )
    capitals = style.capitals and text.upper() == text
    found = fonts.font_named(style.korean if korean else style.capitals if capitals else style.latin)
    assert found
    return found


def area_of(text: Placed, room: Box) -> Clip:
    """What is drawn, with a margin in which it shows when something is cut off; never beyond the room."""
    x, y, wide, high = around(text.outer, 0.2 * text.size)
    left, top = max(math.ceil(room[0]), math.floor(x)), max(math.ceil(room[1]), math.floor(y))
    right, bottom = min(room[0] + room[2], math.ceil(x + wide)), min(room[1] + room[3], math.ceil(y + high))
    return Clip(left, top, math.floor(right) - left, math.floor(bottom) - top)


def moved_note(wish: Wish, room: Room) -> Said | None:
    """None where the text stands as it was wished."""
    if not room.moved:
        return None
    return say(
        "There is no room for the text at “{position}”; it stands where it fits best.", position=Word(wish.position)
    )


def faint_note(contrast: float) -> Said | None:
    """None where the text can be read."""
    if contrast >= LEAST:
        return None
    told = f"{contrast:.1f}"
    return say("The contrast of the text is {contrast}; below {least} it is hard to read.", contrast=told, least=LEAST)
