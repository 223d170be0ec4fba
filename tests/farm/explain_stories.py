"""Farms on which a job is stuck, each in a different way: the farm, the job and the time."""

from collections.abc import Callable

from farm_kit import DRAW, LEASE_S, cpu, fail, finish, gpu, job, jobs, join, out, submit

from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.limits import Limit
from master.farm.profiles import ProfileKey
from master.farm.state import Bundle, JobState, Variant

VIDEO = "image_to_video/wan22"
KLING = "image_to_video/kling"
FLUX = (Bundle("flux-dev", 12.0),)

Story = Callable[[], tuple[Farm, JobState, float]]
STORIES: dict[str, Story] = {}


def story(title: str) -> Callable[[Story], Story]:
    def keep(build: Story) -> Story:
        STORIES[title] = build
        return build

    return keep


def farm_of(*, measured_s: float | None = 120.0) -> Farm:
    """A farm that has run the storyboard and the video workflow before."""
    farm = Farm(lease_s=LEASE_S)
    if measured_s:
        for workflow in (DRAW, VIDEO, KLING):
            for model in ("RTX 24", "RTX 48", "Ryzen"):
                for off_s in (0.0, 6.0, -6.0):
                    farm.profiles.note(ProfileKey(workflow, None, "", model), measured_s + off_s)
    return farm


def video(id: str, **changes: object) -> JobState:
    needs = {} if "variants" in changes else {"vram_gb": 20.0}
    return job(id, **{"workflow": VIDEO, "batch": "ep1", "user": "mina", **needs, **changes})


def join_gpu(farm: Farm, name: str, gb: float = 24.0, **hello: object) -> None:
    said = {"capabilities": (VIDEO, DRAW, KLING), **hello}
    join(farm, name, gpu(f"GPU-{name}", gb, slots=said.pop("slots", 1)), **said)  # type: ignore[arg-type]


@story("No worker has joined")
def _no_worker() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("No card is large enough")
def _vram() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    join_gpu(farm, "gpu-08", 12.0)
    submit(farm, waits := video("1", variants=(Variant("bf16", 64.0, 16.0), Variant("fp8", 40.0, 16.0))))
    return farm, waits, 5.0


@story("A leaner variant fits the card, but not the RAM of the box")
def _ram() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", ram_total_gb=32)
    submit(farm, waits := video("1", variants=(Variant("bf16", 40.0, 16.0), Variant("offload", 16.0, 96.0))))
    return farm, waits, 5.0


@story("No worker has the engine")
def _capability() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", capabilities=(DRAW,))
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("Its engine is there, and lacks a model file")
def _lacking() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    missing = "ComfyUI has no model file wan_2.1_vae.safetensors (VAELoader)."
    join_gpu(farm, "gpu-07", capabilities=(DRAW,), lacking={VIDEO: missing})
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("Its engine's server does not answer")
def _server_down() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    down = "ComfyUI at http://127.0.0.1:8188 does not answer. Start it, or name another with --comfy."
    join_gpu(farm, "gpu-07", capabilities=(DRAW,), lacking={"comfyui": down})
    submit(farm, waits := video("1", engines=("comfyui",)))
    return farm, waits, 5.0


@story("Its engine runs other variants only")
def _variant() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", unable={VIDEO: ("fp8", "offload")})
    submit(farm, waits := video("1", variants=(Variant("bf16", 40.0, 16.0), Variant("fp8", 20.0, 16.0))))
    return farm, waits, 5.0


@story("The weights are not on the box")
def _weights() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", stored=("clip_vit_l14",))
    submit(farm, waits := video("1", variants=(Variant("bf16", 20.0, 16.0, FLUX),)))
    return farm, waits, 5.0


@story("A CPU could do it, and an open GPU far sooner")
def _slower() -> tuple[Farm, JobState, float]:
    farm = farm_of(measured_s=None)
    join_gpu(farm, "gpu-07")
    join(farm, "box", cpu(), capabilities=(VIDEO,))
    ways = (Variant("gpu", 20.0, 16.0), Variant("cpu", 0.0, 16.0))
    submit(farm, video("1", variants=ways), waits := video("2", variants=ways))
    return farm, waits, 5.0


@story("The job wants another pool")
def _pool() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", pool="day")
    submit(farm, waits := video("1", pool="night"))
    return farm, waits, 5.0


@story("A GPU job on a farm of CPUs")
def _device_kind() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join(farm, "office-3", cpu("cpu-office-3"), capabilities=(VIDEO,))
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("Held by a person")
def _held() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, waits := video("1", held=True))
    return farm, waits, 5.0


@story("It needs the outputs of jobs that still wait or run")
def _blocked() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, video("shot-1"), video("shot-2"), video("shot-3"))
    submit(farm, waits := video("film", waits_for={"shot-1", "shot-2", "shot-3"}))
    return farm, waits, 5.0


@story("A job whose outputs it needs has failed")
def _blocker_failed() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, video("shot-1"), video("shot-2"))
    submit(farm, waits := video("film", waits_for={"shot-1", "shot-2"}))
    fail(farm, "shot-1", FailureKind.BAD_INPUT, 4.0)
    return farm, waits, 5.0


@story("It runs")
def _runs() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, runs := video("1"))
    reactor.on_progress(farm, "gpu-07", out(farm, "1"), 1.0)
    return farm, runs, 30.0


@story("The worker that has it went offline")
def _lost() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, runs := video("1"))
    reactor.on_worker_gone(farm, "gpu-07", 10.0)
    return farm, runs, 12.0


@story("Next in line on a busy farm")
def _busy() -> tuple[Farm, JobState, float]:
    farm = farm_of(measured_s=900.0)
    join_gpu(farm, "gpu-07")
    join_gpu(farm, "gpu-08")
    submit(farm, video("1"), video("2"))
    submit(farm, waits := video("3"))
    return farm, waits, 180.0


@story("Far behind on a busy farm")
def _far() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    join_gpu(farm, "gpu-08", wish=WorkerWish.PAUSED)
    submit(farm, *(video(f"{number:03}") for number in range(41)))
    submit(farm, waits := video("900"))
    return farm, waits, 30.0


@story("Nothing was ever measured")
def _unmeasured() -> tuple[Farm, JobState, float]:
    farm = farm_of(measured_s=None)
    join_gpu(farm, "gpu-07")
    submit(farm, *(video(f"{number:03}") for number in range(11)))
    submit(farm, waits := video("900"))
    return farm, waits, 5.0


@story("The only card that fits is paused")
def _paused() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", 48.0, wish=WorkerWish.PAUSED)
    join_gpu(farm, "gpu-08", 12.0)
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("The only card that fits is offline, the other draining")
def _offline() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", 48.0)
    join_gpu(farm, "gpu-08", wish=WorkerWish.DRAINING)
    reactor.on_worker_gone(farm, "gpu-07", 1.0)
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("Outside the hours of the only worker")
def _schedule() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "artist-pc")
    reactor.on_schedule(farm, "artist-pc", False, 1.0)
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("The card failed jobs of three batches and rests")
def _sick() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    for number in range(5):
        submit(farm, video(f"{number}", batch=f"ep{number % 3}"))
        fail(farm, f"{number}", FailureKind.ENGINE_ERROR, 10.0 + number, ready=False)
        reactor.on_canceled(farm, [f"{number}"], "Gone.", 10.0 + number)
        reactor.on_ready(farm, "gpu-07", "GPU-gpu-07", 10.0 + number)
    submit(farm, waits := video("9", batch="ep9"), now=20.0)
    return farm, waits, 60.0


@story("The worker failed three jobs of this batch; the other one is busy")
def _block() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    join_gpu(farm, "gpu-08", ready=False)
    for number in range(3):
        submit(farm, video(f"{number}"))
        fail(farm, f"{number}", FailureKind.ENGINE_ERROR, 1.0 + number, ready=False)
        reactor.on_canceled(farm, [f"{number}"], "Gone.", 2.0)
        reactor.on_ready(farm, "gpu-07", "GPU-gpu-07", 2.0)
    submit(farm, video("4", batch="ep2"), now=5.0)  # gpu-07 takes it
    reactor.on_ready(farm, "gpu-08", "GPU-gpu-08", 6.0)
    submit(farm, video("5", batch="ep2"), now=6.0)
    finish(farm, "4", 29.0)
    submit(farm, waits := video("9"))
    return farm, waits, 30.0


@story("All licences are in use")
def _limit() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    farm.set_limits([Limit("kling_api", capacity=2)], 0.0)
    for name in ("gpu-07", "gpu-08", "gpu-09"):
        join(farm, name, cpu(f"cpu-{name}"), capabilities=(KLING,))
    submit(farm, *jobs(2, workflow=KLING, limits=(("kling_api", 1.0),)))
    submit(farm, waits := job("9", workflow=KLING, limits=(("kling_api", 1.0),)))
    return farm, waits, 40.0


@story("The money of the hour is spent")
def _tokens() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    farm.set_limits([Limit("dollars", burst=10, refill_per_s=10 / 3600)], 0.0)
    join(farm, "gateway", cpu("cpu-gateway", slots=4), capabilities=(KLING,))
    submit(farm, *jobs(3, workflow=KLING, limits=(("dollars", 3.0),), shareable=True))
    submit(farm, waits := job("9", workflow=KLING, limits=(("dollars", 3.0),), shareable=True))
    return farm, waits, 60.0


@story("It takes more of a limit than there is")
def _limit_never() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    farm.set_limits([Limit("nuke", capacity=2)], 0.0)
    join_gpu(farm, "gpu-07")
    submit(farm, waits := video("1", limits=(("nuke", 3.0),)))
    return farm, waits, 5.0


@story("The outside quota of its workflow is used up")
def _quota() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join(farm, "gateway", cpu("cpu-gateway"), capabilities=(KLING,))
    submit(farm, job("1", workflow=KLING))
    fail(farm, "1", FailureKind.QUOTA, 10.0)
    return farm, farm.jobs["1"], 30.0


@story("Another user's share is behind")
def _share() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, *(video(f"{number}") for number in range(6)))
    submit(
        farm, *(video(f"{number}", user="jun", vram_gb=30.0) for number in range(10, 13))
    )  # too large: it falls behind
    for number in range(3):
        finish(farm, f"{number}", 120.0 * (number + 1))
    submit(farm, *(video(f"{number}", user="jun") for number in range(20, 23)), now=370.0)
    return farm, farm.jobs["4"], 380.0


@story("More urgent jobs go first")
def _priority() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, video("0"))
    submit(farm, *(video(f"{number}", user="jun", priority=80) for number in range(10, 15)))
    submit(farm, waits := video("9"))
    return farm, waits, 10.0


@story("Its user runs as many jobs as allowed")
def _max_running() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    reactor.on_share(farm, "user", Share("mina", max_running=1), 0.0)
    join_gpu(farm, "gpu-07")
    join_gpu(farm, "gpu-08")
    submit(farm, video("1"))
    submit(farm, waits := video("2"))
    return farm, waits, 30.0


@story("The project's GPU time is used up")
def _budget() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    reactor.on_share(farm, "project", Share("DEMO", budget_s=100.0), 0.0)
    join_gpu(farm, "gpu-07")
    submit(farm, video("1", project="DEMO"))
    finish(farm, "1", 120.0)
    submit(farm, waits := video("2", project="DEMO"), now=120.0)
    return farm, waits, 130.0


@story("Its user may not use the only pool")
def _pool_rights() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    reactor.on_share(farm, "user", Share("mina", pools=frozenset({"day"})), 0.0)
    join_gpu(farm, "gpu-07", pool="night")
    submit(farm, waits := video("1"))
    return farm, waits, 5.0


@story("It ran out of memory on the largest card")
def _oom() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07")
    submit(farm, waits := video("1"))
    fail(farm, "1", FailureKind.OUT_OF_MEMORY, 20.0)
    return farm, waits, 30.0


@story("It failed on the only free worker; the one that should try it is busy")
def _excluded() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-08")
    submit(farm, video("1", batch="ep2"))
    join_gpu(farm, "gpu-07")
    submit(farm, waits := video("2"))
    fail(farm, "2", FailureKind.ENGINE_ERROR, 20.0)
    return farm, waits, 30.0


@story("A shared card has too little memory left")
def _beside() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join_gpu(farm, "gpu-07", slots=2)
    submit(farm, video("1", shareable=True, vram_gb=16.0))
    submit(farm, waits := video("2", shareable=True, vram_gb=10.0))
    return farm, waits, 30.0


@story("The RAM of the box is given to the job on its other card")
def _ram_now() -> tuple[Farm, JobState, float]:
    farm = farm_of()
    join(farm, "gpu-07", gpu("GPU-a", 24.0), gpu("GPU-b", 24.0), capabilities=(VIDEO,), ram_total_gb=64)
    submit(farm, video("1", ram_gb=48.0))
    submit(farm, waits := video("2", ram_gb=32.0))
    return farm, waits, 30.0
