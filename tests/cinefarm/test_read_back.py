"""What came from a worker, or lay in the database, is told in the language asked for."""

from string import Formatter

import pytest

from cinefarm.ad_styles import BACKGROUNDS, EXTRUDED, LETTERINGS
from cinefarm.read_back import read_back
from cinefarm.sentences import Language, Said, Word, is_wordless, korean, listed, say

TEMPLATES = [template for template in korean()["sentences"] if not is_wordless(template)]


def told(said: str) -> str:
    """In Korean, of the text alone."""
    return read_back(str(said)).told(Language.KO)


def filled(template: str) -> Said:
    """With a value for each name, a number where it is formatted as one."""
    values: dict[str, object] = {}
    for _, name, spec, _ in Formatter().parse(template):
        if name:
            values[name] = 41.5 if spec else f"x{len(values)}y"
    return Said(template, values)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_sentence_is_known_again(template: str) -> None:
    said = filled(template)
    assert told(said) == said.told(Language.KO)
    assert read_back(str(said)) == str(said)


def test_a_value_may_be_a_sentence_or_a_word() -> None:
    inner = say("it is {width}×{height} and the photo {wide}×{high}; paint it over the photo itself", **SIZES)
    whole = say("“{name}” cannot be used: {why}.", name=Word("hint_image"), why=inner)
    assert told(whole) == whole.told(Language.KO)
    assert told(whole).startswith("“칠한 힌트” 파일을 쓸 수 없습니다: 크기가 10×20인데")


SIZES = {"width": 10, "height": 20, "wide": 30, "high": 40}


def test_styles_are_called_by_their_korean_names() -> None:
    asked = "x" * 5
    for style in (*BACKGROUNDS, *LETTERINGS, *EXTRUDED):
        assert style.ko in told(
            say("No lettering is called “{asked}”; {taken} was taken.", asked=asked, taken=style.en)
        )
    names = listed([style.en for style in EXTRUDED], ", ")
    said = say(
        "Extruded letters are not made of “{asked}”; steel was taken. There are {names}.", asked=asked, names=names
    )
    assert all(style.ko in told(said) for style in EXTRUDED)


def test_words_of_nobody_stay_as_they_are() -> None:
    for text in ("", "CUDA error: no kernel image", "{broken} {", "완전히 다른 말", "A" * 5000):
        assert read_back(text) == text
        assert told(text) == text


def test_a_sentence_in_english_reads_as_it_was() -> None:
    assert read_back("Ran longer than its limit of 30 s.").told(Language.EN) == "Ran longer than its limit of 30 s."
