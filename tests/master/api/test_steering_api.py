"""Limits, shares, hours, pools, forgiveness and the record, as programs steer the farm by them."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from served import DRAW, FakeWorker, Served
from waiting import wait_until

from master.farm.health import Block
from master.models import utc_now

_numbers = itertools.count(1)


@pytest.fixture
def code(farm: Served) -> str:
    """A project of its own for each test."""
    made = f"S{next(_numbers)}"
    farm.make_project(made)
    return made


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    made = FakeWorker(farm, f"steered-{next(_numbers)}").join()
    yield made
    made.close()
    wait_until(lambda: view(farm, made)["status"] == "offline", what="the worker to be gone")


def view(farm: Served, worker: FakeWorker) -> Any:
    return farm.ask("GET", f"/api/workers/{worker.name}")


def events(farm: Served, **filters: Any) -> list[tuple[str, str]]:
    """Who did what, newest first."""
    return [(row["actor"], row["change"]) for row in farm.ask("GET", "/api/events", params=filters)["rows"]]


def status(farm: Served, job_id: str) -> str:
    found: str = farm.job(job_id)["status"]
    return found


def submitted(farm: Served, code: str, **request: Any) -> str:
    return farm.submit(code, **request)[0]


# -- limits


def test_a_limit_is_set_shown_changed_and_removed(farm: Served) -> None:
    made = farm.ask("PUT", "/api/limits/api", json={"burst": 10, "refill_per_s": 0, "note": "Ten a day."})
    assert (made["tokens"], made["capacity"], made["in_use"], made["waiting"]) == (10, None, 0, 0)
    changed = farm.ask("PUT", "/api/limits/api", json={"capacity": 2})
    assert (changed["tokens"], changed["capacity"], changed["note"]) == (None, 2, "")
    assert farm.ask("GET", "/api/limits")["rows"] == [farm.ask("GET", "/api/limits/api")]
    farm.ask("DELETE", "/api/limits/api", 204)
    farm.ask("GET", "/api/limits/api", 404)
    farm.ask("DELETE", "/api/limits/api", 404)
    assert events(farm, noun="limit", id="api") == [("local", "removed"), ("local", "set"), ("local", "set")]


@pytest.mark.parametrize(
    ("name", "body"),
    [("api", {}), ("api", {"capacity": -1}), ("api", {"capacity": 1, "size": 2}), ("a b", {"capacity": 1})],
)
def test_a_limit_that_limits_nothing_is_refused(farm: Served, name: str, body: dict[str, Any]) -> None:
    farm.ask("PUT", f"/api/limits/{name}", 422, json=body)
    assert farm.ask("GET", "/api/limits")["rows"] == []


# -- shares


def test_a_user_who_may_run_nothing_waits_until_he_may(farm: Served, code: str, worker: FakeWorker) -> None:
    farm.ask("PUT", "/api/shares/user/local", json={"max_running": 0})
    job_id = submitted(farm, code)
    worker.ready()
    share = farm.ask("GET", "/api/shares/user/local")
    assert (share["set"], share["max_running"], share["running"], share["waiting"]) == (True, 0, 0, 1)
    assert status(farm, job_id) == "queued"
    farm.ask("DELETE", "/api/shares/user/local", 204)
    assert worker.hear("run").ref.job_id == job_id
    share = farm.ask("GET", "/api/shares/user/local")
    assert (share["set"], share["weight"], share["running"], share["waiting"]) == (False, 1, 1, 0)
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_a_projects_share_is_named_by_its_code(farm: Served, code: str) -> None:
    body = {"weight": 2.5, "budget_gpu_hours": 4, "pools": ["night"]}
    made = farm.ask("PUT", f"/api/shares/project/{code}", json=body)
    assert (made["name"], made["weight"], made["budget_left_gpu_hours"], made["pools"]) == (code, 2.5, 4, ["night"])
    rows = farm.ask("GET", "/api/shares")["rows"]
    assert made in rows
    project_id = farm.ask("GET", f"/api/projects/{code}")["id"]
    assert farm.master.dispatcher.farm.projects[project_id].budget_s == 4 * 3600
    assert events(farm, noun="share", project=code) == [("local", "set")]


def test_a_spent_budget_stops_a_project(farm: Served, code: str, worker: FakeWorker) -> None:
    farm.ask("PUT", f"/api/shares/project/{code}", json={"budget_gpu_hours": 0})
    job_id = submitted(farm, code)
    worker.ready()
    assert status(farm, job_id) == "queued"
    farm.ask("PUT", f"/api/shares/project/{code}", json={"budget_gpu_hours": 1})
    assert worker.hear("run").ref.job_id == job_id
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


@pytest.mark.parametrize(
    ("path", "body", "code_of"),
    [
        ("user/local", {"weight": 0}, 422),
        ("user/local", {"weight": 101}, 422),
        ("user/local", {"wieght": 1}, 422),
        ("project/NOSUCH", {"weight": 1}, 404),
        ("team/local", {"weight": 1}, 422),
    ],
)
def test_a_wrong_share_is_refused(farm: Served, path: str, body: dict[str, Any], code_of: int) -> None:
    farm.ask("PUT", f"/api/shares/{path}", code_of, json=body)


def test_what_nobody_set_cannot_be_removed(farm: Served) -> None:
    farm.ask("DELETE", "/api/shares/user/nobody", 404)
    assert farm.ask("GET", "/api/shares/user/nobody")["set"] is False


# -- workers

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ALWAYS = {"time_zone": "Asia/Seoul", "windows": [{"days": DAYS}]}


def closed_now() -> dict[str, Any]:
    """Hours on the day three days from now."""
    day = DAYS[(utc_now().weekday() + 3) % 7]
    return {"time_zone": "UTC", "windows": [{"days": [day], "start": "10:00", "end": "11:00"}]}


def test_outside_its_hours_a_worker_begins_nothing(farm: Served, code: str, worker: FakeWorker) -> None:
    shut = farm.ask("PUT", f"/api/workers/{worker.name}/schedule", json={"schedule": closed_now()})
    assert (shut["is_open"], shut["schedule"]) == (False, closed_now())
    assert "hours" in shut["message"]
    job_id = submitted(farm, code)
    worker.ready()
    assert status(farm, job_id) == "queued"
    opened = farm.ask("PUT", f"/api/workers/{worker.name}/schedule", json={"schedule": ALWAYS})
    assert opened["is_open"]
    assert worker.hear("run").ref.job_id == job_id
    assert farm.ask("PUT", f"/api/workers/{worker.name}/schedule", json={"schedule": None})["schedule"] is None
    assert events(farm, noun="worker", id=worker.id) == [("local", "scheduled")] * 3
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_hours_hold_for_a_worker_that_comes_back(farm: Served, code: str, worker: FakeWorker) -> None:
    worker.close()
    wait_until(lambda: view(farm, worker)["status"] == "offline", what="the worker to be gone")
    farm.ask("PUT", f"/api/workers/{worker.name}/schedule", json={"schedule": closed_now()})
    worker.join()
    job_id = submitted(farm, code)
    worker.ready()
    wait_until(lambda: view(farm, worker)["status"] == "idle", what="the worker")
    assert (view(farm, worker)["is_open"], status(farm, job_id)) == (False, "queued")
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_an_impossible_schedule_says_what_is_wrong(farm: Served, worker: FakeWorker) -> None:
    body = {"schedule": {"time_zone": "Mars/Olympus", "windows": [{"days": ["mon"]}]}}
    answer = farm.ask("PUT", f"/api/workers/{worker.name}/schedule", 422, json=body)
    assert "Asia/Seoul" in answer["message"]


def test_a_worker_is_moved_to_a_pool_and_stays_there(farm: Served, code: str, worker: FakeWorker) -> None:
    """A job that waits for the pool starts; the pool stands over what the worker says when it comes back."""
    job_id = submitted(farm, code, pool="night")
    worker.ready()
    assert status(farm, job_id) == "queued"
    moved = farm.ask("PUT", f"/api/workers/{worker.name}/pool", json={"pool": "night"})
    assert (moved["pool"], moved["assigned_pool"]) == ("night", "night")
    assert worker.hear("run").ref.job_id == job_id
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")
    worker.close()
    worker.join()
    wait_until(lambda: view(farm, worker)["status"] == "idle", what="the worker")
    assert view(farm, worker)["pool"] == "night"
    assert farm.master.dispatcher.farm.workers[worker.id].pool == "night"
    farm.ask("PUT", f"/api/workers/{worker.name}/pool", json={"pool": None})
    worker.close()
    worker.join()
    wait_until(lambda: view(farm, worker)["pool"] is None, what="its own word to count")


def test_what_runs_on_a_worker_goes_on_when_it_is_moved(farm: Served, code: str, worker: FakeWorker) -> None:
    job_id = submitted(farm, code)
    run = worker.run()
    farm.ask("PUT", f"/api/workers/{worker.name}/pool", json={"pool": "day"})
    known = farm.master.dispatcher.farm
    assert known.leases[job_id].worker_id == worker.id
    device = known.device(worker.id, worker.device_id)
    assert device
    assert list(device.running) == [job_id]
    assert device.worker.given_ram_gb == known.leases[job_id].ram_gb
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5, "message": ""})
    wait_until(lambda: status(farm, job_id) == "running", what="progress")
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_tags_are_kept_in_order_without_doubles(farm: Served, worker: FakeWorker) -> None:
    tagged = farm.ask("PUT", f"/api/workers/{worker.name}/tags", json={"tags": ["loud", "attic", "loud"]})
    assert tagged["tags"] == ["attic", "loud"]
    farm.ask("PUT", f"/api/workers/{worker.name}/tags", 422, json={"tags": [""]})


def test_blocks_and_sick_devices_are_shown_and_forgiven(farm: Served, worker: FakeWorker) -> None:
    known = farm.master.dispatcher
    batches = ["B" * 26, "C" * 26]

    def harm(heart: Any, now: float) -> list[Any]:
        for batch in batches:
            heart.health.blocks[worker.id, batch] = Block(worker.id, batch, now + 600)
        heart.device(worker.id, worker.device_id).sick_until = now + 600
        return []

    known.loop.call_soon_threadsafe(known.happen, harm)
    wait_until(lambda: len(view(farm, worker)["blocks"]) == 2, what="the blocks")
    assert view(farm, worker)["devices"][0]["sick_until"] > "2020"
    one = farm.ask("POST", f"/api/workers/{worker.name}/forgive", json={"batch": batches[0]})
    assert [block["batch_id"] for block in one["blocks"]] == [batches[1]]
    assert one["devices"][0]["sick_until"]
    everything = farm.ask("POST", f"/api/workers/{worker.name}/forgive", json={})
    assert (everything["blocks"], everything["devices"][0]["sick_until"]) == ([], None)
    assert events(farm, noun="worker", id=worker.id) == [("local", "pardoned")] * 2


@pytest.mark.parametrize("path", ["schedule", "pool", "tags"])
def test_an_unknown_worker_is_not_found(farm: Served, path: str) -> None:
    body = {"schedule": None, "pool": None, "tags": []}
    farm.ask("PUT", f"/api/workers/nobody/{path}", 404, json={path: body[path]})
    farm.ask("POST", "/api/workers/nobody/forgive", 404, json={})


# -- the record


def test_what_people_do_with_a_job_is_told_in_its_timeline(farm: Served, code: str, worker: FakeWorker) -> None:
    job_id = submitted(farm, code, held=True)
    farm.ask("PUT", f"/api/jobs/{job_id}/priority", json={"priority": 70})
    farm.ask("POST", f"/api/jobs/{job_id}/release")
    run = worker.run()
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No.", "seconds": 1})
    wait_until(lambda: status(farm, job_id) == "failed", what="the failure")
    farm.ask("POST", f"/api/jobs/{job_id}/retry")
    rows = farm.ask("GET", f"/api/jobs/{job_id}/timeline")["rows"]
    assert [(row["change"], row["actor"]) for row in rows] == [
        ("submitted", "local"),
        ("prioritized", "local"),
        ("released", "local"),
        ("assigned", worker.name),
        ("failed", worker.name),
        ("retried", "local"),
    ]
    assert rows[1]["text"] == "Priority 70."
    assert (rows[4]["attempt"], rows[4]["failure_kind"], rows[4]["text"]) == (1, "bad_input", "No.")
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_the_record_is_read_from_where_one_was(farm: Served, worker: FakeWorker) -> None:
    def rows(**filters: Any) -> list[Any]:
        found: list[Any] = farm.ask("GET", "/api/events", params={"noun": "worker", "id": worker.id, **filters})["rows"]
        return found

    for wish in ("paused", "none", "paused"):
        farm.ask("PUT", f"/api/workers/{worker.name}/wish", json={"wish": wish})
    newest = rows()
    assert [row["change"] for row in newest] == ["paused", "resumed", "paused"]
    assert [row["id"] for row in rows(after=newest[2]["id"])] == [newest[1]["id"], newest[0]["id"]]
    assert rows(after=newest[0]["id"]) == []
    assert len(rows(limit=1)) == 1
    assert rows(actor="nobody") == []


def test_who_asks_with_a_token_stands_under_its_name(farm: Served, worker: FakeWorker) -> None:
    token = farm.ask("POST", "/api/tokens", 201, json={"name": "mina"})["token"]
    headers = {"Authorization": f"Bearer {token}"}
    farm.ask("PUT", f"/api/workers/{worker.name}/wish", json={"wish": "paused"}, headers=headers)
    assert events(farm, actor="mina") == [("mina", "paused")]
    assert events(farm, noun="token", id="mina") == [("local", "made")]


def test_who_canceled_is_told_once_for_a_batch(farm: Served, code: str) -> None:
    """Not for each of its jobs; and not when everything had ended before."""
    job_id = submitted(farm, code)
    batch = farm.job(job_id)["batch_id"]
    for _ in range(2):
        farm.ask("POST", f"/api/batches/{batch}/cancel")
    assert events(farm, noun="batch", id=batch) == [("local", "canceled")]
    assert events(farm, noun="job", id=job_id) == []
    rows = farm.ask("GET", f"/api/jobs/{job_id}/timeline")["rows"]
    assert [row["change"] for row in rows] == ["submitted", "canceled"]


def test_a_canceled_job_is_in_the_record(farm: Served, code: str, worker: FakeWorker) -> None:
    job_id = submitted(farm, code)
    worker.run()
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")
    farm.ask("POST", f"/api/jobs/{job_id}/cancel", 409)
    assert events(farm, noun="job", id=job_id, project=code) == [("local", "canceled")]


def test_a_backup_is_in_the_record(farm: Served) -> None:
    name = farm.ask("POST", "/api/backups", 201)["backup"]["name"]
    assert events(farm, noun="backup", id=name) == [("local", "made")]


def test_a_refused_deed_leaves_no_event(farm: Served, code: str) -> None:
    job_id = submitted(farm, code)
    farm.ask("POST", f"/api/jobs/{job_id}/retry", 409)
    assert events(farm, noun="job", id=job_id) == []
    farm.ask("POST", f"/api/jobs/{job_id}/cancel")


def test_the_timeline_of_nothing_is_not_found(farm: Served) -> None:
    farm.ask("GET", f"/api/jobs/{'0' * 26}/timeline", 404)


def test_profiles_are_listed(farm: Served) -> None:
    assert farm.ask("GET", "/api/profiles", params={"workflow": DRAW})["rows"] == []
