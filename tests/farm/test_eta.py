"""When a job starts and a batch ends, beside a small simulation of what happens."""

from heapq import heappop, heappush
from random import Random

import pytest
from farm_kit import cpu, finish, gpu, job, jobs, join, submit

from cinefarm.statuses import WorkerWish
from master.farm import eta, reactor
from master.farm.eta import Range, ends_in, starts_in
from master.farm.fairness import Share
from master.farm.farm import Farm
from master.farm.forecast import forecast
from master.farm.limits import Limit
from master.farm.profiles import GUESS_S, ProfileKey
from master.farm.state import Bundle, JobClass, Variant

SPEEDS = {"RTX 24": 1.0, "RTX 48": 2.0}


class Run:
    """A farm whose jobs take a random time around what was measured; it goes on until all are done."""

    def __init__(self, seed: int, *, noise: float = 0.3) -> None:
        self.rng = Random(seed)
        self.noise = noise
        self.farm, self.now = Farm(lease_s=1e9), 0.0
        self.seconds = {f"w{n}/x": self.rng.choice([10.0, 30.0, 90.0, 240.0]) for n in range(self.rng.randint(1, 5))}
        self.started: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self._ends: list[tuple[float, str]] = []
        for workflow in self.seconds:
            for model in SPEEDS:
                for _ in range(8):
                    self.farm.profiles.note(ProfileKey(workflow, None, "", model), self.takes(workflow, model))
        for n, user in enumerate("abc"):
            reactor.on_share(self.farm, "user", Share(user, weight=[1.0, 1.0, 3.0][n]), 0.0)
        bundles = [Bundle(f"b{n}", 8.0) for n in range(3)]
        self.classes = [
            JobClass(workflow, (Variant(None, vram, 1.0, tuple(self.rng.sample(bundles, self.rng.randint(0, 1)))),))
            for workflow in self.seconds
            for vram in (8.0, 30.0)
        ]
        for n in range(self.rng.randint(2, 6)):
            gb = 48.0 if n == 0 else self.rng.choice([24.0, 48.0])
            self.follow(join(self.farm, f"box{n}", gpu(f"G{n}", gb), capabilities=tuple(self.seconds)))
        made = [
            job(f"{n:04}", job_class=self.rng.choice(self.classes), user=self.rng.choice("abc"), batch=f"{n % 3}")
            for n in range(self.rng.randint(5, 90))
        ]
        self.follow(submit(self.farm, *made))
        for _ in range(len(made) // 3):
            self.step()

    def takes(self, workflow: str, model: str) -> float:
        return self.seconds[workflow] / SPEEDS[model] * self.rng.lognormvariate(0.0, self.noise)

    def follow(self, effects: object) -> None:
        for job_id, lease in self.farm.leases.items():
            if job_id not in self.started:
                device = self.farm.device(lease.worker_id, lease.device_id)
                assert device
                wanted = self.farm.jobs[job_id].job_class
                runs_s = self.takes(wanted.workflow, device.name)
                expected = self.farm.profiles.seconds(wanted, lease.variant, device.name)
                self.started[job_id] = self.now
                heappush(self._ends, (self.now + (lease.expected_s - expected) + runs_s, job_id))

    def step(self) -> bool:
        if not self._ends:
            return False
        self.now, job_id = heappop(self._ends)
        self.ended[job_id] = self.now
        self.follow(finish(self.farm, job_id, self.now))
        return True


def test_the_range_holds_what_happens_in_most_cases() -> None:
    """Of 400 estimates at least 90 % hold the true start, and the likely value is near the middle of what happens."""
    held = early = late = 0
    ratios = []
    for seed in range(400):
        run = Run(seed)
        waiting = [job for job in run.farm.jobs.values() if job.lane is not None]
        if not waiting:
            continue
        asked = run.rng.choice(waiting)
        said, at = starts_in(run.farm, asked, run.now), run.now
        assert said is not None
        assert said.low <= said.likely <= said.high
        while asked.id not in run.started and run.step():
            pass
        true_s = run.started[asked.id] - at
        held += said.low - 1 <= true_s <= said.high + 1
        early += true_s < said.low - 1
        late += true_s > said.high + 1
        if true_s > 30:
            ratios.append(said.likely / true_s)
    total = held + early + late
    ratios.sort()
    print(f"{held}/{total} held, {early} began before, {late} after; median ratio {ratios[len(ratios) // 2]:.2f}")
    assert total > 250
    assert held >= 0.9 * total
    assert 0.8 < ratios[len(ratios) // 2] < 1.25


def test_a_batch_ends_within_its_range_in_most_cases() -> None:
    """Running jobs, waiting ones of several classes and what is ahead of them."""
    held = total = 0
    for seed in range(200):
        run = Run(1000 + seed)
        batch = [job for job in run.farm.jobs.values() if job.batch == "1"]
        if not batch:
            continue
        said, at = ends_in(run.farm, batch, run.now), run.now
        assert said is not None
        while not all(job.id in run.ended for job in batch) and run.step():
            pass
        true_s = max(run.ended[job.id] for job in batch) - at
        total += 1
        held += said.low - 1 <= true_s <= said.high + 1
    print(f"{held}/{total} batches ended within their range")
    assert total > 150
    assert held >= 0.9 * total


# -- single facts


def _farm() -> Farm:
    farm = Farm()
    for off_s in (-5.0, 0.0, 5.0, 0.0):
        farm.profiles.note(ProfileKey("text_to_image/storyboard", None, "", "Ryzen"), 100.0 + off_s)
    return farm


def test_a_job_that_cannot_run_now_has_no_estimate() -> None:
    """Held, blocked, without a device, over its budget: nothing is promised."""
    farm = _farm()
    submit(farm, job("1"))
    assert starts_in(farm, farm.jobs["1"], 0.0) is None
    join(farm, "w", wish=WorkerWish.PAUSED)
    assert starts_in(farm, farm.jobs["1"], 0.0) is None
    reactor.on_wish(farm, "w", WorkerWish.NONE, 0.0)
    submit(farm, job("2", held=True), job("3", waits_for={"1"}), job("4", user="poor"))
    reactor.on_share(farm, "user", Share("poor", budget_s=0.0), 0.0)
    assert [starts_in(farm, farm.jobs[id], 0.0) for id in "234"] == [None, None, None]
    assert ends_in(farm, [farm.jobs["1"], farm.jobs["2"]], 0.0) is None
    assert starts_in(farm, farm.jobs["1"], 0.0) == Range(0.0, 0.0, 0.0), "it runs"


def test_the_range_is_wide_where_nothing_was_measured() -> None:
    """And narrow after three measurements."""
    known, unknown = _farm(), Farm()
    for farm in (known, unknown):
        join(farm, "w")
        submit(farm, *jobs(11))
    narrow, wide = (starts_in(farm, farm.jobs["000011"], 0.0) for farm in (known, unknown))
    assert narrow is not None
    assert wide is not None
    assert narrow.likely == pytest.approx(1000.0, rel=0.05)
    assert narrow.high / narrow.low < 2
    assert wide.likely == pytest.approx(10 * GUESS_S, rel=0.05)
    assert wide.high / max(wide.low, 1.0) > 8


def test_limits_and_shares_that_let_few_go_at_once_stretch_it() -> None:
    """Five devices are of no use where one licence is."""
    farm = _farm()
    reactor.on_limits(farm, [Limit("nuke", capacity=1)], 0.0)
    join(farm, "w", *(cpu(f"cpu-{n}") for n in range(5)))
    submit(farm, *jobs(6, limits=(("nuke", 1.0),)))
    submit(farm, *jobs(6, first=100))
    last, free = (starts_in(farm, farm.jobs[id], 0.0) for id in ("000006", "000105"))
    assert last is not None
    assert free is not None
    assert last.likely >= 400.0
    assert free.likely < 300.0


def test_what_waits_for_others_comes_after_them() -> None:
    """A batch whose last job needs the rest ends one job later."""
    farm = _farm()
    join(farm, "w")
    submit(farm, *jobs(3))
    plain = ends_in(farm, farm.jobs.values(), 0.0)
    submit(farm, job("film", waits_for={"000001", "000002", "000003"}))
    longer = ends_in(farm, farm.jobs.values(), 0.0)
    assert plain is not None
    assert longer is not None
    assert longer.likely == pytest.approx(plain.likely + 100.0, rel=0.1)


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_an_estimate_looks_at_a_bounded_number_of_jobs(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Classes, devices and a sample of the lane: not every job."""
    farm = Farm()
    join(farm, "w")
    submit(farm, *jobs(depth))
    asked = farm.jobs[f"{depth // 2:06}"]
    looked = 0
    lane = asked.lane
    assert lane is not None

    class Counted(list):  # type: ignore[type-arg]
        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            nonlocal looked
            found = list.__getitem__(self, key)
            looked += len(found) if isinstance(key, slice) else 1
            return found

    lane._rest = Counted(lane._rest)
    before = eta.ahead(farm, asked, 0.0).jobs.likely
    assert looked <= 5_000
    assert before == pytest.approx(depth // 2 - 2, rel=0.05)


def test_a_batch_tells_its_end_or_what_keeps_it_from_one() -> None:
    """With a range; a job that no device fits is named; nothing left has ended."""
    farm = Farm()
    join(farm, "A", gpu("a", 24))
    few = jobs(3, vram_gb=8.0)
    submit(farm, *few)
    said = forecast(farm, few, 0.0)
    assert said.jobs == 3
    assert said.ends_in_s
    assert said.ends_in_s.low < said.ends_in_s.likely < said.ends_in_s.high
    assert said.text.en.startswith("3 jobs left, done in about ")
    large = jobs(1, first=9, vram_gb=48.0)
    submit(farm, *large)
    stuck = forecast(farm, [*few, *large], 0.0)
    assert (stuck.ends_in_s, stuck.job_id) == (None, large[0].id)
    assert large[0].id in stuck.text.ko
    assert forecast(farm, [], 0.0).text.en == "It has ended."
