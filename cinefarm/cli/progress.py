"""Progress of a batch: a bar on a terminal, plain lines elsewhere."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cinefarm.cli.output import err
from cinefarm.client import Farm
from cinefarm.records import Batch
from cinefarm.statuses import TERMINAL


def watch(farm: Farm, batch: Batch, *, quiet: bool = False, timeout_s: float | None = None) -> Batch:
    """Wait for the batch and show how far it is."""
    if quiet:
        return farm.wait(batch.id, timeout_s=timeout_s)
    if not err.is_terminal:
        return farm.wait(batch.id, timeout_s=timeout_s, on_progress=_Lines())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task(batch.name, total=batch.total)
        return farm.wait(
            batch.id, timeout_s=timeout_s, on_progress=lambda b: progress.update(task, completed=b.progress * b.total)
        )


class _Lines:
    """A line at each tenth."""

    def __init__(self) -> None:
        self._last = -1

    def __call__(self, batch: Batch) -> None:
        tenth = int(batch.progress * 10)
        if tenth > self._last:
            self._last = tenth
            ended = sum(count for status, count in batch.counts.items() if status in TERMINAL)
            err.print(f"{batch.name}: {ended} of {batch.total} jobs done", markup=False)
