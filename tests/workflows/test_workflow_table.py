"""The table in docs/workflows.md says what the files say."""

import pytest

from workflows.catalog import Catalog, load_catalog
from workflows.write_table import TARGET, table_text, with_table

CATALOG = load_catalog()


def test_the_table_is_up_to_date() -> None:
    document = TARGET.read_text("utf-8")
    assert document == with_table(document, CATALOG), "run `python -m workflows.write_table`"


def test_every_workflow_has_a_row_that_tells_whether_it_runs() -> None:
    rows = table_text(CATALOG).splitlines()[2:]
    assert len(rows) == len(CATALOG)
    for row, workflow in zip(rows, CATALOG.values(), strict=True):
        assert row.startswith(f"| `{workflow.name}` |")
        assert row.count("(to come)") == sum(not engine.exists for engine in workflow.engines)
        assert row.count(" | ") == 6


def test_a_document_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        with_table("# Workflows", Catalog([]))
