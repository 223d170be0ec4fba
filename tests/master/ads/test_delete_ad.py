"""An ad that nobody wants goes into the trash, and with the trash its pictures that nothing else shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ads_farm_kit import TEXT, AdWorker, ad_now, base64_of, make_ad, png, stages
from served import Served

from master.keeping.trash import Emptied, empty_trash
from master.models import Media


def made_ad(farm: Served, worker: AdWorker, **fields: Any) -> Any:
    made = make_ad(farm, **fields)
    worker.make(6)
    return ad_now(farm, made["id"])


def emptied(farm: Served, *, dry_run: bool = False) -> Emptied:
    return empty_trash(farm.master.db, datetime.now(UTC) + timedelta(days=1), dry_run=dry_run)


def has_media(farm: Served, media_id: str) -> bool:
    with farm.master.db.read() as session:
        return session.get(Media, media_id) is not None


def test_it_is_gone_and_comes_back_as_it_was(farm: Served, worker: AdWorker) -> None:
    ad = made_ad(farm, worker)
    farm.ask("DELETE", f"/api/ads/{ad['id']}", 204)
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/stop"), ("POST", "/restart")):
        body = {"json": {}} if path == "/restart" else {}
        refused = farm.ask(method, f"/api/ads/{ad['id']}{path}", 404, **body)
        assert refused["message"] == f"There is no ad “{ad['id']}”."
    assert ad["id"] not in {row["id"] for row in farm.ask("GET", "/api/ads")["rows"]}
    back = farm.ask("POST", f"/api/ads/{ad['id']}/restore")
    assert back == farm.ask("POST", f"/api/ads/{ad['id']}/restore") == ad_now(farm, ad["id"])
    assert back["results"] == ad["results"]


@pytest.mark.parametrize("id", ["nope", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "%00"])
def test_one_that_never_was(farm: Served, id: str) -> None:
    farm.ask("DELETE", f"/api/ads/{id}", 404)
    farm.ask("POST", f"/api/ads/{id}/restore", 404)


def test_one_that_is_being_made_is_refused_with_what_to_do(farm: Served, worker: AdWorker) -> None:
    ad = make_ad(farm)
    refused = farm.ask("DELETE", f"/api/ads/{ad['id']}", 409)
    assert refused["message"] == f"The ad “{TEXT}” is being made; stop it, then delete it."
    farm.ask("POST", f"/api/ads/{ad['id']}/stop")
    farm.ask("DELETE", f"/api/ads/{ad['id']}", 204)


def test_its_key_is_not_made_again_silently(farm: Served, worker: AdWorker) -> None:
    body = {"product_image": base64_of(png()), "ad_text": TEXT}
    key = {"Idempotency-Key": "deleted"}
    ad = farm.ask("POST", "/api/ads", 201, json=body, headers=key)
    farm.ask("POST", f"/api/ads/{ad['id']}/stop")
    farm.ask("DELETE", f"/api/ads/{ad['id']}", 204)
    assert "was deleted" in farm.ask("POST", "/api/ads", 409, json=body, headers=key)["message"]


def test_the_trash_takes_its_pictures_and_leaves_those_of_others(farm: Served, worker: AdWorker) -> None:
    """Another ad goes on from its background: that and its mask stay."""
    emptied(farm)
    ad = made_ad(farm, worker)
    photo, result = ad["parameters"]["product_image"], ad["results"][0]["media_id"]
    ground = stages(ad)["composite"]["picture"]["media_id"]
    second = make_ad(farm, product_image=None, start_step=2, step1_image=ground)
    worker.make(3)
    farm.ask("DELETE", f"/api/ads/{ad['id']}", 204)
    assert all(has_media(farm, id) for id in (photo, result, ground))
    would = emptied(farm, dry_run=True)
    assert would.ads == 1
    assert would == emptied(farm)
    assert [has_media(farm, id) for id in (photo, result, ground)] == [False, False, True]
    assert ad_now(farm, second["id"])["status"] == "completed"
    farm.ask("POST", f"/api/ads/{ad['id']}/restore", 404)
    farm.ask("DELETE", f"/api/ads/{second['id']}", 204)
    emptied(farm)
    assert not has_media(farm, ground)
    assert farm.ask("GET", "/api/jobs", params={"project": "ADS"})["total"] >= 9, "the history of jobs stays"
