"""How well products are cut out, over a seeded set of drawn photographs with known mattes."""

import cv2
import numpy as np
import pytest

from bench.ads_cutout import BAD, GOOD, Case, cases, cut, summary
from tests.photos import BUSY, PLAIN, photo
from worker.engines.ads import cutout
from worker.engines.ads.cutout import backdrop, gate, ground

SIZE = (640, 640)
SMALL = (512, 512)  # as the gate sees them


@pytest.fixture(scope="module")
def found() -> list[Case]:
    return cases((0,), grounds=PLAIN + BUSY, size=SIZE)


def test_products_on_plain_grounds_are_cut_out_exactly(found: list[Case]) -> None:
    result = summary(found)
    assert result["cases"] == 64
    assert result["iou_median_plain"] >= 0.98
    assert result["matte_error_median"] < 0.006


def test_no_bad_cut_out_is_trusted(found: list[Case]) -> None:
    assert [case for case in found if case.is_missed] == []
    assert sum(case.iou < BAD for case in found) >= 8, "the set has too few bad cases to try the gate"


def test_most_good_cut_outs_on_plain_grounds_are_trusted(found: list[Case]) -> None:
    good = [case for case in found if case.iou > 0.97 and case.ground in PLAIN]
    assert sum(case.trusted for case in good) > 0.7 * len(good)


LOST = [  # a white label that passed for a hole, a silver lid, soles: cut-outs without them have a clear outline
    ("jar", "studio", 2),
    ("can", "market", 2),
    ("shoe", "market", 4),
    ("shoe", "shelf", 1),
    ("shoe", "wood", 4),
]


@pytest.mark.parametrize(("kind", "on", "seed"), LOST)
def test_a_product_that_lost_a_part_is_completed_or_doubted(kind: str, on: str, seed: int) -> None:
    case = cut(kind, on, seed, (1024, 1024))
    assert case.iou > GOOD or not case.trusted


def test_a_lost_sole_is_found_again() -> None:
    """White, as much else in the market is, but nothing near it."""
    assert cut("shoe", "market", 2, (1024, 1024)).iou > GOOD


def test_what_reaches_into_the_photo_is_no_part_of_a_product_that_stands_free() -> None:
    """A row of books at the upper side, above a fish on the board."""
    pixels, matte = photo("fish", "shelf", 2, SMALL)
    mask = cutout.product_of(pixels, None).mask
    assert not mask[:40].any()
    right = matte > 0.5
    assert np.count_nonzero(mask & right) > GOOD * np.count_nonzero(mask | right)


@pytest.mark.parametrize("spoilt", ["grown", "shrunk", "moved", "half", "with its shadow", "a guess"])
def test_the_gate_fires_on_spoilt_masks(spoilt: str) -> None:
    """Masks that are wrong in known ways, on a photo whose right mask is trusted."""
    pixels, matte = photo("bag", "paper", 0, SMALL)
    seen = backdrop.measured(pixels)
    right = np.asarray(matte > 0.5)
    assert confidence(right, seen) > gate.TRUSTED
    half = right.copy()
    half[:, : int(np.nonzero(right)[1].mean())] = False
    y, x = np.mgrid[0:512, 0:512]
    wrong = {
        "grown": ground.grown(right, 12),
        "shrunk": ground.eroded(right, 12),
        "moved": np.roll(right, 25, axis=1),
        "half": half,
        "with its shadow": right | np.asarray((seen.shade < 0.9) & (seen.distance > 3)),
        "a guess": np.asarray(((x - 256) / 150) ** 2 + ((y - 270) / 190) ** 2 < 1),
    }[spoilt]
    assert confidence(wrong, seen) < gate.TRUSTED


def test_masks_that_differ_with_more_care_are_not_trusted() -> None:
    pixels, matte = photo("bag", "paper", 0, SMALL)
    measures = gate.measured(np.asarray(matte > 0.5), backdrop.measured(pixels), plain=True)
    assert gate.verdict(measures, plain=True, steady=0.99, hinted=False).trusted
    assert not gate.verdict(measures, plain=True, steady=0.9, hinted=False).trusted


@pytest.mark.parametrize("on", ["paper", "shelf"])
def test_a_handle_is_open(on: str) -> None:
    """The ground seen through a mug's handle goes with the rest of it."""
    pixels, matte = photo("cup", on, 1, SIZE)
    mask = cutout.product_of(cutout.small_of(pixels), None).mask
    true = cv2.resize(matte, mask.shape[::-1], interpolation=cv2.INTER_AREA) > 0.5
    holes = [enclosed(true), enclosed(mask)]
    assert min(int(hole.sum()) for hole in holes) > 400
    assert (holes[0] & holes[1]).sum() > 0.6 * holes[0].sum()


def enclosed(mask: np.ndarray) -> np.ndarray:
    _, parts = cv2.connectedComponents(np.pad((~mask).astype(np.uint8), 1, constant_values=1), connectivity=4)
    return np.asarray((parts != parts[0, 0])[1:-1, 1:-1] & ~mask)


def confidence(mask: np.ndarray, seen: backdrop.Backdrop) -> float:
    measures = gate.measured(np.asarray(mask, bool), seen, plain=True)
    return gate.verdict(measures, plain=True, steady=1.0, hinted=False).confidence
