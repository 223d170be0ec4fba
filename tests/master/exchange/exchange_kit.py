"""Small workbooks and what is asked of them, for the tests of import and export."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook

Rows = Sequence[Sequence[object]]


def xlsx(rows: Rows = (), *, title: str = "Shots", **sheets: Rows) -> bytes:
    """A workbook of one sheet and further ones by name; texts that look like formulas stay texts."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, content in {title: rows, **sheets}.items():
        sheet = workbook.create_sheet(name.replace("_", " "))
        for number, row in enumerate(content, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    cell = sheet.cell(number, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def edited(content: bytes, edit: Callable[[Workbook], None]) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    edit(workbook)
    return saved(workbook)


def repacked(content: bytes, parts: dict[str, bytes], *, replace: dict[str, bytes] | None = None) -> bytes:
    """The workbook with parts added, or with words replaced in every part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                part = source.read(name)
                for old, new in (replace or {}).items():
                    part = part.replace(old.encode(), new)
                target.writestr(name, part)
        for name, part in parts.items():
            target.writestr(name, part)
    return packed.getvalue()


class Desk:
    """One project behind the API, and a person who uploads to it and downloads from it."""

    def __init__(self, api: TestClient, code: str = "TEST", **fields: Any) -> None:
        self.api = api
        self.code = code
        answer = api.post("/api/projects", json={"code": code, "name": "Test", **fields})
        assert answer.status_code == 201, answer.text

    def upload(self, content: bytes, *, name: str = "list.xlsx", **options: Any) -> Any:
        """The answer as it is."""
        return self.api.post(f"/api/projects/{self.code}/import", params=options, files={"file": (name, content)})

    def imported(self, content: bytes, **options: Any) -> dict[str, Any]:
        answer = self.upload(content, **options)
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report

    def refused(self, content: bytes, status: int, *words: str, **options: Any) -> dict[str, Any]:
        """The import is refused with this status, its message says these words, and nothing was written."""
        before = self.everything()
        answer = self.upload(content, **options)
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        told = body["message"] + " ".join(f"{p['place']}: {p['message']}" for p in body["problems"])
        for word in words:
            assert word in told, told
        assert self.everything() == before, "a refused import wrote something"
        return body

    def shots(self) -> dict[str, dict[str, Any]]:
        answer = self.api.get(f"/api/projects/{self.code}/shots", params={"limit": 500})
        assert answer.status_code == 200, answer.text
        return {shot["code"]: shot for shot in answer.json()["rows"]}

    def download(self, kind: str, **options: Any) -> bytes:
        answer = self.api.get(f"/api/projects/{self.code}/export.{kind}", params=options)
        assert answer.status_code == 200, answer.text
        return answer.content

    def everything(self) -> dict[str, Any]:
        document: dict[str, Any] = self.api.get(f"/api/projects/{self.code}/export.json").json()
        del document["exported_at"]
        return document


def counts(report: dict[str, Any], kind: str = "shots") -> tuple[int, int, int, int]:
    """(new, changed, unchanged, conflicting)"""
    sheet = next(sheet for sheet in report["sheets"] if sheet["kind"] == kind)
    return sheet["new"], sheet["changed"], sheet["unchanged"], sheet["conflicting"]
