"""`make chaos`: the whole run, and the same without the fence. Ends with one JSON line."""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.chaos.run import FENCELESS, Least, Plan, run_chaos, say

LEAST_LATE = 100
LEAST_RERUNS = 100
LEAST_MASTER_KILLS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=Plan.jobs)
    parser.add_argument("--agents", type=int, default=Plan.agents)
    parser.add_argument("--master-kills", type=int, default=Plan.master_kills)
    parser.add_argument("--lease-s", type=float, default=Plan.lease_s)
    parser.add_argument("--within-s", type=float, default=Plan.within_s, help="of each run, before it is given up")
    given = parser.parse_args()
    plan = replace(Plan(**vars(given)), least=Least(late_completions=LEAST_LATE, reruns=LEAST_RERUNS))
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        real = run_chaos(plan, _made(Path(folder) / "real"))
        say(real, "with the fence")
        plan = replace(plan, least=Least(bad=1))
        mutant = run_chaos(plan, _made(Path(folder) / "mutant"), program=FENCELESS)
        say(mutant, "without it")
    line = {
        "jobs": real.verdict.jobs,
        "bad": len(real.verdict.bad),
        "lost": len(real.verdict.lost),
        "late_completions": real.late_completions,
        "reruns": real.verdict.reruns,
        "master_kills": real.master_kills,
        "mutant_bad": len(mutant.verdict.bad),
        "seconds": round(real.seconds + mutant.seconds, 1),
    }
    print(json.dumps(line))
    held = (
        line["bad"] == line["lost"] == real.unsettled == 0
        and line["late_completions"] >= LEAST_LATE
        and line["reruns"] >= LEAST_RERUNS
        and line["master_kills"] >= LEAST_MASTER_KILLS
        and line["mutant_bad"] > 0
    )
    return 0 if held else 1


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
