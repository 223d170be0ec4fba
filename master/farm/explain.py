"""Why a job waits: the questions of the scheduler (gates, shares, turn), told as data and as sentences."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from master.farm import eta
from master.farm.farm import Farm
from master.farm.gates import fits_type
from master.farm.looks import Look, look_at
from master.farm.state import JobState
from master.farm.turn import Turn, turn_of
from master.farm.types import TypeKey
from master.farm.ways import NO_WORKER, Blocker, Step, joined, nearest, ways_out
from master.farm.wording import Sentence, about, count, place, span, with_particle

__all__ = ["Blocker", "DeviceVerdict", "Explanation", "Gate", "Seconds", "Sentence", "Step", "Turn"]
__all__ += ["explain", "never_fitting"]


class Gate(BaseModel):
    """A shut gate between the job and one device."""

    gate: str
    facts: dict[str, Any]
    reason: Sentence
    fix: Sentence


class DeviceVerdict(BaseModel):
    """One device's answer to one job."""

    worker_id: str
    worker: str
    device_id: str
    device: str
    fits: bool  # it would take the job now, were it the job's turn
    gate: str | None = None  # the first shut gate
    reason: Sentence
    fix: Sentence | None = None
    gates: list[Gate] = []  # every shut gate


class Seconds(BaseModel):
    """A time from now, with a range."""

    low: float
    likely: float
    high: float


class Explanation(BaseModel):
    job_id: str
    state: str  # held, blocked, queued, assigned or running; how it ended for one that has
    summary: Sentence
    devices: list[DeviceVerdict] = []
    ahead: int | None = None  # jobs that go first on the devices that fit; of many, about so many
    turn: Turn | None = None  # who goes first, and why
    starts_in_s: Seconds | None = None
    would_start: list[Step] = []  # nearest first
    waits_for: list[Blocker] = []


def explain(farm: Farm, job: JobState, now: float) -> Explanation:
    """Where the job stands, the verdict of every device, who goes first, and what would make it start."""
    if lease := farm.leases.get(job.id):
        state = "running" if lease.started else "assigned"
        return Explanation(job_id=job.id, state=state, summary=_running(farm, job, now))
    looks = [look_at(farm, job, device, now) for device in farm.devices()]
    blockers = [Blocker(job_id=id, state=_state_of(farm, id)) for id in sorted(job.waits_for or ())]
    found = Explanation(
        job_id=job.id,
        state="held" if job.held else "blocked" if blockers else "queued",
        summary=NO_WORKER,
        devices=[_verdict(look) for look in looks],
        waits_for=blockers,
    )
    if job.lane is not None and (start := eta.starts_in(farm, job, now)):
        low, likely, high = (round(seconds, 1) for seconds in start)
        found.starts_in_s = Seconds(low=low, likely=likely, high=high)
        found.ahead = round(eta.ahead(farm, job, now).jobs.likely)
        found.turn = turn_of(farm, job, now)
    found.would_start = ways_out(job, looks, blockers, found.turn, _soon(found.starts_in_s))
    found.summary = _summary(farm, job, looks, found)
    return found


def never_fitting(farm: Farm, jobs: Iterable[JobState]) -> list[Sentence]:
    """For each kind of job among these that no known device can ever run: why, and the nearest fix."""
    heads = {(id(job.job_class), job.user, job.project): job for job in jobs}
    found: dict[str, Sentence] = {}
    for job in heads.values():
        if not _ever(farm, job):
            sentence = nearest([look_at(farm, job, device, 0.0) for device in farm.devices()])
            found[sentence.en] = sentence
    return list(found.values())


def _ever(farm: Farm, job: JobState) -> bool:
    """Whether a known device may run it one day: passing causes do not count."""
    return any(_ever_on(farm, job, key) for key in farm.types)


def _ever_on(farm: Farm, job: JobState, key: TypeKey) -> bool:
    return (
        fits_type(job.job_class, key, farm.profiles)
        and farm.users[job.user].admits(key.pool)
        and farm.projects[job.project].admits(key.pool)
    )


def _state_of(farm: Farm, job_id: str) -> str:
    job = farm.jobs.get(job_id)
    if job is None:
        return "ended"
    if job_id in farm.leases:
        return "running"
    return "held" if job.held else "blocked" if job.waits_for else "queued"


def _verdict(look: Look) -> DeviceVerdict:
    device, first = look.device, look.told[0] if look.told else None
    return DeviceVerdict(
        worker_id=device.worker_id,
        worker=device.worker.name,
        device_id=device.id,
        device=device.name,
        fits=first is None,
        gate=look.refusals[0].gate if first else None,
        reason=first.reason if first else Sentence(en="It may start here now.", ko="여기서 바로 시작할 수 있습니다."),
        fix=first.fix if first else None,
        gates=[
            Gate(gate=refusal.gate, facts=refusal.facts, reason=told.reason, fix=told.fix)
            for refusal, told in zip(look.refusals, look.told, strict=True)
        ],
    )


# -- the one sentence that matters most


def _summary(farm: Farm, job: JobState, looks: list[Look], found: Explanation) -> Sentence:
    never = not _ever(farm, job)
    if found.state != "queued":
        why = _held() if job.held else _blocked(found.waits_for)
        return joined([why, _never(), nearest(looks)]) if never and looks else why
    if not looks:
        return NO_WORKER
    if never:
        return joined([_never(), nearest(looks)])
    if common := [told for look in looks[:1] for told in look.common()]:
        return joined([told.reason for told in common] + [told.fix for told in common])
    if free := [look for look in looks if not look.told]:
        return _free(free, found)
    if busy := [look for look in looks if look.only_waits]:
        return _busy(busy, found)
    return nearest(looks)


def _never() -> Sentence:
    return Sentence(en="No device of this farm can run it.", ko="이 팜의 어떤 장치도 이 작업을 실행할 수 없습니다.")


def _held() -> Sentence:
    return Sentence(en="Held by a person; release it to start.", ko="보류된 작업입니다. 보류를 해제하면 시작합니다.")


def _blocked(blockers: list[Blocker]) -> Sentence:
    total, ended = len(blockers), [blocker.job_id for blocker in blockers if blocker.state == "ended"]
    says = Sentence(
        en=f"Waits for {count(total, 'other job')}.",
        ko=f"다른 작업 {total}개를 기다리고 있습니다.",
    )
    if ended:
        names = ", ".join(ended[:3]) + (" …" if len(ended) > 3 else "")
        gone = Sentence(
            en=f"{len(ended)} of them ended without outputs ({names}): retry {'it' if len(ended) == 1 else 'them'}, "
            "or cancel this job.",
            ko=f"그중 {len(ended)}개({names})가 결과 없이 끝났습니다. 재시도하거나 이 작업을 취소하세요.",
        )
        return joined([says, gone])
    kinds = {state: sum(blocker.state == state for blocker in blockers) for state in _STATES_KO}
    parts = [(state, number) for state, number in kinds.items() if number]
    return Sentence(
        en=f"{says.en[:-1]}: {', '.join(f'{number} {state}' for state, number in parts)}.",
        ko=f"{says.ko[:-1]}({', '.join(f'{_STATES_KO[state]} {number}개' for state, number in parts)}).",
    )


_STATES_KO = {"running": "실행 중", "queued": "대기 중", "held": "보류됨", "blocked": "선행 작업 대기"}


def _free(free: list[Look], found: Explanation) -> Sentence:
    where = place(free[0].device)
    turn = found.turn
    if turn is None or turn.kind == "first":
        return Sentence(en=f"About to start on {where}.", ko=f"곧 {where}에서 시작합니다.")
    return joined(
        [
            Sentence(
                en=f"{where} is free, but it is not this job's turn.",
                ko=f"{with_particle(where, '은/는')} 비어 있지만 아직 차례가 아닙니다.",
            ),
            turn,
        ]
    )


def _busy(busy: list[Look], found: Explanation) -> Sentence:
    """Devices that fit, are open, and will take it in time."""
    many, near = len(busy), min(busy, key=lambda look: look.cost)
    reasons = [told.reason for told in near.own()]
    if many > 1 and all(look.refusals[0].gate == "credit" for look in busy):
        of_all, of_all_ko = ("Both", "두 대가 모두") if many == 2 else (f"All {many}", f"{many}대가 모두")
        reasons = [Sentence(en=f"{of_all} open devices that fit are busy.", ko=f"맞는 장치 {of_all_ko} 사용 중입니다.")]
    elif many > 1:
        none = Sentence(en=f"No open device of the {many} that fit can take it now.", ko="")
        none.ko = f"맞는 장치 {many}대 가운데 지금 받을 수 있는 장치가 없습니다."
        reasons = [none, *reasons]
    first = found.ahead or 0
    ahead = Sentence(
        en=f"{count(first, 'job')} go{'es' if first == 1 else ''} first." if first else "It is next in line.",
        ko=f"앞에 작업 {first}개가 있습니다." if first else "다음 차례입니다.",
    )
    turn = [found.turn] if found.turn and found.turn.kind in ("priority", "age", "share") else []
    soon = _soon(found.starts_in_s)
    start = [Sentence(en=f"It starts in about {soon.en}.", ko=f"약 {soon.ko} 뒤에 시작합니다.")] if soon else []
    return joined([*reasons, *([] if turn and not first else [ahead]), *turn, *start])


def _soon(start: Seconds | None) -> Sentence | None:
    """How long it still waits; None when that is not known, or is no time."""
    return about(start.low, start.likely, start.high) if start and start.high > 0 else None


def _running(farm: Farm, job: JobState, now: float) -> Sentence:
    lease = farm.leases[job.id]
    worker, device = farm.workers.get(lease.worker_id), farm.device(lease.worker_id, lease.device_id)
    name = place(device) if device else worker.name if worker else lease.worker_id
    if worker is None or not worker.connected:
        rest = span(min(farm.lease_s, max(1.0, lease.expires - now)))
        return Sentence(
            en=f"It was given to {name}, which is offline; if it is not back within {rest.en}, the job goes elsewhere.",
            ko=f"{name}에 맡겼지만 연결이 끊겼습니다. {rest.ko} 안에 돌아오지 않으면 다른 곳에서 실행합니다.",
        )
    if not lease.started:
        return Sentence(
            en=f"Sent to {name}, which has not begun it yet (attempt {lease.attempt}).",
            ko=f"{name}에 보냈으며 아직 시작 전입니다({lease.attempt}번째 시도).",
        )
    left = eta.remaining(farm, lease, now)
    rest = span(left.likely)
    late = lease.expected_s <= now - lease.began
    return Sentence(
        en=f"Runs on {name}, attempt {lease.attempt}; "
        + ("it takes longer than expected." if late else f"about {rest.en} left."),
        ko=f"{name}에서 실행 중입니다({lease.attempt}번째 시도, "
        + ("예상보다 오래 걸리고 있습니다)." if late else f"약 {rest.ko} 남음)."),
    )
