"""No-op jobs through Cinefarm and its peers, in interleaved rounds; medians; one line of JSON at the end.

    make bench-dispatch ARGS="[--only ours celery …] [--profile FOLDER] [--workers 1 4 16] [--jobs 20000]"

Throughput is N jobs from the first submit to the last completion on record, with producer and workers running together;
latency is the time from submit to the job's first instruction, one job at a time. ROUNDS (environment) counts them. The
first round tries every number of workers; the others go on with the largest and with each queue's best.

`--figures FILE` adds to what earlier runs wrote there: a long comparison can be made in pieces, a round or some queues
at a time; `ROUNDS=0` only prints its last line.
"""

import argparse
import json
import os
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from bench.dispatch import peers
from bench.dispatch.ours import Measured, Plan, measure
from bench.dispatch.peers import PEERS, Peer, Skipped
from bench.dispatch.profiles import summary

OURS = ("ours bulk", "ours single")


class Figures:
    """What was measured, by queue and number of workers."""

    def __init__(self, kept: Path | None) -> None:
        self._rounds: dict[tuple[str, int], list[Measured]] = defaultdict(list)
        self.skipped: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self._kept = kept
        for line in kept.read_text().splitlines() if kept and kept.exists() else ():
            name, workers, version, measured = json.loads(line)
            self._rounds[name, workers].append(Measured(**measured))
            self.versions[name] = version

    def add(self, name: str, workers: int, measured: Measured, version: str = "") -> None:
        self._rounds[name, workers].append(measured)
        self.versions[name] = version
        if self._kept:
            with self._kept.open("a") as file:
                file.write(json.dumps([name, workers, version, asdict(measured)]) + "\n")
        said = f"{measured.jobs_s:.0f} jobs/s, start {measured.start_p50_ms:.2f}/{measured.start_p99_ms:.2f} ms"
        spent = f", master {measured.master_us:.0f} µs a job" if measured.master_us else ""
        print(f"{name} ×{workers}: {said}{spent}", file=sys.stderr, flush=True)

    def skip(self, name: str, reason: str) -> None:
        self.skipped[name] = reason
        print(f"{name}: skipped, {reason}", file=sys.stderr, flush=True)

    def best_workers(self, name: str) -> int | None:
        """The number of workers with which it is fastest."""
        tried = [workers for queue, workers in self._rounds if queue == name]  # also in earlier runs
        return max(tried, key=lambda workers: self.median(name, workers).jobs_s, default=None)

    def median(self, name: str, workers: int) -> Measured:
        rounds = self._rounds[name, workers]
        columns = zip(*((one.jobs_s, one.start_p50_ms, one.start_p99_ms) for one in rounds), strict=True)
        return Measured(*(statistics.median(column) for column in columns))

    def span(self, name: str, workers: int) -> str:
        """From the slowest to the fastest round, in jobs a second."""
        rates = sorted(one.jobs_s for one in self._rounds[name, workers])
        return f"{rates[0]:.0f} to {rates[-1]:.0f} in {len(rates)} rounds"

    def best(self, name: str) -> Measured | None:
        workers = self.best_workers(name)
        return self.median(name, workers) if workers else None


def main() -> None:
    options = _options()
    figures = Figures(options.figures)
    rivals = _installed(figures, options.only) if options.rounds else []
    for number in range(options.rounds):
        cells = list(_cells(figures, rivals, options, first=number == 0))
        random.shuffle(cells)
        for queue, workers in cells:
            if isinstance(queue, Peer):
                _run_peer(figures, queue, workers)
            else:
                _run_ours(figures, queue, workers, options)
    print(f"load at the end: {', '.join(f'{load:.1f}' for load in os.getloadavg())}", file=sys.stderr)
    print(json.dumps(last_line(figures)))


def _installed(figures: Figures, only: list[str]) -> list[Peer]:
    usable = []
    for peer in PEERS:
        if only and peer.name not in only:
            continue
        try:
            peers.install(peer)
            usable.append(peer)
        except Skipped as reason:
            figures.skip(peer.name, str(reason))
    return usable


def _cells(
    figures: Figures, rivals: list[Peer], options: argparse.Namespace, *, first: bool
) -> Iterable[tuple[Peer | str, int]]:
    workers: list[int] = options.workers
    for peer in rivals:
        if peer.name not in figures.skipped:
            best = figures.best_workers(peer.name) or workers[-1]
            for count in workers if first else sorted({workers[-1], best}):
                yield peer, count
    for name in OURS if not options.only or "ours" in options.only else ():
        yield name, workers[-1]


def _run_peer(figures: Figures, peer: Peer, workers: int) -> None:
    try:
        figures.add(peer.name, workers, *peers.run(peer, workers))
    except Skipped as reason:
        figures.skip(peer.name, str(reason))


def _run_ours(figures: Figures, name: str, workers: int, options: argparse.Namespace) -> None:
    bulk = name == "ours bulk"
    profile = options.profile / f"{name.replace(' ', '_')}.stacks" if options.profile else None
    jobs = options.jobs if bulk else options.jobs // 4
    figures.add(name, workers, measure(Plan(workers, jobs, options.latencies, bulk, profile)))
    if profile:
        print(summary(profile), file=sys.stderr)


def last_line(figures: Figures) -> dict[str, object]:
    bulk, single = (figures.best(name) for name in OURS)
    by_peer = {peer.name: best for peer in PEERS if (best := figures.best(peer.name))}
    first = max(by_peer, key=lambda name: by_peer[name].jobs_s, default=None)
    rate = by_peer[first].jobs_s if first else None
    return {
        "ours_bulk_jobs_s": round(bulk.jobs_s) if bulk else None,
        "ours_single_jobs_s": round(single.jobs_s) if single else None,
        "best_peer": first,
        "best_peer_jobs_s": round(rate) if rate else None,
        "bulk_ratio": round(bulk.jobs_s / rate, 2) if bulk and rate else None,
        "single_ratio": round(single.jobs_s / rate, 2) if single and rate else None,
        "start_p50_ms": round(single.start_p50_ms, 2) if single else None,
        "start_p99_ms": round(single.start_p99_ms, 2) if single else None,
        "peers": {name: _peer_line(figures, name, best) for name, best in by_peer.items()}
        | {name: {"skipped": reason} for name, reason in figures.skipped.items() if name not in by_peer},
    }


def _peer_line(figures: Figures, name: str, best: Measured) -> dict[str, object]:
    workers = figures.best_workers(name)
    assert workers
    return {
        "jobs_s": round(best.jobs_s),
        "start_p50_ms": round(best.start_p50_ms, 2),
        "start_p99_ms": round(best.start_p99_ms, 2),
        "version": figures.versions[name],
        "workers": workers,
        "jobs_s_range": figures.span(name, workers),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ["ours", *(peer.name for peer in PEERS)]
    parser.add_argument("--only", nargs="+", choices=names, default=[], help="leave the others out")
    parser.add_argument("--figures", type=Path, help="file of figures, read and added to")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "3")))
    parser.add_argument("--jobs", type=int, default=20_000, help="in bulk; a quarter of it one by one")
    parser.add_argument("--latencies", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4, 16], help="ours runs with the last")
    parser.add_argument("--profile", type=Path, help="folder for the master's stacks, recorded with py-spy")
    return parser.parse_args()


if __name__ == "__main__":
    main()
