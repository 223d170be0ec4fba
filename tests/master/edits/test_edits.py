"""A gesture of any size: one request, all or nothing, one undo step."""

from typing import Any

import pytest
from edits_kit import Person

NEVER = "01JAAAAAAAAAAAAAAAAAAAAAAA"


def notes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["notes"] for row in rows]


def test_an_edit_changes_creates_deletes_and_restores(mina: Person) -> None:
    """The answer tells all of it, in the order given, and what undo would take back."""
    first, second, third, gone = mina.make(4)
    mina.ask("DELETE", f"/api/shots/{gone}", 204)
    done = mina.edit(
        "paste",
        changes=[{"id": second, "notes": "two"}, {"id": first, "notes": "one", "frame_count": 5}],
        create=[{"notes": "new"}, {"code": "X1", "notes": "named"}],
        delete=[third],
        restore=[gone],
    )
    assert [(row["code"], row["notes"]) for row in done["rows"]] == [
        ("SHT-00002", "two"),
        ("SHT-00001", "one"),
        ("SHT-00005", "new"),
        ("X1", "named"),
        ("SHT-00004", ""),
    ]
    assert (done["deleted"], done["skipped"]) == ([third], [])
    step = done["steps"]["undo"]
    assert (step["name"], step["cells"], step["rows"], done["steps"]["redo"]) == ("paste", 3, 6, None)
    assert done["steps"] == mina.steps()
    assert [row["code"] for row in mina.rows()] == ["SHT-00001", "SHT-00002", "SHT-00004", "SHT-00005", "X1"]
    assert done["rows"] == sorted(mina.rows(), key=lambda row: [r["id"] for r in done["rows"]].index(row["id"]))


def test_a_row_with_all_its_cells(mina: Person) -> None:
    """Cast, option, sequence, pictures' order and seconds, as one types them; the prompt follows."""
    hero = mina.ask("POST", "/api/projects/DEMO/characters", 201, json={"name": "Mina"})["id"]
    option = mina.ask("POST", "/api/projects/DEMO/cinematic-options", 201, json={"name": "dawn", "film_stock": "grain"})
    sequence = mina.ask("POST", "/api/projects/DEMO/sequences", 201, json={"code": "SC01"})
    cells = {
        "characters": [{"character_id": hero}],
        "cinematic_option_id": option["id"],
        "sequence_id": sequence["id"],
        "duration_seconds": 2.0,
        "action": "runs",
    }
    (shot,) = mina.make(1)
    changed, created = mina.edit(changes=[{"id": shot, **cells}], create=[cells])["rows"]
    for row in (changed, created):
        assert (row["sequence"], row["frame_count"], row["cinematic_option"]) == ("SC01", 48, "dawn")
        assert (row["generated_prompt"], row["effective_prompt"]) == ("Mina, runs, grain", "Mina, runs, grain")
        assert [member["name"] for member in row["characters"]] == ["Mina"]
    assert [row["position"] for row in (changed, created)] == [1.0, 2.0]


@pytest.mark.parametrize(
    "bad",
    [
        {"changes": [{"id": "{shot}", "notes": "x"}], "create": [{"sequence_id": NEVER}]},
        {"changes": [{"id": "{shot}", "notes": "x", "cinematic_option_id": NEVER}]},
        {"create": [{"notes": "x"}, {"characters": [{"character_id": NEVER}]}]},
        {"changes": [{"id": "{shot}", "frame_count": 0}]},
        {"changes": [{"id": "{shot}", "notes": "x"}], "delete": ["{shot}"]},
        {"changes": [{"id": "{shot}", "notes": "x"}], "surprise": 1},
        {"create": [{"notes": "a\0b"}]},
        {"delete": ["a\0b"]},
        {},
        {"name": "wipe", "delete": ["{shot}"]},
        {"tab": "", "delete": ["{shot}"]},
        {"tab": "x" * 65, "delete": ["{shot}"]},
    ],
)
def test_one_bad_cell_and_nothing_is_done(mina: Person, bad: dict[str, Any]) -> None:
    """Not even a step is left behind."""
    (shot,) = mina.make(1)
    body = {"tab": "tab", "name": "paste", **eval_ids(bad, shot)}
    mina.ask("POST", "/api/projects/DEMO/edits", 422, json=body)
    assert [(row["notes"], row["rev"]) for row in mina.rows()] == [("", 1)]
    assert mina.steps() == {"undo": None, "redo": None}


def eval_ids(value: Any, shot: str) -> Any:
    if isinstance(value, dict):
        return {key: eval_ids(one, shot) for key, one in value.items()}
    if isinstance(value, list):
        return [eval_ids(one, shot) for one in value]
    return shot if value == "{shot}" else value


def test_too_many_rows_are_counted_for_who_sent_them(mina: Person) -> None:
    said = mina.edit("paste", 422, create=[{}] * 2001)
    assert "2,001 rows" in said["message"]
    assert "2,000" in said["message"]
    assert said["limit"] == 2000


def test_the_last_writer_wins_unless_he_names_what_he_saw(mina: Person, joon: Person) -> None:
    (shot,) = mina.make(1)
    joon.change(shot, notes="joon's")
    stale = mina.edit(status=412, changes=[{"id": shot, "notes": "mina's", "rev": 1}])
    assert [row["notes"] for row in stale["current"]["rows"]] == ["joon's"]
    assert notes(mina.change(shot, notes="mina's")["rows"]) == ["mina's"]


def test_what_was_deleted_meanwhile_does_not_stop_the_rest(mina: Person, joon: Person) -> None:
    """It is named, with who deleted it when that was an edit."""
    kept, gone, lost = mina.make(3)
    joon.edit("delete", delete=[gone])
    mina.ask("DELETE", f"/api/shots/{lost}", 204)
    done = mina.edit("paste", changes=[{"id": id, "notes": "x"} for id in (gone, kept, lost, NEVER)])
    assert [(row["code"], row["notes"]) for row in done["rows"]] == [("SHT-00001", "x")]
    assert [(skip["shot_id"], skip["code"], skip["field"], skip["by"]) for skip in done["skipped"]] == [
        (gone, "SHT-00002", None, "joon"),
        (lost, "SHT-00003", None, None),
        (NEVER, "", None, None),
    ]
    assert done["skipped"][0]["message"].startswith("SHT-00002 was deleted by joon meanwhile")
    assert done["steps"]["undo"]["cells"] == 1


def test_what_changes_nothing_is_no_step(mina: Person) -> None:
    """And leaves what can be redone; nobody's revision grows."""
    (shot,) = mina.make(1)
    mina.change(shot, notes="x")
    mina.undo()
    done = mina.change(shot, notes="")
    assert (done["rows"][0]["rev"], done["steps"]["undo"]) == (3, None)
    assert notes(mina.redo()["rows"]) == ["x"]


def test_codes_may_be_swapped_but_not_taken(mina: Person) -> None:
    first, second, third = mina.make(3)
    swap = [{"id": first, "code": "SHT-00002"}, {"id": second, "code": "SHT-00001"}]
    assert [row["code"] for row in mina.edit("paste", changes=swap)["rows"]] == ["SHT-00002", "SHT-00001"]
    assert [row["code"] for row in mina.undo()["rows"]] == ["SHT-00001", "SHT-00002"]
    taken = mina.edit(status=409, changes=[{"id": first, "code": "A"}, {"id": third, "code": "SHT-00002"}])
    assert [problem["value"] for problem in taken["problems"]] == ["SHT-00002"]
    mina.edit("type", 409, changes=[{"id": first, "code": "A"}], create=[{"code": "A"}])
    moved = mina.edit(changes=[{"id": first, "code": "A"}], create=[{"code": "SHT-00001"}])
    assert [row["code"] for row in moved["rows"]] == ["A", "SHT-00001"]


def test_everybody_s_deeds_are_recorded(mina: Person) -> None:
    (shot,) = mina.make(1)
    mina.change(shot, notes="x")
    mina.undo()
    mina.redo()
    events = mina.ask("GET", "/api/events?limit=10")["rows"]
    told = [(event["actor"], event["change"], event["text"]) for event in events if event["noun"] == "project"]
    assert sorted(told) == sorted(
        ("mina", change, "type: 1 cells, 1 rows") for change in ("edited", "undone", "redone")
    )


def test_a_move_is_an_edit(mina: Person) -> None:
    """Between others, and into another sequence; timecodes follow."""
    first, second, third = mina.make(3)
    sequence = mina.ask("POST", "/api/projects/DEMO/sequences", 201, json={"code": "SC01"})["id"]
    (moved,) = mina.edit("move", changes=[{"id": third, "position": 1.5}])["rows"]
    assert (moved["number"], moved["timecode_in"]) == (2, "01:00:02:00")
    (moved,) = mina.edit("move", changes=[{"id": second, "sequence_id": sequence}])["rows"]
    assert (moved["number"], moved["position"]) == (1, 1.0)
    mina.undo()
    mina.undo()
    assert [row["id"] for row in mina.rows()] == [first, second, third]
