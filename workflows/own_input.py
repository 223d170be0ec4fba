"""One input of a graph that is asked of the artist, as the form shows it, and the parameter that it becomes."""

from typing import Any, Literal

from pydantic import Field

from cinefarm.statuses import MediaKind
from workflows.graph import BindingRule, Part
from workflows.schema import (
    BooleanParameter,
    ChoiceParameter,
    FileParameter,
    IntegerParameter,
    NumberParameter,
    Parameter,
    TextParameter,
)

InputType = Literal["text", "integer", "number", "boolean", "choice", "seed", "file"]
InputSource = Literal["prompt", "negative_prompt", "width", "height", "frame_count", "confirmed_take"]
Value = bool | int | float | str | None

SOURCES: dict[InputType, tuple[str, ...]] = {
    "text": ("prompt", "negative_prompt"),
    "integer": ("width", "height", "frame_count"),
    "file": ("confirmed_take",),
}
RULES = {BindingRule.VALUE, BindingRule.WAN_FRAMES, BindingRule.LTX_FRAMES}  # that an artist may choose
LINE = 120  # characters; a longer text gets more lines
LONGEST_TEXT = 20_000


class Place(Part):
    node: str = Field(max_length=60)
    input: str = Field(max_length=80)


class OwnInput(Part):
    """An input of the graph, or several that take the same value."""

    name: str = Field(max_length=40)  # of the parameter
    type: InputType
    places: tuple[Place, ...] = Field(min_length=1, max_length=50)
    title_ko: str = Field("", max_length=80)
    title_en: str = Field("", max_length=80)
    default: Value = None
    min: float | None = None
    max: float | None = None
    multiple_of: int | None = None
    options: tuple[str, ...] = Field((), max_length=200)
    source: InputSource | None = None
    media: MediaKind | None = None
    rule: BindingRule = BindingRule.VALUE
    advanced: bool = False

    def parameter(self) -> dict[str, Any]:
        """As a workflow file says it. The input has been checked."""
        ko, en = self.title_ko.strip(), self.title_en.strip()
        label = {"ko": ko or en or self.name, "en": en or ko or self.name}
        return {"type": self.type, "label": label, "advanced": self.advanced, **self._kind()}

    def _kind(self) -> dict[str, Any]:
        match self.type:
            case "text":
                text = str(self.default or "")
                form = "text_area" if self.source or len(text) > LINE or "\n" in text else "line"
                must = self.source == "prompt"
                return {
                    "default": text,
                    "form": form,
                    "source": self.source,
                    "max_length": LONGEST_TEXT,
                    "required": must,
                }
            case "integer":
                return {
                    "default": self.default,
                    "min": round(self.min or 0),
                    "max": round(self.max or 0),
                    "step": self.multiple_of or 1,
                    "multiple_of": self.multiple_of,
                    "source": self.source,
                    "form": "spin",
                }
            case "number":
                step = 0.05 if (self.max or 0) - (self.min or 0) <= 2 else 0.1
                return {"default": self.default, "min": self.min, "max": self.max, "step": step, "form": "spin"}
            case "boolean":
                return {"default": self.default, "form": "checkbox"}
            case "choice":
                options = {option: {"ko": option, "en": option} for option in self.options}
                return {"default": self.default, "options": options, "form": "select"}
            case "seed":
                return {"default": self.default, "form": "seed"}
            case "file":
                return {"media": self.media, "source": self.source, "required": True, "form": "file"}

    @classmethod
    def of(cls, name: str, parameter: Parameter, places: list[dict[str, str]], rule: BindingRule) -> "OwnInput":
        """What the form said of a parameter that was made by it."""
        fields: dict[str, Any] = {"default": getattr(parameter, "default", None)}
        match parameter:
            case IntegerParameter():
                fields |= {"min": parameter.min, "max": parameter.max, "multiple_of": parameter.multiple_of}
                fields |= {"source": parameter.source}
            case NumberParameter():
                fields |= {"min": parameter.min, "max": parameter.max}
            case TextParameter():
                fields |= {"source": parameter.source}
            case ChoiceParameter():
                fields |= {"options": tuple(parameter.options)}
            case FileParameter():
                fields |= {"media": parameter.media, "source": parameter.source}
            case BooleanParameter():
                pass
        titles = {"title_ko": parameter.label.ko, "title_en": parameter.label.en}
        own = {"name": name, "type": parameter.type, "places": places, "rule": rule, "advanced": parameter.advanced}
        return cls.model_validate({**own, **titles, **fields})
