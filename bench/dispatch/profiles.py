"""Where a process spends its time: py-spy's stacks, added up by function."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.farm import CLIENT, BenchMaster


@contextmanager
def profiled(master: BenchMaster, target: Path | None) -> Iterator[None]:
    """The master's stacks while the block runs, a line each with its number of samples."""
    if target is None:
        yield
        return
    command = [CLIENT / "bin" / "py-spy", "record", "--pid", str(master.process.pid), "--rate", "100", "--nonblocking"]
    recorder = subprocess.Popen(
        [*command, "--gil", "--threads", "--format", "raw", "--output", target],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1)
    try:
        yield
    finally:
        recorder.send_signal(2)
        recorder.wait(30)


def summary(stacks: Path, *, most: int = 25) -> str:
    """Of a recording in py-spy's raw form: the functions with the largest share of samples, alone and with callees."""
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    total = 0
    for line in stacks.read_text().splitlines():
        frames, _, samples = line.rpartition(" ")
        names = [name.rsplit(":", 1)[0] for name in frames.split(";")]
        total += int(samples)
        alone[names[-1]] += int(samples)
        together.update(dict.fromkeys(names, int(samples)))
    lines = [f"{total} samples", "", "share  alone"]
    lines += [f"{samples / total:5.1%}  {name}" for name, samples in alone.most_common(most)]
    lines += ["", "share  with what it calls"]
    lines += [f"{samples / total:5.1%}  {name}" for name, samples in together.most_common(2 * most)]
    return "\n".join(lines)
