"""Write the JSON Schemas by which editors check a file as it is typed: `python -m workflows.write_schema`."""

import json
from pathlib import Path

from workflows.needs import Bundle
from workflows.schema import Workflow

FOLDER = Path(__file__).parent
SCHEMAS: dict[str, type[Workflow] | type[Bundle]] = {"schema.json": Workflow, "bundle.schema.json": Bundle}


def schema_text(model: type[Workflow] | type[Bundle]) -> str:
    """The JSON Schema of a file, as it stands beside the files."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, model in SCHEMAS.items():
        (FOLDER / name).write_text(schema_text(model), "utf-8")
