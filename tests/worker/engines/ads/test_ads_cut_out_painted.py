"""Rough strokes over a photo: they mend what was cut out wrong, and spoil nothing that was right."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from bench.ads_cutout import BAD, Painted, painted
from tests.photos import photo, strokes
from worker.engines.ads import cutout
from worker.engines.ads.cutout.reading import Hint

Mask = npt.NDArray[np.bool_]
SIZE = (512, 512)
LOST = (  # without strokes: IoU from 0.64 to 0.92
    ("can", "fabric", 0),
    ("shoe", "fabric", 0),
    ("bottle", "fabric", 0),
    ("cup", "market", 0),
    ("bottle", "shelf", 0),
    ("cup", "shelf", 0),
    ("shoe", "shelf", 0),
    ("fish", "shelf", 0),
)


@pytest.fixture(scope="module")
def found() -> list[Painted]:
    return [painted(kind, ground, seed, SIZE, more=1) for kind, ground, seed in LOST]


def test_three_rough_strokes_mend_a_busy_photo(found: list[Painted]) -> None:
    first = [case.ious[0] for case in found]
    assert np.median(first) > 0.92, dict(zip(LOST, first, strict=True))
    assert min(first) > 0.8, dict(zip(LOST, first, strict=True))


def test_one_stroke_more_where_it_is_still_wrong_mends_nearly_all(found: list[Painted]) -> None:
    after = [case.ious[1] for case in found]
    assert sum(iou > BAD for iou in after) >= len(LOST) - 1, dict(zip(LOST, after, strict=True))


@pytest.mark.parametrize(("kind", "ground"), [("fish", "studio"), ("shoe", "paper"), ("box", "gradient")])
def test_strokes_on_what_was_right_leave_it_right(kind: str, ground: str) -> None:
    case = painted(kind, ground, 0, SIZE, more=0)
    assert case.ious[0] > 0.97


def test_what_was_painted_stays_so() -> None:
    pixels, matte = photo("can", "shelf", 1, SIZE)
    keep, remove = strokes.painted(matte > 0.5, "can")
    mask = cutout.product_of(pixels, Hint(keep, remove)).mask
    assert mask[keep].all()
    assert not mask[remove].any()


def test_red_strokes_alone_take_away() -> None:
    """Something else that was kept with the product goes, and the product stays."""
    pixels, matte = photo("cup", "market", 0, SIZE)
    true = np.asarray(matte > 0.5)
    before = cutout.product_of(pixels, None).mask
    extra = np.argwhere(before & ~true)
    assert len(extra) > 5000
    dabs = np.zeros(true.shape, np.uint8)
    for y, x in extra[:: len(extra) // 12]:
        cv2.circle(dabs, (int(x), int(y)), 6, 1, -1)
    red = np.asarray((dabs > 0) & ~true)
    after = cutout.product_of(pixels, Hint(np.zeros_like(true), red)).mask
    assert not (after & red).any()
    assert likeness(after, true) > max(0.95, likeness(before, true) + 0.05)


def test_a_stroke_to_the_side_of_the_photo_says_that_the_product_goes_on_there() -> None:
    pixels, matte = photo("bag", "wood", 1, SIZE)
    rows = np.nonzero((matte > 0.5).any(1))[0]
    low = int(rows[0] + 0.7 * np.ptp(rows))
    pixels, true = np.ascontiguousarray(pixels[:low]), np.asarray(matte[:low] > 0.5)
    columns = np.nonzero(true[-1])[0]
    middle = int(columns.mean())
    keep = np.zeros(true.shape, np.uint8)
    cv2.line(keep, (middle, int(rows[0]) + 40), (middle, low - 1), 1, 18)
    mask = cutout.product_of(pixels, Hint(np.asarray(keep > 0), np.zeros_like(true))).mask
    assert likeness(mask, true) > 0.95
    assert mask[-3:, columns].mean() > 0.9


def likeness(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())
