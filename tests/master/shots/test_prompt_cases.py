"""The prompts that the page is held to are worth comparing."""

from prompt_cases import BIBLES, SHOTS, cases


def test_the_cases_say_something() -> None:
    texts = {str(shot["expected"]) for bible in cases() for shot in bible["shots"]}
    assert len(texts) > BIBLES * SHOTS * 0.8
