"""The text of an ad: it fits, it can be read, it hides nothing, and signs of it are no markup."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ads_kit import opened, run, saved
from lettering_kit import layouts_bad, shop_picture

from cinefarm.ad_styles import LETTERINGS
from cinefarm.statuses import FailureKind
from worker import fonts
from worker.engines.ads import renderer
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.lettering import wish_of
from worker.engines.ads.lettering.reading import LEAST, SEEN
from worker.engines.ads.lettering.styles import STYLES, style_of
from worker.engines.ads.renderer import isolation
from worker.task import EngineError, Output, Task

needs_browser = pytest.mark.skipif(bool(renderer.lack_of_browser()), reason=renderer.lack_of_browser())
LONG = ("오늘부터 사흘 동안 모든 제품을 절반 값에 드립니다 " * 8)[:200]
TEXTS = ("가", LONG, "A" * 200, "🔥", "مرحبا بكم في متجرنا", "ברוכים הבאים", "50% 할인 🔥 세일!")


@pytest.fixture
def letter(tmp_path: Path) -> Any:
    """Run the stage over a bottle on a plain ground."""
    count = 0

    def make(ad_text: str, *, tone: float = 1, **given: Any) -> tuple[list[Output], Task, np.ndarray]:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        pixels, mask = shop_picture(tone=tone)
        layout = classical_layout(pixels, mask, given.get("text_position", "auto"))
        (folder / "layout.json").write_text(layout.model_dump_json(), "utf-8")
        inputs = {
            "picture": saved(folder, "picture.png", pixels),
            "mask": saved(folder, "mask.png", np.rint(mask * 255).astype(np.uint8)),
            "layout": folder / "layout.json",
        }
        outputs, task = run("ads/lettering", inputs, folder / "out", ad_text=ad_text, **given)
        return outputs, task, mask

    return make


def height_of(layer: np.ndarray) -> tuple[int, int]:
    rows = np.nonzero((layer[..., 3] > SEEN).any(axis=1))[0]
    return int(rows[0]), int(rows[-1])


@needs_browser
@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_is_readable_and_hides_nothing_of_the_product(letter: Any, style: str) -> None:
    for tone in (1, 0.2):
        (layer, page), task, mask = letter("건어물 대박 세일", sub_text="오늘만 50%", text_style=style, tone=tone)
        drawn = opened(layer)
        assert drawn.shape == (480, 480, 4)
        assert task.provenance["style"] == style
        assert task.provenance["lettering_by"] == "template"
        assert task.provenance["contrast"] >= LEAST
        assert not ((drawn[..., 3] > SEEN) & (mask > 0.5)).any()
        assert "건어물 대박 세일" in page.path.read_text("utf-8")


@needs_browser
def test_text_stands_where_it_is_wished(letter: Any) -> None:
    top, bottom = (opened(letter("세일", text_position=at)[0][0]) for at in ("top", "bottom"))
    assert height_of(top)[1] < 240
    assert height_of(bottom)[0] > 240


@needs_browser
@pytest.mark.parametrize("text", TEXTS)
def test_any_text_up_to_200_signs_fits(letter: Any, text: str) -> None:
    (layer, _), task, mask = letter(text, text_style="minimal")
    alpha = opened(layer)[..., 3]
    assert (alpha > 200).any()
    assert not ((alpha > SEEN) & (mask > 0.5)).any()
    assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) <= SEEN
    assert task.provenance["contrast"] >= LEAST


@pytest.mark.parametrize(("text", "why"), [("", "is empty"), (" \u200b\n ", "is empty"), ("세" * 201, "of 201 signs")])
def test_no_text_and_too_much_text_are_refused(letter: Any, text: str, why: str) -> None:
    with pytest.raises(EngineError, match=why) as refused:
        letter(text)
    assert refused.value.kind is FailureKind.BAD_INPUT


@needs_browser
def test_markup_in_the_text_is_text(letter: Any) -> None:
    text = '<img src=x onerror=alert(1)>&"</text></svg>'
    (_, page), task, _ = letter(text, text_style="minimal", sub_text="</style><b>")
    html = page.path.read_text("utf-8")
    assert "<img" not in html
    assert "<b>" not in html
    assert html.count("</svg>") == 1
    assert "&lt;img" in html
    assert task.provenance["lettering_by"] == "template"


@needs_browser
def test_a_wished_colour_is_kept_as_far_as_it_can_be_read(letter: Any) -> None:
    (layer, _), task, _ = letter("세일", text_style="minimal", text_color="#0b3d91")
    drawn = opened(layer)
    solid = drawn[drawn[..., 3] > 250][:, :3]
    assert (np.abs(solid.astype(int) - (0x0B, 0x3D, 0x91)).max(axis=1) <= 2).mean() > 0.3
    (_, _), task, _ = letter("세일", text_style="minimal", text_color="#f4f1ea")
    assert task.provenance["contrast"] >= LEAST


def test_what_cannot_be_as_asked_is_told() -> None:
    said: list[str] = []
    given = {"ad_text": "漢", "text_color": "reddish", "font": "Comic"}
    wish_of(Task("ads/lettering", given, {}, Path(), on_log=lambda _, text: said.append(text)))
    told = " ".join(said)
    assert "no font “Comic”" in told
    assert "“reddish” is no colour" in told
    assert "漢" in told


@needs_browser
def test_the_same_wish_gives_the_same_pixels(letter: Any) -> None:
    first, again = (letter("세일", text_style="brush", seed=7)[0][0].path.read_bytes() for _ in range(2))
    assert first == again


@needs_browser
def test_a_layer_that_a_box_does_not_allow_stands_in_the_recipe(letter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for and does not come about; where it does, the recipe has nothing to tell."""
    _, task, _ = letter("세일")
    assert task.provenance["lettering_by"] == "template"
    assert task.provenance.get("renderer_open", "") == " ".join(isolation.cell().open)
    renderer.stop()
    isolation.cell.cache_clear()
    monkeypatch.setattr(isolation, "_works", lambda command: False)
    try:
        _, task, _ = letter("세일")
        chromium = renderer.running()
        assert os.readlink(f"/proc/{chromium}/ns/net") == os.readlink("/proc/self/ns/net")
    finally:
        renderer.stop()
        isolation.cell.cache_clear()
    assert task.provenance["lettering_by"] == "template"
    assert "no network namespace is allowed here" in task.provenance["renderer_open"]


def test_without_a_browser_the_text_is_drawn_plainly_and_says_so(letter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer.stop()
    isolation.binary.cache_clear()
    monkeypatch.setattr(isolation, "_browsers", lambda: iter(()))
    try:
        (layer,), task, mask = letter("건어물 대박 세일", text_style="골드풍선", sub_text="오늘만")
    finally:
        isolation.binary.cache_clear()
    drawn = opened(layer)
    assert task.provenance["lettering_by"] == "plain"
    assert "apt-get install chromium" in task.provenance["reason"]
    assert task.provenance["contrast"] >= LEAST
    assert (drawn[..., 3] > 250).mean() > 0.01
    assert not ((drawn[..., 3] > SEEN) & (mask > 0.5)).any()


@needs_browser
@pytest.mark.timeout(600)
def test_of_200_random_layouts_none_is_bad() -> None:
    with renderer.drawing() as page:
        found = layouts_bad(page, range(200))
    bad = [one for one in found if not one.refused]
    assert not bad, "\n".join(f"seed {one.seed}: {one.why}" for one in bad)
    assert len(found) <= 6, "the product leaves no room far more often than it should"


def test_every_lettering_of_the_dictionary_is_drawn_and_found_by_its_names() -> None:
    assert {one.id for one in LETTERINGS} == set(STYLES)
    for one in LETTERINGS:
        for asked in (one.id, one.en, one.ko):
            assert style_of(asked)[0].name == one.id, asked


def test_unknown_words_take_the_nearest_lettering_or_the_default_and_say_so() -> None:
    style, said = style_of("neno")
    assert style.name == "neon"
    assert "nearest" in said
    style, said = style_of("xyzzy")
    assert style.name == "minimal"
    assert "xyzzy" in said


def test_every_font_is_there_with_its_licence_and_draws_what_it_promises() -> None:
    for one in fonts.list_fonts():
        licence = one.path.parent / ("OFL.txt" if one.path.parent.name == "fonts" else f"{one.path.stem}.OFL.txt")
        assert "SIL Open Font License" in licence.read_text("utf-8")
    assert json.dumps([one.name for one in fonts.list_fonts()])
    assert fonts.font_named("블랙한산스") is None
    found = fonts.font_named("검은고딕")
    assert found
    assert found.name == "Black Han Sans"
