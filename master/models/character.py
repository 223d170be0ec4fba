"""Characters of a project and the looks they wear."""

from pydantic import field_validator
from sqlalchemy import Index, text
from sqlmodel import Field

from cinefarm.sentences import say
from cinefarm.storage import SHARED, StoragePath
from master.models.base import Fields, Row, json_field


class CharacterFields(Fields):
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=4000, description="How the character looks")
    reference_sheet: list[str] = json_field(list, description="Media ids")
    lora_file: str | None = Field(default=None, max_length=260, description="A .safetensors file")
    lora_strength: float = Field(default=0.8, ge=0.0, le=1.0)
    trigger_words: str = Field(default="", max_length=500)
    style_keywords: str = Field(default="", max_length=1000)
    default_look_id: str | None = Field(default=None, max_length=26)

    @field_validator("lora_file")
    @classmethod
    def lora_is_safetensors(cls, value: str | None) -> str | None:
        if value and not value.lower().endswith(".safetensors"):
            raise ValueError(say("a LoRA must be a .safetensors file; other formats can hold code"))
        if value:
            StoragePath(f"{SHARED}/loras/{value}")  # raises for a name that leaves the folder
        return value or None


class Character(Row, CharacterFields, table=True):
    project_id: str = Field(foreign_key="project.id")
    __table_args__ = (
        Index(
            "character_name",
            "project_id",
            "name",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )


class LookFields(Fields):
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=2000, description="What is worn")


class Look(Row, LookFields, table=True):
    character_id: str = Field(foreign_key="character.id")
    __table_args__ = (
        Index(
            "look_name",
            "character_id",
            "name",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )
