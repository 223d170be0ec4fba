"""Projects over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def test_a_project_is_made_shown_changed_deleted_and_restored(api: TestClient, project: dict[str, Any]) -> None:
    """The whole life of a project; the code stays taken while it lies in the trash."""
    changed = api.patch("/api/projects/demo", json={"name": "Harbour", "width": 1920, "height": 1080}).json()
    assert (changed["name"], changed["width"], changed["rev"]) == ("Harbour", 1920, 2)
    assert api.delete("/api/projects/DEMO").status_code == 204
    assert api.get("/api/projects/DEMO").status_code == 404
    assert api.get("/api/projects").json()["rows"] == []
    assert [row["code"] for row in api.get("/api/projects?deleted=true").json()["rows"]] == ["DEMO"]
    assert api.post("/api/projects", json={"code": "DEMO", "name": "Again"}).status_code == 409
    assert api.post("/api/projects/DEMO/restore").json()["name"] == "Harbour"
    assert api.get("/api/projects/DEMO").status_code == 200


def test_a_deleted_project_hides_its_shots(api: TestClient, make_shots: Any) -> None:
    """What lies in the trash with its project cannot be reached by its id."""
    (shot,) = make_shots(1)
    api.delete("/api/projects/DEMO")
    assert api.get(f"/api/shots/{shot['id']}").status_code == 404
    assert api.get("/api/projects/DEMO/shots").status_code == 404


def test_another_rate_keeps_the_frames_and_derives_seconds_and_timecodes_anew(api: TestClient, make_shots: Any) -> None:
    """A frame is the unit; seconds and timecode are ways to read it."""
    make_shots({"frame_count": 1800}, {"frame_count": 30})
    api.patch("/api/projects/DEMO", json={"fps_num": 30000, "fps_den": 1001, "start_timecode": "00:00:00;00"})
    first, second = api.get("/api/projects/DEMO/shots").json()["rows"]
    assert first["duration_seconds"] == pytest.approx(60.06)
    assert (first["timecode_in"], first["timecode_out"]) == ("00:00:00;00", "00:01:00;02")
    assert second["timecode_in"] == first["timecode_out"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start_timecode": "01:00:00;00"}, "start_timecode"),  # drop-frame at 24
        ({"start_timecode": "25 o'clock"}, "start_timecode"),
        ({"start_timecode": "00:00:00:24"}, "start_timecode"),
        ({"fps_num": 240000, "fps_den": 1}, "fps_num"),
        ({"width": 63}, "width"),
        ({"width": 8192, "height": 8192}, "width"),
        ({"prompt_template": {"parts": [{"part": "nonsense"}]}}, "prompt_template"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"code": "../X"}, "code"),
    ],
)
def test_what_a_project_cannot_be_is_refused_and_nothing_changes(
    api: TestClient, project: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    """The answer names the field; the project stays as it was."""
    answer = api.patch("/api/projects/DEMO", json={"style_notes": "half done", **change})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert api.get("/api/projects/DEMO").json() == project


def test_the_code_names_the_folder_and_cannot_change(api: TestClient, project: dict[str, Any]) -> None:
    """Sending the whole row back is fine; another code is a conflict."""
    assert api.patch("/api/projects/DEMO", json={"code": "demo", "name": "Same"}).status_code == 200
    assert api.patch("/api/projects/DEMO", json={"code": "OTHER"}).status_code == 409


@pytest.mark.parametrize("code", ["CON", "LPT1", "-A", "A B", "A/B", "..", "", "É", "A\u200bB", "A" * 33, 7, None])
def test_a_code_that_could_not_name_a_folder_is_refused(api: TestClient, code: Any) -> None:
    """Device names of Windows, separators, invisible letters."""
    assert api.post("/api/projects", json={"code": code, "name": "X"}).status_code == 422


def test_style_notes_and_template_reach_every_prompt(api: TestClient, make_shots: Any) -> None:
    """The artist changes the project's style once and reads it in each shot."""
    make_shots({"action": "runs"}, {"action": "sits"})
    template = {"parts": [{"part": "action", "prefix": "she "}, {"part": "style"}], "separator": ". "}
    api.patch("/api/projects/DEMO", json={"style_notes": "ink wash", "prompt_template": template})
    rows = api.get("/api/projects/DEMO/shots").json()["rows"]
    assert [row["generated_prompt"] for row in rows] == ["she runs. ink wash", "she sits. ink wash"]
    assert [row["rev"] for row in rows] == [1, 1], "nobody edited these shots"


def test_a_stale_change_of_a_project_is_answered_with_the_row_as_it_is(
    api: TestClient, project: dict[str, Any]
) -> None:
    """Two editors; the second learns what the first wrote."""
    api.patch("/api/projects/DEMO", json={"name": "First"})
    answer = api.patch("/api/projects/DEMO", json={"name": "Second"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.json()["current"]["name"] == "First"


def test_sequences_have_an_order_and_codes_of_their_own(api: TestClient, project: dict[str, Any]) -> None:
    """Made at the end; a code is unique in its project; a sequence in use is not deleted."""
    first = api.post("/api/projects/DEMO/sequences", json={"code": "sc01"}).json()
    second = api.post("/api/projects/DEMO/sequences", json={"code": "장면-2"}).json()
    assert (first["code"], first["position"], second["position"]) == ("SC01", 1.0, 2.0)
    assert api.post("/api/projects/DEMO/sequences", json={"code": "SC01"}).status_code == 409
    api.patch(f"/api/sequences/{second['id']}", json={"position": 0.5})
    rows = api.get("/api/projects/DEMO/sequences").json()["rows"]
    assert [row["code"] for row in rows] == ["장면-2", "SC01"]
    api.post("/api/projects/DEMO/shots", json={"sequence_id": first["id"]})
    refused = api.delete(f"/api/sequences/{first['id']}")
    assert refused.status_code == 409
    assert "SHT-00001" in refused.json()["message"]
    assert api.delete(f"/api/sequences/{second['id']}").status_code == 204
    assert api.get(f"/api/sequences/{second['id']}").status_code == 404
    assert api.post(f"/api/sequences/{second['id']}/restore").status_code == 200
    stale = api.patch(f"/api/sequences/{first['id']}", json={"name": "x", "rev": 9})
    assert stale.status_code == 412
