"""Workflows of the large models from end to end: submitted by the command line, run by a real worker on miniatures.

One farm serves all of them. A workflow more is a case more: its bundles' miniatures are written because it is there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from cinefarm.analysis import Analysis
from cinefarm.records import Output, Take
from cinefarm.statuses import JobStatus
from cinefarm.timecode import FrameRate
from tests.miniatures.loras import write_flux_lora
from tests.miniatures.workflows import write_workflows
from tests.processes.conftest import ROOT, RealFarm, wait_until
from worker.engines.diffusers import WORKFLOWS
from worker.engines.media.canvas import to_yuv
from worker.engines.media.film import Film, to_encoder

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

PROJECT = "KILL"
SHOT = "SHT-00001"  # six frames, with a confirmed panel
SMALL = {"width": 256, "height": 256, "steps": 4, "seed": 7}
CAPTION = "analysis/caption"
EMBED = "analysis/embed"
MATTE = "ads/matte"
INTERPOLATION = "video_utils/frame_interpolation"


@dataclass(frozen=True)
class Case:
    """A workflow and what is asked of it."""

    workflow: str
    parameters: dict[str, Any]
    bundles: tuple[str, ...]
    sound: bool = False  # of a film
    files: tuple[str, ...] = field(default=())  # parameters that get a picture
    for_shot: bool = True  # else it is asked for by itself, and no take comes of it
    videos: tuple[str, ...] = field(default=())  # and those that get a film
    frames: int = 6  # of a film: those of the shot, unless others are asked for
    clips: int | None = None  # that a long take is chained from
    loras: int = 0  # that the model was given: of the shot's characters, or a bundle's own


CASES = [
    Case("text_to_image/flux_basic", SMALL, ("flux1_dev",)),
    Case("text_to_image/flux_lora_mix", SMALL, ("flux1_dev",), loras=2),
    Case("text_to_image/flux_klein", SMALL, ("flux2_klein_4b",), files=("reference_image",)),
    Case(
        "text_to_image/flux_fill",
        {"prompt": "a market stall", "steps": 4, "seed": 7},
        ("flux1_fill_dev",),
        files=("image", "mask"),
        for_shot=False,
    ),
    Case(
        "text_to_image/sdxl_controlnet_text",
        {**SMALL, "width": 512, "height": 512, "text": "SALE"},
        ("sdxl_base", "sdxl_controlnet_depth"),
        for_shot=False,
    ),
    Case("text_to_image/flux_upscale", {"factor": "2"}, ("realesrgan_x4plus",), files=("image",)),
    Case(
        "image_to_video/svi",
        {**SMALL, "steps": 4, "frame_count": 240},
        ("svi_2_pro", "wan22_i2v_a14b"),
        frames=240,
        clips=3,
        loras=2,
    ),
    Case("image_to_video/telestyle", SMALL, ("qwen_image_edit_2509", "telestyle"), files=("style_image",), loras=2),
    Case("image_to_video/wan_i2v", SMALL, ("wan22_i2v_a14b",)),
    Case(
        "image_to_video/wan_animate",
        SMALL,
        ("wan22_animate_14b", "rtdetr_r50", "vitpose_plus_huge"),
        videos=("driving_video",),  # as it was filmed: the miniatures see an actor in it
    ),
    Case("image_to_video/fflf", SMALL, ("wan22_i2v_a14b",), files=("last_image",)),
    Case("image_to_video/ltx2", {**SMALL, "guidance_scale": 1.0}, ("ltx2_19b",), sound=True, files=("last_image",)),
]
FILES = ("clip_vit_l14", "qwen3_vl_8b", "rife_v4_26", "birefnet")


class Studio:
    """A farm with one worker that has the miniatures, and its command line."""

    def __init__(self, farm: RealFarm, folder: Path) -> None:
        self.farm = farm
        self.folder = folder
        self.photo = folder / "photo.png"
        grains = np.random.default_rng(0).integers(0, 255, (4, 4, 3), dtype=np.uint8)
        picture = Image.fromarray(grains).resize((320, 240), Image.Resampling.BICUBIC)
        picture.save(self.photo)
        self.film = folder / "film.mp4"
        with Film(self.film, width=320, height=240, rate=FrameRate(24)) as film:
            for _ in range(12):
                film.write(to_encoder(to_yuv(np.asarray(picture))))

    def submit(self, workflow: str, *words: str) -> tuple[dict[str, Any], list[Path]]:
        """Run it to its end. The batch, and the files it made."""
        out = self.folder / f"out-{len(list(self.folder.iterdir()))}"
        command = [sys.executable, "-m", "cinefarm", "submit", PROJECT, workflow, *words, "-o", str(out), "--json"]
        secret = self.farm.secret_file.read_text().strip()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "CINEFARM_URL": self.farm.url, "CINEFARM_TOKEN": secret}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stdout + done.stderr + self.farm.log("box")
        return json.loads(done.stdout), sorted(out.iterdir())

    def outputs(self, batch: dict[str, Any]) -> list[Output]:
        with self.farm.client() as client:
            (job,) = client.jobs(batch=batch["id"])
            return client.job(job.id).outputs

    def recipe(self, batch: dict[str, Any]) -> dict[str, Any]:
        with self.farm.client() as client:
            (job,) = client.jobs(batch=batch["id"])
            (attempt,) = client.job(job.id).attempts
            assert attempt["status"] == JobStatus.COMPLETED
            return dict(attempt["recipe"])

    def takes(self) -> list[Take]:
        with self.farm.client() as client:
            (shot,) = client.shots(PROJECT)
            return client.takes(shot.id)

    def cast(self) -> None:
        """Two characters with LoRAs play in the shot."""
        with self.farm.client() as client:
            (row,) = client.request("GET", f"/api/projects/{PROJECT}/shots").json()["rows"]
            cast = []
            for seed, name in enumerate(("Mina", "Joon")):
                path = write_flux_lora(self.folder / f"{name}.safetensors", seed)
                files = {"file": (path.name, path.read_bytes())}
                client.request("POST", f"/api/projects/{PROJECT}/loras", files=files)
                character = {"name": name, "lora_file": path.name, "lora_strength": 0.5 + seed / 4}
                made = client.request("POST", f"/api/projects/{PROJECT}/characters", json=character).json()
                cast.append({"character_id": made["id"]})
            client.request("PATCH", f"/api/shots/{row['id']}", json={"rev": row["rev"], "characters": cast})


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, models: Callable[..., Path]) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    workflows = ("--workflows-dir", str(write_workflows(folder / "workflows")))
    weights = models(*FILES, *(name for case in CASES for name in case.bundles))
    farm = RealFarm(folder, lease_s=30.0)
    try:
        farm.start_master(extra=workflows)
        farm.start_worker(extra=(*workflows, "--models-dir", str(weights)))
        with farm.client() as client:
            farm.make_project(client, 1, PROJECT)
            panels = client.submit(PROJECT, "text_to_image/storyboard")
            wait_until(lambda: client.batch(panels.id).done, 90, "the panel is drawn")
        (folder / "results").mkdir()
        studio = Studio(farm, folder / "results")
        studio.cast()
        yield studio
    finally:
        farm.stop()


def test_a_picture_is_described_and_embedded(studio: Studio) -> None:
    """The file goes up, the job runs on the miniatures, the JSON comes down."""
    _, (path,) = studio.submit(CAPTION, "--file", f"image={studio.photo}", "--set", "language=both")
    found = Analysis.model_validate_json(path.read_bytes())
    assert found.by == "qwen3_vl_8b"
    assert found.description
    assert found.description.caption["ko"] == "탁자 위의 빨간 머그컵."
    assert found.embedding
    _, (path,) = studio.submit(EMBED, "--file", f"image={studio.photo}", "--set", "words=a red mug")
    embedded = Analysis.model_validate_json(path.read_bytes())
    assert embedded.embedding == found.embedding
    assert embedded.words
    assert embedded.words.dimension == found.embedding.dimension


def test_a_film_gets_pictures_in_between_by_rife(studio: Studio) -> None:
    """The recipe names who made them, and of what weights."""
    small = ("--set", "width=162", "--set", "height=90", "--set", "burn_in=true")  # a running timecode
    animatic, _ = studio.submit("image_to_video/animatic", *small)
    video = studio.outputs(animatic)[0].media_id
    batch, (path,) = studio.submit(INTERPOLATION, "--set", f"video={json.dumps(video)}", "--set", "factor=3")
    assert batch["counts"] == {JobStatus.COMPLETED: 1}
    with av.open(str(path)) as made:
        assert made.streams.video[0].average_rate == 72
        assert [(frame.width, frame.height) for frame in made.decode(video=0)] == [(162, 90)] * 18
    recipe = studio.recipe(batch)
    assert (recipe["engine"], recipe["method"], recipe["flow_scale"]) == ("media", "RIFE 4.26", 1.0)
    assert set(recipe["models"]) == {"rife_v4_26"}
    assert (recipe["source_frames"], recipe["frames_in_between"]) == (6, 10)


def test_a_product_is_found_in_its_photo_by_birefnet(studio: Studio) -> None:
    batch, (path,) = studio.submit(MATTE, "--file", f"product_image={studio.photo}")
    with Image.open(path) as matte:
        assert (matte.mode, matte.size) == ("L", (320, 240))
        assert np.ptp(np.asarray(matte)) > 20, "the miniature finds something, somewhere"
    recipe = studio.recipe(batch)
    assert (recipe["engine"], recipe["matte_by"], recipe["variant"]) == ("ads", "birefnet", "birefnet_cpu")
    assert set(recipe["models"]) == {"birefnet"}


@pytest.mark.parametrize("case", CASES, ids=[case.workflow for case in CASES])
def test_a_shot_becomes_a_take(studio: Studio, case: Case) -> None:
    words = [word for name, value in case.parameters.items() for word in ("--set", f"{name}={json.dumps(value)}")]
    words += [word for name in case.files for word in ("--file", f"{name}={studio.photo}")]
    words += [word for name in case.videos for word in ("--file", f"{name}={studio.film}")]
    takes = len(studio.takes())
    batch, (path,) = studio.submit(case.workflow, *(("--shot", SHOT) if case.for_shot else ()), *words)
    assert batch["counts"] == {JobStatus.COMPLETED: 1}
    assert path.name.startswith(SHOT) == case.for_shot
    if path.suffix == ".mp4":
        with av.open(str(path)) as film:
            assert bool(film.streams.audio) == case.sound
            assert sum(1 for _ in film.decode(video=0)) == case.frames
    assert len(studio.takes()) == takes + case.for_shot
    recipe = studio.recipe(batch)
    assert recipe["engine"] == "diffusers"
    assert set(recipe["models"]) == set(case.bundles)
    assert len(recipe.get("clips", [])) == (case.clips or 0)
    assert len(recipe.get("loras", [])) == case.loras


def test_every_workflow_of_the_diffusers_engine_is_a_case() -> None:
    assert {case.workflow for case in CASES} == WORKFLOWS.keys()
