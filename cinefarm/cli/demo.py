"""`cinefarm demo`: the whole path on this machine: shot list in, panels, contact sheet and film out."""

import signal
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from cinefarm.cli.local_farm import free_port, local_farm
from cinefarm.cli.output import err, out, show_json
from cinefarm.cli.progress import watch
from cinefarm.client import Farm, FarmError
from cinefarm.records import Output
from cinefarm.statuses import JobStatus, OutputRole

SAMPLE = Path(__file__).parents[2] / "projects" / "sample" / "sample_film.xlsx"
CODE = "SAMPLE"
STORYBOARD = "text_to_image/storyboard"
ANIMATIC = "image_to_video/animatic"
CONTACT_SHEET = "video_utils/contact_sheet"


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
    started = time.monotonic()
    with local_farm(folder, port or free_port(8000)) as farm:
        seconds = {"start": time.monotonic() - started}
        result = {**_make_film(farm, seconds, quiet=as_json), "url": farm.url, "link": farm.link()}
        _tell(result, folder, as_json=as_json)
        if not exit_:
            err.print("Serving on; Ctrl+C stops.", markup=False)
            _wait_for_interrupt()


def _make_film(farm: Farm, seconds: dict[str, float], *, quiet: bool) -> dict[str, Any]:
    began = time.monotonic()
    if CODE not in {project.code for project in farm.projects()}:
        farm.create_project(CODE, "마지막 우산 · The Last Umbrella")
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


def _wait_for_interrupt() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
