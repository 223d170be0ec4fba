"""Steps that are really taken, by threads, with failures; the mover counts what is really there."""

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from waiting import wait_until

from worker.bundles.cache import BundleCache, DoesNotFit, Move, Step
from worker.bundles.keeper import Keeper, NoRoom
from worker.bundles.parts import Bundle, Component


def bundle(name: str, *gb: float) -> Bundle:
    return Bundle(name, tuple(Component(f"{name}{number}", each) for number, each in enumerate(gb)))


A, B, C = bundle("a", 6.0, 4.0), bundle("b", 8.0), bundle("c", 5.0, 1.0)


class CountingMover:
    """Memory that is counted. `fails` says whether this move fails; others' memory is `taken_gb`."""

    def __init__(self, device_gb: float) -> None:
        self.device_gb = device_gb
        self.taken_gb = 0.0
        self.device: dict[str, float] = {}
        self.host: dict[str, float] = {}
        self.moves: list[str] = []
        self.fails = lambda step: None
        self.gate: threading.Event | None = None  # staging waits for it
        self.at_gate = threading.Event()

    def move(self, step: Step) -> None:
        key, gb = step.component.key, step.component.gb
        if step.move is Move.STAGE and self.gate:
            self.at_gate.set()
            assert self.gate.wait(10)
        if error := self.fails(step):
            raise error
        match step.move:
            case Move.STAGE:
                self.host[key] = gb
            case Move.LOAD | Move.READ:
                if self.free_gb() < gb - 1e-6:
                    raise NoRoom(f"{gb:g} GB wanted, {self.free_gb():g} GB free")
                self.device[key] = gb
            case Move.UNLOAD:
                del self.device[key]
            case Move.UNSTAGE:
                del self.host[key]
        self.moves.append(f"{step.move} {key}")

    def free_gb(self) -> float:
        return self.device_gb - self.taken_gb - sum(self.device.values())


@pytest.fixture
def mover() -> CountingMover:
    return CountingMover(20.0)


@pytest.fixture
def keeper(mover: CountingMover) -> Iterator[Keeper]:
    made = Keeper(BundleCache(device_gb=18.0, host_gb=12.0), mover)
    yield made
    made.close()


def test_what_an_attempt_holds_is_there_and_stays_for_the_next(keeper: Keeper, mover: CountingMover) -> None:
    with keeper.hold(A, 2.0):
        assert mover.device == {"a0": 6.0, "a1": 4.0}
    with keeper.hold(A, 2.0):
        pass
    assert mover.moves == ["read a0", "read a1"]


def test_what_is_expected_is_staged_while_an_attempt_runs(keeper: Keeper, mover: CountingMover) -> None:
    with keeper.hold(A, 2.0):
        keeper.expect([B])
        wait_until(lambda: "b0" in mover.host, 5, what="staging")
    with keeper.hold(B, 2.0):
        assert mover.moves[-2:] == ["unload a0", "load b0"]


def test_an_attempt_waits_for_one_step_of_the_stager_and_no_more(keeper: Keeper, mover: CountingMover) -> None:
    mover.gate = threading.Event()
    keeper.expect([C])
    assert mover.at_gate.wait(5)
    began = threading.Event()

    def attempt() -> None:
        with keeper.hold(B, 1.0):
            began.set()

    thread = threading.Thread(target=attempt)
    thread.start()
    wait_until(lambda: keeper._wanting == 1 or began.is_set(), 5, what="the attempt")
    mover.gate.set()
    thread.join(5)
    assert began.is_set()
    assert mover.moves.index("read b0") <= mover.moves.index("stage c0") + 1
    wait_until(lambda: "c1" in mover.host, 5, what="the rest of the staging")


def test_memory_that_another_program_took_is_made_up_for(keeper: Keeper, mover: CountingMover) -> None:
    """What the driver says is free counts, not the size of the card."""
    with keeper.hold(A, 1.0):
        pass
    mover.taken_gb = 9.0
    with keeper.hold(B, 1.0):
        assert sum(mover.device.values()) + mover.taken_gb <= mover.device_gb
    with pytest.raises(DoesNotFit), keeper.hold(A, 2.0):
        pass
    assert mover.device == {"b0": 8.0}, "nothing was unloaded for what cannot fit"


def test_what_the_device_does_not_take_is_tried_once_more_with_all_else_unloaded(
    keeper: Keeper, mover: CountingMover
) -> None:
    with keeper.hold(C, 1.0):
        pass
    refusals = iter([NoRoom("fragmented")])
    mover.fails = lambda step: next(refusals, None) if step.move is Move.READ else None
    with keeper.hold(B, 1.0):
        assert mover.device == {"b0": 8.0}
    mover.fails = lambda step: NoRoom("still") if step.component.key == "a1" else None
    with pytest.raises(NoRoom), keeper.hold(A, 1.0):
        pass
    assert set(keeper.cache.device) == set(mover.device)


def test_a_staging_that_fails_is_not_tried_for_ever(keeper: Keeper, mover: CountingMover) -> None:
    """Nor does it keep others from being staged; the attempt that needs the file tells of it."""
    tries: list[str] = []

    def broken(step: Step) -> Exception | None:
        if step.component.key == "b0":
            tries.append(step.move)
            return OSError("b.safetensors is missing")
        return None

    mover.fails = broken
    keeper.expect([B, C])
    wait_until(lambda: "c1" in mover.host, 5, what="the other bundle")
    assert tries == ["stage"]
    with pytest.raises(OSError, match="missing"), keeper.hold(B, 1.0):
        pass


def test_nothing_leaks_through_a_thousand_failures(mover: CountingMover) -> None:
    """What the keeper believes is what is there, whatever fails at whatever step; in the end all can be freed."""
    rng = random.Random(5)
    met = 0

    def sometimes(step: Step) -> Exception | None:
        nonlocal met
        if step.move in (Move.LOAD, Move.READ, Move.STAGE) and rng.random() < 0.4:
            met += 1
            return rng.choice([NoRoom("no room"), OSError("unreadable")])
        return None

    bundles = [A, B, C, bundle("d", 2.0, 2.0, 2.0), bundle("e", 11.0), bundle("f", 1.0)]
    keeper = Keeper(BundleCache(device_gb=18.0, host_gb=12.0), mover)
    mover.fails = sometimes
    rounds = 0
    while met < 1000:
        rounds += 1
        assert rounds < 20_000, f"only {met} failures were met"
        keeper.expect(rng.sample(bundles, 2))
        with ExitStack() as stack:
            for each in rng.sample(bundles, rng.randint(1, 2)):
                try:
                    stack.enter_context(keeper.hold(each, rng.choice([0.0, 1.0, 3.0])))
                except (DoesNotFit, NoRoom, OSError):
                    continue
                assert all(part.key in mover.device for part in each.components)
            assert sum(mover.device.values()) <= 18.0 + 1e-6
    mover.fails = lambda step: None
    keeper.expect([])
    keeper.close()
    assert keeper.cache.device.keys() == mover.device.keys()
    assert keeper.cache.host.keys() == mover.host.keys()
    assert not keeper.cache.holds
    keeper.clear()
    assert (mover.device, mover.host) == ({}, {})
