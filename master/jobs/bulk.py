"""One deed on many jobs: what can be done is done, what cannot is counted with the reason."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlmodel import Session

from cinefarm.sentences import Said, sentence_of
from master.audit import record
from master.errors import CinefarmError
from master.events import Noun
from master.jobs.control import retry, set_held, set_priority
from master.jobs.unreached import bring_back
from master.models import Job
from workflows.catalog import Catalog

Deed = Literal["retry", "hold", "release", "priority"]
_CHANGES: dict[Deed, str] = {"retry": "retried", "hold": "held", "release": "released", "priority": "prioritized"}


@dataclass
class Done:
    ids: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)  # jobs that wait again for those that are retried
    refused: Counter[Said] = field(default_factory=Counter)  # by the sentence that says why


def do(
    session: Session, actor: str, deed: Deed, job_ids: Sequence[str], *, priority: int | None, catalog: Catalog
) -> Done:
    """All in one transaction, each job with its line in the record."""
    done = Done()
    act = _action(session, deed, priority, catalog)
    text = f"Priority {priority}." if deed == "priority" else ""
    for job_id in dict.fromkeys(job_ids):
        if job_id in done.back:  # it came back with what it waits for
            done.ids.append(job_id)
            continue
        try:
            with session.begin_nested():
                job = act(job_id)
        except CinefarmError as error:
            done.refused[sentence_of(error)] += 1
            continue
        record(session, actor, Noun.JOB, job.id, _CHANGES[deed], text, project_id=job.project_id)
        done.ids.append(job_id)
        if deed == "retry":
            done.back += bring_back(session, job_id)
    return done


def _action(session: Session, deed: Deed, priority: int | None, catalog: Catalog) -> Callable[[str], Job]:
    match deed:
        case "retry":
            return lambda job_id: retry(session, job_id, catalog)
        case "hold":
            return lambda job_id: set_held(session, job_id, True, catalog)
        case "release":
            return lambda job_id: set_held(session, job_id, False, catalog)
        case "priority":
            assert priority is not None
            wanted = priority
            return lambda job_id: set_priority(session, job_id, wanted)
