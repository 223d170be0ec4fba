"""The commands that steer the farm, against a real master."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from served import FakeWorker, Served, served
from sqlalchemy import update
from typer.testing import CliRunner, Result

from cinefarm import Farm
from cinefarm.cli import app
from cinefarm.cli.farm import _days
from master.models import Media, utc_now


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as running:
        yield running


@pytest.fixture
def run(farm: Served, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CINEFARM_URL", farm.url)
    monkeypatch.setenv("CINEFARM_TOKEN", farm.master.doorkeeper.secret)
    monkeypatch.setenv("COLUMNS", "200")

    def go(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == code, result.output
        return result

    return go


def answer(result: Result) -> Any:
    return json.loads(result.stdout)


def test_limits(run: Any) -> None:
    assert "cinefarm limits set" in run("limits", "list").stdout
    made = answer(run("limits", "set", "api", "--burst", "100", "--per-hour", "36", "--note", "Money.", "--json"))
    assert (made["tokens"], made["refill_per_s"], made["note"]) == (100, 0.01, "Money.")
    assert "36" in run("limits", "list").stdout
    run("limits", "remove", "api")
    assert answer(run("limits", "list", "--json")) == []


def test_shares(run: Any) -> None:
    made = answer(run("shares", "set", "user", "mina", "--weight", "2", "--pool", "a", "--pool", "b", "--json"))
    assert (made["weight"], made["pools"], made["max_running"]) == (2, ["a", "b"], None)
    assert "mina" in run("shares", "list").stdout
    run("shares", "remove", "user", "mina")
    assert "neither user nor project" in run("shares", "set", "team", "mina", code=2).output


def test_a_workers_hours_pool_tags_and_pardon(run: Any, farm: Served) -> None:
    worker = FakeWorker(farm, "attic")
    set_ = answer(run("schedule", "attic", "fri-mon 20:00-08:00", "wed 00:00-24:00", "--zone", "Asia/Seoul", "--json"))
    assert set_["schedule"] == {
        "time_zone": "Asia/Seoul",
        "windows": [
            {"days": ["mon", "fri", "sat", "sun"], "start": "20:00", "end": "08:00"},
            {"days": ["wed"], "start": "00:00", "end": "24:00"},
        ],
    }
    assert answer(run("schedule", "attic", "--always", "--json"))["schedule"] is None
    assert answer(run("pool", "attic", "night", "--json"))["pool"] == "night"
    assert answer(run("tags", "attic", "loud", "cold", "--json"))["tags"] == ["cold", "loud"]
    assert "attic: offline" in run("forgive", "attic").stdout
    changes = [event["change"] for event in answer(run("events", "--noun", "worker", "--id", worker.id, "--json"))]
    assert changes == ["pardoned", "tagged", "moved", "scheduled", "scheduled"]
    assert "pardoned" in run("events").stdout


@pytest.mark.parametrize("words", [["mon 8:00-9:00"], ["someday 08:00-09:00"], ["mon-tue-wed 08:00-09:00"], []])
def test_hours_that_are_none_say_how_to_write_them(run: Any, words: list[str]) -> None:
    assert "mon-fri" in run("schedule", "attic", *words, code=2).output


def test_ranges_of_days_may_go_over_sunday() -> None:
    assert _days("sat-mon,wed") == ["mon", "wed", "sat", "sun"]
    assert _days("mon-sun") == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def test_the_timeline_of_a_job(run: Any, farm: Served) -> None:
    farm.make_project("CLI")
    (job_id,) = farm.submit("CLI", held=True)
    run("job", "cancel", job_id)
    assert [row["change"] for row in answer(run("timeline", job_id, "--json"))] == ["submitted", "canceled"]
    assert "canceled" in run("timeline", job_id).stdout


def test_profiles(run: Any) -> None:
    assert "Nothing was measured yet." in run("profiles").stdout


def test_doctor_names_the_files_that_a_farm_misses(run: Any, farm: Served) -> None:
    """A missing file is something lacking, and the exit code says so."""

    def finding(result: Result) -> dict[str, str]:
        found: dict[str, str] = next(row for row in answer(result) if row["what"] == "Farm")
        return found

    farm.make_project("DOCTOR")
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    farm.http.post("/api/projects/DOCTOR/media", files={"file": ("coat.png", picture.getvalue())}).raise_for_status()
    whole = run("doctor", "--json")
    assert (finding(whole)["state"], "every file is there" in finding(whole)["found"]) == ("ok", True)
    farm.master.db.write(lambda session: session.execute(update(Media).values(damaged_at=utc_now())).close())
    missing = finding(run("doctor", "--json", code=1))
    assert missing["state"] == "lacking"
    assert "coat.png" in missing["found"]
    assert missing["mend"]


def test_a_file_is_uploaded_with_the_job_that_uses_it(run: Any, farm: Served, tmp_path: Path) -> None:
    farm.make_project("FILES")
    photo = tmp_path / "photo.png"
    Image.new("RGB", (32, 32), "red").save(photo)
    batch = answer(run("submit", "FILES", "analysis/embed", "--file", f"image={photo}", "--json"))
    with Farm(farm.url, farm.master.doorkeeper.secret) as client:
        (job,) = client.jobs(batch=batch["id"])
        used = client.job(job.id).parameters["image"]
        assert client.download(f"/api/media/{used}", tmp_path / "back.png").stat().st_size > 0
    assert "is not name=path" in run("submit", "FILES", "analysis/embed", "--file", "photo.png", code=2).output
    assert "There is no file" in run("submit", "FILES", "analysis/embed", "--file", "image=gone.png", code=2).output


def test_a_photo_gets_an_id_before_the_first_ad(run: Any, farm: Served, tmp_path: Path) -> None:
    """The project of the ads is made with it; any other has to be there."""
    photo = tmp_path / "bottle.png"
    Image.new("RGB", (90, 60), "green").save(photo)
    (media,) = answer(run("upload", "ADS", str(photo), "--json"))
    assert (media["name"], media["width"]) == ("bottle.png", 90)
    assert farm.ask("GET", "/api/projects/ADS")["name"] == "Ad studio"
    again = run("upload", "ADS", str(photo), str(photo)).stdout
    assert again.count("bottle.png") == 2
    assert "no project" in str(run("upload", "NONE", str(photo), code=1).exception)
