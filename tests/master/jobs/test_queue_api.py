"""Counts of the queue, and deeds on many jobs."""

from typing import Any

from served import FakeWorker, Served


def counts(farm: Served, **asked: Any) -> dict[str, dict[str, int]]:
    told = farm.ask("GET", "/api/queue/facets", params=asked)
    return {facet: {row["value"]: row["count"] for row in rows} for facet, rows in told.items()}


def bulk(farm: Served, deed: str, ids: list[str], status: int = 200, **more: Any) -> Any:
    return farm.ask("POST", "/api/queue/bulk", status, json={"deed": deed, "job_ids": ids, **more})


def test_a_facet_counts_what_its_choices_would_show(farm: Served, code: str) -> None:
    """Its own filter does not narrow it, all others do."""
    first, _ = farm.submit(code)
    farm.ask("POST", f"/api/jobs/{first}/hold")
    told = counts(farm, project=code, status="held")
    assert told["status"] == {"held": 1, "queued": 1}
    assert told["project"][code] == 1
    assert told["workflow"] == {"text_to_image/storyboard": 1}
    assert told["worker"] == {}
    assert sum(counts(farm, project=code, user="nobody")["status"].values()) == 0


def test_jobs_are_listed_by_user_and_worker_and_as_the_queue_goes(farm: Served, code: str, worker: FakeWorker) -> None:
    run_of, waits = farm.submit(code)
    run = worker.run()
    listed = farm.ask("GET", "/api/jobs", params={"project": code, "worker": worker.name})
    assert [row["id"] for row in listed["rows"]] == [run.ref.job_id]
    assert farm.ask("GET", "/api/jobs", params={"project": code, "user": "nobody"})["total"] == 0
    other = ({run_of, waits} - {run.ref.job_id}).pop()
    bulk(farm, "priority", [other], priority=90)
    queue = farm.ask("GET", "/api/jobs", params={"project": code, "order": "queue"})
    assert next(row["id"] for row in queue["rows"]) == other
    assert counts(farm, project=code)["worker"] == {worker.name: 1}


def test_what_can_be_done_is_done_and_the_rest_is_told(farm: Served, code: str) -> None:
    """A job twice in the list counts once."""
    first, second = farm.submit(code)
    assert bulk(farm, "hold", [first, second, first]) == {"done": 2, "refused": []}
    again = bulk(farm, "hold", [first, "unknown"])
    assert again["done"] == 0
    assert {row["count"] for row in again["refused"]} == {1}
    assert any("unknown" in row["reason"] for row in again["refused"])
    assert bulk(farm, "release", [first, second])["done"] == 2
    assert bulk(farm, "priority", [first, second], priority=70)["done"] == 2
    assert farm.job(first)["priority"] == 70
    assert bulk(farm, "cancel", [first, second])["done"] == 2
    assert bulk(farm, "cancel", [first])["refused"] == [{"reason": "These had ended already.", "count": 1}]
    assert bulk(farm, "retry", [first, second])["done"] == 2
    assert {farm.job(job_id)["status"] for job_id in (first, second)} <= {"queued", "assigned"}
    explained = farm.ask("GET", f"/api/jobs/{first}/explain")
    assert explained["state"] in ("queued", "assigned")


def test_a_priority_must_be_said(farm: Served) -> None:
    bulk(farm, "priority", ["x"], 422)
    bulk(farm, "hold", [], 422)
