"""The sample film: committed as built, and complete when imported."""

from fastapi.testclient import TestClient

from master.exchange.sample import FILE, build_sample
from master.exchange.sample_film import PROJECT


def test_the_committed_workbook_is_what_the_words_give() -> None:
    assert FILE.read_bytes() == build_sample()


def test_one_upload_brings_the_whole_film(api: TestClient) -> None:
    assert api.post("/api/projects", json=PROJECT.model_dump()).status_code == 201
    answer = api.post("/api/projects/SAMPLE/import", files={"file": ("film.xlsx", FILE.read_bytes())})
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["applied"]
    assert {sheet["kind"]: sheet["new"] for sheet in report["sheets"]} == {
        "sequences": 3,
        "characters": 3,
        "looks": 7,
        "options": 6,
        "shots": 24,
    }
    assert report["ignored_columns"] == []
    again = api.post("/api/projects/SAMPLE/import", files={"file": ("film.xlsx", FILE.read_bytes())}).json()
    assert [sheet["unchanged"] for sheet in again["sheets"]] == [3, 3, 7, 6, 24]
    assert again["rows"] == []
