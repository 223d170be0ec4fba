"""Identifiers: ULIDs, which sort by the time they were made."""

import re
import threading

from ulid import ULID

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh id of 26 characters, greater than every earlier one of this process."""
    global _last
    with _lock:
        _last = max(int(ULID()), _last + 1)
        return str(ULID.from_int(_last))


def is_id(text: str) -> bool:
    return _ULID.fullmatch(text) is not None
