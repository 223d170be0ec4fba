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


BY_SHOP_OWNERS = {
    "brush": "브러시 | 브러쉬 느낌 | 붓글씨체 | 캘리그래피 | 손 글씨 | 수묵화 | 궁서체 | 붓펜 | 한국적인 | handwriting",
    "chalk": "칠판 | 칠판글씨 | 메뉴판 글씨 | 초크아트 | chalk board",
    "glass": "유리 | 유리글자 | 투명한 | 시원하게 | 물방울 | clear glass",
    "sticker": "스티커 | 귀여운 | 아기자기한 | 동글동글 | 만화 | 키즈 | comic",
    "retro_print": "레트로 | 뉴트로 | 복고풍 | 옛날 간판 | 7080 | 빈티지 느낌 | retro poster",
    "sale_burst": "세일 | 폭탄 세일 | 반값 | 파격 할인 | 전단지 | clearance sale",
    "gold_balloon": "풍선 | 풍선 글씨 | 골드 | 황금색 | 반짝이는 | 생일 파티 | gold | foil balloon",
    "luxury_serif": "고급 | 고급스럽게 | 럭셔리 | 명품 | 금박 | 명조체 | 바탕체 | 세련된 | 클래식 | elegant serif",
    "neon": "네온 | 네온사인 | 형광등 | 사이버펑크 | led | neon sign",
    "metal_3d": "3D | 입체 | 입체 글씨 | 메탈 | 은색 | 강철 | 굵은 글씨 | 임팩트 있는 | bold | 3d chrome",
    "candy": "젤리 | 사탕 | 말랑말랑 | 달콤한 | 초콜릿 | donut",
    "minimal": "미니멀 | 심플하게 | 깔끔하게 | 모던 | 고딕체 | 기본 | basic",
}


@pytest.mark.parametrize(
    ("id", "asked"), [(id, one) for id, words in BY_SHOP_OWNERS.items() for one in words.split(" | ")]
)
def test_a_lettering_is_found_by_what_a_shop_owner_calls_it(id: str, asked: str) -> None:
    """Words that people type who have never seen the list."""
    found = named(asked, LETTERINGS)
    assert found
    assert found.id == id


def test_a_korean_phrase_is_known_as_one_word_too() -> None:
    """Spaces in Korean compounds are a matter of taste."""
    for asked in ("비 오는 거리", "비오는 거리", "비오는거리"):
        found = named(asked, BACKGROUNDS)
        assert found
        assert found.id == "neon_street"


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
