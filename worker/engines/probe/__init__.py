"""Answers at once: what it was told, and where. It checks the whole way from submit to result and computes nothing."""

import json
import platform
import time

from cinefarm import __version__
from cinefarm.statuses import FailureKind, MediaKind
from worker.task import EngineError, Output, Probe, Task

WORKFLOW = "farm/ping"


def probe() -> Probe:
    """Every box can answer."""
    return Probe(ok=True, version=__version__)


def run(task: Task) -> list[Output]:
    """One small file, `answer.json`. Raises `EngineError` for another workflow."""
    if task.workflow != WORKFLOW:
        message = f"The probe engine has no workflow “{task.workflow}”; it runs {WORKFLOW}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    task.progress(0.5, "answering")
    answer = {
        "number": task.parameters.get("number"),
        "text": task.parameters.get("text"),
        "host": platform.node(),
        "device": task.device,
        "time": time.time(),
    }
    place = task.out_dir / "answer.json"
    place.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return [Output(place, MediaKind.DOCUMENT)]
