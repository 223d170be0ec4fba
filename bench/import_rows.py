"""How long an import takes: `python -m bench.import_rows [ROWS …]`. Prints one JSON line of CPU seconds.

Each run reads a workbook of ROWS × 24 columns (checks, child process, parsing), plans it against an empty project,
applies it, then reads and plans the same file once more, which finds everything unchanged.
"""

import io
import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook
from sqlmodel import SQLModel

from master.db import Database
from master.exchange.apply import dry_run, import_upload
from master.exchange.read import read_upload
from master.exchange.report import OnConflict
from master.models import ProjectFields
from master.shots.projects import create_project

T = TypeVar("T")

COLUMNS = (
    *("Shot", "Sequence", "Scene", "Action", "Characters", "Cinematic option", "Seconds", "Frames", "Workflow"),
    *("Prompt override", "Negative prompt", "Notes", "Status", "Order"),
    *(f"Studio column {number}" for number in range(1, 11)),
)


def rows(count: int) -> Iterator[list[object]]:
    for n in range(count):
        scene = f"Scene {n}: a market street in the rain at night, number {n % 97}, seen from the {n % 5}th floor"
        action = f"Character {n % 12} walks toward camera and stops at door {n % 53}; slow push in"
        cast = f"Person {n % 12}(coat {n % 3}), Person {(n + 1) % 12}"
        frames = 24 + n % 96
        shot: list[object] = [f"SHT-{n + 1:05}", f"SQ{n // 50:03}", scene, action, cast, f"Option {n % 8}"]
        shot += [round(frames / 24, 4), frames, "storyboard", None, "text, watermark", f"note {n}", "pending", n + 1]
        yield [*shot, *(f"{n}-{column}" for column in range(10))]


def workbook(count: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Shots")
    sheet.append(COLUMNS)
    for row in rows(count):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cpu_s() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def measure(count: int) -> dict[str, float]:
    content = workbook(count)
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        SQLModel.metadata.create_all(db.writer_engine)
        db.start()
        db.write(lambda session: create_project(session, ProjectFields(code="BENCH", name="Bench")).id)
        marks = [cpu_s()]
        upload = read_upload(content)
        marks.append(cpu_s())
        dry_run(db, "BENCH", upload, create_missing=True, on_conflict=OnConflict.REFUSE)
        marks.append(cpu_s())
        report = import_upload(db, "BENCH", upload, create_missing=True, on_conflict=OnConflict.REFUSE)
        assert report.applied
        assert report.row_count == count
        marks.append(cpu_s())
        again = import_upload(db, "BENCH", read_upload(content), create_missing=True, on_conflict=OnConflict.REFUSE)
        assert again.row_count == 0
        marks.append(cpu_s())
        db.stop()
    names = ("read", "dry_run", "plan_and_apply", "whole_again")
    return {"mib": round(len(content) / 2**20, 2)} | {
        name: round(after - before, 2) for name, before, after in zip(names, marks, marks[1:], strict=False)
    }


def main(arguments: list[str]) -> int:
    counts = [int(argument) for argument in arguments] or [1000, 5000, 10_000, 20_000]
    results = {str(count): measure(count) for count in counts}
    print(json.dumps({"bench": "import_rows", "columns": len(COLUMNS), "cores": os.cpu_count(), "cpu_s": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
