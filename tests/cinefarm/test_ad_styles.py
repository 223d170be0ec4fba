"""What people call a style is found, in Korean and English."""

from pathlib import Path

import pytest

from cinefarm.ad_styles import BACKGROUNDS, EXTRUDED, LETTERINGS, named


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("전통시장", "market_stall"),
        ("Traditional market", "market_stall"),
        ("고급스러운 대리석", "marble"),
        ("고급스러운 분위기", "luxury"),
        ("깔끔한 미니멀", "minimal"),
        ("눈 내리는 겨울", "snow"),
        ("neon_street", "neon_street"),
    ],
)
def test_a_background_is_found_by_its_words(asked: str, id: str) -> None:
    """A thing or a place goes before a mood."""
    found = named(asked, BACKGROUNDS)
    assert found
    assert found.id == id


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("골드풍선", "gold_balloon"),
        ("금박 풍선 느낌", "gold_balloon"),
        ("Neon sign", "neon"),
        ("3D metal", "metal_3d"),
        ("손글씨 캘리그라피", "brush"),
        ("고급 명조", "luxury_serif"),
    ],
)
def test_a_lettering_is_found_by_its_words(asked: str, id: str) -> None:
    """Also with an ending, or by its id."""
    found = named(asked, LETTERINGS)
    assert found
    assert found.id == id


def test_every_style_is_found_by_its_own_names() -> None:
    """So that what a page shows as a chip means what it says."""
    for styles in (BACKGROUNDS, LETTERINGS):
        for style in styles:
            for name in (style.id, style.ko, style.en):
                assert named(name, styles) == style, name


def test_words_that_name_nothing_are_no_style() -> None:
    """The caller says what it takes instead."""
    assert named("제가 좋아하는 그것", BACKGROUNDS) is None
    assert named("", LETTERINGS) is None


def test_every_style_has_a_small_picture_to_be_chosen_by() -> None:
    """`python frontend/scripts/style_pictures.py` draws them; a page loads them all."""
    folder = Path(__file__).resolve().parents[2] / "frontend/public/ads"
    kinds = {"background": BACKGROUNDS, "lettering": LETTERINGS, "solid": EXTRUDED}
    wanted = {f"{kind}-{style.id}.webp" for kind, styles in kinds.items() for style in styles}
    there = {file.name: file.stat().st_size for file in folder.iterdir()}
    assert there.keys() == wanted
    assert sum(there.values()) < 600_000
