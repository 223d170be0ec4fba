"""Progress, previews and cancel after each step of a pipeline."""

import time
from collections.abc import Callable
from typing import Any

import torch

from worker.task import Task

PREVIEW_EVERY_S = 1.0

Shows = Callable[[torch.Tensor], bytes | None]  # latents → a small JPEG, or nothing


def steps_of_change(task: Task, steps: int, strength: float) -> tuple[int, float]:
    """How many of the steps are drawn over a picture that may change by `strength`, and the strength that says so.

    One at least, or nothing would be drawn: said where the strength asks for less.
    """
    least = 1 / steps
    if strength < least:
        task.log(f"A change of {strength:g} is less than one of {steps} steps; one step was drawn.")
        task.provenance["asked_strength"] = strength
    used = max(strength, least)
    return max(1, steps - int(max(steps - steps * used, 0))), used


class Steps:
    """What diffusers calls after each step: `callback_on_step_end=steps`.

    A cancel reaches the pipeline as `Canceled`, raised out of it between two steps; the pipeline can be used again.
    """

    def __init__(self, task: Task, total: int, *, first: float = 0.05, last: float = 0.9, shows: Shows | None = None):
        self._task = task
        self._total = total
        self._first = first
        self._last = last
        self._shows = shows
        self._shown = time.monotonic()
        self.done = 0

    def __call__(self, pipe: Any, step: int, timestep: Any, given: dict[str, Any]) -> dict[str, Any]:
        self.done += 1
        share = min(1.0, self.done / self._total)
        self._task.progress(
            self._first + (self._last - self._first) * share, f"step {min(self.done, self._total)} of {self._total}"
        )
        if self._shows and "latents" in given and time.monotonic() - self._shown >= PREVIEW_EVERY_S:
            self._shown = time.monotonic()
            if jpeg := self._shows(given["latents"]):
                self._task.preview(jpeg)
        return given
