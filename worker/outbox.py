"""Finished reports, kept on disk until the master acknowledged them.

A report is written (and synced) before it is sent. After a crash of the agent or of the master it is sent again; the
master answers a report it already has with the same `Ack`.
"""

import json
import os
from pathlib import Path

from pydantic import TypeAdapter

from cinefarm.messages import AttemptRef, Completed, Failed

Report = Completed | Failed
_report: TypeAdapter[Report] = TypeAdapter(Report)


class Outbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, report: Report) -> None:
        place = self._place(report.ref)
        temporary = place.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(report.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def forget(self, ref: AttemptRef) -> None:
        self._place(ref).unlink(missing_ok=True)

    def reports(self) -> list[Report]:
        """Every report not yet acknowledged, oldest first. A damaged file is set aside, not lost silently."""
        kept = []
        for place in sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime):
            try:
                kept.append(_report.validate_python(json.loads(place.read_text("utf-8"))))
            except ValueError:
                place.rename(place.with_suffix(".damaged"))
        return kept

    def _place(self, ref: AttemptRef) -> Path:
        return self._folder / f"{ref.job_id}-{ref.attempt}.json"
