"""Write `schema.json`, by which editors check a workflow file as it is typed: `python -m workflows.write_schema`."""

import json
from pathlib import Path

from workflows.schema import Workflow

TARGET = Path(__file__).parent / "schema.json"


def schema_text() -> str:
    """The JSON Schema of a workflow file, as it stands in `schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Workflow.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema_text(), "utf-8")
