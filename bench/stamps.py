"""When each job began: 16 bytes a job, appended by whoever runs it. The same for every queue that is measured.

Only the standard library, for it runs in every peer's own virtual environment. Appends of 16 bytes by many processes do
not mix (`O_APPEND`); times are seconds since the epoch, of one machine's clock.
"""

import asyncio
import os
import struct
import time
from pathlib import Path

_RECORD = struct.Struct("<qd")
_opened: dict[str, int] = {}  # descriptors stay open: opening costs more than a no-op job


def stamp(path: str, number: int) -> float:
    """Job `number` begins now."""
    if path not in _opened:
        _opened[path] = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
    now = time.time()
    os.write(_opened[path], _RECORD.pack(number, now))
    return now


def count(path: Path) -> int:
    try:
        return path.stat().st_size // _RECORD.size
    except FileNotFoundError:
        return 0


def read(path: Path, *, skip: int = 0) -> list[tuple[int, float]]:
    """(number, time) of every whole record after the first `skip`, in the order of writing."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(skip * _RECORD.size)
        content = file.read()
    return list(_RECORD.iter_unpack(content[: len(content) // _RECORD.size * _RECORD.size]))


async def reached(path: Path, wanted: int, *, within_s: float, every_s: float = 0.005) -> bool:
    """Whether `wanted` records are there before the time is over."""
    end = time.monotonic() + within_s
    while count(path) < wanted:
        if time.monotonic() > end:
            return False
        await asyncio.sleep(every_s)
    return True


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
