"""What a worker says of its attempts: progress, logs, reports and heartbeats."""

import hashlib
import itertools
from typing import Any

import pytest
from served import FakeWorker, Served, report_of
from sqlmodel import select
from waiting import wait_until

from cinefarm.messages import AttemptRef
from master.models import LogLine, Take

_numbers = itertools.count(1)


def takes(farm: Served) -> int:
    with farm.master.db.read() as session:
        return len(session.exec(select(Take.id)).all())


def test_a_job_goes_all_the_way(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Run, progress, log, completed, acknowledged; the take is there."""
    worker.join()
    run = worker.run()
    assert run.ref.job_id == job_id
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5, "message": "half"})
    wait_until(lambda: farm.job(job_id)["status"] == "running", what="running")
    worker.say(report_of(farm, run))
    assert worker.hear("ack").ref == run.ref
    shown = farm.job(job_id)
    assert shown["status"] == "completed"
    assert shown["outputs"][0]["sha256"] == hashlib.sha256(b"a picture").hexdigest()


@pytest.mark.parametrize("wrong", ["never leased", "another worker's", "wrong attempt", "wrong revision", "canceled"])
def test_a_report_of_what_is_not_the_workers_is_stale(
    farm: Served, worker: FakeWorker, job_id: str, wrong: str
) -> None:
    """Nothing changes, whoever says it."""
    worker.join()
    if wrong == "never leased":
        said: dict[str, Any] = {
            "kind": "completed",
            "ref": {"job_id": job_id, "attempt": 1},
            "outputs": [],
            "seconds": 1,
        }
    else:
        run = worker.run()
        said = report_of(farm, run)
        if wrong == "wrong attempt":
            said["ref"]["attempt"] = 9
        elif wrong == "wrong revision":
            said["ref"]["revision"] = 9
        elif wrong == "canceled":
            farm.ask("POST", f"/api/jobs/{job_id}/cancel")
    speaker = worker
    if wrong == "another worker's":
        speaker = FakeWorker(farm, f"thief-{next(_numbers)}").join()
    before = takes(farm), farm.job(job_id)["status"]
    speaker.say(said)
    assert speaker.hear("stale").ref == AttemptRef.model_validate(said["ref"])
    assert (takes(farm), farm.job(job_id)["status"]) == before
    if speaker is not worker:
        speaker.close()


def test_the_same_report_twice_has_the_same_answer(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Also over a new connection; there is one take."""
    worker.join()
    report = report_of(farm, worker.run())
    before = takes(farm)
    worker.say(report)
    first = worker.hear("ack")
    worker.say(report)
    assert worker.hear("ack") == first
    worker.close()
    worker.join(first.ref)
    worker.say(report)
    assert worker.hear("ack") == first
    assert takes(farm) == before + 1


def test_progress_after_the_end_is_stale(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """And does not wake the job up."""
    worker.join()
    run = worker.run()
    worker.say(report_of(farm, run))
    worker.hear("ack")
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5})
    assert worker.hear("stale").ref == run.ref
    assert farm.job(job_id)["status"] == "completed"


@pytest.mark.parametrize("fault", ["missing", "wrong hash"])
def test_a_report_that_does_not_match_its_file_is_the_workers_fault(
    farm: Served, worker: FakeWorker, job_id: str, fault: str
) -> None:
    """The job is queued again and nothing is counted against it."""
    worker.join()
    run = worker.run()
    report = report_of(farm, run, b"never seen before")
    place = farm.master.storage.resolve(f"{run.output_dir}/panel.png")
    place.unlink() if fault == "missing" else place.write_bytes(b"NEVER SEEN BEFORE")
    worker.say(report)
    worker.hear("ack")
    shown = farm.job(job_id)
    assert shown["status"] == "queued"
    assert shown["attempts"][0]["failure_kind"] == "worker"
    assert "panel.png" in shown["attempts"][0]["message"]


def test_logs_are_kept_as_text(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Escape codes and markup are stored as they came; nobody else's attempt can be written to."""
    worker.join()
    run = worker.run()
    nasty = "\x1b[31mred\x1b[0m <script>alert(1)</script> 한국어 \u202e"
    worker.say({"kind": "log", "ref": run.ref.model_dump(), "lines": [{"level": "warning", "text": nasty}]})
    thief = FakeWorker(farm, f"thief-{next(_numbers)}").join()
    thief.say({"kind": "log", "ref": run.ref.model_dump(), "lines": [{"text": "forged"}]})
    thief.say({"kind": "heartbeat"})
    thief.hear("renewed")
    thief.close()
    lines = wait_until(lambda: farm.ask("GET", f"/api/jobs/{job_id}/log")["rows"], what="the log")
    assert [(line["level"], line["text"], line["attempt"]) for line in lines] == [("warning", nasty, 1)]
    page = farm.http.get(f"/api/jobs/{job_id}/log")
    assert page.headers["content-type"].startswith("application/json")
    with farm.master.db.read() as session:
        assert "forged" not in session.exec(select(LogLine.text)).all()


def test_heartbeats_renew_and_refuse(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """What is named and held is renewed; what is not held is stale."""
    worker.join()
    run = worker.run()
    worker.say({"kind": "heartbeat", "running": [run.ref.model_dump(), {"job_id": "x", "attempt": 1}]})
    assert worker.hear("renewed").running == (run.ref,)
    assert worker.hear("stale").ref.job_id == "x"


def test_a_returning_worker_is_told_what_it_keeps(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """The welcome names the attempts that are still its own."""
    worker.join()
    run = worker.run()
    worker.close()
    worker.open().say(worker.hello(run.ref, AttemptRef(job_id="x", attempt=1)))
    assert worker.hear("welcome").keep == (run.ref,)
    worker.say(report_of(farm, run))
    worker.hear("ack")
