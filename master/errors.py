"""Errors as sentences for the one who must act. Raised anywhere, caught once, in `master/app.py`.

An error is raised with a constant template and its values, `Conflict("Shot {code} is gone.", code=shot.code)`, and
told in the language of who asked (cinefarm/sentences.py).

CinefarmError
├── BadInput            422  wrong content; names the place, the value and the remedy
├── NotFound            404  also for what belongs to others
├── Conflict            409  the present state forbids it
├── StaleWrite          412  somebody else changed it; carries the current row
├── Unauthorized        401
├── Forbidden           403
├── TooLarge            413
├── WrongType           415
├── TooMany             429  come again later; says when (`Retry-After`)
└── NoSpace             507
"""

from typing import Any, ClassVar

from pydantic import BaseModel

from cinefarm.sentences import Said, say


class Problem(BaseModel):
    """One wrong value: where it stands, what it is, what to do."""

    place: str  # a field, a cell such as "Shots!F14", a parameter
    value: str = ""
    message: Said

    @property
    def told(self) -> Said:
        return say("{place}: {message}", place=self.place, message=self.message)


class ErrorBody(BaseModel):
    """The one shape of every error answer."""

    code: str
    message: Said
    field: str | None = None
    limit: int | float | str | None = None
    problems: list[Problem] = []
    current: dict[str, Any] | None = None  # the row as it is now, for a stale write
    request_id: str = ""


class CinefarmError(Exception):
    status = 500
    code = "error"
    headers: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        template: str,
        *,
        field: str | None = None,
        limit: int | float | str | None = None,
        problems: list[Problem] | None = None,
        current: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """`template` may also be a sentence as it was said elsewhere."""
        message = template if isinstance(template, Said) else Said(template, values)
        super().__init__(message)
        self.body = ErrorBody(
            code=self.code, message=message, field=field, limit=limit, problems=problems or [], current=current
        )


class BadInput(CinefarmError):
    status = 422
    code = "bad_input"


class NotFound(CinefarmError):
    status = 404
    code = "not_found"


class Conflict(CinefarmError):
    status = 409
    code = "conflict"


class StaleWrite(CinefarmError):
    status = 412
    code = "stale_write"


class Unauthorized(CinefarmError):
    status = 401
    code = "unauthorized"


class Forbidden(CinefarmError):
    status = 403
    code = "forbidden"


class TooLarge(CinefarmError):
    status = 413
    code = "too_large"


class WrongType(CinefarmError):
    status = 415
    code = "wrong_type"


class TooMany(CinefarmError):
    status = 429
    code = "too_many"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}  # seconds


class NoSpace(CinefarmError):
    status = 507
    code = "no_space"
