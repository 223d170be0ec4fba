"""When others see an edit: `python -m bench.live_edits [SHOTS]`. Prints one line of JSON.

One edits a cell at a time over HTTP, another listens at `/ws/live`; the time runs from the request to the message that
holds the new value. Then 500 rows are edited at once.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from bench.farm import bench_folder
from bench.shots import filled_master

_EDITS = 100
_PAUSE_S = 0.3
_ROWS = 500


def measure(shots: int) -> dict[str, float]:
    with bench_folder() as folder, filled_master(folder, shots) as (master, client):
        ids = [row["id"] for row in client.get("/shots", params={"limit": 1000}).json()["rows"]]
        url = f"ws://127.0.0.1:{master.port}/ws/live"
        headers = {"Authorization": f"Bearer {master.secret}"}
        with connect(url, additional_headers=headers, proxy=None, max_size=None) as socket:
            socket.recv()  # hello
            seen = [seen_after(client, socket, [ids[n]], f"edit {n}") for n in range(_EDITS)]
            many = [seen_after(client, socket, ids[:_ROWS], f"many {n}") for n in range(3)]
    times = sorted(seen)
    return {
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95) - 1] * 1000, 1),
        "worst_ms": round(times[-1] * 1000, 1),
        "rows_500_ms": round(statistics.median(many) * 1000, 1),
    }


def seen_after(client: httpx.Client, socket: ClientConnection, ids: list[str], notes: str) -> float:
    time.sleep(_PAUSE_S)
    body: dict[str, Any] = {"tab": "bench", "name": "type", "changes": [{"id": id, "notes": notes} for id in ids]}
    began = time.perf_counter()
    client.post("/edits", json=body).raise_for_status()
    while True:
        told = json.loads(socket.recv(timeout=20))["body"]
        if told["kind"] == "shots" and any(row["notes"] == notes for row in told["rows"]):
            return time.perf_counter() - began


def main(arguments: list[str]) -> int:
    shots = int(arguments[0]) if arguments else 10_000
    found = measure(shots)
    print(json.dumps({"bench": "live_edits", "shots": shots, "edits": _EDITS, "cores": os.cpu_count(), **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
