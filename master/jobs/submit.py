"""Submit: a request becomes a batch of validated jobs in one transaction. Nothing is written on any problem.

Lists of jobs that need nothing but their rows take a shorter way: `desk.py`.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.sentences import say
from cinefarm.statuses import JobStatus, ShotStatus
from cinefarm.storage import Storage
from master.errors import BadInput, Conflict, NotFound, Problem
from master.events import Noun, touched
from master.jobs.binding import bind_inputs, input_records
from master.jobs.classes import size_of
from master.jobs.items import Planned, plan, wrong_kind
from master.jobs.lora_inputs import bind_all_loras
from master.jobs.parameters import checked, refuse, runnable, with_project, with_shot
from master.jobs.requests import MAX_JOBS, Follow, SubmitRequest
from master.jobs.sources import confirmed_media, from_confirmed_take, require_confirmed, with_confirmed
from master.lifecycle import set_shot_status
from master.models import Batch, Dependency, Job, Media, Project, Shot, utc_now
from master.shots.briefs import BoundBrief, shot_briefs
from workflows.catalog import Catalog
from workflows.schema import FileParameter, Scope, ShotParameter, Workflow

__all__ = ["SubmitRequest", "submit"]


def submit(
    session: Session,
    project: Project,
    request: SubmitRequest,
    catalog: Catalog,
    *,
    user: str,
    key: str | None = None,
    storage: Storage | None = None,
) -> tuple[Batch, list[str]]:
    """The batch and the ids of its jobs. The same idempotency key with the same request answers with the same batch.
    Characters' LoRAs are found in `storage`.

    Raises `BadInput` with every wrong parameter, `NotFound` for unknown shots, `Conflict` for a key used otherwise,
    `NotRead` for LoRAs that must be read before.
    """
    key = key or None  # an empty header is none
    request_hash = hash_of(request, project) if key else ""
    if key and (earlier := earlier_batch(session, user, key, request_hash)):
        return earlier, jobs_of(session, earlier)
    if request.workflow is None and not request.follow and not request.jobs:
        raise BadInput("Name a workflow to run, or a list of jobs.", field="workflow")
    batch = Batch(
        project_id=project.id,
        name=batch_name(request),
        user=user,
        idempotency_key=key,
        request_hash=request_hash,
    )
    session.add(batch)
    jobs = _main_jobs(session, project, batch, request, catalog)
    for job, rank in zip(jobs, request.ranks(len(jobs)), strict=True):
        job.rank = rank
    follow = [_follow_job(project, batch, request, item, catalog) for item in request.follow]
    for job in [*jobs, *follow]:
        job.size = size_of(catalog[job.workflow], job.parameters)
    if storage:
        bind_all_loras([*jobs, *follow], catalog, storage)
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


def batch_name(request: SubmitRequest) -> str:
    first = request.workflow or (request.jobs or request.follow)[0].workflow
    return request.name or first


def jobs_of(session: Session, batch: Batch) -> list[str]:
    return list(session.exec(select(Job.id).where(Job.batch_id == batch.id).order_by(col(Job.id))))


def _main_jobs(session: Session, project: Project, batch: Batch, request: SubmitRequest, catalog: Catalog) -> list[Job]:
    if request.jobs:
        return _item_jobs(session, project, batch, request, catalog)
    if request.workflow is None:
        return []
    workflow = runnable(catalog, request.workflow)
    if workflow.scope is not Scope.SHOT and request.takes > 1:
        raise BadInput("takes: {name} does not work on shots; leave it out.", name=workflow.name, field="takes")
    if workflow.scope is Scope.SHOT:
        return _shot_jobs(session, project, batch, request, workflow)
    if request.shot_ids is not None and workflow.scope is not Scope.FILM:
        raise BadInput("{name} does not work on shots; leave shot_ids out.", name=workflow.name, field="shot_ids")
    job = _job(project, batch, request, workflow, name=workflow.title.en)
    job.parameters = checked(workflow, with_project(workflow, project, request.parameters, request.shot_ids))
    job.inputs = _file_inputs(session, workflow, job.parameters)
    bind_inputs(session, job, workflow)
    return [job]


def _item_jobs(session: Session, project: Project, batch: Batch, request: SubmitRequest, catalog: Catalog) -> list[Job]:
    planned = plan(project, request, catalog)
    completed = _strangers(session, project, planned, catalog)
    jobs = [_item_job(project, batch, request, one) for one in planned]
    session.add_all(jobs)
    session.flush()
    _fill_shots(session, project, list(zip(planned, jobs, strict=True)))
    for job in jobs:
        job.size = size_of(catalog[job.workflow], job.parameters)
    for one, job in zip(planned, jobs, strict=True):
        session.add_all([Dependency(job_id=job.id, needs_id=needed) for needed in dict.fromkeys(one.needs)])
        if one.workflow.scope is not Scope.SHOT:
            job.inputs = _file_inputs(session, one.workflow, job.parameters)
        if not set(one.needs) - completed:
            bind_inputs(session, job, one.workflow)
        elif job.status is JobStatus.QUEUED:
            job.status = JobStatus.BLOCKED
    return jobs


def _item_job(project: Project, batch: Batch, request: SubmitRequest, planned: Planned) -> Job:
    item = planned.item
    job = _job(project, batch, request, planned.workflow, name=item.name or planned.workflow.title.en)
    job.id, job.parameters, job.shot_id = planned.id, planned.parameters, item.shot_id
    job.priority = request.priority if item.priority is None else item.priority
    job.pool = item.pool or request.pool
    held = request.held if item.held is None else item.held
    job.status = JobStatus.HELD if held else JobStatus.QUEUED
    return job


def _strangers(session: Session, project: Project, planned: Sequence[Planned], catalog: Catalog) -> set[str]:
    """The completed ones of the needed jobs outside of the list. Raises `BadInput` for those that do not fit."""
    wanted = sorted({needed for one in planned for needed in one.strangers})
    found = {
        job.id: job
        for start in range(0, len(wanted), 500)
        for job in session.exec(select(Job).where(col(Job.id).in_(wanted[start : start + 500])))
        if job.project_id == project.id
    }
    problems: list[Problem] = []
    for one in planned:
        for needed in one.strangers:
            if needed not in found:
                said = say("{code} has no such job.", code=project.code)
                problems.append(Problem(place=f"{one.place}.needs", value=needed, message=said))
        for name, wanted_file in one.item.inputs.items():
            parameter, maker = one.workflow.parameters[name], found.get(wanted_file.job)
            workflow = catalog.get(maker.workflow) if maker else None
            if workflow and isinstance(parameter, FileParameter) and (wrong := wrong_kind(parameter, workflow)):
                place = f"{one.place}.inputs.{name}.job"
                problems.append(Problem(place=place, value=wanted_file.job, message=wrong))
    refuse(problems)
    return {job.id for job in found.values() if job.status is JobStatus.COMPLETED}


def _fill_shots(session: Session, project: Project, pairs: Sequence[tuple[Planned, Job]]) -> None:
    """Parameters and inputs of the jobs on shots. Raises `BadInput` and `NotFound`."""
    wanted = [job.shot_id for _, job in pairs if job.shot_id]
    if not wanted:
        return
    shots = {shot.id: shot for shot in _shots(session, project, wanted)}
    briefs = {bound.brief.id: bound for bound in shot_briefs(session, project, list(shots))}
    confirmed = confirmed_media(session, list(shots.values()))
    problems: list[Problem] = []
    for planned, job in pairs:
        if job.shot_id is None:
            continue
        shot, bound, workflow = shots[job.shot_id], briefs[job.shot_id], planned.workflow
        given = with_shot(workflow, project, shot, bound, planned.item.parameters)
        names = from_confirmed_take(workflow, given, planned.files)
        if names:
            require_confirmed(workflow, names, [shot], confirmed)
        wrong = planned.check(with_confirmed(workflow, given, names, confirmed.get(shot.id)))
        problems += wrong
        if not wrong:
            job.parameters = planned.parameters
            _put_on_shot(session, project, job, shot, bound, workflow)
            job.name = planned.item.name or job.name
    refuse(problems)


def _put_on_shot(
    session: Session, project: Project, job: Job, shot: Shot, bound: BoundBrief, workflow: Workflow
) -> None:
    job.name = f"{shot.code} {workflow.title.en}"[:200]
    job.shot_id, job.inputs_hash = shot.id, shot.inputs_hash
    job.inputs = _reference_inputs(session, workflow, bound) + _file_inputs(session, workflow, job.parameters)
    set_shot_status(shot, ShotStatus.GENERATING)
    shot.updated_at = utc_now()  # not its rev: nobody's edit is in the way
    touched(session, Noun.SHOT, shot.id, project.id)


def _shot_jobs(
    session: Session, project: Project, batch: Batch, request: SubmitRequest, workflow: Workflow
) -> list[Job]:
    shots = _shots(session, project, request.shot_ids)
    if (count := len(shots) * request.takes) > MAX_JOBS:
        told = say(
            "takes: {count} shots with {takes} takes each are {count2} jobs; the most is {max_jobs}.",
            count=len(shots),
            takes=request.takes,
            count2=count,
            max_jobs=MAX_JOBS,
        )
        raise BadInput(told, field="takes", limit=MAX_JOBS)
    briefs = {bound.brief.id: bound for bound in shot_briefs(session, project, [shot.id for shot in shots])}
    names = from_confirmed_take(workflow, request.parameters)
    confirmed = confirmed_media(session, shots) if names else {}
    require_confirmed(workflow, names, shots, confirmed)
    jobs: list[Job] = []
    for shot in shots:
        bound = briefs[shot.id]
        for turn in range(request.takes):
            job = _job(project, batch, request, workflow, name=f"{shot.code} {workflow.title.en}")
            given = with_shot(workflow, project, shot, bound, _in_turn(workflow, request.parameters, turn))
            job.parameters = checked(workflow, with_confirmed(workflow, given, names, confirmed.get(shot.id)))
            _put_on_shot(session, project, job, shot, bound, workflow)
            jobs.append(job)
    return jobs


def _in_turn(workflow: Workflow, given: dict[str, Any], turn: int) -> dict[str, Any]:
    """What was given, for the first or a further take: the same seed twice would make the same picture twice."""
    seeds = {name: given[name] + turn for name in workflow.seeds if type(given.get(name)) is int}
    return {**given, **seeds}


def _shots(session: Session, project: Project, ids: list[str] | None) -> list[Shot]:
    rows = session.exec(select(Shot).where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))).all()
    by_id = {shot.id: shot for shot in rows}
    wanted = list(by_id) if ids is None else list(dict.fromkeys(ids))
    if missing := [shot_id for shot_id in wanted if shot_id not in by_id]:
        raise NotFound(
            "{code} has no shot {missing} ({count} unknown in all).",
            code=project.code,
            missing=missing[0],
            count=len(missing),
            field="shot_ids",
        )
    if not wanted:
        raise BadInput("{code} has no shots to make; import or add some first.", code=project.code, field="shot_ids")
    return [by_id[shot_id] for shot_id in wanted]


def _follow_job(project: Project, batch: Batch, request: SubmitRequest, follow: Follow, catalog: Catalog) -> Job:
    workflow = runnable(catalog, follow.workflow)
    if workflow.scope is not Scope.FILM:
        raise BadInput(
            "“{workflow}” is not made from many shots and cannot follow.", workflow=follow.workflow, field="follow"
        )
    job = _job(project, batch, request, workflow, name=follow.name or f"{project.code} {workflow.title.en}")
    job.parameters = checked(workflow, with_project(workflow, project, follow.parameters, request.shot_ids))
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


def _reference_inputs(session: Session, workflow: Workflow, bound: BoundBrief) -> list[dict[str, Any]]:
    wants = any(isinstance(p, ShotParameter) and p.references for p in workflow.parameters.values())
    return input_records(session, bound.inputs) if wants and bound.inputs else []


def _file_inputs(session: Session, workflow: Workflow, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    files = {
        name: parameters[name]
        for name, parameter in workflow.parameters.items()
        if isinstance(parameter, FileParameter) and isinstance(parameters.get(name), str) and parameters[name]
    }
    if not files:
        return []
    records = input_records(session, files)
    for name, media_id in files.items():
        parameter = workflow.parameters[name]
        media = session.get_one(Media, media_id)
        if isinstance(parameter, FileParameter) and media.kind is not parameter.media:
            raise BadInput(
                "{name} must be a {media}; {media_name} is a {kind}.",
                name=name,
                media=parameter.media,
                media_name=media.name,
                kind=media.kind,
                field=name,
            )
    return records


def hash_of(request: SubmitRequest, project: Project) -> str:
    """Tells one request from another that comes with the same idempotency key."""
    text = orjson.dumps([project.id, request.model_dump(mode="json")], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def earlier_batch(session: Session, user: str, key: str, request_hash: str) -> Batch | None:
    """Raises `Conflict` when the key was used for another request."""
    batch = session.exec(select(Batch).where(Batch.user == user, Batch.idempotency_key == key)).first()
    if batch and batch.request_hash != request_hash:
        raise Conflict(
            "The idempotency key “{key}” was used for another request; use a new key.",
            key=key[:60],
            field="Idempotency-Key",
        )
    return batch
