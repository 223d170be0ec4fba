"""How fast a list of shots is read: `python -m bench.shot_list [SHOTS …]`. Prints one line of JSON.

Pages are asked for over HTTP as a browser does, packed; times end with the last byte.
"""

import json
import os
import statistics
import sys
import time

import httpx

from bench.farm import bench_folder
from bench.shots import filled_master

_TIMES = 9


def measure(shots: int) -> dict[str, float]:
    with bench_folder() as folder, filled_master(folder, shots) as (_, client):
        read(client, limit=200)
        first = statistics.median(read(client, limit=200)[0] for _ in range(_TIMES))
        began = time.perf_counter()
        wire = rows = 0
        after: str | None = None
        while rows == 0 or after:
            _, size, page = read(client, limit=1000, after=after)
            wire, rows, after = wire + size, rows + len(page["rows"]), page["next"]
            if rows >= 10_000:
                break
        spent = time.perf_counter() - began
        last = statistics.median(read(client, limit=200, after=page["rows"][0]["id"])[0] for _ in range(_TIMES))
    return {
        "first_page_ms": round(first * 1000, 1),
        "later_page_ms": round(last * 1000, 1),
        "rows_per_s": round(rows / spent),
        "wire_mb_per_10k": round(wire / rows * 10_000 / 1e6, 2),
    }


def read(client: httpx.Client, **query: object) -> tuple[float, int, dict[str, list[dict[str, str]]]]:
    """Seconds, bytes on the wire, the page."""
    params = {name: str(value) for name, value in query.items() if value is not None}
    began = time.perf_counter()
    with client.stream("GET", "/shots", params=params) as answer:
        body = answer.read()
        spent = time.perf_counter() - began
        answer.raise_for_status()
        return spent, answer.num_bytes_downloaded, json.loads(body)


def main(arguments: list[str]) -> int:
    counts = [int(argument) for argument in arguments] or [10_000, 50_000]
    results = {str(count): measure(count) for count in counts}
    print(json.dumps({"bench": "shot_list", "cores": os.cpu_count(), "shots": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
