"""What work took beside its weights, measured: kept in a small file, so that a new host knows it too."""

import json
import logging
import os
from pathlib import Path

from worker.bundles.job import Job
from workflows.needs import Offload

log = logging.getLogger("cinefarm.worker")

MARGIN = 1.15  # of the same work no two runs take quite the same
_MOST = 1000  # the oldest are forgotten
_LACKED = "|lacked"  # ends the key of what did not suffice


class Measured:
    """GB by workflow, variant, size and offload. One file for each device."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._work_gb: dict[str, float] = _read(file) if file else {}

    def work_gb(self, job: Job, offload: Offload) -> float | None:
        """What to keep free for it; None as long as it never ran. More than what did not suffice."""
        key = _key(job, offload)
        found = [self._work_gb[known] for known in (key, key + _LACKED) if known in self._work_gb]
        return max(found) * MARGIN if found else None

    def note(self, job: Job, offload: Offload, work_gb: float) -> None:
        """The most counts, and is slowly forgotten."""
        key = _key(job, offload)
        self._keep(key, max(self._work_gb.pop(key, 0.0) * 0.98, work_gb))

    def lacked(self, job: Job, offload: Offload, room_gb: float) -> None:
        """It ran out of memory with so much beside its weights. What was counted by then tells little: it may have
        asked for all the rest at once. It is not forgotten by itself: with no more room it would fail again."""
        key = _key(job, offload) + _LACKED
        self._keep(key, max(self._work_gb.pop(key, 0.0), room_gb))

    def _keep(self, key: str, work_gb: float) -> None:
        self._work_gb[key] = work_gb
        while len(self._work_gb) > _MOST:
            del self._work_gb[next(iter(self._work_gb))]
        if self._file:
            self._write(self._file)

    def _write(self, file: Path) -> None:
        """A full disk does not fail the job."""
        beside = file.with_suffix(f".{os.getpid()}.tmp")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(self._work_gb, indent=1), "utf-8")
            beside.replace(file)
        except OSError as error:
            log.warning("what work takes was not kept: %s", error)


def _key(job: Job, offload: Offload) -> str:
    return "|".join((job.workflow, job.variant or "", job.size, offload.value))


def _read(file: Path) -> dict[str, float]:
    """Nothing of a file that is not there or not whole: it is measured anew."""
    try:
        content = json.loads(file.read_text("utf-8"))
        return {str(key): float(value) for key, value in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
