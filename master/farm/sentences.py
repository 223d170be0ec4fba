"""What shut gates are called, in English and in Korean: where, by how much, and what to do about it."""

from collections.abc import Callable
from math import ceil

from cinefarm.statuses import WorkerWish
from master.farm.gates import Refusal
from master.farm.quota_sentences import QUOTAS
from master.farm.state import RESERVE_GB, DeviceState, JobState
from master.farm.wording import Told, gb, place, span, told, with_particle


def tell(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    return _TELL[refusal.gate](refusal, job, device)


# -- gates that last


def _capability(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, workflow = device.worker.name, job.job_class.workflow
    if lacks := _lack(job, device):
        return told(
            "install",
            30,
            reason=(
                f"{name} cannot run {workflow}: {lacks}",
                f"{name}에서 {with_particle(workflow, '을/를')} 실행할 수 없습니다: {lacks}",
            ),
            fix=(
                f"Put what is missing on {name}; it looks again every few minutes.",
                f"{name}에 빠진 것을 채워 주세요. 몇 분마다 다시 확인합니다.",
            ),
        )
    return told(
        "install",
        40,
        reason=(
            f"{name} has no engine that runs {workflow}.",
            f"{name}에는 {with_particle(workflow, '을/를')} 실행할 엔진이 없습니다.",
        ),
        fix=(
            f"Install its engine on {name}, or join a worker that has it.",
            f"{name}에 해당 엔진을 설치하거나, 엔진이 있는 워커를 연결하세요.",
        ),
    )


def _lack(job: JobState, device: DeviceState) -> str:
    """What the worker said it lacks for the workflow, or else for the engines that run it; "" if it said nothing."""
    lacking, wanted = device.worker.lacking, job.job_class
    engines = [lacking[engine] for engine in wanted.engines if engine in lacking]
    return lacking.get(wanted.workflow) or " ".join(dict.fromkeys(engines))


def _pool(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, wanted, pool = device.worker.name, refusal.facts["wanted"], refusal.facts["pool"]
    return told(
        "move_worker",
        20,
        reason=(
            f"The job wants pool {wanted}; {name} is in {f'pool {pool}' if pool else 'no pool'}.",
            f"작업은 {wanted} 풀을 원하지만 "
            + (f"{with_particle(name, '은/는')} {pool} 풀에 있습니다." if pool else f"{name}에는 풀이 없습니다."),
        ),
        fix=(
            f"Start {name} with pool {wanted}, or submit the job without a pool.",
            f"{with_particle(name, '을/를')} {wanted} 풀로 시작하거나, 풀 없이 작업을 다시 제출하세요.",
        ),
    )


def _device_kind(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    workflow, where = job.job_class.workflow, f"{device.name} of {device.worker.name}"
    where_ko = f"{device.worker.name}의 {device.name}"
    if refusal.facts["needs_gpu"]:
        return told(
            "join_device",
            60,
            reason=(
                f"{workflow} needs a GPU; {where} is a CPU.",
                f"{with_particle(workflow, '은/는')} GPU가 필요하지만 {with_particle(where_ko, '은/는')} CPU입니다.",
            ),
            fix=("Join a box with a GPU.", "GPU가 있는 컴퓨터를 연결하세요."),
        )
    return told(
        "join_device",
        60,
        reason=(
            f"{workflow} needs no GPU, so {where} is kept for work that does.",
            f"{with_particle(workflow, '은/는')} GPU가 필요 없으므로 {with_particle(where_ko, '은/는')} "
            "GPU 작업을 위해 남겨 둡니다.",
        ),
        fix=("Join a worker that offers its CPU.", "CPU를 제공하는 워커를 연결하세요."),
    )


def _vram(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    facts, workflow = refusal.facts, job.job_class.workflow
    need, room, least = gb(facts["need_gb"]), gb(facts["room_gb"]), ceil(round(facts["need_gb"] + RESERVE_GB, 3))
    lean = f" as {facts['variant']}" if facts["variant"] else ""
    lean_ko = f" {facts['variant']}" if facts["variant"] else ""
    after = ", for it ran out of memory on a smaller card" if facts["raised"] else ""
    after_ko = "(더 작은 카드에서 메모리가 부족했기 때문)" if facts["raised"] else ""
    return told(
        "join_device",
        70 + facts["need_gb"] - facts["room_gb"],
        reason=(
            f"{workflow}{lean} needs {need} of VRAM{after}; {device.name} of {device.worker.name} has {room} for jobs.",
            f"{with_particle(workflow + lean_ko, '은/는')} "
            f"VRAM {need}가 필요하지만{after_ko} {device.worker.name}의 {with_particle(device.name, '은/는')} "
            f"작업에 {room}만 줄 수 있습니다.",
        ),
        fix=(f"Join a GPU with at least {least} GB.", f"{least} GB 이상의 GPU를 연결하세요."),
    )


def _variant(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, workflow = device.worker.name, f"{job.job_class.workflow} as {refusal.facts['variant']}"
    workflow_ko = f"{job.job_class.workflow} {refusal.facts['variant']}"
    return told(
        "install",
        40,
        reason=(
            f"{name} has no engine that runs {workflow}, which would fit {device.name}.",
            f"{with_particle(workflow_ko, '은/는')} {device.name}에 맞지만 {name}에는 이를 실행할 엔진이 없습니다.",
        ),
        fix=(
            f"Install such an engine on {name}, or join a worker that has it.",
            f"{name}에 해당 엔진을 설치하거나, 엔진이 있는 워커를 연결하세요.",
        ),
    )


def _weights(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, bundles, variant = device.worker.name, refusal.facts["bundles"], refusal.facts["variant"]
    workflow = f"{job.job_class.workflow} as {variant}" if variant else job.job_class.workflow
    workflow_ko = f"{job.job_class.workflow} {variant}" if variant else job.job_class.workflow
    listed, command = ", ".join(bundles), f"`cinefarm models pull {' '.join(bundles)}`"
    return told(
        "install",
        30,
        reason=(
            f"{workflow} would fit {device.name}, but the weights of {listed} are not on {name}.",
            f"{with_particle(workflow_ko, '은/는')} {device.name}에 맞지만 {name}에 {listed} 모델이 없습니다.",
        ),
        fix=(
            f"Run {command} on {name} and start its worker again.",
            f"{name}에서 {with_particle(command, '을/를')} 실행한 뒤 워커를 다시 시작하세요.",
        ),
    )


def _ram(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    facts, workflow, name = refusal.facts, job.job_class.workflow, device.worker.name
    lean = f" as {facts['variant']}" if facts["variant"] else ""
    lean_ko = f" {facts['variant']}" if facts["variant"] else ""
    other = [v for v in job.job_class.variants if v.ram_gb <= facts["ram_gb"] and v.vram_gb > 0]
    larger = other[-1].vram_gb + RESERVE_GB if other else 0.0
    return told(
        "join_device",
        60,
        reason=(
            f"{workflow}{lean}, which fits {device.name}, needs {gb(facts['need_gb'])} of RAM; "
            f"{name} has {gb(facts['ram_gb'])}."
            if lean
            else f"{workflow} needs {gb(facts['need_gb'])} of RAM; {name} has {gb(facts['ram_gb'])}.",
            f"{with_particle(workflow + lean_ko, '은/는')} RAM {gb(facts['need_gb'])}가 필요하지만 "
            f"{name}에는 {gb(facts['ram_gb'])}뿐입니다.",
        ),
        fix=(
            f"Add RAM to {name}, or join a box with at least {gb(facts['need_gb'])}"
            + (f", or a GPU of {ceil(round(larger, 3))} GB, where {other[-1].name} needs less RAM." if other else "."),
            f"{name}의 RAM을 늘리거나 {gb(facts['need_gb'])} 이상인 컴퓨터를 연결하세요"
            + (
                f"(또는 RAM이 덜 드는 {with_particle(str(other[-1].name), '을/를')} 쓸 수 있는 "
                f"{ceil(round(larger, 3))} GB GPU)."
                if other
                else "."
            ),
        ),
    )


# -- the box's own


def _connected(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name = device.worker.name
    return told(
        "start_worker",
        15,
        reason=(f"{name} is offline.", f"{with_particle(name, '이/가')} 연결되어 있지 않습니다."),
        fix=(f"Start the worker on {name} again.", f"{name}에서 워커를 다시 시작하세요."),
    )


def _wish(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, paused = device.worker.name, refusal.facts["wish"] is WorkerWish.PAUSED
    return told(
        "resume_worker",
        5,
        reason=(
            f"{name} is {'paused' if paused else 'draining: it finishes its jobs and takes no new ones'}.",
            f"{with_particle(name, '은/는')} "
            + ("일시 정지 중입니다." if paused else "비우는 중이라 새 작업을 받지 않습니다."),
        ),
        fix=(f"Resume {name}.", f"{with_particle(name, '을/를')} 재개하세요."),
    )


def _schedule(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name = device.worker.name
    return told(
        "schedule",
        10,
        reason=(f"{name} is outside its working hours.", f"{with_particle(name, '은/는')} 근무 시간이 아닙니다."),
        fix=(
            f"Wait for its hours, or change the schedule of {name}.",
            f"근무 시간을 기다리거나 {name}의 시간표를 바꾸세요.",
        ),
        deed=(f"Change the schedule of {name}.", f"{name}의 시간표를 바꾸세요."),
    )


def _sick(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    rest, name = span(refusal.facts["rest_s"]), device.worker.name
    return told(
        "forgive",
        7,
        reason=(
            f"{device.name} of {name} is paused for {rest.en} more: it failed jobs of several batches in a row.",
            f"{name}의 {with_particle(device.name, '이/가')} 여러 배치의 작업에 잇달아 실패해 앞으로 {rest.ko} 동안 "
            "쉽니다.",
        ),
        fix=(
            f"Look at its log; forgive {name} to use it now.",
            f"로그를 확인한 뒤 {name}의 차단을 해제하면 바로 쓸 수 있습니다.",
        ),
    )


def _credit(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    where, rest_s = place(device), refusal.facts["rest_s"]
    if not refusal.facts["busy"]:
        return told(
            "wait",
            3,
            reason=(
                f"{where} has not asked for work yet.",
                f"{with_particle(where, '이/가')} 아직 작업을 청하지 않았습니다.",
            ),
            fix=(
                f"Wait a minute; if it stays so, look at the log of {device.worker.name}.",
                f"잠시 기다리고, 계속되면 {device.worker.name}의 로그를 확인하세요.",
            ),
        )
    rest = span(rest_s)
    if rest_s <= 0:
        return told(
            "wait",
            4,
            reason=(
                f"{where} is busy, and longer than expected.",
                f"{with_particle(where, '이/가')} 예상보다 오래 작업 중입니다.",
            ),
            fix=(f"Wait for {where}.", f"{with_particle(where, '을/를')} 기다리세요."),
        )
    return told(
        "wait",
        2 + min(rest_s / 600, 8),
        reason=(
            f"{where} is busy for about {rest.en} more.",
            f"{with_particle(where, '은/는')} 앞으로 약 {rest.ko} 동안 작업 중입니다.",
        ),
        fix=(
            f"Wait about {rest.en} for {where}.",
            f"약 {rest.ko} 뒤 {with_particle(where, '이/가')} 빕니다. 기다리세요.",
        ),
    )


# -- of the moment


def _excluded(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name = device.worker.name
    own = device.worker_id in job.excluded
    return told(
        "forgive",
        7,
        reason=(
            f"{name} failed this job before; another worker should try it."
            if own
            else f"{name} failed three jobs of this batch and gets no more of it for a while.",
            f"{with_particle(name, '이/가')} 이 작업에 실패한 적이 있어 다른 워커가 해야 합니다."
            if own
            else f"{with_particle(name, '이/가')} 이 배치의 작업에 세 번 실패해 당분간 더 받지 않습니다.",
        ),
        fix=(
            f"Forgive {name}, or join another worker.",
            f"{name}의 차단을 해제하거나 다른 워커를 연결하세요.",
        ),
    )


def _beside(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    facts, where = refusal.facts, place(device)
    if not facts["job"]:
        why, why_ko = "this job wants a device to itself", "이 작업은 장치를 혼자 써야 합니다"
    elif not facts["device"]:
        why, why_ko = "what runs there wants it to itself", "실행 중인 작업이 장치를 혼자 씁니다"
    else:
        why = f"its free {gb(facts['free_gb'])} are too little to run this one beside it"
        why_ko = f"남은 {gb(facts['free_gb'])}로는 함께 실행할 수 없습니다"
    return told(
        "wait",
        3,
        reason=(
            f"{where} runs {facts['running']} job{'s' if facts['running'] > 1 else ''}, and {why}.",
            f"{where}에서 작업 {facts['running']}개를 실행 중이며, {why_ko}.",
        ),
        fix=(f"Wait for {where}.", f"{with_particle(where, '이/가')} 빌 때까지 기다리세요."),
    )


def _ram_now(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    name, need, free = device.worker.name, gb(refusal.facts["need_gb"]), gb(refusal.facts["free_gb"])
    return told(
        "wait",
        3,
        reason=(
            f"{name} has {free} of RAM free beside what it runs; the job needs {need}.",
            f"{name}에 남은 RAM은 {free}인데 작업에는 {need}가 필요합니다.",
        ),
        fix=(f"Wait for a job on {name} to end.", f"{name}의 작업 하나가 끝나기를 기다리세요."),
    )


def _elsewhere(refusal: Refusal, job: JobState, device: DeviceState) -> Told:
    facts, where = refusal.facts, place(device)
    other, other_ko = f"{facts['device']} of {facts['worker']}", f"{facts['worker']}의 {facts['device']}"
    if facts["rest_s"] is None:
        return told(
            "wait",
            6,
            reason=(
                f"{where} has no weights for it and could do it only poorly; {other} has them.",
                f"{where}에는 모델이 없어 결과가 떨어집니다. 모델은 {other_ko}에 있습니다.",
            ),
            fix=(f"Wait for {other}.", f"{with_particle(other_ko, '을/를')} 기다리세요."),
        )
    rest = span(facts["rest_s"])
    return told(
        "wait",
        3 + min(facts["rest_s"] / 600, 8),
        reason=(
            f"{where} is far slower at it than {other}; it helps out in {rest.en}, if the job still waits then.",
            f"{with_particle(where, '은/는')} {other_ko}보다 훨씬 느립니다. {rest.ko} 뒤에도 대기 중이면 맡습니다.",
        ),
        fix=(f"Wait for {other}.", f"{with_particle(other_ko, '을/를')} 기다리세요."),
    )


_TELL: dict[str, Callable[[Refusal, JobState, DeviceState], Told]] = {
    **QUOTAS,
    "capability": _capability,
    "pool": _pool,
    "device_kind": _device_kind,
    "vram": _vram,
    "variant": _variant,
    "weights": _weights,
    "ram": _ram,
    "connected": _connected,
    "wish": _wish,
    "schedule": _schedule,
    "sick": _sick,
    "credit": _credit,
    "excluded": _excluded,
    "beside": _beside,
    "ram_now": _ram_now,
    "elsewhere": _elsewhere,
}
