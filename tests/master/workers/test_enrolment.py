"""Who may become a worker of the farm, and with what."""

import itertools
from datetime import timedelta
from typing import Any

import httpx
import pytest
from served import FakeWorker, Served
from sqlmodel import Session, select
from websockets.exceptions import InvalidStatus

from master.models import EnrolToken, utc_now

_numbers = itertools.count(1)


def enroll(farm: Served, token: str | None = None, bearer: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    said = {"node_id": f"new-{next(_numbers)}", "hostname": "h", "token": token, **body}
    return httpx.post(f"{farm.url}/api/worker/enroll", json=said, headers=headers, trust_env=False)


def test_the_masters_secret_enrols_a_worker(farm: Served) -> None:
    """On the master's own machine nothing else is needed."""
    made = enroll(farm, bearer=farm.master.doorkeeper.secret)
    assert made.status_code == 201
    assert made.json()["credential"].startswith(f"wk_{made.json()['worker_id']}_")


def test_a_one_time_token_lets_in_one_worker(farm: Served) -> None:
    """A second use is refused and says so; the pool of the token is the worker's."""
    token = farm.ask("POST", "/api/workers/enrol-tokens", 201, params={"pool": "night"})["token"]
    first = enroll(farm, token)
    assert first.status_code == 201
    assert farm.ask("GET", f"/api/workers/{first.json()['worker_id']}")["pool"] == "night"
    again = enroll(farm, token)
    assert again.status_code == 401
    assert "used before" in again.json()["message"]


def test_an_expired_token_is_refused(farm: Served) -> None:
    """An hour is enough; it names the remedy."""
    token = farm.ask("POST", "/api/workers/enrol-tokens", 201)["token"]

    def expire(session: Session) -> None:
        for row in session.exec(select(EnrolToken).where(EnrolToken.used_at == None)):  # noqa: E711
            row.expires_at = utc_now() - timedelta(seconds=1)

    farm.master.db.write(expire)
    answer = enroll(farm, token)
    assert answer.status_code == 401
    assert "cinefarm enroll" in answer.json()["message"]


@pytest.mark.parametrize("credentials", [{}, {"token": "en_unknown"}, {"bearer": "wrong"}])
def test_nobody_enrols_without_a_valid_token(farm: Served, credentials: dict[str, str]) -> None:
    """The sentence says how to get one."""
    answer = enroll(farm, **credentials)
    assert answer.status_code == 401
    assert "cinefarm" in answer.json()["message"]


def test_a_worker_cannot_enrol_others(farm: Served, worker: FakeWorker) -> None:
    """Its credential is for its own attempts."""
    assert enroll(farm, bearer=worker.credential).status_code == 401


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "x" * 121])
def test_a_name_must_be_fit(farm: Served, name: str) -> None:
    """Names stand in paths of other programs."""
    assert enroll(farm, bearer=farm.master.doorkeeper.secret, node_id=name).status_code == 422


def test_enrolling_again_ends_the_old_credential(farm: Served, worker: FakeWorker) -> None:
    """A box has one."""
    FakeWorker(farm, worker.name)
    with pytest.raises(InvalidStatus):
        worker.open()
