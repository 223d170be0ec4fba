"""`python -m bench.placement`: the farm's placement against what a user would pick instead, on seeded traces.

`SEED=4,5` picks other traces (1, 2 and 3 unless told). The tables go to standard error, one line of JSON to standard
output: of every figure the worst trace. Loads, waits and makespans are ratios of virtual time, alike on all machines.
`decision_us` is CPU time on this one: all of dispatching (offers, gates, shares, policy, assignment), by device asked.
"""

import json
import os
import random
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass

from bench.placement.bound import makespan_bound
from bench.placement.ours import Ours
from bench.placement.peers import PEERS
from bench.placement.simulation import Measured, Simulation, overtakes
from bench.placement.traces import SHAPES, Trace, trace
from master.farm import dispatch, reactor
from master.farm.policy import OVERTAKES

BOUND_LIMIT_S = 20.0  # of the solver, a trace


@dataclass(frozen=True, slots=True)
class Result:
    """One trace: ratios of ours to the peers and the bound; None where the kind of trace has no such figure."""

    seed: int
    name: str
    kind: str
    load_vs_fifo: float
    decision_us: float  # mean
    decision_p99_us: float
    makespan_vs_bound: float | None = None
    bound_gap: float | None = None
    load_vs_swarm: float | None = None
    p95_vs_best: float | None = None
    best_p95: str | None = None
    max_vs_fifo: float | None = None
    overtakes: int = 0
    overtakes_of_bound: float = 0.0  # 1 would be a job at its bound


def main() -> None:
    seeds = [int(seed) for seed in os.environ.get("SEED", "1,2,3").split(",")]
    work = [(seed, number) for seed in seeds for number in range(len(SHAPES))]
    with ProcessPoolExecutor(min(len(work), os.cpu_count() or 1)) as pool:
        results = list(pool.map(measure, work))
    for result in results:
        print(_row(result), file=sys.stderr)
    for line in _summary(results):
        print(line, file=sys.stderr)
    print(json.dumps(worst(results)))


def measure(which: tuple[int, int]) -> Result:
    seed, number = which
    shape = trace(SHAPES[number], random.Random(f"{seed}/{number}"))
    clock = _Clock()
    ours = _run(shape, "ours", clock)
    fifo = _run(shape, "fifo")
    result = {
        "seed": seed,
        "name": shape.name,
        "kind": shape.kind,
        "load_vs_fifo": ours.load_s / fifo.load_s,
        "decision_us": clock.decision_us,
        "decision_p99_us": _quantile(clock.asked_s, 0.99) * 1e6,
    }
    if shape.kind == "batch":
        bound = makespan_bound(shape, limit_s=BOUND_LIMIT_S)
        return Result(**result, makespan_vs_bound=ours.makespan_s / bound.makespan_s, bound_gap=bound.gap)
    peers = {name: fifo if name == "fifo" else _run(shape, name) for name in PEERS}
    p95_s = {name: _quantile(measured.waits_s, 0.95) for name, measured in peers.items()}
    best = min(p95_s, key=p95_s.__getitem__)
    counts = overtakes(shape, ours)
    return Result(
        **result,
        load_vs_swarm=ours.load_s / peers["swarm"].load_s,
        p95_vs_best=_quantile(ours.waits_s, 0.95) / p95_s[best],
        best_p95=best,
        max_vs_fifo=max(ours.waits_s) / max(fifo.waits_s),
        overtakes=max(counts),
        overtakes_of_bound=max(count / _bound(shape, job) for job, count in enumerate(counts)),
    )


def worst(results: list[Result]) -> dict[str, float | int]:
    batch = [result for result in results if result.kind == "batch"]
    live = [result for result in results if result.kind != "batch"]
    return {
        "batch_load_vs_fifo": round(max(result.load_vs_fifo for result in batch), 3),
        "batch_makespan_vs_bound": round(max(result.makespan_vs_bound or 0.0 for result in batch), 3),
        "live_load_vs_fifo": round(max(result.load_vs_fifo for result in live), 3),
        "live_load_vs_swarm": round(max(result.load_vs_swarm or 0.0 for result in live), 3),
        "live_p95_vs_best": round(max(result.p95_vs_best or 0.0 for result in live), 3),
        "live_max_vs_fifo": round(max(result.max_vs_fifo or 0.0 for result in live), 3),
        "decision_us": round(max(result.decision_us for result in results), 1),
        "worst_overtakes": max(result.overtakes for result in live),
    }


class _Clock:
    """Times all that happens between an event and what is assigned; and counts the devices that were asked."""

    def __init__(self) -> None:
        self.dispatch_s = 0.0
        self.asked_s: list[float] = []  # each device that was asked: gates, shares, policy and the assignment
        self._dispatch, self._fill = reactor.dispatch, dispatch._fill

    def __enter__(self) -> None:
        def dispatched(*arguments):  # type: ignore[no-untyped-def]
            began = time.thread_time()
            effects = self._dispatch(*arguments)
            self.dispatch_s += time.thread_time() - began
            return effects

        def filled(*arguments):  # type: ignore[no-untyped-def]
            began = time.thread_time()
            took = self._fill(*arguments)
            self.asked_s.append(time.thread_time() - began)
            return took

        reactor.dispatch, dispatch._fill = dispatched, filled

    def __exit__(self, *_: object) -> None:
        reactor.dispatch, dispatch._fill = self._dispatch, self._fill

    @property
    def decision_us(self) -> float:
        return self.dispatch_s / len(self.asked_s) * 1e6


def _run(shape: Trace, name: str, clock: _Clock | None = None) -> Measured:
    simulation = Simulation(shape)
    scheduler = (Ours if name == "ours" else PEERS[name])(simulation)
    if clock is None:
        return simulation.run(scheduler)
    with clock:
        return simulation.run(scheduler)


def _bound(shape: Trace, job: int) -> int:
    bundle = shape.jobs[job].bundle
    return OVERTAKES * sum(shape.fits(bundle, device) for device in range(len(shape.devices)))


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _row(result: Result) -> str:
    figures = {name: value for name, value in asdict(result).items() if value is not None}
    said = (f"{name} {value:.3g}" if isinstance(value, float) else f"{value}" for name, value in figures.items())
    return "  ".join(said)


def _summary(results: list[Result]) -> list[str]:
    """Mean, median and worst of every figure, by the kind of trace."""
    names = ("load_vs_fifo", "makespan_vs_bound", "load_vs_swarm", "p95_vs_best", "max_vs_fifo", "overtakes_of_bound")
    lines = []
    for kind in ("batch", "poisson", "bursts"):
        for name in names:
            values = [getattr(result, name) for result in results if result.kind == kind]
            if None not in values and any(values):
                told = f"mean {statistics.fmean(values):.3f}  median {statistics.median(values):.3f}"
                lines.append(f"{kind:8} {name:18} {told}  worst {max(values):.3f}")
    return lines


if __name__ == "__main__":
    main()
