"""The drawn photographs: seeded, with mattes that fit, on grounds that show what they are named for."""

import numpy as np
import pytest

from tests.photos import BUSY, GROUNDS, KINDS, PLAIN, empty, photo, staged

SIZE = (320, 280)


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_has_the_size_asked_for_and_a_matte_of_one_product(kind: str) -> None:
    pixels, matte = photo(kind, "studio", 1, SIZE)
    assert pixels.shape == (280, 320, 3)
    assert pixels.dtype == np.uint8
    assert matte.shape == (280, 320)
    assert matte.dtype == np.float32
    assert 0 <= matte.min() < 0.001 < 0.999 < matte.max() <= 1
    assert 0.03 < matte.mean() < 0.6
    assert matte[:4].max() == matte[-4:].max() == 0


def test_the_same_seed_gives_the_same_photo_and_another_seed_another() -> None:
    assert np.array_equal(photo("cup", "market", 5, SIZE)[0], photo("cup", "market", 5, SIZE)[0])
    assert not np.array_equal(photo("cup", "market", 5, SIZE)[0], photo("cup", "market", 6, SIZE)[0])


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_photo_shows_the_product_inside_the_matte_and_the_ground_outside(ground: str) -> None:
    made = staged("can", ground, 2, SIZE)
    inside = made.matte > 0.99
    seen = made.pixels[inside] / np.float32(255)
    assert np.abs(seen - made.colours[inside]).mean() < 0.08
    assert (made.matte < 0.01).any()


def test_busy_grounds_have_many_more_edges_than_plain_ones() -> None:
    def edges(ground: str) -> float:
        grey = empty(ground, 1, SIZE).astype(np.float32).mean(-1)
        return float(np.mean(np.abs(np.diff(grey, axis=1)) > 6))

    assert max(edges(ground) for ground in PLAIN) < 0.005
    assert min(edges(ground) for ground in BUSY) > 0.015
