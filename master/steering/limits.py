"""Named limits: their rows, and their buckets after a restart."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from master.audit import record
from master.errors import BadInput, NotFound
from master.events import Noun, touched
from master.farm.effects import Effect
from master.farm.farm import Farm
from master.farm.limits import Amounts, Limit
from master.farm.reactor import on_limits
from master.models import Attempt, FarmLimit, Job, LimitFields, utc_now
from master.steering.usage import first_id
from workflows.catalog import Catalog


class Draw(NamedTuple):
    """An attempt that began: what it took, and when, in seconds since 1970."""

    time: float
    amounts: Amounts


def get_limit(session: Session, name: str) -> FarmLimit:
    """Raises `NotFound`."""
    row = session.get(FarmLimit, name)
    if row is None:
        raise NotFound("There is no limit “{name}”; set it with `cinefarm limits set {name}`.", name=name)
    return row


def set_limit(session: Session, actor: str, name: str, fields: LimitFields) -> list[FarmLimit]:
    """Make or change it; every limit as it is then. A new bucket is full. Raises `BadInput` for a strange name."""
    if not name.isascii() or not name.replace("_", "").replace("-", "").replace(".", "").isalnum() or len(name) > 60:
        raise BadInput(
            "“{name}” cannot name a limit; use 1 to 60 letters, digits, dots, _ and -, e.g. kling_api.",
            name=name[:60],
            field="name",
        )
    row = session.get(FarmLimit, name) or FarmLimit(name=name)
    if fields.burst is not None:
        row.tokens = fields.burst if row.burst is None else min(row.tokens, fields.burst)
    if row.burst is None:
        row.filled_at = utc_now()
    for field, value in fields.model_dump().items():
        setattr(row, field, value)
    row.updated_at = utc_now()
    session.add(row)
    return _changed(session, actor, name, "set", **fields.model_dump())


def remove_limit(session: Session, actor: str, name: str) -> list[FarmLimit]:
    """Jobs that name it are no longer held back by it. The limits that are left. Raises `NotFound`."""
    session.delete(get_limit(session, name))
    return _changed(session, actor, name, "removed")


def _changed(session: Session, actor: str, name: str, change: str, **data: Any) -> list[FarmLimit]:
    record(session, actor, Noun.LIMIT, name, change, **data)
    touched(session, Noun.LIMIT, name)
    session.flush()
    return list(session.exec(select(FarmLimit).order_by(col(FarmLimit.name))))


def tell_limits(farm: Farm, rows: Iterable[FarmLimit], now: float) -> list[Effect]:
    """Limits were written: `rows` are all of them. What is in use and in the buckets stays."""
    return on_limits(farm, [_limit(row) for row in rows], now)


def _limit(row: FarmLimit) -> Limit:
    return Limit(name=row.name, capacity=row.capacity, burst=row.burst, refill_per_s=row.refill_per_s)


# -- over a restart


def keep_tokens(session: Session, tokens: Mapping[str, float], at: datetime) -> None:
    """Write what the buckets hold at this time."""
    for name, held in tokens.items():
        session.execute(update(FarmLimit).where(col(FarmLimit.name) == name).values(tokens=held, filled_at=at))


def tokens_left(row: FarmLimit, draws: Iterable[Draw], wall: float) -> float:
    """What the bucket holds at `wall`, from what was kept and what was drawn since."""
    kept = row.filled_at.timestamp()
    bucket = _limit(row)
    bucket.tokens, bucket.filled_at = row.tokens, kept
    for draw in draws:
        if draw.time > kept:
            bucket.refill(draw.time)
            bucket.tokens = max(0.0, bucket.tokens - dict(draw.amounts).get(row.name, 0.0))
    bucket.refill(wall)
    return bucket.tokens


def restore_limits(session: Session, farm: Farm, catalog: Catalog, now: float, wall: datetime) -> None:
    """Every limit with its bucket. After the leases are restored: they say what is in use."""
    rows = session.exec(select(FarmLimit)).all()
    farm.set_limits([_limit(row) for row in rows], now)
    buckets = [row for row in rows if row.burst is not None]
    draws = _draws(session, buckets, catalog)
    for row in buckets:
        limit = farm.limits.get(row.name)
        assert limit is not None
        limit.tokens = tokens_left(row, draws, wall.timestamp())


def _draws(session: Session, rows: list[FarmLimit], catalog: Catalog) -> list[Draw]:
    """Attempts that began since the buckets were written, oldest first."""
    names = {row.name for row in rows}
    amounts: dict[str, Amounts] = {
        workflow.name: tuple((name, float(amount)) for name, amount in workflow.needs.limits.items())
        for workflow in catalog.values()
        if names & workflow.needs.limits.keys()
    }
    if not amounts:
        return []
    since = min(row.filled_at for row in rows)
    found = session.execute(
        select(col(Attempt.created_at), col(Job.workflow))
        .join(Job, col(Job.id) == col(Attempt.job_id))
        .where(col(Attempt.id) >= first_id(since), col(Job.workflow).in_(amounts))
        .order_by(col(Attempt.id))
    )
    return [Draw(time.timestamp(), amounts[workflow]) for time, workflow in found]
