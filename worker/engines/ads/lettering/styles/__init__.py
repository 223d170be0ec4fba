"""Styles of lettering, and which one is meant by words.

parts.py    their record and shared pieces
shining.py  balloon, metal, neon, glass, candy
printed.py  retro, luxury, sale, sticker, minimal
written.py  brush, chalk
"""

import difflib

from cinefarm.ad_styles import LETTERINGS, named
from cinefarm.sentences import Said, say
from worker.engines.ads.lettering.styles import printed, shining, written
from worker.engines.ads.lettering.styles.parts import Ink, Style

__all__ = ["DEFAULT", "STYLES", "Ink", "Style", "english_name", "style_of"]

STYLES: dict[str, Style] = {one.name: one for one in (*shining.STYLES, *written.STYLES, *printed.STYLES)}
DEFAULT = "minimal"
_NEAR = 0.7  # likeness of two words, 0 to 1, from which one is taken for the other


def style_of(asked: str) -> tuple[Style, Said | None]:
    """The style meant, and a sentence where it had to be guessed. Korean or English."""
    if not asked.strip():
        return STYLES[DEFAULT], None
    if found := named(asked, LETTERINGS):
        return STYLES[found.id], None
    known = {word.lstrip("~").casefold(): one.id for one in LETTERINGS for word in one.words.split(" | ")}
    for part in (asked.casefold(), *asked.casefold().split()):
        if near := difflib.get_close_matches(part, known, n=1, cutoff=_NEAR):
            name = known[near[0]]
            nearest = english_name(name)
            return STYLES[name], say(
                "No lettering is called “{asked}”; the nearest, {taken}, was taken.", asked=asked, taken=nearest
            )
    taken = english_name(DEFAULT)
    return STYLES[DEFAULT], say("No lettering is called “{asked}”; {taken} was taken.", asked=asked, taken=taken)


def english_name(name: str) -> str:
    return next(one.en for one in LETTERINGS if one.id == name)
