"""Descriptions by a vision model and vectors by CLIP, on miniatures."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.worker.engines.analysis.conftest import Analyse
from worker.engines.analysis.look import Turn, described_by
from worker.task import Canceled

pytest.importorskip("torch")

CAPTION = "analysis/caption"
EMBED = "analysis/embed"
ALL = ("qwen3_vl_8b", "clip_vit_l14")
PROSE = ("qwen3_vl_2b", "clip_vit_l14")
GOOD = {"caption": {"en": "A mug."}, "tags": {"en": ["mug", "mug", "red"]}, "category": "product"}


def test_a_vision_model_describes_what_it_sees(analyse: Analyse, noise: Callable[..., Path]) -> None:
    """Both languages, tags, category, facts and a vector come of one job."""
    done = analyse(CAPTION, noise(1), here=ALL, variant="qwen3_vl_8b")
    found = done.analysis
    assert (found.by, found.reason) == ("qwen3_vl_8b", "")
    assert found.description
    assert found.description.caption == {"en": "A red mug on a table.", "ko": "탁자 위의 빨간 머그컵."}
    assert found.description.tags["ko"] == ("머그컵", "빨강", "탁자")
    assert found.description.category == "product"
    assert found.facts
    assert found.embedding
    assert (found.embedding.model, found.embedding.words) == ("openai/clip-vit-large-patch14@main", True)
    assert found.embedding.dimension == len(found.embedding.vector) == 24
    assert done.task.provenance["described_by"] == "qwen3_vl_8b"
    assert "Qwen/Qwen3-VL-8B-Instruct@unknown" in done.task.provenance["models"].values()


def test_the_language_and_the_number_of_tags_are_those_asked_for(analyse: Analyse, noise: Callable[..., Path]) -> None:
    found = analyse(CAPTION, noise(1), here=ALL, variant="qwen3_vl_8b", language="ko", max_tags=2, embed=False).analysis
    assert found.description
    assert found.description.caption == {"ko": "탁자 위의 빨간 머그컵."}
    assert found.description.tags == {"ko": ("머그컵", "빨강")}
    assert found.embedding is None


def test_a_model_that_talks_is_asked_once_more_then_the_picture_is_measured(
    analyse: Analyse, noise: Callable[..., Path]
) -> None:
    done = analyse(CAPTION, noise(1), here=PROSE, variant="qwen3_vl_2b", language="en", max_tags=1)
    assert done.analysis.by == "measured"
    assert "no usable answer, twice" in done.analysis.reason
    assert done.task.provenance["reason"] == done.analysis.reason == done.log[-1]
    assert done.said.count("describing, word 1") == 2
    assert done.analysis.description
    assert done.analysis.description.caption["en"].startswith("A landscape-format picture")


def test_a_cancel_stops_between_two_words(analyse: Analyse, noise: Callable[..., Path]) -> None:
    with pytest.raises(Canceled):
        analyse(CAPTION, noise(1), here=ALL, variant="qwen3_vl_8b", cancel_at=3)
    assert analyse(CAPTION, noise(1), here=ALL, variant="qwen3_vl_8b").analysis.by == "qwen3_vl_8b"


def test_a_large_and_a_narrow_picture_can_be_looked_at(analyse: Analyse, noise: Callable[..., Path]) -> None:
    large = analyse(CAPTION, noise(3, 3000, 2000), here=ALL, variant="qwen3_vl_8b", embed=False)
    tiny = analyse(CAPTION, noise(4, 3, 2), here=ALL, variant="qwen3_vl_8b", embed=False)
    assert large.analysis.by == tiny.analysis.by == "qwen3_vl_8b"
    narrow = analyse(CAPTION, noise(5, 2000, 4), here=ALL, variant="qwen3_vl_8b").analysis
    assert narrow.by == "measured"
    assert "too narrow" in narrow.reason


def test_clip_puts_pictures_and_words_in_one_space(analyse: Analyse, noise: Callable[..., Path]) -> None:
    first, again = (analyse(EMBED, noise(1), here=ALL, words="a red mug").analysis for _ in range(2))
    other = analyse(EMBED, noise(2), here=ALL).analysis
    words = analyse(EMBED, here=ALL, words="a red mug").analysis
    assert first.embedding
    assert first.words
    assert first.embedding == again.embedding != other.embedding
    assert words.words == first.words
    assert words.embedding is None
    assert first.words.model == first.embedding.model
    for found in (first.embedding, first.words):
        assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-4)


def test_the_best_variant_that_is_here_is_taken(analyse: Analyse, noise: Callable[..., Path]) -> None:
    """On a CPU those of a GPU are left out, and without CLIP colours and edges serve."""
    assert analyse(EMBED, noise(1), here=ALL).task.provenance["variant"] == "clip_cpu"
    assert analyse(EMBED, noise(1)).task.provenance["variant"] == "classical"
    assert analyse(CAPTION, noise(1), here=ALL).task.provenance["variant"] == "classical"
    on_gpu = analyse(CAPTION, noise(1), here=PROSE, device="cuda:0", max_tags=1, language="en", embed=False)
    assert on_gpu.task.provenance["variant"] == "qwen3_vl_2b"


def test_four_bit_weights_describe_where_their_package_is(analyse: Analyse, noise: Callable[..., Path]) -> None:
    pytest.importorskip("bitsandbytes")
    done = analyse(CAPTION, noise(1), here=ALL, variant="qwen3_vl_8b_nf4", embed=False)
    assert done.analysis.by == "qwen3_vl_8b"
    assert done.task.provenance["precision"] == "nf4"


@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="the package is here")
def test_four_bit_weights_say_what_they_need(analyse: Analyse, noise: Callable[..., Path]) -> None:
    """And a smaller model looks at the picture."""
    done = analyse(
        CAPTION, noise(1), here=(*ALL, "qwen3_vl_2b"), device="cuda:0", variant="qwen3_vl_8b_nf4", embed=False
    )
    assert done.task.provenance["variant"] == "qwen3_vl_2b"
    assert any("pip install bitsandbytes" in line for line in done.log)


def test_prose_around_the_answer_is_forgiven() -> None:
    looked = described_by(lambda turns: f"Sure!\n```json\n{json.dumps(GOOD)}\n```", ["en"], 5)
    assert looked.description
    assert looked.description.tags == {"en": ("mug", "red")}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("A mug.", "no JSON object"),
        ('{"caption": ', "its JSON is broken"),
        (json.dumps({**GOOD, "category": "mug"}), "category"),
        (json.dumps({**GOOD, "tags": {}}), "in English"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong_and_asked_for_again(said: str, complaint: str) -> None:
    answers = [said, json.dumps(GOOD)]
    heard: list[list[Turn]] = []

    def ask(turns: list[Turn]) -> str:
        heard.append(list(turns))
        return answers[len(heard) - 1]

    assert described_by(ask, ["en"], 5).description
    assert [len(turns) for turns in heard] == [1, 3]
    assert complaint in heard[1][-1]["content"][0]["text"]
