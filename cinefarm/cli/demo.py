"""`cinefarm demo`: the whole path on this machine: shot list in, panels, contact sheet and film out."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from cinefarm.cli.output import err, out, show_json
from cinefarm.cli.progress import watch
from cinefarm.client import Farm, FarmError
from cinefarm.processes import die_with_parent
from cinefarm.records import Output
from cinefarm.statuses import JobStatus, OutputRole

SAMPLE = Path(__file__).parents[2] / "projects" / "sample" / "sample_film.xlsx"
CODE = "SAMPLE"
STORYBOARD = "text_to_image/storyboard"
ANIMATIC = "image_to_video/animatic"
CONTACT_SHEET = "video_utils/contact_sheet"
_START_S = 60.0


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    exit_: Annotated[bool, typer.Option("--exit", help="Stop when it is done instead of serving on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    port: Annotated[int | None, typer.Option(help="Port; the next free one from 8000 if unset.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep everything here instead of in the working folder.")
    ] = None,
) -> None:
    """Start a master and a worker, import the sample film, draw it, cut it, and show where it lies."""
    folder = (data_dir or Path.cwd()).absolute()
    chosen = port or _free_port(8000)
    started = time.monotonic()
    with _processes(folder, chosen) as url:
        seconds = {"start": time.monotonic() - started}
        with Farm(url, state_dir=folder / ".cinefarm", token=_secret(folder)) as farm:
            result = {**_make_film(farm, seconds, quiet=as_json), "url": url, "link": farm.link()}
        _tell(result, folder, as_json=as_json)
        if not exit_:
            err.print("Serving on; Ctrl+C stops.", markup=False)
            _wait_for_interrupt()


def _make_film(farm: Farm, seconds: dict[str, float], *, quiet: bool) -> dict[str, Any]:
    began = time.monotonic()
    if CODE not in {project.code for project in farm.projects()}:
        farm.create_project(CODE, "비 오는 밤의 심부름 · Errand in the Rain")
    farm.import_shots(CODE, SAMPLE, create_missing=True)
    shots = farm.shots(CODE)
    seconds["import"] = time.monotonic() - began
    began = time.monotonic()
    panels = watch(farm, farm.submit(CODE, STORYBOARD, name="Panels"), quiet=quiet)
    _require_done(farm, panels.id)
    seconds["panels"] = time.monotonic() - began
    began = time.monotonic()
    follow: list[dict[str, Any]] = [
        {"workflow": ANIMATIC, "parameters": {"burn_in": True}},
        {"workflow": CONTACT_SHEET},
    ]
    films = watch(farm, farm.submit(CODE, follow=follow, name="Film and contact sheet"), quiet=quiet)
    outputs = _require_done(farm, films.id)
    seconds["films"] = time.monotonic() - began
    return {
        "project": CODE,
        "shots": len(shots),
        "takes": sum(shot.take_count for shot in farm.shots(CODE)),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "animatic": _file(outputs[ANIMATIC], ".mp4"),
        "contact_sheet": _file(outputs[CONTACT_SHEET], ".png"),
        "contact_sheet_pdf": _file(outputs[CONTACT_SHEET], ".pdf"),
        "frames": next((output.frames for output in outputs[ANIMATIC] if output.frames), None),
    }


def _require_done(farm: Farm, batch_id: str) -> dict[str, list[Output]]:
    """Outputs by workflow. A job that did not complete ends the demo with its message."""
    outputs: dict[str, list[Output]] = {}
    for job in farm.jobs(batch=batch_id, limit=1000):
        if job.status is not JobStatus.COMPLETED:
            raise FarmError(f"{job.name} is {job.status}: {job.message}")
        if job.workflow != STORYBOARD:
            outputs[job.workflow] = farm.job(job.id).outputs
    return outputs


def _file(outputs: list[Output], suffix: str) -> str | None:
    found = (o.file for o in outputs if o.role is OutputRole.MAIN and o.file and o.file.endswith(suffix))
    return next(found, None)


def _tell(result: dict[str, Any], folder: Path, *, as_json: bool) -> None:
    for name in ("animatic", "contact_sheet", "contact_sheet_pdf"):
        if result[name]:
            result[name] = str(folder / result[name])
    if as_json:
        show_json(result)
        return
    out.print(f"{result['shots']} shots, {result['takes']} takes.", markup=False)
    for name in ("animatic", "contact_sheet", "contact_sheet_pdf"):
        out.print(f"  {name.replace('_', ' ')}: {result[name]}", markup=False, soft_wrap=True)
    out.print(f"Open {result['link']}", markup=False, soft_wrap=True)


@contextmanager
def _processes(folder: Path, port: int) -> Iterator[str]:
    """A master and a worker of their own, stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    shared = ["--projects-dir", str(folder / "projects"), "--storage-dir", str(folder / "shared_storage")]
    state = folder / ".cinefarm"
    running: list[subprocess.Popen[bytes]] = []
    try:
        master = ["master", "--port", str(port), "--state-dir", str(state), *shared]
        running.append(_start(folder, "master", master))
        _wait_until_healthy(url, running[0], folder)
        worker = [
            "worker",
            "--master",
            url,
            "--state-dir",
            str(state / "worker"),
            "--secret-file",
            str(state / "secret"),
        ]
        running.append(_start(folder, "worker", [*worker, *shared]))
        yield url
    finally:
        for process in reversed(running):
            _stop(process)


def _start(folder: Path, name: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
    logs = folder / ".cinefarm" / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cinefarm", *arguments],
            stdout=log,
            stderr=log,
            preexec_fn=_in_child if os.name == "posix" else None,
        )


def _in_child() -> None:
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the demo stops its processes in order


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            said = (folder / ".cinefarm" / "logs" / "master.log").read_text(errors="replace").strip().splitlines()
            raise FarmError(f"The master did not start: {said[-1] if said else 'it said nothing'}")
        try:
            with Farm(url, token="none") as farm:
                farm.health()
            return
        except FarmError:
            time.sleep(0.1)
    raise FarmError(f"The master did not answer within {_START_S:g} s.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _secret(folder: Path) -> str:
    return (folder / ".cinefarm" / "secret").read_text().strip()


def _free_port(first: int) -> int:
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise FarmError(f"No port from {first} to {first + 99} is free; name one with --port.")


def _wait_for_interrupt() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
