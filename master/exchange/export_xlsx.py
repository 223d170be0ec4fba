"""Write a project as a workbook that people can edit and bring back."""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.image import Image as Picture
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, UnidentifiedImageError

from cinefarm.statuses import ShotStatus
from cinefarm.storage import Storage
from master.exchange.columns import HIDDEN, SCHEMA_VERSION, SHEETS, Column, Kind
from master.exchange.export import ProjectCells, SheetCells
from master.models.shot import WorkflowType

_HEADER_FILL = PatternFill("solid", fgColor="26364A")
_LOCKED_FILL = PatternFill("solid", fgColor="EEF0F2")  # read-only columns
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as a letter
_MAX_TEXT = 32_000  # characters; Excel's own limit is 32,767
_PICTURE = (192, 108)
_PICTURES_LIMIT = 6 * 1024 * 1024  # bytes of all panels, so that the file can be uploaded again


def write_workbook(
    cells: ProjectCells, *, language: str, now: datetime, panels: Mapping[str, bytes] | None = None
) -> bytes:
    """The .xlsx file. `panels` are small pictures by shot id."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in cells.sheets:
        _write_sheet(workbook.create_sheet(SHEETS[sheet.kind].title(language)), sheet, language, panels or {})
    _add_choices(workbook, cells, language)
    _write_meta(workbook, cells, language, now)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write_sheet(target: Worksheet, sheet: SheetCells, language: str, panels: Mapping[str, bytes]) -> None:
    columns = [column for column in sheet.columns if column.key != "panel" or panels]
    titles = [column.title(language) for column in columns] + list(HIDDEN)
    for index, title in enumerate(titles, start=1):
        cell = target.cell(1, index)
        cell.value, cell.font, cell.fill = title, _HEADER_FONT, _HEADER_FILL
        target.column_dimensions[get_column_letter(index)].width = (
            columns[index - 1].width if index <= len(columns) else 12
        )
        target.column_dimensions[get_column_letter(index)].hidden = index > len(columns)
    for number, row in enumerate(sheet.rows, start=2):
        for index, column in enumerate(columns, start=1):
            _write_cell(target, number, index, column, row.get(column.key, ""))
        for index, key in enumerate(HIDDEN, start=len(columns) + 1):
            _set_text(target, number, index, row[key])
    target.freeze_panes = "B2"
    last = get_column_letter(len(columns))
    target.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
    if panels and sheet.kind == Kind.SHOTS:
        _add_panels(target, sheet, panels)


def _write_cell(target: Worksheet, row: int, index: int, column: Column, text: str) -> None:
    if column.number and text:
        cell = target.cell(row, index)
        cell.value = float(text) if "." in text or "e" in text else int(text)
        cell.alignment = _TOP
        return
    cell = _set_text(target, row, index, text)
    cell.alignment = _WRAPPED if column.width > 24 else _TOP
    if column.read_only:
        cell.fill = _LOCKED_FILL


def _set_text(target: Worksheet, row: int, index: int, text: str) -> Cell:
    """A text that stays a text: never a formula, an error or a number, whatever it looks like."""
    cell = target.cell(row, index)
    assert isinstance(cell, Cell)
    if text:
        cell.value = _ESCAPE.sub("_x005F_", text[:_MAX_TEXT])
        cell.data_type = "s"
        if text[0] in "=+-@":
            cell.quotePrefix = True  # Excel then keeps it a text when somebody edits it
    cell.number_format = "@"
    return cell


def _add_choices(workbook: Workbook, cells: ProjectCells, language: str) -> None:
    """Drop-down lists on the shots; other values may still be typed."""
    shots = workbook[SHEETS[Kind.SHOTS].title(language)]
    last = max(2, shots.max_row + 200)
    keys = {
        SHEETS[Kind.SHOTS].by_key[key].title(language): key for key in ("status", "workflow_type", "sequence", "option")
    }
    counts = {sheet.kind: len(sheet.rows) for sheet in cells.sheets}
    sources = {
        "status": _quoted_list(ShotStatus),
        "workflow_type": _quoted_list(WorkflowType),
        "sequence": _reference(Kind.SEQUENCES, counts, language),
        "option": _reference(Kind.OPTIONS, counts, language),
    }
    for index, title in enumerate(next(shots.iter_rows(max_row=1, values_only=True)), start=1):
        key = keys.get(str(title))
        if key is not None and sources[key]:
            choices = DataValidation(type="list", formula1=sources[key], allow_blank=True, showErrorMessage=False)
            choices.add(f"{get_column_letter(index)}2:{get_column_letter(index)}{last}")
            shots.add_data_validation(choices)


def _quoted_list(values: Iterable[str]) -> str:
    """Excel allows 255 characters in a list written out."""
    text = ",".join(values)
    while len(text) > 250:
        text = text.rpartition(",")[0]
    return f'"{text}"'


def _reference(kind: Kind, counts: Mapping[Kind, int], language: str) -> str:
    return f"'{SHEETS[kind].title(language)}'!$A$2:$A${counts[kind] + 1}" if counts[kind] else ""


def _write_meta(workbook: Workbook, cells: ProjectCells, language: str, now: datetime) -> None:
    meta = workbook.create_sheet("_meta")
    facts = {
        "schema": str(SCHEMA_VERSION),
        "project": cells.project.code,
        "exported_at": now.isoformat(timespec="seconds"),
        "language": language,
    }
    for row, (name, value) in enumerate(facts.items(), start=1):
        _set_text(meta, row, 1, name)
        _set_text(meta, row, 2, value)
    meta.sheet_state = "hidden"


def _add_panels(target: Worksheet, sheet: SheetCells, panels: Mapping[str, bytes]) -> None:
    letter = next(
        get_column_letter(index) for index, column in enumerate(sheet.columns, start=1) if column.key == "panel"
    )
    total = 0
    for number, row in enumerate(sheet.rows, start=2):
        picture = panels.get(row["_id"])
        total += len(picture or b"")
        if picture and total <= _PICTURES_LIMIT:
            target.add_image(Picture(io.BytesIO(picture)), f"{letter}{number}")
            target.row_dimensions[number].height = _PICTURE[1] * 0.78  # points


def read_panels(storage: Storage, paths: Mapping[str, str]) -> dict[str, bytes]:
    """Small JPEG pictures by shot id; files that are missing or unreadable are left out."""
    panels: dict[str, bytes] = {}
    total = 0
    for shot_id, path in paths.items():
        picture = _small(storage, path) if total < _PICTURES_LIMIT else None
        if picture:
            panels[shot_id] = picture
            total += len(picture)
    return panels


def _small(storage: Storage, path: str) -> bytes | None:
    file = io.BytesIO()
    try:
        with Image.open(storage.resolve(path), formats=["PNG", "JPEG", "WEBP"]) as image:
            image.thumbnail(_PICTURE)
            image.convert("RGB").save(file, "JPEG", quality=75)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return file.getvalue()
