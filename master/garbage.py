"""When the interpreter looks for cyclic garbage.

A long queue is millions of objects that stay. Left alone, the interpreter walks over all of them again and again while
they are made (a third of a restart's time), and each walk stops the master: for 0.4 s with a million jobs.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# new objects before the young are walked over; walks of the young before the middle-aged are; and of those, before all
_THRESHOLDS = (10_000, 10, 50)


def collect_seldom() -> None:
    """For the life of a master. What is there already (modules, for the most part) is not walked over again."""
    gc.set_threshold(*_THRESHOLDS)
    gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """While much is made that stays: no walks meanwhile, and none over it afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
