"""A task for the remote engine, and what it told."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cinefarm.statuses import FailureKind
from tests.doubles import kling, runway
from tests.doubles.videos import picture_file, small_video
from worker.engines import remote
from worker.task import Canceled, EngineError, Output, Task

JOB = "01JREMOTE0000000000000JOB1"
VARIABLES = (
    *("CINEFARM_RUNWAY_KEY", "RUNWAYML_API_SECRET", "CINEFARM_RUNWAY_BASE_URL", "RUNWAYML_BASE_URL"),
    *("CINEFARM_KLING_ACCESS_KEY", "KLING_ACCESS_KEY", "CINEFARM_KLING_SECRET_KEY", "KLING_SECRET_KEY"),
    *("CINEFARM_KLING_BASE_URL", "KLING_BASE_URL"),
)
RUNWAY = "image_to_video/i2v_runway"
KLING = "image_to_video/i2v_kling"
DEFAULTS: dict[str, dict[str, Any]] = {
    RUNWAY: {"model": "gen4_turbo", "ratio": "auto", "duration_s": None, "max_credits": 150, "seed": 2**40 + 5},
    KLING: {"model": "kling-v2-5-turbo", "mode": "pro", "duration_s": "auto", "cfg_scale": 0.5, "negative_prompt": ""},
}


class Studio:
    """Runs attempts of one job in a folder of its own."""

    def __init__(self, folder: Path, workflow: str) -> None:
        self.folder = folder
        self.workflow = workflow
        self.inputs = {"image": picture_file(folder / "still.png")}
        self.frames = 48  # of the shot, at 24 a second
        self.shot: dict[str, Any] = {}
        self.parameters: dict[str, Any] = {"prompt": "a woman runs in the rain", **DEFAULTS[workflow]}
        self.logged: list[str] = []
        self.progress: list[tuple[float, str]] = []
        self.canceled = threading.Event()
        self.on_progress: Callable[[], None] = lambda: None
        self.attempt = 0
        self.job_id = JOB
        self.task: Task | None = None

    def run(self) -> list[Output]:
        """The next attempt."""
        self.attempt += 1
        shot = {"id": "s", "code": "SHT-00001", "project": "P", "frame_count": self.frames, **self.shot}
        self.task = Task(
            workflow=self.workflow,
            parameters={"shot": shot, **self.parameters},
            inputs=dict(self.inputs),
            out_dir=self.folder / "temp" / self.job_id / str(self.attempt),
            reference=f"{self.job_id}/{self.attempt}",
            on_progress=self._progressed,
            on_log=lambda level, text: self.logged.append(f"{level}: {text}"),
            is_canceled=self.canceled.is_set,
        )
        return remote.run(self.task)

    def _progressed(self, fraction: float, message: str) -> None:
        self.progress.append((fraction, message))
        self.on_progress()

    @property
    def recipe(self) -> dict[str, Any]:
        assert self.task
        return self.task.provenance

    def fails(self, kind: FailureKind, *words: str) -> str:
        """The next attempt fails with this kind, in a sentence that has these words and no key."""
        with pytest.raises(EngineError) as caught:
            self.run()
        message = str(caught.value)
        assert caught.value.kind is kind, message
        assert all(word in message for word in words), message
        self.keeps_secrets(message)
        return message

    def keeps_secrets(self, *texts: str) -> None:
        told = "\n".join([*texts, *self.logged, str(self.progress)])
        assert not any(key in told for key in (runway.KEY, kling.SECRET, kling.ACCESS))

    def is_canceled_at(self, message: str) -> None:
        """The next attempt is canceled once its progress says so."""

        def look() -> None:
            if message in self.progress[-1][1]:
                self.canceled.set()

        self.on_progress = look
        with pytest.raises(Canceled):
            self.run()
        self.canceled.clear()
        self.on_progress = lambda: None


def bought_video(folder: Path) -> bytes:
    """60 frames at 24 a second."""
    return small_video(folder / "made.mp4")


def set_keys(monkeypatch: pytest.MonkeyPatch, url: str, *, poll_s: float = 0.02) -> None:
    """The keys that the doubles know, and where these are."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CINEFARM_RUNWAY_KEY", runway.KEY)
    monkeypatch.setenv("CINEFARM_RUNWAY_BASE_URL", url)
    monkeypatch.setenv("CINEFARM_KLING_ACCESS_KEY", kling.ACCESS)
    monkeypatch.setenv("CINEFARM_KLING_SECRET_KEY", kling.SECRET)
    monkeypatch.setenv("CINEFARM_KLING_BASE_URL", f"{url}/")
    monkeypatch.setenv("CINEFARM_REMOTE_POLL_S", str(poll_s))
