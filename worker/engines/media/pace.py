"""Progress at a steady pace: often enough for a cancel, seldom enough to cost nothing."""

import time

from worker.task import Task

INTERVAL_S = 0.2


class Pace:
    """Passes progress on to the task at most five times a second."""

    def __init__(self, task: Task, *, first: float = 0.0, last: float = 1.0) -> None:
        self._task = task
        self._first = first
        self._span = last - first
        self._due_s = 0.0

    def tick(self, fraction: float, message: str = "") -> None:
        """Report `fraction` of this stretch of the work. Raises `Canceled`."""
        now_s = time.monotonic()
        if now_s >= self._due_s:
            self._due_s = now_s + INTERVAL_S
            self._task.progress(self._first + self._span * fraction, message)
