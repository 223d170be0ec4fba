"""Which variant is drawn with, where the box has not the weights of every one."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from worker.engines.diffusers.way import _stored
from worker.task import Task
from workflows.needs import Bundle, Needs, Variant

BUNDLES = tuple(Bundle(name=name, repository="a/b", size_gb=1, licence="none") for name in ("full", "lean", "tiny"))
VARIANTS = tuple(
    Variant(name=name, vram_gb=vram_gb, bundles=(bundle,))
    for name, vram_gb, bundle in (
        ("best", 40, "full"),
        ("middle", 24, "lean"),
        ("least", 12, "tiny"),
        ("cpu", 0, "tiny"),
    )
)
NEEDS = Needs(bundles=BUNDLES, variants=VARIANTS)


@pytest.mark.parametrize(
    ("asked", "here", "taken"),
    [
        ("middle", {"full", "lean", "tiny"}, "middle"),
        ("best", {"lean", "tiny"}, "middle"),  # the next leaner one
        ("best", {"tiny"}, "least"),
        ("middle", {"full"}, "best"),  # none is leaner: the nearest better one
        ("cpu", {"full", "lean"}, "cpu"),  # what is for a GPU is none for a CPU; the reading says what is missing
        ("best", set[str](), "best"),
    ],
)
def test_a_variant_whose_weights_are_not_here_gives_way_to_one_that_is(
    asked: str, here: set[str], taken: str, tmp_path: Path
) -> None:
    store = SimpleNamespace(lack=lambda name: "" if name in here else f"{name} is not here.")
    task = Task("a/b", {}, {}, tmp_path, weights=lambda: SimpleNamespace(store=store))  # type: ignore[arg-type]
    wanted = next(one for one in VARIANTS if one.name == asked)
    assert _stored(task, NEEDS, wanted).name == taken
