"""A studio's own workflows over HTTP: a graph is looked at, bound, saved, changed and deleted."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from master.app import build
from master.config import MasterSettings
from tests.workflows.own_graphs import PICTURE, exported, picture, png

ROWS = {"asked", "node_title", "class_type", "value", "fixed"}


def look(api: TestClient, content: bytes, name: str = "lighthouse.json", **options: Any) -> Any:
    return api.post("/api/own-workflows/proposal", files={"file": (name, content)}, **options)


def drafted(proposal: Any, **fields: Any) -> dict[str, Any]:
    """As the form sends it: what is ticked."""
    inputs = [{k: v for k, v in row.items() if k not in ROWS} for row in proposal["inputs"] if row["asked"]]
    return {**proposal["draft"], "inputs": inputs, **fields}


def save(api: TestClient, name: str = "lighthouse", **fields: Any) -> Any:
    draft = drafted(look(api, exported(PICTURE)).json(), **fields)
    return api.post("/api/own-workflows", json={"name": name, "draft": draft})


def offered(api: TestClient) -> list[str]:
    return [row["name"] for row in api.get("/api/workflows").json()["rows"] if row["name"].startswith("own/")]


def test_a_graph_is_only_looked_at(api: TestClient, settings: MasterSettings) -> None:
    answer = look(api, exported(PICTURE))
    assert (answer.status_code, answer.json()["name"]) == (200, "lighthouse"), answer.text
    of_png = look(api, png({"prompt": json.dumps(PICTURE)}), "a.png").json()
    assert json.loads(of_png["draft"]["graph"]) == PICTURE
    assert offered(api) == []
    assert not (settings.storage_dir / "workflows").exists()


def test_every_problem_of_a_graph_is_told(api: TestClient) -> None:
    graph = picture(n4_ckpt_name="/x.ckpt")
    graph["10"] = {"class_type": "RunPython", "inputs": {}}
    answer = look(api, exported(graph), headers={"Accept-Language": "ko"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert [problem["place"] for problem in answer.json()["problems"]] == ["graph.4.ckpt_name", "graph.10"]
    assert "허용되지 않은 노드입니다(RunPython)" in answer.json()["problems"][1]["message"]
    told = look(api, b'{"nodes": [], "links": []}', headers={"Accept-Language": "ko"}).json()
    assert "Workflow → Export (API)" in told["message"]


def test_a_huge_file_is_not_read_to_its_end(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("master.api.own_workflows.MOST_PNG_BYTES", 1024 * 1024)
    answer = look(api, b"\x89PNG" + bytes(2 * 1024 * 1024))
    assert (answer.status_code, answer.json()["limit"]) == (413, 1)


def test_a_saved_one_is_a_workflow_like_any_other(api: TestClient, project: Any, settings: MasterSettings) -> None:
    """It is offered, submitted and checked; its file is whole and names no place of the artist's."""
    made = save(api, title_ko="등대", title_en="Lighthouse")
    assert (made.status_code, made.json()["workflow"], made.json()["version"]) == (201, "own/lighthouse", 1), made.text
    view = api.get("/api/workflows/own/lighthouse").json()
    assert (view["title"], view["runs"], view["scope"]) == ({"en": "Lighthouse", "ko": "등대"}, True, "shot")
    assert view["parameters"]["width"]["source"] == "width"
    file = settings.storage_dir / "workflows" / "own" / "lighthouse" / "1.json"
    assert "mine" not in file.read_text()
    shot = api.post("/api/projects/DEMO/shots", json=[{"scene_description": "a lighthouse"}]).json()["rows"][0]
    wanted = {"workflow": "own/lighthouse", "shot_ids": [shot["id"]], "parameters": {"steps": 99}}
    refused = api.post("/api/projects/DEMO/batches", json=wanted)
    assert "must be from 1 to 60" in refused.json()["message"]
    wanted["parameters"] = {"steps": 12}
    batch = api.post("/api/projects/DEMO/batches", json=wanted)
    assert batch.status_code == 201, batch.text
    job = api.get(f"/api/jobs/{batch.json()['job_ids'][0]}").json()
    assert (job["workflow"], job["parameters"]["steps"], job["parameters"]["width"]) == ("own/lighthouse", 12, 1280)


def test_a_field_that_is_wrong_is_named(api: TestClient) -> None:
    draft = drafted(look(api, exported(PICTURE)).json(), title_ko="", title_en="")
    steps = next(one for one in draft["inputs"] if one["name"] == "steps")
    steps["min"], steps["max"] = 50, 5
    answer = api.post("/api/own-workflows", json={"name": "a", "draft": draft})
    assert answer.status_code == 422
    assert [problem["place"] for problem in answer.json()["problems"]] == ["title_ko", "inputs.steps.min"]
    assert offered(api) == []
    bad_name = api.post("/api/own-workflows", json={"name": "../a", "draft": draft})
    assert (bad_name.status_code, bad_name.json()["field"]) == (422, "name")


def test_a_change_is_the_next_version_and_sees_the_newest(api: TestClient, settings: MasterSettings) -> None:
    first = save(api).json()
    draft = drafted(api.get("/api/own-workflows/lighthouse").json(), title_ko="밤의 등대")
    second = api.put("/api/own-workflows/lighthouse", json=draft, headers={"If-Match": "1"})
    assert (second.status_code, second.json()["version"]) == (200, 2), second.text
    assert second.json()["inputs"] == first["inputs"]
    late = api.put("/api/own-workflows/lighthouse", json=draft, headers={"If-Match": "1"})
    assert (late.status_code, late.json()["code"]) == (412, "stale_write")
    assert api.get("/api/workflows/own/lighthouse").json()["version"] == 2
    assert [*(settings.storage_dir / "workflows/own/lighthouse").glob("*")].__len__() == 2


def test_a_name_is_taken_once_and_a_deleted_ones_versions_go_on(api: TestClient) -> None:
    """A take's recipe means one graph for ever."""
    save(api)
    again = save(api)
    assert (again.status_code, again.json()["field"]) == (409, "name")
    assert api.delete("/api/own-workflows/lighthouse").status_code == 204
    assert offered(api) == []
    assert api.get("/api/own-workflows/lighthouse").status_code == 404
    assert save(api).json()["version"] == 2
    assert offered(api) == ["own/lighthouse"]


def test_it_is_kept_while_jobs_use_it(api: TestClient, project: Any) -> None:
    save(api, title_en="Lighthouse")
    api.post("/api/projects/DEMO/shots", json=[{"scene_description": "a lighthouse"}])
    batch = api.post("/api/projects/DEMO/batches", json={"workflow": "own/lighthouse"}).json()
    refused = api.delete("/api/own-workflows/lighthouse")
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "Jobs of “Lighthouse” have not ended (1). Cancel them or wait for them, then delete it.",
    )
    api.post(f"/api/batches/{batch['batch']['id']}/cancel")
    assert api.delete("/api/own-workflows/lighthouse").status_code == 204
    retried = api.post(f"/api/jobs/{batch['job_ids'][0]}/retry")
    assert (retried.status_code, "was deleted" in retried.json()["message"]) == (409, True)
    submitted = api.post("/api/projects/DEMO/batches", json={"workflow": "own/lighthouse"})
    assert "There is no workflow “own/lighthouse”" in submitted.json()["message"]


def test_what_was_saved_is_there_after_a_restart(api: TestClient, settings: MasterSettings) -> None:
    """A file that somebody broke is left out, and the others are there."""
    save(api)
    save(api, "gone")
    api.delete("/api/own-workflows/gone")
    broken = settings.storage_dir / "workflows" / "own" / "broken" / "1.json"
    broken.parent.mkdir()
    broken.write_text("{")
    restarted = build(settings)
    assert [(one.name, one.version) for one in restarted.own.told.own] == [("own/lighthouse", 1)]
    assert restarted.catalog.is_retired("own/gone")
    restarted.db.dispose()
