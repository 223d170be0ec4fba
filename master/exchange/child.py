"""Parse one workbook in a process of its own: `python -m master.exchange.child MEMORY_BYTES CPU_SECONDS …`.

Reads the workbook from standard input and writes JSON to standard output. The process limits itself before it reads;
whoever started it kills it when time runs out.
"""

import datetime
import io
import json
import posixpath
import re
import sys
import zipfile
from typing import Any
from xml.etree import ElementTree  # safe here: parts with a DTD were refused before

from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

try:
    import resource
except ImportError:  # Windows: only the time limit holds
    resource = None  # type: ignore[assignment]

EXIT_BAD, EXIT_LARGE = 3, 4
_CELL = re.compile(rb"<c\b([^>]*[^/>])>(.{0,9000}?)</c>", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")  # a formula that was computed to an empty text is blank, not odd
_UNCOMPUTED = re.compile(rb"<f\b(?:[^>]*/>|.*?</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*$", re.DOTALL)
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class TooMuch(Exception):
    """More rows, columns or text than allowed; the message says which."""


def main(arguments: list[str]) -> int:
    memory_bytes, cpu_s, rows, columns, text_chars = (int(argument) for argument in arguments)
    _limit(memory_bytes, cpu_s)
    content = sys.stdin.buffer.read()
    try:
        answer = {"sheets": read_sheets(content, rows=rows, columns=columns, text_chars=text_chars)}
    except TooMuch as error:
        return _say(str(error), EXIT_LARGE)
    except MemoryError:
        return _say("out of memory", EXIT_LARGE)
    except (CalamineError, ElementTree.ParseError, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        return _say(str(error), EXIT_BAD)
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    return 0


def _limit(memory_bytes: int, cpu_s: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(reason: str, code: int) -> int:
    sys.stderr.write(reason[:500])
    return code


def read_sheets(content: bytes, *, rows: int, columns: int, text_chars: int) -> list[dict[str, Any]]:
    workbook = load_workbook(io.BytesIO(content))
    oddities = _odd_cells(content)
    sheets: list[dict[str, Any]] = []
    for index, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        visible = metadata.visible == SheetVisibleEnum.Visible
        sheet: dict[str, Any] = {"name": metadata.name, "visible": visible, "rows": [], "odd": {}}
        if visible or metadata.name == "_meta":
            parsed = workbook.get_sheet_by_index(index)
            if parsed.total_width > columns:
                raise TooMuch(f"sheet “{metadata.name}” has {parsed.total_width} columns; the most is {columns}")
            sheet["rows"], left = _rows(parsed, text_chars)
            text_chars = left
            sheet["odd"] = oddities.get(metadata.name, {})
            if len(sheet["rows"]) > rows + 20:
                raise TooMuch(f"sheet “{metadata.name}” has {len(sheet['rows'])} rows; the most is {rows}")
        sheets.append(sheet)
    return sheets


def _rows(sheet: CalamineSheet, text_chars: int) -> tuple[list[tuple[int, list[str]]], int]:
    """(row number from 1, cells) of every row that is not blank; and how many characters are still allowed."""
    grid: dict[int, list[str]] = {}
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            grid[number] = texts
            text_chars -= sum(map(len, texts))
            if text_chars < 0:
                raise TooMuch("its cells hold too much text together")
    _fill_merged(sheet, grid)
    return list(grid.items()), text_chars


def _fill_merged(sheet: CalamineSheet, grid: dict[int, list[str]]) -> None:
    """A cell merged over several rows counts for each of them that holds anything else."""
    last = max(grid, default=0)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        source = grid.get(top + 1, [])
        value = source[left] if left < len(source) else ""
        if not value:
            continue
        for number in range(top + 2, min(bottom + 1, last) + 1):
            cells = grid.get(number)
            if cells is not None:
                cells.extend([""] * (left + 1 - len(cells)))
                cells[left] = cells[left] or value


def _text(cell: object) -> str:
    """A cell as people would type it: 1.0 is “1”, dates are ISO, a time of 3.5 s is “00:00:03.500”."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime.datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case datetime.time():
            return cell.isoformat(timespec="milliseconds" if cell.microsecond else "seconds")
        case datetime.timedelta():
            seconds, rest = divmod(cell.total_seconds(), 1)
            clock = f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"
            return clock + (f".{round(rest * 1000):03}" if round(rest * 1000) else "")
        case _:
            return str(cell)


def _odd_cells(content: bytes) -> dict[str, dict[str, str]]:
    """By sheet name: cells that hold an error, or a formula that was never computed; both would read as blank."""
    odd: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        for sheet, part in _sheet_parts(archive):
            if part not in names:
                continue
            xml = archive.read(part)
            if b"<f" not in xml and b't="e"' not in xml and b"t='e'" not in xml:
                continue
            for match in _CELL.finditer(xml):
                place = _PLACE.search(match[1])
                reason = _oddity(match[1], match[2])
                if place and reason:
                    odd.setdefault(sheet, {})[place[1].decode()] = reason
    return odd


def _oddity(attributes: bytes, body: bytes) -> str:
    if _ERROR.search(attributes):
        return "error"
    return "formula" if not _TEXT_RESULT.search(attributes) and _UNCOMPUTED.match(body) else ""


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return [
        (
            sheet.get("name", ""),
            posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_REL_ID)) or "")).lstrip("/"),
        )
        for sheet in workbook.iter(f"{_NS}sheet")
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
