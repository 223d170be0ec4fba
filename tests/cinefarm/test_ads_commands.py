"""`cinefarm ad` and the client's ads, against a master with a worker that makes them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ads_farm_kit import TEXT, AdWorker, png, with_stages
from served import Served, served
from typer.testing import CliRunner

from cinefarm import Farm, FarmError
from cinefarm.cli import app
from cinefarm.statuses import AdStatus

COLUMNS = "250"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ads")
    with served(folder, workflows_dir=with_stages(folder)) as running:
        yield running


@pytest.fixture
def asker(farm: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Farm]:
    monkeypatch.setenv("CINEFARM_URL", farm.url)
    monkeypatch.setenv("CINEFARM_TOKEN", farm.master.doorkeeper.secret)
    monkeypatch.setenv("COLUMNS", COLUMNS)
    with Farm() as found:
        yield found


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(png())
    return path


@pytest.fixture
def busy(farm: Served, request: pytest.FixtureRequest) -> Iterator[AdWorker]:
    """Makes so many jobs beside the test."""
    worker = AdWorker(farm, f"cli-{request.param}").join_for_ads()
    thread = threading.Thread(target=worker.make, args=(request.param,), daemon=True)
    thread.start()
    yield worker
    thread.join(20)
    worker.close()


@pytest.mark.parametrize("busy", [11], indirect=True)
def test_several_sizes_are_several_files(asker: Farm, busy: AdWorker, photo: Path, tmp_path: Path) -> None:
    """Each with its size in the name; progress goes to the other stream, line by line."""
    words = ["ad", str(photo), TEXT, "--background", "전통시장", "--size", "1:1", "--size", "9:16"]
    done = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "ad.png")])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.glob("ad*.png")) == ["ad_1024x1024.png", "ad_1080x1920.png"]
    assert "Cut out the product" in done.stderr
    assert "completed" in done.stdout
    listed = CliRunner().invoke(app, ["ads"])
    assert TEXT in listed.stdout
    ad_id = asker.ads()[0].id
    saved = CliRunner().invoke(app, ["ads", "download", ad_id, "-o", str(tmp_path / "all" / "of it")])
    assert saved.exit_code == 0, saved.output
    names = sorted(path.name for path in (tmp_path / "all" / "of it").iterdir())
    assert names == [f"{TEXT}_1024x1024.png", f"{TEXT}_1080x1920.png"]


@pytest.mark.parametrize("busy", [8], indirect=True)
def test_an_ad_from_python(asker: Farm, busy: AdWorker, photo: Path, tmp_path: Path) -> None:
    """Made, changed, and made once for one key."""
    made = asker.make_ad(photo, TEXT, key="once", text_style="네온")
    assert asker.make_ad(photo, TEXT, key="once", text_style="네온").id == made.id
    ad = asker.wait_ad(made.id, timeout_s=20)
    assert ad.status is AdStatus.COMPLETED
    assert asker.download(ad.results[0].url, tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    asker.restart_ad(ad.id, ad_text="새우 특가")
    assert asker.wait_ad(ad.id, timeout_s=20).status is AdStatus.COMPLETED
    assert asker.stop_ad(ad.id) is AdStatus.COMPLETED


def test_a_refusal_is_one_sentence(asker: Farm, photo: Path) -> None:
    """As the master says it."""
    with pytest.raises(FarmError, match="has 30 characters; the most is 20"):
        asker.make_ad(photo, "가" * 30)


def test_what_the_master_says_may_be_asked_for_in_korean(asker: Farm, photo: Path) -> None:
    refused = CliRunner().invoke(app, ["ad", str(photo), "가" * 30, "--lang", "ko"])
    assert refused.exit_code == 1
    assert "30자" in str(refused.exception) + refused.output


@pytest.mark.parametrize("busy", [6], indirect=True)
def test_an_ad_is_deleted_and_brought_back(asker: Farm, busy: AdWorker, photo: Path) -> None:
    ad = asker.wait_ad(asker.make_ad(photo, TEXT).id, timeout_s=20)
    deleted = CliRunner().invoke(app, ["ads", "delete", ad.id])
    assert deleted.exit_code == 0, deleted.output
    assert f"cinefarm ads restore {ad.id}" in deleted.stdout
    assert ad.id not in CliRunner().invoke(app, ["ads"]).stdout
    assert CliRunner().invoke(app, ["ads", "delete", ad.id]).exit_code == 1
    assert CliRunner().invoke(app, ["ads", "restore", ad.id]).exit_code == 0
    assert ad.id in CliRunner().invoke(app, ["ads"]).stdout
