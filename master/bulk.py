"""Statements over many rows at once, fed by one parameter: the rows as a JSON array of arrays.

One statement is one step inside SQLite, and while it runs the interpreter's lock is free: a thousand rows are written
on the second core while the event loop goes on. With one statement a row (executemany) the writer would ask for the
lock back a thousand times. The dialects differ only in how JSON becomes rows; the bodies are SQL that both know.

A compare-and-set names the job by its id first. SQLite would rather walk the index of statuses, whose every entry it
then compares: `status || ''` hides the column from it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, text

Kind = Literal["text", "integer", "number", "json", "time"]

_POSTGRESQL = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "json": "json",
    "time": "timestamp",
}


class Bulk:
    """A statement whose body reads from a table `rows` with these columns; other parameters stand in it as `:name`.

    Times are texts (`stored_time`), JSON columns are JSON texts (`stored_json`).
    """

    def __init__(self, columns: Mapping[str, Kind], body: str, **parameters: Kind) -> None:
        picked = ", ".join(f"value ->> {place} AS {name}" for place, name in enumerate(columns))
        self.sqlite = f"WITH rows AS (SELECT {picked} FROM json_each(:rows)) {body}"
        cast = ", ".join(
            f"CAST(value ->> {place} AS {_POSTGRESQL[kind]}) AS {name}"
            for place, (name, kind) in enumerate(columns.items())
        )
        for name, kind in parameters.items():
            body = body.replace(f":{name}", f"CAST(:{name} AS {_POSTGRESQL[kind]})")
        self.postgresql = (
            f"WITH rows AS (SELECT {cast} FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS r(value)) {body}"
        )

    def run(self, connection: Connection, rows: Sequence[Sequence[object]], **parameters: object) -> list[Any]:
        """What the statement returns, as tuples. SQLite is asked directly: SQLAlchemy would cost more than the rest."""
        given = {"rows": orjson.dumps(rows).decode(), **parameters}
        if connection.dialect.name != "sqlite":
            result = connection.execute(text(self.postgresql), given)
            return list(result.tuples()) if result.returns_rows else []
        driver = connection.connection.driver_connection
        assert driver is not None
        cursor = driver.execute(self.sqlite, given)
        try:
            found: list[Any] = cursor.fetchall()
            return found
        finally:
            cursor.close()


def stored_time(moment: datetime) -> str:
    """A UTC time as the database keeps it."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def stored_json(value: object) -> str:
    return orjson.dumps(value).decode()
