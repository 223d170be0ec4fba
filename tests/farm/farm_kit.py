"""A farm in memory, and short words for what happens to it."""

from typing import Any

from cinefarm.messages import AttemptRef, Completed, DeviceFacts, Failed, Hello
from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.effects import Assign, Effect
from master.farm.farm import Farm
from master.farm.state import Bundle, JobClass, JobState, Variant

DRAW = "text_to_image/storyboard"
LEASE_S = 30.0


def job_class(**changes: Any) -> JobClass:
    return JobClass(**{"workflow": DRAW, "variants": plain(), **changes})


def plain(vram_gb: float = 0.0, ram_gb: float = 0.5, bundles: tuple[Bundle, ...] = ()) -> tuple[Variant, ...]:
    """A workflow without variants has one way to run."""
    return (Variant(None, vram_gb, ram_gb, bundles),)


def job(id: str, **changes: Any) -> JobState:
    """A job; what is a field of its class may be given too."""
    state = {name: changes.pop(name) for name in list(changes) if name in JobState.__slots__ and name != "excluded"}
    return JobState(id=id, job_class=job_class(**changes), **{"batch": "batch", "project": "SAMPLE", **state})


def variants(*sizes: float) -> tuple[Variant, ...]:
    return tuple(Variant(f"v{size:g}", size, 1.0) for size in sizes)


def cpu(id: str = "cpu-1") -> DeviceFacts:
    return DeviceFacts(id=id, kind="cpu", name="Ryzen", memory_total_gb=64)


def gpu(id: str = "GPU-1", gb: float = 24.0) -> DeviceFacts:
    return DeviceFacts(id=id, kind="cuda", name=f"RTX {gb:g}", memory_total_gb=gb)


def join(
    farm: Farm,
    name: str,
    *devices: DeviceFacts,
    now: float = 0.0,
    wish: WorkerWish = WorkerWish.NONE,
    ready: bool = True,
    **hello: Any,
) -> list[Effect]:
    """A worker connects and every device gives credit. The worker's id is its name."""
    devices = devices or (cpu(f"cpu-{name}"),)
    said = {"capabilities": (DRAW,), "ram_total_gb": 64, **hello}
    effects = reactor.on_hello(
        farm, name, Hello(node_id=name, hostname=name, devices=devices, **said), wish=wish, now=now
    )
    for facts in devices if ready else ():
        effects += reactor.on_ready(farm, name, facts.id, now)
    return effects


def submit(farm: Farm, *jobs: JobState, now: float = 0.0) -> list[Effect]:
    return reactor.on_submitted(farm, jobs, now)


def assigned(effects: list[Effect]) -> list[Assign]:
    return [effect for effect in effects if isinstance(effect, Assign)]


def only(effects: list[Effect], kind: type[Any]) -> Any:
    found = [effect for effect in effects if isinstance(effect, kind)]
    assert len(found) == 1, f"one {kind.__name__} expected in {effects}"
    return found[0]


def completed(ref: AttemptRef) -> Completed:
    return Completed(ref=ref, outputs=(), seconds=1)


def failed(ref: AttemptRef, kind: FailureKind, message: str = "It broke.") -> Failed:
    return Failed(ref=ref, failure=kind, message=message)


def out(farm: Farm, job_id: str) -> AttemptRef:
    """The attempt of the job that is out now."""
    lease = farm.leases[job_id]
    return AttemptRef(job_id=job_id, attempt=lease.attempt, revision=lease.revision)
