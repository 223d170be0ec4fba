"""The media engine as a whole; and the pictures and videos that its tests are made of."""

import errno
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from cinefarm.statuses import FailureKind
from worker.engines import media
from worker.task import EngineError, Output, Task
from workflows.catalog import load_catalog
from workflows.schema import FileParameter, check_parameters

Pixels = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 128, 72


def flat(level: int | tuple[int, int, int], width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    return np.full((height, width, 3), level, np.uint8)


def save(path: Path, pixels: Pixels) -> Path:
    Image.fromarray(pixels).save(path)
    return path


def make_video(
    path: Path,
    frames: Sequence[Pixels],
    *,
    rate: Fraction | int = 24,
    times_ms: Sequence[int] | None = None,
    first_pts: int = 0,
    timecode: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """A small H.264 file; `times_ms` gives each frame its own time."""
    with av.open(str(path), "w") as container:
        if timecode:
            container.metadata["timecode"] = timecode
        stream = container.add_stream("libx264", rate=rate, options={"crf": "8", **(options or {})})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        base = Fraction(1, 1000) if times_ms else 1 / Fraction(rate)
        stream.codec_context.time_base = base
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = times_ms[number] if times_ms else first_pts + number
            frame.time_base = base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def decode(path: Path) -> list[Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def make_task(workflow: str, parameters: dict[str, Any], inputs: dict[str, Path], out_dir: Path) -> Task:
    """A task as the farm would send it: parameters checked against the workflow file."""
    described = load_catalog()[workflow]
    chosen = {name: f"med_{name}" for name in inputs if isinstance(described.parameters.get(name), FileParameter)}
    checked, problems = check_parameters(described, chosen | parameters)
    assert not problems
    return Task(workflow, checked, inputs, out_dir)


def run(workflow: str, parameters: dict[str, Any], inputs: dict[str, Path], out_dir: Path) -> list[Output]:
    return media.run(make_task(workflow, parameters, inputs, out_dir))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_every_box_can_run_it() -> None:
    probe = media.probe()
    assert probe.ok
    assert probe.version.startswith("PyAV ")


def test_it_runs_exactly_the_workflows_whose_files_name_it() -> None:
    named = {
        workflow.name
        for workflow in load_catalog().values()
        if any(engine.name == "media" and engine.exists for engine in workflow.engines)
    }
    assert media.WORKFLOWS.keys() == named


def test_an_unknown_workflow_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no workflow “image_to_video/nothing”") as caught:
        media.run(Task("image_to_video/nothing", {}, {}, tmp_path))
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_full_disk_is_the_workers_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(task: Task) -> list[Output]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(media.WORKFLOWS, "image_to_video/animatic", full)
    with pytest.raises(EngineError, match="No space left") as caught:
        media.run(Task("image_to_video/animatic", {}, {}, tmp_path / "out"))
    assert caught.value.kind is FailureKind.WORKER
