"""Where the language model is, as the master reads it."""

import pytest

from master.config import MasterSettings


def test_the_common_names_count_where_ours_are_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "KEY", "MODEL"):
        monkeypatch.delenv(f"CINEFARM_LLM_{name}", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    monkeypatch.setenv("CINEFARM_LLM_MODEL", "qwen3:8b")
    llm = MasterSettings(_env_file=None).llm
    assert (llm.base_url, llm.model, llm.lacking) == ("http://127.0.0.1:11434/v1", "qwen3:8b", None)
    monkeypatch.setenv("CINEFARM_LLM_KEY", "ours")
    key = MasterSettings(_env_file=None).llm.key
    assert key
    assert key.get_secret_value() == "ours"
    assert "ours" not in repr(MasterSettings(_env_file=None))
