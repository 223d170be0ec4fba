"""People who edit one shot list, each in a tab of his own."""

from collections.abc import Callable
from typing import Any

import pytest
from edits_kit import Person
from fastapi.testclient import TestClient
from sqlmodel import Session

from master.access import new_api_token
from master.context import Master
from master.models import Media, Shot
from master.shots.takes import add_take


@pytest.fixture
def master(api: TestClient) -> Master:
    running: Master = api.app.state.master  # type: ignore[attr-defined]
    return running


@pytest.fixture
def person(api: TestClient, master: Master) -> Callable[..., Person]:
    """`person("mina")`, `person("mina", tab="second")`; the project is there."""
    api.post("/api/projects", json={"code": "DEMO", "name": "Demo"}).raise_for_status()

    def come(name: str, tab: str = "tab") -> Person:
        return Person(api, master.db.write(lambda session: new_api_token(session, name)), tab)

    return come


@pytest.fixture
def render(master: Master) -> Callable[[str], str]:
    """`render(shot_id)`: what the farm does when a picture comes back; the take's id."""

    def come_back(shot_id: str) -> str:
        def write(session: Session) -> str:
            shot = session.get_one(Shot, shot_id)
            media = Media(sha256="0" * 64, path="x", name="a.png", kind="image", mime="image/png", bytes=1)
            session.add(media)
            more: dict[str, Any] = {"thumbnail": None, "recipe": {}, "inputs_hash": shot.inputs_hash}
            return add_take(session, shot, job_id=None, attempt=None, media=media, **more).id

        return master.db.write(write)

    return come_back


@pytest.fixture
def mina(person: Callable[..., Person]) -> Person:
    return person("mina")


@pytest.fixture
def joon(person: Callable[..., Person]) -> Person:
    return person("joon")
