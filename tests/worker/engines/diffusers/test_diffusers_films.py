"""A model's frames become the shot's film."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from cinefarm.timecode import FrameRate
from worker.engines.diffusers.films import Heard, deliver_film
from worker.engines.media.footage import open_footage, to_pixels
from worker.task import Canceled, EngineError, Output, Task
from workflows.catalog import load_catalog

WAN = load_catalog()["image_to_video/wan_i2v"]
RATE = FrameRate(16)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    shot = {"fps_num": 24000, "fps_den": 1001}
    task = Task(WAN.name, {"shot": shot, "frame_count": 24}, {}, tmp_path / "out")
    task.out_dir.mkdir()
    return task


def ramp(count: int) -> np.ndarray:
    """Frames that grow brighter, 0 to 1."""
    grey = np.linspace(0.1, 0.9, count, dtype=np.float32)[:, None, None, None]
    return np.broadcast_to(grey, (count, 64, 96, 3))


def levels(path: Path) -> list[float]:
    with open_footage(path) as footage:
        return [float(to_pixels(frame).mean()) for frame in footage.frames()]


def film(task: Task, frames: Iterable[np.ndarray], **more: object) -> list[Output]:
    return deliver_film(task, WAN, frames, RATE, **more)  # type: ignore[arg-type]


def test_a_film_has_the_shots_frames_at_the_projects_rate_from_the_first_drawn_to_the_last(task: Task) -> None:
    main, thumbnail = film(task, ramp(17))
    assert (main.frames, main.fps_num, main.fps_den, main.width, main.height) == (24, 24000, 1001, 96, 64)
    shown = levels(main.path)
    assert len(shown) == 24
    assert shown[0] == pytest.approx(0.1 * 255, abs=2)
    assert shown[-1] == pytest.approx(0.9 * 255, abs=2)
    assert thumbnail.path.exists()
    assert task.provenance == {"drawn_frames": 17, "drawn_rate": "16"}


def test_a_model_that_draws_less_than_the_shot_says_so(task: Task) -> None:
    said: list[str] = []
    task.on_log = lambda level, text: said.append(text)
    assert film(task, ramp(9))[0].frames == 13  # of 9/16 s
    assert said == ["The film has 13 of the shot's 24 frames: the model drew no more."]
    assert task.provenance["asked_frames"] == 24


def test_frames_may_be_drawn_while_the_film_is_written(task: Task) -> None:
    assert film(task, iter(ramp(17)), count=17)[0].frames == 24


def test_sound_is_as_long_as_the_film(task: Task) -> None:
    tone = np.sin(np.arange(48_000, dtype=np.float32) / 20) * 0.5
    main = film(task, ramp(17), sound=Heard(np.stack([tone, tone]), 24_000))[0]
    with av.open(str(main.path)) as opened:
        stream = opened.streams.audio[0]
        heard = sum(frame.samples for frame in opened.decode(stream))
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", 24_000, 2)
    assert heard / 24_000 == pytest.approx(float(main.frames / Fraction(24000, 1001)), abs=0.1)


def test_numbers_that_overflowed_are_refused_with_their_frame_and_leave_no_film(task: Task) -> None:
    broken = ramp(17).copy()
    broken[4, 0, 0, 0] = np.nan
    with pytest.raises(EngineError, match="frame 5"):
        film(task, broken)
    with pytest.raises(EngineError, match="nothing but black"):
        film(task, np.zeros_like(broken))
    with pytest.raises(EngineError, match="sound overflowed"):
        film(task, ramp(17), sound=Heard(np.full((1, 9), np.nan), 24_000))
    assert not list(task.out_dir.glob("*.mp4"))


def test_a_fade_to_black_is_a_film(task: Task) -> None:
    faded = ramp(17).copy()
    faded[-2:] = 0
    assert film(task, faded)[0].frames == 24


def test_a_cancel_while_writing_leaves_no_film(task: Task) -> None:
    task.is_canceled = lambda: True
    with pytest.raises(Canceled):
        film(task, ramp(17))
    assert not list(task.out_dir.iterdir())
