"""Which stretches of one long piece of memory are taken: first fit, and what is free next to free becomes one."""

from bisect import bisect_right, insort

ALIGNMENT = 64  # bytes: every number type and every vector instruction is content with it


class Extents:
    """Starts and sizes in bytes. Free ones are sorted and never touch."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._free: list[tuple[int, int]] = [(0, size)] if size else []  # start, end
        self._taken: dict[int, int] = {}  # start → end

    def take(self, size: int) -> int | None:
        """Where it begins; None if no free stretch is long enough. Nothing takes as much as one byte."""
        wanted = -(-max(1, size) // ALIGNMENT) * ALIGNMENT
        for place, (start, end) in enumerate(self._free):
            if end - start < wanted:
                continue
            self._free[place : place + 1] = [(start + wanted, end)] if end - start > wanted else []
            self._taken[start] = start + wanted
            return start
        return None

    def give(self, start: int) -> None:
        """Raises KeyError if nothing begins there."""
        end = self._taken.pop(start)
        insort(self._free, (start, end))
        place = bisect_right(self._free, (start, end)) - 1
        if place + 1 < len(self._free) and self._free[place + 1][0] == end:
            self._free[place : place + 2] = [(start, self._free[place + 1][1])]
        if place and self._free[place - 1][1] == start:
            self._free[place - 1 : place + 1] = [(self._free[place - 1][0], self._free[place][1])]

    @property
    def free(self) -> int:
        return sum(end - start for start, end in self._free)

    @property
    def stretches(self) -> int:
        """How many pieces what is free lies in."""
        return len(self._free)
