"""Sheets as plain texts: what every reader (workbook, CSV, JSON) makes of a file."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Grid:
    """Rows of texts with their numbers in the file, blank rows left out."""

    name: str  # of the sheet; empty for CSV
    rows: list[tuple[int, list[str]]]
    visible: bool = True
    odd: dict[str, str] = field(default_factory=dict)  # cell → "error" or "formula", which read as blank

    def place(self, row: int, column: int, title: str) -> str:
        """`Shots!F14`, or `row 14, column “Seconds”` in a CSV file."""
        return f"{self.name}!{column_letters(column)}{row}" if self.name else f"row {row}, column “{title}”"


def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
