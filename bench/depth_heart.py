"""What a decision and a queued job cost the heart of the farm alone: no socket, no database, one thread.

    python -m bench.depth_heart DEPTH

Prints one line of JSON: `decision_us`, from a report with credit to the next assignment, median and 99th percentile of
a slice of ten; and `job_bytes`, the growth of the process for each queued job.
"""

import gc
import json
import statistics
import sys
import time

import psutil

from bench.stamps import percentile
from cinefarm.ids import new_id
from cinefarm.messages import AttemptRef, Completed, DeviceFacts, Hello
from cinefarm.statuses import WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect
from master.farm.farm import Farm
from master.farm.state import JobClass, JobState, Variant

WORKERS = 16
DECISIONS = 20_000
SLICE = 10
USERS = ("ann", "bo", "cem")
CLASSES = 12


def main() -> None:
    depth = int(sys.argv[1])
    farm = Farm()
    gc.collect()
    before = psutil.Process().memory_info().rss
    _fill(farm, depth)
    gc.collect()
    job_bytes = (psutil.Process().memory_info().rss - before) / depth
    _fill(farm, DECISIONS)  # what is given out below, so that the depth stays
    out = _join(farm)
    gc.freeze()  # as a farm that was just loaded
    took = [_decide(farm, out) for _ in range(DECISIONS // SLICE)]
    print(
        json.dumps(
            {
                "depth": depth,
                "decision_us": round(statistics.median(took) * 1e6, 1),
                "decision_p99_us": round(percentile(took, 0.99) * 1e6, 1),
                "job_bytes": round(job_bytes),
            }
        )
    )


def _fill(farm: Farm, count: int) -> None:
    classes = [JobClass("image", (Variant(None, 0.0, 0.5),), size=f"{number}") for number in range(CLASSES)]
    for start in range(0, count, 1000):
        batch = new_id()
        jobs = [
            JobState(new_id(), classes[number % CLASSES], user=USERS[number % len(USERS)], project="BENCH", batch=batch)
            for number in range(start, min(start + 1000, count))
        ]
        reactor.on_submitted(farm, jobs, time.monotonic())


def _join(farm: Farm) -> list[Assign]:
    effects: list[Effect] = []
    for number in range(WORKERS):
        facts = DeviceFacts(id=f"cpu-{number}", kind="cpu", name="bench", memory_total_gb=32)
        hello = Hello(
            node_id=f"w{number}", hostname="bench", devices=(facts,), capabilities=("image",), ram_total_gb=64
        )
        reactor.on_hello(farm, f"w{number}", hello, wish=WorkerWish.NONE, now=time.monotonic())
        effects += reactor.on_ready(farm, f"w{number}", f"cpu-{number}", time.monotonic())
    return [effect for effect in effects if isinstance(effect, Assign)]


def _decide(farm: Farm, out: list[Assign]) -> float:
    """Seconds of one decision, over a slice."""
    reports = [
        Completed(ref=AttemptRef(job_id=one.ref.job_id, attempt=one.ref.attempt), outputs=(), seconds=0.0, ready=True)
        for one in out[:SLICE]
    ]
    workers = [one.worker_id for one in out[:SLICE]]
    effects: list[Effect] = []
    began = time.perf_counter()
    for report, worker_id in zip(reports, workers, strict=True):
        effects += reactor.on_completed(farm, worker_id, report, began)
    took = (time.perf_counter() - began) / SLICE
    out[:] = [*out[SLICE:], *(effect for effect in effects if isinstance(effect, Assign))]
    assert len(out) == WORKERS
    return took


if __name__ == "__main__":
    main()
