"""A farm in memory, and short words for what happens to it."""

from typing import Any

from cinefarm.messages import AttemptRef, Completed, DeviceFacts, Failed, Heartbeat, Hello
from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect
from master.farm.farm import Farm
from master.farm.state import Bundle, JobClass, JobState, Variant

DRAW = "text_to_image/storyboard"
CUT = "video_utils/frame_split"
LEASE_S = 30.0


def plain(vram_gb: float = 0.0, ram_gb: float = 0.5, bundles: tuple[Bundle, ...] = ()) -> tuple[Variant, ...]:
    """A workflow without variants has one way to run."""
    return (Variant(None, vram_gb, ram_gb, bundles),)


def variants(*sizes: float, ram_gb: float = 1.0) -> tuple[Variant, ...]:
    return tuple(Variant(f"v{size:g}", size, ram_gb) for size in sizes)


def job_class(**changes: Any) -> JobClass:
    """`vram_gb`, `ram_gb` and `bundles` are those of its one variant, where none are given."""
    if "variants" not in changes:
        one = {name: changes.pop(name) for name in ("vram_gb", "ram_gb", "bundles") if name in changes}
        changes["variants"] = plain(**one)
    return JobClass(**{"workflow": DRAW, **changes})


def job(id: str, **changes: Any) -> JobState:
    """A job; what is a field of its class may be given too."""
    state = {name: changes.pop(name) for name in list(changes) if name in JobState.__slots__ and name != "excluded"}
    if "excluded" in changes:
        state["excluded"] = frozenset(changes.pop("excluded"))
    if "job_class" not in state:
        state["job_class"] = job_class(**changes)
    return JobState(id=id, **{"batch": "batch", "project": "SAMPLE", **state})


def jobs(count: int, first: int = 1, **changes: Any) -> list[JobState]:
    return [job(f"{number:06}", **changes) for number in range(first, first + count)]


def cpu(id: str = "cpu-1", slots: int = 1) -> DeviceFacts:
    return DeviceFacts(id=id, kind="cpu", name="Ryzen", memory_total_gb=64, slots=slots)


def gpu(id: str = "GPU-1", gb: float = 24.0, slots: int = 1) -> DeviceFacts:
    return DeviceFacts(id=id, kind="cuda", name=f"RTX {gb:g}", memory_total_gb=gb, slots=slots)


def join(
    farm: Farm,
    name: str,
    *devices: DeviceFacts,
    now: float = 0.0,
    wish: WorkerWish = WorkerWish.NONE,
    ready: bool = True,
    **hello: Any,
) -> list[Effect]:
    """A worker connects and every device gives credit for each of its slots. The worker's id is its name."""
    devices = devices or (cpu(f"cpu-{name}"),)
    said = {"capabilities": (DRAW,), "ram_total_gb": 64, **hello}
    effects = reactor.on_hello(
        farm, name, Hello(node_id=name, hostname=name, devices=devices, **said), wish=wish, now=now
    )
    for facts in devices if ready else ():
        for _ in range(facts.slots):
            effects += reactor.on_ready(farm, name, facts.id, now)
    return effects


def submit(farm: Farm, *jobs: JobState, now: float = 0.0) -> list[Effect]:
    for each in jobs:
        each.since = now
    return reactor.on_submitted(farm, jobs, now)


def finish(farm: Farm, job_id: str, now: float, *, ready: bool = True, **report: Any) -> list[Effect]:
    """The job's attempt completes and its device gives credit again."""
    lease = farm.leases[job_id]
    seconds = report.pop("seconds", now - lease.began)
    said = Completed(ref=out(farm, job_id), outputs=(), seconds=seconds, ready=ready, **report)
    return reactor.on_completed(farm, lease.worker_id, said, now)


def fail(farm: Farm, job_id: str, kind: FailureKind, now: float = 0.0, *, ready: bool = True) -> list[Effect]:
    lease = farm.leases[job_id]
    said = failed(out(farm, job_id), kind).model_copy(update={"ready": ready})
    return reactor.on_failed(farm, lease.worker_id, said, now)


def assigned(effects: list[Effect]) -> list[Assign]:
    return [effect for effect in effects if isinstance(effect, Assign)]


def given(effects: list[Effect]) -> list[str]:
    """Ids of the jobs that were given out, in order."""
    return [effect.ref.job_id for effect in assigned(effects)]


def only(effects: list[Effect], kind: type[Any]) -> Any:
    found = [effect for effect in effects if isinstance(effect, kind)]
    assert len(found) == 1, f"one {kind.__name__} expected in {effects}"
    return found[0]


def completed(ref: AttemptRef) -> Completed:
    return Completed(ref=ref, outputs=(), seconds=1)


def failed(ref: AttemptRef, kind: FailureKind, message: str = "It broke.") -> Failed:
    return Failed(ref=ref, failure=kind, message=message)


def beat(*running: AttemptRef) -> Heartbeat:
    return Heartbeat(running=running)


def out(farm: Farm, job_id: str) -> AttemptRef:
    """The attempt of the job that is out now."""
    lease = farm.leases[job_id]
    return AttemptRef(job_id=job_id, attempt=lease.attempt, revision=lease.revision)


def run_one(farm: Farm, worker: str = "w", job_id: str = "1") -> AttemptRef:
    """The worker's attempt at the job, begun."""
    if job_id not in farm.jobs:
        submit(farm, job(job_id))
    if job_id not in farm.leases:
        join(farm, worker)
    ref = out(farm, job_id)
    reactor.on_progress(farm, farm.leases[job_id].worker_id, ref, 0.0)
    return ref
