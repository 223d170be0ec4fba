"""Who is where: heard by all, a few times a second, and gone with the socket."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from served import Served, served
from waiting import until, wait_until
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from master import presence as presence_module
from master.api import sockets
from master.presence import LiveHere, LivePresence, Presence


def at(tab: str, shot: str | None = "S1", project: str | None = "P") -> LiveHere:
    return LiveHere(kind="here", project=project, tab=tab, name=tab.title(), shot_id=shot, field="notes")


class Told(list[LivePresence]):
    def people(self, place: int = -1) -> list[tuple[str, str | None]]:
        return [(person.tab, person.shot_id) for person in self[place].people]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def people(told: Told, monkeypatch: pytest.MonkeyPatch) -> Presence:
    monkeypatch.setattr(presence_module, "GATHER_S", 0.001)
    return Presence(told.append)


async def test_many_moves_are_told_once(people: Presence, told: Told) -> None:
    for shot in ("S1", "S2", "S3"):
        people.move("a", at("mina", shot))
    people.move("b", at("joon"))
    assert told == []
    await until(lambda: bool(told))
    assert told.people() == [("mina", "S3"), ("joon", "S1")]
    people.move("a", at("mina", "S3"))  # no move
    await asyncio.sleep(0.01)
    assert len(told) == 1


async def test_who_leaves_is_gone_at_once(people: Presence, told: Told) -> None:
    people.move("a", at("mina"))
    people.move("b", at("joon"))
    people.leave("a")
    assert told.people() == [("joon", "S1")]
    people.leave("b")
    people.leave("b")
    people.leave("nobody")
    assert (told.people(), len(told), people.everywhere()) == ([], 2, [])


async def test_who_goes_to_another_project_is_told_in_both(people: Presence, told: Told) -> None:
    people.move("a", at("mina"))
    await until(lambda: len(told) == 1)
    people.move("a", at("mina", project="Q"))
    await until(lambda: len(told) == 3)
    assert [(one.project, len(one.people)) for one in told[1:]] == [("P", 0), ("Q", 1)]
    people.move("a", at("mina", None, None))
    await until(lambda: len(told) == 4)
    assert (told[-1].project, told.people()) == ("Q", [])


async def test_a_tab_that_connects_again_is_one(people: Presence) -> None:
    """Its old socket may be taken for alive a while longer."""
    people.move("old", at("mina", "S1"))
    people.move("new", at("mina", "S2"))
    (project,) = people.everywhere()
    assert [(person.tab, person.shot_id) for person in project.people] == [("mina", "S2")]


async def test_a_tab_has_the_name_of_who_is_in_it(people: Presence) -> None:
    people.move("old", at("mina"))
    people.move("new", at("mina"))
    people.leave("old")
    assert people.names == {"mina": "Mina"}
    people.leave("new")
    assert people.names == {}


# -- over the socket


@pytest.fixture
def farm(tmp_path: Path) -> Any:
    with served(tmp_path) as running:
        yield running


def page(farm: Served, after: str = "") -> ClientConnection:
    url = farm.url.replace("http", "ws") + f"/ws/live{after}"
    return connect(url, additional_headers={"Authorization": farm.http.headers["Authorization"]}, proxy=None)


def hear(socket: ClientConnection, kind: str) -> Any:
    while True:
        message = json.loads(socket.recv(10))
        if message["body"]["kind"] == kind:
            return message


def say(socket: ClientConnection, **changes: Any) -> None:
    here = {"kind": "here", "project": "DEMO", "tab": "t1", "name": "미나", "shot_id": None, "field": None}
    socket.send(json.dumps(here | changes))


def test_pages_hear_of_each_other(farm: Served) -> None:
    with page(farm) as mina:
        hello = hear(mina, "hello")
        say(mina, shot_id="01JAAAAAAAAAAAAAAAAAAAAAAA", field="notes")
        person = {"tab": "t1", "name": "미나", "shot_id": "01JAAAAAAAAAAAAAAAAAAAAAAA", "field": "notes"}
        body = {"kind": "presence", "project": "DEMO", "people": [person]}
        assert hear(mina, "presence") == {"seq": hello["seq"], "body": body}
        with page(farm, f"?after={hello['body']['epoch']}:{hello['seq']}") as joon:
            assert hear(joon, "hello")["body"]["reset"] is False
            assert hear(joon, "presence")["body"] == body  # who comes later is told all of it
            say(joon, tab="t2", name="Joon")
            assert [person["tab"] for person in hear(mina, "presence")["body"]["people"]] == ["t1", "t2"]
        assert [person["tab"] for person in hear(mina, "presence")["body"]["people"]] == ["t1"]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "{",
        b"\xff",
        "[]",
        {"kind": "hello"},
        {"project": "../x"},
        {"name": "x" * 41},
        {"name": "a\0"},
        {"tab": ""},
        {"shot_id": "x" * 27},
        {"field": "<b>"},
        {"more": 1},
        "x" * 100_000,
    ],
)
def test_what_is_no_place_is_ignored(farm: Served, bad: Any) -> None:
    """And the socket goes on."""
    with page(farm) as mina:
        hear(mina, "hello")
        if isinstance(bad, dict):
            say(mina, **bad)
        else:
            mina.send(bad)
        say(mina, name="good")
        assert [person["name"] for person in hear(mina, "presence")["body"]["people"]] == ["good"]


def test_a_flood_is_cut(farm: Served) -> None:
    with page(farm) as flooding, page(farm) as watching:
        hear(flooding, "hello")
        for number in range(sockets.HERE_MOST + 1):
            say(flooding, shot_id=f"S{number}")
        with pytest.raises(ConnectionClosed) as closed:
            hear(flooding, "nothing")
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4429
        wait_until(lambda: hear(watching, "presence")["body"]["people"] == [], 10, what="its leaving")


def test_pages_on_the_master_s_own_machine_are_told_apart_by_their_names(farm: Served) -> None:
    """To the farm they are one user; who changed a cell is asked of the tab."""
    (shot,) = farm.make_project()
    with page(farm) as mina:
        hear(mina, "hello")
        say(mina, tab="t2", name="미나")
        hear(mina, "presence")
        for tab in ("t1", "t2"):
            change = {"tab": tab, "name": "type", "changes": [{"id": shot, "notes": tab}]}
            farm.ask("POST", "/api/projects/DEMO/edits", json=change)
        (skip,) = farm.ask("POST", "/api/projects/DEMO/undo", json={"tab": "t1"})["skipped"]
    assert (skip["by"], skip["message"]) == ("미나", "SHT-00001: notes was changed by 미나 since, and stays.")
