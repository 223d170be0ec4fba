"""The LoRAs of a job: which files a shot's characters have, and the job inputs they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from cinefarm.messages import InputFile
from cinefarm.storage import Storage
from master.assets.loras import NotRead, find_lora
from master.errors import BadInput
from master.models import Job
from workflows.catalog import Catalog
from workflows.schema import LorasParameter, Workflow


def loras_of(worn: Sequence[tuple[str, float, str]]) -> list[dict[str, Any]]:
    """What a workflow's `loras` is filled with: file, strength and trigger words of each; the same file once."""
    once = {name: (strength, words) for name, strength, words in reversed(worn)}
    ordered = dict.fromkeys(name for name, *_ in worn)
    return [
        {"input": f"lora_{n}", "name": name, "strength": once[name][0], "trigger_words": once[name][1]}
        for n, name in enumerate(ordered, start=1)
    ]


def bind_all_loras(jobs: Iterable[Job], catalog: Catalog, storage: Storage) -> None:
    """Make each LoRA that the jobs name one of their inputs.

    Raises `BadInput` naming a file that is not there, `NotRead` with all whose hash is not known.
    """
    unread: set[str] = set()
    for job in jobs:
        unread |= _bind_loras(job, catalog[job.workflow], storage)
    if unread:
        raise NotRead(unread)


def _bind_loras(job: Job, workflow: Workflow, storage: Storage) -> set[str]:
    """Names of those whose hash is not known."""
    unread: set[str] = set()
    bound = {record["name"] for record in job.inputs}
    for parameter, of in workflow.parameters.items():
        if not isinstance(of, LorasParameter):
            continue
        for lora in job.parameters.get(parameter) or ():
            if lora["input"] in bound or not lora.get("name"):
                continue
            try:
                found = find_lora(storage, lora["name"])
            except NotRead as error:
                unread |= error.names
                continue
            if found is None:
                raise BadInput(
                    "{job}: the LoRA “{lora}” is not in the farm's storage. "
                    "Upload it again, or take it off the character.",
                    job=job.name,
                    lora=lora["name"][:80],
                    field=parameter,
                )
            file = InputFile(name=lora["input"], sha256=found.sha256, bytes=found.bytes, path=found.path)
            job.inputs = [*job.inputs, file.model_dump(mode="json")]
            bound.add(lora["input"])
    return unread
