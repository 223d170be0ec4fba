"""LTX-2 on miniature weights: films with sound."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.engines.diffusers import steps
from worker.engines.media.footage import open_footage, to_pixels
from worker.task import Canceled, EngineError

LTX = "image_to_video/ltx2"
SHOT = {"id": "s", "code": "SHT-00001", "project": "Film", "fps_num": 25, "frame_count": 12}
SMALL = {
    "bundles": ("ltx2_19b",),
    "shot": SHOT,
    "prompt": "a boat in the rain",
    "width": 256,
    "height": 256,
    "steps": 4,
    "frame_count": 12,
    "guidance_scale": 1.0,
}


def pixels(drawn: Drawn) -> np.ndarray:
    with open_footage(drawn.path) as footage:
        return np.stack([to_pixels(frame) for frame in footage.frames()])


def test_a_film_is_as_long_as_the_shot_at_its_rate_with_the_models_sound(
    draw: Draw, photo: Callable[..., Path]
) -> None:
    drawn = draw(LTX, {"image": photo()}, **SMALL)
    main = drawn.outputs[0]
    assert (main.frames, main.fps_num, main.width, main.height) == (12, 25, 256, 256)
    assert pixels(drawn).shape == (12, 256, 256, 3)
    with av.open(str(drawn.path)) as film:
        (sound,) = film.streams.audio
        assert (sound.codec_context.name, sound.rate, sound.channels) == ("aac", 16_000, 2)
        assert sum(frame.samples for frame in film.decode(sound)) / 16_000 < 12 / 25 + 0.1
    recipe = drawn.task.provenance
    assert recipe["drawn_frames"] == 17
    assert recipe["stages"] == 1
    assert recipe["models"] == {"ltx2_19b": "Lightricks/LTX-2@unknown"}
    assert any("12 frames became 17" in line for line in drawn.log)
    assert any("one stage" in line for line in drawn.log)
    assert [word for word in drawn.said if word.startswith("step")] == [f"step {n} of 4" for n in (1, 2, 3, 4)]


def test_sound_can_be_left_out_and_one_stage_needs_no_word_when_it_is_asked_for(
    draw: Draw, photo: Callable[..., Path]
) -> None:
    drawn = draw(LTX, {"image": photo()}, **SMALL, audio=False, two_stage=False)
    with av.open(str(drawn.path)) as film:
        assert not film.streams.audio
    assert not any("one stage" in line for line in drawn.log)


def test_the_same_seed_gives_the_same_bytes_also_after_a_cancel(draw: Draw, photo: Callable[..., Path]) -> None:
    first = draw(LTX, {"image": photo()}, **SMALL)
    with pytest.raises(Canceled):
        draw(LTX, {"image": photo()}, **SMALL, cancel_at=2)
    again = draw(LTX, {"image": photo()}, **SMALL)
    other = draw(LTX, {"image": photo()}, **SMALL, seed=2)
    assert first.path.read_bytes() == again.path.read_bytes()
    assert not np.array_equal(pixels(first), pixels(other))


def test_a_last_frame_changes_where_it_ends(draw: Draw, photo: Callable[..., Path]) -> None:
    open_ended = draw(LTX, {"image": photo()}, **SMALL)
    led = draw(LTX, {"image": photo(), "last_image": photo(5)}, **SMALL)
    assert pixels(led).shape == pixels(open_ended).shape
    assert not np.array_equal(pixels(led), pixels(open_ended))


def test_steps_are_shown(draw: Draw, photo: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 0.0)
    drawn = draw(LTX, {"image": photo()}, **SMALL)
    assert len(drawn.previews) == 4
    assert all(jpeg.startswith(b"\xff\xd8") and len(jpeg) < 200_000 for jpeg in drawn.previews)


@pytest.mark.parametrize("variant", ["fp8", "fp8_encoder_offload"])
def test_lean_ways_draw_too(draw: Draw, photo: Callable[..., Path], variant: str) -> None:
    """With guidance, which is two passes a step and more."""
    drawn = draw(LTX, {"image": photo()}, **{**SMALL, "steps": 4, "guidance_scale": 4.0}, variant=variant)
    assert drawn.outputs[0].frames == 12
    assert drawn.task.provenance["precision"] == "fp8"


def test_a_broken_first_frame_is_named(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(EngineError, match="“image” cannot be used"):
        draw(LTX, {"image": tmp_path / "broken.png"}, **SMALL)
