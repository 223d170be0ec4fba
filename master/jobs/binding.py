"""Bind a job's inputs: at submit, or when the jobs it waits for have completed."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.messages import InputFile
from cinefarm.storage import StoragePath
from master.errors import BadInput
from master.models import Job, Media, Project
from master.shots.briefs import clip_briefs
from workflows.schema import ClipsParameter, Workflow


def input_records(session: Session, media_ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """`InputFile` records for input name → media id. Raises `BadInput` naming what is not there."""
    found = {media.id: media for media in session.exec(select(Media).where(col(Media.id).in_(set(media_ids.values()))))}
    records = []
    for name, media_id in media_ids.items():
        media = found.get(media_id)
        if media is None:
            raise BadInput(f"Input “{name}”: there is no media {media_id}.", field=name)
        file = InputFile(name=name, sha256=media.sha256, bytes=media.bytes, path=StoragePath(media.path))
        records.append(file.model_dump(mode="json"))
    return records


def bind_inputs(session: Session, job: Job, workflow: Workflow) -> None:
    """Fill in the clips of a film from the confirmed takes as they are now."""
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ClipsParameter):
            project = session.get_one(Project, job.project_id)
            scope = job.parameters.get(name) or {}
            clips, inputs = clip_briefs(
                session, project, sequence_id=scope.get("sequence_id"), shot_ids=scope.get("shot_ids")
            )
            job.parameters = {**job.parameters, name: [clip.model_dump(mode="json") for clip in clips]}
            job.inputs = [*job.inputs, *input_records(session, inputs)]
