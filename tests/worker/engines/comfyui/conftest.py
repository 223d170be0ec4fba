"""A running ComfyUI double, and tasks for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cinefarm.statuses import MediaKind
from tests.comfy_double import ComfyDouble
from tests.doubles.videos import small_video
from worker.engines import comfyui
from worker.engines.comfyui import prompt as prompt_module
from worker.task import Task
from workflows.catalog import load_catalog
from workflows.schema import FileParameter, ShotParameter, check_parameters

CATALOG = load_catalog()
SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "frame_count": 24, "fps_num": 24, "fps_den": 1}


@pytest.fixture
def comfy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ComfyDouble]:
    """In a hurry: what is polled every few seconds is polled at once, and patience is short."""
    double = ComfyDouble(tmp_path / "comfy").start()
    monkeypatch.setenv("CINEFARM_WORKER_COMFY", double.url)
    monkeypatch.setattr(prompt_module, "POLL_S", 0.05)
    monkeypatch.setattr(prompt_module, "LISTEN_S", 0.02)
    monkeypatch.setattr(comfyui, "PATIENCE_S", 0.5)
    yield double
    double.kill()


class Order(Task):
    """A task that remembers what it was told, and can be canceled from a test."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.said: list[tuple[float, str]] = []
        self.logged: list[str] = []
        self.previews: list[bytes] = []
        self.cancel = threading.Event()
        self.on_progress = lambda fraction, message: self.said.append((fraction, message))
        self.on_log = lambda level, text: self.logged.append(text)
        self.on_preview = self.previews.append
        self.is_canceled = self.cancel.is_set


@pytest.fixture
def order(tmp_path: Path) -> Callable[..., Order]:
    """`order("text_to_image/flux_basic", prompt="…")`: a task with defaults and the files that it needs."""
    numbers = iter(range(1, 1000))

    def make(workflow: str, *, reference: str = "", files: tuple[str, ...] = (), **given: Any) -> Order:
        number = next(numbers)
        described = CATALOG[workflow]
        inputs = {}
        for name, parameter in described.parameters.items():
            if isinstance(parameter, FileParameter) and (parameter.required or name in files):
                if parameter.media is MediaKind.VIDEO:
                    inputs[name] = tmp_path / f"{name}.mp4"
                    small_video(inputs[name], frames=30, width=64, height=48)
                else:
                    inputs[name] = tmp_path / f"{name}.png"
                    level = 255 if name == "mask" else 10 * len(name)
                    Image.fromarray(np.full((48, 64, 3), level, np.uint8)).save(inputs[name])
                given[name] = "media"
            if isinstance(parameter, ShotParameter):
                given.setdefault(name, SHOT)
        given = {"seed": number, "prompt": "a street in the rain", "text": "대박 세일", **given}
        wanted = {name: value for name, value in given.items() if name in described.parameters}
        parameters, problems = check_parameters(described, wanted)
        assert not problems, problems
        out_dir = tmp_path / "out" / str(number)
        return Order(workflow, parameters, inputs, out_dir, reference=reference or f"JOB{number}/1")

    return make
