"""Which device may run a job (gates), and which of those should (score).

`explain` walks the same gates, so what it says is what happens.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cinefarm.statuses import WorkerWish
from master.farm.state import DeviceState, Farm, JobClass, Variant, WorkerState

RESERVE_GB = 1.2  # left to the driver and the desktop on a GPU


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this device does not get this job now, in both languages, with the nearest fix."""

    gate: str
    en: str
    ko: str
    fix_en: str = ""
    fix_ko: str = ""
    passing: bool = False  # ends by itself (a busy device), nobody need act


GateCheck = Callable[[JobClass, WorkerState, DeviceState], Refusal | None]


def _connected(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if worker.connected:
        return None
    return Refusal(
        "connected",
        f"{worker.name} is offline.",
        f"{worker.name}이(가) 오프라인입니다.",
        f"Start the agent on {worker.name}.",
        f"{worker.name}에서 에이전트를 시작하세요.",
    )


def _wish(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if worker.wish is WorkerWish.NONE:
        return None
    draining = worker.wish is WorkerWish.DRAINING
    return Refusal(
        "wish",
        f"{worker.name} is {'draining' if draining else 'paused'}.",
        f"{worker.name}은(는) {'비우는 중' if draining else '일시 정지'} 상태입니다.",
        f"Resume {worker.name}.",
        f"{worker.name}을(를) 다시 시작하세요.",
    )


def _capability(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if job.workflow in worker.capabilities:
        return None
    return Refusal(
        "capability",
        f"{worker.name} cannot run {job.workflow}.",
        f"{worker.name}은(는) {job.workflow}을(를) 실행할 수 없습니다.",
        f"Start a worker whose engines include {job.workflow}.",
        f"{job.workflow}을(를) 지원하는 워커를 시작하세요.",
    )


def _pool(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if job.pool is None or job.pool == worker.pool:
        return None
    return Refusal(
        "pool",
        f"The job asks for pool “{job.pool}”; {worker.name} is in {worker.pool or 'none'}.",
        f"작업은 “{job.pool}” 풀을 요구하지만 {worker.name}은(는) {worker.pool or '풀 없음'}입니다.",
        f"Start a worker with --pool {job.pool}.",
        f"--pool {job.pool} 옵션으로 워커를 시작하세요.",
    )


def _device_kind(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    needs_gpu = least_vram_gb(job) > 0
    if needs_gpu == (device.kind == "cuda"):
        return None
    return Refusal(
        "device_kind",
        f"{job.workflow} runs on a {'GPU' if needs_gpu else 'CPU'}; this device is {device.name}.",
        f"{job.workflow}은(는) {'GPU' if needs_gpu else 'CPU'}에서 실행되지만 이 장치는 {device.name}입니다.",
        "Join a box with a GPU." if needs_gpu else "Start the worker with its CPU device (--device cpu).",
        "GPU가 있는 워커를 연결하세요." if needs_gpu else "CPU 장치로 워커를 시작하세요(--device cpu).",
    )


def _vram(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    need = least_vram_gb(job)
    if need == 0 or need <= device.memory_total_gb - RESERVE_GB:
        return None
    return Refusal(
        "vram",
        f"Needs {need:g} GB of VRAM; {device.name} has {device.memory_total_gb:g} GB, {RESERVE_GB:g} GB kept free.",
        f"VRAM {need:g} GB가 필요하지만 {device.name}은(는) {device.memory_total_gb:g} GB"
        f"({RESERVE_GB:g} GB 예약)입니다.",
        f"Join a GPU with at least {need + RESERVE_GB:g} GB.",
        f"{need + RESERVE_GB:g} GB 이상의 GPU를 연결하세요.",
    )


def _ram(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if job.ram_gb <= worker.ram_total_gb:
        return None
    return Refusal(
        "ram",
        f"Needs {job.ram_gb:g} GB of RAM; {worker.name} has {worker.ram_total_gb:g} GB.",
        f"RAM {job.ram_gb:g} GB가 필요하지만 {worker.name}은(는) {worker.ram_total_gb:g} GB입니다.",
        f"Join a box with at least {job.ram_gb:g} GB of RAM.",
        f"RAM이 {job.ram_gb:g} GB 이상인 워커를 연결하세요.",
    )


def _excluded(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if worker.id not in job.excluded:
        return None
    return Refusal(
        "excluded",
        f"{worker.name} failed this job before and does not get it again.",
        f"{worker.name}에서 이 작업이 실패한 적이 있어 다시 배정하지 않습니다.",
        "Retry the job by hand to allow every worker again.",
        "작업을 직접 다시 시도하면 모든 워커가 다시 허용됩니다.",
    )


def _credit(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    if device.job_id is not None:
        return Refusal(
            "credit", f"{device.name} is busy.", f"{device.name}이(가) 다른 작업을 실행 중입니다.", passing=True
        )
    if not device.ready:
        return Refusal(
            "credit",
            f"{device.name} is getting ready.",
            f"{device.name}이(가) 준비 중입니다.",
            passing=True,
        )
    return None


GATES: tuple[GateCheck, ...] = (
    _connected,
    _wish,  # paused or draining workers get nothing new
    _capability,
    _pool,
    _device_kind,  # CPU work does not occupy a GPU
    _vram,  # its leanest variant fits this card
    _ram,
    _excluded,  # a worker that failed the job does not get it again
    _credit,  # nothing is sent without credit
)


def least_vram_gb(job: JobClass) -> float:
    """The need of the leanest variant, or what an earlier out-of-memory raised it to."""
    return max(job.vram_gb, min((variant.vram_gb for variant in job.variants), default=0.0))


def refusal(job: JobClass, worker: WorkerState, device: DeviceState) -> Refusal | None:
    """The first gate that is shut, or None."""
    for gate in GATES:
        if found := gate(job, worker, device):
            return found
    return None


def could_ever_run(job: JobClass, worker: WorkerState, device: DeviceState) -> bool:
    """Whether only passing causes (offline, paused, busy) stand in the way."""
    return not any(gate(job, worker, device) for gate in (_capability, _pool, _device_kind, _vram, _ram))


def choose_variant(job: JobClass, device: DeviceState) -> Variant | None:
    """The best variant that fits; variants are ordered from best to leanest."""
    room_gb = device.memory_total_gb - RESERVE_GB if device.kind == "cuda" else 0.0  # a box's memory is not VRAM
    for variant in job.variants:
        if variant.vram_gb <= max(0.0, room_gb):
            return variant
    return None


def choose_device(farm: Farm, job: JobClass, candidates: list[DeviceState]) -> DeviceState | None:
    """The best of the ready devices for this class, or None when every gate is shut."""
    open_to_it = [d for d in candidates if refusal(job, farm.workers[d.worker_id], d) is None]
    return min(open_to_it, key=lambda device: _score(farm, job, device), default=None)


def _score(farm: Farm, job: JobClass, device: DeviceState) -> tuple[int, float, float, str]:
    worker = farm.workers[device.worker_id]
    if job.bundle is None or job.bundle in worker.resident:
        load = 0  # nothing to load
    elif job.bundle in worker.staged:
        load = 1
    else:
        load = 2
    # then the least utilised, then the smallest card that fits, so that large ones stay free
    return (load, device.utilisation_percent, device.memory_total_gb, device.id)
