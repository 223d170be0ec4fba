"""Many shots submitted at once: panels a second, and what the farm itself costs per job.

    python -m bench.panels [--shots 1000] [--workers 1] [--width 1280] [--height 720]

The farm's own overhead per job is the wall time of the batch, times the devices, less the seconds that the engines
report, divided by the jobs: dispatch, sockets, commits, hashing, verifying and linking together. The ratio to the
engine's time is what stays comparable between machines.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from cinefarm.cli.local_farm import free_port, local_farm
from cinefarm.client import Farm
from cinefarm.statuses import JobStatus

PLACES = ("비 오는 시장 골목, 밤", "rooftop at dawn", "empty subway platform", "작은 아파트 부엌", "forest path in fog")
ACTIONS = (
    "a woman runs to the camera",
    "클로즈업, 남자가 고개를 든다",
    "two people talk; slow push in",
    "와이드, 걷는다",
)


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory() as folder,
        local_farm(Path(folder), free_port(8200), workers=options.workers) as farm,
    ):
        _wait_for_workers(farm, options.workers)
        print(json.dumps(measure(farm, options)))


def measure(farm: Farm, options: argparse.Namespace) -> dict[str, float]:
    farm.create_project("BENCH", "Benchmark", width=options.width, height=options.height)
    for start in range(0, options.shots, 1000):
        rows = [_shot(number) for number in range(start, min(options.shots, start + 1000))]
        farm.request("POST", "/api/projects/BENCH/shots", json=rows)
    began = time.perf_counter()
    batch = farm.submit("BENCH", "text_to_image/storyboard", parameters={"seed": 1})
    submitted = time.perf_counter()
    batch = farm.wait(batch.id)
    wall = time.perf_counter() - began
    completed = batch.counts.get(JobStatus.COMPLETED, 0)
    engine = _engine_seconds(farm, batch.id)
    overhead = (wall * options.workers - engine) / batch.total
    return {
        "shots": options.shots,
        "workers": options.workers,
        "completed": completed,
        "submit_s": round(submitted - began, 3),
        "wall_s": round(wall, 1),
        "panels_per_s": round(completed / wall, 2),
        "engine_ms_per_panel": round(1000 * engine / batch.total, 1),
        "overhead_ms_per_job": round(1000 * overhead, 1),
        "overhead_ratio": round(overhead * batch.total / engine, 3),
    }


def _shot(number: int) -> dict[str, object]:
    return {
        "scene_description": PLACES[number % len(PLACES)],
        "action": ACTIONS[number % len(ACTIONS)],
        "frame_count": 24,
    }


def _engine_seconds(farm: Farm, batch_id: str) -> float:
    """Of every accepted attempt; jobs are read in pages."""
    total, offset = 0.0, 0
    while rows := farm.request("GET", "/api/jobs", params={"batch": batch_id, "limit": 500, "offset": offset}).json()[
        "rows"
    ]:
        total += sum(farm.job(row["id"]).attempts[-1]["seconds"] or 0.0 for row in rows)
        offset += len(rows)
    return total


def _wait_for_workers(farm: Farm, count: int) -> None:
    while farm.request("GET", "/api/farm").json()["workers"] < count:
        time.sleep(0.1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    return parser.parse_args()


if __name__ == "__main__":
    main()
