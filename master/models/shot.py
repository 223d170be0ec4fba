"""Shots, who appears in them, and their takes."""

from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from cinefarm.statuses import ReviewState, ShotStatus
from master.models.base import Fields, Row, enum_field, json_field

MAX_FRAMES = 24 * 3600 * 240


class ShotFields(Fields):
    """What a person may write of a shot. `duration_seconds` follows from the frames and the project's rate."""

    sequence_id: str | None = Field(default=None, foreign_key="sequence.id", index=True)
    position: float = Field(default=0.0, description="Order in the sequence; halves make room between two shots")
    scene_description: str = Field(default="", max_length=4000)
    action: str = Field(default="", max_length=4000)
    cinematic_option_id: str | None = Field(default=None, foreign_key="cinematicoption.id", index=True)
    prompt_override: str | None = Field(default=None, max_length=8000, description="Used instead of the assembled one")
    negative_prompt: str = Field(default="", max_length=4000)
    reference_images: list[str] = json_field(list, description="Media ids")
    frame_count: int = Field(default=48, ge=1, le=MAX_FRAMES)
    workflow_type: str = Field(default="storyboard", max_length=64)
    notes: str = Field(default="", max_length=4000)


class Shot(Row, ShotFields, table=True):
    project_id: str = Field(foreign_key="project.id")
    code: str = Field(max_length=32)
    generated_prompt: str = Field(default="", description="Assembled from its parts; kept up to date")
    status: ShotStatus = enum_field(ShotStatus, ShotStatus.PENDING, index=True)
    confirmed_take_id: str | None = Field(default=None, max_length=26)
    __table_args__ = (
        Index("shot_code", "project_id", "code", unique=True),
        Index("shot_order", "project_id", "sequence_id", "position"),
    )


class ShotCharacter(SQLModel, table=True):
    """A character in a shot, in order, with the look worn (null: the default look)."""

    shot_id: str = Field(foreign_key="shot.id", primary_key=True)
    character_id: str = Field(foreign_key="character.id", primary_key=True, index=True)
    look_id: str | None = Field(default=None, foreign_key="look.id")
    position: int = 0


class Take(Row, table=True):
    """One rendered result of a shot, v001 and on. A new take never changes the confirmed one."""

    shot_id: str = Field(foreign_key="shot.id")
    number: int
    job_id: str | None = Field(default=None, index=True, max_length=26)
    attempt: int | None = None
    media_id: str = Field(foreign_key="media.id")
    thumbnail_id: str | None = Field(default=None, foreign_key="media.id")
    recipe: dict[str, Any] = json_field(dict)
    inputs_hash: str = Field(default="", max_length=64, description="Of what it was made from; differs = stale")
    review: ReviewState = enum_field(ReviewState, ReviewState.CANDIDATE)
    notes: str = Field(default="", max_length=4000)
    __table_args__ = (
        Index("take_number", "shot_id", "number", unique=True),
        # one report of one attempt makes one take, however often it arrives
        Index("take_of_attempt", "job_id", "attempt", unique=True),
    )
