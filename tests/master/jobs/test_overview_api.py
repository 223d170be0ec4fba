"""The farm at a glance, over HTTP."""

from typing import Any

from served import FakeWorker, Served, report_of


def overview(farm: Served, period: str = "hour") -> Any:
    return farm.ask("GET", "/api/farm/overview", params={"period": period})


def test_what_waits_runs_and_ended_is_counted(farm: Served, code: str, worker: FakeWorker) -> None:
    before = overview(farm)
    first, second = farm.submit(code)
    farm.ask("POST", f"/api/jobs/{second}/hold")
    run = worker.run()
    assert run.ref.job_id == first
    now = overview(farm)
    assert (now["running"], now["held"] - before["held"]) == (1, 1)
    assert {"standing": "busy", "count": 1} in now["devices"]
    assert now["clears_in_s"]["likely"] > 0
    worker.say(report_of(farm, run))
    worker.hear("ack")
    farm.ask("POST", f"/api/jobs/{second}/release")
    bad = worker.run()
    worker.say({"kind": "failed", "ref": bad.ref.model_dump(), "failure": "bad_input", "message": "No such font."})
    worker.hear("ack")
    farm.ask("POST", f"/api/jobs/{first}/retry", 409)
    after = overview(farm)
    for outcome in ("completed", "failed"):
        assert sum(after["ended"][outcome]) - sum(before["ended"][outcome]) == 1
        assert after["ended"][outcome][-2:] != [0, 0], "it ended just now, in the last step or the one before"
    assert {"kind": "bad_input", "count": 1} in after["failures"]
    assert after["failing_workers"][0]["worker"] == worker.name
    newest = after["newest_failures"][0]
    assert (newest["job_id"], newest["message"], newest["kind"]) == (second, "No such font.", "bad_input")
    assert (after["warm_ratio"], after["warmth"]) == (None, []), "a panel needs no weights"


def test_jobs_that_nothing_can_run_are_told_with_their_reason(farm: Served, code: str, worker: FakeWorker) -> None:
    ids = farm.submit(code, pool="moon")
    unfit = next(kind for kind in overview(farm)["waiting"] if kind["reason"] == "unfit")
    assert unfit["jobs"] == 2
    assert unfit["groups"] == [
        {"workflow": "text_to_image/storyboard", "user": unfit["groups"][0]["user"], "jobs": 2, "job_id": min(ids)}
    ]


def test_a_period_has_steps_that_end_now(farm: Served) -> None:
    for period, steps, step_s in (("hour", 60, 60), ("day", 72, 1200), ("week", 84, 7200)):
        told = overview(farm, period)
        assert {len(counts) for counts in told["ended"].values()} == {steps}
        assert told["step_s"] == step_s
        assert told["first"] % step_s == 0
    farm.ask("GET", "/api/farm/overview", 422, params={"period": "year"})
