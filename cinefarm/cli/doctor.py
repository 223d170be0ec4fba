"""`cinefarm doctor`: what this machine has and lacks, and how to mend it."""

import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Collection
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from pydantic import BaseModel

from cinefarm.cli.output import AsJson, Token, Url, connect, out, show_json
from cinefarm.client import FarmError
from cinefarm.statuses import WorkerStatus

_FREE_GB = 10
_SHOWN = 5  # files that are named


class State(StrEnum):
    OK = "ok"
    OPTIONAL = "optional"  # something is not there; what it is for does without
    LACKING = "lacking"


class Finding(BaseModel):
    what: str
    state: State
    found: str
    mend: str = ""


def add_to(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    comfy: Annotated[str, typer.Option(help="Address of a ComfyUI.")] = "http://127.0.0.1:8188",
    port: Annotated[int, typer.Option(help="Port the master shall use.")] = 8000,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Say what this machine has, what it lacks and how to mend it. Exit code 1 if something necessary is lacking."""
    checks: list[Callable[[], Finding]] = [
        _python,
        _sqlite,
        _video,
        _images,
        _chromium,
        _gpu,
        _weights,
        lambda: _comfy(comfy),
        _disk,
        lambda: _port(port),
        _page,
        lambda: _farm(url, token),
    ]
    findings = [check() for check in checks]
    if as_json:
        show_json(findings)
    else:
        _print(findings)
    if any(finding.state is State.LACKING for finding in findings):
        raise typer.Exit(1)


def _print(findings: list[Finding]) -> None:
    marks = {State.OK: "✓", State.OPTIONAL: "–", State.LACKING: "✗"}
    for finding in findings:
        out.print(
            f"{marks[finding.state]} {finding.what:10} {finding.found}", markup=False, highlight=False, soft_wrap=True
        )
        if finding.mend:
            out.print(f"             → {finding.mend}", markup=False, highlight=False, soft_wrap=True)


def _python() -> Finding:
    enough = sys.version_info >= (3, 11)
    found = f"Python {platform.python_version()}"
    return Finding(
        what="Python",
        state=State.OK if enough else State.LACKING,
        found=found,
        mend="" if enough else "Install Python 3.11 or newer.",
    )


def _sqlite() -> Finding:
    try:
        version = import_module("master.db").check_sqlite()
    except ImportError as error:
        return Finding(
            what="SQLite",
            state=State.OPTIONAL,
            found=f"the master is not installed ({error.name} is missing)",
            mend="Only a master needs it: pip install 'cinefarm[master]'.",
        )
    except RuntimeError as error:
        return Finding(what="SQLite", state=State.LACKING, found=str(error), mend="pip install 'pysqlite3>=0.6.1'")
    return Finding(what="SQLite", state=State.OK, found=f"SQLite {version}")


def _video() -> Finding:
    try:
        av = import_module("av")
    except ImportError:
        return Finding(
            what="ffmpeg",
            state=State.OPTIONAL,
            found="PyAV is not installed",
            mend="Only a worker needs it: pip install 'cinefarm[worker]'.",
        )
    libraries = ".".join(str(part) for part in av.library_versions["libavcodec"])
    if "libx264" not in av.codecs_available:
        return Finding(
            what="ffmpeg",
            state=State.LACKING,
            found=f"libavcodec {libraries} without libx264",
            mend="pip install --force-reinstall av",
        )
    return Finding(what="ffmpeg", state=State.OK, found=f"PyAV {av.__version__}, libavcodec {libraries}, x264")


def _images() -> Finding:
    try:
        cv2 = import_module("cv2")
    except ImportError as error:
        return Finding(
            what="OpenCV",
            state=State.OPTIONAL,
            found=f"not usable: {error}",
            mend="Only a worker needs it: pip install 'cinefarm[worker]'.",
        )
    return Finding(what="OpenCV", state=State.OK, found=f"OpenCV {cv2.__version__}")


def find_chromium() -> str | None:
    """A Chromium by CHROMIUM_PATH or by its usual names."""
    given = os.environ.get("CHROMIUM_PATH")
    names = [given] if given else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


def _chromium() -> Finding:
    if path := find_chromium():
        return Finding(what="Chromium", state=State.OK, found=path)
    return Finding(
        what="Chromium",
        state=State.OPTIONAL,
        found="not found; browser tests need it",
        mend="apt-get install chromium (or set CHROMIUM_PATH).",
    )


def _gpu() -> Finding:
    try:
        pynvml = import_module("pynvml")
        pynvml.nvmlInit()
        names = [
            pynvml.nvmlDeviceGetName(pynvml.nvmlDeviceGetHandleByIndex(index))
            for index in range(pynvml.nvmlDeviceGetCount())
        ]
    except Exception as error:
        return Finding(
            what="GPU",
            state=State.OPTIONAL,
            found=f"no NVIDIA GPU ({error})",
            mend="Storyboards and animatics run on the CPU; large models need a GPU and its driver.",
        )
    return Finding(what="GPU", state=State.OK, found=", ".join(str(name) for name in names))


def _weights() -> Finding:
    """What of the weights is on this box, and which workflows of large models lack theirs."""
    try:
        shelf = import_module("cinefarm.cli.models").Shelf(None, None)
    except ImportError as error:
        return Finding(what="Weights", state=State.OPTIONAL, found=f"not looked for: {error.name} is missing")
    here = shelf.store.stored()
    missing = [name for name, workflow in shelf.workflows.items() if lacks_weights(workflow, here)]
    found = f"{len(here)} of {len(shelf.store.bundles)} bundles in {shelf.store.folder}"
    if not missing:
        return Finding(what="Weights", state=State.OK, found=found)
    return Finding(
        what="Weights",
        state=State.OPTIONAL,
        found=f"{found}; without them: {', '.join(missing)}",
        mend="On a GPU box: cinefarm models pull --all-for WORKFLOW (cinefarm models list says what is broken).",
    )


def lacks_weights(workflow: Any, here: Collection[str]) -> bool:
    """Whether no way to run it has all of its weights."""
    needs = workflow.needs
    ways = [needs.bundles_of(variant.name) for variant in needs.variants] or [needs.bundles]
    return not any(all(bundle.name in here for bundle in way) for way in ways)


def _comfy(url: str) -> Finding:
    try:
        answer = httpx.get(f"{url}/system_stats", timeout=2, trust_env=False).json()
        return Finding(what="ComfyUI", state=State.OK, found=f"{answer['system']['comfyui_version']} at {url}")
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return Finding(
            what="ComfyUI",
            state=State.OPTIONAL,
            found=f"none at {url}",
            mend="Start it on loopback if this box shall run ComfyUI graphs.",
        )


def _disk() -> Finding:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    enough = free_gb >= _FREE_GB
    return Finding(
        what="Disk",
        state=State.OK if enough else State.LACKING,
        found=f"{free_gb:.0f} GB free in {Path.cwd()}",
        mend="" if enough else f"Free at least {_FREE_GB} GB, or put CINEFARM_STORAGE_DIR elsewhere.",
    )


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    return Finding(
        what="Port",
        state=State.OPTIONAL if taken else State.OK,
        found=f"{port} is {'in use (a master may be running)' if taken else 'free'}",
        mend=f"Choose another: cinefarm master --port {port + 1}" if taken else "",
    )


def _page() -> Finding:
    built = Path(__file__).parents[2] / "frontend" / "dist" / "index.html"
    if built.is_file():
        return Finding(what="UI", state=State.OK, found="the page is built")
    node = shutil.which("node")
    return Finding(
        what="UI",
        state=State.OPTIONAL,
        found="the page is not built",
        mend="make ui" if node else "Install Node 20 or newer, then: make ui",
    )


def _farm(url: str | None, token: str | None) -> Finding:
    """The running master, if one answers, and the rendered files that it misses."""
    try:
        with connect(url, token) as farm:
            online = sum(worker.status is not WorkerStatus.OFFLINE for worker in farm.workers())
            damaged = farm.request("GET", "/api/media/damaged").json()["rows"]
            where = farm.url
    except FarmError as error:
        return Finding(
            what="Farm",
            state=State.OPTIONAL,
            found=str(error),
            mend="cinefarm master (or name a running one with --master URL).",
        )
    found = f"{online} worker{'' if online == 1 else 's'} online at {where}"
    if not damaged:
        return Finding(what="Farm", state=State.OK, found=f"{found}; every file is there")
    names = ", ".join(row["name"] for row in damaged[:_SHOWN]) + (" …" if len(damaged) > _SHOWN else "")
    return Finding(
        what="Farm",
        state=State.LACKING,
        found=f"{found}; {len(damaged)} files are missing: {names}",
        mend="Bring them back from a copy of shared_storage/, or render those shots again (GET /api/media/damaged).",
    )
