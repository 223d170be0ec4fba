"""What both video services have in common, each against a double that really listens."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
from fastapi import Response

from cinefarm.statuses import FailureKind, OutputRole
from tests.doubles.kling import KlingDouble
from tests.doubles.runway import RunwayDouble
from tests.doubles.serving import listening
from tests.doubles.video_service import VideoService, refusal
from tests.doubles.videos import picture_file, read_picture
from tests.worker.engines.remote_kit import KLING, RUNWAY, VARIABLES, Studio, bought_video, set_keys
from worker.engines import probe_engine
from worker.host import _ready
from workflows.catalog import load_catalog


@dataclass
class Place:
    studio: Studio
    double: VideoService
    name: str  # of the vendor


@pytest.fixture(params=[RUNWAY, KLING])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    video = bought_video(tmp_path)
    double = RunwayDouble(video) if request.param == RUNWAY else KlingDouble(video)
    with listening(double.app) as url:
        set_keys(monkeypatch, url)
        name = "Runway" if request.param == RUNWAY else "Kling"
        yield Place(Studio(tmp_path, request.param), double, name)


def states(place: Place, *runway_states: str, **facts: Any) -> None:
    """Set how the next order goes, in Runway's words."""
    words = {"PENDING": "submitted", "RUNNING": "processing", "SUCCEEDED": "succeed", "FAILED": "failed"}
    place.double.states = tuple(
        state if isinstance(place.double, RunwayDouble) else words[state] for state in runway_states
    )
    place.double.final = facts


def once_waiting(place: Place, *faults: Response) -> None:
    """The order is there and waits: its next looks are answered by these."""
    if ": waiting" in place.studio.progress[-1][1]:
        place.double.faults["look"] += faults
        place.studio.on_progress = lambda: None


def frames_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_a_video_is_bought_and_trimmed_to_the_shot(place: Place) -> None:
    """48 of the 60 frames that came; the whole purchase is kept as well, for it was paid for."""
    main, extra = place.studio.run()
    assert (main.frames, main.width, main.height, main.fps_num, main.fps_den) == (48, 320, 180, 24, 1)
    assert frames_in(main.path) == 48
    assert (extra.role, extra.frames) == (OutputRole.EXTRA, 60)
    assert extra.path.read_bytes() == place.double.video
    assert place.double.count("POST") == 1
    assert [fraction for fraction, _ in place.studio.progress] == sorted(f for f, _ in place.studio.progress)
    place.studio.keeps_secrets()


def test_a_longer_shot_keeps_what_was_bought(place: Place) -> None:
    """Nothing is encoded again, and the log says what is short."""
    place.studio.frames = 96
    (main,) = place.studio.run()
    assert main.path.read_bytes() == place.double.video
    assert main.frames == 60
    assert any("96 frames; the video has 60" in line for line in place.studio.logged)


def test_the_cost_is_estimated_before_and_recorded_after(place: Place) -> None:
    place.studio.run()
    ordering = next(line for line in place.studio.logged if "Ordering" in line)
    assert "estimate" in ordering
    recipe = place.studio.recipe
    if place.name == "Runway":  # 2 s were ordered; the service said 25 credits at most, then charged 20
        assert "10 credits (about $0.10)" in ordering
        expected = {"unit": "credits", "estimate": 25, "estimate_usd": 0.25, "final": 20, "final_usd": 0.2}
    else:
        assert "2.5 units (about $0.35)" in ordering
        expected = {"unit": "units", "estimate": 2.5, "estimate_usd": 0.35, "final": 2.5, "final_usd": 0.35}
    assert recipe["cost"] == {**expected, "price_list": "2026-11"}
    assert (recipe["vendor"], recipe["vendor_task"]) == (place.name, "task-1")


def test_a_task_that_an_attempt_left_behind_is_taken_up(place: Place) -> None:
    """The second attempt orders nothing, and gets what the first one paid for."""
    states(place, "PENDING")
    place.studio.on_progress = lambda: once_waiting(place, refusal(403))
    place.studio.fails(FailureKind.WORKER, "403")
    place.double.orders["task-1"].states = ["SUCCEEDED" if place.name == "Runway" else "succeed"]
    assert place.studio.run()[0].frames == 48
    assert place.double.count("POST") == 1
    assert any("nothing is paid twice" in line for line in place.studio.logged)


def test_a_lost_download_costs_nothing_more(place: Place) -> None:
    place.double.faults["video"] = [Response(b"", media_type="video/mp4")]
    place.studio.fails(FailureKind.ENGINE_ERROR, "not a usable video", "empty")
    assert place.studio.run()[0].frames == 48
    assert place.double.count("POST") == 1


def test_another_prompt_is_another_order(place: Place) -> None:
    place.double.faults["video"] = [Response(b"", media_type="video/mp4")]
    place.studio.fails(FailureKind.ENGINE_ERROR, "empty")
    place.studio.parameters["prompt"] = "a man walks in the snow"
    place.studio.run()
    assert place.double.count("POST") == 2


def test_a_failed_task_is_not_taken_up_but_ordered_anew(place: Place) -> None:
    states(place, "FAILED")
    place.studio.fails(FailureKind.ENGINE_ERROR, "failed")
    states(place, "SUCCEEDED")
    place.studio.run()
    assert place.double.count("POST") == 2


def test_a_cancel_stops_at_once_and_withdraws_the_task(place: Place) -> None:
    """Kling has no cancel: the task runs on there, which is said, and the next attempt takes it up."""
    states(place, "RUNNING")
    place.studio.is_canceled_at(": running")
    if isinstance(place.double, RunwayDouble):
        assert place.double.deleted == ["task-1"]
    else:
        assert any("cannot cancel" in line for line in place.studio.logged)
        place.double.orders["task-1"].states = ["succeed"]
        place.studio.run()
        assert place.double.count("POST") == 1


def test_a_busy_service_is_looked_at_again_more_slowly(place: Place) -> None:
    """429 and 5xx while waiting lose nothing: the task runs on."""
    faults = (refusal(429), refusal(503), Response("<html>gateway</html>", 502))
    place.studio.on_progress = lambda: once_waiting(place, *faults)
    assert place.studio.run()[0].frames == 48
    assert sum("Asking again" in line for line in place.studio.logged) == 3
    assert place.double.count("POST") == 1


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, FailureKind.WORKER, "_KEY"),
        (403, FailureKind.WORKER, "_KEY"),
        (402, FailureKind.QUOTA, "Top it up"),
        (429, FailureKind.QUOTA, "comes back by itself"),
        (422, FailureKind.BAD_INPUT, "does not take the order"),
    ],
)
def test_a_refused_order_is_the_right_failure(place: Place, status: int, kind: FailureKind, words: str) -> None:
    place.double.faults["create"] = [refusal(status)]
    place.studio.fails(kind, place.name, words)
    assert not place.double.orders


def test_a_service_out_of_order_is_an_engine_error(place: Place) -> None:
    place.double.faults["create"] = [refusal(500)] * 9
    place.studio.fails(FailureKind.ENGINE_ERROR, "out of order (500)")


def test_a_wrong_key_is_the_workers_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEFARM_RUNWAY_KEY", "key_wrong")
    monkeypatch.setenv("CINEFARM_KLING_SECRET_KEY", "another-secret-of-at-least-32-bytes-it-is")
    message = place.studio.fails(FailureKind.WORKER, "401", f"CINEFARM_{place.name.upper()}")
    assert "key_wrong" not in message


def test_a_service_that_is_not_there_is_the_workers_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNWAY", "KLING"):
        monkeypatch.setenv(f"CINEFARM_{name}_BASE_URL", "http://127.0.0.1:9")
    place.studio.fails(FailureKind.WORKER, "cannot reach", "127.0.0.1:9")


@pytest.mark.parametrize(
    ("content", "type", "words"),
    [
        (b"<html>not found</html>", "text/html", "text/html"),
        (b"this is no video at all" * 100, "video/mp4", "not a usable video"),
        (None, "video/mp4", "not a usable video"),
    ],
)
def test_what_comes_must_be_a_video(place: Place, content: bytes | None, type: str, words: str) -> None:
    """A page, nonsense, or a file that was cut off."""
    place.double.video = place.double.video[:900] if content is None else content
    place.double.video_type = type
    place.studio.fails(FailureKind.ENGINE_ERROR, words)
    assert not list(place.studio.folder.rglob(".*.part"))


def test_a_video_store_that_stumbles_is_asked_again(place: Place) -> None:
    place.double.faults["video"] = [refusal(503), refusal(500)]
    assert place.studio.run()[0].frames == 48


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [(40, 40, "too small"), (9000, 400, "too large"), (2000, 310, "too narrow")],
)
def test_a_bad_picture_is_refused_before_anything_is_sent(place: Place, width: int, height: int, words: str) -> None:
    place.studio.inputs["image"] = picture_file(place.studio.folder / "bad.png", width=width, height=height)
    place.studio.fails(FailureKind.BAD_INPUT, "Input “image”", words, place.name, f"{width} × {height}")
    assert not place.double.asked


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(place: Place, content: bytes) -> None:
    place.studio.inputs["image"].write_bytes(content)
    place.studio.fails(FailureKind.BAD_INPUT, "Input “image”", "cannot be read")
    assert not place.double.asked


def test_a_panel_is_sent_without_its_caption(place: Place) -> None:
    """The shot says how many rows of its confirmed take are the picture."""
    place.studio.shot = {"picture_height": 310}
    place.studio.run()
    sent = place.double.orders["task-1"].request
    image = sent["image"] if place.name == "Kling" else sent["promptImage"][0]["uri"].split(",")[1]
    assert read_picture(base64.b64decode(image)).size == (640, 310)


def test_a_job_without_its_picture_says_so(place: Place) -> None:
    place.studio.inputs = {}
    place.studio.fails(FailureKind.BAD_INPUT, "Input “image”", "was not given")


# -- which box offers what


def test_a_workflow_without_its_key_is_not_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The other one is; what is missing is named."""
    monkeypatch.chdir(tmp_path)  # no .env here
    set_keys(monkeypatch, "http://127.0.0.1:9")
    monkeypatch.delenv("CINEFARM_KLING_SECRET_KEY")
    ready, _ = _ready(load_catalog())
    assert RUNWAY in ready.capabilities
    assert KLING not in ready.capabilities
    assert "CINEFARM_KLING_SECRET_KEY" in ready.lacking[KLING]
    assert "runwayml" in ready.engines["remote"]


def test_a_box_without_keys_offers_neither(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    probe = probe_engine("remote")
    assert not probe.ok
    assert "CINEFARM_RUNWAY_KEY" in probe.reason
    assert "CINEFARM_KLING_ACCESS_KEY" in probe.reason
    assert not {RUNWAY, KLING} & set(_ready(load_catalog())[0].capabilities)


def test_the_vendors_own_names_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RUNWAYML_API_SECRET", "theirs")
    ready, _ = _ready(load_catalog())
    assert RUNWAY in ready.capabilities
    assert KLING not in ready.capabilities
