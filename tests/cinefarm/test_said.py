"""A sentence is told in the language asked for, in English everywhere else."""

import copy
import pickle
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from cinefarm.sentences import (
    Language,
    Said,
    Word,
    asked_language,
    korean,
    language_of,
    listed,
    plain,
    say,
    sentence_of,
)
from cinefarm.statuses import JobStatus

GONE = say("There is no project “{code}”.", code="DEMO")


class Answer(BaseModel):
    why: Said


@pytest.fixture
def in_korean() -> Iterator[None]:
    token = asked_language.set(Language.KO)
    yield
    asked_language.reset(token)


def test_a_sentence_is_a_text_in_english() -> None:
    assert GONE == "There is no project “DEMO”."
    assert f"{GONE}" == str(GONE) == GONE


def test_an_answer_tells_it_in_the_language_asked_for(in_korean: None) -> None:
    assert Answer(why=GONE).model_dump(mode="json") == {"why": "프로젝트 “DEMO”: 없는 프로젝트입니다."}


def test_without_a_language_it_is_english() -> None:
    assert Answer(why=GONE).model_dump_json() == '{"why":"There is no project “DEMO”."}'


def test_sentences_and_words_in_a_sentence_are_told_too() -> None:
    inner = say("There is no {noun} with this id; it may have been deleted.", noun=Word("shot"))
    whole = listed([say("{place}: {message}", place="rows[0]", message=inner), GONE])
    assert whole.told(Language.KO) == (
        "rows[0]: 이 ID의 샷 항목이 없습니다. 삭제되었을 수 있습니다.; 프로젝트 “DEMO”: 없는 프로젝트입니다."
    )
    assert listed([JobStatus.RUNNING, JobStatus.FAILED], ", ").told(Language.KO) == "실행 중, 실패"


def test_what_nobody_translated_stays_english() -> None:
    assert say("Only in English: {what}.", what=1).told(Language.KO) == "Only in English: 1."
    assert plain("{as} it is").told(Language.KO) == "{as} it is"


def test_an_error_keeps_its_sentence() -> None:
    assert sentence_of(ValueError(GONE)).told(Language.KO) == GONE.told(Language.KO)
    assert sentence_of(KeyError("x")) == "x"


def test_a_copy_can_still_be_told() -> None:
    for again in (copy.deepcopy(GONE), pickle.loads(pickle.dumps(GONE))):
        assert (again, again.told(Language.KO)) == (GONE, GONE.told(Language.KO))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr, ko;q=0.5", "ko"),
        ("fr", "en"),
        ("*;q=0.1, KO;q=0.2", "ko"),
        (";;;,q=,ko;q=abc", "ko"),
    ],
)
def test_the_language_liked_best_is_chosen(header: str, language: str) -> None:
    assert language_of(header) == language


def test_no_korean_particle_hangs_on_a_value() -> None:
    """A value may end in any sound: sentences are worded so that no particle depends on it."""
    changing = re.compile(
        r"\{[^}]*\}[”’`]?((이|여|이어)야|[은는이가을를과와]|으?로|이?나|이?라)(?![가-힣])|[은이을과]\([는가를와]\)|\(으\)로"
    )
    assert [told for told in korean()["sentences"].values() if changing.search(told)] == []
