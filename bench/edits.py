"""How long a gesture takes: `python -m bench.edits [SHOTS …]`. Prints one line of JSON.

In a project of SHOTS shots 500 rows of twelve cells are pasted below the last one, undone and redone, then changed. For
comparison 50 of the same rows are changed one request each; the ratio is the time a row takes so to that in the paste.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import httpx

from bench.farm import bench_folder
from bench.shots import cells, filled_master

_ROWS = 500
_SINGLE = 50
_TIMES = 5


def measure(shots: int) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in ("create", "undo", "redo", "change", "undo_change")}
    with bench_folder() as folder, filled_master(folder, shots) as (_, client):
        paths = {"characters": "characters", "options": "cinematic-options", "sequences": "sequences"}
        known = {name: [row["id"] for row in client.get(f"/{path}").json()["rows"]] for name, path in paths.items()}
        for _ in range(_TIMES):
            created = ask(client, spent["create"], "edits", name="paste", create=rows(known, 0))["rows"]
            ids = [row["id"] for row in created]
            assert len(ask(client, spent["undo"], "undo")["deleted"]) == _ROWS
            assert len(ask(client, spent["redo"], "redo")["rows"]) == _ROWS
            changes = [{"id": id, **row} for id, row in zip(ids, rows(known, 7), strict=True)]
            ask(client, spent["change"], "edits", name="bulk", changes=changes)
            assert ask(client, spent["undo_change"], "undo")["skipped"] == []
        single: list[float] = []
        for id, row in list(zip(ids, rows(known, 3), strict=True))[:_SINGLE]:
            ask(client, single, "edits", name="type", changes=[{"id": id, **row}])
    found = {f"{name}_ms": round(statistics.median(times) * 1000, 1) for name, times in spent.items()}
    one = statistics.median(single) * 1000
    return found | {"single_ms": round(one, 1), "single_to_paste": round(one * _ROWS / found["create_ms"], 1)}


def rows(known: dict[str, list[str]], shift: int) -> list[dict[str, Any]]:
    return [cells(number + shift, known) for number in range(_ROWS)]


def ask(client: httpx.Client, spent: list[float], path: str, **body: Any) -> Any:
    content = json.dumps({"tab": "bench", **body})
    began = time.perf_counter()
    answer = client.post(f"/{path}", content=content, headers={"Content-Type": "application/json"})
    spent.append(time.perf_counter() - began)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


def main(arguments: list[str]) -> int:
    counts = [int(argument) for argument in arguments] or [500, 10_000]
    results = {str(count): measure(count) for count in counts}
    print(json.dumps({"bench": "edits", "rows": _ROWS, "cells": 12, "cores": os.cpu_count(), "shots": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
