"""What people ask of jobs that were submitted: retry, hold, cancel, read, list."""

from typing import Any

import pytest
from served import FakeWorker, Served, report_of
from sqlmodel import Session

from cinefarm.messages import Log, LogEntry
from master.jobs.logs import add_log
from master.models import Job

ANIMATIC = "image_to_video/animatic"


def test_retry_is_for_what_ended_without_a_result(farm: Served, code: str, worker: FakeWorker) -> None:
    """It starts with a clean slate; anything else is a conflict that says what the job is."""
    job_id, done = farm.submit(code)
    refused = farm.http.post(f"/api/jobs/{job_id}/retry")
    assert refused.status_code == 409
    assert "queued" in refused.json()["message"]
    run = worker.run()
    assert run.ref.job_id == job_id
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No."})
    worker.hear("ack")

    def exclude(session: Session) -> None:
        session.get_one(Job, job_id).excluded_workers = [worker.id]

    farm.master.db.write(exclude)
    said = farm.ask("GET", f"/api/jobs/{job_id}/explain")
    assert (said["state"], said["summary"]["en"]) == ("failed", "The job is failed. No.")
    view = farm.ask("POST", f"/api/jobs/{job_id}/retry")
    assert (view["status"], view["message"], view["failure_kind"]) == ("queued", "", None)
    with farm.master.db.read() as session:
        assert session.get_one(Job, job_id).excluded_workers == []
    other = worker.run()
    worker.say(report_of(farm, other, f"one of {code}".encode()))
    worker.hear("ack")
    assert farm.http.post(f"/api/jobs/{other.ref.job_id}/retry").status_code == 409
    assert {job_id, done} >= {other.ref.job_id}


def test_hold_release_and_priority_decide_what_comes_next(farm: Served, code: str, worker: FakeWorker) -> None:
    """And only for jobs that wait."""
    first, second = farm.submit(code)
    assert farm.ask("POST", f"/api/jobs/{first}/hold")["status"] == "held"
    assert farm.http.post(f"/api/jobs/{first}/hold").status_code == 409
    assert "Held by a person" in farm.ask("GET", f"/api/jobs/{first}/explain")["summary"]["en"]
    assert worker.run().ref.job_id == second
    assert farm.ask("PUT", f"/api/jobs/{first}/priority", json={"priority": 90})["priority"] == 90
    for change in ({"priority": 101}, {"priority": "x"}, {}):
        assert farm.http.put(f"/api/jobs/{first}/priority", json=change).status_code == 422
    assert farm.http.put(f"/api/jobs/{second}/priority", json={"priority": 90}).status_code == 409
    assert farm.http.post(f"/api/jobs/{second}/hold").status_code == 409
    assert farm.ask("POST", f"/api/jobs/{first}/release")["status"] == "queued"


def test_cancel_is_for_what_has_not_ended(farm: Served, code: str) -> None:
    """The second one is told what the job is; its shot is pending again."""
    job_id, _ = farm.submit(code)
    assert farm.ask("POST", f"/api/jobs/{job_id}/cancel")["status"] == "canceled"
    refused = farm.http.post(f"/api/jobs/{job_id}/cancel")
    assert refused.status_code == 409
    assert "canceled already" in refused.json()["message"]
    shot_id = farm.job(job_id)["shot_id"]
    assert farm.ask("GET", f"/api/shots/{shot_id}")["status"] == "pending"


@pytest.mark.parametrize("path", ["", "/log", "/explain", "/cancel", "/retry", "/hold", "/release"])
def test_an_unknown_job_is_404(farm: Served, path: str) -> None:
    """Whatever is asked of it."""
    method = "GET" if path in ("", "/log", "/explain") else "POST"
    assert farm.http.request(method, f"/api/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV{path}").status_code == 404
    assert farm.http.get("/api/batches/nope").status_code == 404


def test_a_log_is_read_page_by_page(farm: Served, code: str, worker: FakeWorker) -> None:
    """From where the reader left off; a flood is cut."""
    farm.submit(code)
    run = worker.run()
    lines = tuple(LogEntry(text=f"line {n}") for n in range(200))
    for _ in range(7):
        farm.master.db.write(lambda session: add_log(session, Log(ref=run.ref, lines=lines)))
    page = farm.ask("GET", f"/api/jobs/{run.ref.job_id}/log")["rows"]
    assert len(page) == 1000
    rest = farm.ask("GET", f"/api/jobs/{run.ref.job_id}/log", params={"after": page[-1]["id"]})["rows"]
    assert len(rest) == 400
    for bad in (-1, "x", 2**70):
        assert farm.http.get(f"/api/jobs/{run.ref.job_id}/log", params={"after": bad}).status_code == 422


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 10_001}, {"offset": -1}, {"offset": 2**70}, {"status": "gone"}, {"limit": "x"}]
)
def test_a_list_is_asked_for_within_limits(farm: Served, query: dict[str, Any]) -> None:
    """Else 422, never a failure."""
    assert farm.http.get("/api/jobs", params=query).status_code == 422


def test_jobs_are_listed_newest_first_and_filtered(farm: Served, code: str) -> None:
    """By project, batch, shot, status and workflow."""
    ids = farm.submit(code)
    listed = farm.ask("GET", "/api/jobs", params={"project": code})
    assert [job["id"] for job in listed["rows"]] == ids[::-1]
    one = farm.job(ids[0])
    for query in ({"batch": one["batch_id"]}, {"project": code, "status": ["queued", "running"]}):
        assert farm.ask("GET", "/api/jobs", params=query)["total"] == 2
    assert farm.ask("GET", "/api/jobs", params={"shot": one["shot_id"]})["total"] == 1
    assert farm.ask("GET", "/api/jobs", params={"project": code, "workflow": ANIMATIC})["total"] == 0
    assert farm.ask("GET", "/api/jobs", params={"project": code, "limit": 1, "offset": 1})["rows"][0]["id"] == ids[0]


def test_the_farm_in_numbers(farm: Served, code: str, worker: FakeWorker) -> None:
    """As the dispatcher sees it now."""
    before = farm.ask("GET", "/api/farm")
    farm.submit(code)
    worker.run()
    after = farm.ask("GET", "/api/farm")
    assert (after["jobs"] - before["jobs"], after["out"] - before["out"]) == (2, 1)
    assert after["workers"] >= 1
