"""What a backdrop tells the next stage of itself: scene.json."""

from pydantic import BaseModel, ConfigDict, Field

WIDE = 1.3  # width by height from which a canvas is laid out in two columns, text and product
ASIDE = 0.69  # share of the width where a product stands beside its text
Share = float  # 0 to 1 of the canvas's width or height, from the left or from the top


class Surface(BaseModel):
    """Where a product may stand: its foot line between `back_y` and `front_y`, its sides between `left` and `right`."""

    model_config = ConfigDict(frozen=True)

    back_y: Share = Field(ge=0, le=1)
    front_y: Share = Field(ge=0, le=1)
    left: Share = Field(0.04, ge=0, le=1)
    right: Share = Field(0.96, ge=0, le=1)
    edge_y: Share | None = Field(None, ge=0, le=1)  # where it ends against what is behind it; none for a sweep


class Light(BaseModel):
    """The light that throws the shadow. `x` is -1 from the left to 1 from the right; `height` 1 is overhead.

    `front` is 1 for a light beside the camera (the shadow falls away from us) and -1 for one behind the product.
    """

    model_config = ConfigDict(frozen=True)

    x: float = Field(0.0, ge=-1, le=1)
    height: float = Field(0.7, ge=0, le=1)
    softness: float = Field(0.6, ge=0, le=1)
    colour: tuple[int, int, int] = (255, 248, 238)
    strength: float = Field(0.7, ge=0, le=1)
    front: float = Field(0.6, ge=-1, le=1)


class Scene(BaseModel):
    style: str = ""
    asked: str = ""
    understood: bool = True  # false: `style` is only the nearest to what was asked
    by: str = "procedural"
    surface: Surface
    light: Light = Light()
    reflective: float = Field(0.0, ge=0, le=1)
