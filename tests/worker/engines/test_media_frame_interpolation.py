"""Frame interpolation: smooth where things move, hard where the scene cuts, as long as before."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from test_media_engine import Pixels, decode, files_in, make_task, make_video, run

from cinefarm.statuses import FailureKind, MediaKind
from worker.engines import media
from worker.engines.media.flow import FlowFinder, between
from worker.task import Canceled, EngineError, Output, Task

WORKFLOW = "video_utils/frame_interpolation"
SIZE = (320, 180)


def backdrop(seed: int) -> Pixels:
    """A large detailed picture to move over."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 215, (40, 70, 3), dtype=np.uint8)
    pixels = np.asarray(cv2.resize(coarse, (700, 400), interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(60):
        center, color = rng.integers(0, (700, 400)), [int(v) for v in rng.integers(0, 255, 3)]
        cv2.circle(pixels, (int(center[0]), int(center[1])), int(rng.integers(6, 40)), color, 2, cv2.LINE_AA)
    return pixels


def seen(pixels: Pixels, x: float, y: float = 60) -> Pixels:
    """The backdrop through a window at a sub-pixel place."""
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float64)
    return np.asarray(cv2.warpAffine(pixels, matrix, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.uint8)


PLACE, OTHER = backdrop(1), backdrop(2)


@pytest.fixture(autouse=True)
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With those of RIFE it would not be optical flow."""
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(tmp_path / "models"))


def interpolate(tmp_path: Path, video: Path, **parameters: Any) -> tuple[Task, Output, list[Pixels]]:
    task = make_task(WORKFLOW, parameters, {"video": video}, tmp_path / "out")
    output = media.run(task)[0]
    return task, output, decode(output.path)


@pytest.mark.parametrize(
    ("scene", "gain_db"),
    [
        (lambda t: seen(PLACE, 50 + 8 * t), 10),
        (lambda t: seen(PLACE, 50 + 8 * t, 60 + 3 * t), 10),
        (lambda t: seen(PLACE, 50 + 60 * t), 6),  # a whip pan: found from the global shift
        (lambda t: cv2.warpAffine(seen(PLACE, 90), cv2.getRotationMatrix2D((160, 90), 2 * t, 1 + 0.04 * t), SIZE), 6),
    ],
    ids=["pan", "diagonal", "whip pan", "zoom and turn"],
)
def test_flow_clearly_beats_blending(scene: Callable[[float], Pixels], gain_db: float) -> None:
    first, second = scene(0), scene(1)
    pair = FlowFinder().pair(first, second)
    for time in (0.25, 0.5, 0.75):
        truth = scene(time)
        blended = cv2.addWeighted(first, 1 - time, second, time, 0)
        assert cv2.PSNR(between(pair, time).picture, truth) > cv2.PSNR(blended, truth) + gain_db
    assert not pair.is_cut(0.15)


def paper(seed: int) -> Pixels:
    """A line drawing on blank paper: most of it matches any other drawing."""
    rng = np.random.default_rng(seed)
    pixels = np.full((SIZE[1], SIZE[0], 3), 245, np.uint8)
    for _ in range(14):
        x, y, a, b = (int(v) for v in rng.integers(20, (SIZE[0], SIZE[1], 90, 60)))
        cv2.ellipse(pixels, (x, y), (a, b), 0, 0, 300, (30, 30, 30), 2, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (seen(PLACE, 60), seen(OTHER, 60)),
        (seen(PLACE, 60), seen(PLACE, 60)[:, ::-1].copy()),
        (paper(1), paper(2)),
        (seen(PLACE, 60), np.zeros_like(seen(PLACE, 60))),
    ],
    ids=["other scene", "mirrored", "drawings on paper", "to black"],
)
def test_cuts_are_known(first: Pixels, second: Pixels) -> None:
    assert FlowFinder().pair(first, second).is_cut(0.15)


@pytest.fixture
def two_scenes(tmp_path: Path) -> Path:
    frames = [seen(PLACE, 50 + 6 * n) for n in range(4)] + [seen(OTHER, 90 - 6 * n) for n in range(4)]
    return make_video(tmp_path / "v.mp4", frames)


@pytest.mark.parametrize("factor", [2, 4, 5])
def test_the_film_lasts_as_long_as_before(tmp_path: Path, two_scenes: Path, factor: int) -> None:
    task, output, frames = interpolate(tmp_path, two_scenes, factor=factor)
    assert len(frames) == output.frames == 8 * factor
    assert (output.kind, output.fps_num, output.fps_den) == (MediaKind.VIDEO, 24 * factor, 1)
    with av.open(str(output.path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 24 * factor
        assert stream.duration * stream.time_base == Fraction(8, 24)
    assert task.provenance["method"] == "optical flow (DIS)"
    assert task.provenance["cuts_held"] == 1
    assert task.provenance["frames_in_between"] == 6 * (factor - 1)
    assert task.provenance["source_frames"] == 8


def test_no_frame_mixes_two_scenes(tmp_path: Path, two_scenes: Path) -> None:
    _, _, frames = interpolate(tmp_path, two_scenes, factor=4)
    last_of_first, first_of_second = seen(PLACE, 68), seen(OTHER, 90)
    for number in range(12, 16):
        assert cv2.PSNR(frames[number], last_of_first) > 25
    assert cv2.PSNR(frames[16], first_of_second) > 25
    assert cv2.PSNR(last_of_first, first_of_second) < 18


def test_frames_lie_between_their_neighbours(tmp_path: Path, two_scenes: Path) -> None:
    _, _, frames = interpolate(tmp_path, two_scenes, factor=2)
    for number in (1, 3, 5):
        truth = seen(PLACE, 50 + 3 * number)
        blended = cv2.addWeighted(seen(PLACE, 47 + 3 * number), 0.5, seen(PLACE, 53 + 3 * number), 0.5, 0)
        assert cv2.PSNR(frames[number], truth) > cv2.PSNR(blended, truth) + 3  # after the codec, too
    assert np.abs(frames[14].astype(int) - frames[15]).mean() < 1  # the last is held


def test_a_target_rate_takes_the_place_of_the_factor(tmp_path: Path, two_scenes: Path) -> None:
    _, output, frames = interpolate(tmp_path, two_scenes, rate_num=60)
    assert (output.frames, output.fps_num, len(frames)) == (20, 60, 20)
    assert cv2.PSNR(frames[5], seen(PLACE, 50 + 6 * 5 * 24 / 60)) > 24


def test_a_variable_rate_becomes_steady(tmp_path: Path) -> None:
    times = [0, 40, 80, 240, 280, 320, 360, 400]
    video = make_video(tmp_path / "v.mkv", [seen(PLACE, 50 + t / 10) for t in times], times_ms=times, rate=25)
    _, _, frames = interpolate(tmp_path, video, rate_num=50)
    assert abs(len(frames) - 22) <= 1
    for number in (2, 7, 9, 16):  # 7 and 9 lie in the long gap
        assert cv2.PSNR(frames[number], seen(PLACE, 50 + 2 * number)) > 24


def test_a_held_drawing_stays_one(tmp_path: Path) -> None:
    task, _, frames = interpolate(tmp_path, make_video(tmp_path / "v.mp4", [seen(PLACE, 60)] * 5), factor=2)
    assert len(frames) == 10
    assert task.provenance["cuts_held"] == 0
    assert task.provenance["blended_frames"] == 0


def _with_sound(source: Path, path: Path, codec: str) -> Path:
    """The video with half a second of a tone beside it."""
    with av.open(str(source)) as video, av.open(str(path), "w") as out:
        picture = out.add_stream_from_template(video.streams.video[0])
        sound = out.add_stream(codec, rate=48000)
        sound.layout = "mono"
        for packet in video.demux(video=0):
            if packet.dts is not None:
                packet.stream = picture
                out.mux(packet)
        tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(16 * 1024) / 48000)).astype(np.int16)
        resampler = av.AudioResampler(sound.codec_context.format, "mono", 48000)
        for start in range(0, len(tone), 1024):
            frame = av.AudioFrame.from_ndarray(tone[None, start : start + 1024], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48000, start
            for part in resampler.resample(frame):
                out.mux(sound.encode(part))
        out.mux(sound.encode())
    return path


def _packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_sound_is_copied_bit_for_bit(tmp_path: Path, two_scenes: Path) -> None:
    video = _with_sound(two_scenes, tmp_path / "sound.mp4", "aac")
    task, output, _ = interpolate(tmp_path, video)
    assert task.provenance["sound"] == ["copied (aac)"]
    assert _packets(output.path) == _packets(video)
    with av.open(str(video)) as before, av.open(str(output.path)) as after:
        ends = [container.streams.audio[0].duration / 48000 for container in (before, after)]
        assert ends[0] == pytest.approx(ends[1], abs=0.001)


def test_sound_that_an_mp4_cannot_hold_is_encoded_and_said_so(tmp_path: Path, two_scenes: Path) -> None:
    task, output, _ = interpolate(tmp_path, _with_sound(two_scenes, tmp_path / "sound.mov", "pcm_s16le"))
    assert task.provenance["sound"] == ["encoded to AAC (was pcm_s16le)"]
    with av.open(str(output.path)) as container:
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert len(samples) == pytest.approx(16 * 1024, abs=2048)
    loudest = np.argmax(np.abs(np.fft.rfft(samples[4096:12288])))
    assert loudest * 48000 / 8192 == pytest.approx(440, abs=6)


def test_a_rate_beyond_all_use_is_refused(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", [seen(PLACE, 60)] * 3, rate=60)
    with pytest.raises(EngineError, match="60 × 8 frames a second cannot be written") as caught:
        run(WORKFLOW, {"factor": 8}, {"video": video}, tmp_path / "out")
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_broken_video_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(EngineError, match="cannot be read as a video") as caught:
        run(WORKFLOW, {}, {"video": path}, tmp_path / "out")
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_canceled_interpolation_leaves_nothing(tmp_path: Path, two_scenes: Path) -> None:
    task = make_task(WORKFLOW, {"factor": 8}, {"video": two_scenes}, tmp_path / "out")
    asked: list[bool] = []
    task.is_canceled = lambda: bool(asked.append(True)) or len(asked) > 2
    with pytest.raises(Canceled):
        media.run(task)
    assert files_in(tmp_path / "out") == []
