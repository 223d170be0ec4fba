"""Identifiers: ULIDs, which sort by the time they were made."""

import os
import re
import threading
import time
from collections.abc import Iterator

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [high + low for high in _LETTERS for low in _LETTERS]  # of ten bits
_CHANCE = (1 << 80) - 1
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh id of 26 characters, greater than every earlier one of this process."""
    global _last
    with _lock:
        _last = number = max(drawn(), _last + 1)
    return _text(number)


def follow(id: str) -> None:
    """Every later id of this process is greater than this one, also when the clock was set back since it was made.

    They begin a millisecond after it, at chance: those next to it may be taken.
    """
    global _last
    with _lock:
        _last = max(_last, (_number(id) >> 80) + 1 << 80 | drawn() & _CHANCE)


def drawn() -> int:
    """The number of a ULID: 48 bits of milliseconds since the epoch, then 80 of chance."""
    return time.time_ns() // 1_000_000 << 80 | next(_chances)


def _chance() -> Iterator[int]:
    """80 bits each, of many that the system is asked for at once: a call costs more than all else of an id, and gives
    the interpreter's lock away."""
    while True:
        many = os.urandom(10 * 256)
        for start in range(0, len(many), 10):
            yield int.from_bytes(many[start : start + 10], "big")


def _draw_anew() -> None:
    """A forked process must not go on with the bits of its parent."""
    global _chances
    _chances = _chance()


_chances = _chance()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_draw_anew)


def _text(n: int) -> str:
    """In Crockford's base 32. Written out, for a loop takes three times as long, and each job has some ids."""
    p = _PAIRS
    upper = p[n >> 120] + p[n >> 110 & 1023] + p[n >> 100 & 1023] + p[n >> 90 & 1023] + p[n >> 80 & 1023]
    lower = p[n >> 70 & 1023] + p[n >> 60 & 1023] + p[n >> 50 & 1023] + p[n >> 40 & 1023]
    return upper + lower + p[n >> 30 & 1023] + p[n >> 20 & 1023] + p[n >> 10 & 1023] + p[n & 1023]


def _number(id: str) -> int:
    number = 0
    for letter in id:
        number = number << 5 | _LETTERS.index(letter)
    return number


def is_id(text: str) -> bool:
    return _ULID.fullmatch(text) is not None
