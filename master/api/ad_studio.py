"""What may be done with ads, for every face of the API: pictures are taken in, the farm is asked, then all is
written."""

import asyncio
import hashlib
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from cinefarm.ids import is_id
from cinefarm.picture_names import named_branches, stem_of
from cinefarm.sentences import say
from cinefarm.statuses import TERMINAL, AdStatus, JobStatus
from master.access import Principal
from master.ads.choices import Choice, choose, left_out
from master.ads.deleting import delete_ad, restore_ad
from master.ads.form import Branch, Form, read_form, workflow_of
from master.ads.making import Order, earlier_ad, make_ad, require_pictures
from master.ads.pictures import Sent, take_in
from master.ads.progress import progress_of
from master.ads.prompts import KeptPrompts, prompts_of
from master.ads.requests import AdRequest
from master.ads.restarting import LAST_STEP, Change, Restarted, restart_ad
from master.ads.state import AdState, get_ad, state_of
from master.ads.views import AdNow
from master.api.submitting import require_room
from master.audit import record
from master.context import Master
from master.errors import Conflict, NotFound
from master.events import Noun, touched
from master.farm.effects import Note
from master.models import AD_PICTURES, Ad, utc_now

T = TypeVar("T")
_GIVEN_UP = frozenset({JobStatus.FAILED, JobStatus.QUARANTINED})
_TO_COME = "-"  # stands for a picture while the other fields are checked
_SAY_PROMPTS = {"background_style", "bg_prompt", "text_style", "html_style_prompt", "text_model_prompt", "test_mode"}


async def make(master: Master, asker: Principal, request: AdRequest, key: str | None = None) -> str:
    """The ad's id. It and its jobs are on disk. The same key with the same request makes one ad."""
    require_room(master)
    given = request.given()
    request_hash = hashlib.sha256(request.model_dump_json().encode()).hexdigest() if key else ""
    if key and (found := await run_in_threadpool(_earlier, master, asker, key, request_hash)):
        return found
    form = _form(master, workflow_of(given), given)
    require_pictures(form.parameters["start_step"], given)
    sent = await _take_in(master, given)
    order = Order(
        form=form,
        sent=sent,
        choices=choose(form.workflow, form.parameters, master.dispatcher.farm, master.dispatcher.classes),
        prompts=await prompts_of(form.parameters, master.settings.llm),
        ignored=_ignored(request, form),
        name=request.name or "",
        user=asker.name,
        key=key,
        request_hash=request_hash,
    )

    def write(session: Session) -> tuple[str, list[str]]:
        ad, job_ids = make_ad(session, order, master.catalog)
        return ad.id, job_ids

    ad_id, job_ids = await _written(master, write)
    await master.dispatcher.submitted(job_ids)
    return ad_id


async def restart(master: Master, asker: Principal, ad_id: str, request: AdRequest) -> None:
    """With what the request changes; see `restart_ad`."""
    require_room(master)
    state = await run_in_threadpool(_state, master, ad_id)
    given = request.given()
    step = given.pop("start_step", None)
    before = state.ad.parameters
    form = _form(master, given.get("workflow", state.ad.workflow), _with_changes(before, request, given))
    changed = frozenset(name for name in LAST_STEP if form.parameters.get(name) != before.get(name)) - set(AD_PICTURES)
    sent = await _take_in(master, given)
    change = Change(
        form=form,
        changed=changed,
        sent=sent,
        choices=_choices(master, state, form, changed | sent.keys(), step),
        prompts=await _prompts(master, state.ad, form),
        ignored=_ignored(request, form),
        start_step=step,
        user=asker.name,
    )

    def write(session: Session) -> Restarted:
        return restart_ad(session, get_ad(session, ad_id), change, master.catalog)

    done = await _written(master, write)
    await master.dispatcher.submitted(done.made)
    await master.dispatcher.cancel(done.replaced, say("Replaced when {name} began the ad anew.", name=asker.name))


async def stop(master: Master, asker: Principal, ad_id: str) -> AdNow:
    """Nothing of it goes on. An ad that has ended stays as it is, and so does one that was stopped before."""

    def write(session: Session) -> list[str]:
        state = state_of(session, ad_id)
        if state.status is not AdStatus.PROCESSING:
            return []
        state.ad.stopped_at = utc_now()
        state.ad.touch()
        touched(session, Noun.AD, ad_id, state.ad.project_id)
        record(session, asker.name, Noun.AD, ad_id, "stopped", project_id=state.ad.project_id)
        return [stage.job_id for stage in state.stages if stage.status not in TERMINAL]

    job_ids = await _written(master, write)
    reason = say("Canceled when {name} stopped the ad.", name=asker.name)
    await master.dispatcher.cancel(job_ids, reason, Note(Noun.AD, ad_id, "canceled", reason, actor=asker.name))
    return await now(master, ad_id)


async def delete(master: Master, asker: Principal, ad_id: str) -> None:
    """Into the trash. Raises `Conflict` while it is made."""
    job_ids = await _written(master, lambda session: delete_ad(session, ad_id, user=asker.name))
    await master.dispatcher.cancel(job_ids, say("Canceled when {name} deleted the ad.", name=asker.name))


async def restore(master: Master, asker: Principal, ad_id: str) -> None:
    """Out of the trash."""
    await _written(master, lambda session: restore_ad(session, ad_id, user=asker.name))


async def result_files(master: Master, ad_id: str) -> tuple[str, list[tuple[str, Path]]]:
    """The ad's name for files, and those that are done, named with size and variant. Raises `NotFound`, `Conflict`
    when none is."""
    state = await run_in_threadpool(_state, master, ad_id)
    stem = stem_of(state.ad.name)
    branches = [Branch(**branch) for branch in state.ad.branches]
    done = [
        (name, picture)
        for branch, name in named_branches(stem, ".png", branches)
        if (picture := state.picture(branch.key, state.ends))
    ]
    if not done:
        raise Conflict("The ad “{name}” has no picture that is done yet.", name=state.ad.name, field="status")
    if any(not master.storage.has(picture.path) for _, picture in done):
        raise NotFound("The file of this media is missing from the storage; restore it from a backup.")
    return stem, [(name, master.storage.resolve(picture.path)) for name, picture in done]


async def now(master: Master, ad_id: str) -> AdNow:
    """How it stands. Raises `NotFound`."""
    state = await run_in_threadpool(_state, master, ad_id)
    return AdNow(state, progress_of(state, master.dispatcher.farm, master.dispatcher.classes), master.catalog)


# -- parts of these


def _state(master: Master, ad_id: str) -> AdState:
    with master.db.read() as session:
        return state_of(session, ad_id)


def _earlier(master: Master, asker: Principal, key: str, request_hash: str) -> str | None:
    with master.db.read() as session:
        found = earlier_ad(session, asker.name, key, request_hash)
        return found.id if found else None


def _form(master: Master, workflow: str, given: dict[str, Any]) -> Form:
    to_come = {name: _TO_COME for name in AD_PICTURES if (sent := given.get(name)) and not is_id(sent)}
    form = read_form(master.catalog[workflow], {**given, **to_come}, text_limit=master.settings.ad_text_limit)
    for name in to_come:
        form.parameters.pop(name)
    return form


async def _take_in(master: Master, given: dict[str, Any]) -> Sent:
    return await run_in_threadpool(take_in, given, master.storage, limit_mb=master.settings.ad_image_limit_mb)


def _ignored(request: AdRequest, form: Form) -> list[str]:
    """The farm itself decides when weights are unloaded; and a picture of a later step than the first is not used."""
    names = {*request.unknown, *form.ignored}
    if request.auto_unload:
        names.add("auto_unload")
    begins = form.parameters["start_step"]
    names |= {
        name for name, step in (("step1_image", 2), ("step2_image", 3)) if getattr(request, name) and begins < step
    }
    return sorted(names)


def _with_changes(before: dict[str, Any], request: AdRequest, given: dict[str, Any]) -> dict[str, Any]:
    """The form as it was, under what the request says."""
    stays = dict(before)
    if request.given().keys() & {"size", "sizes", "width", "height"}:
        for name in ("sizes", "width", "height"):
            stays.pop(name, None)
    for one, many in (("background_style", "backgrounds"), ("text_style", "text_styles")):
        if one in given:  # it takes the place of the list
            stays.pop(many, None)
    if given.get("ad_text") and not before.get("ad_text") and before.get("end_step") == 1:
        stays["end_step"] = 3  # words for what was a background alone
    if "product_image" in given:
        stays.pop("hint_image", None)  # painted over the photo before
    if "seed" in request.model_fields_set and request.seed is None:
        stays.pop("seed")
    return {**stays, **given}


def _choices(
    master: Master, state: AdState, form: Form, changed: set[str] | frozenset[str], step: int | None
) -> list[Choice]:
    """Those of steps that are made again are made anew: a worker may have come, or gone."""
    first = min([LAST_STEP.get(name, 3) for name in changed], default=3)
    unfinished = min([stage.step for stage in state.stages if not stage.done], default=3)
    again = step or min(first, unfinished)
    fresh = choose(form.workflow, form.parameters, master.dispatcher.farm, master.dispatcher.classes)
    before = {choice["stage"]: Choice.model_validate(choice) for choice in state.ad.choices}
    kept = before if form.workflow == state.ad.workflow else {}
    found = {c.stage: c if again <= (1 if c.stage == "fill" else 2) else kept.get(c.stage, c) for c in fresh}
    if step != 1 and "product_image" not in changed:
        found["matte"] = _of_same_photo(state, before.get("matte") or found["matte"], found["matte"])
    return list(found.values())


def _of_same_photo(state: AdState, before: Choice, now: Choice) -> Choice:
    """Whether a model tells the product from its background: a product that is cut out stays so, as it was seen to be;
    and what failed is done without."""
    stages = {stage.key: stage for stage in state.stages}
    matte, cut_out = stages.get("matte"), stages.get("cut_out")
    if matte and matte.status in _GIVEN_UP:
        return left_out("matte", say("It failed before: {message}", message=matte.message))
    return before if cut_out and cut_out.done else now


async def _prompts(master: Master, ad: Ad, form: Form) -> KeptPrompts:
    """Other words alone need no other pictures."""
    if all(form.parameters.get(name) == ad.parameters.get(name) for name in _SAY_PROMPTS) and ad.prompts:
        return KeptPrompts.model_validate(ad.prompts)
    return await prompts_of(form.parameters, master.settings.llm)


async def _written(master: Master, action: Callable[[Session], T]) -> T:
    """On the writer's thread, and in the language of who asks."""
    context = copy_context()
    return await asyncio.wrap_future(master.db.write_soon(lambda session: context.run(action, session)))
