"""Pictures handed from stage to stage: lossless in the file, and not decoded again where this process made them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from worker.engines.ads import decoded
from worker.engines.ads.pictures import layer_of, matte_of, picture_of, save_picture
from worker.task import Task

RNG = np.random.default_rng(5)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    decoded._kept.clear()
    yield
    decoded._kept.clear()


def task(folder: Path, **inputs: Path) -> Task:
    return Task(workflow="ads/finish", parameters={}, inputs=inputs, out_dir=folder)


def pixels(*shape: int) -> npt.NDArray[np.uint8]:
    return RNG.integers(0, 256, shape, np.uint8)


def stored(folder: Path, path: Path, *, as_it_is: bool = False) -> Path:
    """As storage names it. What is in the file is spoilt, so that only who does not look gets the picture."""
    content = path.read_bytes()
    place = folder / f"{hashlib.sha256(content).hexdigest()}.png"
    place.write_bytes(content if as_it_is else b"spoilt")
    return place


@pytest.mark.parametrize("shape", [(40, 30, 3), (40, 30, 4), (40, 30)])
def test_a_saved_picture_has_the_very_pixels(tmp_path: Path, shape: tuple[int, ...]) -> None:
    """Colour, layer and matte, of noise and of runs."""
    made = pixels(*shape)
    made[10:30] = made[10, 5]
    output = save_picture(task(tmp_path), made, "a.png")
    assert np.array_equal(np.asarray(Image.open(output.path)), made)
    assert (output.width, output.height) == (30, 40)


def test_the_next_stage_gets_what_was_saved_without_decoding_it(tmp_path: Path) -> None:
    """Found by the hash that names the file in storage, each in the form it was saved in."""
    colour, layer, grey = pixels(9, 7, 3), pixels(9, 7, 4), pixels(9, 7)
    paths = {
        name: stored(tmp_path, save_picture(task(tmp_path), made, f"{name}.png").path)
        for name, made in (("colour", colour), ("layer", layer), ("grey", grey))
    }
    reading = task(tmp_path, **paths)
    assert np.array_equal(picture_of(reading, "colour"), colour)
    assert np.array_equal(layer_of(reading, "layer"), layer)
    assert np.array_equal(matte_of(reading, "grey", (7, 9)), np.asarray(grey, np.float32) / np.float32(255))


def test_a_form_that_was_not_saved_is_decoded(tmp_path: Path) -> None:
    """A layer of a colour picture, the colours of a matte."""
    colour, grey = pixels(9, 7, 3), pixels(9, 7)
    saved = [save_picture(task(tmp_path), made, f"{made.ndim}.png").path for made in (colour, grey)]
    of_colour, of_grey = (stored(tmp_path, path, as_it_is=True) for path in saved)
    reading = task(tmp_path, colour=of_colour, grey=of_grey)
    assert np.array_equal(layer_of(reading, "colour"), np.dstack([colour, np.full((9, 7), 255, np.uint8)]))
    assert np.array_equal(picture_of(reading, "grey"), np.dstack([grey] * 3))


def test_a_file_that_is_not_named_by_its_hash_is_decoded(tmp_path: Path) -> None:
    """Its name says nothing of what is in it."""
    save_picture(task(tmp_path), pixels(9, 7, 3), "a.png")
    other = pixels(9, 7, 3)
    Image.fromarray(other).save(tmp_path / "a.png")
    assert np.array_equal(picture_of(task(tmp_path, picture=tmp_path / "a.png"), "picture"), other)


def test_what_is_kept_cannot_be_written_to(tmp_path: Path) -> None:
    """The stage after the next would get something else than is in the file."""
    place = stored(tmp_path, save_picture(task(tmp_path), pixels(9, 7, 3), "a.png").path)
    with pytest.raises(ValueError, match="read-only"):
        picture_of(task(tmp_path, picture=place), "picture")[0, 0] = 0


def test_memory_is_bounded_and_what_was_used_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for a picture that is too large for it."""
    monkeypatch.setattr(decoded, "MOST_BYTES", 300)
    first, second, third, large = (digit * 64 for digit in "abcd")
    decoded.keep(first, pixels(10, 10))
    decoded.keep(second, pixels(10, 10))
    assert decoded.kept(Path(f"{first}.png")) is not None
    decoded.keep(third, pixels(10, 12))
    decoded.keep(large, pixels(10, 16))
    there = [name for name in (first, second, third, large) if decoded.kept(Path(f"{name}.png")) is not None]
    assert there == [first, third]
