"""What is known of an asset's picture: written by a worker as `analysis.json`, read by whoever looks for assets."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Category(StrEnum):
    PRODUCT = "product"
    PERSON = "person"
    PLACE = "place"
    FOOD = "food"
    ANIMAL = "animal"
    VEHICLE = "vehicle"
    ARTWORK = "artwork"
    LETTERING = "lettering"
    OTHER = "other"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Colour(Frozen):
    hex: str = Field(pattern=r"^#[0-9a-f]{6}$")  # sRGB
    en: str
    ko: str
    share: float = Field(ge=0, le=1)  # of the picture


class Facts(Frozen):
    """What is measured. Lightness is that of CIE Lab, 0 black to 1 white."""

    width: int = Field(ge=1)  # pixels
    height: int = Field(ge=1)
    palette: tuple[Colour, ...]  # largest share first
    brightness: float  # mean lightness
    contrast: float  # standard deviation of lightness
    colourfulness: float  # mean chroma of CIE Lab, 0 for greys to about 1
    sharpness: float  # variance of the Laplacian of grey levels 0 to 1, at 512 pixels of the longer side, times 1000


class Vector(Frozen):
    """Of length 1: the likeness of two of one model is their scalar product."""

    model: str  # only vectors of one model can be compared
    words: bool  # whether words can be compared with pictures
    dimension: int = Field(ge=1)
    vector: tuple[float, ...]


class Description(Frozen):
    """Texts by language, `en` and `ko`: those that were asked for."""

    caption: dict[str, str]
    tags: dict[str, tuple[str, ...]]
    category: Category | None = None  # None where nobody looked at what the picture shows


class Analysis(Frozen):
    """`by` is the model that described the picture, or “measured”; `reason` says why where it is not what was asked."""

    by: str
    reason: str = ""
    description: Description | None = None  # None where only a vector was asked for
    facts: Facts | None = None
    embedding: Vector | None = None
    words: Vector | None = None  # of the words that were given to be looked for
