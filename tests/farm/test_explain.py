"""Why a job waits, in sentences that are true. See also test_explain_stories and test_differential."""

from typing import Any

import pytest
from farm_kit import CUT, DRAW, cpu, fail, given, gpu, job, jobs, join, out, submit, variants

from cinefarm.statuses import FailureKind, WorkerWish
from master.farm import policy, reactor
from master.farm.explain import explain, never_fitting
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.state import Bundle, JobState
from master.farm.wording import about, span, with_particle


def _summary(farm: Farm, waiting: JobState, now: float = 0.0) -> tuple[str, str]:
    said = explain(farm, waiting, now).summary
    return said.en, said.ko


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("민아", "민아가"),
        ("서준", "서준이"),
        ("gpu-07", "gpu-07이"),
        ("gpu-02", "gpu-02가"),
        ("gpu-10", "gpu-10이"),
        ("gateway", "gateway가"),
        ("train", "train이"),
        ("farm", "farm이"),
        ("pool", "pool이"),
        ("server", "server가"),
        ("flux", "flux가"),
        ("cat", "cat이"),
        ("kling", "kling이"),
        ("CPU", "CPU가"),
        ("LLM", "LLM이"),
        ("gpu-07 (RTX 4090)", "gpu-07 (RTX 4090)이"),
        ("22.8 GB", "22.8 GB가"),
    ],
)
def test_the_korean_particle_follows_the_last_sound(word: str, told: str) -> None:
    """Of Korean, of numbers as they are read, of Latin names and abbreviations."""
    assert with_particle(word, "이/가") == told


@pytest.mark.parametrize(
    ("word", "told"), [("서울", "서울로"), ("부산", "부산으로"), ("제주", "제주로"), ("gpu-01", "gpu-01로")]
)
def test_a_final_l_takes_the_short_particle_of_direction(word: str, told: str) -> None:
    """ㄹ is the exception."""
    assert with_particle(word, "으로/로") == told


@pytest.mark.parametrize(
    ("seconds", "en", "ko"),
    [(0.2, "1 s", "1초"), (89, "89 s", "89초"), (720, "12 min", "12분"), (9000, "2.5 h", "2.5시간")],
)
def test_spans_are_told_in_the_unit_that_suits(seconds: float, en: str, ko: str) -> None:
    """With a range in the same unit, where there is one."""
    assert (span(seconds).en, span(seconds).ko) == (en, ko)
    assert about(600, 720, 840).en == "12 min (10 to 14 min)"
    assert about(720, 720, 720).ko == "12분"


def test_every_shut_gate_is_told_with_its_figures() -> None:
    """Not only the first: who mends one should know of the next."""
    farm = Farm()
    join(farm, "w", gpu(gb=12), pool="day", wish=WorkerWish.PAUSED, capabilities=(CUT,))
    reactor.on_share(farm, "user", Share("mina", max_running=0), 0.0)
    submit(farm, waiting := job("1", vram_gb=30.0, pool="night", user="mina"))
    (verdict,) = explain(farm, waiting, 0.0).devices
    assert [gate.gate for gate in verdict.gates] == ["capability", "pool", "vram", "wish", "share_running"]
    assert (verdict.gate, verdict.reason) == ("capability", verdict.gates[0].reason)
    vram = verdict.gates[2]
    assert vram.facts["need_gb"] == 30.0
    assert vram.facts["room_gb"] == pytest.approx(10.8)
    assert "at least 32 GB" in vram.fix.en


def test_the_nearest_fix_is_named_first() -> None:
    """Resuming the paused box that could run it is nearer than buying a card."""
    farm = Farm()
    join(farm, "weak", gpu("GPU-1", gb=8))
    join(farm, "strong", gpu("GPU-2", gb=48), wish=WorkerWish.PAUSED)
    submit(farm, waiting := job("1", vram_gb=24.0))
    said = explain(farm, waiting, 0.0)
    assert said.summary.en == "strong is paused. Resume strong."
    assert [step.action for step in said.would_start] == ["resume_worker", "join_device"]


def test_what_it_says_would_start_it_does() -> None:
    """Held, with its device paused: both deeds are named, and both together are enough."""
    farm = Farm()
    join(farm, "w", wish=WorkerWish.PAUSED)
    submit(farm, waiting := job("1", held=True))
    (step,) = explain(farm, waiting, 0.0).would_start
    assert step.en == "Release the hold. Resume w."
    reactor.on_held(farm, ["1"], False, 0.0)
    assert given(reactor.on_wish(farm, "w", WorkerWish.NONE, 0.0)) == ["1"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"priority": 20}, "priority"), ({"id": "z"}, "older"), ({"user": "rich", "size": "x"}, "share")],
)
def test_it_says_who_goes_first_and_why(changes: dict[str, Any], kind: str) -> None:
    """Priority, the share, or the age within its kind."""
    farm = Farm()
    submit(farm, *jobs(3, user="mina"))
    farm.users["rich"].virtual_s = 5000.0
    waiting = job(**{"id": "9", "user": "mina", **changes})
    submit(farm, waiting)
    farm.users["rich"].virtual_s = 5000.0
    join(farm, "w", ready=False)
    turn = explain(farm, waiting, 0.0).turn
    assert turn is not None
    assert turn.kind == kind
    assert "mina" in turn.en
    assert "mina" in turn.ko


def test_a_device_that_would_rather_not_load_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy may leave a device idle, and says what it waits for."""
    farm = Farm()
    join(farm, "w", gpu())
    monkeypatch.setattr(policy, "pick", lambda *_: None)
    submit(farm, waiting := job("1", vram_gb=8.0, bundles=(Bundle("flux", 6.0),)))
    said = explain(farm, waiting, 0.0)
    assert said.turn is not None
    assert said.turn.kind == "policy"
    assert "would have to load" in said.summary.en
    assert said.devices[0].fits


def test_a_job_that_waits_for_others_names_those_that_ended_without_outputs() -> None:
    """They must be retried: time alone will not do."""
    farm = Farm()
    join(farm, "w")
    submit(farm, job("1"), job("2", held=True), job("film", waits_for={"1", "2"}))
    fail(farm, "1", FailureKind.BAD_INPUT)
    said = explain(farm, farm.jobs["film"], 0.0)
    assert {blocker.job_id: blocker.state for blocker in said.waits_for} == {"1": "ended", "2": "held"}
    assert "(1): retry it" in said.summary.en
    assert said.would_start[0].action == "retry"


def test_a_running_job_says_where_and_how_long() -> None:
    """And that it was sent, as long as the worker has not begun."""
    farm = Farm()
    submit(farm, job("1"))
    join(farm, "box-7")
    assert "has not begun" in _summary(farm, farm.jobs["1"])[0]
    reactor.on_progress(farm, "box-7", out(farm, "1"), 0.0)
    assert _summary(farm, farm.jobs["1"], 10.0) == (
        "Runs on box-7, attempt 1; about 20 s left.",
        "box-7에서 실행 중입니다(1번째 시도, 약 20초 남음).",
    )
    assert "longer than expected" in _summary(farm, farm.jobs["1"], 500.0)[0]


# -- never


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"vram_gb": 24.0}, "needs a GPU"),
        ({"ram_gb": 100.0}, "needs 100 GB of RAM"),
        ({"workflow": CUT}, "no engine"),
        ({"pool": "night"}, "pool night"),
        ({"user": "guest"}, "may not use"),
    ],
)
def test_what_no_device_can_ever_run_is_warned_of(wanted: dict[str, Any], says: str) -> None:
    """A missing engine, pool, card, memory or right does not pass; each with its fix."""
    farm = Farm()
    join(farm, "w", cpu())
    reactor.on_share(farm, "user", Share("guest", pools=frozenset({"day"})), 0.0)
    (warning,) = never_fitting(farm, [job("1", **wanted)])
    assert says in warning.en
    assert warning.ko


@pytest.mark.parametrize("passing", ["wish", "gone", "busy", "schedule", "sick"])
def test_what_passes_is_no_reason_to_warn(passing: str) -> None:
    """Offline, paused, busy, outside its hours, sick."""
    farm = Farm()
    join(farm, "w", wish=WorkerWish.PAUSED if passing == "wish" else WorkerWish.NONE, ready=passing != "busy")
    if passing == "gone":
        reactor.on_worker_gone(farm, "w", 0.0)
    if passing == "schedule":
        reactor.on_schedule(farm, "w", False, 0.0)
    if passing == "sick":
        next(farm.devices()).sick_until = 100.0
    assert never_fitting(farm, [job("1")]) == []


def test_one_warning_a_class_not_one_a_job() -> None:
    """A thousand alike jobs are one sentence; without any worker it says how to start one."""
    farm = Farm()
    assert "cinefarm worker" in never_fitting(farm, [job("1")])[0].en
    join(farm, "w")
    said = never_fitting(farm, [job(str(n), vram_gb=24.0) for n in range(1000)])
    assert [sentence.en for sentence in said] == [f"{DRAW} needs a GPU; Ryzen of w is a CPU. Join a box with a GPU."]


def test_the_explanation_of_a_job_far_back_looks_at_no_device_twice() -> None:
    """One verdict a device, whatever the depth of the queue."""
    farm = Farm()
    for n in range(5):
        join(farm, f"w{n}", gpu(f"GPU-{n}"))
    submit(farm, *jobs(2000, variants=variants(20, 8)))
    said = explain(farm, farm.jobs["001500"], 0.0)
    assert len(said.devices) == 5
    assert said.ahead == 1494
