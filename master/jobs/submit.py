"""Submit: a request becomes a batch of validated jobs in one transaction. Nothing is written on any problem."""

import hashlib
import json
import secrets
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.statuses import JobStatus, ShotStatus
from master.errors import BadInput, Conflict, NotFound, Problem
from master.events import Noun, touched
from master.jobs.binding import bind_inputs, input_records
from master.lifecycle import set_shot_status
from master.models import Batch, Dependency, Job, Media, Project, Shot, utc_now
from master.shots.briefs import BoundBrief, shot_briefs
from workflows.catalog import Catalog
from workflows.schema import (
    ClipsParameter,
    FileParameter,
    IntegerParameter,
    Scope,
    SeedParameter,
    ShotParameter,
    TextParameter,
    Workflow,
    check_parameters,
)
from workflows.sizes import fit_size

MAX_JOBS = 20_000


class Follow(BaseModel):
    """A job over the whole batch, run when its shots are done (an animatic, a contact sheet)."""

    model_config = ConfigDict(extra="forbid")

    workflow: str
    parameters: dict[str, Any] = {}
    name: str = Field("", max_length=200)


class SubmitRequest(BaseModel):
    """What to make. With a shot workflow: one job a shot (`shot_ids`, or every shot of the project when null)."""

    model_config = ConfigDict(extra="forbid")

    workflow: str | None = None
    shot_ids: list[str] | None = Field(None, max_length=MAX_JOBS)
    parameters: dict[str, Any] = {}
    priority: int = Field(50, ge=0, le=100)
    pool: str | None = Field(None, max_length=60)
    held: bool = False
    name: str = Field("", max_length=200)
    follow: list[Follow] = Field([], max_length=8)


def submit(
    session: Session, project: Project, request: SubmitRequest, catalog: Catalog, *, user: str, key: str | None = None
) -> tuple[Batch, list[str]]:
    """The batch and the ids of its jobs. The same idempotency key with the same request answers with the same batch.

    Raises `BadInput` with every wrong parameter, `NotFound` for unknown shots, `Conflict` for a key used otherwise.
    """
    key = key or None  # an empty header is none
    request_hash = _hash(request, project)
    if key and (earlier := _earlier(session, user, key, request_hash)):
        return earlier, list(session.exec(select(Job.id).where(Job.batch_id == earlier.id)))
    if request.workflow is None and not request.follow:
        raise BadInput("Name a workflow to run.", field="workflow")
    batch = Batch(
        project_id=project.id,
        name=request.name or (request.workflow or request.follow[0].workflow),
        user=user,
        idempotency_key=key,
        request_hash=request_hash,
    )
    session.add(batch)
    jobs = _main_jobs(session, project, batch, request, catalog)
    follow = [_follow_job(project, batch, request, item, catalog) for item in request.follow]
    session.add_all([*jobs, *follow])
    session.flush()
    for job in follow:
        for needed in jobs:
            session.add(Dependency(job_id=job.id, needs_id=needed.id))
        if not jobs:
            bind_inputs(session, job, catalog[job.workflow])
            job.status = JobStatus.HELD if request.held else JobStatus.QUEUED
    session.flush()
    for job in [*jobs, *follow]:
        touched(session, Noun.JOB, job.id, project.id)
    touched(session, Noun.BATCH, batch.id, project.id)
    return batch, [job.id for job in [*jobs, *follow]]


def _main_jobs(session: Session, project: Project, batch: Batch, request: SubmitRequest, catalog: Catalog) -> list[Job]:
    if request.workflow is None:
        return []
    workflow = runnable(catalog, request.workflow)
    if workflow.scope is Scope.SHOT:
        return _shot_jobs(session, project, batch, request, workflow)
    if request.shot_ids is not None and workflow.scope is not Scope.FILM:
        raise BadInput(f"{workflow.name} does not work on shots; leave shot_ids out.", field="shot_ids")
    job = _job(project, batch, request, workflow, name=workflow.title.en)
    job.parameters = _checked(workflow, _with_project(workflow, project, request.parameters, request.shot_ids))
    job.inputs = _file_inputs(session, workflow, job.parameters)
    bind_inputs(session, job, workflow)
    return [job]


def runnable(catalog: Catalog, name: str) -> Workflow:
    """Raises `BadInput` when there is no such workflow, or no engine for it yet."""
    workflow = catalog.get(name)
    if workflow is None:
        raise BadInput(f"There is no workflow “{name}”; there are {', '.join(catalog)}.", field="workflow")
    if not workflow.runs:
        engines = ", ".join(engine.name for engine in workflow.engines)
        raise BadInput(f"“{name}” has no engine in this version yet (it will need {engines}).", field="workflow")
    return workflow


def _shot_jobs(
    session: Session, project: Project, batch: Batch, request: SubmitRequest, workflow: Workflow
) -> list[Job]:
    shots = _shots(session, project, request.shot_ids)
    briefs = {bound.brief.id: bound for bound in shot_briefs(session, project, [shot.id for shot in shots])}
    jobs: list[Job] = []
    for shot in shots:
        bound = briefs[shot.id]
        job = _job(project, batch, request, workflow, name=f"{shot.code} {workflow.title.en}")
        job.shot_id, job.inputs_hash = shot.id, shot.inputs_hash
        job.parameters = _checked(workflow, _with_shot(workflow, project, shot, bound, request.parameters))
        job.inputs = _reference_inputs(session, workflow, bound) + _file_inputs(session, workflow, job.parameters)
        jobs.append(job)
        set_shot_status(shot, ShotStatus.GENERATING)
        shot.updated_at = utc_now()  # not its rev: nobody's edit is in the way
        touched(session, Noun.SHOT, shot.id, project.id)
    return jobs


def _shots(session: Session, project: Project, ids: list[str] | None) -> list[Shot]:
    rows = session.exec(select(Shot).where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))).all()
    by_id = {shot.id: shot for shot in rows}
    wanted = list(by_id) if ids is None else list(dict.fromkeys(ids))
    if missing := [shot_id for shot_id in wanted if shot_id not in by_id]:
        raise NotFound(f"{project.code} has no shot {missing[0]} ({len(missing)} unknown in all).", field="shot_ids")
    if not wanted:
        raise BadInput(f"{project.code} has no shots to make; import or add some first.", field="shot_ids")
    return [by_id[shot_id] for shot_id in wanted]


def _follow_job(project: Project, batch: Batch, request: SubmitRequest, follow: Follow, catalog: Catalog) -> Job:
    workflow = runnable(catalog, follow.workflow)
    if workflow.scope is not Scope.FILM:
        raise BadInput(f"“{follow.workflow}” is not made from many shots and cannot follow.", field="follow")
    job = _job(project, batch, request, workflow, name=follow.name or f"{project.code} {workflow.title.en}")
    job.parameters = _checked(workflow, _with_project(workflow, project, follow.parameters, request.shot_ids))
    job.status = JobStatus.BLOCKED
    return job


def _job(project: Project, batch: Batch, request: SubmitRequest, workflow: Workflow, *, name: str) -> Job:
    needs = workflow.needs
    return Job(
        id=new_id(),
        batch_id=batch.id,
        project_id=project.id,
        name=name[:200],
        user=batch.user,
        workflow=workflow.name,
        workflow_version=workflow.version,
        priority=request.priority,
        pool=request.pool,
        vram_gb=needs.vram_gb,
        ram_gb=needs.ram_gb,
        status=JobStatus.HELD if request.held else JobStatus.QUEUED,
    )


def _checked(workflow: Workflow, parameters: dict[str, Any]) -> dict[str, Any]:
    """Raises `BadInput` listing every wrong parameter. Clips are checked when they are bound."""
    scopes = {
        name: parameters.pop(name, None) for name, p in workflow.parameters.items() if isinstance(p, ClipsParameter)
    }
    checked, problems = check_parameters(workflow, parameters)
    problems = [problem for problem in problems if problem.parameter not in scopes]
    if problems:
        raise BadInput(
            "; ".join(f"{problem.parameter}: {problem.message}" for problem in problems[:3]),
            field=f"parameters.{problems[0].parameter}",
            problems=[Problem(place=f"parameters.{p.parameter}", value=p.value, message=p.message) for p in problems],
        )
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, SeedParameter) and checked.get(name) is None:
            checked[name] = secrets.randbelow(2**31)  # drawn here, so that the recipe has it
    return {**checked, **scopes}


def _with_shot(
    workflow: Workflow, project: Project, shot: Shot, bound: BoundBrief, given: dict[str, Any]
) -> dict[str, Any]:
    """What the farm fills in from the shot, under what was given."""
    filled: dict[str, Any] = {}
    sources = {
        "prompt": shot.prompt_override or shot.generated_prompt,
        "prompt_override": shot.prompt_override or "",
        "negative_prompt": shot.negative_prompt,
        "frame_count": shot.frame_count,
    }
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ShotParameter):
            filled[name] = bound.brief.model_dump(mode="json")
        elif isinstance(parameter, TextParameter | IntegerParameter) and parameter.source in sources:
            filled[name] = sources[parameter.source]
    return {**filled, **fit_size(workflow, width=project.width, height=project.height), **given}


def _with_project(
    workflow: Workflow, project: Project, given: dict[str, Any], shot_ids: list[str] | None
) -> dict[str, Any]:
    filled: dict[str, Any] = {
        "fps_num": project.fps_num,
        "fps_den": project.fps_den,
        "start_frame": project.start_frame,
        "drop_frame": project.drop_frame,
        "title": project.name,
    }
    known = {name: value for name, value in filled.items() if name in workflow.parameters}
    known |= fit_size(workflow, width=project.width, height=project.height)
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ClipsParameter):
            known[name] = {"shot_ids": shot_ids, "sequence_id": given.get("sequence_id")}
    return {**known, **{name: value for name, value in given.items() if name != "sequence_id"}}


def _reference_inputs(session: Session, workflow: Workflow, bound: BoundBrief) -> list[dict[str, Any]]:
    wants = any(isinstance(p, ShotParameter) and p.references for p in workflow.parameters.values())
    return input_records(session, bound.inputs) if wants and bound.inputs else []


def _file_inputs(session: Session, workflow: Workflow, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    files = {
        name: parameters[name]
        for name, parameter in workflow.parameters.items()
        if isinstance(parameter, FileParameter) and parameters.get(name)
    }
    if not files:
        return []
    records = input_records(session, files)
    for name, media_id in files.items():
        parameter = workflow.parameters[name]
        media = session.get_one(Media, media_id)
        if isinstance(parameter, FileParameter) and media.kind is not parameter.media:
            raise BadInput(f"{name} must be a {parameter.media}; {media.name} is a {media.kind}.", field=name)
    return records


def _hash(request: SubmitRequest, project: Project) -> str:
    text = json.dumps([project.id, request.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _earlier(session: Session, user: str, key: str, request_hash: str) -> Batch | None:
    batch = session.exec(select(Batch).where(Batch.user == user, Batch.idempotency_key == key)).first()
    if batch and batch.request_hash != request_hash:
        raise Conflict(
            f"The idempotency key “{key[:60]}” was used for another request; use a new key.", field="Idempotency-Key"
        )
    return batch
