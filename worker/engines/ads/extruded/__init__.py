"""The stage of extruded lettering: the text as lit letters with depth, drawn on the CPU, over the picture.

materials.py  steel, gold, candy, stone, wood, ice
relief.py     face, sides, shadow
"""

import numpy as np

from cinefarm.sentences import say
from worker.engines.ads.extruded.materials import MATERIALS, material_of
from worker.engines.ads.extruded.relief import DEPTH, DIRECTION, EDGE, SHADOW, extruded
from worker.engines.ads.lettering import layout_of, wish_of
from worker.engines.ads.lettering.plain import letters_alone
from worker.engines.ads.lettering.reading import LEAST, least_contrast
from worker.engines.ads.lettering.setting import Pad
from worker.engines.ads.lettering.styles import STYLES
from worker.engines.ads.lettering.wish import area_of, faint_note, moved_note, room_for
from worker.engines.ads.pictures import matte_of, picture_of, save_picture, thumbnail_of
from worker.task import Output, Task

PAD = Pad(EDGE + DEPTH * DIRECTION[0] + SHADOW[0] + 0.16, 0.1, EDGE + DEPTH * DIRECTION[1] + SHADOW[1] + 0.2)
_LIFTS = (0.0, 0.15, 0.3, 0.5)  # by which the face is lightened, one after the other, until it can be read
_SET_AS = {"candy": "candy"}  # material → the template whose fonts it takes; the others are heavy as metal is


def make(task: Task) -> list[Output]:
    """Raises `EngineError`, `Canceled`."""
    pixels = picture_of(task, "picture")
    height, width = pixels.shape[:2]
    mask = matte_of(task, "mask", (width, height))
    layout = layout_of(task, (width, height))
    name, guessed = material_of(task.parameters.get("text_style") or "")
    wish = wish_of(task, STYLES[_SET_AS.get(name, "metal_3d")])
    task.progress(0.3, say("building the letters"))
    room = room_for(pixels, mask, layout, wish, PAD)
    area = area_of(room.placed, room.box)
    letters = letters_alone(room.placed, area)
    part = (slice(area.y, area.y + area.height), slice(area.x, area.x + area.width))
    for lift in _LIFTS:
        piece = extruded(letters, room.placed.size, MATERIALS[name], wish.seed, lift)
        contrast = least_contrast(pixels[part], piece, letters, room.placed.size)
        if contrast >= LEAST:
            break
    layer = np.zeros((height, width, 4), np.uint8)
    layer[part] = piece
    for note in (guessed, moved_note(wish, room), faint_note(contrast)):
        if note:
            task.warn(note)
    task.provenance |= {
        "lettering_by": "relief",
        "style": name,
        "contrast": round(contrast, 2),
        "font": room.placed.head[0].runs[0].path.stem,
        "size_px": round(room.placed.size, 1),
    }
    return [save_picture(task, layer, "lettering.png"), thumbnail_of(task, layer)]
