"""What an import would do or did, as the UI shows it."""

from enum import StrEnum

from pydantic import BaseModel

from cinefarm.sentences import Said
from master.errors import Problem
from master.exchange.columns import Kind


class RowState(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"  # changed in the file and, since its export, in the database too


class OnConflict(StrEnum):
    REFUSE = "refuse"
    MINE = "mine"  # the file's cells win
    THEIRS = "theirs"  # what others wrote since the export stays


class FieldChange(BaseModel):
    """One cell: what stands in the database, what the file says."""

    field: str
    old: str
    new: str
    conflicting: bool = False


class RowReport(BaseModel):
    kind: Kind
    place: str
    name: str
    state: RowState
    fields: list[FieldChange] = []


class MissingName(BaseModel):
    """A name that rows use and nothing defines; created only when asked for."""

    kind: Kind
    name: str
    of: str = ""  # the character that a look belongs to
    places: list[str] = []
    count: int = 0


class SheetReport(BaseModel):
    kind: Kind
    names: list[str]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicting: int = 0
    absent: int = 0  # in the database, not in the file; never deleted by an import


class ImportReport(BaseModel):
    """`rows` leaves out unchanged rows and ends after a thousand; `row_count` counts them all."""

    applied: bool
    ready: bool  # it can be applied with the options it was asked with
    file_kind: str
    sheets: list[SheetReport]
    rows: list[RowReport]
    row_count: int
    problems: list[Problem]
    problem_count: int
    missing: list[MissingName]
    ignored_columns: list[Said]
    notes: list[Said]
