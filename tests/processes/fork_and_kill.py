"""Do something in a child, and kill the child at a random moment; again and again, without a new interpreter each time.

python fork_and_kill.py upgrade SCRIPTS SEED FOLDER KILLS        → one line a trial: {"folder", "killed"}
python fork_and_kill.py write DATABASE ACKS KILLS early|late     → one line a trial: {"killed"}
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from master import migrations
from master.db import Database
from master.keeping.backup import list_backups
from master.migrations import upgrade
from master.models import ApiToken

TOGETHER = 100  # writes handed in at once


def main() -> None:
    what, *arguments = sys.argv[1:]
    {"upgrade": upgrades, "write": writes}[what](*arguments)


def upgrades(scripts: str, seed: str, folder: str, kills: str) -> None:
    """Every other kill waits for the copy that is made first, or most would meet the copying."""
    migrations.__file__ = scripts
    whole_s, steps_s = (_trial(Path(seed), Path(folder) / f"whole{copied}", None, copied) for copied in (False, True))
    assert whole_s is not None
    assert steps_s is not None
    chance = random.Random(7)
    for turn in range(int(kills)):
        place, copied = Path(folder) / f"{turn:03}", turn % 2 == 1
        moment_s = chance.uniform(0.0, 1.1) * steps_s if copied else chance.uniform(0.05, 1.1) * whole_s
        took = _trial(Path(seed), place, moment_s, copied)
        print(json.dumps({"folder": str(place), "killed": took is None}), flush=True)


def _trial(seed: Path, place: Path, kill_after_s: float | None, copied: bool) -> float | None:
    """`copied`: time counts from when the copy is there."""
    place.mkdir(parents=True)
    database, copies = place / "farm.db", place / "backups"
    shutil.copyfile(seed, database)
    return _killed(
        lambda: upgrade(Database(f"sqlite:///{database}")),
        lambda: not copied or bool(list_backups(copies)),
        kill_after_s,
    )


def writes(database: str, acks: str, kills: str, answer: str) -> None:
    """The child notes each acknowledged write in `acks`; `early` notes it before its commit."""
    chance = random.Random(7)
    noted = os.open(acks, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for turn in range(int(kills)):
        before = os.fstat(noted).st_size
        killed = _killed(
            lambda turn=turn: _write(database, noted, turn * 1_000_000, early=answer == "early"),
            lambda before=before: os.fstat(noted).st_size > before,
            chance.uniform(0.0, 0.2),
        )
        print(json.dumps({"killed": killed is None}), flush=True)


def _write(database: str, noted: int, number: int, *, early: bool) -> None:
    db = Database(f"sqlite:///{database}")
    db.start()
    while True:
        names = [str(number + at) for at in range(TOGETHER)]
        futures = [db.write_soon(lambda s, name=name: s.add(ApiToken(name=name, token_hash=name))) for name in names]
        for name, future in zip(names, futures, strict=True):
            if not early:
                future.result()
            os.write(noted, f"{name}\n".encode())
        for future in futures:
            future.result()
        number += TOGETHER


def _killed(act: Callable[[], object], began: Callable[[], bool], after_s: float | None) -> float | None:
    """None when the child was killed; else the seconds it took since it `began`."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    while not began():
        time.sleep(0.001)
    started = time.monotonic()
    if after_s is not None:
        time.sleep(after_s)  # a random moment is what this is about
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else time.monotonic() - started


if __name__ == "__main__":
    main()
