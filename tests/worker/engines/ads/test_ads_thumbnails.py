"""Whatever a stage draws comes with a small picture of it, which lists and tiles show."""

from pathlib import Path
from typing import Any

import pytest
from ads_kit import run_whole, saved

from cinefarm.statuses import OutputRole
from tests.photos import photo
from worker.task import Output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Output]]:
    """The outputs of each stage, one after another."""
    folder = tmp_path_factory.mktemp("stages")
    found: dict[str, list[Output]] = {}
    files: dict[str, Path] = {}

    def stage(workflow: str, inputs: dict[str, str], **given: Any) -> None:
        out = folder / workflow.replace("/", "_")
        found[workflow], _ = run_whole(workflow, {name: files[of] for name, of in inputs.items()}, out, **given)
        files.update({output.path.name: output.path for output in found[workflow]})

    files["photo"] = saved(folder, "photo.png", photo("jar", "studio", 3, (640, 640))[0])
    words = {"ad_text": "새우 특가", "text_style": "neon"}
    text = {"picture": "composite.png", "mask": "mask.png", "layout": "layout.json"}
    stage("ads/cut_out", {"product_image": "photo"})
    stage("ads/backdrop", {"cutout": "cutout.png"}, background_style="marble", width=900, height=600)
    stage("ads/composite", {"cutout": "cutout.png", "backdrop": "backdrop.png", "scene": "scene.json"})
    stage("ads/layout", {"picture": "composite.png", "mask": "mask.png"})
    stage("ads/lettering_3d", text, **words)
    stage("ads/lettering", text, **words)
    stage("ads/finish", {"picture": "composite.png", "lettering": "lettering.png", "layout": "layout.json"})
    return found


def test_each_stage_has_one_and_it_is_small(made: dict[str, list[Output]]) -> None:
    for workflow, outputs in made.items():
        thumbnails = [output for output in outputs if output.role is OutputRole.THUMBNAIL]
        assert [(one.path.name, one.width) for one in thumbnails] == [("thumbnail.webp", 480)], workflow
        drawn = max(output.path.stat().st_size for output in outputs if output.path.suffix == ".png")
        assert thumbnails[0].path.stat().st_size < min(drawn, 40_000), workflow
