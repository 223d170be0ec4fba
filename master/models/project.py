"""Projects and their sequences."""

import unicodedata
from typing import Annotated, Any

from pydantic import StringConstraints, field_validator
from sqlalchemy import Index, text
from sqlmodel import Field

from cinefarm.sentences import Said, say
from cinefarm.storage import StoragePath, project_dir
from cinefarm.timecode import FrameRate, parse_timecode
from master.models.base import Fields, Row, json_field

CODE = r"^[A-Z0-9][A-Z0-9_-]{0,31}$"
LOOSE_CODE = r"^\w[\w-]{0,31}$"  # of sequences and shots: letters of any script
# `Field(regex=…)` of SQLModel is silently without effect; the pattern must stand in the type
ProjectCode = Annotated[str, StringConstraints(pattern=CODE)]
LooseCode = Annotated[str, StringConstraints(pattern=LOOSE_CODE)]


def fit_code(value: str) -> str:
    """A code as it is kept. Raises ValueError for one that could not name a file on every system."""
    code = unicodedata.normalize("NFC", value).upper()
    if reason := path_refusal(code):
        raise ValueError(reason)
    return code


def path_refusal(code: str) -> Said | None:
    """Why `code` cannot be one part of a path; None when it can."""
    try:
        StoragePath(f"{project_dir('P')}/{code}")
    except ValueError:
        return say("“{code}” cannot name a folder on every system; choose letters and digits, e.g. SC-010.", code=code)
    return None


class ProjectFields(Fields):
    code: ProjectCode = Field(description="Short name in capitals; also the folder under projects/")
    name: str = Field(min_length=1, max_length=200)
    fps_num: int = Field(default=24, ge=1, le=240_000)
    fps_den: int = Field(default=1, ge=1, le=1001)
    start_timecode: str = Field(default="01:00:00:00", max_length=16)
    width: int = Field(default=1280, ge=64, le=8192)
    height: int = Field(default=720, ge=64, le=8192)
    aspect_ratio: str = Field(default="16:9", max_length=20)
    style_notes: str = Field(default="", max_length=4000)
    prompt_template: dict[str, Any] | None = json_field(lambda: None, nullable=True)

    @field_validator("code", mode="before")
    @classmethod
    def code_is_upper(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("code")
    @classmethod
    def code_names_a_folder(cls, value: str) -> str:
        return fit_code(value)

    def check_timing(self) -> None:
        """Raises ValueError when the rate or the start timecode is impossible."""
        rate = FrameRate(self.fps_num, self.fps_den)
        parse_timecode(self.start_timecode, rate)

    @property
    def rate(self) -> FrameRate:
        return FrameRate(self.fps_num, self.fps_den)

    @property
    def drop_frame(self) -> bool:
        return ";" in self.start_timecode

    @property
    def start_frame(self) -> int:
        return parse_timecode(self.start_timecode, self.rate)


class Project(Row, ProjectFields, table=True):
    next_shot_number: int = Field(default=1, description="Shot codes never repeat, even after a delete")
    __table_args__ = (
        # a code is taken until its project is deleted for good
        Index("project_code", "code", unique=True),
    )


class SequenceFields(Fields):
    code: LooseCode = Field(min_length=1, max_length=32)
    name: str = Field(default="", max_length=200)
    position: float = Field(default=0.0, ge=-1e9, le=1e9)

    @field_validator("code")
    @classmethod
    def code_is_fit(cls, value: str) -> str:
        return fit_code(value)


class Sequence(Row, SequenceFields, table=True):
    project_id: str = Field(foreign_key="project.id", index=True)
    __table_args__ = (
        Index(
            "sequence_code",
            "project_id",
            "code",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
