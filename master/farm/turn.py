"""Whose turn it is on the devices that fit a job, and why not this job's."""

from typing import Literal

from master.farm import policy
from master.farm.dispatch import candidates, choose, turn_on
from master.farm.fairness import first_in_turn, patience_s
from master.farm.farm import Farm
from master.farm.gates import could_go, open_now
from master.farm.queues import Lane
from master.farm.state import DeviceState, JobState
from master.farm.wording import Sentence, place, span, with_particle


class Turn(Sentence):
    """Who goes first. `first`: this job; else what decides against it."""

    kind: Literal["first", "older", "priority", "age", "share", "policy"]


def turn_of(farm: Farm, job: JobState, now: float) -> Turn:
    """For a waiting job. On an idle device that it fits if there is one, else among all that want its devices."""
    lane = job.lane
    assert lane is not None
    device = _free_for(farm, lane, now)
    lanes = candidates(farm, device, now) if device else _rivals(farm, lane, now)
    turn = first_in_turn(lanes, now)
    if lane not in turn:
        return _other_goes(lane, turn[0], now)
    if lane.head is not job:
        return _older(lane, lane.count_before(job))
    if device is not None:
        return _policy(farm, lane, device, lanes, now)
    return Turn(kind="first", en="It is next in line.", ko="다음 차례입니다.")


def _free_for(farm: Farm, lane: Lane, now: float) -> DeviceState | None:
    return next(
        (
            device
            for device_type in lane.queue.types
            for device in device_type.idle.values()
            if open_now(farm, lane.queue.job_class, device, now) and lane.admitted(device.worker.pool)
        ),
        None,
    )


def _rivals(farm: Farm, lane: Lane, now: float) -> list[Lane]:
    """Lanes that may go, on a device that this lane wants too; and itself."""
    types = set(lane.queue.types)
    return [
        other
        for queue in farm.waiting_queues()
        if not types.isdisjoint(queue.types) and could_go(farm, queue.job_class, now)
        for other in queue.lanes.values()
        if other is lane or (other.user_share.open and other.project_share.open)
    ] or [lane]


def _other_goes(lane: Lane, first: Lane, now: float) -> Turn:
    mine, theirs = lane.key, first.key
    who = theirs.user
    if theirs.priority > mine.priority:
        return Turn(
            kind="priority",
            en=f"Jobs of {who} with priority {theirs.priority} go first; this one has {mine.priority}.",
            ko=f"{who}의 우선순위 {theirs.priority} 작업이 먼저입니다. 이 작업은 {mine.priority}입니다.",
        )
    if first.hung_s(now) >= patience_s(first, max(mine.priority, theirs.priority)):
        waited = span(first.hung_s(now))
        return Turn(
            kind="age",
            en=f"A job of {who} has waited {waited.en} without service and goes first.",
            ko=f"{who}의 작업이 {waited.ko} 동안 기다려 먼저 합니다.",
        )
    kind, kind_ko, name = (
        ("project", "프로젝트", theirs.project) if theirs.project != mine.project else ("user", "사용자", who)
    )
    share, own = (first.project_share, lane.project_share) if kind == "project" else (first.user_share, lane.user_share)
    behind_s = round((own.virtual_s - share.virtual_s) * share.weight)
    if behind_s <= 0:
        return Turn(kind="older", en=f"An older job of {who} goes first.", ko=f"{who}의 더 오래된 작업이 먼저입니다.")
    return Turn(
        kind="share",
        en=f"The share of {kind} {name} is behind by {behind_s} GPU-seconds, so {name} goes first.",
        ko=f"{kind_ko} {name}의 몫이 GPU {behind_s}초만큼 밀려 있어 {with_particle(name, '이/가')} 먼저입니다.",
    )


def _older(lane: Lane, count: int) -> Turn:
    who, are_more = lane.key.user, count > 1
    return Turn(
        kind="older",
        en=f"{count} older job{'s' if are_more else ''} of {who} of the same kind go{'' if are_more else 'es'} first.",
        ko=f"{who}의 같은 종류 작업 {count}개가 먼저입니다.",
    )


def _policy(farm: Farm, lane: Lane, device: DeviceState, lanes: list[Lane], now: float) -> Turn:
    """Its class is in turn for a device that fits: what the policy makes of it."""
    where = place(device)
    turn, spent = turn_on(farm, device, lanes, now)
    if not turn:
        return Turn(
            kind="policy",
            en=f"{where} is being emptied for an older job that fits it only alone.",
            ko=f"{with_particle(where, '은/는')} 혼자서만 들어가는 더 오래된 작업을 위해 비우는 중입니다.",
        )
    first = choose(farm, device, lanes, now)
    if first is lane:
        return Turn(kind="first", en=f"It is next on {where}.", ko=f"{where}의 다음 차례입니다.")
    if first is not None and first is spent and lane not in turn:
        count, what = first.passed - first.least_passed, first.queue.job_class.workflow
        return Turn(
            kind="policy",
            en=f"An older job of {what} was overtaken {count} times, as often as it may be, and goes first on {where}.",
            ko=f"더 오래된 {what} 작업이 허용 한도인 {count}번 추월되어 {where}에서 먼저 실행됩니다.",
        )
    if first is None:
        return Turn(
            kind="policy",
            en=f"{where} would have to load its weights; a device that has them takes it sooner.",
            ko=f"{where}에는 모델이 올라와 있지 않습니다. 이미 올라온 장치가 더 빨리 처리합니다.",
        )
    if first.queue is lane.queue:
        return _other_goes(lane, first, now)
    what = first.queue.job_class.workflow
    overtaken, most = lane.passed - lane.least_passed, policy.bound(farm, lane.queue)
    return Turn(
        kind="policy",
        en=f"{where} first runs {what}, whose weights it has or should load now. "
        f"This job was overtaken {overtaken} times of at most {most}.",
        ko=f"{with_particle(where, '은/는')} 모델이 맞는 {with_particle(what, '을/를')} 먼저 실행합니다. "
        f"이 작업은 최대 {most}번 중 {overtaken}번 추월되었습니다.",
    )
