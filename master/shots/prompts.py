"""The prompt of a shot, assembled from its parts like a spreadsheet's CONCATENATE.

`assemble` is pure: the same parts and template always give the same prompt, so the artist may watch it change.
`parts_of` reads the parts from a shot; `inputs_hash` tells later whether what a take was made from has changed.
"""

import hashlib
import json
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from cinefarm.briefs import CharacterBrief, ShotBrief
from cinefarm.sentences import say
from master.cinematic.presets import PresetKind, prompt_text


class PromptPart(StrEnum):
    """The parts of a prompt, in the order in which they are written unless a template says otherwise."""

    STYLE = "style"  # the project's style notes, then the option's style, look and feel
    SUBJECT = "subject"  # the characters, each with the look worn
    ACTION = "action"
    SCENE = "scene"  # the scene description
    ENVIRONMENT = "environment"
    CAMERA = "camera"
    LENS = "lens"  # focal length, lens type
    FILM = "film"
    LIGHTING = "lighting"  # source, style
    ATMOSPHERE = "atmosphere"
    FILTER = "filter"
    RATIO = "ratio"
    TRIGGERS = "triggers"  # words that a LoRA answers to: always there, always last, never altered


PROSE = frozenset({PromptPart.SUBJECT, PromptPart.ACTION, PromptPart.SCENE})  # sentences; all else is lists of words
ENDS = " \t,;.、。，；·|"  # what a cleaned text neither begins nor ends with


def _fragments(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Fragments = Annotated[tuple[str, ...], BeforeValidator(_fragments)]


class PromptParts(BaseModel):
    """What is said in each part, as written: one text or several."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: Fragments = ()
    subject: Fragments = ()
    action: Fragments = ()
    scene: Fragments = ()
    environment: Fragments = ()
    camera: Fragments = ()
    lens: Fragments = ()
    film: Fragments = ()
    lighting: Fragments = ()
    atmosphere: Fragments = ()
    filter: Fragments = ()
    ratio: Fragments = ()
    triggers: Fragments = ()


class TemplatePart(BaseModel):
    """One part in a template. `prefix` and `suffix` are written only when the part says something."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: PromptPart
    on: bool = True
    prefix: str = Field("", max_length=200)
    suffix: str = Field("", max_length=200)

    @field_validator("part", mode="before")
    @classmethod
    def part_is_known(cls, value: object) -> object:
        if value not in list(PromptPart):
            raise ValueError(
                say(
                    "“{value}” is no part of a prompt; the parts are {known}.",
                    value=value,
                    known=", ".join(PromptPart),
                )
            )
        return value


class PromptTemplate(BaseModel):
    """A project's order of parts; parts that it does not list are off, except the trigger words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[TemplatePart, ...] = tuple(TemplatePart(part=part) for part in PromptPart)
    separator: str = Field(", ", min_length=1, max_length=8)

    @field_validator("parts")
    @classmethod
    def each_part_once_and_triggers_last(cls, parts: tuple[TemplatePart, ...]) -> tuple[TemplatePart, ...]:
        names = [entry.part for entry in parts]
        doubled = sorted({name for name in names if names.count(name) > 1}, key=names.index)
        if doubled:
            raise ValueError(
                say(
                    "{doubled} is listed more than once; keep one.",
                    doubled=", ".join(f"“{name}”" for name in doubled),
                )
            )
        if PromptPart.TRIGGERS in names:
            if names[-1] != PromptPart.TRIGGERS:
                raise ValueError(
                    say(
                        "“triggers” stands before “{names}”; trigger words come last, so move it there.",
                        names=names[-1],
                    )
                )
            if parts[-1] != TemplatePart(part=PromptPart.TRIGGERS):
                raise ValueError(
                    say("“triggers” is always on and has no prefix or suffix, since a LoRA needs the bare words.")
                )
        return parts

    @field_validator("separator")
    @classmethod
    def separator_is_punctuation(cls, separator: str) -> str:
        if not re.fullmatch(r"[\s,;.|/·–—-]+", separator):
            raise ValueError(
                say("separator “{separator}” may hold only spaces, line breaks and , ; . | / · -.", separator=separator)
            )
        return separator


class PromptSegment(BaseModel):
    """What one part became, so that a UI can colour it."""

    model_config = ConfigDict(frozen=True)

    part: PromptPart
    text: str


class AssembledPrompt(BaseModel):
    """The prompt and its segments in order; `text` is their texts joined by the template's separator."""

    model_config = ConfigDict(frozen=True)

    text: str
    segments: tuple[PromptSegment, ...]


DEFAULT = PromptTemplate()


def assemble(parts: PromptParts, template: PromptTemplate = DEFAULT) -> AssembledPrompt:
    """Write the parts in the template's order.

    An empty part leaves nothing behind: no separator, no prefix. Texts are cleaned (spaces, doubled commas, a last full
    stop). Words said before are not said again, whatever their case; lists are compared word by word, prose as a whole.
    Trigger words stand last exactly as given, even if said before; the same trigger twice is written once.
    """
    ends = ENDS + template.separator
    said: set[str] = set()
    segments: list[PromptSegment] = []
    for entry in template.parts:
        if not entry.on or entry.part == PromptPart.TRIGGERS:
            continue
        if text := _written(entry, getattr(parts, entry.part), said=said, ends=ends):
            segments.append(PromptSegment(part=entry.part, text=text))
    triggers = dict.fromkeys(words for given in parts.triggers if (words := given.strip(" \t\r\n,;")))
    if triggers:
        segments.append(PromptSegment(part=PromptPart.TRIGGERS, text=", ".join(triggers)))
    return AssembledPrompt(text=template.separator.join(s.text for s in segments), segments=tuple(segments))


def _written(entry: TemplatePart, given: tuple[str, ...], *, said: set[str], ends: str) -> str:
    """One part with its prefix and suffix, or an empty text. Remembers in `said` what it wrote."""
    prose = entry.part in PROSE
    texts = given if prose else [word for text in given for word in _words(text)]
    fresh: list[str] = []
    for text in texts:
        cleaned = _cleaned(text, ends)
        if cleaned and cleaned.casefold() not in said:
            said.add(cleaned.casefold())
            fresh.append(cleaned)
    if not fresh:
        return ""
    body = ("; " if entry.part == PromptPart.SUBJECT else ", ").join(fresh)
    return _one_line(entry.prefix + body + entry.suffix).strip(ends)


def _words(text: str) -> list[str]:
    """A list of words taken apart at commas, semicolons and line breaks; the comma in 1,000 stays."""
    return re.split(r"[;；、，\n\r]|(?<!\d),|,(?!\d)", text)


@lru_cache(maxsize=4096)  # the shots of a project share most of their words
def _cleaned(text: str, ends: str) -> str:
    """The text on one line in composed Unicode (NFC), without doubled or dangling separators."""
    return _one_line(unicodedata.normalize("NFC", text)).strip(ends)


def _one_line(text: str) -> str:
    if not text.isprintable():  # line breaks, or zero-width marks pasted from a document
        visible = (c for c in text if unicodedata.category(c) != "Cf")
        text = "".join(c if c.isprintable() else " " for c in visible)
    collapsed = " ".join(text.split())
    doubled = re.sub(r"\s*([,;、，；])(?:\s*[,;、，；])+", r"\1", collapsed)  # “a, , b” → “a, b”
    return re.sub(r"\s+([,;、，；])", r"\1", doubled)


def parts_of(shot: ShotBrief, *, style_notes: str = "") -> PromptParts:
    """The parts of one shot's prompt. Presets named in either language become their English text."""
    camera = shot.camera
    return PromptParts(
        style=(
            style_notes,
            *_expanded(PresetKind.STYLE, camera.style),
            *_expanded(PresetKind.LOOK_AND_FEEL, camera.look_and_feel),
        ),
        subject=tuple(described(character) for character in shot.characters),
        action=shot.action,
        scene=shot.scene_description,
        environment=_expanded(PresetKind.ENVIRONMENT, camera.environment),
        camera=_expanded(PresetKind.CAMERA_BODY, camera.camera_body),
        lens=(
            *_expanded(PresetKind.FOCAL_LENGTH, camera.focal_length),
            *_expanded(PresetKind.LENS_TYPE, camera.lens_type),
        ),
        film=_expanded(PresetKind.FILM_STOCK, camera.film_stock),
        lighting=(
            *_expanded(PresetKind.LIGHTING_SOURCE, camera.lighting_source),
            *_expanded(PresetKind.LIGHTING_STYLE, camera.lighting_style),
        ),
        atmosphere=_expanded(PresetKind.ATMOSPHERE, camera.atmosphere),
        filter=_expanded(PresetKind.FILTER, camera.filter),
        ratio=_expanded(PresetKind.ASPECT_RATIO, camera.aspect_ratio),
        triggers=tuple(character.trigger_words for character in shot.characters),
    )


def described(character: CharacterBrief) -> str:
    """A character with the look worn: “Mina, a tall woman, wearing red raincoat, yellow boots”."""
    texts = (
        character.name,
        character.description,
        _worn(character.look or character.look_name),
        character.style_keywords,
    )
    return ", ".join(cleaned for text in texts if (cleaned := _cleaned(text, ENDS)))


def _worn(look: str) -> str:
    if not look.strip() or re.match(r"\s*(wear|dressed|clad|in )", look, re.IGNORECASE):
        return look
    if re.search(r"[가-힣]", unicodedata.normalize("NFC", look)):
        return look if look.rstrip(ENDS).endswith("차림") else f"{look.rstrip(ENDS)} 차림"
    return f"wearing {look}"


@lru_cache(maxsize=4096)
def _expanded(kind: PresetKind, value: str) -> tuple[str, ...]:
    """A cell may list several presets: “골든 아워, 네온”."""
    return tuple(prompt_text(kind, word.strip()) for word in _words(value))


def inputs_hash(**inputs: object) -> str:
    """The SHA-256 (hex) of what a prompt or take was made from: models and plain JSON values, by name.

    Equal inputs give equal hashes on every machine: keys are sorted, texts are ASCII-escaped.
    """

    def plain(value: object) -> object:
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json")
        raise TypeError(f"{type(value).__name__} cannot be hashed as an input; give a model or a JSON value.")

    canonical = json.dumps(inputs, default=plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
