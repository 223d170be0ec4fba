"""An engine whose device is lost to it, as told: what a CUDA kernel that fails an assertion does to its process."""

from cinefarm.statuses import MediaKind
from worker.task import Output, Probe, Task


def probe() -> Probe:
    return Probe(True, version="1")


def run(task: Task) -> list[Output]:
    if task.parameters["do"] == "assert":
        raise RuntimeError("CUDA error: device-side assert triggered")
    path = task.out_dir / "a.txt"
    path.write_text("drawn")
    return [Output(path, MediaKind.IMAGE)]
