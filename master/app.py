"""Wires the master together, nothing else."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from cinefarm import __version__
from cinefarm.sentences import listed, plain
from cinefarm.storage import Storage
from master.access import Doorkeeper, load_secret
from master.api import (
    ads,
    ads_serving,
    ads_shop,
    backups,
    characters,
    cinematic,
    edits,
    entrance,
    events,
    exchange,
    jobs,
    limits,
    loras,
    media,
    metrics,
    notes,
    overview,
    own_workflows,
    pages,
    projects,
    queue,
    sequences,
    shares,
    shots,
    sockets,
    takes,
    views,
    workers,
    workflows,
)
from master.api.gate import Gate
from master.api.languages import Languages, error_answer
from master.api.submitting import SubmitDoor
from master.complaints import complaint_of
from master.config import MasterSettings
from master.context import Master
from master.db import Database
from master.dispatcher import Dispatcher
from master.errors import CinefarmError, ErrorBody, NoSpace, Problem
from master.exchange.keeper import DataFileKeeper
from master.jobs.acceptance import JobAcceptance
from master.jobs.desk import Desk
from master.jobs.intake import Intake
from master.jobs.loading import NewStates
from master.keeping.caretaker import Caretaker
from master.keeping.reconcile import Marker
from master.keeping.space import is_full_disk
from master.ledger import Ledger
from master.live import Live, LiveMessage
from master.migrations import upgrade
from master.own_workflows import OwnWorkflows
from master.steering.steward import Steward
from master.watching import LiveSaid
from master.workers.beats import Beats
from master.workers.history import History
from workflows.catalog import FOLDER, load_catalog

log = logging.getLogger("cinefarm.master")

_SMALLEST_PACKED = 4096  # bytes of an answer
_NEVER_PACKED = (  # packed already
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

ROUTERS = [
    jobs.router,  # first: routes are tried in order, and this one is hot
    queue.router,
    entrance.router,
    projects.router,
    sequences.router,
    shots.router,
    edits.router,
    views.router,
    takes.router,
    notes.router,
    characters.router,
    cinematic.router,
    media.router,
    loras.router,
    exchange.router,
    overview.router,
    metrics.router,  # before a worker's own route
    workers.router,
    limits.router,
    shares.router,
    events.router,
    workflows.router,
    own_workflows.uploads,
    own_workflows.router,
    sockets.router,
    backups.router,
    ads.router,
    ads_shop.router,
    ads_serving.router,
]


def create_app(settings: MasterSettings) -> FastAPI:
    master = build(settings)
    keeper = DataFileKeeper(master.db, master.storage)
    steward = Steward(master.db, lambda: master.dispatcher.farm, master.dispatcher.happen)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        upgrade(master.db, settings.backups)
        master.db.start()
        keeper.start()
        master.live.start()
        master.caretaker.start()
        await master.dispatcher.start()
        steward.start()
        try:
            yield
        finally:
            await steward.stop()
            await master.dispatcher.stop()
            master.caretaker.stop()
            await master.live.stop()
            keeper.stop()
            master.db.stop()
            Marker(settings.state_dir).clear()  # here, because a signal may end the process right after

    app = FastAPI(
        title="Cinefarm",
        version=__version__,
        lifespan=lifespan,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.master = master
    for router in [*ROUTERS, pages.router]:  # the pages answer every address that is left
        app.include_router(router)
    app.webhooks.add_api_route("live", _live, methods=["GET"])
    app.webhooks.add_api_route("live", _said, methods=["POST"])
    app.add_exception_handler(CinefarmError, _answer)
    app.add_exception_handler(OSError, _answer_full_disk)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_middleware(
        GZipMiddleware, minimum_size=_SMALLEST_PACKED, compresslevel=1, exclude_content_types=_NEVER_PACKED
    )
    app.add_middleware(SubmitDoor, master=master)
    app.add_middleware(Gate, settings=settings, doorkeeper=master.doorkeeper, db=master.db)
    app.add_middleware(Languages)
    return app


def build(settings: MasterSettings) -> Master:
    storage = Storage(projects=settings.projects_dir, shared=settings.storage_dir)
    catalog = load_catalog(FOLDER, settings.workflows_dir) if settings.workflows_dir else load_catalog()
    own = OwnWorkflows(storage, catalog)
    own.load()
    db = Database(settings.sqlalchemy_url)
    secret = settings.secret.get_secret_value() if settings.secret else None
    history = History()
    live = Live(db, history)
    dispatcher = Dispatcher(
        db=db,
        ledger=Ledger(JobAcceptance(storage, catalog)),
        catalog=catalog,
        lease_s=settings.lease_s,
        verify=Intake(db, storage).verify,
        on_progress=live.progress,
    )
    return Master(
        settings=settings,
        db=db,
        storage=storage,
        catalog=catalog,
        own=own,
        doorkeeper=Doorkeeper(load_secret(settings.state_dir, secret)),
        dispatcher=dispatcher,
        live=live,
        caretaker=Caretaker(db, storage, settings),
        beats=Beats(db),
        desk=Desk(db, NewStates(dispatcher.classes), dispatcher.bring),
        history=history,
    )


def _live() -> LiveMessage:  # type: ignore[empty-body]
    """One message of the socket `/ws/live`. OpenAPI knows no sockets: here its types are generated from."""


def _said(said: LiveSaid) -> None:
    """What a page may say over the socket `/ws/live`."""


async def _answer(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CinefarmError)
    return error_answer(error.body, request.state.request_id, error.status, error.headers)


async def _answer_full_disk(request: Request, error: Exception) -> JSONResponse:
    if not is_full_disk(error):
        raise error
    return await _answer(request, NoSpace("The disk is full; free some space, then try again."))


async def _answer_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [_problem(item) for item in error.errors()[:50]]
    body = ErrorBody(
        code="bad_input",
        message=listed(problem.told for problem in problems[:3]),
        field=problems[0].place if problems else None,
        problems=problems,
    )
    return error_answer(body, request.state.request_id, 422)


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, CinefarmError):  # raised while the body was being read
        return await _answer(request, error.__cause__)
    code = "not_found" if error.status_code == 404 else "bad_request"
    body = ErrorBody(code=code, message=plain(str(error.detail)))
    return error_answer(body, request.state.request_id, error.status_code, error.headers)


def _problem(item: Any) -> Problem:
    place = ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0])
    return Problem(place=place, value=repr(item.get("input"))[:120], message=complaint_of(item))
