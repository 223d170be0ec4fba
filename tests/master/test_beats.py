"""Heartbeats reach the disk in small parts, each worker's once in ten seconds."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from cinefarm.messages import Heartbeat
from master.db import Database
from master.workers import beats

WORKERS = 200
BEAT_EVERY_S = 2.0


def test_no_write_holds_the_whole_farm(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    now = 100.0

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now

    written: list[list[str]] = []

    def write_bulk(action: Callable[[Any], Any]) -> None:
        monkeypatch.setattr(beats, "_write", lambda writing, due: written.append(list(due)))
        action(None)

    db = Database(f"sqlite:///{tmp_path / 'farm.db'}")
    monkeypatch.setattr(db, "write_bulk", write_bulk)
    monkeypatch.setattr(beats, "time", Clock)
    noted = beats.Beats(db)
    for turn in range(20):
        for number in range(WORKERS):
            now = 100.0 + (turn + number / WORKERS) * BEAT_EVERY_S
            noted.note(f"w{number}", Heartbeat())
    db.dispose()
    assert max(len(part) for part in written) <= WORKERS / 2
    counts = Counter(worker for part in written for worker in part)
    assert len(counts) == WORKERS
    assert set(counts.values()) <= {3, 4}, "forty seconds are four writes of each; the last part may still wait"
