"""How well products are cut out of their photos: `python -m bench.ads_cutout [SEEDS]`. Prints two lines of JSON.

Every drawn product on every ground: IoU is that of the matte (above a half) with the known one. A miss of the gate is a
cut-out with an IoU below 0.9 that is called trusted, a false alarm one of 0.95 and more that is not. The second line is
of busy grounds with strokes: one along the product, two beside it, then one more at a time where it is still wrong.
"""

import json
import statistics
import sys
import time
from dataclasses import dataclass

import cv2
import numpy as np

from tests.photos import BUSY, GROUNDS, KINDS, PLAIN, photo, strokes
from worker.engines.ads import cutout
from worker.engines.ads.cutout import refining
from worker.engines.ads.cutout.reading import Hint

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


@dataclass(frozen=True)
class Painted:
    kind: str
    ground: str
    seed: int
    ious: tuple[float, ...]  # with the first strokes, then with one more each time
    trusted: tuple[bool, ...]
    seconds: float


def painted(kind: str, ground: str, seed: int, size: tuple[int, int], *, more: int = 2) -> Painted:
    pixels, matte = photo(kind, ground, seed, size)
    small = cutout.small_of(pixels)
    true = cv2.resize(matte, small.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.5
    keep, remove = strokes.painted(true, f"{kind}{ground}{seed}")
    ious, trusted, seconds = [], [], 0.0
    for _ in range(1 + more):
        began = time.perf_counter()
        found = cutout.product_of(small, Hint(keep, remove))
        seconds = max(seconds, time.perf_counter() - began)
        ious.append(float((found.mask & true).sum() / max(1, (found.mask | true).sum())))
        trusted.append(found.verdict.trusted)
        keep, remove = strokes.corrected(keep, remove, found.mask, true)
    return Painted(kind, ground, seed, tuple(ious), tuple(trusted), seconds)


def painted_summary(found: list[Painted]) -> dict[str, float]:
    made = {"cases": len(found)}
    for turn, name in enumerate(("first", "one_more", "two_more")[: len(found[0].ious)]):
        ious = [case.ious[turn] for case in found]
        made[f"iou_median_{name}"] = round(statistics.median(ious), 4)
        made[f"iou_least_{name}"] = round(min(ious), 3)
        made[f"good_{name}"] = round(sum(iou >= GOOD for iou in ious) / len(found), 3)
    told = [(iou, trusted) for case in found for iou, trusted in zip(case.ious, case.trusted, strict=True)]
    made["gate_misses"] = sum(trusted and iou < BAD for iou, trusted in told)
    made["gate_false_alarms"] = sum(not trusted and iou >= GOOD for iou, trusted in told)
    made["gate_good"] = sum(iou >= GOOD for iou, _ in told)
    made["seconds_median"] = round(statistics.median(case.seconds for case in found), 3)
    return made


def main(arguments: list[str]) -> int:
    seeds = tuple(int(argument) for argument in arguments) or (0, 1, 2)
    print(json.dumps({"bench": "ads_cutout", **summary(cases(seeds))}))
    told = [painted(kind, ground, seed, (1024, 1024)) for seed in seeds for ground in BUSY for kind in KINDS]
    print(json.dumps({"bench": "ads_cutout_painted", **painted_summary(told)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
