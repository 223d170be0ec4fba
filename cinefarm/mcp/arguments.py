"""What each tool may be asked with. The JSON schema that a client sees is made of these, limits and all."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cinefarm.ad_styles import BACKGROUNDS, LETTERINGS

MOST_WAIT_S = 600
USUAL_WAIT_S = 50  # many clients give up a call after 60 s
_PICTURE_CHARACTERS = 14_000_000  # 10 MiB in base64
_BACKGROUNDS = ", ".join(style.id for style in BACKGROUNDS)
_LETTERINGS = ", ".join(style.id for style in LETTERINGS)

Id = Annotated[str, Field(min_length=26, max_length=26, pattern="^[0-9A-HJKMNP-TV-Z]{26}$")]
Size = Annotated[str, Field(pattern=r"^(1:1|4:5|9:16|16:9|\d{3,4}x\d{3,4})$")]


def _picture(what: str) -> str:
    return f"{what}: a picture's id at the farm, or a JPG, PNG or WebP file of at most 10 MB in base64; not a path"


class Arguments(BaseModel):
    """An argument that is not known is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Waiting(Arguments):
    wait_s: int = Field(
        USUAL_WAIT_S,
        ge=0,
        le=MOST_WAIT_S,
        description="Seconds to wait for the picture. What takes longer goes on; ask check_generation_status then.",
    )


class Lettering(Waiting):
    ad_text: str = Field(
        min_length=1,
        max_length=200,
        description="The headline, Korean or English; the farm takes 20 characters by default",
    )
    sub_text: str | None = Field(None, max_length=200, description="A smaller line below it")
    text_style: str = Field(
        "sale_burst", max_length=200, description=f"{_LETTERINGS}; or other words, Korean or English"
    )
    text_position: Literal["auto", "top", "middle", "bottom"] = Field("auto", description="auto: where there is room")
    text_color: str | None = Field(None, pattern="^#[0-9a-fA-F]{6}$", description="Like #ffcc00; else the style's own")
    font: str | None = Field(None, max_length=100, description="A name from list_fonts; else the style's own")
    seed: int | None = Field(None, ge=0, le=2**53 - 1, description="The same seed gives the same picture again")


class GenerateAdImage(Lettering):
    product_image: str = Field(min_length=1, max_length=_PICTURE_CHARACTERS, description=_picture("The photo"))
    background_style: str = Field(
        "minimal", max_length=200, description=f"{_BACKGROUNDS}; or other words, Korean or English"
    )
    sizes: list[Size] = Field(
        ["1:1"],
        min_length=1,
        max_length=5,
        description="A picture of each: 1:1, 4:5, 9:16, 16:9, or pixels like 800x1200",
    )
    variants: int = Field(1, ge=1, le=4, description="So many of each size, to choose from")
    form: Literal["html_text", "3d_text"] = Field("html_text", description="Flat designed letters, or solid 3D ones")


class GenerateBackgroundOnly(Waiting):
    product_image: str = Field(min_length=1, max_length=_PICTURE_CHARACTERS, description=_picture("The photo"))
    background_style: str = Field(
        "minimal", max_length=200, description=f"{_BACKGROUNDS}; or other words, Korean or English"
    )
    bg_prompt: str | None = Field(
        None, max_length=2000, description="The scene in English, for an image model where the farm has one"
    )
    size: Size = Field("1:1", description="1:1, 4:5, 9:16, 16:9 or pixels like 800x1200")
    variants: int = Field(1, ge=1, le=4, description="So many, to choose from")
    seed: int | None = Field(None, ge=0, le=2**53 - 1, description="The same seed gives the same picture again")


class RenderTextOnImage(Lettering):
    image: str = Field(min_length=1, max_length=_PICTURE_CHARACTERS, description=_picture("The picture to write on"))


class CheckGenerationStatus(Arguments):
    ad_id: Id = Field(description="As a tool answered it")
    wait_s: int = Field(0, ge=0, le=MOST_WAIT_S, description="Wait so many seconds for its end")


class StopGeneration(Arguments):
    ad_id: Id = Field(description="As a tool answered it")


class ListAds(Arguments):
    limit: int = Field(10, ge=1, le=50, description="At most so many")


class Nothing(Arguments):
    """No arguments."""
