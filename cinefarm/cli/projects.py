"""Commands on projects and shot lists."""

from pathlib import Path
from typing import Annotated

import typer

from cinefarm.cli.output import AsJson, Token, Url, connect, out, show_json, show_table
from cinefarm.records import ImportReport
from cinefarm.timecode import FrameRate

projects = typer.Typer(help="Projects.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Code of the project, e.g. DEMO.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(projects, name="project")
    app.command("import")(import_file)
    app.command("export")(export_file)
    app.command()(upload)


@projects.command("list")
def list_projects(url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Every project."""
    with connect(url, token) as farm:
        rows = farm.projects()
    if as_json:
        show_json(rows)
        return
    show_table(
        ("Code", "Name", "Fps", "Size", "Shots"),
        [(p.code, p.name, FrameRate(p.fps_num, p.fps_den), f"{p.width}×{p.height}", p.shot_count) for p in rows],
        "No project yet; make one with `cinefarm project create CODE NAME`.",
    )


@projects.command("create")
def create_project(
    code: Code,
    name: Annotated[str, typer.Argument(help="Its name.")],
    fps: Annotated[str, typer.Option(help="24, 25, 23.976, 30000/1001 …")] = "24",
    size: Annotated[str, typer.Option(help="Width×height in pixels.")] = "1280x720",
    start: Annotated[str, typer.Option(help="Start timecode.")] = "01:00:00:00",
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Make a project."""
    rate, (width, height) = _rate(fps), _size(size)
    with connect(url, token) as farm:
        made = farm.create_project(
            code, name, fps_num=rate.num, fps_den=rate.den, width=width, height=height, start_timecode=start
        )
    show_json(made) if as_json else out.print(f"Made {made.code}.", markup=False)


@projects.command("show")
def show_project(code: Code, url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """A project and its shots."""
    with connect(url, token) as farm:
        project, shots = farm.project(code), farm.shots(code)
    if as_json:
        show_json({**project.model_dump(mode="json"), "shots": [shot.model_dump(mode="json") for shot in shots]})
        return
    out.print(f"{project.code}  {project.name}", markup=False)
    show_table(
        ("Shot", "In", "Out", "Frames", "Status", "Takes", "Action"),
        [(s.code, s.timecode_in, s.timecode_out, s.frame_count, s.status, s.take_count, s.action[:60]) for s in shots],
        "No shots yet; import a shot list with `cinefarm import`.",
    )


def upload(
    code: Code,
    files: Annotated[list[Path], typer.Argument(help="Pictures or videos.", exists=True, dir_okay=False)],
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Put pictures or videos into a project and print their ids; into ADS the photos of products."""
    with connect(url, token) as farm:
        made = [farm.upload(code, file) for file in files]
    if as_json:
        show_json(made)
        return
    for media in made:
        out.print(f"{media.id}  {media.name}", markup=False, soft_wrap=True)


@projects.command("delete")
def delete_project(code: Code, url: Url = None, token: Token = None) -> None:
    """Put a project in the trash."""
    with connect(url, token) as farm:
        farm.delete_project(code)
    out.print(f"Deleted {code}.", markup=False)


@projects.command("restore")
def restore_project(
    file: Annotated[Path, typer.Argument(help="A data.json.", exists=True, dir_okay=False)],
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild a project from its data.json."""
    with connect(url, token) as farm:
        restored = farm.restore_project(file)
    show_json(restored) if as_json else out.print(f"Restored {restored.code}.", markup=False)


def import_file(
    project: Code,
    file: Annotated[Path, typer.Argument(help="A .xlsx, .csv or .json shot list.", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    create_missing: Annotated[bool, typer.Option(help="Create unknown characters, looks and options.")] = False,
    on_conflict: Annotated[
        str, typer.Option(help="refuse, mine (the file wins) or theirs (the farm's rows stay).")
    ] = "refuse",
    url: Url = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Import a shot list. Nothing is written when any cell is bad."""
    with connect(url, token) as farm:
        report = farm.import_shots(
            project, file, dry_run=dry_run, create_missing=create_missing, on_conflict=on_conflict
        )
    show_json(report) if as_json else _show_report(report)


def _show_report(report: ImportReport) -> None:
    out.print("Imported." if report.applied else "Dry run: nothing was written.", markup=False)
    show_table(
        ("Sheet", "New", "Changed", "Unchanged", "In conflict", "Only on the farm"),
        [(s.kind, s.new, s.changed, s.unchanged, s.conflicting, s.absent) for s in report.sheets],
        "The file holds no rows.",
    )
    lines = [f"{problem.place}: {problem.message}" for problem in report.problems]
    lines += [f"unknown {m.kind}: {m.name}{f' (of {m.of})' if m.of else ''}" for m in report.missing]
    lines += [f"column not read: {name}" for name in report.ignored_columns]
    for line in [*lines, *report.notes]:
        out.print(line, markup=False, soft_wrap=True)


def export_file(
    project: Code,
    file: Annotated[Path, typer.Argument(help="Where to write; .xlsx, .csv or .json.")],
    lang: Annotated[str, typer.Option(help="Language of the headers: en or ko.")] = "en",
    url: Url = None,
    token: Token = None,
) -> None:
    """Export a shot list; the file can be edited and imported again."""
    with connect(url, token) as farm:
        farm.export(project, file, lang=lang)
    out.print(f"Wrote {file}.", markup=False)


def _rate(text: str) -> FrameRate:
    try:
        return FrameRate.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fps") from error


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter(f"“{text}” is not a size; write e.g. 1920x1080.", param_hint="--size")
    return int(width), int(height)
