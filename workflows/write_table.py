"""Write the table of workflows in `docs/workflows.md`: `python -m workflows.write_table`."""

import re
from pathlib import Path

from workflows.catalog import Catalog, load_catalog
from workflows.schema import Workflow

TARGET = Path(__file__).parent.parent / "docs" / "workflows.md"
START, END = "<!-- table: python -m workflows.write_table -->", "<!-- end of table -->"
HEAD = "| workflow | what it makes | engines | VRAM, GB | host RAM, GB | variants (VRAM) | weights (GB, licence) |"


def table_text(catalog: Catalog) -> str:
    """One row a workflow, by name."""
    rows = [HEAD, "|---|---|---|--:|--:|---|---|", *(_row(workflow) for workflow in catalog.values())]
    return "\n".join(rows)


def with_table(document: str, catalog: Catalog) -> str:
    """The document with a fresh table between its two markers. Raises `ValueError` when they are missing."""
    between = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
    if not between.search(document):
        raise ValueError(f"{TARGET.name} has no place for the table; put “{START}” and “{END}” around it.")
    return between.sub(lambda _: f"{START}\n{table_text(catalog)}\n{END}", document)


def _row(workflow: Workflow) -> str:
    needs = workflow.needs
    least, good = needs.vram_gb, needs.recommended_vram_gb
    engines = ", ".join(e.name if e.exists else f"{e.name} (to come)" for e in workflow.engines)
    variants = ", ".join(f"{v.name} {v.vram_gb:g}" for v in needs.variants)
    bundles = "; ".join(f"{b.repository} ({b.size_gb:g}, {b.licence})" for b in needs.bundles)
    vram = f"{least:g}" if least == good else f"{least:g}, better {good:g}"
    cells = (f"`{workflow.name}`", workflow.title.en, engines, vram, f"{needs.ram_gb:g}", variants, bundles)
    return f"| {' | '.join(cell or '–' for cell in cells)} |"


if __name__ == "__main__":
    TARGET.write_text(with_table(TARGET.read_text("utf-8"), load_catalog()), "utf-8")
