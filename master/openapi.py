"""The API as an OpenAPI document, from which the front end's types are made: `python -m master.openapi > FILE`."""

import json
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from pydantic import SecretStr

from master.app import create_app
from master.config import MasterSettings


def document() -> dict[str, Any]:
    """Nothing is started and nothing written; the folders are never used."""
    nowhere = Path(gettempdir()) / "cinefarm-openapi"
    settings = MasterSettings(
        projects_dir=nowhere, storage_dir=nowhere, state_dir=nowhere, secret=SecretStr("of no use"), database_url=None
    )
    return create_app(settings).openapi()


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
