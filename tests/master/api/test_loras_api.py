"""LoRA files over HTTP: weights in, code never."""

import io
import json
import pickle
import struct
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient

from master.config import MasterSettings

F32 = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}


def safetensors(header: Any = None, data: bytes = bytes(16), *, size: int | None = None) -> bytes:
    text = json.dumps({"__metadata__": {"made": "here"}, "up": F32} if header is None else header).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def send(api: TestClient, content: bytes, name: str = "mina.safetensors") -> Any:
    return api.post("/api/projects/DEMO/loras", files={"file": (name, content)})


def test_an_uploaded_lora_can_be_a_characters(api: TestClient, project: Any, settings: MasterSettings) -> None:
    """It lies where engines look for it, under its own name, listed for all projects."""
    made = send(api, safetensors(), "C:\\models\\미나 v2.safetensors")
    assert (made.status_code, made.json()["name"]) == (201, "미나 v2.safetensors"), made.text
    assert (settings.storage_dir / "loras" / "미나 v2.safetensors").read_bytes() == safetensors()
    assert api.get("/api/projects/DEMO/loras").json()["rows"] == [made.json()]
    hero = api.post("/api/projects/DEMO/characters", json={"name": "Mina", "lora_file": made.json()["name"]})
    assert hero.json()["lora_file"] == "미나 v2.safetensors"
    assert not [*(settings.storage_dir / "tmp").iterdir()], "nothing is left behind"


def test_the_same_file_may_be_sent_again_but_no_other_of_its_name(
    api: TestClient, project: Any, settings: MasterSettings
) -> None:
    """A character's weights never change under it."""
    first = safetensors()
    assert [send(api, first).status_code, send(api, first).status_code] == [201, 201]
    refused = send(api, safetensors(data=b"\1" * 16))
    assert (refused.status_code, "mina.safetensors" in refused.json()["message"]) == (409, True)
    assert (settings.storage_dir / "loras/mina.safetensors").read_bytes() == first


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps({"up": 1}))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(pickle.dumps({"up": [1.0] * 100}), id="pickle"),
        pytest.param(archive(), id="what torch.save writes"),
        pytest.param(safetensors(size=2**63), id="header larger than the file"),
        pytest.param(safetensors(size=0), id="no header"),
        pytest.param(safetensors([1, 2]), id="header is a list"),
        pytest.param(safetensors({"up": 1}), id="entry is a number"),
        pytest.param(safetensors({}, b""), id="no weights"),
        pytest.param(struct.pack("<Q", 4) + b"\xff" * 20, id="header is no text"),
        pytest.param(struct.pack("<Q", 100_000) + b"[" * 100_000, id="header nested deep"),
        pytest.param(safetensors(data=bytes(15)), id="cut short"),
        pytest.param(safetensors(data=bytes(17)), id="something behind"),
        pytest.param(safetensors({"up": F32 | {"shape": [2, 3]}}), id="shape and size differ"),
        pytest.param(safetensors({"up": F32 | {"data_offsets": [4, 20]}}, bytes(20)), id="a hole before"),
        pytest.param(safetensors({"up": F32, "down": F32}), id="two in one place"),
        pytest.param(safetensors({"up": F32 | {"shape": [-2, -2]}}), id="negative shape"),
    ],
)
def test_what_is_no_whole_safetensors_file_is_refused(
    api: TestClient, project: Any, settings: MasterSettings, content: bytes
) -> None:
    """Whatever its name says; nothing of it is kept."""
    answer = send(api, content)
    assert (answer.status_code, answer.json()["field"]) == (422, "file"), answer.text
    assert api.get("/api/projects/DEMO/loras").json()["rows"] == []


@pytest.mark.parametrize("name", ["mina.ckpt", "mina.safetensors.pt", "x" * 200 + ".safetensors", "con.safetensors"])
def test_a_name_that_no_character_could_have_is_refused(api: TestClient, project: Any, name: str) -> None:
    """Before a byte is kept."""
    assert send(api, safetensors(), name).status_code == 422


def test_a_name_with_folders_stays_in_the_models_folder(
    api: TestClient, project: Any, settings: MasterSettings
) -> None:
    """Only its last part counts."""
    assert send(api, safetensors(), "../../../../evil.safetensors").json()["name"] == "evil.safetensors"
    assert [file.name for file in (settings.storage_dir / "loras").iterdir()] == ["evil.safetensors"]


def test_the_limit_counts_what_arrives(api: TestClient, project: Any) -> None:
    """Over the limit while it is read; unknown projects are 404."""
    api.app.state.master.settings.lora_limit_mb = 1  # type: ignore[attr-defined]
    answer = send(api, safetensors(data=bytes(2 * 1024 * 1024)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert api.post("/api/projects/NONE/loras", files={"file": ("x.safetensors", safetensors())}).status_code == 404
