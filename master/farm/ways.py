"""What would make a job start now: every way out, nearest first."""

from collections.abc import Iterable

from pydantic import BaseModel

from master.farm.looks import Look
from master.farm.state import JobState
from master.farm.turn import Turn
from master.farm.wording import Sentence, Told

WAYS = 4  # so many are named
NO_WORKER = Sentence(
    en="No worker has joined the farm; start one with `cinefarm worker --master URL`.",
    ko="연결된 워커가 없습니다. `cinefarm worker --master URL`로 시작하세요.",
)
START_ONE = Sentence(
    en="Start a worker: `cinefarm worker --master URL`.", ko="워커를 시작하세요: `cinefarm worker --master URL`."
)


class Step(Sentence):
    """All that must be done, as one sentence or more."""

    action: (
        str  # the first deed: release, retry, wait, raise_priority, resume_worker, free_limit, forgive, join_device …
    )


class Blocker(BaseModel):
    """A job whose outputs this one needs."""

    job_id: str
    state: str  # queued, running, held, blocked, or ended: it ended without outputs


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """One after the other, none twice."""
    unique = {sentence.en: sentence for sentence in sentences}.values()
    return Sentence(en=" ".join(s.en for s in unique), ko=" ".join(s.ko for s in unique))


def nearest(looks: list[Look]) -> Sentence:
    """Of the device that lacks least: what it lacks, and what to do about it."""
    if not looks:
        return NO_WORKER
    near = min(looks, key=lambda look: (look.lasting, look.cost))
    told = [told for told in near.own() if told.action != "wait"] or near.own()
    return joined([each.reason for each in told] + [each.fix for each in told])


def ways_out(
    job: JobState, looks: list[Look], blockers: list[Blocker], turn: Turn | None, soon: Sentence | None
) -> list[Step]:
    """`soon` says when it starts if nothing is done, None if it never does."""
    first = _before_all(job, blockers)
    if not looks:
        return [_step([*first, (START_ONE, "start_worker")])]
    common = looks[0].common()
    steps: list[Step] = []
    if soon and not first:
        steps.append(Step(en=f"Wait about {soon.en}.", ko=f"약 {soon.ko} 기다리세요.", action="wait"))
        if any(told.deed is None for told in common):
            return steps  # nobody can do more
    needs = [*first, *_deeds(common, soon)]
    jump = _raised(turn)
    lasting_named = False
    for look in sorted(looks, key=lambda look: (look.lasting, look.cost)):
        if look.lasting and lasting_named:
            continue
        lasting_named = lasting_named or look.lasting
        own = look.own() if not (first and look.only_waits) else []
        step = _step([*needs, *_deeds(own, soon), *jump])
        if step.en and step.en not in {other.en for other in steps}:
            steps.append(step)
    return steps[:WAYS]


def _deeds(told: list[Told], soon: Sentence | None) -> list[tuple[Sentence, str]]:
    """What to do; where it is known how long it takes without, only what is more than to wait."""
    if not soon:
        return [(each.fix, each.action) for each in told]
    return [(each.deed, _DEED.get(each.action, each.action)) for each in told if each.deed]


_DEED = {"free_limit": "raise_limit", "wait": "raise_limit"}


def _step(deeds: list[tuple[Sentence, str]]) -> Step:
    said = joined(fix for fix, _ in deeds)
    return Step(en=said.en, ko=said.ko, action=deeds[0][1] if deeds else "")


def _before_all(job: JobState, blockers: list[Blocker]) -> list[tuple[Sentence, str]]:
    """What must be done wherever it runs."""
    found = []
    if job.held:
        found.append((Sentence(en="Release the hold.", ko="보류를 해제하세요."), "release"))
    if ended := [blocker.job_id for blocker in blockers if blocker.state == "ended"]:
        names = ", ".join(ended[:3]) + (" …" if len(ended) > 3 else "")
        retry = Sentence(
            en=f"Retry {names}, or cancel this job.", ko=f"{names} 작업을 재시도하거나 이 작업을 취소하세요."
        )
        found.append((retry, "retry"))
    elif blockers:
        found.append((Sentence(en="Wait for the jobs it needs.", ko="필요한 작업이 끝나기를 기다리세요."), "wait"))
    return found


def _raised(turn: Turn | None) -> list[tuple[Sentence, str]]:
    if turn is None or turn.kind in ("first", "policy"):
        return []
    return [(Sentence(en="Raise its priority to go first.", ko="먼저 하려면 우선순위를 높이세요."), "raise_priority")]
