"""Free space: new work is refused before the disks are full, and a full one can be cleaned up.

On the database's disk lies a ballast file. When a commit finds no room it is given back, so that deleting, which writes
too, works; it is made again when there is room. What is running may use the rest of the disk: its results are wanted.
"""

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from master.errors import NoSpace

log = logging.getLogger("cinefarm.keeping")

GB = 1000**3
MIB = 1024**2
_LOOK_EVERY_S = 1.0
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Shortage:
    folder: Path
    free: int  # bytes
    least: int  # bytes


class Space:
    """Looks at the disks of `folders`, once a second at most."""

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        least_gb: float,
        least_percent: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders = folders
        self._least_bytes = least_gb * GB
        self._least_share = least_percent / 100
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at: float | None = None
        self._shortage: Shortage | None = None

    def require(self) -> None:
        """Raises `NoSpace` when a disk has less free than the settings ask for."""
        if short := self.shortage():
            raise NoSpace(
                "The disk of {folder} has {free:.2f} GB free; new work and uploads need "
                "{least:.2f} GB. Delete what is not needed (`cinefarm prune` shows what can go), "
                "or lower CINEFARM_LEAST_FREE_GB and CINEFARM_LEAST_FREE_PERCENT.",
                folder=short.folder,
                free=short.free / GB,
                least=short.least / GB,
            )

    def shortage(self) -> Shortage | None:
        with self._lock:
            now = self._clock()
            if self._looked_at is None or now - self._looked_at >= _LOOK_EVERY_S:
                self._looked_at = now
                self._shortage = self._look()
            return self._shortage

    def _look(self) -> Shortage | None:
        for folder in self._folders:
            try:
                disk = shutil.disk_usage(folder)
            except FileNotFoundError:
                continue  # a folder that is made with the first file
            least = int(max(self._least_bytes, disk.total * self._least_share))
            if disk.free < least:
                return Shortage(folder, disk.free, least)
        return None


class Ballast:
    """A file of `bytes` in `folder` that holds room; none when `bytes` is 0."""

    def __init__(self, folder: Path, bytes: int) -> None:
        self.file = folder / "ballast"
        self._bytes = bytes

    def hold(self) -> None:
        """Make the file, unless it is there or would take more than half of what is free."""
        if self.is_held() or shutil.disk_usage(self.file.parent).free < 2 * self._bytes:
            return
        unfinished = self.file.with_name("ballast.unfinished")
        try:
            with unfinished.open("wb") as file:
                _fill(file.fileno(), self._bytes)
            unfinished.replace(self.file)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            if error.errno not in _NO_ROOM:
                raise

    def is_held(self) -> bool:
        return self._bytes == 0 or self.file.exists()

    def release(self) -> bool:
        """Give the room back. False when there was none."""
        try:
            self.file.unlink()
        except FileNotFoundError:
            return False
        except OSError:
            log.exception("the ballast %s cannot be given back", self.file)
            return False
        log.warning("the disk of %s is full; its ballast is given back", self.file.parent)
        return True


def is_full_disk(error: BaseException) -> bool:
    """Whether a file could not be written because the disk, or a user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def _fill(descriptor: int, count: int) -> None:
    """Take `count` bytes of the disk for good: not a hole, and nothing that a file system could pack."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, count)
    else:
        for _ in range(0, count, MIB):
            os.write(descriptor, os.urandom(MIB))
    os.fsync(descriptor)
