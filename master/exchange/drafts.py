"""From the cells of a row to the values it asks for. Every bad cell is told; none stops the reading."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from cinefarm.sentences import Said, say, sentence_of
from master.complaints import complaint_of
from master.errors import Problem
from master.exchange.cells import (
    list_pieces,
    look_pieces,
    read_cast,
    read_frames,
    read_number,
    read_rating,
    read_tags,
    read_worn,
    unquoted,
)
from master.exchange.columns import Kind
from master.exchange.current import TEXT_KEYS, Current, Existing, Values
from master.exchange.names import Cast
from master.exchange.tables import Table, TableRow
from master.models import CharacterFields, CinematicFields, Fields, LookFields, SequenceFields, ShotFields
from master.models.project import LOOSE_CODE, fit_code
from master.models.shot import MAX_POSITION

_MODELS: dict[Kind, type[Fields]] = {
    Kind.SEQUENCES: SequenceFields,
    Kind.CHARACTERS: CharacterFields,
    Kind.LOOKS: LookFields,
    Kind.OPTIONS: CinematicFields,
    Kind.SHOTS: ShotFields,
}
_READ: dict[str, Callable[[str], Any]] = {"rating": read_rating, "tags": read_tags}
_LENGTHS = ("frames", "seconds", "timecode")


@dataclass(slots=True)
class Draft:
    """One row as the file wants it."""

    table: Table
    row: TableRow
    id: str
    found: Existing | None
    values: Values = field(default_factory=dict)


class Reader:
    """Reads the cells of drafts; collects what is wrong with them."""

    def __init__(self, current: Current, problems: list[Problem]) -> None:
        self.current = current
        self.problems = problems
        self._read: dict[Kind, Callable[[Draft], None]] = {
            Kind.SEQUENCES: self._numbers,
            Kind.CHARACTERS: self._character,
            Kind.LOOKS: self._look,
            Kind.OPTIONS: lambda draft: None,
            Kind.SHOTS: self._shot,
        }

    def read(self, draft: Draft) -> None:
        """Fill `draft.values` from every column that the file has."""
        kind, cells = draft.table.kind, draft.row.cells
        for key in TEXT_KEYS[kind]:
            if key in cells and not (key in ("code", "workflow_type", "name") and not cells[key]):
                draft.values[key] = cells[key]
        if "code" in draft.values:
            self._cell(draft, "code", kept_code)
        self._read[kind](draft)
        self._check_limits(draft)

    def bad(self, draft: Draft, key: str, message: Said) -> None:
        place = draft.table.place(draft.row, key)
        self.problems.append(Problem(place=place, value=draft.row.cells.get(key, "")[:120], message=message))
        draft.values.pop(key, None)

    def _cell(self, draft: Draft, key: str, read: Callable[[str], Any]) -> None:
        try:
            draft.values[key] = read(draft.row.cells[key])
        except ValueError as error:
            self.bad(draft, key, sentence_of(error))

    def _numbers(self, draft: Draft) -> None:
        if draft.row.cells.get("position"):
            self._cell(draft, "position", lambda text: read_number(text, least=-MAX_POSITION, most=MAX_POSITION))

    def _character(self, draft: Draft) -> None:
        if draft.row.cells.get("lora_strength"):
            self._cell(draft, "lora_strength", lambda text: read_number(text, least=0, most=1))
        if "default_look" in draft.row.cells:
            place = draft.table.place(draft.row, "default_look")
            self._cell(
                draft,
                "default_look",
                lambda text: self.current.names.need_look(draft.id, text, place) if text else None,
            )

    def _look(self, draft: Draft) -> None:
        place = draft.table.place(draft.row, "character")
        if draft.row.cells.get("character"):
            self._cell(draft, "character", lambda text: self.current.names.need(Kind.CHARACTERS, unquoted(text), place))

    def _shot(self, draft: Draft) -> None:
        self._numbers(draft)
        for key, kind in (("sequence", Kind.SEQUENCES), ("option", Kind.OPTIONS)):
            if key in draft.row.cells:
                self._name(draft, key, kind)
        if "characters" in draft.row.cells or "looks" in draft.row.cells:
            self._cast(draft)
        for key, read in _READ.items():
            if key in draft.row.cells:
                self._cell(draft, key, read)
        self._length(draft)

    def _name(self, draft: Draft, key: str, kind: Kind) -> None:
        place = draft.table.place(draft.row, key)
        self._cell(draft, key, lambda text: self.current.names.need(kind, text, place) if text else None)

    def _cast(self, draft: Draft) -> None:
        key = "characters" if "characters" in draft.row.cells else "looks"
        try:
            if key == "characters":
                place = draft.table.place(draft.row, key)
                draft.values[key] = self.current.names.need_cast(read_cast(draft.row.cells[key]), place)
            key = "looks"
            if draft.row.cells.get("looks"):
                draft.values["characters"] = self._dressed(draft, draft.row.cells["looks"])
        except ValueError as error:
            self.bad(draft, key, sentence_of(error))
            draft.values.pop("characters", None)

    def _dressed(self, draft: Draft, text: str) -> Cast:
        """The cast in the looks of the separate column: “name: look” each, or one look for each in order."""
        names, place = self.current.names, draft.table.place(draft.row, "looks")
        old: Values = draft.found.values if draft.found else {}
        cast: Cast = draft.values["characters"] if "characters" in draft.values else old.get("characters", ())
        worn = dict(cast)
        pieces = list_pieces(text)
        if any(read_worn(piece).look for piece in pieces):
            for name, look in map(read_worn, pieces):
                character_id = names.known(Kind.CHARACTERS, name)
                if character_id not in worn or not look:
                    raise ValueError(
                        say("“{name}” is not among the characters of this shot; write “character: look”.", name=name)
                    )
                worn[str(character_id)] = names.need_look(character_id, look, place)
            return tuple(worn.items())
        if len(pieces) != len(cast):
            raise ValueError(
                say(
                    "there are {count} looks for {count2} characters; write “character: look” for each.",
                    count=len(pieces),
                    count2=len(cast),
                )
            )
        return tuple(
            (id, worn_now if piece == "-" else names.need_look(id, unquoted(piece), place))
            for (id, worn_now), piece in zip(cast, pieces, strict=True)
        )

    def _length(self, draft: Draft) -> None:
        """Frames from up to three columns. Those that still say what the database says give way to the edited one."""
        found: dict[str, int] = {}
        for key in _LENGTHS:
            text = draft.row.cells.get(key)
            if text:
                try:
                    found[key] = read_frames(text, self.current.rate, unit=key)
                except ValueError as error:
                    self.bad(draft, key, sentence_of(error))
                    return
        old = draft.found.values["frames"] if draft.found else None
        edited = {key: frames for key, frames in found.items() if frames != old}
        if len(set(edited.values())) > 1:
            told = " but ".join(f"“{draft.table.titles[key]}” says {frames} frames" for key, frames in edited.items())
            self.bad(draft, next(iter(edited)), say("{told}; correct one of them, or leave it blank.", told=told))
        elif found:
            draft.values["frames"] = next(iter((edited or found).values()))

    def _check_limits(self, draft: Draft) -> None:
        """Lengths and patterns, from the same models that the API checks with."""
        if draft.found is not None and all(draft.found.values.get(key) == value for key, value in draft.values.items()):
            return
        kind = draft.table.kind
        fields = {key: draft.values[key] for key in TEXT_KEYS[kind] if key in draft.values}
        if kind == Kind.SHOTS:
            fields.pop("code", None)
        else:
            stand_in = "X" if kind == Kind.SEQUENCES else "-"
            fields = {"code" if kind == Kind.SEQUENCES else "name": stand_in} | fields
        try:
            _MODELS[kind].model_validate(fields)
        except ValidationError as error:
            for item in error.errors():
                self.bad(draft, str(item["loc"][0]), complaint_of(item))


@lru_cache(maxsize=65_536)
def kept_code(text: str) -> str:
    """A code as the farm keeps it. Raises ValueError for one that it cannot keep."""
    code = fit_code(text)
    if not re.fullmatch(LOOSE_CODE, code):
        raise ValueError(say("“{text}” is no code; use up to 32 letters, digits, - and _.", text=text[:40]))
    return code


def expand_looks(table: Table, problems: list[Problem]) -> Table | None:
    """The “Looks” column of a Characters sheet as a table of its own: “raincoat: red, with a hood; uniform: navy”."""
    if "looks" not in table.titles:
        return None
    rows = []
    for row in table.rows:
        try:
            looks = [read_worn(piece) for piece in look_pieces(row.cells.get("looks", ""))]
        except ValueError as error:
            place = table.place(row, "looks")
            problems.append(Problem(place=place, value=row.cells["looks"][:120], message=sentence_of(error)))
            continue
        for look in looks:
            cells = {"character": row.cells.get("name", ""), "name": look.name}
            rows.append(TableRow(row.number, cells | ({"description": look.look} if look.look else {})))
    keys = ("character", "name", "description")
    return Table(
        kind=Kind.LOOKS,
        name=table.name,
        rows=rows,
        titles=dict.fromkeys(keys, table.titles["looks"]),
        letters=dict.fromkeys(keys, table.letters.get("looks", "")),
        json_path=table.json_path,
    )
