"""Files that go into jobs, and those that come of them."""

from collections.abc import Sequence
from pathlib import Path

import typer

from cinefarm.client import Farm
from cinefarm.records import Batch, JobDetail, Output
from cinefarm.statuses import OutputRole
from cinefarm.storage import safe_name


def upload_files(farm: Farm, project: str, pairs: Sequence[str]) -> dict[str, str]:
    """Of `name=path` each: the parameter's name → id of the uploaded file. Raises `typer.BadParameter`."""
    return {name: farm.upload(project, path).id for name, path in [_named_file(pair) for pair in pairs]}


def save_results(farm: Farm, batch: Batch, folder: Path) -> list[Path]:
    """What its jobs made, without thumbnails, under their own names; of one name the later has its job's too."""
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Path] = []
    for row in reversed(farm.jobs(batch=batch.id, limit=1000)):
        job = farm.job(row.id)
        for output in job.outputs:
            if output.role is OutputRole.MAIN:
                saved.append(farm.download(output.url, _free(folder, job, output)))
    return saved


def _named_file(pair: str) -> tuple[str, Path]:
    name, equals, text = pair.partition("=")
    path = Path(text)
    if not equals or not name:
        raise typer.BadParameter(f"“{pair}” is not name=path.", param_hint="--file")
    if not path.is_file():
        raise typer.BadParameter(f"There is no file “{text}”.", param_hint="--file")
    return name, path


def _free(folder: Path, job: JobDetail, output: Output) -> Path:
    path = folder / safe_name(output.name)
    return path.with_stem(f"{path.stem}_{job.id}") if path.exists() else path
