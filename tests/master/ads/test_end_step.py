"""An ad may end before its last step: the product on its background, to be written on later or not at all."""

import pytest
from ads_farm_kit import TEXT, AdWorker, ad_now, base64_of, make_ad, png, stages
from served import Served

BACKGROUND = ["ads/cut_out", "ads/backdrop", "ads/composite"]


def test_a_background_alone_needs_no_words(farm: Served, worker: AdWorker) -> None:
    """Its picture is the ad's result, and the ad is done with it."""
    body = {"product_image": base64_of(png()), "background_style": "대리석", "end_step": 1, "variants": 2}
    made = farm.ask("POST", "/api/ads", 201, json=body)
    assert made["name"] == "대리석"
    worker.make(5)
    assert sorted(worker.done) == sorted([*BACKGROUND, *BACKGROUND[1:]])
    ad = ad_now(farm, made["id"])
    assert (ad["status"], ad["current_step"], ad["progress_percent"]) == ("completed", "step1_background", 100.0)
    assert [picture["media_id"] for picture in ad["results"]] == [
        branch["stages"][-1]["picture"]["media_id"] for branch in ad["branches"]
    ]
    assert farm.ask("GET", f"/status/{made['id']}")["final_result"] is None


def test_words_are_added_by_a_restart(farm: Served, worker: AdWorker) -> None:
    """Nothing of the background is made again; without words the refusal says what is missing."""
    made = make_ad(farm, ad_text="", end_step=1)
    worker.make(3)
    place = f"/api/ads/{made['id']}/restart"
    refused = farm.ask("POST", place, 422, json={"end_step": 3})
    assert refused["message"] == "ad_text: is empty; give the words of the ad."
    farm.ask("POST", place, json={"ad_text": TEXT})
    worker.make(3)
    assert worker.done[3:] == ["ads/layout", "ads/lettering", "ads/finish"]
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "completed"
    assert ad["results"][0]["media_id"] == stages(ad)["finish"]["picture"]["media_id"]


def test_lettering_alone(farm: Served, worker: AdWorker) -> None:
    """A step in the middle, for who composes the picture elsewhere."""
    made = make_ad(farm, end_step=2)
    worker.make(5)
    ad = ad_now(farm, made["id"])
    assert (ad["status"], ad["results"][0]["media_id"]) == (
        "completed",
        stages(ad)["lettering"]["picture"]["media_id"],
    )


@pytest.mark.parametrize(("start", "end"), [(2, 1), (3, 2)])
def test_an_end_before_the_start_is_refused(farm: Served, worker: AdWorker, start: int, end: int) -> None:
    """It would make nothing."""
    body = {"start_step": start, "end_step": end, "ad_text": TEXT, "step1_image": base64_of(png())}
    refused = farm.ask("POST", "/api/ads", 422, json={**body, "step2_image": base64_of(png())})
    assert refused["field"] == "end_step"
    assert f"end_step {end} lies before start_step {start}" in refused["message"]
