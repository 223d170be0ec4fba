"""Differently stuck jobs, each told by the real code; docs/explain.md shows what is said, and must stay true.

Write it anew with `python tests/farm/test_explain_stories.py`.
"""

from pathlib import Path

import pytest
from explain_stories import STORIES

from master.farm.explain import DeviceVerdict, Explanation, explain

DOC = Path(__file__).parents[2] / "docs/explain.md"


def tell(title: str) -> str:
    farm, waits, now = STORIES[title]()
    said = explain(farm, waits, now)
    lines = [f"## {title}", "", f"> {said.summary.en}", ">", f"> {said.summary.ko}"]
    if said.would_start:
        lines += ["", "What would make it start:", ""]
        lines += [f"{n}. `{step.action}` {step.en} · {step.ko}" for n, step in enumerate(said.would_start, 1)]
    if said.devices:
        lines += ["", "| Device | Answer | 답 |", "|---|---|---|"]
        lines += [
            f"| {each.worker} · {each.device} | {_all(each.reason.en, each)} | {_all(each.reason.ko, each, 'ko')} |"
            for each in said.devices
        ]
    return "\n".join(lines)


def _all(first: str, verdict: DeviceVerdict, language: str = "en") -> str:
    return " ".join(getattr(gate.reason, language) for gate in verdict.gates) or first


HEAD = """# Why does it wait?

`cinefarm explain JOB`, “Why is it waiting?” in the browser and `GET /api/jobs/{id}/explain` tell, for every job that
has not ended, the one sentence that matters most, what each device answers, who goes first, when it will start and
what would make it start now, nearest first; in English and Korean.

Below, jobs that are stuck in different ways. The sentences come from the code: a test builds each farm and compares.
"""


def document() -> str:
    return "\n".join([HEAD, *(tell(title) + "\n" for title in STORIES)])


@pytest.mark.parametrize("title", STORIES)
def test_the_document_says_what_the_farm_says(title: str) -> None:
    """Every story as it is told now stands in docs/explain.md."""
    assert tell(title) in DOC.read_text(encoding="utf-8"), "run: python tests/farm/test_explain_stories.py"


@pytest.mark.parametrize("title", STORIES)
def test_every_sentence_is_whole_in_both_languages(title: str) -> None:
    """No empty text, no leftover of a program in it, and no doubled particle."""
    farm, waits, now = STORIES[title]()
    for text in _sentences(explain(farm, waits, now)):
        assert text.strip() == text
        assert text.endswith((".", "`"))
        for wrong in ("None", "{", "을(를)", "이(가)", "은(는)", "nan", "  ", ".."):
            assert wrong not in text


def _sentences(said: Explanation) -> list[str]:
    pairs = [said.summary, *said.would_start, *([said.turn] if said.turn else [])]
    pairs += [gate.reason for verdict in said.devices for gate in verdict.gates]
    pairs += [gate.fix for verdict in said.devices for gate in verdict.gates]
    return [text for pair in pairs for text in (pair.en, pair.ko)]


if __name__ == "__main__":
    DOC.write_text(document(), encoding="utf-8")
