"""A vision model's description of a picture: asked for as JSON, checked, asked once more when it is none."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, ValidationError

from cinefarm.analysis import Category, Description
from worker.engines.media.picture import Pixels, resize
from worker.models.chosen import Way
from worker.task import Task

MOST_PIXELS = 1024 * 1024  # more cost memory and tell little
LEAST_SIDE = 32  # pixels; the model sees in patches of 32
LONGEST_RATIO = 60  # of the sides; beyond it the patches are more than the picture
LANGUAGES = {"en": "English", "ko": "Korean"}
CAPTION_TOKENS = 220  # of one language
TAG_TOKENS = 12  # of one tag in one language

Turn = dict[str, Any]  # a message of the conversation, as chat templates take it
Asks = Callable[[list[Turn]], str]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Answer(BaseModel):
    """What the model must say."""

    caption: dict[str, Sentence]
    tags: dict[str, list[Tag]]
    category: Category


@dataclass(frozen=True)
class Looked:
    description: Description | None
    reason: str = ""  # why there is no description


def look(task: Task, way: Way, bundle: str, pixels: Pixels) -> Looked:
    """Ask the model in `bundle`. Raises `EngineError` for weights that are missing or do not fit."""
    height, width = pixels.shape[:2]
    if max(width / height, height / width) > LONGEST_RATIO:
        return Looked(None, f"{width} × {height} is too narrow for the vision model; the picture was measured.")
    given = task.parameters
    languages = [name for name in LANGUAGES if given["language"] in (name, "both")]
    tokens = len(languages) * (CAPTION_TOKENS + given["max_tags"] * TAG_TOKENS)
    task.progress(0.15, "loading the vision model")
    with import_module("worker.engines.analysis.vision").asks(task, way, bundle, _seen(pixels), tokens) as ask:
        looked = described_by(ask, languages, given["max_tags"])
    if looked.reason:
        task.log(looked.reason, "warning")
    return looked


def described_by(ask: Asks, languages: list[str], max_tags: int) -> Looked:
    """One question, and one more if the answer is not the JSON that was asked for."""
    turns: list[Turn] = [
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": _question(languages, max_tags)}]}
    ]
    said = ask(turns)
    try:
        return Looked(_read(said, languages, max_tags))
    except ValueError as error:
        complaint = f"Your answer cannot be used: {error}. Answer with the JSON object only."
    turns += [
        {"role": "assistant", "content": [{"type": "text", "text": said}]},
        {"role": "user", "content": [{"type": "text", "text": complaint}]},
    ]
    try:
        return Looked(_read(ask(turns), languages, max_tags))
    except ValueError as error:
        return Looked(None, f"The vision model gave no usable answer, twice: {error}. The picture was measured.")


def _question(languages: list[str], max_tags: int) -> str:
    caption = ", ".join(f'"{name}": "one or two sentences in {LANGUAGES[name]}"' for name in languages)
    tags = ", ".join(f'"{name}": ["at most {max_tags} short tags in {LANGUAGES[name]}"]' for name in languages)
    return (
        "Describe this picture for a library in which people look for it by words. Say only what is to be seen. Answer "
        "with one JSON object and nothing else, of this form: "
        f'{{"caption": {{{caption}}}, "tags": {{{tags}}}, "category": "one of {", ".join(Category)}"}}'
    )


def _read(said: str, languages: list[str], max_tags: int) -> Description:
    """The first JSON object in the text. Raises `ValueError` with what is wrong with it."""
    start = said.find("{")
    if start < 0:
        raise ValueError("it holds no JSON object")
    try:
        found, _ = json.JSONDecoder().raw_decode(said[start:])
        answer = Answer.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except ValueError as error:
        raise ValueError(f"its JSON is broken ({error})") from error
    for name in languages:
        if name not in answer.caption or not answer.tags.get(name):
            raise ValueError(f"caption and tags in {LANGUAGES[name]} (“{name}”) are missing")
    return Description(
        caption={name: answer.caption[name] for name in languages},
        tags={name: tuple(dict.fromkeys(answer.tags[name]))[:max_tags] for name in languages},
        category=answer.category,
    )


def _seen(pixels: Pixels) -> Pixels:
    """No larger and no smaller than the model can look at."""
    height, width = pixels.shape[:2]
    scale = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    scale = max(scale, LEAST_SIDE / min(width, height))
    return resize(pixels, max(LEAST_SIDE, round(width * scale)), max(LEAST_SIDE, round(height * scale)))
