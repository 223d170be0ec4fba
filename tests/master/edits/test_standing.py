"""Statuses, confirmations and verdicts are undone like any gesture, and never what another's word rests on."""

from collections.abc import Callable
from typing import Any

import pytest
from edits_kit import Person
from sqlmodel import Session

from cinefarm.ids import new_id
from cinefarm.statuses import ShotStatus
from master.context import Master
from master.lifecycle import set_shot_status
from master.models import Shot, Take, utc_now

Render = Callable[[str], str]


def standing(person: Person, shot: str) -> tuple[Any, ...]:
    """Its status, its confirmed take, and the reviews of its takes, oldest first."""
    row = person.ask("GET", f"/api/shots/{shot}")
    takes = person.ask("GET", f"/api/shots/{shot}/takes")["rows"]
    return row["status"], row["confirmed_take_id"], [take["review"] for take in reversed(takes)]


def confirm(person: Person, take: str, status: int = 200, **more: Any) -> Any:
    return person.ask("POST", f"/api/takes/{take}/confirm", status, json={"tab": person.tab, **more})


def review(person: Person, take: str, state: str) -> Any:
    return person.ask("POST", f"/api/takes/{take}/review", json={"state": state, "tab": person.tab})


def test_a_status_of_many_shots_is_one_step_and_judges_their_takes(mina: Person, render: Render) -> None:
    shots = mina.make(2)
    takes = [render(shot) for shot in shots]
    mina.change(*shots, status="approved", notes="good")
    assert [standing(mina, shot) for shot in shots] == [("approved", take, ["approved"]) for take in takes]
    undone = mina.undo()
    assert (undone["name"], undone["skipped"], [row["status"] for row in undone["rows"]]) == (
        "type",
        [],
        ["completed", "completed"],
    )
    assert [standing(mina, shot)[2] for shot in shots] == [["candidate"], ["candidate"]]
    assert {row["notes"] for row in mina.rows()} == {""}
    mina.redo()
    assert [standing(mina, shot) for shot in shots] == [("approved", take, ["approved"]) for take in takes]


def test_shots_that_cannot_stand_so_are_named_and_the_rest_is_done(mina: Person, render: Render) -> None:
    first, second = mina.make(2)
    render(first)
    done = mina.change(first, second, status="needs_revision", rating=2)
    assert [(row["status"], row["rating"]) for row in done["rows"]] == [("needs_revision", 2), ("pending", 2)]
    (skip,) = done["skipped"]
    assert (skip["code"], skip["field"]) == ("SHT-00002", "status")
    assert skip["message"] == "SHT-00002: it has no confirmed take yet; its status stays."
    for farms in ("generating", "pending"):
        (skip,) = mina.change(first, status=farms)["skipped"]
        assert "only the farm" in skip["message"]
    mina.edit(changes=[{"id": first, "status": "splendid"}], status=422)


def test_undo_of_a_confirmation_puts_back_the_take_of_before(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    first, second = render(shot), render(shot)
    confirm(mina, second)
    assert (mina.steps()["undo"]["name"], standing(mina, shot)[1]) == ("confirm", second)
    confirm(mina, second)
    assert mina.undo()["rows"][0]["confirmed_take_id"] == first
    mina.undo(409)
    mina.redo()
    assert standing(mina, shot)[1] == second


def test_undo_of_an_approval_takes_back_its_confirmation_too(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    first, second = render(shot), render(shot)
    review(mina, second, "approved")
    assert standing(mina, shot) == ("approved", second, ["candidate", "approved"])
    mina.undo()
    assert standing(mina, shot) == ("completed", first, ["candidate", "candidate"])


def test_an_alternative_that_was_sent_back_is_undone_without_touching_its_shot(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    first, second = render(shot), render(shot)
    review(mina, second, "needs_revision")
    assert standing(mina, shot) == ("completed", first, ["candidate", "needs_revision"])
    assert mina.undo()["skipped"] == []
    assert standing(mina, shot) == ("completed", first, ["candidate", "candidate"])


@pytest.mark.parametrize("path", ["approve", "needs-revision"])
def test_a_verdict_in_the_drawer_is_a_step(mina: Person, render: Render, path: str) -> None:
    (shot,) = mina.make(1)
    take = render(shot)
    mina.ask("POST", f"/api/shots/{shot}/{path}", json={"tab": mina.tab, "notes": "darker"})
    assert mina.steps()["undo"]["name"] == "review"
    mina.undo()
    assert standing(mina, shot) == ("completed", take, ["candidate"])
    assert mina.ask("GET", f"/api/takes/{take}")["notes"] == "darker", "what was written stays"


def test_a_note_that_sends_back_is_a_step(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    take = render(shot)
    body = {"text": "darker", "send_back": True, "tab": mina.tab}
    mina.ask("POST", f"/api/takes/{take}/notes", 201, json=body)
    assert standing(mina, shot)[0] == "needs_revision"
    mina.undo()
    assert standing(mina, shot) == ("completed", take, ["candidate"])
    assert len(mina.ask("GET", f"/api/shots/{shot}/notes")["rows"]) == 1


def test_without_a_tab_there_is_no_step(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    render(shot)
    mina.ask("POST", f"/api/takes/{render(shot)}/confirm", json={})
    mina.undo(409)


def test_what_another_confirmed_since_stays_and_is_named(mina: Person, joon: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    _, second, third = render(shot), render(shot), render(shot)
    confirm(mina, second)
    confirm(joon, third)
    undone = mina.undo()
    assert standing(mina, shot)[1] == third
    (skip,) = undone["skipped"]
    assert (skip["field"], skip["by"]) == ("confirmed_take_id", "joon")
    assert skip["message"] == "SHT-00001: confirmed take was changed by joon since, and stays."


def test_a_confirmation_on_which_an_approval_rests_is_not_taken_back(
    mina: Person, joon: Person, render: Render
) -> None:
    """Else the shot would be approved for a take that nobody approved."""
    (shot,) = mina.make(1)
    render(shot)
    second = render(shot)
    confirm(mina, second)
    joon.change(shot, status="approved")
    (skip,) = mina.undo()["skipped"]
    assert skip["message"] == "SHT-00001: v002 was judged by joon since, and the shot stays as it is."
    assert standing(mina, shot) == ("approved", second, ["candidate", "approved"])


def test_a_status_that_another_changed_since_stays(mina: Person, joon: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    take = render(shot)
    mina.change(shot, status="approved", notes="mina")
    joon.change(shot, status="needs_revision")
    undone = mina.undo()
    assert standing(mina, shot) == ("needs_revision", take, ["needs_revision"])
    assert [(skip["field"], skip["by"]) for skip in undone["skipped"]] == [("status", "joon")]
    assert undone["rows"][0]["notes"] == "", "the cells beside it go back"


def test_a_take_that_is_gone_is_not_confirmed_again(mina: Person, render: Render, master: Master) -> None:
    (shot,) = mina.make(1)
    first, second = render(shot), render(shot)
    confirm(mina, second)

    def throw_away(session: Session) -> None:
        session.get_one(Take, first).deleted_at = utc_now()

    master.db.write(throw_away)
    (skip,) = mina.undo()["skipped"]
    assert "the take that was confirmed is gone" in skip["message"]
    assert standing(mina, shot)[1] == second


def test_undo_never_leaves_a_shot_generating_for_ever(mina: Person, render: Render, master: Master) -> None:
    """Sent back while its next take was on the way, which came meanwhile."""
    (shot,) = mina.make(1)
    render(shot)
    master.db.write(lambda session: set_shot_status(session.get_one(Shot, shot), ShotStatus.GENERATING))
    mina.change(shot, status="needs_revision")
    assert mina.undo()["rows"][0]["status"] == "completed"


def test_who_confirmed_is_told_after_an_undo_as_well(mina: Person, joon: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    render(shot)
    second, third = render(shot), render(shot)
    seen = mina.ask("GET", f"/api/shots/{shot}")["rev"]
    confirm(mina, second)
    mina.undo()
    answer = confirm(joon, third, 412, rev=seen)
    assert [problem["value"] for problem in answer["problems"]] == ["mina", "v001"]


def test_a_verdict_sent_again_is_one_step(mina: Person, render: Render) -> None:
    (shot,) = mina.make(1)
    render(shot)
    for _ in range(2):
        mina.edit(key=new_id(), changes=[{"id": shot, "status": "approved"}])
    mina.undo()
    mina.undo(409)
