"""What a process asks of its system: children that do not outlive their parent, and enough open files."""

import ctypes
import signal
from contextlib import suppress

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Call in the child: Linux sends it this signal when the parent ends, however that happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def allow_open_files(count: int) -> None:
    """Sockets count as files, and the usual limit is 1024. As many as the system lets this user have."""
    if resource is None:
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now == resource.RLIM_INFINITY or now >= count:
        return
    wanted = count if most == resource.RLIM_INFINITY else min(count, most)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
