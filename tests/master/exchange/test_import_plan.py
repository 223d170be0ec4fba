"""What an import does to rows that are there already: matched exactly, never guessed, never half."""

from typing import Any

import pytest
from exchange_kit import Desk, counts, edited, xlsx
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEAD = ["Shot", "Scene", "Action", "Seconds"]


def patch(desk: Desk, code: str, **fields: Any) -> None:
    answer = desk.api.patch(f"/api/shots/{desk.shots()[code]['id']}", json=fields)
    assert answer.status_code == 200, answer.text


def cell_of(sheet: Worksheet, code: str, title: str) -> Any:
    titles = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[titles.index("Shot")].value == code)
    return row[titles.index(title)]


def with_cells(content: bytes, *changes: tuple[str, str, object]) -> bytes:
    def edit(workbook: Workbook) -> None:
        for code, title, value in changes:
            cell_of(workbook["Shots"], code, title).value = value

    return edited(content, edit)


@pytest.fixture
def two(desk: Desk) -> Desk:
    desk.imported(xlsx([HEAD, ["A1", "street", "runs", 2], ["A2", "house", "sits", 3]]))
    return desk


def test_the_dry_run_tells_and_does_not_write(two: Desk) -> None:
    before = two.everything()
    content = xlsx([HEAD, ["A1", "street", "walks", 2], ["A3", "roof", None, 1]])
    report = two.imported(content, dry_run=True)
    assert not report["applied"]
    assert report["ready"]
    assert two.everything() == before
    assert counts(report) == (1, 1, 0, 0)
    assert report["sheets"][0]["absent"] == 1
    assert report["rows"][0] == {
        "kind": "shots",
        "place": "Shots!2",
        "name": "A1",
        "state": "changed",
        "fields": [{"field": "action", "old": "runs", "new": "walks", "conflicting": False}],
    }


def test_importing_twice_changes_nothing_the_second_time(two: Desk) -> None:
    content = xlsx([HEAD, ["A1", "street", "walks", 2], ["A3", "roof", None, 1]])
    two.imported(content)
    before = two.everything()
    report = two.imported(content)
    assert counts(report) == (0, 0, 2, 0)
    assert two.everything() == before


def test_rows_absent_from_the_file_stay(two: Desk) -> None:
    two.imported(xlsx([HEAD, ["A1", "street", "walks", 2]]))
    assert set(two.shots()) == {"A1", "A2"}


def test_columns_absent_from_the_file_stay_and_blank_cells_clear(two: Desk) -> None:
    two.imported(xlsx([["Shot", "Action"], ["A1", None]]))
    shot = two.shots()["A1"]
    assert (shot["action"], shot["scene_description"], shot["frame_count"]) == ("", "street", 48)


def test_every_bad_cell_is_told_and_nothing_is_half_imported(two: Desk) -> None:
    content = xlsx([HEAD, ["A1", "ok", "x", "soon"], ["bad code!", "ok", "x", 2], ["A9", "y" * 4001, "x", 0]])
    body = two.refused(content, 422, "Nothing was imported")
    assert [problem["place"] for problem in body["problems"]] == ["Shots!D2", "Shots!A3", "Shots!D4", "Shots!B4"]


def test_problems_are_told_up_to_two_hundred_and_counted(desk: Desk) -> None:
    body = desk.refused(xlsx([HEAD, *[[f"A{n}", "x", "y", "soon"] for n in range(300)]]), 422, "And 299 more")
    assert (len(body["problems"]), body["limit"]) == (200, 300)


def test_a_code_twice_in_the_file_is_told_in_both_places(desk: Desk) -> None:
    body = desk.refused(xlsx([HEAD, ["A1", "x"], ["A2", "y"], ["a1", "z"]]), 422, "Shots!A2", "Shots!A4")
    assert len(body["problems"]) == 2


def test_an_id_twice_in_the_file_is_told_in_both_places(two: Desk) -> None:
    id = two.shots()["A1"]["id"]
    body = two.refused(xlsx([[*HEAD, "_id"], ["A1", "x", "", 1, id], ["A7", "y", "", 1, id]]), 422)
    assert len(body["problems"]) == 2


def test_a_new_shot_without_a_code_gets_the_next_one(two: Desk) -> None:
    two.imported(xlsx([HEAD, ["SHT-00001", "x"], [None, "y"], [None, "z"]]))
    assert set(two.shots()) == {"A1", "A2", "SHT-00001", "SHT-00002", "SHT-00003"}
    answer = two.api.post("/api/projects/TEST/shots", json={"scene_description": "later"})
    assert answer.status_code == 201, answer.text
    assert "SHT-00004" in two.shots()


def test_a_row_is_found_by_its_id_when_its_code_changes(two: Desk) -> None:
    two.imported(with_cells(two.download("xlsx", lang="en"), ("A1", "Shot", "B1")))
    assert set(two.shots()) == {"B1", "A2"}


def test_a_row_may_not_take_another_s_code(two: Desk) -> None:
    two.refused(with_cells(two.download("xlsx", lang="en"), ("A1", "Shot", "A2")), 422, "Shots!A2", "Shots!A3")


def test_a_shot_in_the_trash_is_not_overwritten(two: Desk) -> None:
    two.api.delete(f"/api/shots/{two.shots()['A1']['id']}")
    two.refused(xlsx([HEAD, ["A1", "x"]]), 422, "in the trash")


def test_new_shots_stand_where_the_file_has_them(two: Desk) -> None:
    two.imported(xlsx([HEAD, ["A1", "street"], ["N1", "x"], ["N2", "y"], ["A2", "house"], ["N3", "z"]]))
    in_order = sorted(two.shots().values(), key=lambda shot: shot["number"])
    assert [shot["code"] for shot in in_order] == ["A1", "N1", "N2", "A2", "N3"]


def test_a_stale_sheet_does_not_undo_what_others_wrote(two: Desk) -> None:
    """Three-way: a cell that nobody touched in the file asks for nothing."""
    sheet = two.download("xlsx", lang="en")
    patch(two, "A1", scene_description="a bridge")
    two.imported(with_cells(sheet, ("A1", "Action", "dances")))
    shot = two.shots()["A1"]
    assert (shot["scene_description"], shot["action"]) == ("a bridge", "dances")


@pytest.mark.parametrize(("choice", "scene"), [("mine", "a cave"), ("theirs", "a bridge")])
def test_a_cell_changed_on_both_sides_is_a_conflict(two: Desk, choice: str, scene: str) -> None:
    sheet = with_cells(two.download("xlsx", lang="en"), ("A1", "Scene", "a cave"), ("A2", "Action", "sleeps"))
    patch(two, "A1", scene_description="a bridge")
    body = two.refused(sheet, 409, "a cave", "a bridge", "on_conflict")
    assert [problem["place"] for problem in body["problems"]] == ["Shots!2"]
    report = two.imported(sheet, dry_run=True)
    assert (counts(report), report["ready"]) == ((0, 1, 0, 1), False)
    two.imported(sheet, on_conflict=choice)
    shots = two.shots()
    assert (shots["A1"]["scene_description"], shots["A2"]["action"]) == (scene, "sleeps")


def test_the_same_change_on_both_sides_is_none(two: Desk) -> None:
    sheet = with_cells(two.download("xlsx", lang="en"), ("A1", "Scene", "a bridge"))
    patch(two, "A1", scene_description="a bridge")
    assert counts(two.imported(sheet)) == (0, 0, 2, 0)


def test_a_csv_older_than_the_database_conflicts(two: Desk) -> None:
    text = two.download("csv", lang="en").decode("utf-8-sig")
    patch(two, "A1", scene_description="a bridge")
    two.refused(text.encode(), 409, "street", "a bridge")


def test_names_that_nothing_defines_are_listed_and_not_created(desk: Desk) -> None:
    rows = [["Shot", "Sequence", "Characters", "Camera"], ["A1", "S1", "Mina(coat)", "Night"], ["A2", "S1", "Mina", ""]]
    report = desk.imported(xlsx(rows), dry_run=True)
    assert not report["ready"]
    assert {(m["kind"], m["name"], m["of"], m["count"]) for m in report["missing"]} == {
        ("sequences", "S1", "", 2),
        ("characters", "Mina", "", 2),
        ("looks", "coat", "Mina", 1),
        ("options", "Night", "", 1),
    }
    desk.refused(xlsx(rows), 422, "Shots!C2", "no character “Mina”", "no look “coat” of “Mina”", "create missing")


def test_missing_names_are_created_when_asked_for(desk: Desk) -> None:
    rows = [["Shot", "Sequence", "Characters", "Camera"], ["A1", "chase one", "Mina(coat)", "네오 누아르 밤"]]
    desk.imported(xlsx(rows), create_missing=True)
    everything = desk.everything()
    assert [(one["code"], one["name"]) for one in everything["sequences"]] == [("CHASE-ONE", "chase one")]
    assert everything["characters"][0]["looks"][0]["name"] == "coat"
    assert everything["options"][0]["camera_body"] == "Sony Venice 2"  # the set of that name that ships with the farm
    assert counts(desk.imported(xlsx(rows))) == (0, 0, 1, 0)


def test_names_match_whatever_their_case(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Characters"], ["A1", "Mina"]]), create_missing=True)
    report = desk.imported(xlsx([["Shot", "Characters"], ["A2", "MINA"]]))
    assert report["missing"] == []


def test_a_character_twice_in_a_shot_is_a_bad_cell(desk: Desk) -> None:
    content = xlsx([["Shot", "Characters"], ["A1", "Mina, Mina"]])
    desk.refused(content, 422, "listed twice", create_missing=True)


def test_a_renamed_character_keeps_its_shots(desk: Desk) -> None:
    desk.imported(xlsx([["Shot", "Characters"], ["A1", "Mina"]]), create_missing=True)

    def rename(workbook: Workbook) -> None:
        workbook["Characters"]["A2"].value = "미나"

    report = desk.imported(edited(desk.download("xlsx", lang="en"), rename))
    assert (counts(report, "characters"), counts(report)) == ((0, 1, 0, 0), (0, 0, 1, 0))
    assert [c["name"] for c in desk.shots()["A1"]["characters"]] == ["미나"]


def test_a_blank_or_doubled_name_is_a_bad_cell(desk: Desk) -> None:
    content = xlsx(
        [["Shot", "Scene"], ["A1", "x"]], Characters=[["Name", "Description"], ["", "x"], ["M", "a"], ["M", "b"]]
    )
    desk.refused(content, 422, "Characters!A2", "Characters!A3", "Characters!A4")


def test_a_lora_that_is_no_safetensors_file_is_a_bad_cell(desk: Desk) -> None:
    content = xlsx([["Name", "LoRA", "LoRA strength"], ["M", "mina.ckpt", 1.5]], title="Characters")
    desk.refused(content, 422, "Characters!B2", "safetensors", "Characters!C2", "outside 0 to 1")


def test_an_unknown_workflow_is_a_bad_cell(desk: Desk) -> None:
    desk.refused(xlsx([["Shot", "Workflow"], ["A1", "magic"]]), 422, "Shots!B2", "no workflow type")


def test_prompts_follow_an_import(desk: Desk) -> None:
    desk.imported(xlsx([HEAD, ["A1", "a street", "Mina runs", 1]]))
    assert "Mina runs" in desk.shots()["A1"]["generated_prompt"]
