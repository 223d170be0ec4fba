"""Where the text of an ad may stand: written by a worker as `layout.json`, read by the stages that set the text.

Boxes are `[x, y, width, height]` in pixels of the picture.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Pixel = Annotated[int, Field(ge=0)]
Box = tuple[Pixel, Pixel, Pixel, Pixel]
Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]  # sRGB
Share = Annotated[float, Field(ge=0, le=1)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Position(StrEnum):
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class ObjectFound(Frozen):
    type: str = Field(min_length=1, max_length=60)  # "product" where only a mask or saliency tells
    location: str = Field(max_length=60)  # such as "middle right"
    bbox: Box
    coverage: Share  # of the picture


class BrightnessMap(Frozen):
    """Mean lightness (CIE Lab) of the thirds, 0 black to 1 white."""

    top: Share
    middle: Share
    bottom: Share


class ColorAnalysis(Frozen):
    dominant_colors: tuple[Hex, ...]  # largest share first
    brightness_map: BrightnessMap


class EmptySpace(Frozen):
    region: str = Field(max_length=60)  # such as "top left"; its first word is a `Position`
    bbox: Box
    suitability: Share  # by area, contrast, distance to the object, and balance
    reason: str = Field(max_length=300)


class Recommendations(Frozen):
    text_position: Position
    text_color: Hex
    background_needed: bool  # a plate behind the text
    background_opacity: Share
    font_size_range: tuple[int, int]  # pixels, least and most

    @model_validator(mode="after")
    def sizes_are_in_order(self) -> "Recommendations":
        least, most = self.font_size_range
        if not 1 <= least <= most:
            raise ValueError("font_size_range must be two sizes of at least 1, the smaller first")
        return self


class LayoutSeen(Frozen):
    """What an analysis says, by whatever means."""

    objects: tuple[ObjectFound, ...]
    color_analysis: ColorAnalysis
    empty_spaces: tuple[EmptySpace, ...]  # the most suitable first
    recommendations: Recommendations


class Layout(LayoutSeen):
    by: str  # "classical", or the bundle of the model
    reason: str = ""  # why it is not by what was asked
    canvas: tuple[int, int]  # width and height in pixels

    @model_validator(mode="after")
    def boxes_lie_on_the_canvas(self) -> "Layout":
        width, height = self.canvas
        for box in [*(one.bbox for one in self.objects), *(one.bbox for one in self.empty_spaces)]:
            if box[0] + box[2] > width or box[1] + box[3] > height:
                raise ValueError(f"the box {list(box)} does not lie on the canvas of {width}x{height}")
        return self
