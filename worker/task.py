"""The contract between the device host and an engine.

An engine is a module `worker/engines/<name>.py` (or a package of that name) with two functions, and a third where a box
may have the engine and yet not all that a workflow needs:

    probe() -> Probe                  may this box run the engine, and if not, what would mend it
    run(task: Task) -> list[Output]   run one workflow; files are written under `task.out_dir`
    lacks(workflow: Workflow) -> str  what this box lacks for the workflow; empty if nothing

`run` calls `task.progress(...)` often: that is also where a cancel reaches it (as `Canceled`).
It raises `EngineError` with the failure kind that tells the farm what to do next.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cinefarm.sentences import Said, say
from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.bundles.opening import Opening
from worker.surroundings import surroundings


class Canceled(Exception):
    """The attempt was canceled; the engine stops at once and leaves nothing running."""


class EngineError(Exception):
    """A failure the engine understands. The message is a sentence for the one who must act."""

    def __init__(self, message: str, *, kind: FailureKind = FailureKind.ENGINE_ERROR) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Probe:
    ok: bool
    reason: str = ""  # what is missing and how to mend it, when not ok
    version: str = ""


@dataclass(frozen=True)
class Output:
    """One finished file. `frames` and `fps` are for video; sizes are pixels."""

    path: Path
    kind: MediaKind
    role: OutputRole = OutputRole.MAIN
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    fps_num: int | None = None
    fps_den: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # what the recipe should remember of it


@dataclass
class Task:
    """One attempt as an engine sees it."""

    workflow: str
    parameters: dict[str, Any]  # validated against the workflow's JSON, defaults filled in
    inputs: dict[str, Path]  # input name → local file
    out_dir: Path
    device: str = "cpu"  # "cpu" or "cuda:N"
    variant: str | None = None
    workflow_file: Path | None = None  # of the studio's own workflows: the version that the job was submitted with
    reference: str = ""  # job and attempt: the same for whatever is asked again elsewhere
    weights: Opening = field(default_factory=lambda: Opening(surroundings()))  # calling it opens the device's weights
    on_progress: Callable[[float, str], None] = lambda fraction, message: None
    on_log: Callable[[str, str], None] = lambda level, text: None
    on_preview: Callable[[bytes], None] = lambda jpeg: None
    is_canceled: Callable[[], bool] = lambda: False
    provenance: dict[str, Any] = field(default_factory=dict)  # what a fallback made says so here

    def progress(self, fraction: float, message: str = "") -> None:
        """Report 0.0 to 1.0 of the work done. Raises `Canceled` when the attempt was canceled."""
        if self.is_canceled():
            raise Canceled
        self.on_progress(min(1.0, max(0.0, fraction)), message)

    def log(self, text: str, level: str = "info") -> None:
        self.on_log(level, text)

    def warn(self, said: Said) -> None:
        """Of what is not as it was asked for, or needs a look; people read it in their language."""
        self.on_log("warning", said)

    def preview(self, jpeg: bytes) -> None:
        """Show an unfinished picture (a JPEG of at most 200 KiB)."""
        self.on_preview(jpeg)

    def input(self, name: str) -> Path:
        """The local file of an input. Raises `EngineError` (bad input) naming it when it is missing."""
        try:
            return self.inputs[name]
        except KeyError:
            has = ", ".join(sorted(self.inputs)) or "none"
            raise EngineError(
                say(
                    "Input “{name}” of {workflow} was not given; the job has {has}.",
                    name=name,
                    workflow=self.workflow,
                    has=has,
                ),
                kind=FailureKind.BAD_INPUT,
            ) from None
