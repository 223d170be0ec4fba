"""Commands on jobs and workers."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cinefarm.cli.job_files import save_results, upload_files
from cinefarm.cli.output import AsJson, Token, Url, connect, err, out, show_json, show_table
from cinefarm.cli.progress import watch
from cinefarm.records import Explanation, Job
from cinefarm.statuses import JobStatus, WorkerWish

job = typer.Typer(help="One job.", no_args_is_help=True)

JobId = Annotated[str, typer.Argument(help="Id of the job.")]


def add_to(app: typer.Typer) -> None:
    app.command()(submit)
    app.command()(jobs)
    app.add_typer(job, name="job")
    app.command()(explain)
    app.command()(forecast)
    app.command()(workers)
    app.command()(pause)
    app.command()(drain)
    app.command()(resume)


def submit(
    project: Annotated[str, typer.Argument(help="Code of the project.")],
    workflow: Annotated[str, typer.Argument(help="e.g. text_to_image/storyboard")],
    shot: Annotated[
        list[str] | None, typer.Option(help="Only these shots, by code; may be given more than once.")
    ] = None,
    parameter: Annotated[list[str] | None, typer.Option("--set", help="name=value, the value as JSON or text.")] = None,
    file: Annotated[
        list[str] | None, typer.Option(help="name=path: upload a picture or video and use it, e.g. image=photo.png.")
    ] = None,
    then: Annotated[list[str] | None, typer.Option(help="A film workflow to run when the shots are done.")] = None,
    priority: Annotated[int, typer.Option(min=0, max=100)] = 50,
    wait: Annotated[bool, typer.Option(help="Wait until it is done.")] = False,
    save: Annotated[
        Path | None, typer.Option("-o", "--out", help="Wait, and save what was made in this folder.")
    ] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Run a workflow on the shots of a project, or on a file."""
    wait = wait or save is not None
    with connect(url, token) as farm:
        ids = _shot_ids({s.code: s.id for s in farm.shots(project)}, shot) if shot else None
        batch = farm.submit(
            project,
            workflow,
            shot_ids=ids,
            parameters={**_parameters(parameter or []), **upload_files(farm, project, file or [])},
            follow=[{"workflow": name} for name in then or []],
            priority=priority,
            on_warning=lambda said: err.print(f"warning: {said.en}", markup=False, soft_wrap=True),
        )
        if wait:
            batch = watch(farm, batch, quiet=as_json)
        for path in save_results(farm, batch, save) if save else ():
            err.print(f"saved {path}", markup=False, soft_wrap=True)
    show_json(batch) if as_json else out.print(f"Batch {batch.id}: {batch.total} job(s).", markup=False)
    if wait and batch.counts.get(JobStatus.COMPLETED, 0) < batch.total:
        raise typer.Exit(1)


def _shot_ids(known: dict[str, str], codes: list[str]) -> list[str]:
    if missing := [code for code in codes if code not in known]:
        raise typer.BadParameter(f"There is no shot “{missing[0]}”.", param_hint="--shot")
    return [known[code] for code in codes]


def _parameters(pairs: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"“{pair}” is not name=value.", param_hint="--set")
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found


def jobs(
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    batch: Annotated[str | None, typer.Option(help="Only of this batch.")] = None,
    status: Annotated[list[JobStatus] | None, typer.Option(help="Only with this status.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Jobs, newest first."""
    with connect(url, token) as farm:
        rows = farm.jobs(project=project, batch=batch, status=status or (), limit=limit)
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Id", "Name", "Status", "Done", "Worker", "Message"),
        [(j.id, j.name, j.status, f"{j.progress:.0%}", j.worker, j.message[:60]) for j in rows],
        "No jobs.",
    )


@job.command("show")
def show_job(job_id: JobId, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """A job with its attempts and outputs."""
    with connect(url, token) as farm:
        found = farm.job(job_id)
    if as_json:
        show_json(found)
        return
    _show_line(found)
    for attempt in found.attempts:
        out.print(
            f"  attempt {attempt['number']}: {attempt['status']} on {attempt['worker']} {attempt['message']}",
            markup=False,
        )
    for output in found.outputs:
        out.print(f"  {output.role}: {output.file or output.name} ({output.bytes} bytes)", markup=False)


@job.command("log")
def show_log(job_id: JobId, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """What its attempts said."""
    with connect(url, token) as farm:
        lines = farm.job_log(job_id)
    if as_json:
        show_json(lines)
        return
    for line in lines:
        out.print(f"{line.time:%H:%M:%S} {line.level:7} {line.text}", markup=False, highlight=False)


@job.command("cancel")
def cancel_job(job_id: JobId, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Stop it. A result that was accepted first stands."""
    with connect(url, token) as farm:
        found = farm.cancel(job_id)
    show_json(found) if as_json else _show_line(found)


@job.command("retry")
def retry_job(job_id: JobId, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Queue an ended job again."""
    with connect(url, token) as farm:
        found = farm.retry(job_id)
    show_json(found) if as_json else _show_line(found)


def _show_line(found: Job) -> None:
    out.print(f"{found.id}  {found.name}  {found.status}  {found.message}", markup=False, soft_wrap=True)


def explain(
    job_id: JobId,
    lang: Annotated[str, typer.Option(help="en or ko.")] = "en",
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Why a job waits, device by device."""
    with connect(url, token) as farm:
        found = farm.explain(job_id)
    show_json(found) if as_json else _show_explanation(found, lang)


def _show_explanation(found: Explanation, lang: str) -> None:
    out.print(found.summary.in_language(lang), markup=False, soft_wrap=True)
    if found.would_start:
        out.print({"ko": "시작하게 하려면:"}.get(lang, "What would start it:"))
        for step in found.would_start:
            out.print(f"  · {step.in_language(lang)}", markup=False, soft_wrap=True)
    if not found.devices:
        return
    show_table(
        ("Worker", "Device", "Fits", "Because"),
        [(v.worker, v.device, "yes" if v.fits else "no", v.reason.in_language(lang)) for v in found.devices],
        "",
    )


def forecast(
    batch_id: Annotated[str, typer.Argument(help="Id of the batch.")],
    lang: Annotated[str, typer.Option(help="en or ko.")] = "en",
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """When a batch will have ended, with a range."""
    with connect(url, token) as farm:
        found = farm.forecast(batch_id)
    show_json(found) if as_json else out.print(found.text.in_language(lang), markup=False, soft_wrap=True)


def workers(url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Workers and their devices."""
    with connect(url, token) as farm:
        rows = farm.workers()
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Worker", "Status", "Wish", "Pool", "Devices", "Workflows"),
        [
            (w.node_id, w.status, w.wish, w.pool, ", ".join(d.name for d in w.devices), len(w.capabilities))
            for w in rows
        ],
        "No worker has joined; start one with `cinefarm worker --master URL`.",
    )


WorkerName = Annotated[str, typer.Argument(help="Name or id of the worker.")]


def pause(worker: WorkerName, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Give a worker no new jobs; what runs goes on."""
    _wish(worker, WorkerWish.PAUSED, url, token, as_json)


def drain(worker: WorkerName, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Let a worker finish what runs and leave."""
    _wish(worker, WorkerWish.DRAINING, url, token, as_json)


def resume(worker: WorkerName, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Give a paused worker jobs again."""
    _wish(worker, WorkerWish.NONE, url, token, as_json)


def _wish(worker: str, wish: WorkerWish, url: str | None, token: str | None, as_json: bool) -> None:
    with connect(url, token) as farm:
        found = farm.wish(worker, wish)
    show_json(found) if as_json else out.print(f"{found.node_id}: {found.wish}", markup=False)
