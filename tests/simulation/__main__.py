"""`make simulate SEEDS=n`: seeds, then mutants; the last line is JSON. Or one seed, with all that it did.

python -m tests.simulation --seeds 200 [--from 0] [--jobs 2] [--no-mutants]
python -m tests.simulation --seed 17 --trace [--mutant NAME]
"""

import argparse
import json
import sys
import time
from contextlib import nullcontext

from tests.simulation.mutants import MUTANTS, catch
from tests.simulation.runner import Summary, be_quiet, on_all_cores, run_seeds, told
from tests.simulation.simulation import simulate


def main() -> int:
    asked = _asked()
    return _one(asked) if asked.seed is not None else _many(asked)


def _one(asked: argparse.Namespace) -> int:
    be_quiet()
    with MUTANTS[asked.mutant].applied() if asked.mutant else nullcontext():
        outcome = simulate(asked.seed, kept_lines=None)
    if asked.trace:
        print("\n".join(outcome.lines))
    if not outcome.good:
        print(told(outcome))
    print(
        json.dumps(
            {
                "seed": outcome.seed,
                "digest": outcome.digest,
                "events": outcome.events,
                "virtual_s": round(outcome.seconds),
                "violation": outcome.violation,
                "stuck": outcome.stuck,
            }
        )
    )
    return 0 if outcome.good else 1


def _many(asked: argparse.Namespace) -> int:
    began = time.monotonic()
    summary = run_seeds(range(asked.first, asked.first + asked.seeds), processes=asked.jobs)
    _tell(summary, time.monotonic() - began)
    caught = 0
    names = [] if asked.no_mutants else list(MUTANTS)
    for result in on_all_cores(catch, names, processes=asked.jobs):
        print(result)
        caught += result.seed is not None
    print(
        json.dumps(
            {
                "seeds": summary.seeds,
                "violations": summary.violations,
                "stuck": summary.stuck,
                "mutants_caught": caught,
                "mutants": len(names),
            }
        )
    )
    return 1 if summary.bad or caught < len(names) else 0


def _tell(summary: Summary, wall_s: float) -> None:
    for outcome in summary.bad:
        print(told(outcome))
    for name, count in sorted(summary.met.items(), key=lambda met: -met[1]):
        print(f"{count:10,} {name}")
    print(
        f"{summary.seeds:,} seeds, {summary.events:,} events, {summary.seconds / 3600:,.1f} hours of farm time "
        f"in {wall_s:.0f} s: {summary.seeds / wall_s:.2f} seeds/s"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Simulated farms by seed.")
    parser.add_argument("--seeds", type=int, default=200, help="how many (%(default)s)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed (%(default)s)")
    parser.add_argument("--jobs", type=int, help="processes (one a core)")
    parser.add_argument("--no-mutants", action="store_true", help="only the farm as it is")
    parser.add_argument("--seed", type=int, help="run this one seed")
    parser.add_argument("--trace", action="store_true", help="with --seed: print all that happened")
    parser.add_argument("--mutant", choices=list(MUTANTS), help="with --seed: with this protection removed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
