"""What is exported and brought back changes nothing; what people wrote never becomes a formula."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from exchange_kit import Desk, counts
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from cinefarm.storage import object_path
from master.context import Master
from master.exchange.sample import FILE
from master.models import Media, Shot, Take

NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=x",
    "''-y",
    "#N/A",
    "1.0",
    "001",
    "TRUE",
    "_x0041_",
    '"quoted"',
    "a\nb",
    "=",
    "~{}",
]


@pytest.fixture
def film(desk: Desk) -> Desk:
    desk.imported(FILE.read_bytes())
    rows = [
        ["Shot", "Sequence", "Scene", "Action", "Notes", "Characters", "Seconds", "Prompt override", "별점", "태그"]
    ]
    cast = ['"Kim, Jr. (the; fox)"("coat: red, long")', "미나", "-bad-(=look)"]
    rows += [
        [
            f"X{n}",
            "SQ010",
            text,
            text + " again",
            text,
            cast[n % 3],
            str(n + 1.25),
            text,
            "★" * (n % 6) + "☆",
            f"=VFX {n}; 밤",
        ]
        for n, text in enumerate(NASTY)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([[f"'{cell}" if cell[:1] in "=+-@'" else cell for cell in row] for row in rows])
    desk.imported(text.getvalue().encode(), create_missing=True)
    return desk


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_an_export_brought_back_is_all_unchanged(film: Desk, kind: str, language: str) -> None:
    before = film.everything()
    exported = film.download(kind, **({} if kind == "json" else {"lang": language}))
    report = film.imported(exported, name=f"x.{kind}")
    assert all(sheet["new"] == sheet["changed"] == sheet["conflicting"] == 0 for sheet in report["sheets"]), report[
        "rows"
    ]
    assert counts(report)[2] == 24 + len(NASTY)
    assert (report["rows"], report["missing"]) == ([], [])
    assert film.everything() == before


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_an_export_builds_the_same_project_elsewhere(film: Desk, kind: str) -> None:
    other = Desk(film.api, "COPY")
    other.imported(film.download(kind))
    shown = (
        "code",
        "sequence",
        "scene_description",
        "action",
        "frame_count",
        "cinematic_option",
        "timecode_in",
        "notes",
        "rating",
        "tags",
    )
    mine, theirs = film.shots(), other.shots()
    assert {code: [shot[k] for k in shown] for code, shot in mine.items()} == {
        code: [shot[k] for k in shown] for code, shot in theirs.items()
    }
    assert [[c["name"], c["look_name"]] for s in mine.values() for c in s["characters"]] == [
        [c["name"], c["look_name"]] for s in theirs.values() for c in s["characters"]
    ]


def sheet_of(content: bytes, name: str) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content))[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_no_text_becomes_a_formula_in_a_workbook(film: Desk) -> None:
    content = film.download("xlsx", lang="en")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not name.startswith("xl/worksheets/") or b"<f>" not in archive.read(name)
    found = {str(cell.value): cell.data_type for row in sheet_of(content, "Shots").iter_rows() for cell in row}
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "001"):
        assert found[text] == "s"


def test_no_cell_of_a_csv_could_be_a_formula(film: Desk) -> None:
    text = film.download("csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert len(cells) > 500
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert not [cell for cell in cells if cell.startswith("-")]


def test_a_csv_opens_in_excel_as_utf_8(film: Desk) -> None:
    assert film.download("csv").startswith(b"\xef\xbb\xbf")


def test_the_workbook_is_ready_to_work_in(film: Desk) -> None:
    content = film.download("xlsx", lang="ko")
    workbook = load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["샷", "시퀀스", "등장인물", "의상", "시네마틱 옵션", "_meta"]
    assert workbook["_meta"].sheet_state == "hidden"
    sheet = sheet_of(content, "샷")
    titles = [cell.value for cell in sheet[1]]
    assert titles[:4] == ["샷", "시퀀스", "순서", "장면 설명"]
    assert titles[-3:] == ["_id", "_rev", "_base"]
    hidden = {letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden}
    assert len(hidden) >= 1
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref
    assert sheet["A2"].number_format == "@"
    lists = {str(v.formula1) for v in sheet.data_validations.dataValidation}
    assert any("pending" in one for one in lists)
    assert any("시네마틱 옵션" in one for one in lists)


def test_a_newer_workbook_is_refused(film: Desk) -> None:
    book = load_workbook(io.BytesIO(film.download("xlsx")))
    book["_meta"]["B1"] = "2"
    file = io.BytesIO()
    book.save(file)
    film.refused(file.getvalue(), 422, "schema version", "Update Cinefarm")


def confirm_take(api: TestClient, code: str, shot_code: str) -> str:
    """Give a shot a confirmed take with a thumbnail. Returns the take's id."""
    master: Master = api.app.state.master  # type: ignore[attr-defined]
    file = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(file, "PNG")
    sha256 = hashlib.sha256(file.getvalue()).hexdigest()
    path = object_path(sha256, ".png")
    master.storage.write_bytes(path, file.getvalue())

    def write(session: Any) -> str:
        shot = session.exec(Shot.__table__.select().where(Shot.__table__.c.code == shot_code)).first()
        media = Media(sha256=sha256, path=path, name="v001.png", mime="image/png", bytes=1, project_id=shot.project_id)
        session.add(media)
        session.flush()
        take = Take(shot_id=shot.id, number=1, media_id=media.id, thumbnail_id=media.id, recipe={"seed": 7})
        session.add(take)
        session.flush()
        session.get(Shot, shot.id).confirmed_take_id = take.id
        return str(take.id)

    return master.db.write(write)


def test_thumbnails_stand_beside_their_shots_and_do_no_harm_on_the_way_back(film: Desk) -> None:
    confirm_take(film.api, film.code, "SHT-00003")
    content = film.download("xlsx", lang="en", thumbnails=True)
    sheet = sheet_of(content, "Shots")
    assert len(sheet._images) == 1  # type: ignore[attr-defined]
    assert sheet._images[0].anchor._from.row == 3  # type: ignore[attr-defined]  # from 0: the row of SHT-00003
    assert counts(film.imported(content))[2] == 24 + len(NASTY)


def test_the_json_export_is_the_document_that_restores(film: Desk) -> None:
    document = json.loads(film.download("json"))
    assert (document["format"], document["schema_version"]) == ("cinefarm-project", 1)
    assert len(document["shots"]) == 24 + len(NASTY)
