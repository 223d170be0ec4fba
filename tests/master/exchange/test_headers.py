"""Headers in Korean and English, in any order, wherever they stand."""

import unicodedata
from typing import Any

import pytest
from exchange_kit import Desk, counts, xlsx
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from master.exchange.columns import SHEETS, Kind
from master.exchange.csv_text import read_csv
from master.exchange.grid import column_letters
from master.exchange.headers import find_header, key_of


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("샷", "code"),
        ("샷 코드", "code"),
        ("Shot", "code"),
        ("SHOT  CODE", "code"),
        ("씬", "sequence"),
        ("시퀀스", "sequence"),
        ("장면 설명", "scene_description"),
        ("Scene", "scene_description"),
        ("액션", "action"),
        ("Action/동작", "action"),
        ("Action (동작)", "action"),
        ("등장인물", "characters"),
        ("캐릭터", "characters"),
        ("등장인물/캐릭터", "characters"),
        ("등장인물/의상", "characters"),
        ("의상", "looks"),
        ("의상/룩", "looks"),
        ("시네마틱 옵션", "option"),
        ("카메라 설정", "option"),
        ("시네마틱 옵션/카메라 설정", "option"),
        ("길이(초)", "seconds"),
        ("길이 ( 초 )", "seconds"),
        ("초", "seconds"),
        ("Seconds", "seconds"),
        ("Duration", "seconds"),
        ("Duration (s)", "seconds"),
        ("초/Seconds", "seconds"),
        ("프레임", "frames"),
        ("Frames", "frames"),
        ("Duration (frames)", "frames"),
        ("타임코드 길이", "timecode"),
        ("네거티브 프롬프트", "negative_prompt"),
        ("메모", "notes"),
        ("비고", "notes"),
        ("메모/비고", "notes"),
        ("워크플로", "workflow_type"),
        ("별점", "rating"),
        ("Rating", "rating"),
        ("Stars", "rating"),
        ("태그", "tags"),
        ("Tags", "tags"),
        ("상태", "status"),
        ("scene_description", "scene_description"),
        (unicodedata.normalize("NFD", "샷"), "code"),  # as Excel on a Mac writes it
        ("Weather", None),
    ],
)
def test_a_header_is_known_by_many_names(title: str, key: str | None) -> None:
    assert key_of(Kind.SHOTS, title) == key


def test_every_exported_header_is_read_back_as_itself() -> None:
    for spec in SHEETS.values():
        for column in spec.columns:
            for title in (column.en, column.ko, column.key):
                assert key_of(spec.kind, title) == column.key, (spec.kind, title)


KOREAN = ["샷", "시퀀스", "장면 설명", "액션", "등장인물", "길이(초)", "메모"]
ENGLISH = ["Shot", "Sequence", "Scene", "Action", "Characters", "Seconds", "Notes"]
ROW: list[object] = ["A1", "SQ1", "거리", "뛴다", "미나(우비)", 2.5, "메모"]


@pytest.mark.parametrize("headers", [KOREAN, ENGLISH])
def test_both_languages_bring_the_same_shot(desk: Desk, headers: list[str]) -> None:
    desk.imported(xlsx([headers, ROW]), create_missing=True)
    shot = desk.shots()["A1"]
    assert (shot["sequence"], shot["scene_description"], shot["action"], shot["frame_count"], shot["notes"]) == (
        "SQ1",
        "거리",
        "뛴다",
        60,
        "메모",
    )
    assert [(c["name"], c["look_name"]) for c in shot["characters"]] == [("미나", "우비")]


@given(order=st.permutations(range(7)), headers=st.sampled_from([KOREAN, ENGLISH]), titles=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_the_columns_may_stand_in_any_order_below_title_rows(order: list[int], headers: list[str], titles: int) -> None:
    rows = [["우리 영화 샷 리스트"], *[["v3", "2026"]] * 4][:titles]
    text = "\n".join(
        ",".join(f'"{cell}"' for cell in row)
        for row in [*rows, [headers[i] for i in order], [str(ROW[i]) for i in order]]
    )
    header = find_header(read_csv(text.encode()))
    assert header is not None
    assert header.row == titles + 1
    assert [header.at[key_of(Kind.SHOTS, headers[i]) or ""] for i in order] == list(range(7))


def test_title_rows_and_merged_cells_above_the_header_are_skipped(desk: Desk) -> None:
    report = desk.imported(xlsx([["THE FILM"], ["draft 3", "secret"], [], KOREAN, ["A1", None, "거리"]]))
    assert counts(report) == (1, 0, 0, 0)


def test_the_header_may_begin_in_any_column(desk: Desk) -> None:
    desk.imported(xlsx([[], [None, None, "Shot", "Scene"], [None, None, "A1", "x"]]))
    assert set(desk.shots()) == {"A1"}


def test_a_header_repeated_on_each_page_is_no_shot(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Scene"], ["A1", "x"], ["Shot", "Scene"], ["A2", "y"]]))
    assert set(desk.shots()) == {"A1", "A2"}


def test_unknown_columns_are_told_and_not_dropped_silently(desk: Desk) -> None:
    report = desk.imported(xlsx([["Shot", "Weather", None, "Status"], ["A1", "rain", "loose", "approved"]]))
    told = " ".join(report["ignored_columns"])
    assert "Shots!B “Weather”" in told
    assert "Shots!C: it has no name" in told
    assert "Shots!D “Status”: it is read-only" in told
    assert desk.shots()["A1"]["status"] == "pending"


def test_two_columns_that_mean_the_same_are_refused(desk: Desk) -> None:
    desk.refused(xlsx([["Shot", "Action", "액션"], ["A1", "x", "y"]]), 422, "“Action” (B) and “액션” (C)", "Shots!C1")


def test_scene_beside_description_is_the_sequence(desk: Desk) -> None:
    desk.imported(xlsx([["Scene", "Shot", "Description"], ["S12", "A1", "A street"]]), create_missing=True)
    shot = desk.shots()["A1"]
    assert (shot["sequence"], shot["scene_description"]) == ("S12", "A street")


def test_a_file_without_a_header_says_how_to_name_the_columns(desk: Desk) -> None:
    desk.refused(xlsx([["hello", "world"], ["a", "b"]]), 422, "No header row", "샷")


def test_several_sheets_of_shots_are_read_together(desk: Desk) -> None:
    content = xlsx([["Shot", "Scene"], ["A1", "x"]], title="Episode 1", Episode_2=[["샷", "장면"], ["B1", "y"]])
    report = desk.imported(content)
    assert report["sheets"][0]["names"] == ["Episode 1", "Episode 2"]
    assert set(desk.shots()) == {"A1", "B1"}


def test_column_letters() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_whole_project_in_one_workbook(api: TestClient) -> None:
    desk = Desk(api, "WHOLE")
    content = xlsx(
        [["Shot", "Characters", "Camera"], ["A1", "Mina(Coat), 준", "Night"]],
        등장인물=[["이름", "설명", "기본 의상"], ["Mina", "tall", "Coat"], ["준", "short", None]],
        Looks=[["Character", "Look", "Description"], ["Mina", "Coat", "a red coat"], ["Mina", "Suit", "black"]],
        카메라_설정=[["이름", "카메라", "초점 거리"], ["Night", "Arri Alexa 35", "35mm"]],
    )
    report = desk.imported(content)
    assert {sheet["kind"]: sheet["new"] for sheet in report["sheets"]} == {
        "characters": 2,
        "looks": 2,
        "options": 1,
        "shots": 1,
    }
    shot: dict[str, Any] = desk.shots()["A1"]
    assert [(c["name"], c["look_name"]) for c in shot["characters"]] == [("Mina", "Coat"), ("준", "")]
    assert shot["cinematic_option"] == "Night"
    assert "a red coat" in shot["generated_prompt"]
    assert "Arri Alexa 35" in shot["generated_prompt"]
