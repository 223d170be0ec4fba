"""A project with shots behind the API."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from master.context import Master
from master.models import Media, Shot
from master.shots.takes import add_take

MakeShots = Callable[..., list[dict[str, Any]]]
MakeTake = Callable[..., str]


@pytest.fixture
def master(api: TestClient) -> Master:
    running: Master = api.app.state.master  # type: ignore[attr-defined]
    return running


@pytest.fixture
def project(api: TestClient) -> dict[str, Any]:
    answer = api.post("/api/projects", json={"code": "DEMO", "name": "Demo"})
    assert answer.status_code == 201
    view: dict[str, Any] = answer.json()
    return view


@pytest.fixture
def make_shots(api: TestClient, project: dict[str, Any]) -> MakeShots:
    """`make_shots(3)` or `make_shots({...}, {...})`."""

    def make(*given: int | dict[str, Any]) -> list[dict[str, Any]]:
        bodies: list[Any] = [{}] * given[0] if isinstance(given[0], int) else list(given)
        answer = api.post("/api/projects/DEMO/shots", json=bodies)
        assert answer.status_code == 201, answer.text
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows

    return make


@pytest.fixture
def make_take(master: Master) -> MakeTake:
    """`make_take(shot_id)`: what the farm does when a render comes back; the take's id."""

    def make(
        shot_id: str,
        *,
        job_id: str | None = None,
        attempt: int = 1,
        kind: str = "image",
        frames: int | None = None,
        recipe: dict[str, Any] | None = None,
    ) -> str:
        def write(session: Session) -> str:
            shot = session.get_one(Shot, shot_id)
            media = Media(
                sha256="0" * 64,
                path="shared_storage/objects/00/" + "0" * 64,
                name=f"{shot.code}.png",
                kind=kind,
                mime=f"{kind}/{'png' if kind == 'image' else 'mp4'}",
                bytes=1,
                frames=frames,
                project_id=shot.project_id,
            )
            session.add(media)
            take = add_take(
                session,
                shot,
                job_id=job_id,
                attempt=attempt,
                media=media,
                thumbnail=None,
                recipe=recipe or {"seed": 7},
                inputs_hash=shot.inputs_hash,
            )
            return take.id

        return master.db.write(write)

    return make


@pytest.fixture
def project_id(project: dict[str, Any]) -> str:
    id: str = project["id"]
    return id
