"""From a task's parameters to an order for a panel."""

from pathlib import Path
from typing import Any

import cv2
from pydantic import ValidationError

from cinefarm.briefs import ShotBrief
from cinefarm.statuses import FailureKind
from worker.engines.storyboard.panel import Order
from worker.task import EngineError, Task

TONES = ("color", "grey", "line")
LEAST_PX, MOST_PX = 64, 4096


def bad(message: str) -> EngineError:
    return EngineError(message, kind=FailureKind.BAD_INPUT)


def read_order(task: Task) -> tuple[Order, bool]:
    """The order, and whether a caption is wanted. Raises `EngineError` (bad input) naming the parameter."""
    given = task.parameters
    shot = _shot(given.get("shot"))
    tone = given.get("tone") or "color"
    if tone not in TONES:
        raise bad(f"Parameter “tone” is {tone!r}; it must be one of {', '.join(TONES)}.")
    caption = given.get("caption", True)
    if not isinstance(caption, bool):
        raise bad(f"Parameter “caption” is {caption!r}; it must be true or false.")
    references = _references(task, shot)
    order = Order(
        shot=shot,
        width=_whole(given, "width", default=1280, least=LEAST_PX, most=MOST_PX),
        height=_whole(given, "height", default=720, least=LEAST_PX, most=MOST_PX),
        seed=_whole(given, "seed", default=0, least=-(2**63), most=2**64),
        tone=tone,
        prompt=_text(given, "prompt"),
        negative=_text(given, "negative_prompt"),
        references=references,
    )
    return order, caption


def _shot(value: Any) -> ShotBrief:
    if isinstance(value, ShotBrief):
        return value
    if not isinstance(value, dict):
        raise bad(f"Parameter “shot” is {type(value).__name__}; it must be an object with id, code and project.")
    try:
        return ShotBrief.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise bad(f"Parameter “shot.{where}” is not usable: {first['msg']}.") from error


def _references(task: Task, shot: ShotBrief) -> dict[str, Path]:
    """Reference pictures by character id. A missing one is left out, an unreadable one is an error."""
    found = {}
    for character in shot.characters:
        name = character.reference_input
        if name is None or name not in task.inputs:
            continue
        path = task.input(name)
        if not path.is_file() or not cv2.haveImageReader(str(path)):
            raise bad(f"Input “{name}”, the reference of {character.name}, is not a picture that can be read.")
        found[character.id] = path
    return found


def _whole(given: dict[str, Any], name: str, *, default: int, least: int, most: int) -> int:
    value = given.get(name, default)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise bad(f"Parameter “{name}” is {value!r}; it must be a whole number.")
    if not least <= int(value) <= most:
        raise bad(f"Parameter “{name}” is {int(value)}; it must lie between {least} and {most}.")
    return int(value)


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad(f"Parameter “{name}” is {type(value).__name__}; it must be text.")
    return value
