"""How well products are cut out of their photos: `python -m bench.ads_cutout [SEEDS]`. Prints one line of JSON.

Every drawn product on every ground: IoU is that of the matte (above a half) with the known one. A miss of the gate is a
cut-out with an IoU below 0.9 that is called trusted, a false alarm one of 0.95 and more that is not.
"""

import json
import statistics
import sys
import time
from dataclasses import dataclass

import numpy as np

from tests.photos import BUSY, GROUNDS, KINDS, PLAIN, photo
from worker.engines.ads import cutout
from worker.engines.ads.cutout import refining

BAD = 0.9
GOOD = 0.95


@dataclass(frozen=True)
class Case:
    kind: str
    ground: str
    seed: int
    iou: float
    error: float  # mean difference of the mattes
    confidence: float
    trusted: bool
    seconds: float

    @property
    def is_missed(self) -> bool:
        return self.trusted and self.iou < BAD


def cases(
    seeds: tuple[int, ...], *, grounds: tuple[str, ...] = GROUNDS, size: tuple[int, int] = (1024, 1024)
) -> list[Case]:
    return [cut(kind, ground, seed, size) for seed in seeds for ground in grounds for kind in KINDS]


def cut(kind: str, ground: str, seed: int, size: tuple[int, int]) -> Case:
    pixels, true = photo(kind, ground, seed, size)
    began = time.perf_counter()
    found = cutout.product_of(cutout.small_of(pixels), None)
    matte = refining.refined(pixels, found.mask)
    refining.own_colours(pixels, matte)
    seconds = time.perf_counter() - began
    one, other = matte > 0.5, true > 0.5
    iou = float((one & other).sum() / max(1, (one | other).sum()))
    verdict = found.verdict
    error = float(np.abs(matte - true).mean())
    return Case(kind, ground, seed, iou, error, verdict.confidence, verdict.trusted, seconds)


def summary(found: list[Case]) -> dict[str, float]:
    plain = [case.iou for case in found if case.ground in PLAIN]
    busy = [case.iou for case in found if case.ground in BUSY]
    return {
        "cases": len(found),
        "iou_median_plain": round(statistics.median(plain), 4) if plain else 0.0,
        "iou_median_busy": round(statistics.median(busy), 4) if busy else 0.0,
        "gate_misses": sum(case.is_missed for case in found),
        "gate_bad": sum(case.iou < BAD for case in found),
        "gate_false_alarms": sum(not case.trusted and case.iou >= GOOD for case in found),
        "gate_good": sum(case.iou >= GOOD for case in found),
        "matte_error_median": round(statistics.median(case.error for case in found), 5),
        "seconds_median": round(statistics.median(case.seconds for case in found), 3),
    }


def main(arguments: list[str]) -> int:
    seeds = tuple(int(argument) for argument in arguments) or (0, 1, 2)
    print(json.dumps({"bench": "ads_cutout", **summary(cases(seeds))}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
