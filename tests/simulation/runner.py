"""Many seeds on all cores; and what they came to."""

import gc
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, TypeVar

from tests.simulation.simulation import Outcome, simulate

T = TypeVar("T")


@dataclass
class Summary:
    """Of many seeds. `met` counts faults and rare paths."""

    seeds: int = 0
    events: int = 0
    seconds: float = 0.0  # virtual
    met: Counter[str] = field(default_factory=Counter)
    bad: list[Outcome] = field(default_factory=list)

    @property
    def violations(self) -> int:
        return sum(outcome.violation is not None for outcome in self.bad)

    @property
    def stuck(self) -> int:
        return sum(bool(outcome.stuck) for outcome in self.bad)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.events += outcome.events
        self.seconds += outcome.seconds
        self.met.update(outcome.met)
        if not outcome.good:
            self.bad.append(outcome)


def run_seeds(seeds: Iterable[int], *, processes: int | None = None) -> Summary:
    summary = Summary()
    for outcome in on_all_cores(simulate, list(seeds), processes=processes):
        summary.add(outcome)
    return summary


def on_all_cores(work: Callable[[Any], T], arguments: list[Any], *, processes: int | None = None) -> Iterator[T]:
    """In the order of the arguments. The processes are fresh ones: nothing of this one reaches them."""
    count = min(len(arguments), processes or os.cpu_count() or 1)
    if count <= 1:
        be_quiet()
        yield from map(work, arguments)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=be_quiet) as pool:
        running: list[Future[T]] = [pool.submit(work, argument) for argument in arguments]
        for future in running:
            yield future.result()


def be_quiet() -> None:
    """A full disk and a lost worker are what these logs are for; here they happen by the thousand."""
    logging.getLogger("cinefarm").setLevel(logging.CRITICAL + 1)
    gc.collect()
    gc.freeze()  # what is imported stays
    gc.disable()  # a tenth of the time; `simulate` collects after each seed


def told(outcome: Outcome) -> str:
    """What happened in a seed that went wrong, with its last lines."""
    what = outcome.violation or f"stuck after the faults stopped: {'; '.join(outcome.stuck[:5])}"
    lines = "\n".join(f"    {line}" for line in outcome.lines[-40:])
    again = f"python -m tests.simulation --seed {outcome.seed} --trace"
    return f"seed {outcome.seed}: {what}\n{lines}\n  again: {again}"
