"""What limits, quotas and shares that hold a job back are called: they are the same on every device."""

from collections.abc import Callable

from master.farm.gates import Refusal
from master.farm.state import DeviceState, JobState
from master.farm.wording import Told, count, span, told, with_particle


def _pause(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    rest, workflow = span(refusal.facts["rest_s"]), job.job_class.workflow
    return told(
        "wait",
        2,
        reason=(
            f"The outside quota of {workflow} is used up; it waits {rest.en} more.",
            f"{workflow}의 외부 할당량이 다해 {rest.ko} 더 기다립니다.",
        ),
        fix=(f"Wait {rest.en}; it goes on by itself.", f"{rest.ko} 뒤 저절로 이어집니다. 기다리세요."),
    )


def _limit(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    facts = refusal.facts
    name, amount, rest_s = facts["name"], f"{facts['amount']:g}", facts["rest_s"]
    if not facts["ever"]:
        holds = min(most for most in (facts["capacity"], facts["burst"]) if most is not None)
        return told(
            "raise_limit",
            12,
            reason=(
                f"The job takes {amount} of the limit {name}, which never holds more than {holds:g}.",
                f"작업은 한도 {with_particle(name, '을/를')} {amount}만큼 쓰지만, 한도는 {holds:g}까지뿐입니다.",
            ),
            fix=(
                f"Raise the limit {name} to {amount}.",
                f"한도 {with_particle(name, '을/를')} {amount} 이상으로 올리세요.",
            ),
        )
    if rest_s:
        rest = span(rest_s)
        return told(
            "wait",
            2 + min(rest_s / 600, 8),
            reason=(
                f"The limit {name} has {facts['tokens']:.3g} of the {amount} that the job takes.",
                f"한도 {with_particle(name, '은/는')} {amount} 가운데 {facts['tokens']:.3g}만 남았습니다.",
            ),
            fix=(
                f"Wait {rest.en} for it to refill, or raise the limit {name}.",
                f"{rest.ko} 뒤 다시 찹니다. 기다리거나 한도 {with_particle(name, '을/를')} 올리세요.",
            ),
            deed=(f"Raise the limit {name}.", f"한도 {with_particle(name, '을/를')} 올리세요."),
        )
    full = facts["capacity"] is not None and facts["in_use"] + facts["amount"] > facts["capacity"]
    used = f"{facts['in_use']:g} of {facts['capacity']:g} in use" if full else "its tokens are used up"
    used_ko = f"{facts['capacity']:g} 중 {facts['in_use']:g} 사용 중" if full else "토큰을 다 썼습니다"
    return told(
        "free_limit" if full else "raise_limit",
        4 if full else 12,
        reason=(f"The limit {name} is used up: {used}.", f"한도 {with_particle(name, '이/가')} 찼습니다: {used_ko}."),
        fix=(
            f"Wait for a job that holds {name} to end, or raise the limit." if full else f"Raise the limit {name}.",
            f"{with_particle(name, '을/를')} 쓰는 작업이 끝나기를 기다리거나 한도를 올리세요."
            if full
            else f"한도 {with_particle(name, '을/를')} 올리세요.",
        ),
        deed=(f"Raise the limit {name}.", f"한도 {with_particle(name, '을/를')} 올리세요."),
    )


def _whose(refusal: Refusal) -> tuple[str, str]:
    kind, name = refusal.facts["of"], refusal.facts["name"]
    return f"{kind} {name}", f"{'사용자' if kind == 'user' else '프로젝트'} {name}"


def _share_running(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    who, who_ko = _whose(refusal)
    running, most = refusal.facts["running"], refusal.facts["max"]
    return told(
        "raise_share",
        9,
        reason=(
            f"The {who} may run {count(most, 'job')} at once, and runs {running}.",
            f"{with_particle(who_ko, '은/는')} 동시에 {most}개까지 실행할 수 있고, 지금 {running}개를 실행 중입니다.",
        ),
        fix=(
            f"Wait for one of them to end, or allow the {who} more at once.",
            f"그중 하나가 끝나기를 기다리거나 {who_ko}의 동시 실행 수를 늘리세요.",
        ),
        deed=(f"Allow the {who} more jobs at once.", f"{who_ko}의 동시 실행 수를 늘리세요."),
    )


def _share_budget(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    who, who_ko = _whose(refusal)
    return told(
        "raise_share",
        10,
        reason=(
            f"The GPU time granted to the {who} is used up.",
            f"{who_ko}에게 주어진 GPU 시간을 다 썼습니다.",
        ),
        fix=(f"Grant the {who} more GPU time.", f"{who_ko}에게 GPU 시간을 더 주세요."),
    )


def _share_pool(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    who, who_ko = _whose(refusal)
    pool, name = refusal.facts["pool"], device.worker.name
    where, where_ko = (f"pool {pool}", f"{pool} 풀") if pool else ("workers without a pool", "풀 없는 워커")
    return told(
        "allow_pool",
        20,
        reason=(
            f"The {who} may not use {where} ({name}).",
            f"{with_particle(who_ko, '은/는')} {with_particle(where_ko, '을/를')} 쓸 수 없습니다({name}).",
        ),
        fix=(
            f"Allow the {who} to use {where}.",
            f"{who_ko}에게 {where_ko} 사용을 허용하세요.",
        ),
    )


QUOTAS: dict[str, Callable[[Refusal, JobState, DeviceState], Told]] = {
    "pause": _pause,
    "limit": _limit,
    "share_running": _share_running,
    "share_budget": _share_budget,
    "share_pool": _share_pool,
}
