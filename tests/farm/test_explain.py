"""Why a job waits, in sentences that are true."""

from typing import Any

import pytest
from farm_kit import DRAW, assigned, cpu, failed, gpu, job, job_class, join, out, submit, variants
from hypothesis import given, settings
from hypothesis import strategies as st

from cinefarm.messages import DeviceFacts
from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import reactor
from master.farm.explain import explain, never_fitting
from master.farm.state import Farm, JobState

POOLS = st.sampled_from([None, "day", "night"])

job_classes = st.builds(
    job_class,
    workflow=st.sampled_from([DRAW, "video_utils/frame_split"]),
    pool=POOLS,
    ram_gb=st.sampled_from([0.5, 32.0, 128.0]),
    vram_gb=st.sampled_from([0.0, 8.0, 30.0]),
    variants=st.sampled_from([(), variants(40, 8), variants(24)]),
    excluded=st.frozensets(st.sampled_from(["w0", "w1"])),
)
devices = st.sampled_from(["cpu", 12.0, 24.0, 48.0])
workers = st.fixed_dictionaries(
    {
        "devices": st.lists(devices, min_size=1, max_size=2),
        "pool": POOLS,
        "wish": st.sampled_from(WorkerWish),
        "capable": st.booleans(),
        "ram_total_gb": st.sampled_from([16.0, 64.0]),
        "state": st.sampled_from(["ready", "connected", "gone"]),
    }
)


def _facts(kind: Any, id: str) -> DeviceFacts:
    return cpu(f"cpu-{id}") if kind == "cpu" else gpu(f"GPU-{id}", gb=kind)


def _join_all(farm: Farm, boxes: list[dict[str, Any]]) -> None:
    for n, box in enumerate(boxes):
        join(
            farm,
            f"w{n}",
            *(_facts(kind, f"{n}-{m}") for m, kind in enumerate(box["devices"])),
            wish=box["wish"],
            pool=box["pool"],
            capabilities=(DRAW,) if box["capable"] else (),
            ram_total_gb=box["ram_total_gb"],
            ready=box["state"] == "ready",
        )
        if box["state"] == "gone":
            reactor.on_worker_gone(farm, f"w{n}")


@settings(max_examples=150, deadline=None)
@given(wanted=job_classes, boxes=st.lists(workers, max_size=3))
def test_what_explain_says_is_what_happens(wanted: Any, boxes: list[dict[str, Any]]) -> None:
    """A device “fits” exactly when a job that is alone would be given to one of those that fit."""
    farm = Farm()
    _join_all(farm, boxes)
    waiting = JobState("1", wanted)
    said = explain(farm, waiting, now=0.0)
    fitting = {verdict.device_id for verdict in said.devices if verdict.fits}
    given_to = {effect.device_id for effect in assigned(submit(farm, waiting))}
    assert bool(given_to) == bool(fitting)
    assert given_to <= fitting
    assert len(said.devices) == sum(len(box["devices"]) for box in boxes)
    assert said.summary.en
    assert said.summary.ko
    for verdict in said.devices:
        assert verdict.reason.en
        assert verdict.reason.ko
        if not verdict.fits:
            assert verdict.worker in verdict.reason.en or verdict.device in verdict.reason.en
            assert verdict.worker in verdict.reason.ko or verdict.device in verdict.reason.ko
            assert verdict.gate == "credit" or (verdict.fix and verdict.fix.en and verdict.fix.ko)


@settings(max_examples=100, deadline=None)
@given(wanted=job_classes, boxes=st.lists(workers, max_size=3))
def test_a_warning_is_given_exactly_for_what_nothing_here_can_ever_run(
    wanted: Any, boxes: list[dict[str, Any]]
) -> None:
    """Offline, paused and busy pass; a missing engine, pool, card or memory does not."""
    farm = Farm()
    _join_all(farm, boxes)
    waiting = JobState("1", wanted)
    warned = bool(never_fitting(farm, [waiting]))
    best = Farm()  # the same boxes at their best
    _join_all(best, [{**box, "wish": WorkerWish.NONE, "state": "ready"} for box in boxes])
    forgiven = JobState("1", job_class(**{**_fields(wanted), "excluded": frozenset()}))
    assert warned == (not assigned(submit(best, forgiven)))


def _fields(wanted: Any) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in wanted.__slots__}


def _summary(farm: Farm, waiting: JobState, now: float = 0.0) -> tuple[str, str]:
    said = explain(farm, waiting, now=now).summary
    return said.en, said.ko


def test_without_any_worker_it_says_how_to_start_one() -> None:
    """The first thing a new user meets."""
    en, ko = _summary(Farm(), job("1"))
    assert "cinefarm worker --master" in en
    assert "cinefarm worker --master" in ko


def test_a_busy_farm_tells_how_many_jobs_are_ahead() -> None:
    """Only queued jobs that go first count: older ones and more urgent ones."""
    farm = Farm()
    submit(farm, job("1"), job("2"), job("3"), job("4", priority=90), job("5", held=True), job("6", waits_for={"1"}))
    join(farm, "w")
    en, ko = _summary(farm, farm.jobs["3"])
    assert en == "Every fitting device is busy; 2 job(s) are ahead."
    assert "2개" in ko


@pytest.mark.parametrize(
    ("changes", "en", "ko"),
    [({"held": True}, "Held by a person", "보류"), ({"waits_for": {"a", "b"}}, "Waits for 2 other", "2개")],
)
def test_a_job_kept_back_says_by_whom(changes: dict[str, Any], en: str, ko: str) -> None:
    """A person or other jobs: then devices do not matter."""
    farm = Farm()
    join(farm, "w")
    said = _summary(farm, job("1", **changes))
    assert en in said[0]
    assert ko in said[1]


def test_a_running_job_says_where() -> None:
    """With the number of its attempt."""
    farm = Farm()
    submit(farm, job("1"))
    join(farm, "box-7")
    assert _summary(farm, farm.jobs["1"]) == ("Runs on box-7, attempt 1.", "box-7에서 실행 중입니다(1번째 시도).")


def test_a_quota_says_how_long_it_still_waits() -> None:
    """In seconds, counting down."""
    farm = Farm()
    submit(farm, job("1"))
    join(farm, "w")
    reactor.on_failed(farm, "w", failed(out(farm, "1"), FailureKind.QUOTA), 0.0)
    assert "60 s" in _summary(farm, farm.jobs["1"], now=0.0)[0]
    assert "20초" in _summary(farm, farm.jobs["1"], now=40.0)[1]


def test_the_nearest_fix_is_named_first() -> None:
    """Resuming the paused box that could run it is nearer than buying a card."""
    farm = Farm()
    join(farm, "weak", gpu("GPU-1", gb=8))
    join(farm, "strong", gpu("GPU-2", gb=48), wish=WorkerWish.PAUSED)
    en, _ = _summary(farm, job("1", vram_gb=24.0))
    assert en == "strong is paused. Resume strong."


def test_one_warning_a_class_not_one_a_job() -> None:
    """A thousand alike jobs are one sentence."""
    farm = Farm()
    join(farm, "w")
    said = never_fitting(farm, [job(str(n), vram_gb=24.0) for n in range(1000)])
    assert [sentence.en for sentence in said] == [
        "text_to_image/storyboard runs on a GPU; this device is Ryzen. Join a box with a GPU."
    ]
