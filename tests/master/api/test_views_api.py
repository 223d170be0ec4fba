"""Saved views: named, in an order, everybody's; exported with the project."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

PATH = "/api/projects/DEMO/views"
CONFIG = {"filter": [{"field": "status", "is": ["approved"]}], "hidden": ["notes"], "sort": [["position", "asc"]]}


@pytest.fixture
def view(api: TestClient, project: Any) -> dict[str, Any]:
    answer = api.post(PATH, json={"name": "승인됨", "config": CONFIG})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_view_is_saved_changed_and_listed_in_order(api: TestClient, view: dict[str, Any]) -> None:
    assert (view["table"], view["config"], view["position"], view["created_by"]) == ("shots", CONFIG, 1.0, "local")
    second = api.post(PATH, json={"name": "All"}).json()
    assert (second["config"], second["position"]) == ({}, 2.0)
    changed = api.patch(f"/api/views/{view['id']}", json={"position": 3, "config": {}, "rev": 1}).json()
    assert (changed["rev"], changed["config"], changed["name"]) == (2, {}, "승인됨")
    assert [row["name"] for row in api.get(PATH).json()["rows"]] == ["All", "승인됨"]


def test_two_editors_of_one_view(api: TestClient, view: dict[str, Any]) -> None:
    path = f"/api/views/{view['id']}"
    api.patch(path, json={"name": "first"})
    stale = api.patch(path, json={"name": "second", "rev": 1})
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "first")
    assert api.delete(path, headers={"If-Match": "1"}).status_code == 412


def test_a_deleted_view_leaves_its_name_and_may_come_back(api: TestClient, view: dict[str, Any]) -> None:
    path = f"/api/views/{view['id']}"
    assert api.delete(path).status_code == 204
    assert (api.get(PATH).json()["rows"], api.patch(path, json={}).status_code) == ([], 404)
    assert api.post(f"{path}/restore").json()["config"] == CONFIG
    assert api.post(PATH, json={"name": "승인됨"}).status_code == 409
    api.delete(path)
    assert api.post(PATH, json={"name": "승인됨"}).status_code == 201
    assert api.post(f"{path}/restore").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "x", "table": "jobs"}, "table"),
        ({"name": "x", "config": []}, "config"),
        ({"name": "x", "config": {"a": "x" * 33_000}}, "config"),
        ({"name": "x", "owner": "me"}, "owner"),
    ],
)
def test_a_bad_view_is_refused(api: TestClient, project: Any, body: Any, field: str) -> None:
    answer = api.post(PATH, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_the_same_name_in_another_project(api: TestClient, view: dict[str, Any]) -> None:
    api.post("/api/projects", json={"code": "OTHER", "name": "Other"})
    assert api.post("/api/projects/OTHER/views", json={"name": "승인됨"}).status_code == 201
    assert api.post("/api/projects/NONE/views", json={"name": "x"}).status_code == 404


def test_views_travel_with_their_project(api: TestClient, view: dict[str, Any], make_shots: Any) -> None:
    """What they name of the project's rows follows into a copy."""
    sequence = api.post("/api/projects/DEMO/sequences", json={"code": "SC01"}).json()["id"]
    api.patch(f"/api/views/{view['id']}", json={"config": {"sequence": [sequence], "word": "SC01"}})
    document = api.get("/api/projects/DEMO/export.json").content
    restored = api.post("/api/restore", params={"code": "COPY"}, files={"file": ("data.json", document)})
    assert restored.status_code == 201, restored.text
    (copy,) = api.get("/api/projects/COPY/views").json()["rows"]
    (its,) = api.get("/api/projects/COPY/sequences").json()["rows"]
    assert its["id"] != sequence
    assert (copy["name"], copy["created_by"]) == ("승인됨", "local")
    assert copy["config"] == {"sequence": [its["id"]], "word": "SC01"}
