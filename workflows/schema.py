"""What a workflow file may say. `schema.json` beside it is generated (`python -m workflows.write_schema`)."""

import re
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from cinefarm.briefs import ClipBrief, ShotBrief
from cinefarm.sentences import Said, Word, say, sentence_of
from cinefarm.statuses import MediaKind
from workflows.graph import Binding, Chain, GraphPatch, Part, check_graph
from workflows.needs import Needs


class Label(Part):
    """A text in both languages of the UI."""

    en: str = Field(min_length=1)
    ko: str = Field(min_length=1)


class FormHint(StrEnum):
    """Which control the form shows."""

    LINE = "line"
    TEXT_AREA = "text_area"
    SLIDER = "slider"
    SPIN = "spin"
    SELECT = "select"
    CHECKBOX = "checkbox"
    SEED = "seed"
    FILE = "file"
    HIDDEN = "hidden"  # filled in by the farm, never asked


class ParameterBase(Part):
    label: Label
    help: Label | None = None
    form: FormHint = FormHint.LINE
    required: bool = False  # no default and must be given
    advanced: bool = False


class TextParameter(ParameterBase):
    type: Literal["text"]
    default: str = ""
    max_length: int = Field(2000, ge=1)
    # filled from the shot unless given; the override alone is for engines that read the shot itself
    source: Literal["prompt", "prompt_override", "negative_prompt"] | None = None


class IntegerParameter(ParameterBase):
    type: Literal["integer"]
    default: int | None = None
    min: int
    max: int
    step: int = 1
    multiple_of: int | None = None
    source: Literal["width", "height", "frame_count"] | None = None

    @model_validator(mode="after")
    def default_is_within_limits(self) -> "IntegerParameter":
        return _with_checked_default(self)


class NumberParameter(ParameterBase):
    type: Literal["number"]
    default: float | None = None
    min: float
    max: float
    step: float = 0.05

    @model_validator(mode="after")
    def default_is_within_limits(self) -> "NumberParameter":
        return _with_checked_default(self)


class BooleanParameter(ParameterBase):
    type: Literal["boolean"]
    default: bool = False


class ChoiceParameter(ParameterBase):
    type: Literal["choice"]
    options: dict[str, Label] = Field(min_length=1)
    default: str

    @model_validator(mode="after")
    def default_is_an_option(self) -> "ChoiceParameter":
        if self.default not in self.options:
            raise ValueError(f"default “{self.default}” is not among the options {sorted(self.options)}")
        return self


class SeedParameter(ParameterBase):
    """Null draws a seed when the job is submitted, so that the recipe always has one."""

    type: Literal["seed"]
    default: int | None = None


class ShotParameter(ParameterBase):
    """The shot itself, as a `ShotBrief`; the farm fills it in."""

    type: Literal["shot"]
    references: bool = True  # bring the characters' reference pictures as inputs


class ClipsParameter(ParameterBase):
    """The shots of a film in order, as `ClipBrief`s, each with its confirmed take as an input."""

    type: Literal["clips"]
    media: tuple[MediaKind, ...] = (MediaKind.IMAGE,)


class FileParameter(ParameterBase):
    """A file chosen by the user (a media id); the engine finds it under the parameter's name."""

    type: Literal["file"]
    media: MediaKind
    source: Literal["confirmed_take", "character_reference"] | None = None


class LorasParameter(ParameterBase):
    """The LoRAs of the shot's characters with strengths and trigger words."""

    type: Literal["loras"]


Parameter = Annotated[
    TextParameter
    | IntegerParameter
    | NumberParameter
    | BooleanParameter
    | ChoiceParameter
    | SeedParameter
    | ShotParameter
    | ClipsParameter
    | FileParameter
    | LorasParameter,
    Field(discriminator="type"),
]


N = TypeVar("N", IntegerParameter, NumberParameter)


class Lora(Part):
    """One LoRA as a job is told of it: a `.safetensors` among the job's inputs."""

    input: str = Field(min_length=1)  # name of the job input that holds the file
    name: str = ""  # of the file, as the character has it: what is said of it names it
    strength: float = Field(1.0, ge=0, le=1)
    trigger_words: str = ""


class EngineEntry(Part):
    name: Literal["storyboard", "diffusers", "comfyui", "remote", "media", "ads", "analysis", "probe"]
    exists: bool  # false: the file is here, the engine is still to come; no worker advertises it
    variants: tuple[str, ...] = ()  # those that it can run; none means all


class OutputSpec(Part):
    kind: MediaKind
    count: Literal["one", "many"] = "one"
    may_be_black: bool = False  # all over: a mask of nothing; else that is no result
    note: str = ""


class Scope(StrEnum):
    SHOT = "shot"  # one job a shot, its result is a take
    FILM = "film"  # one job over many shots
    FILE = "file"  # one job on one file
    ASSET = "asset"
    AD = "ad"
    FARM = "farm"  # no file, no shot: the farm itself


class Workflow(Part):
    """One workflow file."""

    schema_url: str | None = Field(None, alias="$schema")
    name: str = Field(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")  # folder/file, equals its place
    version: int = Field(ge=1)
    title: Label
    description: Label
    engines: tuple[EngineEntry, ...] = Field(min_length=1)
    scope: Scope
    is_form: bool = False  # what is asked of a person; several jobs are made of it, and it is none itself
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    needs: Needs = Needs()
    outputs: tuple[OutputSpec, ...] = Field(min_length=1)
    graph: dict[str, Any] | None = None  # ComfyUI API format
    bindings: tuple[Binding, ...] = ()
    patches: tuple[GraphPatch, ...] = ()  # applied in order, before the bindings
    chain: Chain | None = None  # of a long take

    @property
    def runs(self) -> bool:
        """Whether any of its engines exists."""
        return any(engine.exists for engine in self.engines)

    # Looked up for each job of a list, where asking every parameter for its kind would be the larger part of the work.

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Names of the parameters that are files."""
        return self._named(FileParameter)

    @cached_property
    def clips(self) -> tuple[str, ...]:
        return self._named(ClipsParameter)

    @cached_property
    def seeds(self) -> tuple[str, ...]:
        return self._named(SeedParameter)

    @cached_property
    def every_node(self) -> dict[str, Any]:
        """The nodes of the ComfyUI graph with those that patches add."""
        nodes = dict(self.graph or {})
        for patch in self.patches:
            nodes |= patch.nodes
        return nodes

    @cached_property
    def filled_inputs(self) -> frozenset[tuple[str, str]]:
        """Inputs of the graph (node, input) that each job fills."""
        return frozenset((binding.node, binding.input) for binding in self.bindings)

    @cached_property
    def carried_inputs(self) -> frozenset[tuple[str, str]]:
        """Inputs of the graph (node, input) that a take's clip has of the one before."""
        places = (place.partition(".") for place in (self.chain.carried if self.chain else ()))
        return frozenset((node, name) for node, _, name in places)

    def _named(self, kind: type[Part]) -> tuple[str, ...]:
        return tuple(name for name, parameter in self.parameters.items() if isinstance(parameter, kind))

    @model_validator(mode="after")
    def bindings_point_somewhere(self) -> "Workflow":
        for name in self.parameters:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(f"parameter “{name}” must be lower case letters, digits and _")
        variants = {variant.name for variant in self.needs.variants}
        check_graph(
            self.graph or {},
            self.patches,
            self.bindings,
            self.chain,
            parameters=set(self.parameters),
            variants=variants,
        )
        for engine in self.engines:
            if unknown := set(engine.variants) - variants:
                raise ValueError(f"engine {engine.name} with unknown variants {', '.join(sorted(unknown))}")
        for patch in self.patches:
            of = self.parameters.get(patch.parameter or "")
            if patch.equals is not None and not (isinstance(of, ChoiceParameter) and patch.equals in of.options):
                raise ValueError(f"patch for “{patch.equals}”, which “{patch.parameter}” cannot be")
        return self


class ParameterProblem(Part):
    """One wrong value in a job's parameters."""

    parameter: str
    value: str
    message: Said


def check_parameters(workflow: Workflow, given: dict[str, Any]) -> tuple[dict[str, Any], list[ParameterProblem]]:
    """Fill in defaults and check limits. Returns the full parameters and every problem found, not only the first."""
    checked: dict[str, Any] = {}
    problems: list[ParameterProblem] = []
    for name in sorted(given.keys() - workflow.parameters.keys()):
        known = ", ".join(workflow.parameters) or Word("none")
        problems.append(
            _problem(
                name, given[name], say("{name} has no such parameter; it has {known}.", name=workflow.name, known=known)
            )
        )
    for name, parameter in workflow.parameters.items():
        value = given.get(name)
        if value is None:
            value = getattr(parameter, "default", None)
        elif value != "":  # an emptied field of a form is no text and no file
            try:
                value = _checked(parameter, value)
            except ValueError as error:
                problems.append(_problem(name, value, sentence_of(error)))
                continue
        elif not isinstance(parameter, TextParameter | FileParameter):
            problems.append(_problem(name, value, say("is empty; give a value, or leave it out for the default.")))
            continue
        if parameter.required and value in (None, ""):
            problems.append(_problem(name, value, say("{name} needs “{name2}”.", name=workflow.name, name2=name)))
        checked[name] = value
    return checked, problems


def _problem(parameter: str, value: object, message: Said) -> ParameterProblem:
    return ParameterProblem(parameter=parameter, value=repr(value)[:120], message=message)


def _checked(parameter: Any, value: Any) -> Any:
    match parameter:
        case TextParameter() | FileParameter():
            if not isinstance(value, str):
                raise ValueError(say("must be a text."))
            if isinstance(parameter, TextParameter) and len(value) > parameter.max_length:
                raise ValueError(
                    say(
                        "has {count} characters; the most is {max_length}.",
                        count=len(value),
                        max_length=parameter.max_length,
                    )
                )
        case IntegerParameter() | NumberParameter():
            return _checked_number(parameter, value)
        case BooleanParameter():
            if not isinstance(value, bool):
                raise ValueError(say("must be true or false."))
        case ChoiceParameter():
            if not isinstance(value, str) or value not in parameter.options:
                raise ValueError(say("must be one of {options}.", options=", ".join(parameter.options)))
        case SeedParameter():
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
                raise ValueError(say("must be a whole number from 0 to 2⁶³ - 1."))
        case ShotParameter():
            return _brief(ShotBrief, value, "a shot")
        case ClipsParameter():
            return [_brief(ClipBrief, clip, f"clip {n}") for n, clip in enumerate(_listed(value, "clips"), start=1)]
        case LorasParameter():
            return [_brief(Lora, lora, f"LoRA {n}") for n, lora in enumerate(_listed(value, "LoRAs"), start=1)]
    return value


def _listed(value: Any, noun: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(say("must be a list of {noun}.", noun=noun))
    return list(value)


def _brief(model: type[BaseModel], value: Any, noun: str) -> Any:
    """The value as plain JSON of `model`. Raises `ValueError` naming the first wrong field."""
    try:
        return model.model_validate(value).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ValueError(
            say(
                "is not {noun}: {complaint}.",
                noun=noun,
                complaint=f"{field}: {first['msg']}" if field else first["msg"],
            )
        ) from None


def _checked_number(parameter: IntegerParameter | NumberParameter, value: Any) -> int | float:
    whole = isinstance(parameter, IntegerParameter)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise ValueError(say("must be a whole number.") if whole else say("must be a number."))
    if not parameter.min <= value <= parameter.max:
        raise ValueError(say("must be from {min} to {max}.", min=parameter.min, max=parameter.max))
    if isinstance(parameter, IntegerParameter) and parameter.multiple_of and value % parameter.multiple_of:
        raise ValueError(say("must be a multiple of {multiple_of}.", multiple_of=parameter.multiple_of))
    return value


def _with_checked_default(parameter: N) -> N:
    if parameter.min > parameter.max:
        raise ValueError(f"min {parameter.min} is above max {parameter.max}")
    if parameter.default is not None:
        try:
            _checked_number(parameter, parameter.default)
        except ValueError as error:
            raise ValueError(f"default {parameter.default} {error}") from None
    return parameter
