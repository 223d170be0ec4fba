"""Users' and projects' shares: their rows, and their virtual times after a restart."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, select

from cinefarm.sentences import Word
from master.audit import record
from master.errors import BadInput, NotFound
from master.events import Noun, touched
from master.farm import fairness
from master.farm.effects import Effect
from master.farm.fairness import Shares
from master.farm.farm import Farm
from master.farm.reactor import on_share
from master.farm.state import Lease
from master.models import Share, ShareFields, ShareKind, utc_now
from master.steering.usage import Stint, Wait, stints, used_s, waiting_since

KINDS: tuple[ShareKind, ...] = ("user", "project")
MEMORY = timedelta(hours=24)  # of who used what, over a restart
_QUEUED, _BEGAN, _ENDED = 0, 1, 2  # what comes first at one moment


class Turn(NamedTuple):
    """One attempt, or a job that waits: at work from `queued` until `ended`, and charged when it began."""

    name: str
    queued: float
    began: float | None = None  # None: it waits
    ended: float | None = None  # None: still at work
    seconds: float = 0.0


def set_share(session: Session, actor: str, kind: ShareKind, name: str, fields: ShareFields) -> Share:
    """Its row as it is now. A changed budget begins to be spent now."""
    row, at = session.get(Share, (kind, name)) or Share(kind=kind, name=name), utc_now()
    if fields.budget_gpu_hours != row.budget_gpu_hours:
        row.budget_since = None if fields.budget_gpu_hours is None else at
    for field, value in fields.model_dump().items():
        setattr(row, field, value)
    row.updated_at = at
    session.add(row)
    _changed(session, actor, kind, name, "set", **fields.model_dump())
    return row


def remove_share(session: Session, actor: str, kind: ShareKind, name: str) -> None:
    """Back to a weight of 1 without limits. Raises `NotFound`."""
    row = session.get(Share, (kind, name))
    if row is None:
        raise NotFound("The {kind} “{name}” has no share of its own.", kind=Word(kind), name=name)
    session.delete(row)
    _changed(session, actor, kind, name, "removed")


def _changed(session: Session, actor: str, kind: str, name: str, change: str, **data: Any) -> None:
    project_id = name if kind == "project" else None
    record(session, actor, Noun.SHARE, f"{kind}/{name}", change, project_id=project_id, **data)
    touched(session, Noun.SHARE, f"{kind}/{name}")


def check_name(kind: ShareKind, name: str) -> str:
    """Raises `BadInput` for a name that no job could bear."""
    if not name.strip() or len(name) > 120 or "\0" in name:
        raise BadInput(
            "“{name}” is not the name of a {kind}; it may have 1 to 120 characters.",
            name=name[:60],
            kind=Word(kind),
            field="name",
        )
    return name


# -- told to the farm


def tell_share(farm: Farm, kind: ShareKind, name: str, row: Share | None, now: float) -> list[Effect]:
    """Its row was written, or removed. A budget as it was goes on; a new one pays for what is out from now on."""
    known = _shares(farm, kind)[name]
    wanted = _wanted(name, row)
    if row and row.budget_gpu_hours is not None:
        wanted.budget_s = row.budget_gpu_hours * 3600 - _reserved_s(farm, kind, name, now)
        if known.budget_s is not None and row.budget_since and row.budget_since < row.updated_at:
            wanted.budget_s = known.budget_s
    return on_share(farm, kind, wanted, now)


def _wanted(name: str, row: Share | None) -> fairness.Share:
    if row is None:
        return fairness.Share(name)
    pools = None if row.pools is None else frozenset(row.pools)
    return fairness.Share(name, weight=row.weight, max_running=row.max_running, pools=pools)


def _reserved_s(farm: Farm, kind: ShareKind, name: str, now: float) -> float:
    """What its running attempts were charged in advance, less what they have used: it comes back when they end."""
    return sum(lease.expected_s - (now - lease.began) for lease in _leases(farm, kind, name))


def _leases(farm: Farm, kind: ShareKind, name: str) -> Iterable[Lease]:
    for lease in farm.leases.values():
        job = farm.jobs[lease.job_id]
        if name == (job.user if kind == "user" else job.project):
            yield lease


def _shares(farm: Farm, kind: str) -> Shares:
    return farm.users if kind == "user" else farm.projects


# -- after a restart


def restore_shares(session: Session, farm: Farm, ran_s: Mapping[str, float], now: float, wall: datetime) -> None:
    """Weights, caps, what is left of budgets, and who used what in the last 24 hours.

    After the jobs and leases: what is out is charged as if it had never stopped. `ran_s`: seconds since each attempt
    that is out began, by job id.
    """
    rows = {(row.kind, row.name): row for row in session.exec(select(Share))}
    for kind, name in rows:
        _shares(farm, kind)[name]  # known from now on
    past, waiting = stints(session, wall - MEMORY), waiting_since(session)
    for kind in KINDS:
        advance = _in_advance(farm, kind, ran_s, now)
        weights = {name: row.weight for (of, name), row in rows.items() if of == kind}
        virtual = virtual_times(_turns(kind, past, waiting), weights)
        for name in virtual:
            _shares(farm, kind)[name]
        for share in _shares(farm, kind):
            charged_s = advance.get(share.name, 0.0)
            if row := rows.get((kind, share.name)):
                wanted = _wanted(share.name, row)
                wanted.budget_s = _budget_left_s(session, row, wall)
                if wanted.budget_s is not None:
                    wanted.budget_s -= charged_s
                _shares(farm, kind).set(wanted)
            share.virtual_s = virtual.get(share.name, 0.0) + charged_s / share.weight


def virtual_times(turns: Iterable[Turn], weights: Mapping[str, float]) -> dict[str, float]:
    """The virtual time that each would have now: who comes back to work starts level with the others."""
    marks = []
    for turn in turns:
        marks.append((turn.queued, _QUEUED, turn.name, 0.0))
        if turn.began is not None:
            marks.append((max(turn.queued, turn.began), _BEGAN, turn.name, turn.seconds))
        if turn.ended is not None:
            marks.append((max(turn.queued, turn.ended), _ENDED, turn.name, 0.0))
    shares = Shares()
    for _, mark, name, seconds in sorted(marks):
        share = shares[name]
        share.weight = weights.get(name, 1.0)
        if mark == _QUEUED:
            shares.begins(share)
        elif mark == _BEGAN:
            share.charge(seconds)
        else:
            share.waiting -= 1
    return {share.name: share.virtual_s for share in shares}


def _turns(kind: ShareKind, past: list[Stint], waiting: list[Wait]) -> Iterator[Turn]:
    for wait in waiting:
        yield Turn(wait.user if kind == "user" else wait.project, wait.queued)
    for stint in past:
        name = stint.user if kind == "user" else stint.project
        used = stint.ended - stint.began if stint.ended else 0.0  # what is out is charged with its lease
        yield Turn(name, min(stint.queued, stint.began), stint.began, stint.ended, max(0.0, used))


def _in_advance(farm: Farm, kind: ShareKind, ran_s: Mapping[str, float], now: float) -> dict[str, float]:
    """What running attempts are charged so far: their estimate, and what ran before their lease was restored."""
    charged: dict[str, float] = {}
    for lease in farm.leases.values():
        job = farm.jobs[lease.job_id]
        name = job.user if kind == "user" else job.project
        before_s = max(0.0, ran_s.get(lease.job_id, 0.0) - (now - lease.began))
        charged[name] = charged.get(name, 0.0) + lease.expected_s + before_s
    return charged


def _budget_left_s(session: Session, row: Share, wall: datetime) -> float | None:
    if row.budget_gpu_hours is None or row.budget_since is None:
        return None
    used = used_s(session, row.budget_since, wall, ended_only=True)
    return row.budget_gpu_hours * 3600 - used.get((row.kind, row.name), 0.0)
