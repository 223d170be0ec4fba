"""The diffusers engine on miniature weights, in this process; weights stay warm from test to test as in a host."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from PIL import Image

from worker.bundles.opening import Opening
from worker.engines import load_engine
from worker.surroundings import Surroundings, catalog
from worker.task import Output, Task
from workflows.schema import check_parameters


class Draw(Protocol):
    def __call__(self, workflow: str, inputs: dict[str, Path] | None = None, **given: Any) -> "Drawn": ...


class Drawn:
    """One attempt: what was said of it, and what came of it."""

    def __init__(
        self, task: Task, outputs: list[Output], said: list[str], log: list[str], previews: list[bytes]
    ) -> None:
        self.previews = previews
        self.task = task
        self.outputs = outputs
        self.said = said
        self.log = log

    @property
    def path(self) -> Path:
        return self.outputs[0].path

    @property
    def pixels(self) -> np.ndarray:
        return np.asarray(Image.open(self.path).convert("RGB"))


@pytest.fixture(scope="session")
def opening(models: Callable[..., Path]) -> Opening:
    return Opening(Surroundings(models_dir=models()))


@pytest.fixture
def draw(opening: Opening, models: Callable[..., Path], tmp_path: Path) -> Draw:
    """Run a workflow with its defaults and what is given; `cancel_at` cancels after so many words of progress."""
    count = 0

    def run(
        workflow: str,
        inputs: dict[str, Path] | None = None,
        *,
        bundles: tuple[str, ...] = ("flux1_dev",),
        variant: str | None = None,
        cancel_at: int | None = None,
        **given: Any,
    ) -> Drawn:
        nonlocal count
        count += 1
        models(*bundles)
        own = catalog()[workflow].parameters
        seed = {"seed": 1} if "seed" in own else {}
        files = {name: str(path) for name, path in (inputs or {}).items() if name in own}
        parameters, problems = check_parameters(catalog()[workflow], {**seed, **files, **given})
        assert not problems
        said: list[str] = []
        log: list[str] = []
        previews: list[bytes] = []
        task = Task(
            workflow=workflow,
            parameters=parameters,
            inputs=inputs or {},
            out_dir=tmp_path / str(count),
            variant=variant,
            weights=opening,
            on_progress=lambda fraction, message: said.append(message),
            on_log=lambda level, text: log.append(text),
            on_preview=previews.append,
            is_canceled=lambda: cancel_at is not None and len(said) > cancel_at,
        )
        engine = load_engine("diffusers")
        assert engine
        return Drawn(task, engine.run(task), said, log, previews)

    return run


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A picture of soft shapes, by seed."""
    folder = tmp_path_factory.mktemp("photos")

    def make(seed: int = 0, width: int = 256, height: int = 256) -> Path:
        path = folder / f"{seed}-{width}x{height}.png"
        if not path.exists():
            grains = np.random.default_rng(seed).integers(0, 255, (4, 4, 3), dtype=np.uint8)
            Image.fromarray(grains).resize((width, height), Image.Resampling.BICUBIC).save(path)
        return path

    return make
