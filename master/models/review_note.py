"""What people say of a take, and where on its picture."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Limit
from sqlmodel import Field

from cinefarm.sentences import say
from master.models.base import Fields, Row, json_field

MOST_REGIONS = 16  # in one note
MOST_POINTS = 400  # of one freehand line
MOST_FRAME = 24 * 3600 * 240

Fraction = Annotated[float, Limit(ge=0.0, le=1.0, allow_inf_nan=False)]


class Rectangle(BaseModel):
    """A part of the picture, in fractions of its width and height from the top left corner."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["rectangle"] = "rectangle"
    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction

    @field_validator("width", "height")
    @classmethod
    def is_seen(cls, value: float) -> float:
        if value <= 0:
            raise ValueError(say("is 0; draw the rectangle larger."))
        return value


class Freehand(BaseModel):
    """A line drawn by hand, as points in fractions of the picture's width and height."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["freehand"] = "freehand"
    points: list[tuple[Fraction, Fraction]] = Limit(min_length=2, max_length=MOST_POINTS)


Region = Annotated[Rectangle | Freehand, Limit(discriminator="kind")]


class NoteFields(Fields):
    """What a person writes of a take; an empty text is allowed where a region says enough."""

    text: str = Field(default="", max_length=4000)
    regions: list[Region] = Field(default_factory=list, max_length=MOST_REGIONS)
    frame: int | None = Field(default=None, ge=0, le=MOST_FRAME, description="Of a video, counted from 0")


class ReviewNote(Row, table=True):
    project_id: str = Field(foreign_key="project.id", index=True)
    shot_id: str = Field(foreign_key="shot.id", index=True)
    take_id: str = Field(foreign_key="take.id", index=True)
    author: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=4000)
    regions: list[dict[str, Any]] = json_field(list, description="Rectangles and freehand lines, in fractions")
    frame: int | None = None
    resolved: bool = Field(default=False)
