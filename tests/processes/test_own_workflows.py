"""A graph that an artist uploaded runs on a worker that was there before, in the version it was submitted with."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from cinefarm import Farm
from cinefarm.statuses import JobStatus
from tests.comfy_double import ComfyDouble
from tests.processes.conftest import RealFarm, completed_count, running_jobs, wait_until
from tests.workflows.own_graphs import UPSCALE

pytestmark = pytest.mark.processes

OWN = "own/my_upscale"


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[ComfyDouble]:
    double = ComfyDouble(tmp_path / "comfy")
    double.devices = [{"name": "cuda:0 A card : native", "type": "cuda", "vram_total": 48_000_000_000}]
    double.start()
    yield double
    double.kill()


def proposed(farm: Farm, graph: dict[str, Any]) -> dict[str, Any]:
    """What the form would send: the guesses, with the picture taken from the shot and one more input asked."""
    files = {"file": ("My upscale.json", json.dumps(graph))}
    proposal = farm.request("POST", "/api/own-workflows/proposal", files=files).json()
    rows = {row["name"]: row for row in proposal["inputs"]}
    rows["image"]["source"] = "confirmed_take"
    for name in ("asked", "node_title", "class_type", "value", "fixed"):
        for row in rows.values():
            row.pop(name)
    needs = {"vram_gb": 6, "ram_gb": 1}
    return {**proposal["draft"], "needs": needs, "inputs": [rows["image"], {**rows["scale_by"], "max": 2}]}


def box(farm: Farm) -> Any:
    (worker,) = farm.request("GET", "/api/workers").json()["rows"]
    return worker


def lacking(farm: Farm) -> str:
    return str(box(farm)["lacking"].get(OWN, ""))


def test_an_uploaded_graph_makes_takes(real_farm: RealFarm, comfy: ComfyDouble) -> None:
    """The worker learns of it, and of its changes, without a restart; what it lacks is told as for those that ship."""
    real_farm.start_master()
    with real_farm.client() as farm:
        (shot,) = real_farm.make_project(farm, 1)
        real_farm.start_worker(shared=False, extra=("--device", "cuda:0", "--comfy", comfy.url))
        drawn = farm.submit("KILL", "text_to_image/storyboard")
        wait_until(lambda: completed_count(farm, drawn), what="the panel is drawn")
        draft = proposed(farm, UPSCALE)
        farm.request("POST", "/api/own-workflows", json={"name": "my_upscale", "draft": draft})
        wait_until(lambda: OWN in box(farm)["capabilities"], what="the worker can run it")

        comfy.step_s = 0.3
        first = farm.submit("KILL", OWN, parameters={"scale_by": 0.25})
        wait_until(lambda: running_jobs(farm, first), what="the first one runs")
        second = farm.submit("KILL", OWN)  # waits, while the workflow is changed
        graph = deepcopy(UPSCALE)
        graph["4"]["inputs"]["upscale_method"] = "lanczos"
        farm.request("PUT", "/api/own-workflows/my_upscale", json={**draft, "graph": graph})
        comfy.step_s = 0.002
        wait_until(lambda: completed_count(farm, second), 60, what="both are done")

        takes = farm.request("GET", f"/api/shots/{shot}/takes").json()["rows"]
        recipes = [take["recipe"] for take in takes if take["recipe"]["workflow"] == OWN]
        assert [recipe["workflow_version"] for recipe in recipes] == [1, 1]
        sent = [comfy.history[recipe["prompt_id"]]["prompt"][2] for recipe in recipes]
        assert sorted(graph["4"]["inputs"]["scale_by"] for graph in sent) == [0.25, 0.5]
        assert {graph["4"]["inputs"]["upscale_method"] for graph in sent} == {"area"}
        assert all(graph["5"]["inputs"]["filename_prefix"].startswith("cinefarm/") for graph in sent)
        assert all(graph["2"]["inputs"]["image"].startswith("cinefarm/") for graph in sent)

        graph["1"]["inputs"]["model_name"] = "4x_mine.pth"
        farm.request("PUT", "/api/own-workflows/my_upscale", json={**draft, "graph": graph})
        wait_until(lambda: "4x_mine.pth (UpscaleModelLoader)" in lacking(farm), what="the missing model is told")
        waiting = farm.submit("KILL", OWN)
        (job,) = farm.jobs(batch=waiting.id)
        assert "4x_mine.pth" in farm.request("GET", f"/api/jobs/{job.id}/explain").text
        assert farm.job(job.id).status is JobStatus.QUEUED
        farm.cancel(job.id)
        farm.request("DELETE", "/api/own-workflows/my_upscale")
        wait_until(lambda: not lacking(farm), what="the worker has forgotten it")
        kept = [file.name for file in (real_farm.folder / "worker-box" / "workflows").glob("my_upscale.*")]
        assert sorted(kept) == ["my_upscale.1.json", "my_upscale.2.json", "my_upscale.3.json"]
