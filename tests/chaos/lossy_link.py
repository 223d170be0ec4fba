"""A wire between two network namespaces that loses real packets, for kernels without `netem`. Linux, as root.

Each end is a TUN device; a thread carries the packets across, late, and drops its share of them. So TCP retransmits for
real, with the kernel's own timers.
"""

import fcntl
import heapq
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path

_TUNSETIFF = 0x400454CA  # linux/if_tun.h
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_PACKET = 65536
NEAR, FAR = "198.18.57.1", "198.18.57.2"  # a network for tests of networks (RFC 2544)


def why_not() -> str:
    """What is missing for such a wire here; empty when nothing is."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "needs root to make network namespaces"
    if not Path("/dev/net/tun").exists():
        return "needs the TUN driver (/dev/net/tun)"
    lacking = [name for name in ("ip", "unshare", "nsenter") if not shutil.which(name)]
    return f"needs the programs {', '.join(lacking)}" if lacking else ""


class LossyLink:
    """Between this namespace (`NEAR`) and that of process `pid` (`FAR`). Use as a context."""

    def __init__(self, pid: int, *, loss: float = 0.0, latency_s: float = 0.0, seed: int = 1) -> None:
        self.loss, self.latency_s = loss, latency_s
        self.counts: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._pid = pid
        self._stopping = threading.Event()

    def __enter__(self) -> "LossyLink":
        near, far = f"near{os.getpid() % 100000}", f"far{os.getpid() % 100000}"
        self._ends = (_open_tun(near), _open_tun(far))
        inside = ("nsenter", f"--net=/proc/{self._pid}/ns/net")
        _run("ip", "link", "set", far, "netns", str(self._pid))
        for prefix, device, address in (((), near, NEAR), (inside, far, FAR)):
            _run(*prefix, "ip", "addr", "add", f"{address}/30", "dev", device)
            _run(*prefix, "ip", "link", "set", device, "up")
        _run(*inside, "ip", "link", "set", "lo", "up")
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        for end in self._ends:
            os.close(end)  # the device goes with it

    def _carry(self) -> None:
        order, waiting = count(), list[tuple[float, int, int, bytes]]()
        while not self._stopping.is_set():
            wait_s = min(0.1, max(0.0, waiting[0][0] - time.monotonic())) if waiting else 0.1
            for end in select.select(self._ends, (), (), wait_s)[0]:
                packet = os.read(end, _PACKET)
                if self._random.random() < self.loss:
                    self.counts["dropped"] += 1
                    continue
                other = self._ends[1 - self._ends.index(end)]
                heapq.heappush(waiting, (time.monotonic() + self.latency_s, next(order), other, packet))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, other, packet = heapq.heappop(waiting)
                os.write(other, packet)
                self.counts["carried"] += 1


def _open_tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return descriptor


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
