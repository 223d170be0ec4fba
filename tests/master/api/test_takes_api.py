"""Takes over HTTP: confirm, review, approve, send back, stale."""

from typing import Any

from fastapi.testclient import TestClient


def test_the_first_take_is_confirmed_and_later_ones_change_nothing(
    api: TestClient, make_shots: Any, make_take: Any
) -> None:
    """A new take never changes the confirmed one."""
    (shot,) = make_shots(1)
    first, second = make_take(shot["id"]), make_take(shot["id"])
    seen = api.get(f"/api/shots/{shot['id']}").json()
    assert (seen["confirmed_take_id"], seen["latest_take_id"], seen["take_count"]) == (first, second, 2)
    assert (seen["status"], seen["rev"]) == ("completed", 1)
    rows = api.get(f"/api/shots/{shot['id']}/takes").json()["rows"]
    assert [(row["label"], row["confirmed"]) for row in rows] == [("v002", False), ("v001", True)]
    assert rows[0]["recipe"] == {"seed": 7}


def test_one_attempt_makes_one_take_however_often_it_reports(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """A repeated report is answered with the take that the first one made."""
    (shot,) = make_shots(1)
    job = "01JAAAAAAAAAAAAAAAAAAAAAAA"
    assert make_take(shot["id"], job_id=job) == make_take(shot["id"], job_id=job)
    assert make_take(shot["id"], job_id=job, attempt=2) != make_take(shot["id"], job_id=job)
    assert api.get(f"/api/shots/{shot['id']}").json()["take_count"] == 2


def test_a_take_is_confirmed_by_a_person(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """The list then shows its picture or its film; an old picture of the shot is refused."""
    (shot,) = make_shots(1)
    make_take(shot["id"])
    film = make_take(shot["id"], kind="video")
    assert api.post(f"/api/takes/{film}/confirm", json={"rev": 9}).status_code == 412
    confirmed = api.post(f"/api/takes/{film}/confirm", headers={"If-Match": '"1"'}).json()
    assert (confirmed["confirmed_take_id"], confirmed["rev"]) == (film, 2)
    assert confirmed["generated_image"] is None
    assert confirmed["render_path"].startswith("/api/media/")


def test_approve_and_send_back(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """The status follows the word of a person; the note stands at the take."""
    (shot,) = make_shots(1)
    path = f"/api/shots/{shot['id']}"
    assert api.post(f"{path}/approve").status_code == 409, "there is nothing to approve yet"
    take = make_take(shot["id"])
    assert api.post(f"{path}/approve").json()["status"] == "approved"
    assert api.post(f"{path}/needs-revision", json={"notes": "darker"}).json()["status"] == "needs_revision"
    seen = api.get(f"/api/takes/{take}").json()
    assert (seen["review"], seen["notes"]) == ("needs_revision", "darker")
    assert api.post(f"{path}/approve", json={"rev": 1}).status_code == 412


def test_an_alternative_sent_back_does_not_spoil_what_was_approved(
    api: TestClient, make_shots: Any, make_take: Any
) -> None:
    """Only the confirmed take speaks for the shot; approving another one confirms it."""
    (shot,) = make_shots(1)
    path = f"/api/shots/{shot['id']}"
    make_take(shot["id"])
    other = make_take(shot["id"])
    api.post(f"{path}/approve")
    api.post(f"/api/takes/{other}/review", json={"state": "needs_revision", "notes": "blurred"})
    assert api.get(path).json()["status"] == "approved"
    api.post(f"/api/takes/{other}/review", json={"state": "approved"})
    assert api.get(path).json()["confirmed_take_id"] == other
    assert api.get(f"/api/takes/{other}").json()["notes"] == "blurred"


def test_a_take_whose_inputs_changed_is_stale_with_the_reason(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Renaming a character marks the takes in which it appears; trimming a shot marks nothing."""
    mina = api.post("/api/projects/DEMO/characters", json={"name": "Mina"}).json()
    shot, other = make_shots({"characters": [{"character_id": mina["id"]}]}, {"action": "waits"})
    path = f"/api/shots/{shot['id']}"
    make_take(shot["id"])
    make_take(other["id"])
    api.patch(path, json={"frame_count": 100, "notes": "x"})
    assert api.get(path).json()["stale"] is False
    api.patch(f"/api/characters/{mina['id']}", json={"name": "Nari"})
    seen = api.get(path).json()
    assert (seen["generated_prompt"], seen["stale"], seen["rev"]) == ("Nari", True, 2)
    assert seen["stale_reason"] == "Changed since: a character or look."
    api.patch(path, json={"negative_prompt": "fog", "action": "runs"})
    assert (
        api.get(path).json()["stale_reason"]
        == "Changed since: the negative prompt, the action and a character or look."
    )
    assert api.get(f"/api/shots/{other['id']}").json()["stale"] is False
    api.patch(f"/api/characters/{mina['id']}", json={"name": "Mina"})
    api.patch(path, json={"negative_prompt": "", "action": ""})
    assert api.get(path).json()["stale"] is False, "what is as it was is not stale"


def test_an_illegal_change_of_status_is_a_conflict(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Said with the present state; nothing changes."""
    (shot,) = make_shots(1)
    assert api.post(f"/api/shots/{shot['id']}/needs-revision", json={"notes": "?"}).status_code == 409
    assert api.patch(f"/api/shots/{shot['id']}", json={"status": "approved"}).status_code == 422
    take = make_take(shot["id"])
    assert api.post(f"/api/takes/{take}/review", json={"state": "wonderful"}).status_code == 422
