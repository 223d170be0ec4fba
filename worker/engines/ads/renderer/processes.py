"""A family of processes: its memory, and whether it is gone."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[psutil.Process]:
    """The process and its descendants; empty when it is gone, or for no process (0)."""
    with suppress(psutil.Error):
        if pid:
            head = psutil.Process(pid)
            return [head, *head.children(recursive=True)]
    return []


def named(folder: Path) -> list[psutil.Process]:
    """What was started with the folder in its command, also where it left the family, as crash handlers do."""
    mark = str(folder)
    return [one for one in psutil.process_iter(["cmdline"]) if any(mark in word for word in one.info["cmdline"] or ())]


def memory_of(pid: int) -> int:
    """Bytes of a process and its descendants: what each has for itself, and the shared part of the largest."""
    own, shared = 0, 0
    for process in family(pid):
        with suppress(OSError, ValueError, IndexError):
            _, resident, common = (
                int(word) * _PAGE for word in Path(f"/proc/{process.pid}/statm").read_text().split()[:3]
            )
            own += resident - common
            shared = max(shared, common)
    return own + shared


def run_on(pid: int, processors: set[int]) -> None:
    """All threads of a process and its descendants; those they start later do as they do."""
    for process in family(pid):
        with suppress(OSError):
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), processors)


def lives(process: psutil.Process) -> bool:
    """A zombie is dead: who reaps it takes its time."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def kill(processes: Iterable[psutil.Process]) -> None:
    """They are dead when this returns."""
    killed = list(processes)
    for process in killed:
        with suppress(psutil.Error):
            process.kill()
    until(lambda: not any(map(lives, killed)))


def until(done: Callable[[], bool], longest_s: float = 5.0) -> None:
    end = time.monotonic() + longest_s
    while not done() and time.monotonic() < end:
        time.sleep(0.01)
