"""Which build of the page is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from master import built


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    built.page_entry.cache_clear()
    yield
    built.page_entry.cache_clear()


def test_the_build_is_told_by_the_script_the_page_begins_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = '<script type="module" crossorigin src="/assets/index-a1.js"></script><script src="/assets/b.js"></script>'
    (tmp_path / "index.html").write_text(page, "utf-8")
    monkeypatch.setattr(built, "FRONTEND", tmp_path)
    assert built.page_entry() == "/assets/index-a1.js"


def test_a_page_that_is_not_built_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built, "FRONTEND", tmp_path)
    assert built.page_entry() is None
