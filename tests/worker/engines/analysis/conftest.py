"""The analysis engine in this process; its models are miniatures, asked for by `bundles`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from PIL import Image

from cinefarm.analysis import Analysis
from worker.bundles.opening import Opening
from worker.engines import analysis as engine
from worker.surroundings import Surroundings, catalog
from worker.task import Task
from workflows.schema import check_parameters


@dataclass
class Analysed:
    analysis: Analysis
    task: Task
    said: list[str]
    log: list[str]
    bytes: bytes


class Analyse(Protocol):
    def __call__(self, workflow: str, image: Path | None = None, **given: Any) -> Analysed: ...


@pytest.fixture(scope="session")
def weights(models: Callable[..., Path]) -> Opening:
    return Opening(Surroundings(models_dir=models()))


@pytest.fixture
def analyse(weights: Opening, models: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Analyse:
    """Run a workflow with its defaults and what is given; `here` are the bundles on the box, all others are not."""
    count = 0

    def run(
        workflow: str,
        image: Path | None = None,
        *,
        here: tuple[str, ...] = (),
        variant: str | None = None,
        device: str = "cpu",
        cancel_at: int | None = None,
        **given: Any,
    ) -> Analysed:
        nonlocal count
        count += 1
        box = tmp_path / f"models-{count}"
        box.mkdir()
        for name in here:
            (box / name).symlink_to(models(name) / name)
        monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(box))
        inputs = {"image": image} if image else {}
        files = {name: str(path) for name, path in inputs.items()}
        parameters, problems = check_parameters(catalog()[workflow], {**files, **given})
        assert not [problem for problem in problems if problem.parameter != "image"]
        said: list[str] = []
        log: list[str] = []
        task = Task(
            workflow=workflow,
            parameters=parameters,
            inputs=inputs,
            out_dir=tmp_path / str(count),
            device=device,
            variant=variant,
            weights=weights,
            on_progress=lambda fraction, message: said.append(message),
            on_log=lambda level, text: log.append(text),
            is_canceled=lambda: cancel_at is not None and len(said) > cancel_at,
        )
        (output,) = engine.run(task)
        written = output.path.read_bytes()
        return Analysed(Analysis.model_validate(json.loads(written)), task, said, log, written)

    return run


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """A picture of stripes from colours, each as wide as the others."""

    def make(*colours: str, width: int = 300, height: int = 200, name: str = "picture.png") -> Path:
        image = Image.new("RGB", (width, height))
        for turn, colour in enumerate(colours):
            left, right = width * turn // len(colours), width * (turn + 1) // len(colours)
            image.paste(colour, (left, 0, right, height))
        image.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def noise(tmp_path: Path) -> Callable[..., Path]:
    def make(seed: int, width: int = 300, height: int = 200) -> Path:
        grains = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
        path = tmp_path / f"noise-{seed}.png"
        Image.fromarray(grains).resize((width, height), Image.Resampling.BICUBIC).save(path)
        return path

    return make
