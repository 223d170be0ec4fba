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
from sqlalchemy import Connection, inspect

from master.db import Database

log = logging.getLogger("cinefarm.migrations")


class UnknownSchema(RuntimeError):
    """The database was written by a newer version, or by something else."""


def upgrade(db: Database) -> None:
    """Bring the schema to this version. Raises `UnknownSchema`, or RuntimeError if the copy made first is damaged."""
    config = configuration()
    scripts = ScriptDirectory.from_config(config)
    with db.writer_engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        head = scripts.get_current_head()
        if current == head:
            return
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise UnknownSchema(
                f"The database has schema {current}, which this version does not know; it knows up to {head}. "
                "Install the newer version again, or restore a backup made before the upgrade."
            )
        if current is None and inspect(connection).get_table_names():
            raise UnknownSchema("The database holds tables but no schema version; it is not one of Cinefarm's.")
        connection.rollback()
        if current and db.url.startswith("sqlite"):
            _copy(connection, Path(db.url.removeprefix("sqlite:///")), current)
    with db.writer_engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("schema upgraded from=%s to=%s", current, head)


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _copy(connection: Connection, database: Path, revision: str) -> None:
    """`VACUUM INTO` a file beside the database, and check that it is whole."""
    copy = database.with_name(f"{database.stem}.before-{revision}.db")
    copy.unlink(missing_ok=True)
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("VACUUM INTO ?", (str(copy),)).close()
    raw.execute("ATTACH ? AS copy", (str(copy),)).close()
    try:
        verdict = raw.execute("PRAGMA copy.integrity_check").fetchone()[0]
    finally:
        raw.execute("DETACH copy").close()
    if verdict != "ok":
        raise RuntimeError(f"The copy of the database before the upgrade is damaged: {verdict}")
