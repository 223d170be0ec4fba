"""Review notes over HTTP, and two reviewers at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fastapi.testclient import TestClient

BOX = {"kind": "rectangle", "x": 0.1, "y": 0.2, "width": 0.5, "height": 0.25}
LINE = {"kind": "freehand", "points": [[0, 0], [0.5, 0.5], [1, 1]]}


def test_a_note_marks_the_picture_and_sends_the_take_back(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Note and verdict are one: the shot of a confirmed take needs revision."""
    (shot,) = make_shots(1)
    take = make_take(shot["id"])
    said = {"text": "darker sky", "regions": [BOX, LINE], "send_back": True, "by": "Mina"}
    note = api.post(f"/api/takes/{take}/notes", json=said).json()
    assert (note["author"], note["text"], note["regions"], note["resolved"]) == (
        *("Mina", "darker sky"),
        [BOX, LINE],
        False,
    )
    assert api.get(f"/api/shots/{shot['id']}").json()["status"] == "needs_revision"
    assert api.get(f"/api/takes/{take}").json()["review"] == "needs_revision"
    assert api.get(f"/api/shots/{shot['id']}/notes").json()["rows"] == [note]


def test_a_note_is_resolved_changed_and_deleted(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Who saw an older one is refused with the note as it is now."""
    (shot,) = make_shots(1)
    note = api.post(f"/api/takes/{make_take(shot['id'])}/notes", json={"text": "hands"}).json()
    path = f"/api/notes/{note['id']}"
    done = api.patch(path, json={"resolved": True, "rev": 1}).json()
    assert (done["resolved"], done["text"], done["rev"]) == (True, "hands", 2)
    stale = api.patch(path, json={"text": "feet", "rev": 1})
    assert (stale.status_code, stale.json()["current"]["rev"]) == (412, 2)
    assert api.patch(path, json={"text": ""}).status_code == 422, "it would say nothing"
    assert api.delete(path, headers={"If-Match": "1"}).status_code == 412
    assert api.delete(path).status_code == 204
    assert api.get(f"/api/shots/{shot['id']}/notes").json()["rows"] == []
    assert api.patch(path, json={"resolved": False}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 4001},
        {"text": "x", "regions": [BOX | {"x": 1.5}]},
        {"text": "x", "regions": [BOX | {"width": 0}]},
        {"text": "x", "regions": [BOX | {"more": 1}]},
        {"text": "x", "regions": [{"kind": "circle"}]},
        {"text": "x", "regions": [BOX] * 17},
        {"text": "x", "regions": [{"kind": "freehand", "points": [[0, 0]]}]},
        {"text": "x", "regions": [{"kind": "freehand", "points": [[0, 0]] * 401}]},
        {"text": "x", "frame": 0},
    ],
)
def test_what_no_picture_has_is_refused(api: TestClient, make_shots: Any, make_take: Any, wrong: Any) -> None:
    """Nothing is written, the shot stays as it was."""
    (shot,) = make_shots(1)
    take = make_take(shot["id"])
    assert api.post(f"/api/takes/{take}/notes", json=wrong | {"send_back": True}).status_code == 422
    assert api.get(f"/api/shots/{shot['id']}/notes").json()["rows"] == []
    assert api.get(f"/api/takes/{take}").json()["review"] == "candidate"


def test_a_frame_belongs_to_a_film(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Behind its end is refused, naming the last."""
    (shot,) = make_shots(1)
    film = make_take(shot["id"], kind="video", frames=24)
    assert api.post(f"/api/takes/{film}/notes", json={"text": "jump", "frame": 23}).json()["frame"] == 23
    assert "the last is 23" in api.post(f"/api/takes/{film}/notes", json={"text": "x", "frame": 24}).json()["message"]


def test_two_reviewers_at_once_give_one_confirmation_and_one_message(
    api: TestClient, make_shots: Any, make_take: Any
) -> None:
    """Whoever comes second is told who confirmed what, and nothing of his is written."""
    (shot,) = make_shots(1)
    make_take(shot["id"])
    for turn in range(20):
        rev = api.get(f"/api/shots/{shot['id']}").json()["rev"]
        mine = {name: make_take(shot["id"]) for name in ("Mina", "Nari")}
        barrier = Barrier(2)

        def confirm(name: str, mine: Any = mine, rev: int = rev, barrier: Barrier = barrier) -> Any:
            barrier.wait()
            return api.post(f"/api/takes/{mine[name]}/confirm", json={"rev": rev, "by": name})

        with ThreadPoolExecutor(2) as pool:
            answers = dict(zip(mine, pool.map(confirm, mine), strict=True))
        codes = {name: answer.status_code for name, answer in answers.items()}
        assert sorted(codes.values()) == [200, 412], f"turn {turn}: {codes}"
        (winner,) = (name for name, code in codes.items() if code == 200)
        (loser,) = (name for name, code in codes.items() if code == 412)
        seen = api.get(f"/api/shots/{shot['id']}").json()
        assert (seen["confirmed_take_id"], seen["rev"]) == (mine[winner], rev + 1)
        said = answers[loser].json()
        label = api.get(f"/api/takes/{mine[winner]}").json()["label"]
        assert said["message"].startswith(f"{winner} confirmed {label} of {shot['code']} since you read it")
        assert {p["place"]: p["value"] for p in said["problems"]} == {"confirmed_by": winner, "confirmed_take": label}
        assert said["current"]["confirmed_take_id"] == mine[winner]


def test_approving_over_a_newer_confirmation_is_refused_too(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Approving confirms; another change of the shot is told as such."""
    (shot,) = make_shots(1)
    make_take(shot["id"])
    one, two = make_take(shot["id"]), make_take(shot["id"])
    api.post(f"/api/takes/{one}/confirm", json={"rev": 1, "by": "Mina"})
    late = api.post(f"/api/takes/{two}/review", json={"state": "approved", "shot_rev": 1})
    assert (late.status_code, late.json()["problems"][0]["value"]) == (412, "Mina")
    api.patch(f"/api/shots/{shot['id']}", json={"notes": "x"})
    other = api.post(f"/api/takes/{two}/confirm", json={"rev": 2})
    assert (other.status_code, other.json()["problems"]) == (412, [])
    assert api.post(f"/api/takes/{two}/review", json={"state": "approved", "shot_rev": 3}).status_code == 200
    assert api.get(f"/api/shots/{shot['id']}").json()["confirmed_take_id"] == two
