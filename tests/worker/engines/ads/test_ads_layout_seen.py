"""The layout as a vision model tells it: what is taken of its answer, and what happens when it gives none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ads_kit import saved
from lettering_kit import shop_picture

from cinefarm.layout import Layout
from worker.bundles.opening import Opening
from worker.engines import ads
from worker.engines.ads.layout import classical_layout, features_of
from worker.engines.ads.layout.seen import told_by
from worker.surroundings import Surroundings
from worker.task import Task

ANSWER: dict[str, Any] = {
    "objects": [{"type": "bottle", "bbox": [400, 450, 620, 930]}],
    "empty_spaces": [
        {"bbox": [300, 350, 700, 990], "suitability": 0.99, "reason": "over the bottle"},
        {"bbox": [50, 40, 950, 300], "suitability": 0.8, "reason": "calm wall"},
        {"bbox": [20, 400, 250, 900], "suitability": 0.9, "reason": "left of it"},
    ],
    "recommendations": {
        "text_position": "top",
        "text_color": "#112233",
        "background_needed": False,
        "background_opacity": 0,
        "font_size_range": [50, 150],
    },
}


def told(*answers: str) -> tuple[Layout, list[Any]]:
    pixels, mask = shop_picture()
    left, asked = list(answers), []

    def ask(turns: list[dict[str, Any]]) -> str:
        asked.append(json.loads(json.dumps(turns)))
        return left.pop(0)

    return told_by(ask, "qwen3_vl_8b", features_of(pixels, mask), classical_layout(pixels, mask)), asked


def test_the_models_spaces_are_taken_but_none_that_covers_the_product() -> None:
    layout, asked = told(f"Sure! ```json\n{json.dumps(ANSWER)}\n```")
    assert (layout.by, layout.reason, len(asked)) == ("qwen3_vl_8b", "", 1)
    assert [space.bbox for space in layout.empty_spaces] == [(10, 192, 110, 240), (24, 19, 432, 125)]
    assert [space.region for space in layout.empty_spaces] == ["middle left", "top center"]
    assert layout.objects[0].type == "bottle"
    assert layout.recommendations.font_size_range == (24, 72)
    assert layout.color_analysis.dominant_colors


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("I see a bottle.", "no JSON object"),
        ('{"objects": [', "broken"),
        (json.dumps(ANSWER | {"empty_spaces": []}), "empty_spaces"),
        (json.dumps(ANSWER | {"empty_spaces": ANSWER["empty_spaces"][:1]}), "covers the product"),
        (json.dumps(ANSWER | {"objects": [{"type": "x", "bbox": [0, 0, 4000, 10]}]}), "bbox"),
    ],
)
def test_a_bad_answer_is_asked_for_again_then_the_picture_is_measured_and_it_says_so(bad: str, why: str) -> None:
    layout, asked = told(bad, bad)
    assert len(asked) == 2
    assert why in str(asked[1][-1])
    assert layout.by == "classical"
    assert "twice" in layout.reason
    assert why in layout.reason
    assert told(bad, json.dumps(ANSWER))[0].by == "qwen3_vl_8b"


@pytest.mark.parametrize(("here", "why"), [(("qwen3_vl_2b",), "no usable answer, twice"), ((), "has no vision model")])
def test_the_stage_asks_the_model_that_is_there(
    models: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: tuple[str, ...], why: str
) -> None:
    """By a miniature that can only talk; without one all is measured."""
    pytest.importorskip("torch")
    box = tmp_path / "models"
    box.mkdir()
    for name in here:
        (box / name).symlink_to(models(name) / name)
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(box))
    pixels, mask = shop_picture()
    inputs = {
        "picture": saved(tmp_path, "picture.png", pixels),
        "mask": saved(tmp_path, "mask.png", np.rint(mask * 255).astype(np.uint8)),
    }
    task = Task(
        "ads/layout_seen",
        {"text_position": "auto"},
        inputs,
        tmp_path / "out",
        variant=here[0] if here else None,
        weights=Opening(Surroundings(models_dir=models())),
    )
    layout = Layout.model_validate_json(ads.run(task)[0].path.read_text("utf-8"))
    assert layout.by == "classical"
    assert why in layout.reason
    assert task.provenance["reason"] == layout.reason
