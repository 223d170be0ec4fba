"""Why a job waits: the gates of placement, told as sentences."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from master.farm.placement import could_ever_run, refusal
from master.farm.state import DeviceState, Farm, JobState


class Sentence(BaseModel):
    en: str
    ko: str


class DeviceVerdict(BaseModel):
    """One device's answer to one job."""

    worker_id: str
    worker: str
    device_id: str
    device: str
    fits: bool
    gate: str | None = None  # the first shut gate
    reason: Sentence
    fix: Sentence | None = None


class Explanation(BaseModel):
    job_id: str
    state: str
    summary: Sentence
    devices: list[DeviceVerdict] = []


_NO_WORKER = Sentence(
    en="No worker has joined the farm; start one with `cinefarm worker --master URL`.",
    ko="연결된 워커가 없습니다. `cinefarm worker --master URL`로 시작하세요.",
)


def explain(farm: Farm, job: JobState, *, now: float) -> Explanation:
    """The verdict of every device, and the one sentence that matters most."""
    verdicts = list(_verdicts(farm, job))
    return Explanation(job_id=job.id, state="waiting", summary=_summary(farm, job, verdicts, now), devices=verdicts)


def never_fitting(farm: Farm, jobs: Iterable[JobState]) -> list[Sentence]:
    """For each class among the jobs that no known device can ever run: why, and the nearest fix."""
    heads = {job.job_class: job for job in jobs}
    sentences = []
    for job in heads.values():
        if not any(could_ever_run(job.job_class, farm.workers[d.worker_id], d) for d in farm.devices()):
            verdicts = list(_verdicts(farm, job))
            sentences.append(_nearest_fix(farm, job, verdicts) if verdicts else _NO_WORKER)
    return sentences


def _verdicts(farm: Farm, job: JobState) -> Iterator[DeviceVerdict]:
    for worker in farm.workers.values():
        for device in worker.devices.values():
            found = refusal(job.job_class, worker, device)
            yield DeviceVerdict(
                worker_id=worker.id,
                worker=worker.name,
                device_id=device.id,
                device=device.name,
                fits=found is None,
                gate=found.gate if found else None,
                reason=Sentence(en=found.en, ko=found.ko)
                if found
                else Sentence(en="Could start now.", ko="지금 시작할 수 있습니다."),
                fix=Sentence(en=found.fix_en, ko=found.fix_ko) if found and found.fix_en else None,
            )


def _summary(farm: Farm, job: JobState, verdicts: list[DeviceVerdict], now: float) -> Sentence:
    if job.held:
        return Sentence(
            en="Held by a person; release it to start.", ko="보류된 작업입니다. 보류를 해제하면 시작합니다."
        )
    if job.waits_for:
        count = len(job.waits_for)
        return Sentence(en=f"Waits for {count} other job(s).", ko=f"다른 작업 {count}개를 기다리고 있습니다.")
    if lease := farm.leases.get(job.id):
        name = farm.workers[lease.worker_id].name if lease.worker_id in farm.workers else lease.worker_id
        return Sentence(
            en=f"Runs on {name}, attempt {lease.attempt}.", ko=f"{name}에서 실행 중입니다({lease.attempt}번째 시도)."
        )
    if (until := farm.class_pauses.get(job.job_class, 0.0)) > now:
        rest = until - now
        return Sentence(
            en=f"Waits {rest:.0f} s for an outside quota.", ko=f"외부 할당량 때문에 {rest:.0f}초 대기합니다."
        )
    if not verdicts:
        return _NO_WORKER
    if any(verdict.fits for verdict in verdicts):
        return Sentence(en="About to start.", ko="곧 시작합니다.")
    if any(verdict.gate == "credit" for verdict in verdicts):
        ahead = _ahead(farm, job)
        return Sentence(
            en=f"Every fitting device is busy; {ahead} job(s) are ahead.",
            ko=f"맞는 장치가 모두 사용 중입니다. 앞에 {ahead}개의 작업이 있습니다.",
        )
    return _nearest_fix(farm, job, verdicts)


def _nearest_fix(farm: Farm, job: JobState, verdicts: list[DeviceVerdict]) -> Sentence:
    """The device that lacks least: one that could run it but for a passing cause, else the last gate reached."""
    order = ["excluded", "wish", "connected", "ram", "vram", "device_kind", "pool", "capability"]
    able = [
        verdict
        for verdict in verdicts
        if could_ever_run(job.job_class, farm.workers[verdict.worker_id], _device(farm, verdict))
    ]
    nearest = min(able or verdicts, key=lambda verdict: order.index(verdict.gate or "excluded"))
    fix = nearest.fix or Sentence(en="", ko="")
    return Sentence(en=f"{nearest.reason.en} {fix.en}".strip(), ko=f"{nearest.reason.ko} {fix.ko}".strip())


def _device(farm: Farm, verdict: DeviceVerdict) -> DeviceState:
    return farm.workers[verdict.worker_id].devices[verdict.device_id]


def _ahead(farm: Farm, job: JobState) -> int:
    """Queued jobs that are served first."""
    return sum(
        1
        for other in farm.jobs.values()
        if other.id != job.id
        and other.id not in farm.leases
        and not other.held
        and not other.waits_for
        and (-other.job_class.priority, other.id) < (-job.job_class.priority, job.id)
    )
