"""Cutting the product out of its photo.

A photo with alpha is used as it is. Else a mask is found in a small copy and refined to a matte at full size; how far
it can be trusted is measured and told with it.

reading.py   photo and painted hint
backdrop.py  the colour of a plain ground, and what is that ground in light or shadow
ground.py    the mask on a plain ground
busy.py      the mask on a busy one, and of what somebody painted on
view.py      what is looked at for that: colours, textures, focus
walks.py     ways over the picture, longer where colours step
strange.py   what beside the mask may be a part that was lost
leaning.py   how far each pixel leans to the product
refining.py  matte and colours at full size
vitmatte.py  the matte by ViTMatte, where its weights are
given.py     the matte that a model made before (`ads/matte`)
gate.py      whether to trust it
"""

from dataclasses import dataclass
from importlib import import_module

import cv2
import numpy as np

from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.engines.ads.cutout import backdrop, busy, gate, given, ground, leaning, refining
from worker.engines.ads.cutout.backdrop import Backdrop, Mask, bits
from worker.engines.ads.cutout.reading import Hint, hint_of, photo_of
from worker.engines.ads.cutout.strange import strange_beside
from worker.engines.ads.cutout.view import view_of
from worker.engines.ads.pictures import Matte, save_data, save_picture, thumbnail_of
from worker.engines.media.picture import Pixels, resize
from worker.models.chosen import Way, way_of
from worker.task import EngineError, Output, Task

_LIKELY = 0.85  # confidence of what was found on a plain ground, for strokes to change only the parts that they touch
_STRANGE = 0.25  # of what lies beside a mask: more, and a part of the product was lost there
_LESS_STRANGE = 0.1  # than before: then what was added did belong to it
SMALL = 512  # pixels of the longer side of the copy in which the mask is found


@dataclass(frozen=True)
class Found:
    mask: Mask  # of the small copy
    by: str
    measures: gate.Measures
    verdict: gate.Verdict
    steady: float  # how alike masks were that were found in other ways or with more care (IoU)


def make(task: Task) -> list[Output]:
    """cutout.png, as large as the photo or at most 2048 pixels a side, and cutout.json. Raises `EngineError`."""
    photo = photo_of(task, "product_image")
    hint = hint_of(task, "hint_image", photo)
    if photo.alpha is not None and hint is None:
        return _deliver(task, photo.pixels, photo.alpha, gate.Verdict(1.0, True, ()), by="alpha")
    model = given.given_matte(task, photo)
    task.progress(0.15, say("finding the product"))
    if model is None:
        found, matte = _without_model(task, photo.pixels, hint)
    elif hint is None:
        found, matte = _by_model(task, photo.pixels, model)
    else:
        found, matte = _put_right(task, photo.pixels, model, hint)
    matte = painted(matte, hint)
    colours = refining.own_colours(photo.pixels, matte)
    return _deliver(task, colours, matte, found.verdict, by=task.provenance.get("matte_by", found.by))


def _without_model(task: Task, pixels: Pixels, hint: Hint | None) -> tuple[Found, Matte]:
    small = small_of(pixels)
    found = product_of(small, hint.sized(small.shape[1], small.shape[0]) if hint else None)
    if hint is None:
        _refuse(found.measures)
    task.progress(0.45, say("refining the edge"))
    return found, _matte(task, way_of(task), pixels, found.mask)


def _by_model(task: Task, pixels: Pixels, model: Matte) -> tuple[Found, Matte]:
    """Unless it is doubted, and what is found without it is not."""
    small = small_of(pixels)
    found = _found_in(model, small, hinted=False)
    if not found.verdict.trusted:
        own = product_of(small, None)
        if own.verdict.trusted or (found.measures.fills and not own.measures.fills):
            task.provenance["model_confidence"] = round(found.verdict.confidence, 3)
            task.log("The model's matte is doubted, and what was found without it is not: that is taken.")
            _refuse(own.measures)
            return own, _matte(task, way_of(task), pixels, own.mask)
    _refuse(found.measures)
    task.provenance["matte_by"] = given.BY
    return found, model


def _put_right(task: Task, pixels: Pixels, model: Matte, hint: Hint) -> tuple[Found, Matte]:
    _, own = _without_model(task, pixels, hint)
    task.provenance["matte_by"] = given.BY
    matte = given.overruled(model, own, hint)
    return _found_in(painted(matte, hint), small_of(pixels), hinted=True), matte


def _found_in(matte: Matte, small: Pixels, *, hinted: bool) -> Found:
    mask, steady = given.mask_of(matte, *small.shape[1::-1])
    return _judged(mask, backdrop.measured(small), given.BY, steady, hinted=hinted)


def _matte(task: Task, way: Way, pixels: Pixels, mask: Mask) -> Matte:
    """By ViTMatte where its weights are in the variant, else by the colours beside the edge."""
    if not way.first("vitmatte_small"):
        return refining.refined(pixels, mask)
    matte: Matte = import_module("worker.engines.ads.cutout.vitmatte").refined(task, way, pixels, mask)
    task.provenance["matte_by"] = "vitmatte"
    return matte


def small_of(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, SMALL / max(height, width))
    return resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))


def product_of(small: Pixels, hint: Hint | None) -> Found:
    """The best of what is found with more and more care, or from several guesses; how alike these are speaks for it."""
    seen = backdrop.measured(small)
    if not seen.is_plain:
        if hint is not None and hint.keep.any():
            return _painted_on(small, seen, hint, None)
        found = _best([busy.product_in(small, oval) for oval in busy.OVALS], seen, "grabcut")
        found = _completed(small, seen, found)
        return found if hint is None else _painted_on(small, seen, hint, found.mask)
    found = _best([ground.product_on(seen, care) for care in ground.CARES], seen, "backdrop")
    return found if hint is None else _put_right_by(hint, small, seen, found)


def _completed(small: Pixels, seen: Backdrop, found: Found) -> Found:
    """With what was lost beside it, if that leaves less that is strange to the ground there."""
    if found.measures.strange < _STRANGE:
        return found
    more = strange_beside(found.mask, seen.lab).lit
    best = found
    for sure in (False, True):
        mask = busy.with_more(small, found.mask, more, sure=sure)
        whole = _judged(mask, seen, found.by, found.steady)
        if whole.measures.strange < best.measures.strange - _LESS_STRANGE:
            best = whole
        if best.measures.strange < _STRANGE:
            break
    return best


def _put_right_by(hint: Hint, small: Pixels, seen: Backdrop, found: Found) -> Found:
    """What was found on a plain ground, changed where strokes say so; or found anew, where that looks better."""
    anew = _painted_on(small, seen, hint, found.mask)
    one, other = (np.asarray(mask, np.float32) for mask in (found.mask, anew.mask))
    mask = np.asarray(given.overruled(one, other, hint) > 0.5, np.bool_)
    mended = _judged((mask | hint.keep) & ~hint.remove, seen, "hint", _likeness(mask, anew.mask), hinted=True)
    return mended if found.verdict.confidence > _LIKELY else max(mended, anew, key=_clear)


def _painted_on(small: Pixels, seen: Backdrop, hint: Hint, plain: Mask | None) -> Found:
    """What leans to the green strokes rather than to the red ones; what was found on a plain ground speaks, too."""
    view = view_of(small, seen.lab)
    strokes = hint.sized(*view.shape[::-1])
    leans = leaning.from_strokes(view, strokes) if strokes.keep.any() else leaning.from_middle(view, strokes.remove)
    if plain is not None:
        leans = leans.backed(plain)
    likely = busy.divided(view, leans)
    mask = busy.product_of(small, view, leans, likely, hint)
    return _judged(mask, seen, "hint", _likeness(view.halved(mask), likely), hinted=True)


def _best(masks: list[Mask], seen: Backdrop, by: str) -> Found:
    steady = min(_likeness(masks[0], mask) for mask in masks[1:])
    found = [_judged(mask, seen, by, steady) for mask in masks]
    return max(found, key=_clear)


def _clear(found: Found) -> float:
    return found.measures.on_edges - found.measures.faint


def _judged(mask: Mask, seen: Backdrop, by: str, steady: float, *, hinted: bool = False) -> Found:
    measures = gate.measured(mask, seen, plain=seen.is_plain)
    verdict = gate.verdict(measures, plain=seen.is_plain, steady=steady, hinted=hinted)
    return Found(mask, by, measures, verdict, steady)


def _likeness(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max(1, int((one | other).sum())))


def painted(matte: Matte, hint: Hint | None) -> Matte:
    """What was painted is kept or removed whatever was found."""
    if hint is None:
        return matte
    kept = np.where(hint.keep, np.float32(1), matte)
    return np.asarray(np.where(hint.remove, np.float32(0), kept), np.float32)


def _refuse(measures: gate.Measures) -> None:
    """Raises `EngineError` (bad input) where there is nothing to hand on."""
    if measures.coverage < gate.NOTHING:
        raise EngineError(
            say(
                "No product was found in the photo: it all looks like background. Use a photo in which the product "
                "is larger or stands out from what is behind it, or paint it green as a hint."
            ),
            kind=FailureKind.BAD_INPUT,
        )
    if measures.fills:
        raise EngineError(
            say(
                "The product fills the whole photo, so there is no background to tell it from. Use a photo with some "
                "space about it, or paint the product green and the background red as a hint."
            ),
            kind=FailureKind.BAD_INPUT,
        )


def _deliver(task: Task, colours: Pixels, matte: Matte, verdict: gate.Verdict, *, by: str) -> list[Output]:
    task.progress(0.85, say("writing"))
    alpha = np.asarray(np.clip(matte * 255 + 0.5, 0, 255), np.uint8)
    height, width = alpha.shape
    x, y, wide, high = cv2.boundingRect(bits(alpha > 12))
    about = {
        "by": by,
        "confidence": round(verdict.confidence, 3),
        "trusted": verdict.trusted,
        "box": [round(x / width, 4), round(y / height, 4), round((x + wide) / width, 4), round((y + high) / height, 4)],
        "coverage": round(float(matte.mean()), 4),
        "warnings": list(verdict.warnings),
    }
    task.provenance |= {"cut_out_by": by, "confidence": about["confidence"]}
    for warning in verdict.warnings:
        task.warn(warning)
    layer = np.dstack([colours, alpha])
    return [
        save_picture(task, layer, "cutout.png", confidence=about["confidence"], trusted=verdict.trusted),
        save_data(task, about, "cutout.json"),
        thumbnail_of(task, layer),
    ]
