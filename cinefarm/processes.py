"""Child processes that do not outlive their parent."""

import ctypes
import signal
from contextlib import suppress

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Call in the child: Linux sends it this signal when the parent ends, however that happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
