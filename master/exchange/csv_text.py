"""Read and write CSV: the encodings and separators that spreadsheets really produce."""

import csv
import io
import re

from master.errors import BadInput, TooLarge
from master.exchange.grid import Grid
from master.exchange.limits import LIMITS, ImportLimits

_GUARDED = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet would take for a formula
_SEPARATORS = ",;\t"


def guard(text: str) -> str:
    """The text with a `'` before it where a spreadsheet would take it for a formula; `unguard` undoes exactly this."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def read_csv(content: bytes, limits: ImportLimits = LIMITS) -> Grid:
    """The one sheet of a CSV file. Raises `BadInput` or `TooLarge`."""
    text = decode(content)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [unguard(cell.strip()) for cell in cells]))
            if len(rows) > limits.rows + 20:
                raise TooLarge(
                    "The file has more than {rows:,} rows; split it into several files.",
                    rows=limits.rows,
                    limit=limits.rows,
                )
            if len(cells) > limits.columns:
                raise TooLarge(
                    "Row {number} has {count} columns; the most is {columns}.",
                    number=number,
                    count=len(cells),
                    columns=limits.columns,
                    limit=limits.columns,
                )
    except csv.Error as error:
        raise BadInput(
            "Line {line_num} of the CSV file cannot be read: {error}. Check its quotation marks.",
            line_num=reader.line_num,
            error=error,
        ) from error
    return Grid(name="", rows=rows)


def decode(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, else UTF-8, else CP949 (what Korean Excel writes). Raises `BadInput`."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:200]:
        head = content[:400]
        encodings = ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadInput("The file is neither UTF-8, UTF-16 nor CP949 text; save it as “CSV UTF-8”, then upload it again.")


def _separator(text: str) -> str:
    """The separator that splits the first rows most, counted outside quotation marks."""
    head = re.sub(r'"[^"]*"', "", "\n".join(text[:20_000].splitlines()[:20]))
    return max(_SEPARATORS, key=lambda mark: (head.count(mark), -_SEPARATORS.index(mark)))
