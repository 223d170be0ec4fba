"""Cinematic options: camera, film, light and mood under one name."""

from sqlalchemy import Index, text
from sqlmodel import Field

from master.models.base import Fields, Row


class CinematicFields(Fields):
    """Each field is a preset's label or key, or free text."""

    name: str = Field(min_length=1, max_length=120)
    camera_body: str = Field(default="", max_length=300)
    focal_length: str = Field(default="", max_length=300)
    lens_type: str = Field(default="", max_length=300)
    film_stock: str = Field(default="", max_length=300)
    style: str = Field(default="", max_length=300)
    look_and_feel: str = Field(default="", max_length=300)
    lighting_source: str = Field(default="", max_length=300)
    lighting_style: str = Field(default="", max_length=300)
    environment: str = Field(default="", max_length=300)
    atmosphere: str = Field(default="", max_length=300)
    filter: str = Field(default="", max_length=300)
    aspect_ratio: str = Field(default="", max_length=300)


class CinematicOption(Row, CinematicFields, table=True):
    project_id: str = Field(foreign_key="project.id")
    __table_args__ = (
        Index(
            "cinematic_name",
            "project_id",
            "name",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
