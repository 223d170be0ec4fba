"""WAN-Animate on miniature weights, led by drawn videos."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cinefarm.timecode import FrameRate
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.engines.diffusers import wan_animate
from worker.engines.diffusers.driving import held, read_driving
from worker.engines.diffusers.wan_animate import segment_count, segment_length
from worker.engines.media.canvas import to_yuv
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.footage import open_footage
from worker.task import EngineError, Task

ANIMATE = "image_to_video/wan_animate"
SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "frame_count": 6, "fps_num": 24, "fps_den": 1}
SMALL: dict[str, Any] = {"shot": SHOT, "prompt": "a dance", "width": 256, "height": 256, "frame_count": 4, "steps": 4}
BUNDLES = ("wan22_animate_14b",)


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A video whose frames tell their number: each is brighter than the one before."""
    folder = tmp_path_factory.mktemp("driving")

    def make(frames: int = 30, rate: int = 24, width: int = 64, height: int = 64) -> Path:
        path = folder / f"{frames}-{rate}-{width}x{height}.mp4"
        if not path.exists():
            with Film(path, width=width, height=height, rate=FrameRate(rate)) as film:
                for number in range(frames):
                    film.write(to_encoder(to_yuv(np.full((height, width, 3), 20 + 7 * number, np.uint8))))
        return path

    return make


@pytest.fixture
def animate(draw: Draw, photo: Callable[..., Path], footage: Callable[..., Path]) -> Callable[..., Drawn]:
    def run(inputs: dict[str, Path] | None = None, **given: Any) -> Drawn:
        every = {"image": photo(), "pose_video": footage(), "face_video": footage(), **(inputs or {})}
        return draw(ANIMATE, every, **{"bundles": BUNDLES, **SMALL, **given})

    return run


def test_a_picture_acts_for_as_long_as_the_shot_in_segments(
    animate: Callable[..., Drawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wan_animate, "segment_length", lambda count, most: 5)  # shorter than one may ask for
    film = animate(frame_count=7)
    assert film.outputs[0].frames == 7
    assert film.task.provenance["segments"] == 2
    assert film.task.provenance["drawn_frames"] == 9  # at 30 a second
    assert "step 8 of 8" in film.said


def test_the_film_ends_with_the_pose_and_says_so(animate: Callable[..., Drawn], footage: Callable[..., Path]) -> None:
    film = animate({"pose_video": footage(4), "face_video": footage(3)}, frame_count=24)
    assert film.outputs[0].frames == 4
    assert "The film has 4 of the shot's 24 frames: the model drew no more." in film.log
    assert "“face_video” ends after 4 of 5 frames; its last one is held." in film.log


def test_an_actor_is_replaced_where_the_mask_is_white(
    animate: Callable[..., Drawn], footage: Callable[..., Path]
) -> None:
    beside = {"background_video": footage(width=96), "mask_video": footage()}
    film = animate(beside, mode="replace")
    assert film.outputs[0].frames == 4
    assert "“background_video” is 96 × 64: 33% of it is cut off at the edges." in film.log
    with pytest.raises(EngineError, match="give background_video and mask_video too"):
        animate(mode="replace")
    unused = animate(beside)
    assert any("have no effect" in line for line in unused.log)
    assert unused.path.read_bytes() != film.path.read_bytes()


@pytest.mark.parametrize("variant", ["fp8_offload", "fp8_swap"])
def test_every_lean_way_to_keep_the_weights_animates(animate: Callable[..., Drawn], variant: str) -> None:
    film = animate(variant=variant)
    with open_footage(film.path) as footage:
        assert len(list(footage.frames())) == 4


def test_driving_frames_stand_at_the_models_times(footage: Callable[..., Path], tmp_path: Path) -> None:
    task = Task(ANIMATE, {}, {"pose_video": footage(12, 24)}, tmp_path)
    read = read_driving(task, "pose_video", (32, 32), rate=FrameRate(30), most=100)
    assert len(read) == 15  # half a second
    levels = [np.asarray(picture).mean() for picture in read]
    assert levels[0] == pytest.approx(20, abs=3)
    assert levels[-1] == pytest.approx(20 + 7 * 11, abs=3)
    assert levels == sorted(levels)
    assert len(read_driving(task, "pose_video", (32, 32), rate=FrameRate(30), most=9)) == 9
    assert len(read_driving(task, "pose_video", (32, 32), rate=FrameRate(12), most=100)) == 6
    with pytest.raises(EngineError, match="“pose_video” holds no frames"):
        held(task, "pose_video", [], 5)


def test_a_driving_video_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("no video")
    task = Task(ANIMATE, {}, {"pose_video": tmp_path / "words.mp4"}, tmp_path)
    with pytest.raises(EngineError, match="“pose_video” cannot be read as a video"):
        read_driving(task, "pose_video", (32, 32), rate=FrameRate(30), most=9)


@pytest.mark.parametrize(("count", "most", "segment", "segments"), [(8, 77, 9, 1), (77, 77, 77, 1), (78, 77, 77, 2)])
def test_segments_are_no_longer_than_the_film(count: int, most: int, segment: int, segments: int) -> None:
    assert segment_length(count, most) == segment
    assert segment_count(count, segment) == segments
