"""The animatic: exact frames, exact times, still stills, smooth moves."""

import itertools
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image
from test_media_engine import HEIGHT, WIDTH, Pixels, decode, files_in, flat, make_task, make_video, run, save

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from cinefarm.timecode import FrameRate, format_timecode, parse_timecode
from worker.engines import media
from worker.engines.media.burn_in import BurnIn
from worker.engines.media.canvas import planes, to_yuv
from worker.task import Canceled, EngineError

WORKFLOW = "image_to_video/animatic"
RATES = [(24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1)]


def clip(number: int, name: str, frames: int, action: str = "", **more: Any) -> dict[str, Any]:
    return {
        "shot_id": f"s{number}",
        "code": f"SHT-{number:05}",
        "input": name,
        "frames": frames,
        "action": action,
    } | more


def film(
    tmp_path: Path, clips: list[dict[str, Any]], inputs: dict[str, Path], **parameters: Any
) -> tuple[Path, list[Pixels]]:
    given = {"clips": clips, "width": WIDTH, "height": HEIGHT} | parameters
    path = run(WORKFLOW, given, inputs, tmp_path / "out")[0].path
    return path, decode(path)


def disc(x: float, y: float, radius: float) -> Pixels:
    """A white disc on black, antialiased."""
    pixels = flat(0, 640, 360)
    cv2.circle(pixels, (round(x * 256), round(y * 256)), round(radius * 256), (255, 255, 255), -1, cv2.LINE_AA, 8)
    return pixels


@pytest.fixture
def three(tmp_path: Path) -> dict[str, Path]:
    return {f"p{n}": save(tmp_path / f"p{n}.png", flat(60 * n)) for n in (1, 2, 3)}


def test_the_log_says_what_each_shot_shows_and_when(tmp_path: Path, three: dict[str, Path]) -> None:
    """A wrangler who looks for a shot in the log finds its line."""
    clips = [clip(1, "p1", 24), clip(2, "p2", 12, take=3)]
    task = make_task(WORKFLOW, {"clips": clips, "width": WIDTH, "height": HEIGHT}, three, tmp_path / "out")
    lines: list[str] = []
    task.on_log = lambda level, text: lines.append(text)
    media.run(task)
    assert lines[:2] == [
        "SHT-00001 v001: picture p1.png, 24 frames at 00:00:00:00",
        "SHT-00002 v003: picture p2.png, 12 frames at 00:00:01:00",
    ]
    assert lines[2].startswith("36 frames in ")


@pytest.mark.parametrize(("num", "den"), RATES)
def test_frame_count_rate_and_times_are_exact(tmp_path: Path, three: dict[str, Path], num: int, den: int) -> None:
    lengths = [1, 17, 30, 1, 2]
    clips = [clip(n, f"p{n % 3 + 1}", frames) for n, frames in enumerate(lengths)]
    rate = FrameRate(num, den)
    start = parse_timecode("01:00:00:00", rate)
    given = {"clips": clips, "width": WIDTH, "height": HEIGHT, "fps_num": num, "fps_den": den, "start_frame": start}
    main, poster = run(WORKFLOW, given, three, tmp_path / "out")

    assert (main.frames, main.fps_num, main.fps_den, main.kind) == (sum(lengths), num, den, MediaKind.VIDEO)
    with av.open(str(main.path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == Fraction(num, den)
        assert stream.time_base == Fraction(1, num if num >= 10_000 else num * 1000)
        assert stream.metadata["timecode"] == "01:00:00:00"
        assert stream.start_time == 0
        frames = list(container.decode(stream))
        assert [frame.pts * stream.time_base for frame in frames] == [
            n * Fraction(den, num) for n in range(len(frames))
        ]
        assert len(frames) == stream.frames == sum(lengths)
        assert stream.duration * stream.time_base == sum(lengths) * Fraction(den, num)
    shown = [int(frame.to_ndarray(format="rgb24")[HEIGHT // 2, WIDTH // 2, 0]) for frame in frames]
    expected = [60 * (n % 3 + 1) for n, length in enumerate(lengths) for _ in range(length)]
    assert np.abs(np.array(shown) - expected).max() <= 2
    assert (poster.role, poster.width, poster.path.suffix) == (OutputRole.THUMBNAIL, 480, ".webp")
    with Image.open(poster.path) as image:
        assert (image.format, image.size) == ("WEBP", (480, 270))
    assert files_in(tmp_path / "out") == ["animatic.mp4", "poster.webp"]


def test_the_codec_is_what_browsers_and_editors_expect(tmp_path: Path, three: dict[str, Path]) -> None:
    path, _ = film(tmp_path, [clip(1, "p1", 40), clip(2, "p2", 33)], three, fps_num=25, title="한강의 밤")
    with av.open(str(path)) as container:
        assert container.metadata["title"] == "한강의 밤"
        context = container.streams.video[0].codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        frames = list(container.decode(video=0))
    keys = [n for n, frame in enumerate(frames) if frame.key_frame]
    assert keys[0] == 0
    assert 40 in keys  # a cut begins with a key frame
    assert max(b - a for a, b in itertools.pairwise([*keys, len(frames)])) <= 12  # half a second
    data = path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")  # a browser can start before the end has arrived


def test_drop_frame_timecode_starts_the_film(tmp_path: Path, three: dict[str, Path]) -> None:
    rate = FrameRate(30000, 1001)
    start = parse_timecode("00:01:00;02", rate)
    path, _ = film(tmp_path, [clip(1, "p1", 3)], three, fps_num=30000, fps_den=1001, start_frame=start, drop_frame=True)
    with av.open(str(path)) as container:
        assert container.streams.video[0].metadata["timecode"] == "00:01:00;02"


def test_colours_are_bt709(tmp_path: Path) -> None:
    inputs = {"red": save(tmp_path / "red.png", flat((255, 0, 0)))}
    path, _ = film(tmp_path, [clip(1, "red", 2)], inputs)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).to_ndarray()
    assert [int(plane[10, 10]) for plane in planes(frame)] == pytest.approx([63, 102, 240], abs=2)


def test_a_held_picture_does_not_breathe(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    busy = cv2.resize(rng.integers(0, 255, (18, 32, 3), dtype=np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    _, frames = film(tmp_path, [clip(1, "a", 60, "She waits.")], {"a": save(tmp_path / "a.png", busy)})
    steps = [np.abs(b.astype(int) - a).mean() for a, b in itertools.pairwise(frames)]
    assert max(steps) < 0.15
    assert cv2.PSNR(planes(to_yuv(frames[0]))[0], planes(to_yuv(busy))[0]) > 36


def test_push_in_enlarges_from_frame_to_frame(tmp_path: Path) -> None:
    inputs = {"a": save(tmp_path / "a.png", disc(320, 180, 80))}
    _, frames = film(tmp_path, [clip(1, "a", 36, "Slow push in")], inputs, width=320, height=180)
    areas = [frame.astype(float).mean() for frame in frames]
    assert all(b >= a - 0.01 for a, b in itertools.pairwise(areas))
    assert 1.1 < areas[-1] / areas[0] < 1.5
    assert areas[0] == pytest.approx(disc(320, 180, 80).mean(), rel=0.03)  # starts at the whole picture


@pytest.mark.parametrize(
    ("action", "axis", "sign"), [("Pan right", 1, -1), ("팬 왼쪽", 1, 1), ("Tilt up", 0, 1), ("틸트 다운", 0, -1)]
)
def test_pans_and_tilts_shift_steadily(tmp_path: Path, action: str, axis: int, sign: int) -> None:
    inputs = {"a": save(tmp_path / "a.png", disc(320, 180, 60))}
    _, frames = film(tmp_path, [clip(1, "a", 36, action)], inputs, width=320, height=180)
    places = []
    for frame in frames:
        weights = frame[:, :, 1].astype(float) ** 2
        places.append((weights.sum(axis=1 - axis) * np.arange(weights.shape[axis])).sum() / weights.sum())
    steps = np.diff(places) * sign
    assert (steps > -0.02).all()  # never back
    middle = steps[10:25]
    assert middle.mean() > 0.2
    assert middle.std() < 0.06  # no jitter: every step alike


@pytest.mark.parametrize(("action", "moves"), [("Push in", False), ("She pulls out a letter", True)])
def test_nothing_moves_unasked(tmp_path: Path, action: str, moves: bool) -> None:
    inputs = {"a": save(tmp_path / "a.png", disc(320, 180, 60))}
    _, frames = film(tmp_path, [clip(1, "a", 12, action)], inputs, camera_moves=moves)
    assert np.abs(frames[-1].astype(int) - frames[0]).mean() < 0.1


def test_a_move_of_one_frame_is_a_still(tmp_path: Path) -> None:
    _, frames = film(tmp_path, [clip(1, "a", 1, "Zoom in")], {"a": save(tmp_path / "a.png", disc(320, 180, 60))})
    assert len(frames) == 1


def test_pictures_of_another_shape_get_black_bars(tmp_path: Path) -> None:
    inputs = {
        "wide": save(tmp_path / "wide.png", flat(200, 400, 100)),
        "tall": save(tmp_path / "tall.png", flat(200, 100, 200)),
    }
    _, frames = film(tmp_path, [clip(1, "wide", 2), clip(2, "tall", 2), clip(3, "tall", 4, "Push in")], inputs)
    wide, tall, pushed = frames[0], frames[2], frames[7]
    assert wide[[2, -3]].max() < 4
    assert wide[HEIGHT // 2].min() > 190
    for frame in (tall, pushed):
        assert frame[:, [10, -11]].max() < 4
        assert frame[:, WIDTH // 2].min() > 190


def test_the_caption_band_of_a_panel_is_cut_off(tmp_path: Path) -> None:
    panel = np.vstack([flat(150, 160, 90), flat((255, 0, 0), 160, 30)])
    inputs = {"a": save(tmp_path / "a.png", panel)}
    _, frames = film(
        tmp_path, [clip(1, "a", 1, picture_height=90), clip(2, "a", 4, "Tilt down", picture_height=90)], inputs
    )
    for frame in frames:
        assert np.abs(frame.astype(int) - 150).max() <= 3


def test_burnt_in_timecode_counts_every_frame(tmp_path: Path) -> None:
    width, height = 640, 360
    inputs = {"a": save(tmp_path / "a.png", flat((90, 140, 200), width, height))}
    rate = FrameRate(24)
    start = parse_timecode("01:00:00:20", rate)
    given = {"width": width, "height": height, "start_frame": start}
    clips = [clip(1, "a", 5), clip(2, "a", 4, "push in")]
    _, plain = film(tmp_path, clips, inputs, **given)
    _, frames = film(tmp_path, clips, inputs, **given, burn_in=True)
    letters = BurnIn(width, height)
    candidates = {format_timecode(start + n, rate): None for n in range(-2, 12)}
    for number, frame in enumerate(frames):
        luma = planes(to_yuv(frame))[0].astype(float)
        misses = {}
        for timecode in candidates:
            expected = to_yuv(plain[number])
            plate = letters.timecode_plate(timecode)
            plate.blend(expected)
            box = np.s_[plate.y : plate.y + plate.keep.shape[0], plate.x : plate.x + plate.keep.shape[1]]
            misses[timecode] = np.abs(planes(expected)[0][box] - luma[box]).mean()
        assert min(misses, key=misses.__getitem__) == format_timecode(start + number, rate)
        assert luma[box].max() > 225  # white letters
        code = np.s_[-40:, :160]
        assert np.abs(frame[code].astype(int) - plain[number][code]).mean() > 10
        assert np.abs(frame[:300].astype(int) - plain[number][:300]).mean() < 1  # the picture itself is left alone


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
def test_a_video_of_the_same_rate_plays_frame_by_frame(tmp_path: Path, name: str) -> None:
    """Matroska rounds times to milliseconds; no frame may be doubled or lost by it."""
    rate = Fraction(24000, 1001)
    inputs = {"v": make_video(tmp_path / name, [flat(10 + 8 * n) for n in range(24)], rate=rate)}
    _, frames = film(tmp_path, [clip(1, "v", 24)], inputs, fps_num=24000, fps_den=1001)
    assert [round((int(frame[30, 30, 0]) - 10) / 8) for frame in frames] == list(range(24))


def test_a_video_of_another_rate_is_converted_by_time(tmp_path: Path) -> None:
    inputs = {"v": make_video(tmp_path / "v.mp4", [flat(10 + 8 * n) for n in range(30)], rate=30)}
    _, frames = film(tmp_path, [clip(1, "v", 24)], inputs)
    shown = [round((int(frame[30, 30, 0]) - 10) / 8) for frame in frames]
    assert shown == [(2 * n + 1) * 30 // 48 for n in range(24)]  # what is on screen at each frame's middle


def test_a_short_video_is_held_and_a_long_one_cut(tmp_path: Path) -> None:
    inputs = {"v": make_video(tmp_path / "v.mp4", [flat(10 + 20 * n) for n in range(6)])}
    _, frames = film(tmp_path, [clip(1, "v", 9), clip(2, "v", 3)], inputs)
    shown = [round((int(frame[30, 30, 0]) - 10) / 20) for frame in frames]
    assert shown == [0, 1, 2, 3, 4, 5, 5, 5, 5, 0, 1, 2]


def _broken_inputs(folder: Path) -> dict[str, Path]:
    whole = save(folder / "whole.png", np.random.default_rng(0).integers(0, 255, (90, 160, 3), dtype=np.uint8))
    (folder / "cut_off.png").write_bytes(whole.read_bytes()[:9000])
    (folder / "text.png").write_text("not a picture")
    (folder / "empty.png").write_bytes(b"")
    (folder / "list.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{whole}\n#EXT-X-ENDLIST\n")
    video = make_video(folder / "v.mp4", [flat(9)] * 9)
    (folder / "cut_off.mp4").write_bytes(video.read_bytes()[:700])
    names = ("cut_off.png", "text.png", "empty.png", "list.mp4", "cut_off.mp4", "missing.png")
    return {name.replace(".", "_"): folder / name for name in names}


@pytest.mark.parametrize(
    "name", ["cut_off_png", "text_png", "empty_png", "list_mp4", "cut_off_mp4", "missing_png", "none"]
)
def test_a_broken_clip_is_bad_input_and_names_the_shot(tmp_path: Path, three: dict[str, Path], name: str) -> None:
    inputs = three | _broken_inputs(tmp_path)
    with pytest.raises(EngineError, match="SHT-00007") as caught:
        film(tmp_path, [clip(1, "p1", 3), clip(7, name, 3)], inputs)
    assert caught.value.kind is FailureKind.BAD_INPUT
    assert files_in(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"clips": []}, "no clips"),
        ({"drop_frame": True}, "Drop-frame timecode exists only"),
        ({"fps_num": 1000}, "not between 1 and 240"),
    ],
)
def test_impossible_films_are_refused(
    tmp_path: Path, three: dict[str, Path], parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(EngineError, match=words) as caught:
        run(WORKFLOW, {"clips": [clip(1, "p1", 3)]} | parameters, three, tmp_path / "out")
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_cancel_is_heard_within_a_second_and_leaves_nothing(tmp_path: Path) -> None:
    inputs = {"a": save(tmp_path / "a.png", disc(320, 180, 60))}
    given = {"clips": [clip(1, "a", 200_000, "push in")], "width": 640, "height": 360}
    task = make_task(WORKFLOW, given, inputs, tmp_path / "out")
    asked: list[float] = []
    began = time.monotonic()

    def is_canceled() -> bool:
        if time.monotonic() - began > 1:
            asked.append(time.monotonic())
        return bool(asked)

    task.is_canceled = is_canceled
    with pytest.raises(Canceled):
        media.run(task)
    assert time.monotonic() - began < 2.5
    assert files_in(tmp_path / "out") == []


def test_progress_grows_and_names_the_shot(tmp_path: Path, three: dict[str, Path]) -> None:
    heard: list[tuple[float, str]] = []
    task = make_task(WORKFLOW, {"clips": [clip(1, "p1", 5)], "width": 64, "height": 64}, three, tmp_path / "out")
    task.on_progress = lambda fraction, message: heard.append((fraction, message))
    media.run(task)
    assert heard[0] == (0.0, "SHT-00001: frame 1 of 5")
    assert [fraction for fraction, _ in heard] == sorted(fraction for fraction, _ in heard)
