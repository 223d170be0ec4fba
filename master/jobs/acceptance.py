"""What becomes of jobs in the same transaction in which the farm decides: media, takes, bound inputs, shot statuses."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from cinefarm.messages import Completed, OutputFile
from cinefarm.statuses import ACTIVE, TERMINAL, WAITING, FailureKind, JobStatus, MediaKind, OutputRole, ShotStatus
from cinefarm.storage import Storage, StoragePath, attempt_dir, project_dir, safe_name
from master import frames
from master.errors import CinefarmError
from master.events import Noun, touched
from master.farm.effects import Assign
from master.frames import RunFacts
from master.jobs.binding import bind_inputs
from master.jobs.intake import object_of, suffix_of
from master.jobs.unreached import end_unreached
from master.lifecycle import set_job_status, set_shot_status
from master.models import Dependency, Job, Media, Project, Shot, Take, utc_now
from master.shots.takes import add_take
from workflows.catalog import Catalog
from workflows.schema import Scope


class JobAcceptance:
    """The ledger's partner (see `master.ledger.Acceptance`)."""

    def __init__(self, storage: Storage, catalog: Catalog) -> None:
        self._storage = storage
        self._catalog = catalog

    def run_message(self, facts: RunFacts, assign: Assign) -> str:
        workflow = self._catalog[facts.workflow]
        return frames.run(
            assign.ref,
            facts,
            device_id=assign.device_id,
            engine=next(engine.name for engine in workflow.engines if engine.exists),
            variant=assign.variant,
            output_dir=attempt_dir(facts.project, facts.job_id, assign.ref.attempt),
            timeout_s=workflow.needs.timeout_s,
            evict=assign.evict,
        )

    def completed(self, session: Session, job: Job, report: Completed) -> None:
        media = [self._record(session, job, output) for output in report.outputs]
        session.flush()
        if job.shot_id:
            self._make_take(session, job, report, media)
        elif self._catalog[job.workflow].scope is not Scope.FARM:
            self._name_film(session, job, media)

    def ended(self, session: Session, job: Job) -> None:
        """A shot whose last job ended without a picture goes back to what it was."""
        if job.shot_id and job.status in TERMINAL:
            _settle_shot(session, job)

    def unreached(self, session: Session, ended: Sequence[str]) -> list[str]:
        return end_unreached(session, ended)

    def _record(self, session: Session, job: Job, output: OutputFile) -> Media:
        media = Media(
            sha256=output.sha256,
            path=object_of(output),
            name=output.name,
            kind=output.kind,
            role=output.role,
            mime=output.mime,
            bytes=output.bytes,
            width=output.width,
            height=output.height,
            frames=output.frames,
            fps_num=output.fps_num,
            fps_den=output.fps_den,
            facts=output.facts,
            project_id=job.project_id,
            job_id=job.id,
        )
        session.add(media)
        return media

    def _make_take(self, session: Session, job: Job, report: Completed, media: Sequence[Media]) -> None:
        main = next((m for m in media if m.role is OutputRole.MAIN), None)
        shot = session.get_one(Shot, job.shot_id, populate_existing=True)
        if main is None or main.kind not in (MediaKind.IMAGE, MediaKind.VIDEO):
            _settle_shot(session, job)
            return
        take = add_take(
            session,
            shot,
            job_id=job.id,
            attempt=report.ref.attempt,
            media=main,
            thumbnail=next((m for m in media if m.role is OutputRole.THUMBNAIL), None),
            recipe=_recipe(job, report),
            inputs_hash=job.inputs_hash,
        )
        name = f"v{take.number:03}{suffix_of(main.name)}"
        main.name = f"{shot.code}_{name}"
        self._link(session, job, main, f"renders/{shot.code}/{name}")

    def _name_film(self, session: Session, job: Job, media: Sequence[Media]) -> None:
        kind = job.workflow.split("/")[1]
        for output in media:
            if output.role is OutputRole.MAIN and output.kind in (MediaKind.VIDEO, MediaKind.DOCUMENT, MediaKind.IMAGE):
                name = safe_name(f"{kind}_{job.id[-6:]}{suffix_of(output.name)}")
                if len(media) <= 4:  # a split film keeps the names of its frames
                    output.name = safe_name(f"{job.name}{suffix_of(output.name)}")
                    self._link(session, job, output, f"renders/films/{name}")

    def _link(self, session: Session, job: Job, media: Media, friendly: str) -> None:
        project = session.get_one(Project, job.project_id)
        target = StoragePath(f"{project_dir(project.code)}/{friendly}")
        self._storage.link(StoragePath(media.path), target)
        media.facts = {**media.facts, "file": str(target)}

    def released(self, session: Session, needed: Sequence[str]) -> list[str]:
        failed: list[str] = []
        dependents = select(Dependency.job_id).where(col(Dependency.needs_id).in_(needed))
        blocked = select(Job).where(col(Job.id).in_(dependents), Job.status == JobStatus.BLOCKED)
        for job in session.exec(blocked, execution_options={"populate_existing": True}):
            if _unmet(session, job.id):
                continue
            try:
                bind_inputs(session, job, self._catalog[job.workflow])
                set_job_status(job, JobStatus.QUEUED)
                job.queued_at = utc_now()
            except CinefarmError as error:
                set_job_status(job, JobStatus.FAILED)
                job.failure_kind, job.message, job.finished_at = FailureKind.BAD_INPUT, str(error)[:2000], utc_now()
                failed.append(job.id)
            job.touch()
            touched(session, Noun.JOB, job.id, job.project_id)
        return failed


def _unmet(session: Session, job_id: str) -> int:
    statement = (
        select(func.count())
        .select_from(Dependency)
        .join(Job, col(Job.id) == Dependency.needs_id)
        .where(Dependency.job_id == job_id, Job.status != JobStatus.COMPLETED)
    )
    return session.exec(statement).one()


def _recipe(job: Job, report: Completed) -> dict[str, Any]:
    """All that made the take."""
    parameters = {name: value for name, value in job.parameters.items() if name not in ("shot", "clips")}
    return {
        "workflow": job.workflow,
        "workflow_version": job.workflow_version,
        "prompt": job.parameters.get("prompt", ""),
        "seed": job.parameters.get("seed"),
        "parameters": parameters,
        "inputs": [{"name": record["name"], "sha256": record["sha256"]} for record in job.inputs],
        "attempt": report.ref.attempt,
        **report.recipe,
    }


def _settle_shot(session: Session, job: Job) -> None:
    """Unless another job is still on the shot, it stops generating."""
    busy = select(Job.id).where(Job.shot_id == job.shot_id, Job.id != job.id, col(Job.status).in_(WAITING | ACTIVE))
    if session.exec(busy).first():
        return
    shot = session.get_one(Shot, job.shot_id, populate_existing=True)
    if shot.status is ShotStatus.GENERATING:
        has_take = session.exec(select(Take.id).where(Take.shot_id == shot.id)).first()
        set_shot_status(shot, ShotStatus.COMPLETED if has_take else ShotStatus.PENDING)
        shot.updated_at = utc_now()  # not its rev: nobody's edit is in the way
        touched(session, Noun.SHOT, shot.id, shot.project_id)
