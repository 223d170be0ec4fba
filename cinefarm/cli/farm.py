"""Commands that steer the farm: limits, shares, workers' hours, forgiveness; and the record of who did what."""

import re
from datetime import datetime
from typing import Annotated, Any

import typer

from cinefarm.cli.output import AsJson, Token, Url, connect, out, show_json, show_table
from cinefarm.records import Limit, Share, Worker

limits = typer.Typer(help="Licences, rates and budgets of money that jobs share by name.", no_args_is_help=True)
shares = typer.Typer(help="What users and projects may claim of the farm.", no_args_is_help=True)

_WINDOW = re.compile(
    r"((?:mon|tue|wed|thu|fri|sat|sun)(?:[,-](?:mon|tue|wed|thu|fri|sat|sun))*) (\d\d:\d\d)-(\d\d:\d\d)"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Name = Annotated[str, typer.Argument(help="Name of the limit, as workflows call it.")]
Kind = Annotated[str, typer.Argument(help="user or project")]
Who = Annotated[str, typer.Argument(help="Name of the user, or code of the project.")]
WorkerName = Annotated[str, typer.Argument(help="Name or id of the worker.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(limits, name="limits")
    app.add_typer(shares, name="shares")
    app.command()(schedule)
    app.command()(pool)
    app.command()(tags)
    app.command()(forgive)
    app.command()(profiles)
    app.command()(events)
    app.command()(timeline)


# -- limits


@limits.command("list")
def list_limits(url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Limits, what is in use, and who waits for them."""
    with connect(url, token) as farm:
        rows = farm.limits()
    show_json(rows) if as_json else _show_limits(rows)


@limits.command("set")
def set_limit(
    name: Name,
    capacity: Annotated[float | None, typer.Option(help="How much may be in use at once.")] = None,
    burst: Annotated[float | None, typer.Option(help="What its bucket holds when it is full.")] = None,
    refill_per_s: Annotated[float, typer.Option(help="What flows into the bucket each second.")] = 0.0,
    per_hour: Annotated[float | None, typer.Option(help="The same by the hour.")] = None,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Make or replace a limit. What jobs hold and have drawn stays counted."""
    if per_hour is not None:
        refill_per_s = per_hour / 3600
    with connect(url, token) as farm:
        found = farm.set_limit(name, capacity=capacity, burst=burst, refill_per_s=refill_per_s, note=note)
    show_json(found) if as_json else _show_limits([found])


@limits.command("remove")
def remove_limit(name: Name, url: Url = None, token: Token = None) -> None:
    """Hold jobs back by it no longer."""
    with connect(url, token) as farm:
        farm.remove_limit(name)
    out.print(f"{name} limits nothing any more.", markup=False)


def _show_limits(rows: list[Limit]) -> None:
    show_table(
        ("Limit", "In use", "Of", "In bucket", "Of", "Per hour", "Waiting", "Note"),
        [
            (
                r.name,
                f"{r.in_use:g}",
                _number(r.capacity),
                _number(r.tokens),
                _number(r.burst),
                _rate(r),
                r.waiting,
                r.note,
            )
            for r in rows
        ],
        "No limits; set one with `cinefarm limits set NAME --capacity 2`.",
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _rate(limit: Limit) -> str:
    return f"{limit.refill_per_s * 3600:.6g}" if limit.burst is not None else ""


# -- shares


@shares.command("list")
def list_shares(url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Who has a share, has work, or had some in the last day. Who has the smallest virtual time goes first."""
    with connect(url, token) as farm:
        rows = farm.shares()
    show_json(rows) if as_json else _show_shares(rows)


@shares.command("set")
def set_share(
    kind: Kind,
    name: Who,
    weight: Annotated[float, typer.Option(help="Twice the weight, twice the device time.", min=0.01, max=100)] = 1.0,
    max_running: Annotated[int | None, typer.Option(help="Jobs at once.", min=0)] = None,
    budget_gpu_hours: Annotated[float | None, typer.Option(help="Device hours from now on.", min=0)] = None,
    pool: Annotated[list[str] | None, typer.Option(help="Only these pools; may be given more than once.")] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Make or replace a share. A budget that is changed begins to be spent now."""
    with connect(url, token) as farm:
        found = farm.set_share(
            _kind(kind), name, weight=weight, max_running=max_running, budget_gpu_hours=budget_gpu_hours, pools=pool
        )
    show_json(found) if as_json else _show_shares([found])


@shares.command("remove")
def remove_share(kind: Kind, name: Who, url: Url = None, token: Token = None) -> None:
    """Back to a weight of 1 without limits."""
    with connect(url, token) as farm:
        farm.remove_share(_kind(kind), name)
    out.print(f"{name} has a weight of 1 and no limits.", markup=False)


def _kind(kind: str) -> str:
    if kind not in ("user", "project"):
        raise typer.BadParameter(f"“{kind}” is neither user nor project.", param_hint="KIND")
    return kind


def _show_shares(rows: list[Share]) -> None:
    show_table(
        ("Share", "Of", "Weight", "Running", "Most", "Waiting", "Used 24 h", "Budget h", "Left h", "Virtual s"),
        [
            (
                row.name,
                row.kind,
                f"{row.weight:g}",
                row.running,
                row.max_running,
                row.waiting,
                f"{row.used_s / 3600:.2f} h",
                _number(row.budget_gpu_hours),
                _number(row.budget_left_gpu_hours),
                f"{row.virtual_s:.0f}",
            )
            for row in rows
        ],
        "Nobody has used the farm today.",
    )


# -- workers


def schedule(
    worker: WorkerName,
    window: Annotated[
        list[str] | None,
        typer.Argument(help="“mon-fri 20:00-08:00”; an end at or before the start is on the next day."),
    ] = None,
    zone: Annotated[str, typer.Option(help="Time zone, e.g. Asia/Seoul.")] = "UTC",
    always: Annotated[bool, typer.Option("--always", help="No hours: it may work at any time.")] = False,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Set the hours in which a worker may begin jobs. What runs when they end goes on."""
    if bool(window) == always:
        raise typer.BadParameter("Give hours such as “mon-fri 20:00-08:00”, or --always.")
    wanted = None if always else {"time_zone": zone, "windows": [_window(text) for text in window or ()]}
    with connect(url, token) as farm:
        found = farm.schedule(worker, wanted)
    _show_worker(found, as_json)


def _window(text: str) -> dict[str, Any]:
    match = _WINDOW.fullmatch(text.strip().lower())
    if match is None:
        raise typer.BadParameter(f"“{text}” is not a window; write e.g. “mon-fri 20:00-08:00”.")
    return {"days": _days(match[1]), "start": match[2], "end": match[3]}


def _days(text: str) -> list[str]:
    """`mon-wed,sat` as its days; a range may go over Sunday."""
    found: list[str] = []
    for part in text.split(","):
        ends = [_DAYS.index(day) for day in part.split("-")]
        if len(ends) > 2:
            raise typer.BadParameter(f"“{part}” is not a range of days; write e.g. mon-fri.")
        span = (ends[-1] - ends[0]) % 7
        found += [_DAYS[(ends[0] + step) % 7] for step in range(span + 1)]
    return sorted(set(found), key=_DAYS.index)


def pool(
    worker: WorkerName,
    name: Annotated[str | None, typer.Argument(help="The pool; left out, its own word counts again.")] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Put a worker into a pool, whatever it says of itself."""
    with connect(url, token) as farm:
        found = farm.assign_pool(worker, name)
    _show_worker(found, as_json)


def tags(
    worker: WorkerName,
    tag: Annotated[list[str] | None, typer.Argument(help="All of its tags; none to remove them.")] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Label a worker. Labels are for people; placement does not look at them."""
    with connect(url, token) as farm:
        found = farm.tag(worker, tag or [])
    _show_worker(found, as_json)


def forgive(
    worker: WorkerName,
    batch: Annotated[str | None, typer.Option(help="Only its block on this batch.")] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """End a worker's blocks now, and let its sick devices work again."""
    with connect(url, token) as farm:
        found = farm.forgive(worker, batch)
    _show_worker(found, as_json)


def _show_worker(found: Worker, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    state = "open" if found.is_open else "outside its hours"
    out.print(f"{found.node_id}: {found.status}, {state}, pool {found.pool or 'none'}", markup=False)
    for block in found.blocks:
        out.print(f"  gets no jobs of batch {block.batch_id} until {_time(block.until)}", markup=False)
    for device in found.devices:
        if device.sick_until:
            out.print(f"  {device.name} is paused until {_time(device.sick_until)}", markup=False)


# -- the record


def profiles(
    workflow: Annotated[str | None, typer.Argument(help="Only of this workflow.")] = None,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """What jobs were measured to need."""
    with connect(url, token) as farm:
        rows = farm.profiles(workflow)
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Workflow", "Variant", "Size", "Device", "Count", "Seconds", "±", "VRAM GB", "RAM GB"),
        [
            (
                row.workflow,
                row.variant,
                row.size,
                row.device_model,
                row.count,
                f"{row.seconds:.2f}",
                f"{row.spread:.2f}",
                f"{row.peak_vram_gb:.1f}",
                f"{row.peak_ram_gb:.1f}",
            )
            for row in rows
        ],
        "Nothing was measured yet.",
    )


def events(
    noun: Annotated[str | None, typer.Option(help="job, batch, worker, limit, share or token.")] = None,
    id: Annotated[str | None, typer.Option(help="Only of this one.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only by this person; “farm” for what it did by itself.")] = None,
    project: Annotated[str | None, typer.Option(help="Only of this project.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Who did what, newest first."""
    with connect(url, token) as farm:
        rows = farm.events(noun=noun, id=id, actor=actor, project=project, limit=limit)
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Time", "Who", "What", "Which", "Project", "Text"),
        [(_time(row.time), row.actor, f"{row.noun} {row.change}", row.noun_id, row.project, row.text) for row in rows],
        "Nothing was done yet.",
    )


def timeline(
    job_id: Annotated[str, typer.Argument(help="Id of the job.")],
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """What befell a job, oldest first."""
    with connect(url, token) as farm:
        rows = farm.timeline(job_id)
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Time", "Who", "What", "Attempt", "Text"),
        [(_time(row.time), row.actor, row.change, row.attempt, row.text) for row in rows],
        "",
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M:%S}"
