"""All pictures of an ad as one ZIP."""

import io
import zipfile
from pathlib import Path

from ads_farm_kit import TEXT, AdWorker, ad_now, make_ad
from served import Served

from master.assets.zipped import zipped


def zip_of(farm: Served, ad_id: str) -> dict[str, bytes]:
    answer = farm.http.get(f"/api/ads/{ad_id}/results.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_each_picture_has_its_size_and_variant_in_its_name(farm: Served, worker: AdWorker) -> None:
    made = make_ad(farm, sizes=["1:1", "9:16"], variants=2)
    worker.make(1 + 4 * 5)
    found = zip_of(farm, made["id"])
    assert sorted(found) == sorted(f"{TEXT}_{size}_{n}.png" for size in ("1024x1024", "1080x1920") for n in (1, 2))
    results = ad_now(farm, made["id"])["results"]
    assert [farm.http.get(picture["url"]).content for picture in results] == list(found.values())


def test_one_picture_is_called_as_the_ad_and_a_name_is_never_a_path(farm: Served, worker: AdWorker) -> None:
    made = make_ad(farm, name="../봄 / 세일\\x")
    worker.make(6)
    (name,) = zip_of(farm, made["id"])
    assert name.endswith("x.png")
    assert not set("/\\") & set(name)


def test_what_is_not_done_is_left_out_and_an_ad_without_any_is_refused(farm: Served, worker: AdWorker) -> None:
    made = make_ad(farm, sizes=["1:1", "9:16"])
    refused = farm.ask("GET", f"/api/ads/{made['id']}/results.zip", 409)
    assert refused["message"] == f"The ad “{TEXT}” has no picture that is done yet."
    done = 0
    while not done:
        worker.make(1)
        done = len(ad_now(farm, made["id"])["results"])
    assert len(zip_of(farm, made["id"])) == 1
    farm.ask("GET", "/api/ads/nope/results.zip", 404)


def test_it_is_sent_piece_by_piece(tmp_path: Path) -> None:
    """None of the pieces is as large as a file."""
    large = tmp_path / "large"
    large.write_bytes(b"x" * 3_000_000)
    pieces = list(zipped([("one", large), ("two", large)]))
    assert max(map(len, pieces)) < 400_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.read("two") == large.read_bytes()
