"""Identifiers: ULIDs, which sort by the time they were made."""

import re

from ulid import ULID

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def new_id() -> str:
    """A fresh id of 26 characters."""
    return str(ULID())


def is_id(text: str) -> bool:
    return _ULID.fullmatch(text) is not None
