"""data.json holds a whole project, and restores it."""

import copy
import json
from typing import Any

import pytest
from exchange_kit import Desk, xlsx
from fastapi.testclient import TestClient
from test_round_trips import confirm_take

from master.exchange.document import ProjectDocument
from master.exchange.sample import FILE


@pytest.fixture
def document(desk: Desk) -> dict[str, Any]:
    desk.imported(FILE.read_bytes())
    confirm_take(desk.api, desk.code, "SHT-00002")
    shot = desk.shots()["SHT-00002"]["id"]
    assert desk.api.patch(f"/api/shots/{shot}", json={"rating": 4, "tags": ["밤", "VFX"]}).is_success
    return desk.everything() | {"exported_at": "2026-01-01T00:00:00Z"}


def restored(api: TestClient, document: Any, code: str | None = None) -> Any:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return api.post("/api/restore", params={"code": code} if code else {}, files={"file": ("data.json", content)})


def exported(api: TestClient, code: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/projects/{code}/export.json").json()
    return found | {"exported_at": "2026-01-01T00:00:00Z"}


def test_the_export_is_complete(document: dict[str, Any]) -> None:
    parsed = ProjectDocument.model_validate(document)
    sizes = [len(getattr(parsed, name)) for name in ("sequences", "characters", "options", "shots", "takes", "media")]
    assert sizes == [3, 3, 6, 24, 1, 1]
    assert parsed.takes[0].recipe == {"seed": 7}
    assert len(parsed.media[0].sha256) == 64


def test_a_restore_into_an_empty_farm_gives_the_same_export(document: dict[str, Any], other_api: TestClient) -> None:
    answer = restored(other_api, document)
    assert answer.status_code == 201, answer.text
    assert answer.json()["shot_count"] == 24
    assert exported(other_api, "TEST") == document


def test_a_taken_code_is_refused(document: dict[str, Any], api: TestClient) -> None:
    answer = restored(api, document)
    assert answer.status_code == 409
    assert "TEST" in answer.json()["message"]


def test_a_copy_beside_the_original_gets_new_ids_and_keeps_every_reference(
    document: dict[str, Any], api: TestClient
) -> None:
    assert restored(api, document, "COPY").status_code == 201
    assert exported(api, "TEST") == document
    copied = exported(api, "COPY")
    ids = {row["id"] for rows in document.values() if isinstance(rows, list) for row in rows}
    assert not ids & {row["id"] for rows in copied.values() if isinstance(rows, list) for row in rows}
    assert in_names(copied) == in_names(document)


def in_names(document: dict[str, Any]) -> Any:
    """The document with every id replaced by what it stands for."""
    text = json.dumps(document["shots"]) + json.dumps(document["characters"]) + json.dumps(document["takes"])
    for row in [*document["sequences"], *document["shots"], *document["characters"], *document["options"]]:
        text = text.replace(row["id"], row.get("code") or row["name"])
    for character in document["characters"]:
        for look in character["looks"]:
            text = text.replace(look["id"], look["name"])
    for name in ("takes", "media"):
        for number, row in enumerate(document[name]):
            text = text.replace(row["id"], f"{name} {number}")
    return text


def test_a_shot_that_was_being_generated_does_not_wait_for_ever(
    document: dict[str, Any], other_api: TestClient
) -> None:
    for shot in document["shots"][:2]:
        shot["status"] = "generating"
    assert restored(other_api, document).status_code == 201
    states = {shot["code"]: shot["status"] for shot in exported(other_api, "TEST")["shots"]}
    assert (states["SHT-00001"], states["SHT-00002"]) == ("pending", "completed")


def change(document: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    place = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return changed


GONE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["schema_version"], 2, "schema_version"),
        (["schema_version"], "x", "schema_version"),
        (["format"], "other", "format"),
        (["shots", 0, "sequence_id"], GONE, "shots[0].sequence_id"),
        (["shots", 0, "cinematic_option_id"], GONE, "shots[0].cinematic_option_id"),
        (["shots", 1, "characters", 0, "character_id"], GONE, "shots[1].characters[0].character_id"),
        (["shots", 1, "characters", 0, "look_id"], GONE, "shots[1].characters[0].look_id"),
        (["shots", 0, "reference_images"], [GONE], "shots[0].reference_images[0]"),
        (["shots", 0, "confirmed_take_id"], GONE, "shots[0].confirmed_take_id"),
        (["shots", 0, "frame_count"], 0, "shots[0].frame_count"),
        (["shots", 0, "code"], "SHT-00002", "shots[1].code"),
        (["shots", 0, "status"], "lost", "shots[0].status"),
        (["shots", 0, "surprise"], 1, "shots[0].surprise"),
        (["characters", 0, "default_look_id"], GONE, "characters[0].default_look_id"),
        (["characters", 0, "lora_file"], "a.ckpt", "characters[0].lora_file"),
        (["takes", 0, "media_id"], GONE, "takes[0].media_id"),
        (["takes", 0, "shot_id"], GONE, "takes[0].shot_id"),
        (["media", 0, "path"], "projects/OTHER/data.json", "media[0].path"),
        (["media", 0, "path"], "../../etc/passwd", "media[0].path"),
        (["project", "start_timecode"], "99", "project.start_timecode"),
    ],
)
def test_a_bad_document_is_refused_with_the_path(
    document: dict[str, Any], other_api: TestClient, path: list[Any], value: Any, place: str
) -> None:
    answer = restored(other_api, change(document, path, value))
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert place in [body["field"], *(problem["place"] for problem in body["problems"])], body
    assert other_api.get("/api/projects").json()["rows"] == []


def test_another_s_look_is_no_default_look(document: dict[str, Any], other_api: TestClient) -> None:
    stolen = document["characters"][1]["looks"][0]["id"]
    answer = restored(other_api, change(document, ["characters", 0, "default_look_id"], stolen))
    assert answer.status_code == 422
    assert "characters[0].default_look_id" in answer.json()["message"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"format": "cinefarm-project"}', xlsx([["a"]])])
def test_what_is_no_document_is_refused(api: TestClient, content: bytes) -> None:
    assert restored(api, content).status_code == 422


def test_a_strange_code_is_refused(document: dict[str, Any], api: TestClient) -> None:
    assert restored(api, document, "../x").status_code == 422


def test_a_document_from_before_stars_and_tags_is_restored_without_them(
    document: dict[str, Any], other_api: TestClient
) -> None:
    for shot in document["shots"]:
        del shot["rating"], shot["tags"]
    assert restored(other_api, document).status_code == 201
    assert {(shot["rating"], *shot["tags"]) for shot in exported(other_api, "TEST")["shots"]} == {(0,)}
