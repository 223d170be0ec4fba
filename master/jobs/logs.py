"""Logs of attempts."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from cinefarm.messages import Log
from master.models import LogLine, utc_now

MAX_LINES = 5000  # kept for one attempt


class LogLineView(BaseModel):
    id: int
    attempt: int
    time: datetime
    level: str
    text: str


class LogPage(BaseModel):
    rows: list[LogLineView]


def add_log(session: Session, log: Log) -> None:
    ref = log.ref
    kept = session.exec(select(func.count()).where(LogLine.job_id == ref.job_id, LogLine.attempt == ref.attempt)).one()
    if kept >= MAX_LINES:
        return
    now = utc_now()
    session.execute(
        insert(LogLine),
        [
            {"job_id": ref.job_id, "attempt": ref.attempt, "time": now, "level": line.level, "text": line.text}
            for line in log.lines[: MAX_LINES - kept]
        ],
    )


def read_log(session: Session, job_id: str, after: int = 0, limit: int = 1000) -> LogPage:
    lines = select(LogLine).where(LogLine.job_id == job_id, col(LogLine.id) > after).order_by(col(LogLine.id))
    return LogPage(rows=[LogLineView(**line.model_dump()) for line in session.exec(lines.limit(limit))])
