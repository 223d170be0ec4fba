"""Shots, who appears in them, and their takes."""

import re
import unicodedata
from enum import StrEnum
from typing import Any

from pydantic import field_validator
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from cinefarm.sentences import say
from cinefarm.statuses import ReviewState, ShotStatus
from master.models.base import Fields, Row, enum_field, json_field

MAX_FRAMES = 24 * 3600 * 240
MAX_POSITION = 1e9
MAX_RATING = 5
MAX_TAGS = 20
MAX_TAG = 40  # characters
TAG_MARKS = ",，、;；"  # divide tags wherever they stand in one text, so none holds one
_WORKFLOW_NAME = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")


class WorkflowType(StrEnum):
    """The short names an artist gives to the way a shot is made; a workflow's full name is also taken."""

    STORYBOARD = "storyboard"
    FLUX_BASIC = "flux_basic"
    FLUX_LORA_MIX = "flux_lora_mix"
    FLUX_UPSCALE = "flux_upscale"
    SDXL_CONTROLNET_TEXT = "sdxl_controlnet_text"
    ANIMATIC = "animatic"
    WAN = "wan"
    WAN_I2V = "wan_i2v"
    WAN_ANIMATE = "wan_animate"
    LTX2 = "ltx2"
    SVI = "svi"
    TELESTYLE = "telestyle"
    FFLF = "fflf"
    KLING = "kling"
    RUNWAY = "runway"
    I2V_KLING = "i2v_kling"
    I2V_RUNWAY = "i2v_runway"


def fit_tags(tags: list[str]) -> list[str]:
    """Trimmed, in order, each once whatever its case. Raises ValueError saying which one cannot be kept."""
    kept: dict[str, str] = {}
    for tag in (" ".join(unicodedata.normalize("NFC", tag).split()) for tag in tags):
        if len(tag) > MAX_TAG:
            raise ValueError(
                say(
                    "the tag “{tag}” has {count} characters; the most is {max_tag}.",
                    tag=tag[:60],
                    count=len(tag),
                    max_tag=MAX_TAG,
                )
            )
        if any(mark in tag for mark in TAG_MARKS):
            raise ValueError(say("the tag “{tag}” holds a comma or semicolon; send two tags.", tag=tag))
        if not tag.isprintable():
            raise ValueError(say("the tag “{tag}” holds a control character; remove it.", tag=ascii(tag)[1:-1]))
        if tag:
            kept.setdefault(tag.casefold(), tag)
    if len(kept) > MAX_TAGS:
        raise ValueError(say("{count} tags are too many; the most is {max_tags}.", count=len(kept), max_tags=MAX_TAGS))
    return list(kept.values())


class ShotFields(Fields):
    """What a person may write of a shot. `duration_seconds` follows from the frames and the project's rate."""

    sequence_id: str | None = Field(default=None, foreign_key="sequence.id", index=True)
    position: float = Field(
        default=0.0, ge=-MAX_POSITION, le=MAX_POSITION, description="Order in the sequence; halves make room"
    )
    scene_description: str = Field(default="", max_length=4000)
    action: str = Field(default="", max_length=4000)
    cinematic_option_id: str | None = Field(default=None, foreign_key="cinematicoption.id", index=True)
    prompt_override: str | None = Field(default=None, max_length=8000, description="Used instead of the assembled one")
    negative_prompt: str = Field(default="", max_length=4000)
    reference_images: list[str] = json_field(list, description="Media ids")
    frame_count: int = Field(default=48, ge=1, le=MAX_FRAMES)
    workflow_type: str = Field(default="storyboard", max_length=64)
    notes: str = Field(default="", max_length=4000)
    rating: int = Field(default=0, ge=0, le=MAX_RATING, description="Stars; 0 is none")
    tags: list[str] = json_field(list, description="Each once; at most 20 of 40 characters")

    @field_validator("tags")
    @classmethod
    def tags_are_fit(cls, tags: list[str]) -> list[str]:
        return fit_tags(tags)

    @field_validator("workflow_type")
    @classmethod
    def workflow_type_is_known(cls, value: str) -> str:
        if value not in set(WorkflowType) and not _WORKFLOW_NAME.fullmatch(value):
            raise ValueError(
                say(
                    "“{value}” is no workflow type; take one of {known}.",
                    value=value,
                    known=", ".join(WorkflowType),
                )
            )
        return value

    @field_validator("prompt_override")
    @classmethod
    def empty_override_is_none(cls, value: str | None) -> str | None:
        return value or None


class Shot(Row, ShotFields, table=True):
    project_id: str = Field(foreign_key="project.id")
    code: str = Field(max_length=32)
    generated_prompt: str = Field(default="", description="Assembled from its parts; kept up to date")
    inputs_hash: str = Field(default="", max_length=64, description="Of what a take would be made from now")
    status: ShotStatus = enum_field(ShotStatus, ShotStatus.PENDING, index=True)
    confirmed_take_id: str | None = Field(default=None, max_length=26)
    __table_args__ = (
        Index("shot_code", "project_id", "code", unique=True),
        # the cut is read from it alone
        Index("shot_order", "project_id", "sequence_id", "position", "id", "frame_count", "deleted_at"),
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
