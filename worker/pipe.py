"""The words between the agent and its device host: JSON lines over a pipe."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from cinefarm.statuses import FailureKind, MediaKind, OutputRole


class Line(BaseModel):
    model_config = ConfigDict(frozen=True)


class HostRun(Line):
    kind: Literal["run"] = "run"
    workflow: str
    engine: str
    parameters: dict[str, Any]
    inputs: dict[str, Path]
    out_dir: Path
    device: str
    variant: str | None = None
    reference: str = ""  # job/attempt
    workflow_file: Path | None = None  # of the studio's own workflows: the version that the job was submitted with
    evict: tuple[str, ...] = ()  # bundles that may leave the device before all others


class HostCancel(Line):
    kind: Literal["cancel"] = "cancel"


class HostLook(Line):
    """Find out anew what this box can run; the answer is another `HostReady`."""

    kind: Literal["look"] = "look"


class HostExpect(Line):
    """Bundles that will be wanted, the next one first. Not answered."""

    kind: Literal["expect"] = "expect"
    bundles: tuple[str, ...]


ToHost = Annotated[HostRun | HostCancel | HostLook | HostExpect, Field(discriminator="kind")]


class HostReady(Line):
    """The host can take an attempt. Says what this box can run and what it lacks."""

    kind: Literal["ready"] = "ready"
    capabilities: tuple[str, ...]
    engines: dict[str, str]  # engine → version
    lacking: dict[str, str] = {}  # engine or workflow → what it lacks here, and how to mend it
    stored: tuple[str, ...] | None = None  # bundles on this box's disk; null: it does not tell
    unable: dict[str, tuple[str, ...]] = {}  # workflow → its variants that no engine here runs


class HostProgress(Line):
    kind: Literal["progress"] = "progress"
    fraction: float
    message: str


class HostLog(Line):
    kind: Literal["log"] = "log"
    level: str
    text: str


class HostPreview(Line):
    kind: Literal["preview"] = "preview"
    jpeg_base64: str


class HostFile(Line):
    path: Path
    role: OutputRole
    media: MediaKind
    sha256: str
    bytes: int
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    fps_num: int | None = None
    fps_den: int | None = None
    facts: dict[str, Any] = {}


class HostDone(Line):
    kind: Literal["done"] = "done"
    files: tuple[HostFile, ...]
    provenance: dict[str, Any]
    seconds: float
    variant: str | None = None  # the one that ran
    peak_ram_gb: float | None = None
    peak_vram_gb: float | None = None


class HostFailed(Line):
    kind: Literal["failed"] = "failed"
    failure: FailureKind
    message: str
    seconds: float
    leaves: bool = False  # the host ends now: its device can only be used by a new process


class HostStopped(Line):
    """Canceled, and nothing is running any more."""

    kind: Literal["stopped"] = "stopped"


class HostHeld(Line):
    """Bundles that are in memory; said whenever that changes, whether something runs or not."""

    kind: Literal["held"] = "held"
    resident: tuple[str, ...] = ()  # on the device, least recently used first
    staged: tuple[str, ...] = ()  # in RAM or on the device: nothing of them is to be read from the disk


FromHost = Annotated[
    HostReady | HostProgress | HostLog | HostPreview | HostDone | HostFailed | HostStopped | HostHeld,
    Field(discriminator="kind"),
]

to_host: TypeAdapter[ToHost] = TypeAdapter(ToHost)
from_host: TypeAdapter[FromHost] = TypeAdapter(FromHost)
