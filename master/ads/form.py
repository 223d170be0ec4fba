"""The form of an ad, checked: the parameters of its workflow, and the branches that come of sizes and variants."""

import secrets
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

from cinefarm.sentences import Said, say, sentence_of
from master.ads.requests import V1, V2, sizes_of
from master.errors import BadInput, Problem
from master.jobs.parameters import checked
from master.models import AD_PICTURES
from workflows.schema import Workflow

MOST_BRANCHES = 24
_STYLE_MOST = 200  # characters
_NO_TEXT = "-"  # stands for the text of a background only, while the other fields are checked
_NOT_OF_FORM = {"sizes", "size", "variants", "backgrounds", "text_styles", "workflow", "name"}


@dataclass(frozen=True)
class Branch:
    """One picture that is made: of a size, and of a seed and styles."""

    key: str
    width: int
    height: int
    variant: int  # counts from 1
    seed: int
    background_style: str
    text_style: str

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Form:
    workflow: str
    parameters: dict[str, Any]  # checked; `sizes`, `variants`, `backgrounds` and `text_styles` are kept with them
    branches: list[Branch]
    ignored: list[str]  # fields that this form has not


def workflow_of(given: dict[str, Any]) -> str:
    """Which of the two forms is meant: who sends a prompt for a text model means 3D lettering."""
    asked = given.get("workflow")
    if isinstance(asked, str):
        return asked
    return V1 if given.get("text_model_prompt") and not given.get("html_style_prompt") else V2


def read_form(workflow: Workflow, given: dict[str, Any], *, text_limit: int) -> Form:
    """Raises `BadInput` naming what is wrong and how it can be mended."""
    wordless = given.get("end_step") == 1 and not given.get("ad_text")
    _check_words(given, text_limit, wordless=wordless)
    own = {name: value for name, value in given.items() if name in workflow.parameters}
    ignored = sorted(given.keys() - own.keys() - _NOT_OF_FORM)
    if not own.get("text_style") and (words := own.get("html_style_prompt") or own.get("text_model_prompt")):
        own["text_style"] = str(words)[:200]
    try:
        sizes = sizes_of(given)
    except ValueError as error:
        raise BadInput(sentence_of(error), field="sizes") from error
    parameters = _sized(workflow, own | {"ad_text": _NO_TEXT} if wordless else own, sizes)
    if wordless:
        del parameters["ad_text"]
    _check_steps(parameters)
    if parameters.get("seed") is None:
        parameters["seed"] = secrets.randbelow(2**31)
    for name in ("variants", "backgrounds", "text_styles"):
        if given.get(name):
            parameters[name] = given[name]
    if sizes and len(sizes) > 1:
        parameters["sizes"] = [f"{width}x{height}" for width, height in sizes]
    return Form(workflow.name, parameters, branches_of(parameters, sizes), ignored)


def _sized(workflow: Workflow, own: dict[str, Any], sizes: list[tuple[int, int]] | None) -> dict[str, Any]:
    """The checked parameters with the first size. Raises `BadInput` for any size that cannot be."""
    parameters: dict[str, Any] = {}
    for width, height in reversed(sizes or [(0, 0)]):
        parameters = checked(workflow, own | ({"width": width, "height": height} if sizes else {}))
    return parameters


def branches_of(parameters: dict[str, Any], sizes: list[tuple[int, int]] | None) -> list[Branch]:
    """Sizes, and of each the variants; raises `BadInput` when they are too many."""
    sizes = sizes or [(parameters["width"], parameters["height"])]
    backgrounds = parameters.get("backgrounds") or [parameters["background_style"]]
    letterings = parameters.get("text_styles") or [parameters["text_style"]]
    variants = parameters.get("variants") or max(len(backgrounds), len(letterings))
    if (count := len(sizes) * variants) > MOST_BRANCHES:
        raise BadInput(
            "{sizes} sizes with {variants} variants each are {count} pictures; the most is {most}.",
            sizes=len(sizes),
            variants=variants,
            count=count,
            most=MOST_BRANCHES,
            field="variants",
            limit=MOST_BRANCHES,
        )
    return [
        Branch(
            key=f"{width}x{height}/{turn + 1}",
            width=width,
            height=height,
            variant=turn + 1,
            seed=(parameters["seed"] + turn) % 2**63,
            background_style=backgrounds[turn % len(backgrounds)],
            text_style=letterings[turn % len(letterings)],
        )
        for width, height in sizes
        for turn in range(variants)
    ]


def _check_steps(parameters: dict[str, Any]) -> None:
    if parameters["end_step"] < parameters["start_step"]:
        raise BadInput(
            "end_step {end} lies before start_step {start}, so nothing would be made; raise it to {start} or more.",
            end=parameters["end_step"],
            start=parameters["start_step"],
            field="end_step",
        )


def _check_words(given: dict[str, Any], text_limit: int, *, wordless: bool) -> None:
    """Raises `BadInput`: an empty or a long text, or signs that no font has and no database keeps."""
    text = given.get("ad_text")
    problems: list[Problem] = []
    if not text and not wordless:
        problems.append(Problem(place="ad_text", message=say("is empty; give the words of the ad.")))
    elif text and len(text) > text_limit:
        said = say(
            "has {count} characters; the most is {most}. Shorten it, or put a part into sub_text; "
            "CINEFARM_AD_TEXT_LIMIT allows more.",
            count=len(text),
            most=text_limit,
        )
        problems.append(Problem(place="ad_text", value=text[:60], message=said))
    for name, value in given.items():
        for words in value if isinstance(value, list) else [value]:
            if (
                isinstance(words, str)
                and name not in AD_PICTURES
                and (broken := _broken(words, listed=words is not value))
            ):
                problems.append(Problem(place=name, value=ascii(words[:60]), message=broken))
    if problems:
        raise BadInput(problems[0].told, field=problems[0].place, limit=text_limit, problems=problems)


def _broken(words: str, *, listed: bool) -> Said | None:
    if listed and len(words) > _STYLE_MOST:
        return say("has {count} characters; the most is {max_length}.", count=len(words), max_length=_STYLE_MOST)
    for sign in words:
        if unicodedata.category(sign) == "Cc":
            return say("holds a control character (U+{code}); remove it.", code=f"{ord(sign):04X}")
    return None
