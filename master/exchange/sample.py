"""Build the sample film's workbook: `python -m master.exchange.sample [FILE]`. The same words give the same bytes."""

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from master.exchange import sample_film as film
from master.exchange.columns import SHEETS, Kind

FILE = Path(__file__).parents[2] / "projects" / "sample" / "sample_film.xlsx"
_EPOCH = (2026, 1, 1, 0, 0, 0)
_SHOT_HEADERS = (
    "샷",
    "씬",
    "장면 설명",
    "액션",
    "등장인물/의상",
    "카메라 설정",
    "길이",
    "네거티브 프롬프트",
    "메모/비고",
)
_CHARACTER_HEADERS = ("Name", "Description", "Style keywords", "Trigger words", "Default look", "Looks")


def build_sample() -> bytes:
    """The workbook: title rows above Korean headers on the shots, English ones on the characters."""
    workbook = Workbook()
    shots = workbook.active
    assert isinstance(shots, Worksheet)
    shots.title = "샷 목록"
    _title(shots, [film.PROJECT.name, "샷 목록, 3막 24샷. 길이는 초, 프레임(84f) 또는 타임코드로 적습니다."], width=9)
    _table(shots, _SHOT_HEADERS, film.SHOTS, widths=(13, 9, 52, 52, 30, 18, 13, 22, 34))
    characters = workbook.create_sheet("Characters")
    _title(characters, ["The Last Umbrella", "Character bible"], width=6)
    _table(characters, _CHARACTER_HEADERS, film.CHARACTERS, widths=(12, 60, 34, 18, 16, 64))
    options = workbook.create_sheet("카메라 설정")
    korean = [column.ko for column in SHEETS[Kind.OPTIONS].columns]
    _table(options, korean, film.OPTIONS, widths=(18,) * len(korean))
    _table(workbook.create_sheet("Sequences"), ("Sequence", "Name"), film.SEQUENCES, widths=(12, 40))
    file = io.BytesIO()
    workbook.save(file)
    return _without_times(file.getvalue())


def _title(sheet: Worksheet, lines: Sequence[str], *, width: int) -> None:
    for row, line in enumerate(lines, start=1):
        cell = sheet.cell(row, 1, line)
        cell.font = Font(bold=row == 1, size=16 if row == 1 else 11)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    sheet.append([])


def _table(sheet: Worksheet, headers: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
    top = sheet.max_row + 1 if sheet["A1"].value else 1
    for column, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        cell = sheet.cell(top, column, header)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="26364A")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, texts in enumerate(rows, start=top + 1):
        for column, text in enumerate(texts, start=1):
            # lengths that are plain numbers stay numbers, as people type them
            content = float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text or None
            sheet.cell(number, column, content).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"B{top + 1}"


def _without_times(content: bytes) -> bytes:
    """Pack the parts again under one date, so that the file only changes when its words do."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", part)
            target.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def main(arguments: list[str]) -> int:
    file = Path(arguments[0]) if arguments else FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(build_sample())
    sys.stdout.write(f"{file}: {len(film.SHOTS)} shots\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
