"""What may stand in a cell: lengths, lists of characters, codes that look like numbers."""

import datetime

import pytest
from exchange_kit import Desk, edited, xlsx
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cinefarm.timecode import FrameRate
from master.exchange.cells import (
    Worn,
    number_text,
    read_cast,
    read_frames,
    read_number,
    read_rating,
    read_tags,
    write_cast,
)

FILM, NTSC = FrameRate(24), FrameRate(30000, 1001)


@pytest.mark.parametrize(
    ("text", "unit", "frames"),
    [
        ("3.5", "seconds", 84),
        ("3,5", "seconds", 84),
        ("3.5s", "frames", 84),
        ("3.5 sec", "frames", 84),
        ("3초", "frames", 72),
        ("３초", "frames", 72),
        ("1분 2초", "seconds", 1488),
        ("2초 12프레임", "seconds", 60),
        ("3s12f", "seconds", 84),
        ("84f", "seconds", 84),
        ("84프레임", "seconds", 84),
        ("84", "frames", 84),
        ("84.0", "frames", 84),
        ("00:00:03:12", "seconds", 84),
        ("00:00:03:12", "timecode", 84),
        ("00:00:03", "seconds", 72),
        ("00:00:03.500", "seconds", 84),
        ("0:03", "seconds", 72),
    ],
)
def test_a_length_is_read_in_any_notation(text: str, unit: str, frames: int) -> None:
    assert read_frames(text, FILM, unit=unit) == frames


@pytest.mark.parametrize(
    ("text", "frames"),
    [("00:01:00;02", 1800), ("00:10:00;00", 17982), ("00:00:59;29", 1799), ("00:01:00:00", 1800), ("60.06", 1800)],
)
def test_drop_frame_lengths_at_29_97(text: str, frames: int) -> None:
    assert read_frames(text, NTSC, unit="seconds") == frames


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("0", "seconds", "too short"),
        ("0f", "frames", "too short"),
        ("3.5", "frames", "whole number"),
        ("12", "timecode", "no timecode"),
        ("00:00:03:24", "seconds", "frame 24 does not exist"),
        ("00:00:03;12", "seconds", "drop-frame"),
        ("soon", "seconds", "no length"),
        ("-3", "seconds", "no length"),
        ("1e3", "seconds", "no length"),
        ("99999999", "seconds", "too long"),
    ],
)
def test_a_bad_length_says_what_is_wrong(text: str, unit: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_frames(text, FILM, unit=unit)


def test_a_left_out_drop_frame_number_is_refused() -> None:
    with pytest.raises(ValueError, match="left out"):
        read_frames("00:01:00;00", NTSC, unit="timecode")


@pytest.mark.parametrize(
    ("text", "cast"),
    [
        ("미나(빨간 우비), Joon", [("미나", "빨간 우비"), ("Joon", "")]),
        ("Mina: red raincoat; Joon", [("Mina", "red raincoat"), ("Joon", "")]),
        ("Mina: red raincoat, yellow boots; Joon", [("Mina", "red raincoat, yellow boots"), ("Joon", "")]),
        ("미나（우비）、준", [("미나", "우비"), ("준", "")]),
        ("Mina [coat]\nJoon", [("Mina", "coat"), ("Joon", "")]),
        ('"Kim, Jr." (suit), Joon', [("Kim, Jr.", "suit"), ("Joon", "")]),
        ('"Joon ""the fox"" Park"', [('Joon "the fox" Park', "")]),
        ("", []),
        (" , ;", []),
    ],
)
def test_characters_with_looks(text: str, cast: list[tuple[str, str]]) -> None:
    assert read_cast(text) == tuple(Worn(*member) for member in cast)


@pytest.mark.parametrize("text", ["Mina(coat", "Mina)coat(", '"Mina', "(coat)"])
def test_open_brackets_and_quotation_marks_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        read_cast(text)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(st.lists(st.builds(Worn, NAMES, NAMES | st.just("")), max_size=4))
def test_what_is_written_is_read_back(cast: list[Worn]) -> None:
    assert read_cast(write_cast(cast)) == tuple(cast)


@given(st.floats(-1e9, 1e9))
def test_numbers_survive_their_text(number: float) -> None:
    assert read_number(number_text(number)) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "x", ""])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(text)


def test_leading_zeros_survive_as_text_and_numbers_lose_their_point(desk: Desk) -> None:
    def as_text(workbook: Workbook) -> None:
        workbook["Shots"]["A2"].number_format = "@"

    desk.imported(edited(xlsx([["Shot", "Scene"], ["001", "x"], [1, "y"], [12.0, "z"]]), as_text))
    assert set(desk.shots()) == {"001", "1", "12"}


def test_one_is_never_taken_for_001(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Scene"], ["001", "x"]]))
    report = desk.imported(xlsx([["Shot", "Scene"], [1, "y"]]))
    assert [row["state"] for row in report["rows"]] == ["new"]
    assert "“001”, which is another code" in report["notes"][0]
    assert desk.shots()["001"]["scene_description"] == "x"


def test_dates_and_times_are_read_as_people_typed_them(desk: Desk) -> None:
    desk.imported(
        xlsx([["Shot", "Notes", "Seconds"], ["A1", datetime.date(2026, 3, 4), datetime.time(0, 0, 3, 500000)]])
    )
    shot = desk.shots()["A1"]
    assert (shot["notes"], shot["frame_count"]) == ("2026-03-04", 84)


def test_emoji_cjk_and_long_texts_come_through(desk: Desk) -> None:
    text = "비 오는 밤 🌧️ 雨の夜 — “人”\n둘째 줄"
    desk.imported(xlsx([["Shot", "Scene"], ["A1", text]]))
    assert desk.shots()["A1"]["scene_description"] == text


def test_drop_frame_durations_in_a_file(api: TestClient) -> None:
    desk = Desk(api, "NTSC", fps_num=30000, fps_den=1001, start_timecode="01:00:00;00")
    desk.imported(xlsx([["Shot", "타임코드 길이"], ["A1", "00:01:00;02"]]))
    assert desk.shots()["A1"]["frame_count"] == 1800


def test_agreeing_columns_are_one_length(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Seconds", "Frames", "Duration timecode"], ["A1", 3.5, 84, "00:00:03:12"]]))
    assert desk.shots()["A1"]["frame_count"] == 84


def test_contradicting_columns_are_a_bad_cell(desk: Desk) -> None:
    desk.refused(xlsx([["Shot", "Seconds", "Frames"], ["A1", 3.5, 90]]), 422, "Shots!C2", "90 frames but", "84 frames")


def test_of_two_columns_the_edited_one_counts(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Seconds", "Frames"], ["A1", 2, 48]]))
    desk.imported(xlsx([["Shot", "Seconds", "Frames"], ["A1", 3, 48]]))
    assert desk.shots()["A1"]["frame_count"] == 72


def test_looks_in_a_column_of_their_own(desk: Desk) -> None:
    rows = [["Shot", "Characters", "Look"], ["A1", "Mina, Joon", "coat, -"], ["A2", "Mina, Joon", "Joon: suit"]]
    desk.imported(xlsx(rows), create_missing=True)
    worn = {code: [c["look_name"] for c in shot["characters"]] for code, shot in desk.shots().items()}
    assert worn == {"A1": ["coat", ""], "A2": ["", "suit"]}


def test_looks_that_fit_nobody_are_a_bad_cell(desk: Desk) -> None:
    content = xlsx([["Shot", "Characters", "Look"], ["A1", "Mina, Joon", "coat"]])
    desk.refused(content, 422, "Shots!C2", "1 looks for 2 characters", create_missing=True)


def test_a_cell_merged_over_rows_counts_for_each(desk: Desk) -> None:
    def merge(workbook: Workbook) -> None:
        workbook["Shots"].merge_cells("A3:A5")

    rows = [["Sequence", "Shot", "Scene"], ["S1", "A1", "x"], ["S2", "A2", "x"], [None, "A3", "x"], [None, None, None]]
    desk.imported(edited(xlsx(rows), merge), create_missing=True)
    assert {code: shot["sequence"] for code, shot in desk.shots().items()} == {"A1": "S1", "A2": "S2", "A3": "S2"}


def test_blank_rows_are_skipped_wherever_they_stand(desk: Desk) -> None:
    report = desk.imported(xlsx([["Shot", "Scene"], [], ["A1", "x"], [" ", ""], ["A2", "y"], [], []]))
    assert report["row_count"] == 2


def test_hidden_sheets_are_not_read_and_it_is_said(desk: Desk) -> None:
    def hide(workbook: Workbook) -> None:
        workbook["Old"].sheet_state = "hidden"

    report = desk.imported(edited(xlsx([["Shot", "Scene"], ["A1", "x"]], Old=[["Shot", "Scene"], ["B1", "y"]]), hide))
    assert set(desk.shots()) == {"A1"}
    assert "The hidden sheet “Old” was not read." in report["notes"]


def test_a_formula_without_a_result_is_a_bad_cell(desk: Desk) -> None:
    def formula(workbook: Workbook) -> None:
        workbook["Shots"]["B2"] = '="a"&"b"'

    content = edited(xlsx([["Shot", "Scene"], ["A1", "x"]]), formula)
    desk.refused(content, 422, "Shots!B2", "without a computed result")


def test_an_error_value_is_a_bad_cell(desk: Desk) -> None:
    def break_it(workbook: Workbook) -> None:
        workbook["Shots"]["B2"] = "#REF!"

    desk.refused(edited(xlsx([["Shot", "Scene"], ["A1", "x"]]), break_it), 422, "Shots!B2", "error value")


@pytest.mark.parametrize(
    ("text", "stars"), [("", 0), ("0", 0), ("3", 3), ("3.0", 3), ("4/5", 4), ("★★★☆☆", 3), ("☆☆☆☆☆", 0), ("⭐️⭐️", 2)]
)
def test_stars_are_read_in_any_notation(text: str, stars: int) -> None:
    assert read_rating(text) == stars


@pytest.mark.parametrize(
    ("text", "reason"), [("6", "too many"), ("★★★★★★", "too many"), ("2.5", "no rating"), ("good", "no")]
)
def test_what_are_no_stars_is_said(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_rating(text)


def test_a_cell_of_tags_is_divided_at_commas_semicolons_and_lines() -> None:
    assert read_tags(" night, 비; VFX，night\n밤  장면,") == ["night", "비", "VFX", "밤 장면"]


@pytest.mark.parametrize("cell", ["x" * 41, ",".join(f"t{n}" for n in range(21))])
def test_too_many_or_too_long_tags_are_named_by_their_cell(desk: Desk, cell: str) -> None:
    desk.refused(xlsx([["Shot", "Scene", "Tags"], ["A1", "x", cell]]), 422, "Shots!C2", "the most is")


def test_stars_and_tags_come_from_json_as_numbers_and_lists(desk: Desk) -> None:
    desk.imported(b'[{"code": "A1", "rating": 4, "tags": ["night", "VFX"]}]', name="x.json")
    shot = desk.shots()["A1"]
    assert (shot["rating"], shot["tags"]) == (4, ["night", "VFX"])
    desk.imported(b'[{"code": "A1", "scene": "x"}]', name="x.json")
    assert desk.shots()["A1"]["tags"] == ["night", "VFX"], "a file without the column changes nothing"
