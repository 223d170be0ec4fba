"""An uploaded file as tables of known columns: recognised by content, whatever its name says."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from cinefarm.sentences import Said, say
from master.errors import BadInput, Problem, TooLarge, WrongType
from master.exchange.archive import ZIP, refuse_ole
from master.exchange.columns import BASE, ID, REV, SCHEMA_VERSION, Kind
from master.exchange.csv_text import read_csv
from master.exchange.grid import Grid, column_letters
from master.exchange.headers import Header, column, doubled_problems, find_header
from master.exchange.limits import LIMITS, MIB, ImportLimits
from master.exchange.workbook import read_workbook

FileKind = Literal["xlsx", "csv", "json"]
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold
_ODD = {
    "error": say("holds an error value such as #REF!; correct the formula or type the value."),
    "formula": say("holds a formula without a computed result; open the file in Excel and save it, or type the value."),
}


@dataclass(slots=True)
class TableRow:
    """One row; `cells` has a text for every column that the file has, blank ones included."""

    number: int  # in the file, for places
    cells: dict[str, str]

    @property
    def id(self) -> str:
        return self.cells.get(ID, "")

    @property
    def rev(self) -> int | None:
        text = self.cells.get(REV, "")
        return int(text) if text.isdecimal() else None

    @property
    def base(self) -> dict[str, str]:
        """Column → short hash of the cell as it was exported."""
        pairs = (part.partition("=") for part in self.cells.get(BASE, "").split())
        return {key: mark for key, _, mark in pairs}


@dataclass(slots=True)
class Table:
    kind: Kind
    name: str  # of the sheet, or the JSON key
    rows: list[TableRow]
    titles: dict[str, str]  # key → as written in the file
    letters: dict[str, str] = field(default_factory=dict)  # key → column letters, in a workbook
    json_path: str | None = None

    def place(self, row: TableRow, key: str) -> str:
        """Where a cell stands: `Shots!F14`, `row 14, column “Seconds”` or `shots[13].seconds`."""
        title = self.titles.get(key, key)
        if self.json_path is not None:
            return f"{self.json_path}[{row.number}].{title}"
        if self.name:
            return f"{self.name}!{self.letters.get(key, '')}{row.number}"
        return f"row {row.number}, column “{title}”"

    def row_place(self, row: TableRow) -> str:
        if self.json_path is not None:
            return f"{self.json_path}[{row.number}]"
        return f"{self.name}!{row.number}" if self.name else f"row {row.number}"


@dataclass(slots=True)
class Upload:
    """Everything a file says that we understand, and what we do not."""

    file_kind: FileKind
    tables: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def check_size(content: bytes, limits: ImportLimits = LIMITS) -> None:
    if len(content) > limits.upload_bytes:
        raise TooLarge(
            "The file has {count:.1f} MiB; at most {upload_bytes:g} MiB are read. "
            "Take pictures out of it, or split it.",
            count=len(content) / MIB,
            upload_bytes=limits.upload_bytes / MIB,
            limit=limits.upload_bytes,
        )
    if not content.strip():
        raise BadInput("The file is empty; choose a file with a header row and at least one row below it.")


def kind_of(content: bytes) -> FileKind:
    """By content. Raises `WrongType` for what is none of the three."""
    refuse_ole(content)
    if content.startswith(b"PK"):
        return "xlsx"
    if content.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
    ):
        raise WrongType("This is no shot list but a picture, PDF or archive; upload .xlsx, .csv or .json.")
    head = content[:400].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head[:1] in (b"{", b"["):
        return "json"
    if head[:1] == b"<":
        raise WrongType(
            "This is an HTML or XML file (some programs call it .xls); save it as .xlsx, then upload it again."
        )
    return "csv"


def sheets_of(content: bytes, kind: FileKind, limits: ImportLimits = LIMITS) -> Upload:
    """The tables of a workbook or a CSV file. Raises `TooLarge`, `WrongType` or `BadInput`."""
    if kind == "xlsx" and not content.startswith(ZIP):
        raise WrongType(
            "The workbook is damaged (it does not start like a zip file); open it in Excel and save it again."
        )
    upload = Upload(kind)
    grids = read_workbook(content, limits) if kind == "xlsx" else [read_csv(content, limits)]
    for grid in grids:
        if grid.name == "_meta":
            _check_meta(grid)
        elif not grid.visible:
            upload.notes.append(say("The hidden sheet “{name}” was not read.", name=grid.name))
        else:
            _add_table(upload, grid, limits)
    if not upload.tables and not upload.problems:
        raise BadInput(
            "No header row was found in the first 20 rows of any sheet. "
            "Name the columns, for example “Shot”, “Scene”, “Action” or “샷”, “장면 설명”, “액션”."
        )
    return upload


def _check_meta(grid: Grid) -> None:
    meta = {cells[0]: cells[1] for _, cells in grid.rows if len(cells) >= 2}
    check_version(meta.get("schema", "1"), "_meta!B1")


def check_version(version: object, place: str) -> None:
    """Raises `BadInput` for a file from a newer Cinefarm."""
    if not str(version).isdecimal() or not 1 <= int(str(version)) <= SCHEMA_VERSION:
        raise BadInput(
            "{place}: the file has schema version {version!r}; this Cinefarm reads up to {schema_version}. "
            "Update Cinefarm, or export the file again from the older one.",
            place=place,
            version=str(version)[:20],
            schema_version=SCHEMA_VERSION,
            field=place,
            limit=SCHEMA_VERSION,
        )


def _add_table(upload: Upload, grid: Grid, limits: ImportLimits) -> None:
    header = find_header(grid)
    if header is None:
        if grid.rows:
            upload.notes.append(
                say("The sheet “{name}” was not read: none of its first 20 rows is a header row.", name=grid.name)
            )
        return
    titles = dict(grid.rows)[header.row]
    below = [(number, cells) for number, cells in grid.rows if number > header.row]
    if len(below) > limits.rows:
        raise TooLarge(
            "The table has {count:,} rows; at most {rows:,} are read. Split it.",
            count=len(below),
            rows=limits.rows,
            limit=limits.rows,
        )
    upload.problems += doubled_problems(grid, header, titles)
    upload.ignored_columns += _ignored(grid, header, below)
    table = Table(
        kind=header.kind,
        name=grid.name,
        rows=[],
        titles=header.titles,
        letters={key: column_letters(index) for key, index in header.at.items()},
    )
    for number, cells in below:
        row = {key: _clean(cells[index]) if index < len(cells) else "" for key, index in header.at.items()}
        if _is_filled(row) and not _repeats(row, header):
            table.rows.append(TableRow(number, row))
    upload.problems += _odd_problems(grid, header, table)
    upload.tables.append(table)


def _clean(text: str) -> str:
    """As the database keeps it: composed Unicode, \\n for line breaks, no space around."""
    return clean(text) if text else ""


def clean(text: str) -> str:
    """The form in which texts are compared: no characters that a workbook cannot hold."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _is_filled(row: dict[str, str]) -> bool:
    return any(text for key, text in row.items() if key not in (REV, BASE))


def _repeats(row: dict[str, str], header: Header) -> bool:
    """The header once more, as at the top of each printed page."""
    return all(" ".join(text.split()) == header.titles[key] for key, text in row.items() if text)


def _ignored(grid: Grid, header: Header, below: list[tuple[int, list[str]]]) -> list[Said]:
    """Columns with content that are not imported, each with its reason."""
    ignored = []
    known = {*header.at.values(), *(index for _, indexes in header.doubled for index in indexes)}
    named = dict(header.unknown)
    width = max((len(cells) for _, cells in below), default=0)
    for index in range(max(width, max(named, default=-1) + 1)):
        if index in known:
            continue
        title = named.get(index)
        if title is not None:
            ignored.append(say("{place}: there is no such column.", place=_column_place(grid, index, title)))
        elif any(index < len(cells) and cells[index].strip() for _, cells in below):
            ignored.append(say("{place}: it has no name.", place=_column_place(grid, index, "")))
    for key, index in header.at.items():
        found = column(header.kind, key)
        if found and found.read_only:
            ignored.append(say("{place}: it is read-only here.", place=_column_place(grid, index, header.titles[key])))
    return ignored


def _column_place(grid: Grid, index: int, title: str) -> str | Said:
    letters = f"{grid.name}!{column_letters(index)}" if grid.name else say("column {number}", number=index + 1)
    return say("{letters} “{title}”", letters=letters, title=title[:60]) if title else letters


def _odd_problems(grid: Grid, header: Header, table: Table) -> list[Problem]:
    problems = []
    editable = {
        letters: key
        for key, letters in table.letters.items()
        if not (found := column(header.kind, key)) or not found.read_only
    }
    numbers = {row.number for row in table.rows}
    for place, reason in grid.odd.items():
        letters = place.rstrip("0123456789")
        if letters in editable and int(place[len(letters) :]) in numbers:
            problems.append(Problem(place=f"{grid.name}!{place}", value=reason, message=_ODD[reason]))
    return problems
