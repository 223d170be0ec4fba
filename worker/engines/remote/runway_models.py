"""What each model that Runway sells takes, by the types of its SDK (runwayml 5.24)."""

import math
from dataclasses import dataclass, field
from typing import Any

from cinefarm.statuses import FailureKind
from worker.task import EngineError, Task

_GEN4 = ("1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672")


@dataclass(frozen=True)
class Model:
    seconds: tuple[int, ...]  # what can be bought, in order
    ratios: tuple[str, ...] = ()  # none: the video has the shape of the picture
    takes_seed: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


MODELS = {
    "gen4_turbo": Model(tuple(range(2, 11)), _GEN4, takes_seed=True),
    "gen4.5": Model(tuple(range(2, 11)), _GEN4, takes_seed=True),
    "kling2.5_turbo_pro": Model((5, 10)),
    # sound costs more, and a shot has its own
    "kling3.0_standard": Model(tuple(range(3, 11)), ("1280:720", "720:1280", "960:960"), extra={"audio": False}),
    "kling3.0_pro": Model(tuple(range(3, 11)), ("1920:1080", "1080:1920", "1440:1440"), extra={"audio": False}),
}


def runway_request(task: Task, *, wanted_s: float | None, width: int, height: int) -> dict[str, Any]:
    """What is asked, without the picture. Raises `EngineError` (bad input) for a model or a length that is not sold."""
    name = str(task.parameters.get("model", "gen4_turbo"))
    model = MODELS.get(name)
    if model is None:
        message = f"Model: Runway's {name} is not known here; there are {', '.join(MODELS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    request: dict[str, Any] = {
        "model": name,
        "duration": _seconds(name, model, task.parameters.get("duration_s"), wanted_s),
        "prompt_text": str(task.parameters.get("prompt", "")),
        **model.extra,
    }
    if model.ratios:
        request["ratio"] = _ratio(model, str(task.parameters.get("ratio", "auto")), width / height)
    if (seed := task.parameters.get("seed")) is not None:
        if model.takes_seed:
            request["seed"] = int(seed) & 0xFFFFFFFF
        else:
            task.log(f"{name} takes no seed; it is left out.", "warning")
    return request


def _seconds(name: str, model: Model, given: Any, wanted_s: float | None) -> int:
    """What was given, else the shortest that covers the shot, else the longest there is."""
    if given is None:
        wanted = round(wanted_s or 0.0, 3)
        return next((seconds for seconds in model.seconds if seconds >= wanted), model.seconds[-1])
    if int(given) not in model.seconds:
        sold = ", ".join(map(str, model.seconds))
        message = f"Seconds to buy: {given} is not possible with {name}; Runway sells {sold}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    return int(given)


def _ratio(model: Model, given: str, of_picture: float) -> str:
    """The nearest that the model has to what was given, or to the picture."""
    wanted = of_picture if given == "auto" else _shape(given)
    return min(model.ratios, key=lambda ratio: abs(math.log(_shape(ratio) / wanted)))


def _shape(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return int(width) / int(height)
