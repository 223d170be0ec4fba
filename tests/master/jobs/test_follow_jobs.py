"""Jobs that need the outputs of others."""

from served import FakeWorker, Served, report_of

ANIMATIC = "image_to_video/animatic"


def test_a_film_follows_its_shots(farm: Served, code: str, worker: FakeWorker) -> None:
    """Blocked while they are made, bound to their takes when the last is there."""
    *shots, film = farm.submit(code, follow=[{"workflow": ANIMATIC, "name": "The film"}])
    assert farm.job(film)["status"] == "blocked"
    assert set(farm.job(film)["needs"]) == set(shots)
    assert "2 other job" in farm.ask("GET", f"/api/jobs/{film}/explain")["summary"]["en"]
    for n in range(2):
        run = worker.run()
        worker.say(report_of(farm, run, f"picture {n} of {code}".encode()))
        worker.hear("ack")
    job = farm.job(film)
    assert job["status"] == "queued"
    assert [clip["code"] for clip in job["parameters"]["clips"]] == ["SHT-00001", "SHT-00002"]


def test_a_batch_whose_rest_waits_for_a_failed_job_is_stuck(farm: Served, code: str, worker: FakeWorker) -> None:
    """So that nobody waits for it; the retried job lets it go on."""
    first, second, film = farm.submit(code, follow=[{"workflow": ANIMATIC}])
    run = worker.run()
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No such colour."})
    worker.hear("ack")
    other = worker.run()
    worker.say(report_of(farm, other, f"picture of {code}".encode()))
    worker.hear("ack")
    batch_id = farm.job(film)["batch_id"]
    batch = farm.ask("GET", f"/api/batches/{batch_id}")
    assert (batch["stuck"], batch["done"]) == (True, False)
    assert {run.ref.job_id, other.ref.job_id} == {first, second}
    assert farm.ask("POST", f"/api/jobs/{run.ref.job_id}/retry")["status"] == "queued"
    assert not farm.ask("GET", f"/api/batches/{batch_id}")["stuck"]
    again = worker.run()
    assert (again.ref.job_id, again.ref.attempt) == (run.ref.job_id, 2)
    worker.say(report_of(farm, again, f"other picture of {code}".encode()))
    worker.hear("ack")
    assert farm.job(film)["status"] == "queued"
