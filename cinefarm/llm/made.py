"""What was made by the language model or, in its absence, by stated rules; it says which, and why."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from cinefarm.llm.errors import LlmError
from cinefarm.sentences import sentence_of

T = TypeVar("T")


class Maker(StrEnum):
    MODEL = "model"
    RULES = "rules"


@dataclass(frozen=True)
class Made(Generic[T]):
    """A value and who made it. `why` is the sentence that says why the rules had to."""

    value: T
    by: Maker
    model: str = ""
    why: str = ""

    @property
    def provenance(self) -> dict[str, Any]:
        """For a recipe or an API answer: only what is known."""
        facts = {"made_by": self.by.value, "model": self.model, "why": self.why}
        return {name: value for name, value in facts.items() if value}


async def made_by_model_or_rules(
    ask: Callable[[], Awaitable[T]], rules: Callable[[], T], *, model: str = "model"
) -> Made[T]:
    """The model's answer; whatever `LlmError` it meets, the rules' answer with the reason. Other errors are defects."""
    try:
        return Made(await ask(), Maker.MODEL, model=model)
    except LlmError as error:
        return Made(rules(), Maker.RULES, why=sentence_of(error))
