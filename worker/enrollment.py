"""How an agent gets its credential: with a one-time token, or with the secret of a master on the same machine."""

import json
import os
import socket
import stat
from pathlib import Path

import httpx
from pydantic import BaseModel

from worker.config import WorkerSettings


class EnrolmentError(Exception):
    """The master did not let this worker in; the message says what to do."""


class Credential(BaseModel):
    worker_id: str
    credential: str


def load_credential(settings: WorkerSettings) -> Credential | None:
    """The credential kept for this master and this name."""
    try:
        kept = json.loads(_place(settings).read_text())
        return Credential.model_validate(kept[_key(settings)])
    except (OSError, ValueError, KeyError):
        return None


async def enroll(settings: WorkerSettings) -> Credential:
    """Ask the master for a credential and keep it. Raises `EnrolmentError`; `httpx.HTTPError` if nobody answers."""
    headers = {}
    if settings.token is None and (secret := _read_secret(settings)):
        headers["Authorization"] = f"Bearer {secret}"
    request = {
        "node_id": settings.name,
        "hostname": socket.gethostname(),
        "pool": settings.pool,
        "token": settings.token.get_secret_value() if settings.token else None,
    }
    async with httpx.AsyncClient(base_url=settings.master, timeout=15, trust_env=False) as client:
        answer = await client.post("/api/worker/enroll", json=request, headers=headers)
    if answer.status_code != 201:
        raise EnrolmentError(_reason(answer))
    credential = Credential.model_validate(answer.json())
    _keep(settings, credential)
    return credential


def _reason(answer: httpx.Response) -> str:
    try:
        return f"The master refused: {answer.json()['message']}"
    except (ValueError, KeyError):
        return f"The master answered HTTP {answer.status_code}; is it a Cinefarm master?"


def _read_secret(settings: WorkerSettings) -> str | None:
    places = [settings.secret_file] if settings.secret_file else [Path(".cinefarm/secret")]
    for place in places:
        if place and place.is_file():
            if stat.S_IMODE(place.stat().st_mode) & 0o077:
                raise EnrolmentError(f"Other users can read {place}; run: chmod 600 {place}")
            return place.read_text().strip()
    return None


def _place(settings: WorkerSettings) -> Path:
    return settings.state_dir / "credentials.json"


def _key(settings: WorkerSettings) -> str:
    return f"{settings.master} {settings.name}"


def _keep(settings: WorkerSettings, credential: Credential) -> None:
    place = _place(settings)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        kept = json.loads(place.read_text())
    except (OSError, ValueError):
        kept = {}
    kept[_key(settings)] = credential.model_dump()
    temporary = place.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file)
    os.replace(temporary, place)
