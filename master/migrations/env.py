"""Alembic's environment: the connection is handed in by `master.migrations.upgrade`."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import master.models  # noqa: F401  registers the tables
from master.models.base import StoredEnum, UtcTime


def render_item(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Write plain column types, so that a migration never depends on code that changes."""
    if kind != "type":
        return False
    if isinstance(item, UtcTime):
        return "sa.DateTime()"
    if isinstance(item, StoredEnum | AutoString):
        length = item.impl.length if isinstance(item, StoredEnum) else item.length
        return f"sa.String(length={length})" if length else "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,  # Alembic's default for SQLite would commit between steps
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
