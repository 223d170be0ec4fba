"""Routes of the queue as wranglers work on it: counts by kind, and deeds on many jobs."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, model_validator

from cinefarm.sentences import Said, say
from master.api.deps import Asker, Reader, TheMaster
from master.api.strict import StrictRoute
from master.context import Master
from master.events import Noun
from master.farm import reactor
from master.farm.effects import Note
from master.jobs.bulk import Deed, Done, do
from master.jobs.filters import Facets, JobFilter, facets

router = APIRouter(prefix="/api/queue", tags=["jobs"], route_class=StrictRoute)


class BulkRequest(BaseModel):
    deed: Literal["retry", "cancel", "hold", "release", "priority"]
    job_ids: list[Annotated[str, Field(max_length=26)]] = Field(min_length=1, max_length=10_000)
    priority: int | None = Field(None, ge=0, le=100)

    @model_validator(mode="after")
    def names_a_priority(self) -> "BulkRequest":
        if self.deed == "priority" and self.priority is None:
            raise ValueError(say("Say which priority, from 0 to 100."))
        return self


class Refused(BaseModel):
    reason: Said
    count: int


class BulkDone(BaseModel):
    done: int
    refused: list[Refused]


@router.get("/facets")
def list_facets(reader: Reader, asked: Annotated[JobFilter, Depends()]) -> Facets:
    return facets(reader, asked)


@router.post("/bulk")
async def do_in_bulk(request: BulkRequest, master: TheMaster, asker: Asker) -> BulkDone:
    """What can be done is done in one commit; the rest is counted with the reason."""
    ids = list(dict.fromkeys(request.job_ids))
    if request.deed == "cancel":
        reason = say("Canceled by {name}.", name=asker.name)
        note = Note(Noun.JOB, ids[0], "canceled", f"{reason} {len(ids)} jobs.", actor=asker.name)
        canceled = await master.dispatcher.cancel(ids, reason, note)
        ended = len(ids) - canceled
        return BulkDone(
            done=canceled, refused=[Refused(reason=say("These had ended already."), count=ended)] if ended else []
        )
    deed: Deed = request.deed
    done = await asyncio.wrap_future(
        master.db.write_soon(
            lambda session: do(session, asker.name, deed, ids, priority=request.priority, catalog=master.catalog)
        )
    )
    await _tell(master, deed, done, request.priority)
    return BulkDone(
        done=len(done.ids), refused=[Refused(reason=reason, count=count) for reason, count in done.refused.items()]
    )


async def _tell(master: Master, deed: Deed, done: Done, priority: int | None) -> None:
    match deed:
        case "retry":
            await master.dispatcher.submitted([*done.ids, *done.back])
        case "hold" | "release":
            master.dispatcher.happen(lambda farm, now: reactor.on_held(farm, done.ids, deed == "hold", now))
        case "priority":
            assert priority is not None
            wanted = priority
            master.dispatcher.happen(lambda farm, now: reactor.on_priority(farm, done.ids, wanted, now))
