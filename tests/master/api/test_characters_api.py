"""Characters, looks and cinematic options over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def make(api: TestClient, **fields: Any) -> dict[str, Any]:
    answer = api.post("/api/projects/DEMO/characters", json={"name": "Mina", **fields})
    assert answer.status_code == 201, answer.text
    view: dict[str, Any] = answer.json()
    return view


def test_the_first_look_is_the_default_and_another_may_be_chosen(api: TestClient, make_shots: Any) -> None:
    """What a shot's character wears follows the default until a look is chosen for that shot."""
    mina = make(api)
    coat = api.post(f"/api/characters/{mina['id']}/looks", json={"name": "coat", "description": "red coat"}).json()
    suit = api.post(f"/api/characters/{mina['id']}/looks", json={"name": "suit", "description": "grey suit"}).json()
    (shot,) = make_shots({"characters": [{"character_id": mina["id"]}]})
    assert shot["generated_prompt"] == "Mina, wearing red coat"
    changed = api.patch(f"/api/characters/{mina['id']}", json={"default_look_id": suit["id"]}).json()
    assert [look["name"] for look in changed["looks"]] == ["coat", "suit"]
    assert api.get(f"/api/shots/{shot['id']}").json()["generated_prompt"] == "Mina, wearing grey suit"
    api.patch(f"/api/looks/{suit['id']}", json={"description": "blue suit"})
    assert api.get(f"/api/shots/{shot['id']}").json()["generated_prompt"] == "Mina, wearing blue suit"
    refused = api.delete(f"/api/looks/{suit['id']}")
    assert refused.status_code == 409
    assert "SHT-00001" in refused.json()["message"]
    assert api.delete(f"/api/looks/{coat['id']}").status_code == 204
    assert api.post(f"/api/looks/{coat['id']}/restore").json()["name"] == "coat"
    assert len(api.get(f"/api/characters/{mina['id']}/looks").json()["rows"]) == 2


def test_a_character_in_use_is_not_deleted_and_its_shots_are_named(api: TestClient, make_shots: Any) -> None:
    """The first ten and how many more."""
    mina = make(api)
    shots = make_shots(*[{"characters": [{"character_id": mina["id"]}]}] * 12)
    refused = api.delete(f"/api/characters/{mina['id']}")
    assert refused.status_code == 409
    assert "12 shot(s): SHT-00001" in refused.json()["message"]
    assert "SHT-00010 and 2 more" in refused.json()["message"]
    used = api.get(f"/api/characters/{mina['id']}/shots").json()
    assert (used["total"], used["rows"][0]["code"]) == (12, "SHT-00001")
    api.delete(f"/api/shots/{shots[0]['id']}")
    counted = api.get("/api/projects/DEMO/characters/uses").json()["rows"]
    assert counted == [{"character_id": mina["id"], "shots": 11}], "living shots are counted"
    api.post(f"/api/shots/{shots[0]['id']}/restore")
    api.patch("/api/projects/DEMO/shots", json={"ids": [s["id"] for s in shots], "fields": {"characters": []}})
    assert api.delete(f"/api/characters/{mina['id']}").status_code == 204
    make(api)
    assert api.post(f"/api/characters/{mina['id']}/restore").status_code == 409, "the name was taken meanwhile"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lora_file": "model.ckpt"},
        {"lora_file": "../../etc/x.safetensors"},
        {"lora_file": "C:\\x.safetensors"},
        {"lora_strength": 1.01},
        {"lora_strength": -0.1},
        {"reference_sheet": ["nothing"]},
        {"default_look_id": "nothing"},
        {"name": "a\0b"},
        {"name": " "},
        {"gender": "?"},
    ],
)
def test_what_a_character_cannot_have_is_refused(api: TestClient, project: Any, wrong: dict[str, Any]) -> None:
    """A LoRA is a .safetensors file inside the model folder; pictures and looks are the project's own."""
    answer = api.post("/api/projects/DEMO/characters", json={"name": "Mina", **wrong})
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == next(iter(wrong))


def test_names_are_unique_among_the_living(api: TestClient, project: Any) -> None:
    """Two characters of one name could not be told apart in a spreadsheet."""
    mina = make(api)
    assert api.post("/api/projects/DEMO/characters", json={"name": "Mina"}).status_code == 409
    other = make(api, name="Joon")
    assert api.patch(f"/api/characters/{other['id']}", json={"name": "Mina"}).status_code == 409
    api.delete(f"/api/characters/{mina['id']}")
    assert api.patch(f"/api/characters/{other['id']}", json={"name": "Mina", "rev": 1}).status_code == 200
    assert api.patch(f"/api/characters/{other['id']}", json={"name": "Nari", "rev": 1}).status_code == 412


def test_a_cinematic_option_reaches_the_prompts_of_its_shots(api: TestClient, make_shots: Any) -> None:
    """A preset's label becomes its English text; an option in use is not deleted."""
    option = api.post("/api/projects/DEMO/cinematic-options", json={"name": "dawn", "filter": "soft"}).json()
    path = f"/api/cinematic-options/{option['id']}"
    (shot,) = make_shots({"cinematic_option_id": option["id"]})
    assert (shot["cinematic_option"], shot["generated_prompt"]) == ("dawn", "soft")
    preset = api.get("/api/presets").json()["presets"][0]
    changed = api.patch(path, json={"filter": "", preset["kind"]: preset["label_ko"]}).json()
    assert changed[preset["kind"]] == preset["label_ko"], "kept as the artist wrote it"
    assert api.get(f"/api/shots/{shot['id']}").json()["generated_prompt"] == preset["prompt"]
    refused = api.delete(path)
    assert (refused.status_code, "SHT-00001" in refused.json()["message"]) == (409, True)
    assert api.get(f"{path}/shots").json()["total"] == 1
    api.patch(f"/api/shots/{shot['id']}", json={"cinematic_option_id": None})
    assert api.delete(path).status_code == 204
    assert api.post(f"{path}/restore").json()["name"] == "dawn"
    assert len(api.get("/api/projects/DEMO/cinematic-options").json()["rows"]) == 1


def test_the_library_of_presets_and_sets_is_there(api: TestClient) -> None:
    """Without a project, for the picker."""
    library = api.get("/api/presets").json()
    assert len(library["presets"]) > 100
    assert {"key", "label_en", "label_ko", "option"} == set(library["option_sets"][0])
