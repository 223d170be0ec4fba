"""Kling: what is sent, what its codes mean, and how an order is found again."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from cinefarm.statuses import FailureKind
from tests.doubles.kling import KlingDouble, kling_refusal
from tests.doubles.serving import listening
from tests.doubles.videos import picture_file, read_picture
from tests.worker.engines.remote_kit import JOB, KLING, Studio, bought_video, set_keys


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KlingDouble]:
    double = KlingDouble(bought_video(tmp_path))
    with listening(double.app) as url:
        set_keys(monkeypatch, url)
        yield double


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, KLING)


def test_the_order_says_what_was_asked(studio: Studio, double: KlingDouble) -> None:
    """The pictures go as bare base64, and the order carries an id of ours that names the job."""
    studio.inputs["last_image"] = picture_file(studio.folder / "last.png", width=400, height=300)
    studio.parameters["negative_prompt"] = "text"
    studio.run()
    sent = dict(double.orders["task-1"].request)
    first, last = sent.pop("image"), sent.pop("image_tail")
    assert read_picture(base64.b64decode(first)).size == (640, 360)
    assert read_picture(base64.b64decode(last)).size == (400, 300)
    assert sent.pop("external_task_id").startswith(f"cinefarm-{JOB}-")
    assert sent == {
        "model_name": "kling-v2-5-turbo",
        "mode": "pro",
        "prompt": "a woman runs in the rain",
        "negative_prompt": "text",
        "cfg_scale": 0.5,
        "duration": "5",
    }


@pytest.mark.parametrize(("given", "frames", "seconds"), [("auto", 120, "5"), ("auto", 121, "10"), ("10", 24, "10")])
def test_five_or_ten_seconds_are_bought(
    studio: Studio, double: KlingDouble, given: str, frames: int, seconds: str
) -> None:
    studio.frames, studio.parameters["duration_s"] = frames, given
    studio.run()
    assert double.orders["task-1"].request["duration"] == seconds
    assert studio.recipe["seconds_bought"] == int(seconds)


def test_a_last_frame_wants_the_professional_mode(studio: Studio, double: KlingDouble) -> None:
    studio.inputs["last_image"] = studio.inputs["image"]
    studio.parameters["mode"] = "std"
    studio.fails(FailureKind.BAD_INPUT, "professional")
    assert not double.asked


def test_an_order_whose_answer_was_lost_is_not_sent_twice(studio: Studio, double: KlingDouble) -> None:
    """It is looked for under our id, and found."""
    double.lost = 1
    studio.run()
    assert double.count("POST") == 1
    assert any("Looking whether the order arrived" in line for line in studio.logged)


def test_an_order_that_did_not_arrive_is_sent_again(studio: Studio, double: KlingDouble) -> None:
    double.faults["create"] = [kling_refusal(500, 5000, "Server internal error")]
    studio.run()
    assert double.count("POST") == 2
    assert len(double.orders) == 1


def test_failed_orders_are_passed_over(studio: Studio, double: KlingDouble) -> None:
    """Each order of a job has a number of its own; a failed one cannot be revived."""
    double.states = ("failed",)
    for _ in range(3):
        studio.fails(FailureKind.ENGINE_ERROR, "Kling failed")
    double.states = ("succeed",)
    studio.run()
    ids = [order.request["external_task_id"] for order in double.orders.values()]
    assert [id.rsplit("-", 1)[1] for id in ids] == ["1", "2", "3", "4"]


def test_another_box_takes_the_order_up(studio: Studio, double: KlingDouble, tmp_path: Path) -> None:
    """Nothing on the first box is needed for it."""
    double.states = ("processing", "unheard of")
    studio.fails(FailureKind.ENGINE_ERROR, "unknown state")
    double.orders["task-1"].states = ["succeed"]
    (tmp_path / "elsewhere").mkdir()
    other = Studio(tmp_path / "elsewhere", KLING)
    other.run()
    assert double.count("POST") == 1


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (401, 1000, FailureKind.WORKER, "CINEFARM_KLING_ACCESS_KEY"),
        (401, 1004, FailureKind.WORKER, "CINEFARM_KLING_SECRET_KEY"),
        (403, 1103, FailureKind.WORKER, "does not accept the key"),
        (429, 1101, FailureKind.QUOTA, "Top it up"),
        (429, 1102, FailureKind.QUOTA, "Top it up"),
        (429, 1302, FailureKind.QUOTA, "comes back by itself"),
        (429, 1303, FailureKind.QUOTA, "comes back by itself"),
        (400, 1300, FailureKind.BAD_INPUT, "refuses this content"),
        (400, 1301, FailureKind.BAD_INPUT, "refuses this content"),
        (400, 1201, FailureKind.BAD_INPUT, "does not take the order"),
        (200, 1302, FailureKind.QUOTA, "comes back by itself"),
    ],
)
def test_codes_are_read(
    studio: Studio, double: KlingDouble, status: int, code: int, kind: FailureKind, words: str
) -> None:
    double.faults["create"] = [kling_refusal(status, code, "Kling's own words")]
    studio.fails(kind, words, "Kling's own words", str(code))
    assert not double.orders


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Failure to pass the risk control system", FailureKind.BAD_INPUT),
        ("Content violates the community policy", FailureKind.BAD_INPUT),
        ("Internal server error", FailureKind.ENGINE_ERROR),
        (None, FailureKind.ENGINE_ERROR),
    ],
)
def test_a_failed_task_says_why(studio: Studio, double: KlingDouble, reason: str | None, kind: FailureKind) -> None:
    double.states, double.final = ("processing", "failed"), {"task_status_msg": reason}
    studio.fails(kind, reason or "no reason given")


def test_a_service_that_tells_no_cost_is_not_guessed_at(studio: Studio, double: KlingDouble) -> None:
    """The recipe keeps the estimate as an estimate."""
    double.final = {}
    studio.run()
    assert (studio.recipe["cost"]["estimate"], studio.recipe["cost"]["final"]) == (2.5, None)
    assert any("the estimate stands" in line for line in studio.logged)


def test_a_done_task_without_a_video_is_an_error(studio: Studio, double: KlingDouble) -> None:
    double.final = {"task_result": {"videos": []}}
    studio.fails(FailureKind.ENGINE_ERROR, "names no video")
