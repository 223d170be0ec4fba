"""Statements over many rows at once, fed by one parameter: the rows as a JSON array of arrays.

One statement is one step inside SQLite, and while it runs the interpreter's lock is free: a thousand rows are written
on the second core while the event loop goes on. With one statement a row (executemany) the writer would ask for the
lock back a thousand times, and wait for it each time while the loop is busy. So an answer is one row too: what was
found as JSON, instead of `RETURNING`, whose every row is a step of its own.

The dialects differ in how JSON becomes rows and back; the bodies are SQL that both know. A compare-and-set names the
job by its id first. SQLite would rather walk the index of statuses, whose every entry it then compares: `status || ''`
hides the column from it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, text

Kind = Literal["text", "integer", "number", "json", "time"]
GivenRows = Sequence[Sequence[object]]

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
        self.sqlite = f"{_sqlite_rows(columns)} {body}"
        self.postgresql = f"{_postgresql_rows(columns)} {_cast(body, parameters)}"

    def run(self, connection: Connection, rows: GivenRows, **parameters: object) -> list[Any]:
        if driver := _sqlite(connection):
            driver.execute(self.sqlite, {"rows": _json(rows), **parameters}).close()
        else:
            connection.execute(text(self.postgresql), {"rows": _json(rows), **parameters})
        return []


class Find:
    """Expressions over `rows`, joined as `source` says."""

    def __init__(self, columns: Mapping[str, Kind], answer: str, source: str) -> None:
        self.sqlite = f"{_sqlite_rows(columns)} SELECT json_group_array(json_array({answer})) FROM {source}"
        self.postgresql = f"{_postgresql_rows(columns)} SELECT {answer} FROM {source}"

    def run(self, connection: Connection, rows: GivenRows) -> list[Any]:
        """What they are, in no order."""
        if driver := _sqlite(connection):
            return _found(driver, self.sqlite, _json(rows))
        return list(connection.execute(text(self.postgresql), {"rows": _json(rows)}).tuples())


class Change:
    """Changes those rows of a table that are as `fence` says, and tells of each whatever `answer` asks for: the columns
    of the table as they are, first of all its id, which the first of `columns` names.

    In SQLite they are found, then changed: nobody else writes in between.
    """

    def __init__(
        self, table: str, columns: Mapping[str, Kind], *, fence: str, sets: str, answer: str, **parameters: Kind
    ) -> None:
        by_id = f"{table}.id = rows.{next(iter(columns))}"
        update = f"UPDATE {table} SET {sets} FROM rows WHERE {by_id}"
        self.sqlite = Find(columns, answer, f"rows JOIN {table} ON {by_id} WHERE {fence}").sqlite
        self._sqlite_update = f"{_sqlite_rows(columns)} {update}"
        self._postgresql = (
            f"{_postgresql_rows(columns)} {_cast(f'{update} AND {fence} RETURNING {answer}', parameters)}"
        )

    def run(self, connection: Connection, rows: GivenRows, **parameters: object) -> list[Any]:
        """What it tells of those that it changed, in no order."""
        given = _json(rows)
        driver = _sqlite(connection)
        if driver is None:
            return list(connection.execute(text(self._postgresql), {"rows": given, **parameters}).tuples())
        found = _found(driver, self.sqlite, given)
        if found:
            if len(found) < len(rows):
                ids = {row[0] for row in found}
                given = _json([row for row in rows if row[0] in ids])
            driver.execute(self._sqlite_update, {"rows": given, **parameters}).close()
        return found


def _sqlite(connection: Connection) -> Any:
    """The driver's connection, to be asked directly: SQLAlchemy would cost more than the rest. None for PostgreSQL."""
    return connection.connection.driver_connection if connection.dialect.name == "sqlite" else None


def _found(driver: Any, statement: str, given: str) -> list[Any]:
    cursor = driver.execute(statement, {"rows": given})
    (answer,) = cursor.fetchone()
    cursor.close()
    found: list[Any] = orjson.loads(answer)
    return found


def _sqlite_rows(columns: Mapping[str, Kind]) -> str:
    picked = ", ".join(f"value ->> {place} AS {name}" for place, name in enumerate(columns))
    return f"WITH rows AS (SELECT {picked} FROM json_each(:rows))"


def _postgresql_rows(columns: Mapping[str, Kind]) -> str:
    cast = ", ".join(
        f"CAST(value ->> {place} AS {_POSTGRESQL[kind]}) AS {name}"
        for place, (name, kind) in enumerate(columns.items())
    )
    return f"WITH rows AS (SELECT {cast} FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS r(value))"


def _cast(body: str, parameters: Mapping[str, Kind]) -> str:
    for name, kind in parameters.items():
        body = body.replace(f":{name}", f"CAST(:{name} AS {_POSTGRESQL[kind]})")
    return body


def _json(rows: GivenRows) -> str:
    return orjson.dumps(rows).decode()


def stored_time(moment: datetime) -> str:
    """A UTC time as the database keeps it."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def stored_json(value: object) -> str:
    return orjson.dumps(value).decode()
