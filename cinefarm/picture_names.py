"""What the pictures of an ad are called when they are saved side by side."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from cinefarm.storage import safe_name


class Branch(Protocol):
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def variant(self) -> int: ...


B = TypeVar("B", bound=Branch)


def named_branches(stem: str, suffix: str, branches: Iterable[B]) -> list[tuple[B, str]]:
    """One picture under the name itself; of several each with its size, and variants numbered."""
    found = list(branches)
    if len(found) == 1:
        return [(found[0], f"{stem}{suffix}")]
    numbered = any(branch.variant > 1 for branch in found)
    return [
        (branch, f"{stem}_{branch.width}x{branch.height}{f'_{branch.variant}' if numbered else ''}{suffix}")
        for branch in found
    ]


def stem_of(ad_name: str) -> str:
    """Of files that are named as their ad is."""
    return safe_name(ad_name, "ad")
