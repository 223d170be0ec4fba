"""Who may come in: the master's secret, browser sessions, API tokens, enrolment tokens and worker credentials."""

import hashlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from itsdangerous import BadSignature, TimestampSigner
from sqlmodel import Session, select

from cinefarm.ids import is_id
from master.errors import Unauthorized
from master.models import ApiToken, EnrolToken, Worker, utc_now

SESSION_DAYS = 7
TICKET_S = 3600.0
ENROL_HOURS = 1
LOCAL = "local"  # who comes with the master's secret or a session: the pages on its own machine are all one user


@dataclass(frozen=True)
class Principal:
    """Who asks."""

    kind: Literal["user", "worker"]
    name: str
    worker_id: str | None = None


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def load_secret(state_dir: Path, given: str | None = None) -> str:
    """The master's secret: as given, or kept in a file that only this user can read."""
    if given:
        return given
    path = state_dir / "secret"
    state_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists() or not path.read_text().strip():  # empty after a start that was killed
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


@dataclass
class Doorkeeper:
    """Checks credentials. Sessions are signed, so they outlive a restart; tickets do not."""

    secret: str
    _tickets: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._signer = TimestampSigner(self.secret, salt="session", digest_method=hashlib.sha256)
        self._hash = hash_token(self.secret)

    def new_ticket(self) -> str:
        """A one-time word that a browser exchanges for a session within an hour."""
        now = time.monotonic()
        self._tickets = {ticket: end for ticket, end in self._tickets.items() if end > now}
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = now + TICKET_S
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """A signed session for a valid ticket, which is used up; else None."""
        end = self._tickets.pop(ticket, 0.0)
        if end < time.monotonic():
            return None
        return self._signer.sign(secrets.token_urlsafe(16)).decode()

    def has_session(self, cookie: str | None) -> bool:
        if not cookie:
            return False
        try:
            self._signer.unsign(cookie, max_age=SESSION_DAYS * 86400)
        except BadSignature:
            return False
        return True

    def is_secret(self, token: str) -> bool:
        return hmac.compare_digest(hash_token(token), self._hash)

    def principal_of(self, session: Session, token: str) -> Principal:
        """Whom a bearer token stands for. Raises `Unauthorized`."""
        if self.is_secret(token):
            return Principal("user", LOCAL)
        if token.startswith("wk_"):
            return _worker_of(session, token)
        row = session.exec(select(ApiToken).where(ApiToken.token_hash == hash_token(token))).first()
        if row is None or row.revoked_at:
            raise Unauthorized("The token is unknown or revoked; ask for a new one with `cinefarm token add`.")
        return Principal("user", row.name)


def _worker_of(session: Session, token: str) -> Principal:
    worker_id = token.removeprefix("wk_").split("_", 1)[0]
    worker = session.get(Worker, worker_id) if is_id(worker_id) else None
    if worker is None or worker.deleted_at or not hmac.compare_digest(worker.credential_hash, hash_token(token)):
        raise Unauthorized("This worker's credential is not known here; enrol it again with a new token.")
    return Principal("worker", worker.node_id, worker.id)


def new_api_token(session: Session, name: str) -> str:
    """A token for a person or program; shown once, kept as a hash."""
    token = f"cf_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(name=name, token_hash=hash_token(token)))
    return token


def has_api_tokens(session: Session) -> bool:
    return session.exec(select(ApiToken.id).where(ApiToken.revoked_at == None)).first() is not None  # noqa: E711


def new_enrol_token(session: Session, pool: str | None = None) -> str:
    """Lets one worker in within an hour."""
    token = f"en_{secrets.token_urlsafe(24)}"
    session.add(
        EnrolToken(token_hash=hash_token(token), pool=pool, expires_at=utc_now() + timedelta(hours=ENROL_HOURS))
    )
    return token


def use_enrol_token(session: Session, token: str) -> EnrolToken:
    """Raises `Unauthorized`, saying whether it is unknown, used or expired."""
    row = session.exec(select(EnrolToken).where(EnrolToken.token_hash == hash_token(token))).first()
    if row is None:
        raise Unauthorized("The enrolment token is unknown; make one with `cinefarm enroll`.")
    if row.used_at:
        raise Unauthorized("The enrolment token was used before; each lets in one worker.")
    if row.expires_at < utc_now():
        raise Unauthorized("The enrolment token expired; make a new one with `cinefarm enroll`.")
    row.used_at = utc_now()
    return row


def new_worker_credential(worker_id: str) -> str:
    return f"wk_{worker_id}_{secrets.token_urlsafe(32)}"
