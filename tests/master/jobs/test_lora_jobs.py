"""A job is told of its characters' LoRAs, and has their files among its inputs."""

import hashlib
import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from served import Served

from cinefarm.storage import sha256_file
from master.assets import loras
from master.jobs.control import get_job

MIX = "text_to_image/flux_lora_mix"
HEADER = json.dumps({"up": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()


def lora(seed: int) -> bytes:
    return struct.pack("<Q", len(HEADER)) + HEADER + bytes([seed] * 16)


@pytest.fixture
def shot(farm: Served, code: str) -> dict[str, Any]:
    """The first shot, with two characters that have LoRAs and one that has none."""
    cast = []
    for number, name in enumerate(("Mina", "Joon", "Passer-by")):
        character: dict[str, Any] = {"name": name}
        if number < 2:
            files = {"file": (f"{code} {name}.safetensors", io.BytesIO(lora(number)))}
            assert farm.http.post(f"/api/projects/{code}/loras", files=files).status_code == 201
            character |= {"lora_file": f"{code} {name}.safetensors", "lora_strength": 0.5 + number / 4}
            character["trigger_words"] = f"{name.lower()}_v1"
        cast.append(farm.ask("POST", f"/api/projects/{code}/characters", 201, json=character)["id"])
    row: dict[str, Any] = farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]
    body = {"rev": row["rev"], "characters": [{"character_id": one} for one in cast]}
    farm.ask("PATCH", f"/api/shots/{row['id']}", json=body)
    return row


def test_loras_of_the_shots_characters_are_filled_in_with_their_files(
    farm: Served, code: str, shot: dict[str, Any]
) -> None:
    (job_id,) = farm.submit(code, workflow=MIX, shot_ids=[shot["id"]])
    with farm.master.db.read() as session:
        job = get_job(session, job_id)
    assert [(one["name"], one["strength"], one["trigger_words"]) for one in job.parameters["loras"]] == [
        (f"{code} Mina.safetensors", 0.5, "mina_v1"),
        (f"{code} Joon.safetensors", 0.75, "joon_v1"),
    ]
    files = {record["name"]: (record["sha256"], record["path"], record["bytes"]) for record in job.inputs}
    for number, one in enumerate(job.parameters["loras"]):
        content = lora(number)
        path = f"shared_storage/loras/{one['name']}"
        assert files[one["input"]] == (hashlib.sha256(content).hexdigest(), path, len(content))
    assert job.parameters["prompt"].endswith("mina_v1, joon_v1")


def test_a_lora_that_is_gone_is_named(farm: Served, code: str, shot: dict[str, Any]) -> None:
    (farm.master.storage.shared / "loras" / f"{code} Joon.safetensors").unlink()
    answer = farm.ask("POST", f"/api/projects/{code}/batches", 422, json={"workflow": MIX, "shot_ids": [shot["id"]]})
    assert f"{code} Joon.safetensors" in answer["message"]
    assert farm.ask("GET", "/api/batches", params={"project": code})["rows"] == []


def test_others_write_while_a_new_lora_is_read(
    farm: Served, code: str, shot: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have gigabytes: no transaction waits for its hash."""
    written: list[str] = []

    def slowly(file: Path) -> str:
        farm.master.db.write_soon(lambda session: written.append(file.name)).result(timeout=10)
        return sha256_file(file)

    monkeypatch.setattr(loras, "sha256_file", slowly)
    monkeypatch.setattr(loras, "_hashes", {})
    for _ in range(2):
        farm.submit(code, workflow=MIX, shot_ids=[shot["id"]])
    assert sorted(written) == [f"{code} Joon.safetensors", f"{code} Mina.safetensors"], "each is read once"


def test_a_lora_that_was_changed_by_hand_is_read_anew(farm: Served, code: str, shot: dict[str, Any]) -> None:
    farm.submit(code, workflow=MIX, shot_ids=[shot["id"]])
    (farm.master.storage.shared / "loras" / f"{code} Joon.safetensors").write_bytes(lora(7) + b" ")
    (job_id,) = farm.submit(code, workflow=MIX, shot_ids=[shot["id"]])
    with farm.master.db.read() as session:
        job = get_job(session, job_id)
    assert hashlib.sha256(lora(7) + b" ").hexdigest() in [record["sha256"] for record in job.inputs]
