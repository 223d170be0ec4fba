"""A request whose answer was lost comes again with the same key, and is done once."""

from edits_kit import Person


def test_rows_are_made_once(mina: Person) -> None:
    bodies = [{"notes": "a"}, {"notes": "b"}]
    first = mina.edit("paste", create=bodies, key="k1")
    again = mina.edit("paste", create=bodies, key="k1")
    assert [row["id"] for row in again["rows"]] == [row["id"] for row in first["rows"]]
    assert again["steps"] == first["steps"]
    assert len(mina.rows()) == 2
    mina.edit("paste", create=bodies, key="k2")
    assert len(mina.rows()) == 4


def test_an_undo_is_done_once_and_answered_alike(mina: Person) -> None:
    (shot,) = mina.make(1)
    mina.change(shot, notes="a")
    mina.change(shot, notes="b")
    first = mina.ask("POST", "/api/projects/DEMO/undo", json={"tab": mina.tab, "key": "u1"})
    again = mina.ask("POST", "/api/projects/DEMO/undo", json={"tab": mina.tab, "key": "u1"})
    assert [row["notes"] for row in first["rows"]] == [row["notes"] for row in again["rows"]] == ["a"]
    assert again["steps"] == first["steps"]
    redone = mina.ask("POST", "/api/projects/DEMO/redo", json={"tab": mina.tab, "key": "r1"})
    assert [row["notes"] for row in redone["rows"]] == ["b"]


def test_deleted_rows_are_told_again(mina: Person) -> None:
    shots = mina.make(2)
    first = mina.edit("delete", delete=shots, key="d1")
    assert mina.edit("delete", delete=shots, key="d1")["deleted"] == first["deleted"] == shots


def test_without_a_key_every_request_counts(mina: Person) -> None:
    for _ in range(2):
        mina.edit("paste", create=[{}])
    assert len(mina.rows()) == 2
