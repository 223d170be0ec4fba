"""What a running master is made of; built once in `app.py` and handed down."""

from dataclasses import dataclass

from cinefarm.storage import Storage
from master.config import MasterSettings
from master.db import Database
from workflows.catalog import Catalog


@dataclass(frozen=True)
class Master:
    settings: MasterSettings
    db: Database
    storage: Storage
    catalog: Catalog
