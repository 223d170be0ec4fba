"""Takes of a whole project over HTTP: pages, order, filters."""

from typing import Any

from fastapi.testclient import TestClient

TAKES = "/api/projects/DEMO/takes"


def ids(api: TestClient, **query: Any) -> list[str]:
    answer = api.get(TAKES, params=query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["rows"]]


def test_pages_hold_every_take_once_newest_first(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """Also in the order of the cut, where the newest of each shot comes first."""
    one, two = make_shots(2)
    made = [make_take(shot["id"]) for shot in (two, one, two, one, two)]
    for order, wanted in (("newest", made[::-1]), ("shot", [made[3], made[1], made[4], made[2], made[0]])):
        seen: list[str] = []
        after: str | None = None
        while after or not seen:
            query = {"limit": 2, "order": order} | ({"after": after} if after else {})
            page = api.get(TAKES, params=query).json()
            assert page["total"] == 5
            seen += [row["id"] for row in page["rows"]]
            after = page["next"]
        assert seen == wanted


def test_filters_narrow_what_is_shown(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """By shot, sequence, verdict, kind, what is confirmed and what is stale."""
    sequence = api.post("/api/projects/DEMO/sequences", json={"code": "S01", "name": "One"}).json()
    first, second = make_shots({"sequence_id": sequence["id"]}, {})
    still, film = make_take(first["id"]), make_take(second["id"], kind="video")
    later = make_take(second["id"])
    api.post(f"/api/takes/{later}/review", json={"state": "needs_revision"})
    api.patch(f"/api/shots/{first['id']}", json={"action": "runs"})
    assert ids(api, shot=first["code"]) == [still]
    assert ids(api, sequence="s01") == [still]
    assert ids(api, sequence="") == [later, film]
    assert ids(api, media="video") == [film]
    assert ids(api, review="needs_revision") == [later]
    assert ids(api, stale=True) == [still]
    assert ids(api, stale=False) == [later, film]
    assert ids(api, confirmed=True) == [film, still]
    assert ids(api, confirmed=False) == [later]
    assert ids(api, workflow="text_to_image/none") == []
    assert ids(api, shot=first["code"], stale=False) == []


def test_the_workflows_that_made_them_are_named(api: TestClient, make_shots: Any, make_take: Any) -> None:
    """So that a page can offer them."""
    (shot,) = make_shots(1)
    take = make_take(shot["id"], recipe={"seed": 1, "workflow": "text_to_image/storyboard"})
    make_take(shot["id"])
    assert api.get(TAKES).json()["workflows"] == ["text_to_image/storyboard"]
    assert ids(api, workflow="text_to_image/storyboard") == [take]


def test_what_is_deleted_is_not_shown_and_a_wrong_place_is_named(
    api: TestClient, make_shots: Any, make_take: Any
) -> None:
    """A page behind a take that is gone says what to do."""
    one, two = make_shots(2)
    make_take(one["id"])
    kept = make_take(two["id"])
    api.delete(f"/api/shots/{one['id']}")
    assert ids(api) == ids(api, order="shot") == [kept]
    gone = api.get(TAKES, params={"order": "shot", "after": "01JAAAAAAAAAAAAAAAAAAAAAAA"})
    assert (gone.status_code, gone.json()["field"]) == (422, "after")
    assert api.get(TAKES, params={"shot": "a\0b"}).status_code == 422
