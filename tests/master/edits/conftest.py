"""People who edit one shot list, each in a tab of his own."""

from collections.abc import Callable

import pytest
from edits_kit import Person
from fastapi.testclient import TestClient

from master.access import new_api_token
from master.context import Master


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
def mina(person: Callable[..., Person]) -> Person:
    return person("mina")


@pytest.fixture
def joon(person: Callable[..., Person]) -> Person:
    return person("joon")
