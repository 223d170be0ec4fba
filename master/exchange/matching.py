"""Which row of the project a row of the file is: by its hidden id, else by its name or code exactly, else new."""

from collections.abc import Callable, Iterable
from typing import Any

from cinefarm.ids import new_id
from cinefarm.sentences import Said, Word, say
from master.errors import Problem
from master.exchange.cells import unquoted
from master.exchange.columns import ID, SHEETS, Kind
from master.exchange.current import Current, Values
from master.exchange.drafts import Draft, kept_code
from master.exchange.names import MAX_NAME
from master.exchange.tables import Table, TableRow

Key = tuple[Any, ...] | None


def name_of(kind: Kind, values: Values) -> tuple[Any, ...]:
    """What no two rows of a kind share; a look's name counts within its character."""
    if kind == Kind.LOOKS:
        return (values["character"], values["name"])
    return (values[SHEETS[kind].name_key],)


class Matcher:
    """Turns the rows of one kind into drafts. A row that appears twice in the file is told in both places."""

    def __init__(self, current: Current, kind: Kind, problems: list[Problem]) -> None:
        self.current = current
        self.kind = kind
        self.problems = problems
        self.rows = current.rows[kind]
        self.by_key = {name_of(kind, row.values): row for row in self.rows.values()}
        self._first: dict[object, tuple[Table, TableRow, str]] = {}

    def match(self, tables: Iterable[Table]) -> list[Draft]:
        return [draft for table in tables for row in table.rows if (draft := self._draft(table, row)) is not None]

    def _draft(self, table: Table, row: TableRow) -> Draft | None:
        key = self._key_in(table, row)
        found = self.rows.get(row.id) or (self.by_key.get(key) if key else None)
        if found is None and key is None and self.kind != Kind.SHOTS:
            name_key = SHEETS[self.kind].name_key
            blank = name_key if not row.cells.get(name_key) else "character"
            self._tell(
                table,
                row,
                blank,
                say("“{blank}” is blank or too long; every row here needs one.", blank=table.titles.get(blank, blank)),
            )
            return None
        if found is None and self._is_deleted(table, row, key):
            return None
        draft = Draft(table, row, found.id if found else new_id(), found)
        twice = self._twice(table, row, key or (name_of(self.kind, found.values) if found else None), draft.id)
        return None if twice else draft

    def _key_in(self, table: Table, row: TableRow) -> Key:
        """By what a row is found when it brings no id; None for a blank one."""
        name_key = SHEETS[self.kind].name_key
        text = row.cells.get(name_key, "")
        if not text:
            return None
        if name_key == "code":
            try:
                return (kept_code(text),)
            except ValueError:
                return (text,)  # told as a bad cell when it is read
        if self.kind != Kind.LOOKS:
            return (text,)
        owner = unquoted(row.cells.get("character", ""))
        if not owner or len(owner) > MAX_NAME:
            return None
        return (self.current.names.need(Kind.CHARACTERS, owner, table.place(row, "character")), text)

    def _is_deleted(self, table: Table, row: TableRow, key: Key) -> bool:
        if self.kind != Kind.SHOTS:
            return False
        deleted = self.current.deleted
        if row.id in deleted or (key and key[0] in deleted.values()):
            code = deleted.get(row.id) or (key[0] if key else "")
            self._tell(
                table,
                row,
                "code",
                say("the shot “{code}” is in the trash; restore it there, or use another code.", code=code),
            )
            return True
        return False

    def _twice(self, table: Table, row: TableRow, key: Key, id: str) -> bool:
        """Whether an earlier row is the same one. Both places are told."""
        marks: list[tuple[object, str, str]] = [(("id", id), ID, "row")]
        if key:
            marks.append((("key", key), SHEETS[self.kind].name_key, "code" if self.kind == Kind.SHOTS else "name"))
        for same, column, noun in reversed(marks):
            if same in self._first:
                other_table, other, _ = self._first[same]
                here, there = table.place(row, column), other_table.place(other, column)
                if table.letters.get(column) is None and noun == "row":
                    here, there = table.row_place(row), other_table.row_place(other)
                value = row.cells.get(column, "")
                self.problems.append(
                    Problem(
                        place=there,
                        value=value,
                        message=say("the same {noun} stands in {here} too; keep one.", noun=Word(noun), here=here),
                    )
                )
                self.problems.append(
                    Problem(
                        place=here,
                        value=value,
                        message=say("the same {noun} stands in {there} too; keep one.", noun=Word(noun), there=there),
                    )
                )
                return True
        for same, column, _ in marks:
            self._first[same] = (table, row, column)
        return False

    def _tell(self, table: Table, row: TableRow, key: str, message: Said) -> None:
        self.problems.append(Problem(place=table.place(row, key), value=row.cells.get(key, "")[:120], message=message))


def register(current: Current, kind: Kind, drafts: Iterable[Draft]) -> None:
    """Make the names that the file defines findable for the rows that use them."""
    key = SHEETS[kind].name_key
    read: Callable[[str], str] = kept_code if key == "code" else str
    for draft in drafts:
        name = draft.row.cells.get(key, "") or (draft.found.values[key] if draft.found else "")
        if kind == Kind.LOOKS:
            _register_look(current, draft, name)
            continue
        try:
            current.names.add(kind, draft.id, read(name))
        except ValueError:
            current.names.add(kind, draft.id, name)  # told as a bad cell when it is read


def _register_look(current: Current, draft: Draft, name: str) -> None:
    text = draft.row.cells.get("character", "")
    owner = current.names.known(Kind.CHARACTERS, unquoted(text)) if text else None
    if owner is None and draft.found:
        owner = draft.found.values["character"]
    if owner is not None:
        current.names.add_look(owner, draft.id, name)
