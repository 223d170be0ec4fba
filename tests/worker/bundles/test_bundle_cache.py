"""What stays and what goes, on the device and in RAM."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from worker.bundles.cache import BundleCache, DoesNotFit, Hold, Move, Step
from worker.bundles.parts import Bundle, Component

T5 = Component("t5", 5.0)


def bundle(name: str, gb: float, *shared: Component) -> Bundle:
    return Bundle(name, (Component(name, gb), *shared))


DEV, FILL = bundle("dev", 12.0, T5), bundle("fill", 12.0, T5)
SDXL, WAN, TINY = bundle("sdxl", 8.0), bundle("wan", 20.0), bundle("tiny", 1.0)


def take(cache: BundleCache, steps: list[Step], now: float = 0.0) -> list[str]:
    """Takes the steps, and tells them as words."""
    for step in steps:
        cache.took(step, now)
    return [f"{step.move} {step.component.key}" for step in steps]


def use(cache: BundleCache, wanted: Bundle, now: float, work_gb: float = 1.0) -> list[str]:
    """An attempt from its begin to its end."""
    said = take(cache, cache.place(wanted, work_gb, now), now)
    hold = Hold(wanted, work_gb)
    cache.begin(hold, now)
    cache.end(hold, now)
    return said


def test_what_two_bundles_share_is_loaded_once() -> None:
    """And what is not shared goes when there is no room for both."""
    cache = BundleCache(device_gb=24.0, host_gb=0.0)
    assert use(cache, DEV, 0.0) == ["read dev", "read t5"]
    assert use(cache, FILL, 1.0) == ["unload dev", "read fill"]
    assert cache.resident_gb == 17.0


def test_what_is_wanted_last_goes_first() -> None:
    """Least recent use decides only among what nobody has asked for."""
    cache = BundleCache(device_gb=30.0, host_gb=0.0)
    for now, each in enumerate((WAN, SDXL, TINY)):
        use(cache, each, float(now), work_gb=0.0)
    cache.expect([TINY, WAN])
    assert use(cache, bundle("other", 8.0), 3.0, work_gb=0.0) == ["unload sdxl", "read other"]
    cache.expect([TINY, WAN])
    assert use(cache, SDXL, 4.0, work_gb=0.0) == ["unload other", "read sdxl"]


def test_what_comes_back_quickly_goes_before_what_must_be_read_from_the_disk() -> None:
    cache = BundleCache(device_gb=21.0, host_gb=10.0)
    take(cache, cache.stage(SDXL, 0.0))
    use(cache, bundle("cold", 8.0), 0.0)
    use(cache, SDXL, 0.5)
    assert use(cache, bundle("new", 8.0), 10.0) == ["unload sdxl", "read new"]


def test_what_is_staged_is_loaded_and_not_read() -> None:
    cache = BundleCache(device_gb=24.0, host_gb=32.0)
    cache.expect([DEV])
    assert take(cache, cache.stage(DEV, 0.0)) == ["stage dev", "stage t5"]
    assert cache.is_staged(DEV)
    assert not cache.is_resident(DEV)
    assert cache.load_s(DEV) == pytest.approx(17.0 / cache.copy_gb_s)
    assert use(cache, DEV, 1.0) == ["load dev", "load t5"]
    assert cache.stage(DEV, 2.0) == [], "it is at hand"


def test_the_ram_forgets_first_what_the_device_holds_and_never_what_is_wanted_sooner() -> None:
    cache = BundleCache(device_gb=24.0, host_gb=28.0)
    cache.expect([DEV, WAN, SDXL])
    take(cache, cache.stage(DEV, 0.0))
    use(cache, DEV, 1.0)
    assert take(cache, cache.stage(WAN, 2.0)) == ["unstage dev", "stage wan"], "the device holds a copy of it"
    cache.expect([WAN, SDXL])
    assert take(cache, cache.stage(SDXL, 3.0)) == ["unstage t5", "stage sdxl"]
    assert cache.stage(bundle("later", 12.0), 4.0) == [], "both are wanted before it"


def test_what_runs_is_never_unloaded() -> None:
    cache = BundleCache(device_gb=30.0, host_gb=0.0)
    take(cache, cache.place(WAN, 2.0, 0.0))
    cache.begin(Hold(WAN, 2.0), 0.0)
    assert take(cache, cache.place(TINY, 1.0, 1.0)) == ["read tiny"]
    with pytest.raises(DoesNotFit) as caught:
        cache.place(SDXL, 1.0, 2.0)
    assert str(caught.value) == "sdxl needs 9.0 GB; this device has 8.0 GB for it."
    cache.end(Hold(WAN, 2.0), 3.0)
    assert take(cache, cache.place(SDXL, 4.0, 4.0)) == ["unload wan", "read sdxl"]


def test_what_cannot_fit_changes_nothing() -> None:
    cache = BundleCache(device_gb=16.0, host_gb=0.0)
    use(cache, SDXL, 0.0)
    with pytest.raises(DoesNotFit):
        cache.place(WAN, 0.0, 1.0)
    assert cache.is_resident(SDXL)


def test_what_the_farm_gives_up_goes_before_all_else() -> None:
    cache = BundleCache(device_gb=30.0, host_gb=0.0)
    use(cache, SDXL, 0.0, work_gb=0.0)
    use(cache, WAN, 1.0, work_gb=0.0)
    steps = cache.place(bundle("new", 8.0), 0.0, 2.0, evict=[WAN])
    assert take(cache, steps) == ["unload wan", "read new"]
    assert cache.is_resident(SDXL)


SIZES = st.sampled_from([0.2, 1.0, 2.5, 5.0, 8.0, 12.0])
COMPONENTS = [Component(f"c{number}", gb) for number, gb in enumerate((0.2, 0.2, 1.0, 2.5, 5.0, 5.0, 8.0, 12.0, 12.0))]
BUNDLES = st.builds(
    lambda parts: Bundle("+".join(part.key for part in parts), tuple(parts)),
    st.lists(st.sampled_from(COMPONENTS), min_size=1, max_size=4, unique=True),
)


class CacheMachine(RuleBasedStateMachine):
    """Any attempts, hints and stagings in any order; each step is taken by itself, as they really are."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = BundleCache(device_gb=24.0, host_gb=20.0)
        self.now = 0.0
        self.holds: list[Hold] = []

    def take(self, steps: list[Step]) -> None:
        for step in steps:
            held = {part.key for hold in self.holds for part in hold.bundle.components}
            assert not (step.move is Move.UNLOAD and step.component.key in held), "what runs is never unloaded"
            if step.move is Move.LOAD:
                assert step.component.key in self.cache.host
            self.cache.took(step, self.now)
            self.within()

    def within(self) -> None:
        assert self.cache.resident_gb + self.cache.work_gb <= self.cache.device_gb + 1e-6
        assert self.cache.staged_gb <= self.cache.host_gb + 1e-6

    @rule(wanted=BUNDLES, work_gb=st.sampled_from([0.0, 1.0, 4.0]), evict=st.lists(BUNDLES, max_size=2))
    def attempt(self, wanted: Bundle, work_gb: float, evict: list[Bundle]) -> None:
        held = {part.key: part.gb for hold in self.holds for part in hold.bundle.components}
        held_gb = sum(held.values()) + self.cache.work_gb
        new_gb = sum(part.gb for part in wanted.components if part.key not in held)
        before = dict(self.cache.device)
        try:
            steps = self.cache.place(wanted, work_gb, self.now, evict=evict)
        except DoesNotFit:
            assert held_gb + new_gb + work_gb > self.cache.device_gb
            assert self.cache.device == before
            return
        self.take(steps)
        assert self.cache.is_resident(wanted)
        hold = Hold(wanted, work_gb)
        self.cache.begin(hold, self.now)
        self.holds.append(hold)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        self.holds.remove(hold)
        self.cache.end(hold, self.now)

    @rule(upcoming=st.lists(BUNDLES, max_size=4))
    def hint(self, upcoming: list[Bundle]) -> None:
        self.cache.expect(upcoming)
        for each in upcoming:
            self.take(self.cache.stage(each, self.now))

    @rule(seconds=st.sampled_from([0.5, 20.0, 900.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def is_within_its_budgets(self) -> None:
        self.within()

    def teardown(self) -> None:
        for hold in self.holds:
            self.cache.end(hold, self.now)
        assert not self.cache.holds
        assert self.cache.work_gb == 0.0


TestCacheMachine = CacheMachine.TestCase
TestCacheMachine.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


@given(
    sizes=st.lists(SIZES, min_size=1, max_size=12),
    order=st.lists(st.integers(0, 11), min_size=1, max_size=40),
)
def test_with_all_of_the_future_known_next_use_reads_no_more_than_least_recent_use(
    sizes: list[float], order: list[int]
) -> None:
    """On bundles of one size, where next use is the optimum (Belady); counted beside a plain LRU."""
    cache = BundleCache(device_gb=3.0, host_gb=0.0)
    bundles = [bundle(f"b{number}", 1.0) for number in range(len(sizes))]
    wanted = [bundles[number % len(bundles)] for number in order]
    reads, recent, lru_reads = 0, list[str](), 0
    for place, each in enumerate(wanted):
        cache.expect(wanted[place + 1 :])
        reads += sum(said.startswith("read") for said in use(cache, each, float(place), work_gb=0.0))
        if each.name in recent:
            recent.remove(each.name)
        else:
            lru_reads += 1
            recent = recent[-2:]
        recent.append(each.name)
    assert reads <= lru_reads


def test_what_swaps_computes_from_its_copy_in_ram_which_stays_as_long_as_it_does() -> None:
    """A part whose blocks come and go takes little of the device and all of itself in RAM."""
    swapped = Bundle("swapped", (Component("swapped", 1.0, ram_gb=12.0, swaps=True),))
    cache = BundleCache(device_gb=16.0, host_gb=16.0)
    take(cache, cache.stage(SDXL, 0.0))
    assert use(cache, swapped, 1.0) == ["unstage sdxl", "stage swapped", "load swapped"]
    assert (cache.resident_gb, cache.staged_gb) == (1.0, 12.0)
    cache.expect([SDXL])
    assert cache.stage(SDXL, 2.0) == [], "its copy is in use"
    assert use(BundleCache(device_gb=16.0, host_gb=4.0), swapped, 3.0) == ["read swapped"], "else in RAM of its own"
    assert take(cache, cache.clear() + cache.clear_host(), 4.0) == ["unload swapped", "unstage swapped"]
