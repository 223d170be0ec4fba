"""Frame split: every frame, at its own time, under its own number."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from test_media_engine import files_in, flat, make_task, make_video, run

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.engines import media
from worker.engines.media import frame_split
from worker.task import Canceled, EngineError

WORKFLOW = "video_utils/frame_split"
LEVELS = [20 + 10 * n for n in range(20)]


def split(tmp_path: Path, video: Path, **parameters: Any) -> tuple[list[str], list[int], dict[str, Any]]:
    """File names, the grey level of each picture, and the listing."""
    outputs = run(WORKFLOW, parameters, {"video": video}, tmp_path / "out")
    pictures = [output for output in outputs if output.role is OutputRole.MAIN]
    extra = [output for output in outputs if output.role is OutputRole.EXTRA]
    assert [(output.kind, output.path.name) for output in extra] == [(MediaKind.DATA, "frames.json")]
    levels = []
    for output in pictures:
        pixels = cv2.imread(str(output.path))
        assert pixels is not None
        assert (output.width, output.height) == (pixels.shape[1], pixels.shape[0])
        levels.append(round((int(pixels[30, 30, 0]) - 20) / 10))
    return [output.path.name for output in pictures], levels, json.loads(extra[0].path.read_text("utf-8"))


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make_video(tmp_path / "v.mp4", [flat(level) for level in LEVELS], timecode="01:00:00:00")


def test_every_frame_is_written_under_its_number(tmp_path: Path, video: Path) -> None:
    names, levels, listing = split(tmp_path, video)
    assert names == [f"frame_{n:06}.png" for n in range(1, 21)]
    assert levels == list(range(20))
    assert [row["timecode"] for row in listing["frames"]][:2] == ["01:00:00:00", "01:00:00:01"]
    assert listing["frames"][19]["seconds"] == round(19 / 24, 6)
    assert (listing["fps_num"], listing["fps_den"], listing["variable_rate"]) == (24, 1, False)
    assert files_in(tmp_path / "out") == ["frames.json", *names] or ".frames.part" not in files_in(tmp_path / "out")


def test_a_range_and_a_step_keep_the_source_numbers(tmp_path: Path, video: Path) -> None:
    names, levels, listing = split(tmp_path, video, start_frame=3, end_frame=12, every=4, format="jpeg")
    assert names == ["frame_000003.jpg", "frame_000007.jpg", "frame_000011.jpg"]
    assert levels == [2, 6, 10]
    assert [row["frame"] for row in listing["frames"]] == [3, 7, 11]


def test_a_variable_rate_keeps_every_frame_and_its_time(tmp_path: Path) -> None:
    times = [0, 40, 50, 160, 167, 900, 1000]
    video = make_video(tmp_path / "v.mkv", [flat(level) for level in LEVELS[:7]], times_ms=times)
    _, levels, listing = split(tmp_path, video)
    assert levels == list(range(7))
    assert [round(row["seconds"] * 1000) for row in listing["frames"]] == times
    assert listing["variable_rate"] is True


def test_a_late_first_frame_is_at_second_0(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mkv", [flat(level) for level in LEVELS[:5]], first_pts=37)
    _, levels, listing = split(tmp_path, video)
    assert levels == [0, 1, 2, 3, 4]
    assert listing["frames"][0]["seconds"] == 0
    assert listing["frames"][0]["pts"] * Fraction(*listing["time_base"]) == pytest.approx(37 / 24, abs=0.001)


def test_frames_that_the_edit_list_hides_are_not_written(tmp_path: Path) -> None:
    options = {"bf": "2", "g": "30"}
    video = make_video(tmp_path / "v.mp4", [flat(level) for level in LEVELS], first_pts=-6, options=options)
    assert b"elst" in video.read_bytes()
    names, levels, listing = split(tmp_path, video)
    assert levels == list(range(6, 20))  # the six before time 0 are cut off
    assert names[0] == "frame_000001.png"
    assert listing["frames"][0]["seconds"] == 0


def test_colours_survive(tmp_path: Path) -> None:
    color = (200, 90, 40)
    run(WORKFLOW, {}, {"video": make_video(tmp_path / "v.mp4", [flat(color)] * 2)}, tmp_path / "out")
    pixels = cv2.imread(str(tmp_path / "out" / "frame_000001.png"))
    assert pixels is not None
    assert np.abs(pixels[30, 30, ::-1].astype(int) - color).max() <= 4


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"start_frame": 21}, "first frame asked for is 21, but the video has 20 frames"),
        ({"start_frame": 9, "end_frame": 8}, r"last frame \(8\) lies before the first \(9\)"),
    ],
)
def test_impossible_ranges_are_refused(tmp_path: Path, video: Path, parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(EngineError, match=words) as caught:
        split(tmp_path, video, **parameters)
    assert caught.value.kind is FailureKind.BAD_INPUT
    assert files_in(tmp_path / "out") == []


def test_too_many_frames_are_refused_before_work(tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_split, "MOST_FRAMES", 9)
    with pytest.raises(EngineError, match="20 pictures or more; the most is 9"):
        split(tmp_path, video)
    assert split(tmp_path, video, every=3)[1] == [0, 3, 6, 9, 12, 15, 18]


def test_a_file_that_does_not_say_how_long_it_is_stops_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_split, "MOST_FRAMES", 9)
    video = make_video(tmp_path / "v.h264", [flat(level) for level in LEVELS])
    with pytest.raises(EngineError, match="10 pictures or more"):
        split(tmp_path, video)
    assert files_in(tmp_path / "out") == []


@pytest.mark.parametrize("content", [b"", b"text", b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n"])
def test_what_is_no_video_is_bad_input(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"“broken\.mp4” cannot be read as a video") as caught:
        split(tmp_path, path)
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_canceled_split_leaves_nothing(tmp_path: Path, video: Path) -> None:
    task = make_task(WORKFLOW, {}, {"video": video}, tmp_path / "out")
    task.is_canceled = lambda: True
    with pytest.raises(Canceled):
        media.run(task)
    assert files_in(tmp_path / "out") == []
