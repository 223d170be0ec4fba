"""Ads, and the jobs that make them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from master.models.base import Row, json_field, time_field, utc_now

AD_PICTURES = ("product_image", "hint_image", "step1_image", "step2_image")  # parameters that are media ids


class Ad(Row, table=True):
    """From a product photo and a line of text to pictures: what was asked for, and how it is made."""

    project_id: str = Field(foreign_key="project.id", index=True)
    name: str = Field(max_length=200)
    user: str = Field(default="local", max_length=120)
    workflow: str = Field(max_length=100, description="The form it was asked with")
    parameters: dict[str, Any] = json_field(dict, description="Of the form, checked; pictures as media ids")
    branches: list[dict[str, Any]] = json_field(list, description="One a size and variant")
    prompts: dict[str, Any] = json_field(dict, description="For image models, with who wrote them")
    choices: list[dict[str, Any]] = json_field(list, description="Stages that more than one workflow can make")
    mask_id: str | None = Field(
        default=None, max_length=26, description="Of the product, where step1_image has a known one"
    )
    ignored: list[str] = json_field(list, description="What was sent and has no effect")
    idempotency_key: str | None = Field(default=None, max_length=200)
    request_hash: str = Field(default="", max_length=64)
    started_at: datetime = time_field(default_factory=utc_now)
    stopped_at: datetime | None = time_field(default=None)
    __table_args__ = (Index("ad_idempotency", "user", "idempotency_key", unique=True),)


class AdStage(SQLModel, table=True):
    """One stage of an ad and the job that makes it; a restart may put another job in its place."""

    ad_id: str = Field(foreign_key="ad.id", primary_key=True)
    branch: str = Field(default="", primary_key=True, max_length=40, description="Empty: shared by all branches")
    key: str = Field(primary_key=True, max_length=40)
    job_id: str = Field(foreign_key="job.id", index=True)
    sources: dict[str, str] = json_field(dict, description="File parameter → stage/output, or a media id")
    earlier: list[str] = json_field(list, description="Jobs that made it before; their pictures stay")
