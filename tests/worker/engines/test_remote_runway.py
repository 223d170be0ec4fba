"""Runway: what is sent, what its answers mean, and when it is left."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cinefarm.statuses import FailureKind
from tests.doubles.runway import RunwayDouble
from tests.doubles.serving import listening
from tests.doubles.video_service import refusal
from tests.doubles.videos import picture_file, read_picture
from tests.worker.engines.remote_kit import RUNWAY, Studio, bought_video, set_keys
from worker.engines.remote import runway
from worker.engines.remote.stills import read_still
from worker.task import EngineError


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunwayDouble]:
    double = RunwayDouble(bought_video(tmp_path))
    with listening(double.app) as url:
        set_keys(monkeypatch, url)
        yield double


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, RUNWAY)


def test_the_order_says_what_was_asked(studio: Studio, double: RunwayDouble) -> None:
    """The nearest ratio, whole seconds for the shot, 32 bits of the seed, and the picture as data."""
    studio.frames = 49  # a little more than two seconds
    studio.run()
    sent = dict(double.orders["task-1"].request)
    ((picture,), rest) = (sent.pop("promptImage"), sent)
    assert rest == {
        "model": "gen4_turbo",
        "ratio": "1280:720",
        "duration": 3,
        "promptText": "a woman runs in the rain",
        "seed": 5,
    }
    assert picture["position"] == "first"
    assert read_picture(base64.b64decode(picture["uri"].removeprefix("data:image/png;base64,"))).size == (640, 360)


@pytest.mark.parametrize(
    ("size", "ratio"),
    [((720, 1280), "720:1280"), ((500, 500), "960:960"), ((1920, 816), "1584:672"), ((1024, 768), "1104:832")],
)
def test_the_ratio_follows_the_picture(studio: Studio, double: RunwayDouble, size: tuple[int, int], ratio: str) -> None:
    studio.inputs["image"] = picture_file(studio.folder / "other.png", width=size[0], height=size[1])
    studio.run()
    assert double.orders["task-1"].request["ratio"] == ratio


@pytest.mark.parametrize(("frames", "seconds"), [(1, 2), (48, 2), (120, 5), (121, 6), (500, 10)])
def test_whole_seconds_are_bought(studio: Studio, double: RunwayDouble, frames: int, seconds: int) -> None:
    studio.frames = frames
    studio.run()
    assert double.orders["task-1"].request["duration"] == seconds


def test_only_pixels_leave_the_farm(studio: Studio, double: RunwayDouble) -> None:
    """What a picture file says besides, such as its prompt and graph, stays here."""
    told = PngInfo()
    told.add_text("workflow", "our own graph")
    Image.open(studio.inputs["image"]).save(studio.inputs["image"], pnginfo=told)
    assert b"our own graph" in studio.inputs["image"].read_bytes()
    studio.run()
    uri = double.orders["task-1"].request["promptImage"][0]["uri"]
    assert b"our own graph" not in base64.b64decode(uri.split(",")[1])


def test_a_large_picture_goes_as_a_jpeg(studio: Studio, double: RunwayDouble) -> None:
    """A data URI has at most 5 MB."""
    studio.inputs["image"] = picture_file(studio.folder / "large.png", width=1600, height=900, noise=True)
    assert studio.inputs["image"].stat().st_size > 3_700_000
    studio.run()
    uri = double.orders["task-1"].request["promptImage"][0]["uri"]
    assert uri.startswith("data:image/jpeg;base64,")
    assert len(uri) <= 5_000_000


def test_a_picture_that_is_too_large_even_so_is_refused(tmp_path: Path) -> None:
    place = picture_file(tmp_path / "huge.png", width=300, height=300, noise=True)
    tight = replace(runway.LIMITS, most_bytes=20_000)
    with pytest.raises(EngineError, match=r"too large for Runway: .* even as a JPEG; the most is 0.0 MB") as caught:
        read_still(place, "image", tight)
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_an_estimate_above_the_limit_cancels_the_order(studio: Studio, double: RunwayDouble) -> None:
    """By Runway's own figure; nothing waits for a person to notice."""
    double.credits = 151
    studio.fails(FailureKind.BAD_INPUT, "151 credits", "the limit is 150")
    assert double.deleted == ["task-1"]
    studio.parameters["max_credits"] = 200
    studio.run()
    assert double.count("POST") == 2


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("SAFETY.INPUT.TEXT", FailureKind.BAD_INPUT, "refuses this content"),
        ("SAFETY.OUTPUT.VIDEO", FailureKind.BAD_INPUT, "Change the prompt or the picture"),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", FailureKind.BAD_INPUT, "refuses this content"),
        ("ASSET.INVALID", FailureKind.BAD_INPUT, "cannot use what was sent"),
        ("INPUT_PREPROCESSING.INTERNAL", FailureKind.ENGINE_ERROR, "failed"),
        ("INTERNAL.BAD_OUTPUT.CODE01", FailureKind.ENGINE_ERROR, "failed"),
        (None, FailureKind.ENGINE_ERROR, "no code"),
    ],
)
def test_a_failed_task_says_why(
    studio: Studio, double: RunwayDouble, code: str | None, kind: FailureKind, words: str
) -> None:
    double.states = ("RUNNING", "FAILED")
    double.final = {"failure": "Something about it", "failureCode": code, "cost": {"credits": 7}}
    studio.fails(kind, words, "Something about it", "Charged: 7 credits")


@pytest.mark.parametrize(
    ("message", "kind", "words"),
    [
        ("You do not have enough credits to run this task.", FailureKind.QUOTA, "Top it up"),
        ("Prompt did not pass content moderation", FailureKind.BAD_INPUT, "refuses this content"),
        ("`promptText` is too long", FailureKind.BAD_INPUT, "promptText"),
    ],
)
def test_a_refusal_of_an_order_is_read(
    studio: Studio, double: RunwayDouble, message: str, kind: FailureKind, words: str
) -> None:
    """Runway answers 400 to all of these."""
    double.faults["create"] = [refusal(400, {"error": message})]
    studio.fails(kind, words)


def test_an_order_that_failed_is_not_sent_twice(studio: Studio, double: RunwayDouble) -> None:
    """The SDK would, by itself; but an order may have been taken before its answer was lost."""
    double.faults["create"] = [refusal(500)]
    studio.fails(FailureKind.ENGINE_ERROR, "500")
    assert double.count("POST") == 1


def test_an_order_without_an_answer_waits_for_a_person(
    studio: Studio, double: RunwayDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether it was taken, so the farm must not order again by itself."""
    monkeypatch.setattr(runway, "ANSWER_S", 0.3)
    double.slow_s = 5.0
    studio.fails(FailureKind.BAD_INPUT, "did not say whether it took the order", "may be charged")
    assert double.count("POST") == 1


def test_a_cancel_while_ordering_leaves_no_task_behind(studio: Studio, double: RunwayDouble) -> None:
    """The answer is waited for, so that the task's id is known and it can be canceled."""
    double.slow_s = 0.5
    studio.is_canceled_at("asking Runway")
    assert double.deleted == ["task-1"]


def test_a_task_canceled_elsewhere_ends_the_job(studio: Studio, double: RunwayDouble) -> None:
    """The SDK's own waiting would go on until its time is up."""
    double.states = ("RUNNING", "CANCELLED")
    studio.fails(FailureKind.BAD_INPUT, "canceled at Runway")


def test_a_throttled_task_is_waited_for(studio: Studio, double: RunwayDouble) -> None:
    double.states = ("THROTTLED", "THROTTLED", "RUNNING", "SUCCEEDED")
    studio.run()
    assert any("waiting" in message for _, message in studio.progress)


def test_a_receipt_that_was_cut_off_is_passed_over(studio: Studio, double: RunwayDouble) -> None:
    """A kill in the middle of writing costs one order, not the job."""
    studio.run()
    (studio.folder / "temp" / studio.job_id / "1" / "runway.json").write_text('{"task_id": "ta')
    studio.run()
    assert double.count("POST") == 2


def test_a_task_that_runway_forgot_is_ordered_anew(studio: Studio, double: RunwayDouble) -> None:
    studio.run()
    double.orders.clear()
    studio.run()
    assert double.count("POST") == 2


def test_another_job_orders_for_itself(studio: Studio, double: RunwayDouble) -> None:
    studio.run()
    studio.job_id, studio.attempt = "01JREMOTE0000000000000JOB2", 0
    studio.run()
    assert double.count("POST") == 2


def test_a_page_instead_of_an_answer_is_understood(studio: Studio, double: RunwayDouble) -> None:
    double.faults["create"] = [refusal(200, {"welcome": "to nginx"})]
    studio.fails(FailureKind.ENGINE_ERROR, "CINEFARM_RUNWAY_BASE_URL")


@pytest.mark.parametrize(
    ("model", "seconds", "sold"),
    [("gen4_turbo", 1, "2, 3, 4"), ("gen4.5", 11, "9, 10"), ("kling2.5_turbo_pro", 6, "5, 10")],
)
def test_seconds_that_are_not_sold_are_refused(
    studio: Studio, double: RunwayDouble, model: str, seconds: int, sold: str
) -> None:
    studio.parameters |= {"model": model, "duration_s": seconds}
    studio.fails(FailureKind.BAD_INPUT, f"Seconds to buy: {seconds}", model, sold)
    assert not double.asked


@pytest.mark.parametrize(
    ("model", "frames", "asked"),
    [
        ("kling2.5_turbo_pro", 130, {"duration": 10}),
        ("kling3.0_standard", 48, {"duration": 3, "ratio": "1280:720", "audio": False}),
        ("kling3.0_pro", 500, {"duration": 10, "ratio": "1920:1080", "audio": False}),
    ],
)
def test_klings_models_at_runway_are_asked_in_their_own_way(
    studio: Studio, double: RunwayDouble, model: str, frames: int, asked: dict[str, object]
) -> None:
    """They take no seed. No price of theirs is known here: Runway's own estimate is all there is."""
    studio.parameters["model"], studio.frames = model, frames
    studio.run()
    sent = dict(double.orders["task-1"].request)
    del sent["promptImage"]
    assert sent == {"model": model, "promptText": "a woman runs in the rain", **asked}
    assert any("Cost: unknown" in line for line in studio.logged)
    assert any("takes no seed" in line for line in studio.logged)
    assert studio.recipe["cost"]["estimate"] == 25


def test_an_unknown_model_names_those_there_are(studio: Studio, double: RunwayDouble) -> None:
    studio.parameters["model"] = "gen9"
    studio.fails(FailureKind.BAD_INPUT, "gen9", "gen4_turbo")
    assert not double.asked
