"""Write the shots as CSV that spreadsheets open rightly: UTF-8 with its mark, and no cell that could be a formula."""

import csv
import io

from master.exchange.columns import ID, REV, Kind
from master.exchange.csv_text import guard
from master.exchange.export import ProjectCells


def write_csv(cells: ProjectCells, *, language: str) -> bytes:
    sheet = next(sheet for sheet in cells.sheets if sheet.kind == Kind.SHOTS)
    columns = [column for column in sheet.columns if column.key != "panel"]
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*(column.title(language) for column in columns), ID, REV])
    for row in sheet.rows:
        texts = [row[column.key] if column.number else guard(row[column.key]) for column in columns]
        writer.writerow([*texts, row[ID], row[REV]])
    return b"\xef\xbb\xbf" + file.getvalue().encode()
