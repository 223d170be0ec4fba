"""Cut-out products and tasks for the stages of an ad."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cinefarm.statuses import OutputRole
from tests.photos import photo
from worker.engines import ads
from worker.task import Output, Task

Layer = npt.NDArray[np.uint8]


def cut_out(kind: str, *, seed: int = 3, size: tuple[int, int] = (512, 512)) -> Layer:
    """A drawn product with its known matte, its edge still coloured by the ground it stood on."""
    pixels, matte = photo(kind, "studio", seed, size)
    return np.dstack([pixels, np.clip(matte * 255 + 0.5, 0, 255).astype(np.uint8)])


def slab(colour: tuple[int, int, int], width: int, height: int, *, under: tuple[int, int, int] = (0, 0, 0)) -> Layer:
    """A plain box in a margin; the transparent part carries the colour `under`, as careless cut-outs do."""
    margin = 20
    layer = np.zeros((height + 2 * margin, width + 2 * margin, 4), np.uint8)
    layer[:, :, :3] = under
    layer[margin:-margin, margin:-margin] = (*colour, 255)
    return layer


def saved(folder: Path, name: str, pixels: npt.NDArray[np.uint8]) -> Path:
    path = folder / name
    Image.fromarray(pixels).save(path)
    return path


def opened(output: Output) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(output.path))


def run(workflow: str, inputs: dict[str, Path], out_dir: Path, **parameters: Any) -> tuple[list[Output], Task]:
    """What the stage makes, without the thumbnail."""
    outputs, task = run_whole(workflow, inputs, out_dir, **parameters)
    return [output for output in outputs if output.role is not OutputRole.THUMBNAIL], task


def run_whole(workflow: str, inputs: dict[str, Path], out_dir: Path, **parameters: Any) -> tuple[list[Output], Task]:
    task = Task(workflow=workflow, parameters=parameters, inputs=inputs, out_dir=out_dir)
    return ads.run(task), task
