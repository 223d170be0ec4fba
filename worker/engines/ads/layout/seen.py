"""The layout told by a vision model: asked for as JSON, checked, asked once more; else what was measured, and why.

What the model says of objects, and where text should stand, is taken; colours and brightness stay measured. A space
that touches the product is dropped, whatever the model says of it.
"""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from cinefarm.layout import EmptySpace, Layout, ObjectFound, Recommendations, Share
from cinefarm.sentences import plain, say, sentence_of
from worker.engines.ads.layout.features import Features
from worker.engines.ads.layout.spaces import region_of
from worker.engines.media.picture import Pixels, resize
from worker.models.chosen import way_of
from worker.task import Task

MOST_TOKENS = 900
MOST_PIXELS = 1024 * 1024
LEAST_SIDE = 32  # pixels; the model sees in patches of 32
LONGEST_RATIO = 60
UNIT = 1000  # the model tells places in thousandths of the picture
_TOUCHED = 0.01  # of a space: so much product in it, and it is not empty

Asks = Callable[[list[dict[str, Any]]], str]
Thousandth = Annotated[float, Field(ge=0, le=UNIT)]
Corners = tuple[Thousandth, Thousandth, Thousandth, Thousandth]  # left, top, right, bottom


class _Thing(BaseModel):
    type: str = Field(min_length=1, max_length=60)
    bbox: Corners


class _Space(BaseModel):
    bbox: Corners
    suitability: Share
    reason: str = Field("", max_length=300)


class Answer(BaseModel):
    """What the model must say."""

    objects: list[_Thing] = Field(max_length=20)
    empty_spaces: list[_Space] = Field(min_length=1, max_length=12)
    recommendations: Recommendations


_QUESTION = """\
This is the picture of an advertisement; its headline is still to be set. Say what is in it and where text may stand
without covering the product. Answer with one JSON object and nothing else, of this form:
{"objects": [{"type": "product", "bbox": [left, top, right, bottom]}],
"empty_spaces": [{"bbox": [left, top, right, bottom], "suitability": 0.0 to 1.0, "reason": "a few words"}],
"recommendations": {"text_position": "top, middle or bottom", "text_color": "#rrggbb", "background_needed": true
or false, "background_opacity": 0.0 to 1.0, "font_size_range": [least, most]}}
Every bbox is in thousandths of the picture's width and height; font sizes are in thousandths of its height."""


def seen_by_model(task: Task, pixels: Pixels, seen: Features, measured: Layout) -> Layout:
    """Raises `EngineError` for weights that are missing or do not fit."""
    way = way_of(task)
    bundle = way.first("qwen3_vl_8b", "qwen3_vl_2b")
    if not bundle:
        return measured.model_copy(update={"reason": say("The variant “{name}” has no vision model.", name=way.name)})
    width, height = measured.canvas
    if max(width / height, height / width) > LONGEST_RATIO:
        reason = say("{width}x{height} is too narrow for the vision model.", width=width, height=height)
        return measured.model_copy(update={"reason": reason})
    task.progress(0.3, say("loading the vision model"))
    vision = import_module("worker.engines.analysis.vision")
    with vision.asks(task, way, bundle, _small(pixels), MOST_TOKENS) as ask:
        layout = told_by(ask, bundle, seen, measured)
    if layout.reason:
        task.log(layout.reason, "warning")
    return layout


def told_by(ask: Asks, bundle: str, seen: Features, measured: Layout) -> Layout:
    """One question, and one more if the answer cannot be used."""
    picture = {"type": "image"}
    turns: list[dict[str, Any]] = [{"role": "user", "content": [picture, {"type": "text", "text": _QUESTION}]}]
    wrong = plain("")
    for _ in range(2):
        said = ask(turns)
        try:
            return _layout(_read(said), bundle, seen, measured)
        except ValueError as error:
            wrong = sentence_of(error)
        complaint = f"Your answer cannot be used: {wrong}. Answer with the JSON object only."
        turns += [
            {"role": "assistant", "content": [{"type": "text", "text": said}]},
            {"role": "user", "content": [{"type": "text", "text": complaint}]},
        ]
    reason = say("The vision model gave no usable answer, twice: {wrong}. The picture was measured.", wrong=wrong)
    return measured.model_copy(update={"reason": reason})


def _read(said: str) -> Answer:
    """The first JSON object in the text. Raises `ValueError` with what is wrong with it."""
    start = said.find("{")
    if start < 0:
        raise ValueError(say("it holds no JSON object"))
    try:
        found, _ = json.JSONDecoder().raw_decode(said[start:])
        return Answer.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(plain(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(say("its JSON is broken ({error})", error=str(error))) from error


def _layout(answer: Answer, bundle: str, seen: Features, measured: Layout) -> Layout:
    """Raises `ValueError` when none of the spaces is empty."""
    height = measured.canvas[1]
    spaces = [space for one in answer.empty_spaces if (space := _space(one, seen, measured.canvas))]
    if not spaces:
        raise ValueError(say("each of its empty spaces has no extent or covers the product"))
    least, most = (max(1, round(size * height / UNIT)) for size in answer.recommendations.font_size_range)
    return Layout(
        by=bundle,
        canvas=measured.canvas,
        objects=tuple(_object(one, measured.canvas) for one in answer.objects if _box(one.bbox, measured.canvas)),
        color_analysis=measured.color_analysis,
        empty_spaces=tuple(sorted(spaces, key=lambda space: -space.suitability)),
        recommendations=answer.recommendations.model_copy(update={"font_size_range": (least, most)}),
    )


def _space(told: _Space, seen: Features, canvas: tuple[int, int]) -> EmptySpace | None:
    """None where it has no extent or holds product."""
    box = _box(told.bbox, canvas)
    if box is None:
        return None
    x, y, wide, high = (side * seen.scale for side in box)
    part = seen.product[int(y) : max(int(y) + 1, round(y + high)), int(x) : max(int(x) + 1, round(x + wide))]
    if part.size and float(part.mean()) > _TOUCHED:
        return None
    middle = ((box[0] + box[2] / 2) / canvas[0], (box[1] + box[3] / 2) / canvas[1])
    return EmptySpace(region=region_of(*middle), bbox=box, suitability=told.suitability, reason=told.reason)


def _object(told: _Thing, canvas: tuple[int, int]) -> ObjectFound:
    box = _box(told.bbox, canvas)
    assert box
    middle = ((box[0] + box[2] / 2) / canvas[0], (box[1] + box[3] / 2) / canvas[1])
    share = box[2] * box[3] / (canvas[0] * canvas[1])
    return ObjectFound(type=told.type, location=region_of(*middle), bbox=box, coverage=round(share, 4))


def _box(corners: Corners, canvas: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """In pixels; None where it has no extent."""
    across = sorted(round(corners[place] * canvas[0] / UNIT) for place in (0, 2))
    down = sorted(round(corners[place] * canvas[1] / UNIT) for place in (1, 3))
    box = (across[0], down[0], across[1] - across[0], down[1] - down[0])
    return box if box[2] >= 8 and box[3] >= 8 else None


def _small(pixels: Pixels) -> Pixels:
    """No larger and no smaller than the model can look at."""
    height, width = pixels.shape[:2]
    scale = max(min(1.0, (MOST_PIXELS / (width * height)) ** 0.5), LEAST_SIDE / min(width, height))
    return resize(pixels, max(LEAST_SIDE, round(width * scale)), max(LEAST_SIDE, round(height * scale)))
