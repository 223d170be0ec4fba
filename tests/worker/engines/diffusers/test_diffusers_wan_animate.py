"""WAN-Animate on miniature weights, led by drawn videos."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from diffusers import WanAnimatePipeline
from PIL import Image

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from tests.miniatures.bundles import write_bundle
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.bundles.opening import Opening
from worker.engines import load_engine
from worker.engines.diffusers import wan_animate
from worker.engines.diffusers.actor import prepare
from worker.engines.diffusers.actor.prepare import Wish
from worker.engines.diffusers.wan_animate import segment_count, segment_length
from worker.engines.media.canvas import to_yuv
from worker.engines.media.driving import held, read_driving
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.footage import open_footage
from worker.surroundings import Surroundings, catalog
from worker.task import EngineError, Task
from workflows.schema import check_parameters

ANIMATE = "image_to_video/wan_animate"
SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "frame_count": 6, "fps_num": 24, "fps_den": 1}
SMALL: dict[str, Any] = {"shot": SHOT, "prompt": "a dance", "width": 256, "height": 256, "frame_count": 4, "steps": 4}
BUNDLES = ("wan22_animate_14b",)
ACTOR = ("rtdetr_r50", "vitpose_plus_huge")


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


# From the footage of an actor. The miniatures see the same person in every picture: see tests/miniatures/actor.py.


@pytest.fixture
def led(draw: Draw, photo: Callable[..., Path], footage: Callable[..., Path]) -> Callable[..., Drawn]:
    """By footage in which everything gets brighter and an actor stands still."""

    def run(inputs: dict[str, Path] | None = None, **given: Any) -> Drawn:
        every = {"image": photo(), "driving_video": footage(width=96), **(inputs or {})}
        return draw(ANIMATE, every, **{"bundles": BUNDLES + ACTOR, **SMALL, **given})

    return run


@pytest.fixture
def leading(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the pipeline is given, once it was."""
    seen: dict[str, Any] = {}
    call = WanAnimatePipeline.__call__

    def noted(self: Any, *args: Any, **given: Any) -> Any:
        seen.update(given)
        return call(self, *args, **given)

    monkeypatch.setattr(WanAnimatePipeline, "__call__", noted)
    return seen


def test_a_picture_acts_as_the_actor_in_raw_footage(led: Callable[..., Drawn], leading: dict[str, Any]) -> None:
    film = led()
    assert film.outputs[0].frames == 4
    assert set(film.task.provenance["models"]) == {*BUNDLES, *ACTOR}
    assert film.task.provenance["key_points"] == 17
    assert film.task.provenance["actor_missing"] == 0
    pose, face = leading["pose_video"], leading["face_video"]
    assert [len(pose), len(face)] == [5, 5]  # at 30 a second
    assert {picture.size for picture in pose} == {(256, 256)}
    assert {picture.size for picture in face} == {(512, 512)}
    drawn = np.asarray(pose[0])
    assert (255, 85, 0) in {tuple(colour) for colour in drawn.reshape(-1, 3)}  # the neck's dot
    assert (drawn.max(axis=2) == 0).mean() > 0.9
    levels = [np.asarray(picture).mean() for picture in face]
    assert levels == sorted(levels)
    assert levels[-1] > levels[0] + 10  # the footage itself, brighter and brighter


@pytest.fixture
def prepared(
    opening: Opening,
    models: Callable[..., Path],
    photo: Callable[..., Path],
    footage: Callable[..., Path],
    tmp_path: Path,
) -> Callable[..., tuple[dict[str, list[Image.Image]], Task, list[str]]]:
    """The videos alone, of nine frames that are 96 × 64; what was said of them."""
    models(*ACTOR)

    def run(*videos: str, fits: bool = False, replaces: bool = False) -> Any:
        log: list[str] = []
        task = Task(ANIMATE, {}, {"driving_video": footage(width=96)}, tmp_path, weights=opening)
        task.on_log = lambda level, text: log.append(text)
        still = Image.open(photo()).convert("RGB") if fits else None
        return prepare.prepare(task, Wish(videos, FrameRate(30), 9, (256, 256), 512, replaces, still)), task, log

    return run


def test_the_skeleton_stands_as_the_character_does_or_as_the_actor(prepared: Callable[..., Any]) -> None:
    """The miniature sees the same share of every picture: that of 96 × 64 is smaller on the canvas."""
    fitted, task, _ = prepared("pose_video", fits=True)
    assert task.provenance["retargeted"] == {"scale": pytest.approx(1.6, abs=0.2), "anchor": "feet"}
    kept, task, _ = prepared("pose_video")
    assert "retargeted" not in task.provenance
    as_character, as_actor = _box(fitted["pose_video"][0]), _box(kept["pose_video"][0])
    assert as_actor[3] - as_actor[1] < 0.75 * (as_character[3] - as_character[1])
    assert as_actor[1] >= 42 - 1  # 96 × 64 stands in the middle of 256 × 256


def test_in_the_actors_place_the_footage_is_black(prepared: Callable[..., Any]) -> None:
    videos, _, log = prepared("pose_video", "face_video", "background_video", "mask_video", replaces=True)
    assert "“driving_video” is 96 × 64: 33% of it is cut off at the edges." in log
    assert {name: len(frames) for name, frames in videos.items()} == dict.fromkeys(videos, 9)
    mask = np.asarray(videos["mask_video"][0])[..., 0]
    background = np.asarray(videos["background_video"][0])
    assert set(np.unique(mask)) == {0, 255}
    assert mask[140, 128] == 255
    assert mask[10, 5] == 0
    assert not background[mask == 255].any()
    assert background[mask == 0].min() > 0
    pose = np.asarray(videos["pose_video"][0]).max(axis=2)
    assert pose.any()
    assert not pose[mask == 0].any()  # the skeleton is in the box


def test_videos_that_are_given_go_before_those_prepared(
    led: Callable[..., Drawn], leading: dict[str, Any], footage: Callable[..., Path]
) -> None:
    given = led({"face_video": footage(3)})
    assert np.asarray(leading["face_video"][0]).mean() == pytest.approx(20, abs=3)
    assert "“face_video” ends after 4 of 5 frames; its last one is held." in given.log
    assert set(given.task.provenance["models"]) == {*BUNDLES, *ACTOR}
    with pytest.raises(EngineError, match="mask_video is missing: give both background_video and mask_video"):
        led({"background_video": footage()}, mode="replace")


def test_what_leads_the_picture_is_asked_for(draw: Draw, photo: Callable[..., Path]) -> None:
    with pytest.raises(EngineError, match="give “driving_video”, the footage of an actor, or else pose_video and face"):
        draw(ANIMATE, {"image": photo()}, bundles=BUNDLES, **SMALL)


def test_without_their_weights_the_models_to_pull_are_named(
    photo: Callable[..., Path], footage: Callable[..., Path], tmp_path: Path
) -> None:
    write_bundle("wan22_animate_14b", tmp_path / "models")
    parameters, problems = check_parameters(catalog()[ANIMATE], {"image": "x", "seed": 1, **SMALL})
    assert not problems
    task = Task(
        ANIMATE,
        parameters,
        {"image": photo(), "driving_video": footage()},
        tmp_path / "out",
        weights=Opening(Surroundings(models_dir=tmp_path / "models")),
    )
    with pytest.raises(EngineError) as told:
        load_engine("diffusers").run(task)
    assert told.value.kind is FailureKind.WORKER
    for name in ACTOR:
        assert f"cinefarm models pull {name}" in str(told.value)


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ((0, 9), "“driving_video” shows nobody in frames 1–9, counted at 30 a second"),
        ((2, 8), r"“driving_video” shows too little of the actor in frames 3–8 \(6 of 9, counted at 30 a second\)"),
    ],
)
def test_footage_with_too_little_of_an_actor_is_refused_with_its_frames(
    prepared: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, gone: tuple[int, int], sentence: str
) -> None:
    _hide(monkeypatch, *gone)
    with pytest.raises(EngineError, match=sentence) as told:
        prepared("pose_video")
    assert told.value.kind is FailureKind.BAD_INPUT


def test_frames_without_the_actor_are_named(prepared: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    _hide(monkeypatch, 6, 9)
    videos, task, log = prepared("pose_video")
    assert "“driving_video” does not show the actor in frames 7–9 (3 of 9, counted at 30 a second)." in log
    assert task.provenance["actor_missing"] == 3
    assert np.asarray(videos["pose_video"][5]).any()
    assert not np.asarray(videos["pose_video"][6]).any()


def _hide(monkeypatch: pytest.MonkeyPatch, first: int, stop: int) -> None:
    """The actor is found, but no joint of theirs is sure in those frames."""
    figures = prepare._figures

    def unsure(*args: Any) -> Any:
        found = figures(*args)
        found[first:stop, :, 2] = 0.1
        return found

    monkeypatch.setattr(prepare, "_figures", unsure)


def _box(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.getbbox()
    assert box
    return box


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
