"""Bind a job's inputs: at submit, or when the jobs it waits for have completed."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.messages import InputFile
from cinefarm.storage import StoragePath
from master.errors import BadInput
from master.jobs.sources import with_made
from master.models import Job, Media, Project
from master.shots.briefs import clip_briefs
from workflows.schema import ClipsParameter, FileParameter, Workflow


def input_records(session: Session, media_ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """`InputFile` records for input name → media id. Raises `BadInput` naming what is not there."""
    found = {media.id: media for media in session.exec(select(Media).where(col(Media.id).in_(set(media_ids.values()))))}
    records = []
    for name, media_id in media_ids.items():
        media = found.get(media_id)
        if media is None:
            raise BadInput("Input “{name}”: there is no media {media_id}.", name=name, media_id=media_id, field=name)
        file = InputFile(name=name, sha256=media.sha256, bytes=media.bytes, path=StoragePath(media.path))
        records.append(file.model_dump(mode="json"))
    return records


def bind_inputs(session: Session, job: Job, workflow: Workflow) -> None:
    """Fill in the clips of a film from the confirmed takes as they are now, and the files that other jobs have made.

    Raises `BadInput` for a file that is not there.
    """
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ClipsParameter):
            project = session.get_one(Project, job.project_id)
            scope = job.parameters.get(name) or {}
            clips, inputs = clip_briefs(
                session, project, sequence_id=scope.get("sequence_id"), shot_ids=scope.get("shot_ids")
            )
            job.parameters = {**job.parameters, name: [clip.model_dump(mode="json") for clip in clips]}
            job.inputs = [*job.inputs, *input_records(session, inputs)]
        elif isinstance(parameter, FileParameter):
            _bind_file(session, job, workflow, name, parameter)


def is_unbound(job: Job, workflow: Workflow) -> bool:
    """Whether an input is still to be filled in: until then it is an object that says where from."""
    return any(
        isinstance(parameter, ClipsParameter | FileParameter) and isinstance(job.parameters.get(name), dict)
        for name, parameter in workflow.parameters.items()
    )


def _bind_file(session: Session, job: Job, workflow: Workflow, name: str, parameter: FileParameter) -> None:
    wanted = job.parameters.get(name)
    if not isinstance(wanted, dict):
        return
    of_maker = select(Media).where(Media.job_id == wanted["job"]).order_by(col(Media.id))
    made = list(session.exec(of_maker))
    asked = wanted["output"]
    media = next((m for m in made if m.role == asked), None) or next((m for m in made if m.name == asked), None)
    if media is None:
        there = ", ".join(f"{m.role} ({m.name})" for m in made) or "no file"
        raise BadInput(
            "{name}: the job {job} made no “{asked}”; it made {there}.",
            name=name,
            job=wanted["job"],
            asked=asked,
            there=there,
            field=name,
        )
    if media.kind is not parameter.media:
        raise BadInput(
            "{name} must be a {media}; {media_name} is a {kind}.",
            name=name,
            media=parameter.media,
            media_name=media.name,
            kind=media.kind,
            field=name,
        )
    job.parameters = with_made(workflow, job.parameters, name, media)
    job.inputs = [*job.inputs, *input_records(session, {name: media.id})]
