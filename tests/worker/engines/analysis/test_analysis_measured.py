"""What is measured without any model: facts, their words, the vector of colours and edges."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.worker.engines.analysis.conftest import Analyse, Analysed
from worker.engines import analysis as engine
from worker.surroundings import catalog
from worker.task import Canceled, EngineError

CAPTION = "analysis/caption"
EMBED = "analysis/embed"


def likeness(one: Analysed, other: Analysed) -> float:
    assert one.analysis.embedding
    assert other.analysis.embedding
    assert one.analysis.embedding.model == other.analysis.embedding.model
    return float(np.dot(one.analysis.embedding.vector, other.analysis.embedding.vector))


def test_facts_name_the_colours_in_both_languages(analyse: Analyse, picture: Callable[..., Path]) -> None:
    found = analyse(CAPTION, picture("#d0021b", "#d0021b", "#ffffff"), variant="classical").analysis
    assert found.facts
    assert [(colour.en, colour.ko) for colour in found.facts.palette] == [("red", "빨강"), ("white", "흰색")]
    assert found.facts.palette[0].share == pytest.approx(2 / 3, abs=0.02)
    assert found.description
    assert found.description.caption["en"].startswith("A landscape-format picture (300 × 200), mainly red, white")
    assert found.description.caption["ko"].startswith("가로형 그림(300 × 200). 주된 색: 빨강, 흰색.")
    assert found.description.category is None
    assert found.by == "measured"


@pytest.mark.parametrize(
    ("colours", "words"),
    [
        (("#101010", "#181818"), {"dark", "low contrast", "monochrome"}),
        (("#fafafa", "#f4f4f4"), {"bright", "low contrast", "monochrome"}),
        (("#000000", "#ffffff"), {"high contrast", "monochrome"}),
        (("#ff7f00", "#1e60d0"), {"vivid", "orange", "blue"}),
    ],
)
def test_words_follow_what_is_measured(
    analyse: Analyse, picture: Callable[..., Path], colours: tuple[str, ...], words: set[str]
) -> None:
    found = analyse(CAPTION, picture(*colours), language="en").analysis
    assert found.description
    assert words <= set(found.description.tags["en"])
    assert set(found.description.caption) == {"en"}


@pytest.mark.parametrize(
    ("size", "word"), [((200, 200), "square"), ((200, 300), "portrait-format"), ((600, 200), "panoramic")]
)
def test_the_shape_is_said(analyse: Analyse, picture: Callable[..., Path], size: tuple[int, int], word: str) -> None:
    found = analyse(CAPTION, picture("#87ceeb", width=size[0], height=size[1])).analysis
    assert found.description
    assert word in found.description.tags["en"]


def test_the_same_picture_gives_the_same_bytes(analyse: Analyse, noise: Callable[..., Path]) -> None:
    assert analyse(CAPTION, noise(1)).bytes == analyse(CAPTION, noise(1)).bytes


def test_tags_are_no_more_than_asked_for_and_the_vector_can_be_left_out(
    analyse: Analyse, noise: Callable[..., Path]
) -> None:
    found = analyse(CAPTION, noise(1), max_tags=2, embed=False).analysis
    assert found.description
    assert [len(tags) for tags in found.description.tags.values()] == [2, 2]
    assert found.embedding is None


def test_likeness_is_of_colours_and_of_edges(analyse: Analyse, tmp_path: Path, noise: Callable[..., Path]) -> None:
    """The same scene in another size and a little darker is nearer than others; so are lines of one direction."""
    first = analyse(EMBED, noise(1))
    darker = tmp_path / "darker.jpg"
    scene = Image.open(noise(1)).resize((450, 300))
    scene.point(lambda level: int(level * 0.93)).save(darker, quality=80)
    other = analyse(EMBED, noise(2))
    assert likeness(first, analyse(EMBED, darker)) > 0.9 > likeness(first, other)
    assert first.analysis.embedding
    assert np.linalg.norm(first.analysis.embedding.vector) == pytest.approx(1, abs=1e-4)
    assert first.analysis.embedding.dimension == len(first.analysis.embedding.vector) == 300
    assert not first.analysis.embedding.words

    def lines(name: str, *, upright: bool, offset: int = 0) -> Path:
        drawn = Image.new("RGB", (200, 200), "white")
        pen = ImageDraw.Draw(drawn)
        for at in range(10 + offset, 200, 30):
            pen.line((at, 0, at, 200) if upright else (0, at, 200, at), "black", 4)
        drawn.save(tmp_path / name)
        return tmp_path / name

    upright = analyse(EMBED, lines("a.png", upright=True))
    moved = analyse(EMBED, lines("b.png", upright=True, offset=7))
    flat = analyse(EMBED, lines("c.png", upright=False))
    assert likeness(upright, moved) > likeness(upright, flat) + 0.1


def test_a_plain_and_a_tiny_picture_have_facts_and_a_vector(analyse: Analyse, picture: Callable[..., Path]) -> None:
    for size in ((1, 1), (300, 1), (40, 40)):
        found = analyse(CAPTION, picture("#000000", width=size[0], height=size[1])).analysis
        assert found.embedding
        assert found.facts
        assert [colour.en for colour in found.facts.palette] == ["black"]


def test_a_broken_picture_is_bad_input(analyse: Analyse, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(EngineError, match="“image” cannot be used") as told:
        analyse(CAPTION, broken)
    assert told.value.kind == "bad_input"


def test_a_cancel_leaves_no_file(analyse: Analyse, noise: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(Canceled):
        analyse(CAPTION, noise(1), cancel_at=1)
    assert not list(tmp_path.glob("*/analysis.json"))


def test_words_alone_need_clip(analyse: Analyse) -> None:
    with pytest.raises(EngineError, match="cinefarm models pull clip_vit_l14"):
        analyse(EMBED, words="a red mug")
    with pytest.raises(EngineError, match="nothing to embed"):
        analyse(EMBED)


def test_both_run_on_a_box_without_weights() -> None:
    assert [engine.lacks(catalog()[name]) for name in (CAPTION, EMBED)] == ["", ""]


def test_a_variant_without_its_weights_gives_way_and_names_the_command(
    analyse: Analyse, noise: Callable[..., Path]
) -> None:
    done = analyse(CAPTION, noise(1), variant="qwen3_vl_8b")
    assert done.analysis.by == "measured"
    assert (done.task.provenance["variant"], done.task.provenance["asked_variant"]) == ("classical", "qwen3_vl_8b")
    assert any("cinefarm models pull qwen3_vl_8b" in line for line in done.log)


def test_measuring_imports_no_torch(picture: Callable[..., Path], tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from worker.engines import analysis
from worker.task import Task
given = {{"language": "both", "max_tags": 5, "embed": True}}
inputs = {{"image": Path({str(picture("red"))!r})}}
task = Task("analysis/caption", given, inputs, Path({str(tmp_path)!r}), "cpu", "classical")
analysis.run(task)
sys.exit("torch" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
