"""The RAM in which weights wait."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from worker.bundles.keeper import NoRoom
from worker.weights.extents import ALIGNMENT, Extents
from worker.weights.slab import Slab, _chunks

SIZE = 40 * ALIGNMENT


class ExtentsMachine(RuleBasedStateMachine):
    """Any sizes, taken and given back in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.extents = Extents(SIZE)
        self.taken: dict[int, int] = {}

    @rule(size=st.integers(0, SIZE + ALIGNMENT))
    def take(self, size: int) -> None:
        start = self.extents.take(size)
        if start is not None:
            assert start % ALIGNMENT == 0
            self.taken[start] = start + -(-max(1, size) // ALIGNMENT) * ALIGNMENT

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        start = data.draw(st.sampled_from(sorted(self.taken)))
        del self.taken[start]
        self.extents.give(start)

    @invariant()
    def nothing_overlaps_or_leaks(self) -> None:
        stretches = sorted([*self.taken.items(), *self.extents._free])
        assert all(end <= start for (_, end), (start, _) in pairwise(stretches))
        assert sum(end - start for start, end in stretches) == SIZE
        free = self.extents._free
        assert all(end < start for (_, end), (start, _) in pairwise(free)), "neighbours are one"

    def teardown(self) -> None:
        for start in self.taken:
            self.extents.give(start)
        assert self.extents._free == [(0, SIZE)]


TestExtents = ExtentsMachine.TestCase
TestExtents.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


def test_tensors_in_the_slab_keep_their_numbers_and_do_not_touch() -> None:
    slab = Slab(10_000, pinned=False, chunk=4_000)
    taken = [slab.take(torch.Size(shape), dtype) for shape, dtype in _TENSORS]
    for number, stretch in enumerate(taken):
        stretch.view.copy_(torch.full(stretch.view.shape, number + 1.0))
    assert [float(stretch.view.float().mean()) for stretch in taken] == [1.0, 2.0, 3.0, 4.0]
    for stretch in taken:
        slab.give(stretch)
    assert slab.free == slab.size


_TENSORS = [((10, 40), torch.float32), ((7,), torch.bfloat16), ((33, 3), torch.float8_e4m3fn), ((), torch.float32)]


def test_room_in_pieces_is_no_room() -> None:
    """The slab does not move what lies in it: pipelines look at it."""
    slab = Slab(3 * 1024, pinned=False)
    kilobyte = torch.Size((1024,))
    first, _, third = (slab.take(kilobyte, torch.uint8) for _ in range(3))
    slab.give(first)
    slab.give(third)
    with pytest.raises(NoRoom, match="no stretch"):
        slab.take(torch.Size((2048,)), torch.uint8)


@given(size=st.integers(0, 2**40))
def test_pinned_chunks_are_powers_of_two_and_fill_what_they_may(size: int) -> None:
    """Torch rounds what it pins up to one: 5 GB would take 8."""
    chunks = _chunks(size, 2**32, pinned=True)
    assert all(each.bit_count() == 1 for each in chunks)
    assert size - 2**26 < sum(chunks) <= size
    assert sum(_chunks(size, 2**32, pinned=False)) == size
