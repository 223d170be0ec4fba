"""A project's rows as cells in the order of the film: what every written format shares."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from master.exchange.cells import number_text
from master.exchange.columns import BASE, ID, REV, SHEETS, Column, Kind
from master.exchange.current import Current, Existing, load_current, mark, writer
from master.exchange.tables import clean
from master.models import Media, Project, Shot, Take
from master.shots.bible import clock_of
from master.shots.places import load_cut

ORDER = (Kind.SHOTS, Kind.SEQUENCES, Kind.CHARACTERS, Kind.LOOKS, Kind.OPTIONS)  # of the sheets


@dataclass(slots=True)
class SheetCells:
    """One sheet: its columns, and every row as texts by column key, hidden keys included."""

    kind: Kind
    columns: tuple[Column, ...]
    rows: list[dict[str, str]]


@dataclass(slots=True)
class ProjectCells:
    project: Project
    sheets: list[SheetCells]


def project_cells(session: Session, project: Project) -> ProjectCells:
    """Everything of a project that travels in a workbook."""
    current = load_current(session, project)
    shots = _shot_rows(session, current)
    sheets = [SheetCells(Kind.SHOTS, _columns(Kind.SHOTS), shots)]
    for kind in ORDER[1:]:
        write = writer(kind, current.names)
        rows = [
            _row(kind, row, {key: write(key, value) for key, value in row.values.items()})
            for row in _sorted(kind, current)
        ]
        sheets.append(SheetCells(kind, _columns(kind), rows))
    return ProjectCells(project, sheets)


def _columns(kind: Kind) -> tuple[Column, ...]:
    return tuple(column for column in SHEETS[kind].columns if column.exported)


def _sorted(kind: Kind, current: Current) -> list[Existing]:
    rows = current.rows[kind].values()
    if kind == Kind.SEQUENCES:
        return sorted(rows, key=lambda row: (row.values["position"], row.id))
    if kind == Kind.LOOKS:
        order = {id: number for number, id in enumerate(current.rows[Kind.CHARACTERS])}
        return sorted(rows, key=lambda row: (order[row.values["character"]], row.id))
    return list(rows)


def _shot_rows(session: Session, current: Current) -> list[dict[str, str]]:
    clock = clock_of(current.project)
    write = writer(Kind.SHOTS, current.names)
    rows = []
    for id, place in load_cut(session, current.project).items():
        existing, shot = current.rows[Kind.SHOTS][id], current.shots[id]
        cells = {key: write(key, value) for key, value in existing.values.items()}
        cells |= {
            "seconds": number_text(round(clock.rate.seconds(existing.values["frames"]), 3)),
            "status": shot.status.value,
            "generated_prompt": clean(shot.generated_prompt),
            "timecode_in": clock.show(place.start),
            "timecode_out": clock.show(place.end),
            "panel": "",
        }
        rows.append(_row(Kind.SHOTS, existing, cells))
    return rows


def _row(kind: Kind, existing: Existing, cells: dict[str, str]) -> dict[str, str]:
    """With the hidden cells that bring the row back to its place, and tell later which cells were edited."""
    marks = " ".join(f"{c.key}={mark(cells[c.key])}" for c in _columns(kind) if not c.read_only)
    return cells | {ID: existing.id, REV: str(existing.rev), BASE: marks}


def panel_paths(session: Session, project: Project) -> dict[str, str]:
    """The storage path of each shot's confirmed picture (its thumbnail where there is one), by shot id."""
    rows = session.execute(
        select(Shot.id, Media.path)
        .join(Take, col(Take.id) == Shot.confirmed_take_id)
        .join(Media, col(Media.id) == Take.thumbnail_id)
        .where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))
    )
    return {row.id: row.path for row in rows}
