"""Who is at fault: one job failing everywhere is poison, one box failing many jobs is sick.

Three failures of one worker on one batch block that pair; five failures of one device in ten minutes over three batches
pause the device, and those failures are then laid to its charge. Both are forgiven after a time.
"""

from collections import deque
from dataclasses import dataclass, field

BLOCK_AFTER = 3  # failures of one worker on one batch
SICK_AFTER = 5  # failures of one device …
SICK_BATCHES = 3  # … over so many batches …
SICK_WINDOW_S = 600.0  # … within this time
FORGIVE_S = 1800.0  # blocks and pauses end by themselves


@dataclass(frozen=True, slots=True)
class Failure:
    time: float
    job_id: str
    batch: str
    worker_id: str
    device_id: str
    counted: bool  # against the job


@dataclass(frozen=True, slots=True)
class Block:
    """A worker that gets no more jobs of a batch for a while."""

    worker_id: str
    batch: str
    until: float


@dataclass(slots=True)
class Health:
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)  # by worker and batch
    _by_pair: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _by_device: dict[str, deque[Failure]] = field(default_factory=dict)

    def note(self, failure: Failure) -> Block | None:
        """An attempt failed through the job's or the box's fault. A block, if this made one."""
        recent = self._by_device.setdefault(failure.device_id, deque(maxlen=50))
        recent.append(failure)
        pair = (failure.worker_id, failure.batch)
        times = self._by_pair.setdefault(pair, deque(maxlen=BLOCK_AFTER))
        times.append(failure.time)
        if len(times) < BLOCK_AFTER or failure.time - times[0] > FORGIVE_S or pair in self.blocks:
            return None
        block = self.blocks[pair] = Block(*pair, failure.time + FORGIVE_S)
        return block

    def sick(self, device_id: str, now: float) -> list[Failure]:
        """The failures that make the device sick; empty when it is not."""
        recent = [f for f in self._by_device.get(device_id, ()) if now - f.time <= SICK_WINDOW_S]
        if len(recent) < SICK_AFTER or len({f.batch for f in recent}) < SICK_BATCHES:
            return []
        self._by_device[device_id].clear()
        return recent

    def forgive(self, worker_id: str, batch: str) -> Block | None:
        """End one block now."""
        self._by_pair.pop((worker_id, batch), None)
        return self.blocks.pop((worker_id, batch), None)

    def forgiven(self, now: float) -> list[Block]:
        """Blocks whose time is over; they are gone afterwards."""
        over = [block for block in self.blocks.values() if block.until <= now]
        for block in over:
            self.forgive(block.worker_id, block.batch)
        return over

    def blocked_workers(self, batch: str) -> frozenset[str]:
        if not self.blocks:
            return frozenset()
        return frozenset(worker for worker, blocked in self.blocks if blocked == batch)
