"""Videos from Runway and Kling through a real master and worker; the services are doubles that really listen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cinefarm import Farm
from cinefarm.records import Batch, JobDetail
from cinefarm.statuses import AttemptStatus, JobStatus
from tests.doubles import kling, runway
from tests.doubles.kling import KlingDouble
from tests.doubles.runway import RunwayDouble
from tests.doubles.serving import listening
from tests.doubles.videos import small_video
from tests.processes.conftest import RealFarm, running_jobs, wait_until
from tests.processes.farm_checks import assert_each_job_done_once

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

STORYBOARD = "text_to_image/storyboard"
RUNWAY = "image_to_video/i2v_runway"
KLING = "image_to_video/i2v_kling"
VENDORS_OWN = ("RUNWAYML_API_SECRET", "RUNWAYML_BASE_URL", "KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_BASE_URL")


@pytest.fixture
def video(tmp_path: Path) -> bytes:
    return small_video(tmp_path / "made.mp4")


@pytest.fixture(autouse=True)
def no_keys_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VENDORS_OWN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def at_runway(video: bytes, real_farm: RealFarm) -> Iterator[RunwayDouble]:
    double = RunwayDouble(video)
    with listening(double.app) as url:
        write_settings(real_farm, CINEFARM_RUNWAY_KEY=runway.KEY, CINEFARM_RUNWAY_BASE_URL=url)
        yield double


@pytest.fixture
def at_kling(video: bytes, real_farm: RealFarm) -> Iterator[KlingDouble]:
    double = KlingDouble(video)
    with listening(double.app) as url:
        keys = {"CINEFARM_KLING_ACCESS_KEY": kling.ACCESS, "CINEFARM_KLING_SECRET_KEY": kling.SECRET}
        write_settings(real_farm, **keys, CINEFARM_KLING_BASE_URL=url)
        yield double


def write_settings(real_farm: RealFarm, **settings: str) -> None:
    """As a person would: in the worker's `.env`."""
    with (real_farm.folder / ".env").open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in {**settings, "CINEFARM_REMOTE_POLL_S": "0.1"}.items())


def drawn_shots(real_farm: RealFarm, farm: Farm, count: int = 1) -> list[str]:
    """Shots of six frames with a confirmed panel each."""
    shots = real_farm.make_project(farm, count)
    farm.wait(farm.submit("KILL", STORYBOARD).id, timeout_s=60)
    return shots


def only_job(farm: Farm, batch: Batch) -> JobDetail:
    (job,) = farm.jobs(batch=batch.id)
    return farm.job(job.id)


def assert_no_secrets(real_farm: RealFarm, *texts: Any) -> None:
    files = [path for path in real_farm.folder.rglob("*") if path.is_file() and path.name != ".env"]
    told = [*(str(text).encode() for text in texts), *(path.read_bytes() for path in files)]
    assert not [text[:100] for text in told if any(key.encode() in text for key in (runway.KEY, kling.SECRET))]


@pytest.mark.parametrize("workflow", [RUNWAY, KLING])
def test_a_take_is_bought_and_its_money_recorded(
    real_farm: RealFarm, at_runway: RunwayDouble, at_kling: KlingDouble, workflow: str
) -> None:
    """The take is as long as the shot; its recipe says what was estimated and what was paid."""
    real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        (shot,) = drawn_shots(real_farm, farm)
        batch = farm.wait(farm.submit("KILL", workflow).id, timeout_s=60)
        (job,) = assert_each_job_done_once(farm, batch, real_farm.folder)
        main = next(output for output in job.outputs if output.role == "main")
        assert (main.kind, main.frames, main.width) == ("video", 6, 320)
        take = max(farm.takes(shot), key=lambda take: take.number)
        paid = {"final": 20, "final_usd": 0.2} if workflow == RUNWAY else {"final": 2.5, "final_usd": 0.35}
        assert take.recipe["cost"].items() >= paid.items()
        assert take.recipe["engine"] == "remote"
        log = [line.text for line in farm.job_log(job.id)]
        assert any("an estimate by the price list" in line for line in log)
        assert_no_secrets(real_farm, take.recipe, log)


def test_a_killed_worker_does_not_pay_twice(real_farm: RealFarm, at_runway: RunwayDouble) -> None:
    """The next attempt, on another worker of the same folder, gets the video that the first one ordered."""
    at_runway.states = ("RUNNING",)
    real_farm.start_master()
    first = real_farm.start_worker("first")
    with real_farm.client() as farm:
        drawn_shots(real_farm, farm)
        batch = farm.submit("KILL", RUNWAY)
        wait_until(lambda: at_runway.count("GET", "/v1/tasks/") >= 2 and running_jobs(farm, batch), what="it runs")
        first.kill()
        at_runway.orders["task-1"].states = ["SUCCEEDED"]
        real_farm.start_worker("second")
        (job,) = assert_each_job_done_once(farm, farm.wait(batch.id, timeout_s=90), real_farm.folder)
        assert [a["status"] for a in job.attempts] == [AttemptStatus.LOST, AttemptStatus.COMPLETED]
        assert at_runway.count("POST") == 1


def test_a_cancel_reaches_the_service(real_farm: RealFarm, at_runway: RunwayDouble) -> None:
    at_runway.states = ("RUNNING",)
    real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        drawn_shots(real_farm, farm)
        batch = farm.submit("KILL", RUNWAY)
        wait_until(lambda: at_runway.count("GET", "/v1/tasks/"), what="it is looked at")
        farm.cancel(only_job(farm, batch).id)
        wait_until(lambda: at_runway.deleted == ["task-1"], what="the task is canceled there")
        assert only_job(farm, batch).status is JobStatus.CANCELED


def test_a_refusal_of_content_ends_the_job_with_its_reason(real_farm: RealFarm, at_kling: KlingDouble) -> None:
    at_kling.states, at_kling.final = ("failed",), {"task_status_msg": "Failure to pass the risk control system"}
    real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        drawn_shots(real_farm, farm)
        batch = farm.wait(farm.submit("KILL", KLING).id, timeout_s=60)
        job = only_job(farm, batch)
        assert (job.status, len(job.attempts)) == (JobStatus.FAILED, 1)
        assert "risk control" in job.message
        assert "Change the prompt or the picture" in job.message


def test_an_empty_account_makes_the_workflow_wait(real_farm: RealFarm, at_kling: KlingDouble) -> None:
    """No attempt is counted, and `explain` says what is waited for."""
    at_kling.faults["create"] = [kling.kling_refusal(429, 1102, "Resource pack depleted")] * 100
    real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        drawn_shots(real_farm, farm)
        batch = farm.submit("KILL", KLING)
        told = wait_until(
            lambda: next((a["message"] for a in only_job(farm, batch).attempts if a["message"]), None), what="a refusal"
        )
        assert "Top it up" in told
        job = only_job(farm, batch)
        assert job.status is JobStatus.QUEUED
        assert "outside quota" in str(farm.explain(job.id).model_dump())


def test_a_limit_bounds_how_many_run_at_once(real_farm: RealFarm, at_kling: KlingDouble) -> None:
    """Three shots, four slots, and a limit of one at a time."""
    real_farm.start_master()
    real_farm.start_worker(extra=("--slots", "4"))
    with real_farm.client() as farm:
        drawn_shots(real_farm, farm, 3)
        farm.set_limit("kling_api", capacity=1)
        batch = farm.submit("KILL", KLING)
        farm.wait(batch.id, timeout_s=60)
        assert at_kling.count("POST") == 3
        assert at_kling.most_at_once == 1


def test_a_worker_without_keys_says_so(real_farm: RealFarm) -> None:
    real_farm.start_master()
    real_farm.start_worker()
    with real_farm.client() as farm:
        wait_until(lambda: farm.workers(), what="the worker")
        wait_until(lambda: "CINEFARM_RUNWAY_KEY is not set" in real_farm.log("box"), what="the log names the key")
        assert not {RUNWAY, KLING} & set(farm.workers()[0].capabilities)
