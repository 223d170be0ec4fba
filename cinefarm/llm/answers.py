"""Finding and checking the JSON in an answer. It is parsed and validated, never evaluated."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from openai import pydantic_function_tool
from pydantic import BaseModel, ValidationError

Shape = TypeVar("Shape", bound=BaseModel)

_TRIED = 64  # opening braces looked at: an answer of braces alone must not cost a quadratic search
_TOLD = 8  # problems named to the model at once


class DoesNotFit(ValueError):
    """The answer holds no object of the wanted shape; `problems` say why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema in the strict form that structured outputs want: every field required, no others allowed."""
    return dict(pydantic_function_tool(shape)["function"]["parameters"])


def read_answer(text: str, shape: type[Shape]) -> Shape:
    """The first JSON object in the text that fits. Raises `DoesNotFit` with the problems of the largest."""
    best: tuple[int, list[str]] | None = None
    for found, length in _objects(text):
        try:
            return shape.model_validate(found)
        except ValidationError as error:
            if best is None or length > best[0]:
                best = (length, _problems(error))
    raise DoesNotFit(best[1] if best else ["There is no JSON object in the answer."])


def _objects(text: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Each outermost JSON object with its length; prose, code fences and broken braces around them are skipped."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    place = text.find("{")
    for _ in range(_TRIED):
        if place < 0:
            return
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place = text.find("{", place + 1)
            continue
        yield found, end - place
        place = text.find("{", end)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _problems(error: ValidationError) -> list[str]:
    return [
        f"{'.'.join(str(part) for part in problem['loc']) or 'the object'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)[:_TOLD]
    ]
