"""The torch shelf under random failures: nothing leaks, nothing that runs is unloaded, budgets hold."""

import random
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import torch

from tests.worker.weights.conftest import Workbench, as_read, bundle_of
from worker.bundles.cache import DoesNotFit
from worker.bundles.keeper import NoRoom
from worker.task import Canceled
from worker.weights import shelf as shelf_module
from worker.weights.tensors import Own, contents
from workflows.needs import Offload, Precision

FAILURES = 1000


def test_nothing_leaks_through_a_thousand_failures(
    bench: Workbench, x: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that cannot be read, memory that is refused, work that breaks off: at random points, in random order."""
    rng = random.Random(11)
    met: dict[str, int] = {"unreadable": 0, "refused": 0, "broken off": 0}
    fails = True

    def sometimes_unreadable(own: list[Own]) -> Iterator[tuple[Own, torch.Tensor]]:
        for each in contents(own):
            if fails and rng.random() < 0.12:
                met["unreadable"] += 1
                raise OSError("unreadable")
            yield each

    bring = bench.memory.bring

    def sometimes_refused(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        if fails and rng.random() < 0.12:
            met["refused"] += 1
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return bring(tensor, dtype)

    parts = [bench.part(f"p{number}") for number in range(5)]
    parts += [bench.part("p0", precision=Precision.BF16), bench.part("p1", offload=Offload.GROUP)]
    expected = {part.component.key: as_read(part, x) for part in parts}
    for part in parts:
        bench.module(part)  # from now on they are read straight from their files
    monkeypatch.setattr(shelf_module, "contents", sometimes_unreadable)
    monkeypatch.setattr(bench.memory, "bring", sometimes_refused)
    device_gb, rounds = 9e-6, 0
    keeper = bench.keep(device_gb=device_gb, host_gb=9e-6)
    bench.memory.total = 10_000
    while sum(met.values()) < FAILURES:
        rounds += 1
        assert rounds < 20_000, met
        keeper.expect([bundle_of(part) for part in rng.sample(parts, 2)])
        with ExitStack() as stack:
            for part in rng.sample(parts, rng.randint(1, 3)):
                try:
                    stack.enter_context(keeper.hold(bundle_of(part), rng.choice([0.0, 1e-6])))
                    if rng.random() < 0.1:
                        met["broken off"] += 1
                        raise Canceled
                except (DoesNotFit, NoRoom, OSError, Canceled):
                    continue
                with torch.no_grad():
                    assert torch.equal(bench.module(part)(x), expected[part.component.key]), "what is held computes"
            assert bench.memory.used() <= bench.memory.total
    fails = False
    keeper.expect([])
    keeper.close()
    assert min(met.values()) > 50, met
    assert not keeper.cache.holds
    keeper.clear()
    assert bench.memory.used() == 0
    assert bench.slab.free == bench.slab.size
    for part in parts:
        with keeper.hold(bundle_of(part), 0.0), torch.no_grad():
            assert torch.equal(bench.module(part)(x), expected[part.component.key])
