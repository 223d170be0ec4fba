"""What an ad may be asked with. Older names of the fields are taken too; what is unknown is told, not dropped."""

import re
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from cinefarm.sentences import say

V2, V1 = "ads/v2_html_text", "ads/v1_3d_text"
SIZES = {
    "1:1": (1024, 1024),
    "4:5": (1080, 1350),
    "9:16": (1080, 1920),
    "16:9": (1920, 1080),
    "800x1200": (800, 1200),
}
MOST_SIZES = 8
MOST_VARIANTS = 6
_EXPLICIT = re.compile(r"(\d{2,5})\s*[x×*]\s*(\d{2,5})")


class Size(BaseModel):
    """In pixels."""

    model_config = ConfigDict(extra="forbid")

    width: int
    height: int


def _field(*names: str, default: Any = None, **options: Any) -> Any:
    """One that may be sent by any of these names; the first is the one of today."""
    return Field(default, validation_alias=AliasChoices(*names), **options)


class AdRequest(BaseModel):
    """What is null or left out has the form's default; in a restart it stays as it was.

    A picture is the id of a media, or the file itself in base64, with or without `data:image/png;base64,` before it.
    """

    model_config = ConfigDict(extra="allow", populate_by_name=True, str_strip_whitespace=True)

    workflow: Literal["ads/v2_html_text", "ads/v1_3d_text"] | None = None
    name: str | None = Field(None, max_length=200)
    product_image: str | None = _field("product_image", "input_image", "image")
    hint_image: str | None = None
    step1_image: str | None = None
    step2_image: str | None = None
    start_step: int | None = Field(None, ge=1, le=3)
    end_step: int | None = Field(None, ge=1, le=3, description="1: only the background, and no ad_text is needed")
    ad_text: str | None = _field("ad_text", "text_content", "text")
    sub_text: str | None = None
    background_style: str | None = _field("background_style", "background")
    text_style: str | None = None
    text_position: str | None = None
    text_color: str | None = None
    font: str | None = _field("font", "font_name")
    bg_prompt: str | None = None
    html_style_prompt: str | None = None
    text_model_prompt: str | None = None
    sizes: list[str | Size] | str | None = Field(None, description="1:1, 4:5, 9:16, 16:9, 800x1200 or others")
    size: str | Size | None = None
    width: int | None = None
    height: int | None = None
    variants: int | None = Field(None, ge=1, le=MOST_VARIANTS, description="So many side by side, of other seeds")
    backgrounds: list[str] | None = Field(None, max_length=MOST_VARIANTS, description="In turn, one a variant")
    text_styles: list[str] | None = Field(None, max_length=MOST_VARIANTS, description="In turn, one a variant")
    product_scale: float | None = None
    strength: float | None = None
    guidance_scale: float | None = None
    seed: int | None = None
    use_qwen_analysis: bool | None = None
    use_llm_html: bool | None = None
    test_mode: bool | None = None
    auto_unload: bool | None = None

    @property
    def unknown(self) -> list[str]:
        """Names of the fields that are none."""
        return sorted(name[:60] for name in self.model_extra or {})

    def given(self) -> dict[str, Any]:
        """The fields that say something."""
        named = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return {name: value for name, value in named.items() if value is not None}


def sizes_of(given: dict[str, Any]) -> list[tuple[int, int]] | None:
    """The sizes that were asked for, each once; None for none. Raises `ValueError` with a sentence."""
    asked: list[Any] = []
    for name in ("sizes", "size"):
        value = given.get(name)
        if isinstance(value, str):
            asked += [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, list):
            asked += value
        elif value is not None:
            asked.append(value)
    if not asked and ("width" in given or "height" in given):
        side = given.get("width") or given.get("height")
        asked.append(Size(width=given.get("width", side), height=given.get("height", side)))
    found = list(dict.fromkeys(_size(one) for one in asked))
    if len(found) > MOST_SIZES:
        raise ValueError(say("{count} sizes are asked for; the most is {most}.", count=len(found), most=MOST_SIZES))
    return found or None


def _size(asked: str | Size) -> tuple[int, int]:
    if isinstance(asked, Size):
        return asked.width, asked.height
    if known := SIZES.get(asked.replace("×", "x")):
        return known
    if explicit := _EXPLICIT.fullmatch(asked):
        return int(explicit[1]), int(explicit[2])
    raise ValueError(
        say(
            "“{asked}” is no size; write one of {known}, or pixels like 1200x628.",
            asked=asked[:40],
            known=", ".join(SIZES),
        )
    )
