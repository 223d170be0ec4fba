"""Shots over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def rows_of(api: TestClient, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"/api/projects/DEMO/shots{query}").json()["rows"]
    return rows


def test_shots_get_codes_that_are_never_used_again(api: TestClient, make_shots: Any) -> None:
    """Not after a delete, and not when somebody took the next one by hand."""
    first, second = make_shots(2)
    assert (first["code"], second["code"]) == ("SHT-00001", "SHT-00002")
    api.delete(f"/api/shots/{second['id']}")
    make_shots({"code": "sht-00003"})
    assert make_shots(1)[0]["code"] == "SHT-00004"
    assert api.post("/api/projects/DEMO/shots", json={"code": "SHT-00002"}).status_code == 409
    assert api.post("/api/projects/DEMO/shots", json=[{"code": "A1"}, {"code": "a1"}]).status_code == 409


def test_many_shots_are_made_all_or_none(api: TestClient, make_shots: Any) -> None:
    """One bad shot among many: nothing is saved and the bad one is named."""
    make_shots(1)
    answer = api.post("/api/projects/DEMO/shots", json=[{}, {"sequence_id": "nowhere"}, {}])
    assert answer.status_code == 422
    assert "Shot 2" in answer.json()["message"]
    assert len(rows_of(api)) == 1
    assert make_shots(1)[0]["code"] == "SHT-00002"
    assert api.post("/api/projects/DEMO/shots", json=[{}] * 1001).status_code == 422


def test_timecodes_follow_from_the_cut(api: TestClient, make_shots: Any) -> None:
    """Trimming or deleting a shot moves all that come after it."""
    first, second, third = make_shots({"frame_count": 24}, {"frame_count": 48}, {"frame_count": 12})
    assert (third["timecode_in"], third["timecode_out"]) == ("01:00:03:00", "01:00:03:12")
    api.patch(f"/api/shots/{first['id']}", json={"frame_count": 36})
    api.delete(f"/api/shots/{second['id']}")
    assert api.get(f"/api/shots/{third['id']}").json()["timecode_in"] == "01:00:01:12"


def test_a_duration_may_be_written_in_seconds(api: TestClient, make_shots: Any) -> None:
    """Converted to the nearest frame; two answers that differ are refused."""
    (shot,) = make_shots({"duration_seconds": 2.5})
    assert (shot["frame_count"], shot["duration_seconds"]) == (60, 2.5)
    path = f"/api/shots/{shot['id']}"
    assert api.patch(path, json={"duration_seconds": 1.0, "frame_count": 24}).json()["frame_count"] == 24
    for wrong in (
        {"duration_seconds": 1.0, "frame_count": 25},
        {"duration_seconds": 0.001},
        {"duration_seconds": 1e300},
    ):
        answer = api.patch(path, json=wrong)
        assert answer.status_code == 422, wrong
        assert answer.json()["field"] == "duration_seconds"


def test_pages_follow_the_cut_and_count_everything(api: TestClient, make_shots: Any) -> None:
    """Each shot comes exactly once, also when the shot at the page's end was moved away or filters apply."""
    make_shots(*[{"action": "run" if number % 2 else "sit 100%"} for number in range(7)])
    page = api.get("/api/projects/DEMO/shots?limit=3").json()
    codes = [row["code"] for row in page["rows"]]
    while page["next"]:
        page = api.get(f"/api/projects/DEMO/shots?limit=3&after={page['next']}").json()
        codes += [row["code"] for row in page["rows"]]
    assert codes == [f"SHT-{number:05}" for number in range(1, 8)]
    assert page["total"] == 7
    found = api.get("/api/projects/DEMO/shots?limit=2&q=RUN").json()
    assert (found["total"], [row["code"] for row in found["rows"]]) == (3, ["SHT-00002", "SHT-00004"])
    more = api.get(f"/api/projects/DEMO/shots?q=run&after={found['next']}").json()
    assert [row["code"] for row in more["rows"]] == ["SHT-00006"]
    assert len(rows_of(api, "?q=100%25")) == 4, "a percent sign is a letter, not a wildcard"
    assert rows_of(api, "?status=approved") == []
    assert api.get("/api/projects/DEMO/shots?after=nowhere").status_code == 422


def test_the_list_can_be_limited_to_a_sequence_or_to_shots_in_none(api: TestClient, make_shots: Any) -> None:
    """By the sequence's id or its code."""
    sequence = api.post("/api/projects/DEMO/sequences", json={"code": "SC01"}).json()
    make_shots({"sequence_id": sequence["id"]}, {})
    assert [row["sequence"] for row in rows_of(api)] == ["SC01", ""]
    for query in (f"?sequence={sequence['id']}", "?sequence=sc01"):
        assert [row["code"] for row in rows_of(api, query)] == ["SHT-00001"]
    assert [row["code"] for row in rows_of(api, "?sequence=")] == ["SHT-00002"]


def test_two_editors_of_one_shot(api: TestClient, make_shots: Any) -> None:
    """The second is told, with the current row; he may overwrite knowingly by naming no revision."""
    (shot,) = make_shots(1)
    path = f"/api/shots/{shot['id']}"
    assert api.patch(path, json={"notes": "first", "rev": 1}).json()["rev"] == 2
    for attempt in (
        {"headers": {"If-Match": '"1"'}, "json": {"notes": "second"}},
        {"json": {"notes": "second", "rev": 1}},
    ):
        stale = api.patch(path, **attempt)
        assert stale.status_code == 412
        assert (stale.json()["current"]["notes"], stale.json()["current"]["rev"]) == ("first", 2)
    assert api.delete(path, headers={"If-Match": "1"}).status_code == 412
    assert api.patch(path, json={"rev": 2}, headers={"If-Match": "1"}).status_code == 422
    assert api.patch(path, json={"notes": "knowingly"}).json()["notes"] == "knowingly"


def test_many_changes_are_one_change(api: TestClient, make_shots: Any) -> None:
    """A paste over a range: each its own values, or the same for all; all or nothing."""
    first, second = make_shots(2)
    path = "/api/projects/DEMO/shots"
    changes = [{"id": first["id"], "rev": 1, "action": "a"}, {"id": second["id"], "rev": 1, "frame_count": 5}]
    assert [row["rev"] for row in api.patch(path, json={"changes": changes}).json()["rows"]] == [2, 2]
    stale = api.patch(path, json={"changes": [changes[0] | {"rev": 2}, changes[1]]})
    assert stale.status_code == 412
    assert [row["code"] for row in stale.json()["current"]["rows"]] == ["SHT-00002"]
    filled = api.patch(path, json={"ids": [second["id"], first["id"]], "fields": {"notes": "night"}}).json()["rows"]
    assert [(row["code"], row["notes"], row["rev"]) for row in filled] == [
        ("SHT-00002", "night", 3),
        ("SHT-00001", "night", 3),
    ]
    bad = api.patch(path, json={"ids": [first["id"]], "changes": [{"id": second["id"], "sequence_id": "x"}]})
    assert bad.status_code == 422
    assert api.patch(path, json={"changes": [changes[0], changes[0]]}).status_code == 422
    assert api.patch(path, json={"ids": ["0" * 26], "fields": {"notes": "x"}}).status_code == 404
    assert [row["notes"] for row in rows_of(api)] == ["night", "night"]


def test_a_shot_keeps_its_place_in_the_trash(api: TestClient, make_shots: Any) -> None:
    """Delete and undo: same code, same place, same words."""
    first, second, third = make_shots({"notes": "one"}, {"notes": "two"}, {})
    api.delete(f"/api/shots/{second['id']}")
    assert api.get(f"/api/shots/{second['id']}").status_code == 404
    assert [row["code"] for row in rows_of(api)] == ["SHT-00001", "SHT-00003"]
    assert api.post(f"/api/shots/{second['id']}/restore").json()["notes"] == "two"
    assert [row["id"] for row in rows_of(api)] == [first["id"], second["id"], third["id"]]


def test_a_shot_is_moved_between_others(api: TestClient, make_shots: Any) -> None:
    """Only the moved shot is written."""
    first, second, third = make_shots(3)
    moved = api.post(f"/api/shots/{third['id']}/move", json={"after": first["id"], "before": second["id"]})
    assert moved.json()["timecode_in"] == "01:00:02:00"
    assert [(row["code"], row["rev"]) for row in rows_of(api)] == [("SHT-00001", 1), ("SHT-00003", 2), ("SHT-00002", 1)]


def test_the_cast_is_kept_replaced_or_cleared(api: TestClient, make_shots: Any) -> None:
    """Null keeps it, a list replaces it in that order, an empty list clears it."""
    mina = api.post("/api/projects/DEMO/characters", json={"name": "Mina"}).json()
    joon = api.post("/api/projects/DEMO/characters", json={"name": "Joon"}).json()
    coat = api.post(f"/api/characters/{mina['id']}/looks", json={"name": "coat", "description": "red coat"}).json()
    (shot,) = make_shots({"characters": [{"character_id": joon["id"]}, {"character_id": mina["id"]}]})
    path = f"/api/shots/{shot['id']}"
    assert [(c["name"], c["look_id"], c["look_name"]) for c in shot["characters"]] == [
        ("Joon", None, ""),
        ("Mina", None, "coat"),
    ]
    assert shot["generated_prompt"] == "Joon; Mina, wearing red coat"
    assert len(api.patch(path, json={"notes": "x", "characters": None}).json()["characters"]) == 2
    one = api.patch(path, json={"characters": [{"character_id": mina["id"], "look_id": coat["id"]}]}).json()
    assert [c["look_id"] for c in one["characters"]] == [coat["id"]]
    for wrong in (
        [{"character_id": "nobody"}],
        [{"character_id": joon["id"], "look_id": coat["id"]}],
        [{"character_id": mina["id"]}, {"character_id": mina["id"]}],
        [{"character_id": mina["id"], "hat": True}],
    ):
        assert api.patch(path, json={"characters": wrong}).status_code == 422, wrong
    assert api.patch(path, json={"characters": []}).json()["characters"] == []


def test_an_override_is_kept_and_marked(api: TestClient, make_shots: Any) -> None:
    """The artist's words are rendered; the assembled prompt goes on being kept up to date behind them."""
    (shot,) = make_shots({"action": "runs", "prompt_override": "my words"})
    assert (shot["prompt_overridden"], shot["effective_prompt"], shot["generated_prompt"]) == (True, "my words", "runs")
    cleared = api.patch(f"/api/shots/{shot['id']}", json={"prompt_override": "  ", "action": "sits"}).json()
    assert (cleared["prompt_overridden"], cleared["effective_prompt"]) == (False, "sits")


def test_a_preview_of_the_prompt_saves_nothing(api: TestClient, make_shots: Any) -> None:
    """The artist sees the prompt change as he picks."""
    option = api.post("/api/projects/DEMO/cinematic-options", json={"name": "dawn", "film_stock": "grainy"}).json()
    body = {"action": "runs", "cinematic_option_id": option["id"], "scene_description": "a pier"}
    answer = api.post("/api/projects/DEMO/prompt-preview", json=body).json()
    assert answer["text"] == "runs, a pier, grainy"
    assert [segment["part"] for segment in answer["segments"]] == ["action", "scene", "film"]
    assert rows_of(api) == []
    assert api.post("/api/projects/DEMO/prompt-preview", json={"cinematic_option_id": "x"}).status_code == 422


@pytest.mark.parametrize("known", ["wan", "fflf", "animatic", "runway", "image_to_video/my_upload"])
def test_every_way_to_make_a_shot_has_a_name(api: TestClient, make_shots: Any, known: str) -> None:
    """The short names, and the full name of any workflow file."""
    assert make_shots({"workflow_type": known})[0]["workflow_type"] == known


@pytest.mark.parametrize("unknown", ["", "Wan", "../x", "a/b/c", 3])
def test_another_workflow_type_is_refused(api: TestClient, project: dict[str, Any], unknown: Any) -> None:
    """A slip of the pen is found when it is written, not when it is rendered."""
    assert api.post("/api/projects/DEMO/shots", json={"workflow_type": unknown}).status_code == 422


def test_tags_are_kept_trimmed_and_each_once(api: TestClient, make_shots: Any) -> None:
    """Two that differ in case alone are one; the first writing stays."""
    (shot,) = make_shots({"rating": 3, "tags": [" 밤  장면 ", "VFX", "", "vfx"]})
    assert (shot["rating"], shot["tags"]) == (3, ["밤 장면", "VFX"])
    answer = api.patch(f"/api/shots/{shot['id']}", json={"tags": [], "rating": 0})
    assert (answer.json()["rating"], answer.json()["tags"]) == (0, [])


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"rating": 6}, "rating", "5"),
        ({"rating": -1}, "rating", "0"),
        ({"tags": ["x" * 41]}, "tags", "the most is 40"),
        ({"tags": ["a, b"]}, "tags", "comma"),
        ({"tags": ["a\x07b"]}, "tags", "control"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags", "the most is 20"),
    ],
)
def test_stars_and_tags_that_cannot_be_are_refused(
    api: TestClient, make_shots: Any, fields: dict[str, Any], field: str, words: str
) -> None:
    (shot,) = make_shots(1)
    answer = api.patch(f"/api/shots/{shot['id']}", json=fields)
    assert answer.status_code == 422
    body = answer.json()
    assert field in f"{body['field']} {body['problems']}"
    assert words in body["message"] + str(body["problems"])
