"""What a page shows of an ad beside its pictures."""

from ads_farm_kit import AdWorker, ad_now, base64_of, make_ad, png, stages
from served import Served


def test_a_result_has_a_small_picture_in_lists_too(farm: Served, worker: AdWorker) -> None:
    """A gallery does not load every ad whole. A thumbnail is no picture of its own."""
    ad = make_ad(farm)
    worker.make(6)
    (row,) = farm.ask("GET", "/api/ads")["rows"]
    for (found,) in (row["results"], [ad_now(farm, ad["id"])["branches"][0]["result"]]):
        assert found["thumbnail_url"] not in (None, found["url"])
        assert found["name"].endswith(".png")
        assert farm.http.get(found["thumbnail_url"]).status_code == 200


def test_a_cut_out_that_is_not_trusted_is_told(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm)
    assert ad["cut_out"] is None
    worker.make_one()
    assert ad_now(farm, ad["id"])["cut_out"] == {"trusted": False, "confidence": 0.4}


def test_another_photo_leaves_the_hint_of_the_one_before(farm: Served, worker: AdWorker) -> None:
    """It was painted over the other photo."""
    ad = make_ad(farm, hint_image=base64_of(png(colour=(0, 220, 60))))
    worker.make(6)
    assert ad_now(farm, ad["id"])["parameters"]["hint_image"]
    changed = farm.ask("POST", f"/api/ads/{ad['id']}/restart", json={"product_image": base64_of(png(colour=(9, 9, 9)))})
    assert changed["parameters"]["hint_image"] is None
    assert "hint_image" not in worker.make_one().inputs


def test_an_ad_without_a_name_of_its_own_is_called_by_its_words(farm: Served, worker: AdWorker) -> None:
    ad, named = make_ad(farm), make_ad(farm, name="봄 행사")
    worker.make(12)
    for made, name in ((ad, "오늘만 반값"), (named, "봄 행사")):
        changed = farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"ad_text": "오늘만 반값"})
        assert changed["name"] == name
    worker.make(4)
    assert ad_now(farm, ad["id"])["branches"][0]["result"]["name"].startswith("오늘만 반값")
    assert stages(ad_now(farm, ad["id"]))["cut_out"]["earlier"] == []


def test_designed_letters_become_extruded_ones_and_back(farm: Served, worker: AdWorker) -> None:
    """The background stays; only what makes the letters is another."""
    ad = make_ad(farm)
    worker.make(6)
    for workflow, lettering in (("ads/v1_3d_text", "ads/lettering_3d"), ("ads/v2_html_text", "ads/lettering")):
        before = len(worker.done)
        changed = farm.ask("POST", f"/api/ads/{ad['id']}/restart", json={"workflow": workflow})
        assert changed["workflow"] == workflow
        worker.make(2)
        assert worker.done[before:] == [lettering, "ads/finish"]
        assert ad_now(farm, ad["id"])["status"] == "completed"
