"""Commands that keep the farm's records: backup, restore, prune. Each works while the master is stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from cinefarm.cli.output import AsJson, Token, Url, connect, err, out, show_json
from cinefarm.cli.parts import load_part
from cinefarm.cli.serving import ProjectsDir, StateDir, StorageDir, read_settings
from cinefarm.client import Farm, FarmError
from cinefarm.storage import sha256_file

SizesOnly = Annotated[bool, typer.Option("--sizes-only", help="Do not read the rendered files, only look at them.")]
_SHOWN = 50


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)
    app.command()(prune)


def backup(
    to: Annotated[Path | None, typer.Option(help="Folder for the copy; else that of the settings.")] = None,
    url: Url = None,
    token: Token = None,
    state_dir: StateDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database and check the copy. Works while the master runs and while it is stopped."""
    made = _with_master(lambda farm: _fetch(farm, to), url, token, state_dir)
    if made is None:
        part, settings = _offline({"state_dir": state_dir})
        record, folder = _done_by(part, lambda: part.backup(settings, to))
        made = {**record.model_dump(mode="json"), "file": str(folder / record.name)}
    if as_json:
        show_json(made)
        return
    out.print(f"{made['file']}", markup=False, soft_wrap=True)
    out.print(f"{made['bytes'] / 1e6:.1f} MB, {sum(made['rows'].values())} rows, checked", markup=False)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup: cinefarm-….db")],
    verify_only: Annotated[bool, typer.Option("--verify-only", help="Check it and change nothing.")] = False,
    sizes_only: SizesOnly = False,
    projects_dir: ProjectsDir = None,
    storage_dir: StorageDir = None,
    state_dir: StateDir = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database; the one that was there is kept. The master must be stopped."""
    part, settings = _offline({"projects_dir": projects_dir, "storage_dir": storage_dir, "state_dir": state_dir})
    act = part.verify if verify_only else part.restore
    done = _done_by(part, lambda: act(settings, file, sizes_only=sizes_only))
    if as_json:
        show_json(done)
    else:
        _tell_restored(done, verify_only)
    if done.damages:
        raise typer.Exit(1)


def prune(
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would go.")] = False,
    clock_is_right: Annotated[bool, typer.Option(help="Believe a clock that has leapt ahead.")] = False,
    url: Url = None,
    token: Token = None,
    state_dir: StateDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete what is older than the settings keep it: the trash, logs, files of ended attempts, files nothing names."""
    query = {"dry_run": not yes, "clock_is_right": clock_is_right}
    done = _with_master(
        lambda farm: dict(farm.request("POST", "/api/prune", params=query).json()), url, token, state_dir
    )
    if done is None:
        part, settings = _offline({"state_dir": state_dir})
        done = _done_by(part, lambda: part.prune(settings, **query)).model_dump(mode="json")
    if as_json:
        show_json(done)
    else:
        _tell_pruned(done)
    if done["refused"]:
        raise typer.Exit(1)


def _with_master(
    act: Callable[[Farm], dict[str, Any]], url: str | None, token: str | None, state_dir: Path | None
) -> dict[str, Any] | None:
    """What the running master answers; None when nobody does, or when a stopped one's folder is given."""
    if state_dir and not url:
        return None
    try:
        with connect(url, token) as farm:
            return act(farm)
    except FarmError as error:
        if error.status or url:
            raise
        return None


def _fetch(farm: Farm, to: Path | None) -> dict[str, Any]:
    """Have the master make a backup; copy it to `to`, which works on the master's own machine."""
    made = farm.request("POST", "/api/backups").json()
    record, source = made["backup"], Path(made["folder"]) / made["backup"]["name"]
    if to is None:
        return {**record, "file": str(source)}
    if not source.is_file():
        err.print(
            f"The backup is made: {source} on the master's machine. It cannot be reached from here to copy it to {to}.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(1)
    to.mkdir(parents=True, exist_ok=True)
    target = to / source.name
    shutil.copyfile(source, target)
    if sha256_file(target) != record["sha256"]:
        target.unlink()
        err.print(f"The copy in {to} came out damaged and is deleted; {source} is whole.", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    shutil.copyfile(source.with_suffix(".json"), target.with_suffix(".json"))
    return {**record, "file": str(target)}


def _offline(given: dict[str, Path | None]) -> tuple[ModuleType, Any]:
    return load_part("master.offline"), read_settings(load_part("master.config").MasterSettings, given)


def _done_by(part: ModuleType, act: Callable[[], Any]) -> Any:
    """A refusal is one sentence and its exit code."""
    try:
        return act()
    except part.CannotStart as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(error.code) from error
    except part.CinefarmError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


def _tell_restored(done: Any, verify_only: bool) -> None:
    rows = ", ".join(f"{count} {name}" for name, count in done.backup.rows.items() if count)
    lines = [
        f"{done.backup.file} is {'whole' if verify_only else 'restored'}: {rows or 'no rows'}.",
        *([] if done.backup.has_manifest else ["It has no manifest beside it, so its hash could not be compared."]),
        *([f"The database that was there lies in {done.replaced}."] if done.replaced else []),
        *([f"{done.requeued} jobs that were out wait again."] if done.requeued else []),
    ]
    out.print("\n".join(lines), markup=False, soft_wrap=True)
    if done.damages:
        err.print(f"{len(done.damages)} files that it names are not as they should be:", markup=False)
        for damage in done.damages[:_SHOWN]:
            err.print(f"  {damage.path}: {damage.problem}", markup=False, soft_wrap=True)


def _tell_pruned(done: dict[str, Any]) -> None:
    trash = done["trash"]
    counts = [
        (len(trash["projects"]), "projects in the trash"),
        (trash["shots"], "shots"),
        (trash["ads"], "ads"),
        (trash["others"], "characters, looks, options, sequences and views"),
        (trash["media"], "media rows"),
        (done["log_lines"], "log lines"),
        (done["events"], "entries of who did what"),
        (done["steps"], "undo steps of tabs not used any more"),
        (done["orphan_folders"], "folders of ended attempts"),
        (done["objects_marked"], "unnamed files marked for later"),
        (done["objects_set_aside"], "unnamed files set aside for a day"),
        (done["objects_deleted"], "unnamed files"),
    ]
    said = [f"  {count} {what}" for count, what in counts if count]
    heading = "Would go (run again with --yes):" if done["dry_run"] else "Gone:"
    out.print("\n".join([heading, *(said or ["  nothing"])]), markup=False)
    out.print(f"  {done['bytes'] / 1e6:.1f} MB of disk", markup=False)
    for line in [*trash["kept"], *([done["refused"]] if done["refused"] else [])]:
        err.print(line, markup=False, soft_wrap=True)
