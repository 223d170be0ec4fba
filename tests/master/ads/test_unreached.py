"""What waits in vain for a failed stage ends with it: it is no waiting work, and comes back when it is wanted again."""

from typing import Any

from ads_farm_kit import AdWorker, ad_now, make_ad, stages
from served import Served

LATER = ("composite", "layout", "lettering", "finish")
WHY = "Not reached: a stage before it ended without a result."


def waiting(farm: Served) -> list[int]:
    """Jobs that wait: in the list, in the queue's room, on the farm's page."""
    listed = farm.ask("GET", "/api/jobs", params={"project": "ADS", "status": "blocked"})["total"]
    return [listed, farm.master.dispatcher.waiting, farm.ask("GET", "/api/farm/overview")["blocked"]]


def failed_ad(farm: Served, worker: AdWorker) -> Any:
    made = make_ad(farm)
    worker.make(1)
    worker.fail(worker.run(), "There is no background.")
    return ad_now(farm, made["id"])


def test_stages_behind_a_failed_one_are_canceled_with_the_reason(farm: Served, worker: AdWorker) -> None:
    ad = failed_ad(farm, worker)
    assert (ad["status"], ad["error"]) == ("failed", "There is no background.")
    found = stages(ad)
    assert {(found[key]["status"], found[key]["message"]) for key in LATER} == {("canceled", WHY)}
    assert waiting(farm) == [0, 0, 0]


def test_they_are_made_when_the_ad_is_begun_anew(farm: Served, worker: AdWorker) -> None:
    ad = failed_ad(farm, worker)
    farm.ask("POST", f"/api/ads/{ad['id']}/restart", json={})
    worker.make(5)
    assert ad_now(farm, ad["id"])["status"] == "completed"
    assert waiting(farm) == [0, 0, 0]


def test_they_go_on_when_the_failed_job_is_retried_in_the_queue(farm: Served, worker: AdWorker) -> None:
    ad = failed_ad(farm, worker)
    farm.ask("POST", f"/api/jobs/{stages(ad)['backdrop']['job_id']}/retry")
    assert ad_now(farm, ad["id"])["status"] == "processing"
    worker.make(5)
    assert ad_now(farm, ad["id"])["status"] == "completed"


def test_all_of_them_are_retried_at_once(farm: Served, worker: AdWorker) -> None:
    ad = failed_ad(farm, worker)
    ids = [stages(ad)[key]["job_id"] for key in ("backdrop", *LATER)]
    done = farm.ask("POST", "/api/queue/bulk", json={"deed": "retry", "job_ids": ids})
    assert done == {"done": 5, "refused": []}
    worker.make(5)
    assert ad_now(farm, ad["id"])["status"] == "completed"


def test_other_branches_go_on(farm: Served, worker: AdWorker) -> None:
    made = make_ad(farm, sizes=["1:1", "9:16"])
    worker.make(1)
    run = worker.run()
    worker.fail(run, "There is no background.")
    worker.make(5)
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "failed"
    assert sorted(bool(branch["result"]) for branch in ad["branches"]) == [False, True]
    assert waiting(farm) == [0, 0, 0]


def test_what_waits_for_a_canceled_job_ends_too_also_after_it_was_held(farm: Served, worker: AdWorker) -> None:
    made = make_ad(farm)
    found = stages(ad_now(farm, made["id"]))
    worker.make(1)
    run = worker.run()
    farm.ask("POST", f"/api/jobs/{found['lettering']['job_id']}/hold")
    farm.ask("POST", f"/api/jobs/{found['backdrop']['job_id']}/cancel")
    assert worker.hear("cancel").ref == run.ref
    ad = ad_now(farm, made["id"])
    assert {stages(ad)[key]["status"] for key in ("backdrop", *LATER)} == {"canceled"}
    assert ad["status"] == "failed"
    assert waiting(farm) == [0, 0, 0]
