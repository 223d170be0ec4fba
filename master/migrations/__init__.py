"""Schema upgrades by Alembic, safe to kill at any moment.

On SQLite one transaction holds every step and the version row (`BEGIN IMMEDIATE`, `transactional_ddl`): a killed
upgrade leaves the old schema whole. A verified copy of the database is made first.
"""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from master.db import Database
from master.keeping.backup import BackupReason, make_backup
from master.models import utc_now

log = logging.getLogger("cinefarm.migrations")


class UnknownSchema(RuntimeError):
    """The database was written by a newer version, or by something else."""


def upgrade(db: Database, backups: Path | None = None) -> None:
    """Bring the schema to this version; a copy of what is there comes first, into `backups` or beside the database.

    Raises `UnknownSchema`, or `BackupFailed` or `NoSpace` of the copy; then nothing has changed.
    """
    config = configuration()
    scripts = ScriptDirectory.from_config(config)
    with db.writer_engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        head = scripts.get_current_head()
        if current == head:
            return
        if current is not None and current not in known_revisions():
            raise UnknownSchema(
                f"The database has schema {current}, which this version does not know; it knows up to {head}. "
                "Install the newer version again, or restore a backup made before the upgrade."
            )
        if current is None and inspect(connection).get_table_names():
            raise UnknownSchema("The database holds tables but no schema version; it is not one of Cinefarm's.")
        connection.rollback()
        if current and db.url.startswith("sqlite"):
            database = Path(db.url.removeprefix("sqlite:///"))
            make_backup(database, backups or database.parent / "backups", BackupReason.UPGRADE, utc_now())
    with db.writer_engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("schema upgraded from=%s to=%s", current, head)


def known_revisions() -> set[str]:
    """The schemas that this version can bring up to date."""
    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
