"""Extruded letters: as large as the picture, readable by their own edge, never over the product."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ads_kit import opened, run, saved
from lettering_kit import shop_picture

from cinefarm.ad_styles import EXTRUDED
from worker.engines.ads.extruded.materials import MATERIALS, material_of
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.lettering.reading import LEAST, SEEN
from worker.task import EngineError, Task


@pytest.fixture
def build(tmp_path: Path) -> Any:
    def make(ad_text: str, *, tone: float = 1, **given: Any) -> tuple[np.ndarray, Task, np.ndarray]:
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        pixels, mask = shop_picture(tone=tone)
        (folder / "layout.json").write_text(classical_layout(pixels, mask).model_dump_json(), "utf-8")
        inputs = {
            "picture": saved(folder, "picture.png", pixels),
            "mask": saved(folder, "mask.png", np.rint(mask * 255).astype(np.uint8)),
            "layout": folder / "layout.json",
        }
        (output,), task = run("ads/lettering_3d", inputs, folder / "out", ad_text=ad_text, **given)
        return opened(output), task, mask

    return make


@pytest.mark.parametrize("material", sorted(MATERIALS))
def test_every_material_is_readable_on_light_and_dark_and_hides_nothing(build: Any, material: str) -> None:
    for tone in (1, 0.45, 0.1):
        layer, task, mask = build("건어물 대박 세일", text_style=material, tone=tone)
        assert layer.shape == (480, 480, 4)
        assert task.provenance["style"] == material
        assert task.provenance["contrast"] >= LEAST
        assert not ((layer[..., 3] > SEEN) & (mask > 0.5)).any()
        assert max(layer[0, :, 3].max(), layer[:, 0, 3].max(), layer[:, -1, 3].max()) <= SEEN


def test_letters_are_lit_from_the_upper_left_and_have_sides_to_the_lower_right(build: Any) -> None:
    layer, _, _ = build("ㅁ", text_style="stone")
    rows, columns = np.nonzero(layer[..., 3] > 250)
    assert layer[rows.min() : rows.min() + 12, columns.min() : columns.max(), :3].mean() > (
        layer[rows.max() - 12 : rows.max(), columns.min() : columns.max(), :3].mean()
    )


def test_a_seed_gives_the_same_letters_and_another_seed_another_grain(build: Any) -> None:
    first, again, other = (build("돌", text_style="돌", seed=seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_long_text_fits(build: Any) -> None:
    layer, _, mask = build("오늘부터 사흘 동안 모든 제품을 절반 값에 드립니다 " * 4)
    assert (layer[..., 3] > 200).any()
    assert not ((layer[..., 3] > SEEN) & (mask > 0.5)).any()


def test_no_text_is_refused(build: Any) -> None:
    with pytest.raises(EngineError, match="is empty"):
        build("  ")


def test_every_material_of_the_dictionary_is_there_and_found_by_its_names() -> None:
    assert {one.id for one in EXTRUDED} == set(MATERIALS)
    for one in EXTRUDED:
        assert {material_of(asked)[0] for asked in (one.id, one.en, one.ko)} == {one.id}
    assert material_of("")[0] == "metal"
    assert "steel was taken" in material_of("xyzzy")[1]
