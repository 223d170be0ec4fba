"""CSV as spreadsheets really write it, and JSON from anybody."""

import json
from typing import Any

import pytest
from exchange_kit import Desk, counts
from hypothesis import given
from hypothesis import strategies as st

from master.errors import BadInput, TooLarge
from master.exchange.csv_text import guard, read_csv, unguard
from master.exchange.limits import ImportLimits

TEXT = "샷,장면 설명\nA1,비 오는 거리\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"])
def test_any_encoding_that_spreadsheets_write(desk: Desk, encoding: str) -> None:
    desk.imported(TEXT.encode(encoding), name="x.csv")
    assert desk.shots()["A1"]["scene_description"] == "비 오는 거리"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_any_separator(desk: Desk, mark: str) -> None:
    rows = [["Shot", "Scene", "Notes"], ["A1", '"a, b; c"', "x"]]
    desk.imported("\r\n".join(mark.join(row) for row in rows).encode())
    assert desk.shots()["A1"]["scene_description"] == "a, b; c"


def test_quoted_line_breaks_and_quotation_marks(desk: Desk) -> None:
    desk.imported(b'Shot,Scene,Notes\r\nA1,"two\r\nlines","say ""hi"""\r\nA2,x,y\r\n')
    shots = desk.shots()
    assert (shots["A1"]["scene_description"], shots["A1"]["notes"]) == ("two\nlines", 'say "hi"')
    assert set(shots) == {"A1", "A2"}


def test_a_bad_cell_is_named_by_row_and_column(desk: Desk) -> None:
    desk.refused(b"Shot,Seconds\nA1,2\nA2,soon\n", 422, "row 3, column “Seconds”", "no length")


def test_an_open_quotation_mark_is_refused_with_its_line(desk: Desk) -> None:
    desk.refused(b'Shot,Scene\nA1,"open\n', 422, "Line 2")


def test_bytes_that_are_no_text_are_refused(desk: Desk) -> None:
    desk.refused(b"Shot,Scene\nA1,\xff\xff\x81\n", 422, "UTF-8")


def test_too_many_csv_rows_are_refused() -> None:
    with pytest.raises(TooLarge, match="rows"):
        read_csv(b"Shot\n" + b"A\n" * 25_000, ImportLimits())


@given(st.text(max_size=20))
def test_the_guard_against_formulas_is_undone_exactly(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_guarded_formula_is_stripped_on_import(desk: Desk) -> None:
    desk.imported(b"Shot,Scene\nA1,'=SUM(A1)\n")
    assert desk.shots()["A1"]["scene_description"] == "=SUM(A1)"


def post(desk: Desk, document: Any, status: int = 200, *words: str, **options: Any) -> dict[str, Any]:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    if status == 200:
        return desk.imported(content, name="x.json", **options)
    return desk.refused(content, status, *words, **options)


def test_a_list_or_an_object_of_shots(desk: Desk) -> None:
    post(desk, [{"code": "A1", "scene": "거리", "seconds": 3.5, "characters": ["Mina(coat)"]}], create_missing=True)
    post(desk, {"shots": [{"샷": "A2", "장면 설명": "집", "frames": 12, "characters": [{"name": "Mina"}]}]})
    shots = desk.shots()
    assert (shots["A1"]["frame_count"], shots["A2"]["frame_count"]) == (84, 12)
    assert [c["look_name"] for c in shots["A1"]["characters"]] == ["coat"]
    assert [c["name"] for c in shots["A2"]["characters"]] == ["Mina"]


def test_a_whole_project_in_json(desk: Desk) -> None:
    document = {
        "characters": [{"name": "Mina", "looks": [{"name": "coat", "description": "red"}], "default look": "coat"}],
        "options": [{"name": "Night", "camera": "Arri Alexa 35"}],
        "sequences": [{"code": "S1", "name": "One"}],
        "shots": [{"code": "A1", "characters": "Mina", "option": "Night", "sequence": "S1"}],
    }
    report = post(desk, document)
    assert {sheet["kind"]: sheet["new"] for sheet in report["sheets"]} == {
        "sequences": 1,
        "characters": 1,
        "looks": 1,
        "options": 1,
        "shots": 1,
    }
    assert counts(post(desk, document)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b'{"shots": [{"code": "A1", "__proto__": {"x": 1}}]}', ["__proto__"]),
        (b'{"shots": [{"code": "A1", "code": "A2"}]}', ["“code” twice"]),
        (b'{"shots": [{"code": "A1", "seconds": NaN}]}', ["NaN"]),
        (b'{"shots": [{"code": "A1", "seconds": 1e999}]}', ["shots[0].seconds"]),
        (b'{"shots": ' + b"[" * 5000 + b"]" * 5000 + b"}", ["nested"]),
        (b'{"shots": ' + b"[" * 200 + b"]" * 200 + b"}", ["levels deep"]),
        (b'{"shots": [1, "x"]}', ["shots[0]", "must be an object"]),
        (b'{"shots": {}}', ["must be a list"]),
        (b'{"x": []}', ["no list of shots"]),
        (b'{"shots": [', ["not JSON"]),
        (b'{"shots": [{"code": "\\ud800"}]}', ["surrogate"]),
        (b'{"schema_version": 99, "shots": [{"code": "A1"}]}', ["schema version", "Update Cinefarm"]),
        (b'{"shots": [{"code": "A1", "scene": ["x"]}]}', ["shots[0].scene"]),
        (b'{"shots": [{"code": "A1", "scene": "x", "Scene": "y"}]}', ["shots[0].Scene", "already"]),
        (b'{"shots": [{"code": "A1", "sequence_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}]}', ["shots[0].sequence_id"]),
        (b'{"shots": [{"code": "A1", "characters": [{"character_id": "x"}]}]}', ["characters[0].character_id"]),
        (b'{"shots": [{"code": "A1", "seconds": 0}]}', ["shots[0].seconds", "too short"]),
        (b'{"shots": [{"code": 1' + b"0" * 5000 + b"}]}", ["JSON"]),
    ],
)
def test_bad_json_is_refused_with_its_path(desk: Desk, document: bytes, words: list[str]) -> None:
    post(desk, document, 422, *words)


def test_too_many_json_rows_are_refused(desk: Desk) -> None:
    post(desk, [{"code": f"A{n}"} for n in range(20_001)], 413, "20,001 rows")


def test_a_stranger_s_ids_do_not_reach_other_projects(desk: Desk) -> None:
    """A row that names the id of another project's shot is a new shot here."""
    other = Desk(desk.api, "OTHER")
    post(other, [{"code": "B1", "scene": "secret"}])
    foreign = other.shots()["B1"]["id"]
    report = post(desk, [{"id": foreign, "code": "A1", "scene": "mine"}])
    assert counts(report) == (1, 0, 0, 0)
    assert desk.shots()["A1"]["id"] != foreign
    assert other.shots()["B1"]["scene_description"] == "secret"


def test_errors_are_sentences(desk: Desk) -> None:
    with pytest.raises(BadInput, match=r"^The file is neither"):
        read_csv(b"\xff\xff\x81")
