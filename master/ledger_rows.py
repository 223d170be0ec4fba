"""The ledger's statements. Each changes a job only if it is as the effect says, and returns those that it changed."""

from collections.abc import Iterable
from functools import cache

from cinefarm.statuses import ACTIVE, AttemptStatus, JobStatus
from master.bulk import Bulk, Change, Find
from master.lifecycle import sources_of

A, J = AttemptStatus, JobStatus

_WRITTEN = "rev = job.rev + 1, updated_at = :now"
_TOUCHED = "job.id, job.project_id, job.batch_id"


def one_of(statuses: Iterable[JobStatus]) -> str:
    """The job's status is among them; with `|| ''` the job is looked up by its id (see `master/bulk.py`)."""
    listed = ", ".join(f"'{status}'" for status in sorted(statuses))
    return f"job.status || '' IN ({listed})"


def held_by() -> str:
    """The fence: this attempt, on this worker, not yet ended."""
    return f"{one_of(ACTIVE)} AND job.attempt = rows.attempt AND job.worker_id = rows.worker_id"


ASSIGN = Change(
    "job",
    {"id": "text", "attempt": "integer", "revision": "integer", "worker_id": "text", "device_id": "text"},
    fence=f"{one_of([J.QUEUED])} AND job.attempt = rows.attempt - 1 AND job.revision = rows.revision",
    sets=f"""
        status = '{J.ASSIGNED}', attempt = rows.attempt, worker_id = rows.worker_id, device_id = rows.device_id,
        progress = 0.0, message = '', started_at = :now, {_WRITTEN}
    """,
    answer=f"""
        {_TOUCHED}, job.name, job.workflow, job.workflow_version, CAST(job.parameters AS TEXT),
        CAST(job.inputs AS TEXT), (SELECT code FROM project WHERE project.id = job.project_id)
    """,
    now="time",
)

INSERT_ATTEMPT = Bulk(
    {
        "id": "text",
        "job_id": "text",
        "number": "integer",
        "worker_id": "text",
        "device_id": "text",
        "variant": "text",
        "warmth": "text",
    },
    f"""
    INSERT INTO attempt
        (id, job_id, number, worker_id, worker_name, device_id, variant, warmth, status, message, recipe, created_at)
    SELECT rows.id, rows.job_id, rows.number, rows.worker_id,
        (SELECT node_id FROM worker WHERE worker.id = rows.worker_id),
        rows.device_id, rows.variant, rows.warmth, '{A.ASSIGNED}', '', '{{}}', :now
    FROM rows
    """,
    now="time",
)

START = Change(
    "job",
    {"id": "text", "attempt": "integer"},
    fence=f"{one_of([J.ASSIGNED])} AND job.attempt = rows.attempt",
    sets=f"status = '{J.RUNNING}', {_WRITTEN}",
    answer=_TOUCHED,
    now="time",
)

START_ATTEMPT = Bulk(
    {"job_id": "text", "number": "integer"},
    f"""
    UPDATE attempt SET status = '{A.RUNNING}'
    FROM rows WHERE attempt.job_id = rows.job_id AND attempt.number = rows.number
    """,
)


@cache
def finish() -> Change:
    """Accept a completed attempt. Tells also its shot, and whether others wait for it."""
    return Change(
        "job",
        {"id": "text", "attempt": "integer", "revision": "integer", "worker_id": "text"},
        fence=f"{held_by()} AND job.revision = rows.revision",
        sets=f"""
            status = '{J.COMPLETED}', progress = 1.0, message = '', failure_kind = NULL, finished_at = :now, {_WRITTEN}
        """,
        answer=f"{_TOUCHED}, job.shot_id, EXISTS (SELECT 1 FROM dependency WHERE dependency.needs_id = job.id)",
        now="time",
    )


FINISH_ATTEMPT = Bulk(
    {
        "job_id": "text",
        "number": "integer",
        "recipe": "json",
        "seconds": "number",
        "peak_vram_gb": "number",
        "peak_ram_gb": "number",
    },
    f"""
    UPDATE attempt SET status = '{A.COMPLETED}', recipe = rows.recipe, seconds = rows.seconds,
        peak_vram_gb = rows.peak_vram_gb, peak_ram_gb = rows.peak_ram_gb, finished_at = :now
    FROM rows WHERE attempt.job_id = rows.job_id AND attempt.number = rows.number
    """,
    now="time",
)


@cache
def end_attempt() -> Change:
    """An attempt ended without a result."""
    return Change(
        "job",
        {
            "id": "text",
            "attempt": "integer",
            "worker_id": "text",
            "status": "text",
            "message": "text",
            "failure_kind": "text",
            "counted_failures": "integer",
            "worker_losses": "integer",
            "excluded_workers": "json",
            "last_worker_id": "text",
            "finished_at": "time",
            "variant": "text",
            "vram_gb": "number",
        },
        fence=held_by(),
        sets=f"""
            status = rows.status, message = rows.message, failure_kind = rows.failure_kind,
            counted_failures = rows.counted_failures, worker_losses = rows.worker_losses,
            excluded_workers = rows.excluded_workers, worker_id = rows.last_worker_id, progress = 0.0,
            finished_at = rows.finished_at, variant = COALESCE(rows.variant, job.variant),
            vram_gb = COALESCE(rows.vram_gb, job.vram_gb), {_WRITTEN}
        """,
        answer=f"{_TOUCHED}, job.shot_id",
        now="time",
    )


ENDED_ATTEMPT = Bulk(
    {"job_id": "text", "number": "integer", "status": "text", "failure_kind": "text", "message": "text"},
    """
    UPDATE attempt SET status = rows.status, failure_kind = rows.failure_kind, message = rows.message,
        finished_at = :now
    FROM rows WHERE attempt.job_id = rows.job_id AND attempt.number = rows.number
    """,
    now="time",
)


@cache
def end_job(status: JobStatus) -> Change:
    """A job that no worker holds comes to `status`."""
    return Change(
        "job",
        {"id": "text", "message": "text"},
        fence=one_of(set(sources_of(status)) - ACTIVE),
        sets=f"status = '{status}', message = rows.message, finished_at = :now, {_WRITTEN}",
        answer=f"{_TOUCHED}, job.shot_id",
        now="time",
    )


ATTEMPTS = Find(
    {"job_id": "text", "number": "integer"},
    "attempt.job_id, attempt.number, attempt.status, attempt.worker_id, job.revision",
    """
    rows JOIN attempt ON attempt.job_id = rows.job_id AND attempt.number = rows.number
    JOIN job ON job.id = attempt.job_id
    """,
)
