"""How a browser comes in: a one-time link becomes a session cookie. And the health check."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from cinefarm import __version__
from master.access import SESSION_DAYS, new_api_token
from master.api.deps import Asker, TheMaster
from master.api.gate import cookie_name
from master.audit import record

router = APIRouter(tags=["entrance"])


class Health(BaseModel):
    status: str
    version: str


class Ticket(BaseModel):
    path: str  # open it in a browser within an hour


class NewToken(BaseModel):
    name: str = Field(min_length=1, max_length=120)


class Token(BaseModel):
    name: str
    token: str  # shown only now


@router.get("/api/health")
def health() -> Health:
    return Health(status="ok", version=__version__)


@router.post("/api/tickets", status_code=201)
def create_ticket(master: TheMaster) -> Ticket:
    return Ticket(path=f"/enter?ticket={master.doorkeeper.new_ticket()}")


@router.post("/api/tokens", status_code=201)
def create_token(new: NewToken, master: TheMaster, asker: Asker) -> Token:
    def write(session: Session) -> str:
        record(session, asker.name, "token", new.name, "made")
        return new_api_token(session, new.name)

    return Token(name=new.name, token=master.db.write(write))


@router.get("/enter", include_in_schema=False)
def enter(master: TheMaster, ticket: str = "") -> Response:
    session = master.doorkeeper.redeem(ticket)
    if session is None:
        return HTMLResponse(_USED.format(command=escape("cinefarm open")), status_code=401)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        cookie_name(master.settings.port),
        session,
        max_age=SESSION_DAYS * 86400,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


_USED = """<!doctype html><meta charset="utf-8"><title>Cinefarm</title>
<body style="font:16px system-ui;max-width:34em;margin:15vh auto;padding:0 1em;line-height:1.6">
<h1>이 링크는 이미 사용되었거나 만료되었습니다</h1>
<p>터미널에서 <code>{command}</code> 를 실행하면 새 링크를 받을 수 있습니다.</p>
<h2>This link was used or has expired</h2>
<p>Run <code>{command}</code> in a terminal to get a new one.</p>"""
