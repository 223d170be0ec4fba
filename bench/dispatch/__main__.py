"""No-op jobs through Cinefarm and its peers, in interleaved rounds; medians; one line of JSON at the end.

    make bench-dispatch ARGS="[--only ours] [--profile FOLDER] [--workers 16] [--jobs 20000]"

Throughput is N jobs from the first submit to the last completion on disk, with producer and workers running together;
latency is the time from submit to the job's first instruction, one job at a time. ROUNDS (environment) counts them.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.dispatch.ours import Measured, Plan, measure
from bench.dispatch.profiles import summary


def main() -> None:
    options = _options()
    bulk: list[Measured] = []
    single: list[Measured] = []
    for _ in range(options.rounds):
        bulk.append(_ours(options, bulk=True))
        single.append(_ours(options, bulk=False))
    print(json.dumps(_line(bulk, single)))


def _ours(options: argparse.Namespace, *, bulk: bool) -> Measured:
    name = "bulk" if bulk else "single"
    profile = options.profile / f"{name}.stacks" if options.profile else None
    jobs = options.jobs if bulk else options.jobs // 4
    measured = measure(Plan(options.workers[-1], jobs, options.latencies, bulk, profile))
    print(f"ours {name}: {measured}", file=sys.stderr)
    if profile:
        print(summary(profile), file=sys.stderr)
    return measured


def _line(bulk: Sequence[Measured], single: Sequence[Measured]) -> dict[str, object]:
    return {
        "ours_bulk_jobs_s": _median(one.jobs_s for one in bulk),
        "ours_single_jobs_s": _median(one.jobs_s for one in single),
        "start_p50_ms": _median(one.start_p50_ms for one in single),
        "start_p99_ms": _median(one.start_p99_ms for one in single),
    }


def _median(values: object) -> float:
    return round(statistics.median(values), 2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["ours"], help="leave the peers out")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "3")))
    parser.add_argument("--jobs", type=int, default=20_000, help="in bulk; a quarter of it one by one")
    parser.add_argument("--latencies", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--profile", type=Path, help="folder for the master's stacks, recorded with py-spy")
    return parser.parse_args()


if __name__ == "__main__":
    main()
