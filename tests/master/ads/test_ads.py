"""An ad is made by jobs that wait for one another; its status follows from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ads_farm_kit import TEXT, AdWorker, ad_now, base64_of, make_ad, png, stages
from served import Served
from waiting import wait_until

from master.keeping.trash import empty_trash
from master.models import LogLine

WHOLE = ["ads/cut_out", "ads/backdrop", "ads/composite", "ads/layout", "ads/lettering", "ads/finish"]


def test_an_ad_goes_from_photo_to_picture(farm: Served, worker: AdWorker) -> None:
    """Each stage gets the files of those before it, and its picture is kept."""
    made = make_ad(farm, text_style="골드풍선", sub_text="오늘만 반값")
    assert (made["status"], made["progress_percent"], made["current_step"]) == ("processing", 0.0, "step1_background")
    runs = {run.workflow: run for run in worker.make(6)}
    assert worker.done == WHOLE
    assert sorted(file.name for file in runs["ads/composite"].inputs) == ["backdrop", "cutout", "scene"]
    assert sorted(file.name for file in runs["ads/lettering"].inputs) == ["layout", "mask", "picture"]
    assert runs["ads/lettering"].parameters["ad_text"] == TEXT
    assert runs["ads/lettering"].parameters["sub_text"] == "오늘만 반값"
    assert runs["ads/backdrop"].parameters["background_style"] == "전통시장"
    ad = ad_now(farm, made["id"])
    assert (ad["status"], ad["progress_percent"], ad["eta_seconds"], ad["error"]) == ("completed", 100.0, 0.0, None)
    assert ad["current_step"] == "step3_composition"
    assert [stages(ad)[key]["picture"]["name"] for key in ("backdrop", "layout")] == [
        f"{TEXT} 1024x1024 · Ad background.png",
        "heatmap.png",
    ]
    result = ad["branches"][0]["result"]
    assert result["name"] == f"{TEXT} 1024x1024.png"
    assert farm.http.get(result["url"]).headers["content-type"] == "image/png"
    assert farm.ask("GET", "/api/ads")["rows"][0]["results"] == [result]
    assert farm.ask("GET", "/api/projects/ADS")["name"] == "Ad studio"


def test_new_words_make_the_text_again_and_nothing_else(farm: Served, worker: AdWorker) -> None:
    """Also another style, colour or place of the words."""
    made = make_ad(farm)
    worker.make(6)
    before = stages(ad_now(farm, made["id"]))
    for change, again in (
        ({"ad_text": "새우 특가"}, ["lettering", "finish"]),
        ({"text_style": "neon", "text_color": "#ffcc00"}, ["lettering", "finish"]),
        ({"text_position": "top"}, ["layout", "lettering", "finish"]),
        ({"background_style": "대리석"}, ["backdrop", "composite", "layout", "lettering", "finish"]),
        ({"strength": 0.1}, ["finish"]),
    ):
        farm.ask("POST", f"/api/ads/{made['id']}/restart", json=change)
        worker.make(len(again))
        after = stages(ad_now(farm, made["id"]))
        assert [key for key in after if after[key]["job_id"] != before[key]["job_id"]] == again, change
        for key in again:
            assert after[key]["earlier"][-1] == before[key]["job_id"]
        before = after
    assert ad_now(farm, made["id"])["status"] == "completed"


def test_a_step_can_be_made_again_without_a_change(farm: Served, worker: AdWorker) -> None:
    """From a named step on; without one nothing is to be done, and that is said."""
    made = make_ad(farm)
    worker.make(6)
    refused = farm.ask("POST", f"/api/ads/{made['id']}/restart", 409, json={"ad_text": TEXT})
    assert "Nothing of the ad has changed" in refused["message"]
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"start_step": 2})
    worker.make(3)
    assert worker.done[6:] == ["ads/layout", "ads/lettering", "ads/finish"]
    refused = farm.ask("POST", f"/api/ads/{made['id']}/restart", 422, json={"start_step": 2, "background_style": "눈"})
    assert "background_style works in step 1" in refused["message"]


def test_a_step_without_its_input_is_refused(farm: Served, worker: AdWorker) -> None:
    """The answer names what is missing."""
    made = make_ad(farm)
    worker.make(2)
    refused = farm.ask("POST", f"/api/ads/{made['id']}/restart", 422, json={"start_step": 2})
    assert "“Set the product on its background” of step 1" in refused["message"]
    for step, field in ((2, "step1_image"), (3, "step2_image")):
        body = {"start_step": step, "ad_text": TEXT}
        refused = farm.ask("POST", "/api/ads", 422, json=body)
        assert refused["field"] == field
        assert "earlier ad" in refused["message"]


def test_a_failed_stage_fails_the_ad_and_a_restart_goes_on_from_there(farm: Served, worker: AdWorker) -> None:
    """With the sentence of the job that failed; what had finished does not run again."""
    made = make_ad(farm)
    worker.make(2)
    worker.fail(worker.run(), "The cut-out is empty; paint a hint.")
    ad = ad_now(farm, made["id"])
    assert (ad["status"], ad["error"], ad["message"]) == ("failed", *["The cut-out is empty; paint a hint."] * 2)
    assert ad["current_step"] == "step1_background"
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={})
    worker.make(4)
    assert worker.done == WHOLE
    assert ad_now(farm, made["id"])["status"] == "completed"
    waiting = farm.ask("GET", "/api/jobs", params={"project": "ADS", "status": "blocked"})
    assert waiting["total"] == 0, "the jobs that waited for the failed one are not left behind"


def test_a_stop_ends_its_jobs_and_two_stops_are_one(farm: Served, worker: AdWorker) -> None:
    """After the end a stop changes nothing and says so; a stopped ad can go on."""
    made = make_ad(farm)
    worker.make(1)
    run = worker.run()
    for _ in range(2):
        stopped = farm.ask("POST", f"/api/ads/{made['id']}/stop")
        assert stopped["status"] == "stopped"
    assert worker.hear("cancel").ref == run.ref
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "x", "seconds": 0})
    worker.hear("stale")
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "stopped"
    assert [stages(ad)[key]["status"] for key in ("cut_out", "backdrop", "finish")] == ["completed", *["canceled"] * 2]
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={})
    worker.make(5)
    assert ad_now(farm, made["id"])["status"] == "completed"
    late = farm.ask("POST", f"/api/ads/{made['id']}/stop")
    assert late == {"status": "completed", "message": "The ad has ended already: it is completed."}


def test_sizes_and_variants_share_the_cut_out(farm: Served, worker: AdWorker) -> None:
    """Each has its own seed and styles."""
    made = make_ad(farm, sizes=["1:1", "9:16"], variants=2, text_styles=["네온", "분필"], seed=7)
    assert len(made["branches"]) == 4
    assert [(b["width"], b["height"], b["seed"], b["text_style"]) for b in made["branches"]] == [
        (1024, 1024, 7, "네온"),
        (1024, 1024, 8, "분필"),
        (1080, 1920, 7, "네온"),
        (1080, 1920, 8, "분필"),
    ]
    worker.make(1 + 4 * 5)
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "completed"
    assert len(ad["results"]) == 4
    assert worker.done.count("ads/cut_out") == 1
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"sizes": ["1:1", "4:5"]})
    worker.make(2 * 5)
    again = ad_now(farm, made["id"])
    assert [b["key"] for b in again["branches"]] == ["1024x1024/1", "1024x1024/2", "1080x1350/1", "1080x1350/2"]
    assert again["branches"][0]["stages"] == ad["branches"][0]["stages"]


def test_progress_is_by_seconds_and_tells_what_is_done(farm: Served, worker: AdWorker) -> None:
    """What the engine tells is passed on, and what is left is counted from what was measured."""
    for _ in range(3):
        make_ad(farm)
        for _ in range(6):
            job = worker.run()
            worker.deliver(job, seconds=8.0 if job.workflow == "ads/cut_out" else 1.0)
    made = make_ad(farm)
    run = worker.run()
    worker.say({"kind": "progress", "ref": run.ref.model_dump(), "fraction": 0.5, "message": "finding the edge"})
    wait_until(lambda: stages(ad_now(farm, made["id"]))["cut_out"]["status"] == "running")
    wait_until(lambda: stages(ad_now(farm, made["id"]))["cut_out"]["progress"] >= 0.5)
    ad = ad_now(farm, made["id"])
    assert ad["sub_step"] == "Cut out the product"
    assert ad["message"] == "Cut out the product: finding the edge"
    assert 25 < ad["progress_percent"] < 40, ad["progress_percent"]
    assert 4 < ad["eta_seconds"] < 12, ad["eta_seconds"]
    assert ad["step_eta_seconds"] < ad["eta_seconds"]


def test_without_a_worker_the_message_says_so(farm: Served, worker: AdWorker) -> None:
    """There is no estimate then."""
    worker.close()
    made = make_ad(farm)
    assert made["eta_seconds"] is None or made["status"] == "processing"


def test_a_project_that_is_thrown_away_takes_its_ads_along(farm: Served, worker: AdWorker) -> None:
    """For good once the trash is emptied; before that the next ad brings it back."""
    made = make_ad(farm)
    worker.make(6)
    for row in farm.ask("GET", "/api/ads", params={"limit": 200})["rows"]:
        farm.ask("POST", f"/api/ads/{row['id']}/stop")
    farm.ask("DELETE", "/api/projects/ADS", 204)
    second = make_ad(farm)
    assert farm.ask("GET", "/api/projects/ADS")["name"] == "Ad studio"
    farm.ask("POST", f"/api/ads/{second['id']}/stop")
    farm.ask("DELETE", "/api/projects/ADS", 204)
    emptied = empty_trash(farm.master.db, datetime.now(UTC) + timedelta(days=1), dry_run=False)
    assert emptied.projects == ["ADS"], emptied.kept
    farm.ask("GET", f"/api/ads/{made['id']}", 404)
    assert farm.ask("GET", "/api/ads")["rows"] == []


def test_the_same_key_makes_one_ad(farm: Served, worker: AdWorker) -> None:
    """And another request with it is refused."""
    body = {"product_image": base64_of(png()), "ad_text": TEXT}
    key = {"Idempotency-Key": "ad-1"}
    ids = {farm.ask("POST", "/api/ads", 201, json=body, headers=key)["id"] for _ in range(2)}
    assert len(ids) == 1
    assert farm.ask("POST", "/api/ads", 409, json=body | {"seed": 3}, headers=key)["field"] == "Idempotency-Key"


def test_korean_is_answered_in_korean(farm: Served, worker: AdWorker) -> None:
    """Titles and sentences, as the request accepts."""
    ko = {"Accept-Language": "ko"}
    body = {"product_image": base64_of(png()), "ad_text": TEXT}
    made: Any = farm.ask("POST", "/api/ads", 201, json=body, headers=ko)
    assert made["sub_step"] == "제품 오려내기"
    assert "기다" in made["message"]
    assert "입력" in farm.ask("POST", "/api/ads", 422, json={**body, "ad_text": " "}, headers=ko)["message"]


@pytest.mark.parametrize("name", ["ads/v2_html_text", "ads/v1_3d_text"])
def test_a_form_is_no_job(farm: Served, worker: AdWorker, name: str) -> None:
    """Who submits it is told how an ad is made."""
    make_ad(farm)
    refused = farm.ask("POST", "/api/projects/ADS/batches", 422, json={"workflow": name})
    assert "`cinefarm ad`" in refused["message"]


def test_what_its_stages_warn_of_is_told_with_the_ad(farm: Served, worker: AdWorker) -> None:
    """Once, in the order of the stages, and of the newest attempts alone."""
    made = make_ad(farm)
    worker.make(6)
    assert ad_now(farm, made["id"])["warnings"] == []
    jobs = {key: stage["job_id"] for key, stage in stages(ad_now(farm, made["id"])).items()}
    lines = [
        ("lettering", 1, "warning", "Another style was taken."),
        ("cut_out", 0, "warning", "Of an attempt that is over."),
        ("cut_out", 1, "warning", "The outline is not certain."),
        ("cut_out", 1, "warning", "The outline is not certain."),
        ("cut_out", 1, "info", "Found it."),
    ]
    rows = [LogLine(job_id=jobs[key], attempt=attempt, level=level, text=text) for key, attempt, level, text in lines]
    farm.master.db.write(lambda session: session.add_all(rows))
    assert ad_now(farm, made["id"])["warnings"] == ["The outline is not certain.", "Another style was taken."]
