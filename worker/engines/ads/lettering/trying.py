"""Designs in turn until one can be read, is whole, and covers nothing of the product."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, cast

import numpy as np

from cinefarm.layout import Layout
from cinefarm.sentences import Said, say, sentence_of
from worker.engines.ads.lettering.colour import readable_on
from worker.engines.ads.lettering.document import document, with_faces
from worker.engines.ads.lettering.plain import drawn_plain
from worker.engines.ads.lettering.reading import LEAST, covered, cut_off, least_contrast
from worker.engines.ads.lettering.rooms import Ground, Room, accent_of, ground_of
from worker.engines.ads.lettering.setting import Pad
from worker.engines.ads.lettering.styles import STYLES, Ink, Style, english_name
from worker.engines.ads.lettering.wish import Lettered, Wish, area_of, faint_note, moved_note, room_for, set_text
from worker.engines.ads.pictures import Matte
from worker.engines.ads.renderer import NoBrowser, Page, RenderFailed, drawing
from worker.engines.media.picture import Pixels

_MOST_TRIES = 6
_MOST_EXTRA = 0.6  # of the size: room left around what was cut off
_PLATES = (0.45, 0.72, 0.93)  # opacities, one after the other
_SAFE = 1.12  # a ground must promise more contrast than is asked, to be tried without a plate


@dataclass(frozen=True)
class _Try:
    style: Style
    ink: Ink
    pad: Pad


def lettered(pixels: Pixels, mask: Matte, layout: Layout, wish: Wish, *, by_model: bool = False) -> Lettered:
    """By the box's language model if wished and set, else by a template.

    Raises `EngineError` (bad input) when the product leaves no room for the text.
    """
    try:
        with drawing() as page:
            failed: Said | None = None
            if by_model:
                found, failed = import_module("worker.engines.ads.lettering.designed").tried(
                    page, pixels, mask, layout, wish
                )
                if found:
                    return cast(Lettered, found)
            done = drawn_on(page, pixels, mask, layout, wish)
    except (NoBrowser, RenderFailed) as error:
        return drawn_on(None, pixels, mask, layout, wish, lack=sentence_of(error))
    return replace(done, told=done.told | {"reason": failed}, notes=(failed, *done.notes)) if failed else done


def drawn_on(page: Page | None, pixels: Pixels, mask: Matte, layout: Layout, wish: Wish, *, lack: str = "") -> Lettered:
    """As `lettered`, by a page, or by Pillow where there is none. Raises `RenderFailed` too."""
    room = room_for(pixels, mask, layout, wish, wish.style.pad)
    ground = ground_of(pixels, room.placed.outer)
    accent = accent_of(pixels, mask, layout.color_analysis.dominant_colors, wish.seed)
    best: Lettered | None = None
    extra = 0.0
    for number, one in enumerate(_tries(wish, ground, accent)):
        found = _drawn(pixels, mask, room, wish, replace(one, pad=one.pad.grown(extra)), page, lack)
        while found.cut and extra < _MOST_EXTRA:
            extra += 0.16
            found = _drawn(pixels, mask, room, wish, replace(one, pad=one.pad.grown(extra)), page, lack)
        if best is None or (found.cut, -found.contrast) < (best.cut, -best.contrast):
            best = found
        if (found.contrast >= LEAST and not found.cut) or number + 1 == _MOST_TRIES:
            break
    assert best
    return replace(best, notes=(*best.notes, *_notes(wish, room, best)))


def _tries(wish: Wish, ground: Ground, accent: str) -> Iterator[_Try]:
    """The design as it is, where its ground promises enough; then with denser and denser plates; then plainly."""
    style = wish.style
    ink = Ink(dark=ground.dark, accent=accent, colour=wish.colour, seed=wish.seed, ground=ground.colour)
    fits_ground = style.outlined or ground.best >= LEAST * _SAFE
    if style.wants == "dark":
        fits_ground = 1.05 / (ground.high + 0.05) >= LEAST * _SAFE
    if wish.colour and not style.outlined:
        ink = replace(ink, colour=readable_on(wish.colour, ground.high if ground.dark else ground.low))
    plated = style.pad.grown(style.plate_pad)
    if fits_ground:
        yield _Try(style, ink, style.pad)
    for opacity in _PLATES:
        yield _Try(style, replace(ink, plate=opacity, colour=wish.colour), plated)
    plain = STYLES["minimal"]
    yield _Try(style, replace(ink, plate=0.96, colour=None), plated)
    yield _Try(plain, replace(ink, plate=0.96, colour=None), plain.pad.grown(plain.plate_pad))


def _drawn(pixels: Pixels, mask: Matte, room: Room, wish: Wish, one: _Try, page: Page | None, lack: str) -> Lettered:
    """Drawn in its room alone, which is free of the product; by Pillow where there is no page (`lack`: why)."""
    height, width = mask.shape
    text = set_text(replace(wish, style=one.style), room.box, one.pad, min(mask.shape), room.placed.middle)
    area = area_of(text, room.box)
    told: dict[str, Any] = {"lettering_by": "template", "style": one.style.name}
    if page:
        both = page.draw(with_faces(text, one.style, one.ink, area), area.width, 2 * area.height)
        piece, faces = both[: area.height], both[area.height :]
        html = document(text, one.style, one.ink, (width, height))
        told |= {"renderer_open": page.open} if page.open else {}
    else:
        piece, faces = drawn_plain(text, one.style, one.ink, area)
        html = ""
        told |= {"lettering_by": "plain", "reason": lack}
    layer = np.zeros((height, width, 4), np.uint8)
    part = (slice(area.y, area.y + area.height), slice(area.x, area.x + area.width))
    layer[part] = piece
    light = np.asarray(faces[..., 3], np.float32) / np.float32(255)
    contrast = least_contrast(pixels[part], piece, light, text.size)
    told |= {
        "contrast": round(contrast, 2),
        "font": text.head[0].runs[0].path.stem,
        "size_px": round(text.size, 1),
        "plate": one.ink.plate,
    }
    return Lettered(layer, html, contrast, covered(layer, mask), cut_off(piece), text, told)


def _notes(wish: Wish, room: Room, best: Lettered) -> Iterator[Said]:
    if moved := moved_note(wish, room):
        yield moved
    if best.told["style"] != wish.style.name:
        wished, taken = english_name(wish.style.name), english_name(best.told["style"])
        yield say("{wished} cannot be read on this picture; {taken} was taken.", wished=wished, taken=taken)
    if faint := faint_note(best.contrast):
        yield faint
