"""A background's style in a person's words, Korean or English."""

import pytest

from cinefarm.ad_styles import BACKGROUNDS
from worker.engines.ads.scenes.styles import STYLES
from worker.engines.ads.scenes.words import FALLBACK, read


@pytest.mark.parametrize(
    ("asked", "style"),
    [
        ("전통시장", "market_stall"),
        ("시장 느낌", "market_stall"),
        ("나무 테이블", "wood_table"),
        ("대리석 위에", "marble"),
        ("린넨", "linen"),
        ("스튜디오", "studio"),
        ("네온 거리", "neon_street"),
        ("밤 보케", "bokeh_night"),
        ("창가 햇살", "sunlit_window"),
        ("축제 분위기", "festival"),
        ("미니멀", "minimal"),
        ("고급스러운", "luxury"),
        ("눈", "snow"),
        ("눈 내리는 겨울", "snow"),
        ("Traditional Korean market atmosphere", "market_stall"),
        ("rustic wooden table", "wood_table"),
        ("neon_street", "neon_street"),
        ("City lights at night", "bokeh_night"),
        ("어시장", "market_stall"),
        ("포장마차 분위기", "market_stall"),
        ("빵집", "wood_table"),
        ("한옥", "wood_table"),
        ("병원처럼 깨끗한", "marble"),
        ("한복", "linen"),
        ("흰 배경", "studio"),
        ("하얀배경", "studio"),
        ("배경 없이", "studio"),
        ("블랙", "studio"),
        ("핑크 배경", "studio"),
        ("white background", "studio"),
        ("비오는 거리", "neon_street"),
        ("한강 야경", "bokeh_night"),
        ("와인바", "bokeh_night"),
        ("아침", "sunlit_window"),
        ("설날", "festival"),
        ("호텔", "luxury"),
        ("한우 선물세트", "luxury"),
        ("설산", "snow"),
        ("제주도", "beach"),
        ("웨딩", "blossom"),
        ("가을 단풍", "garden"),
        ("캠핑장", "garden"),
        ("싱싱한 느낌", "garden"),
        ("대나무숲", "garden"),
    ],
)
def test_a_style_is_known_by_its_names(asked: str, style: str) -> None:
    found = read(asked)
    assert (found.style, found.understood) == (style, True)


def test_every_style_answers_to_every_one_of_its_words_and_has_words_in_both_languages() -> None:
    assert {style.id for style in BACKGROUNDS} == set(STYLES)
    for words in (style.words for style in BACKGROUNDS):
        assert any(word.isascii() for word in words.split(" | "))
        assert any(not word.isascii() for word in words.split(" | "))
        for word in words.replace("~", "").split(" | "):
            assert read(word).understood, word


def test_a_thing_or_place_goes_before_a_mood() -> None:
    assert read("고급스러운 대리석").style == "marble"
    assert read("따뜻한 느낌의 나무 테이블").style == "wood_table"


def test_the_letters_of_a_word_inside_another_are_not_that_word() -> None:
    assert read("눈부신 햇살").style == "sunlit_window"
    assert read("icebergs").style != "snow" or not read("icebergs").understood


def test_an_unknown_style_is_the_nearest_by_its_letters_or_the_fallback_and_says_so() -> None:
    assert (read("festivel").style, read("festivel").understood) == ("festival", False)
    assert (read("우주 정거장").style, read("우주 정거장").understood) == (FALLBACK, False)
    assert (read("").style, read("").understood) == (FALLBACK, False)
    for asked in ("space", "공룡", "asdfgh"):
        assert (read(asked).style, read(asked).understood) == (FALLBACK, False)


def test_a_prompt_decides_where_the_style_says_nothing_or_is_only_the_forms_default() -> None:
    assert read("", "bottles on a snowy hill").style == "snow"
    assert read("minimal", "a stall in a traditional market").style == "market_stall"
    assert read("대리석", "a stall in a traditional market").style == "marble"


def test_colour_tone_and_hour_are_read_from_both() -> None:
    found = read("파란 스튜디오", "dark mood, sunset")
    assert (found.style, found.hue, found.tone, found.time) == ("studio", 250.0, "dark", "sunset")
    assert read("스튜디오").hue is None
