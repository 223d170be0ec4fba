"""The names that cells use for other rows, and what they stand for: in the project, or in the file itself."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cinefarm.ids import new_id
from cinefarm.sentences import say
from master.exchange.cells import Worn, write_cast
from master.exchange.columns import Kind
from master.exchange.report import MissingName
from master.shots.bible import Bible

Cast = tuple[tuple[str, str | None], ...]  # (character id, look id or none for the default look), in order
MAX_NAME = 120  # characters
MAX_CAST = 50  # in one shot


def loosely(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


@dataclass(slots=True)
class Register:
    """Names of one kind. Looked up exactly; else whatever their case, if only one matches so."""

    shown: dict[str, str] = field(default_factory=dict)  # id → name
    _exact: dict[str, str] = field(default_factory=dict)
    _loose: dict[str, set[str]] = field(default_factory=dict)

    def add(self, id: str, name: str) -> None:
        """A renamed row keeps answering to its old name unless another takes it."""
        self.shown[id] = name
        self.also(id, name, wins=True)

    def also(self, id: str, name: str, *, wins: bool = False) -> None:
        name = unicodedata.normalize("NFC", name)
        if wins:
            self._exact[name] = id
        else:
            self._exact.setdefault(name, id)
        self._loose.setdefault(loosely(name), set()).add(id)

    def find(self, name: str) -> str | None:
        if found := self._exact.get(name):
            return found
        alike = self._loose.get(loosely(name), set())
        return next(iter(alike)) if len(alike) == 1 else None


@dataclass(slots=True)
class MissingRow:
    """A name used and not defined, with the id it gets if it is created."""

    id: str
    report: MissingName
    owner_id: str = ""


class Names:
    """Finds rows by name; a name that nothing defines gets an id at once and stands in `missing`."""

    def __init__(self, bible: Bible) -> None:
        self.missing: dict[tuple[Kind, str, str], MissingRow] = {}
        self._registers = {kind: Register() for kind in (Kind.SEQUENCES, Kind.CHARACTERS, Kind.OPTIONS)}
        self._looks: dict[str, Register] = {}
        self._owner: dict[str, str] = {}  # look id → character id
        for id, sequence in bible.sequences.items():
            self.add(Kind.SEQUENCES, id, sequence.code)
            if sequence.name:
                self._registers[Kind.SEQUENCES].also(id, sequence.name)
        for id, character in bible.characters.items():
            self.add(Kind.CHARACTERS, id, character.name)
        for id, option in bible.options.items():
            self.add(Kind.OPTIONS, id, option.name)
        for id, look in bible.looks.items():
            self.add_look(look.character_id, id, look.name)

    def add(self, kind: Kind, id: str, name: str) -> None:
        self._registers[kind].add(id, name)

    def add_look(self, character_id: str, id: str, name: str) -> None:
        self._looks.setdefault(character_id, Register()).add(id, name)
        self._owner[id] = character_id

    def known(self, kind: Kind, name: str) -> str | None:
        return self._registers[kind].find(name)

    def known_look(self, character_id: str, name: str) -> str | None:
        register = self._looks.get(character_id)
        return register.find(name) if register else None

    def need(self, kind: Kind, name: str, place: str) -> str:
        """The id that `name` stands for. Raises ValueError for what could be no name at all."""
        if found := self.known(kind, name):
            self._used(kind, name, "", place)
            return found
        id = self._miss(kind, name, place)
        self.add(kind, id, name)
        return id

    def need_look(self, character_id: str, name: str, place: str) -> str:
        of = self._registers[Kind.CHARACTERS].shown[character_id]
        if found := self.known_look(character_id, name):
            self._used(Kind.LOOKS, name, of, place)
            return found
        id = self._miss(Kind.LOOKS, name, place, of=of, owner_id=character_id)
        self.add_look(character_id, id, name)
        return id

    def _used(self, kind: Kind, name: str, of: str, place: str) -> None:
        if row := self.missing.get((kind, of, name)):
            row.report.count += 1
            if len(row.report.places) < 5:
                row.report.places.append(place)

    def _miss(self, kind: Kind, name: str, place: str, *, of: str = "", owner_id: str = "") -> str:
        if len(name) > MAX_NAME:
            raise ValueError(
                say(
                    "“{name}…” has {count} characters; a name has at most {max_name}.",
                    name=name[:40],
                    count=len(name),
                    max_name=MAX_NAME,
                )
            )
        report = MissingName(kind=kind, name=name, of=of, places=[place], count=1)
        row = MissingRow(new_id(), report, owner_id)
        self.missing[kind, of, name] = row
        return row.id

    def need_cast(self, cast: Sequence[Worn], place: str) -> Cast:
        """Raises ValueError for somebody named twice."""
        if len(cast) > MAX_CAST:
            raise ValueError(
                say(
                    "{count} characters are too many for one shot; the most is {max_cast}.",
                    count=len(cast),
                    max_cast=MAX_CAST,
                )
            )
        found: dict[str, str | None] = {}
        for worn in cast:
            character_id = self.need(Kind.CHARACTERS, worn.name, place)
            if character_id in found:
                raise ValueError(say("“{name}” is listed twice; a shot shows each character once.", name=worn.name))
            found[character_id] = self.need_look(character_id, worn.look, place) if worn.look else None
        return tuple(found.items())

    def show(self, kind: Kind, id: str | None) -> str:
        return self._registers[kind].shown.get(id, "") if id else ""

    def show_look(self, look_id: str | None) -> str:
        owner = self._owner.get(look_id or "")
        return self._looks[owner].shown[look_id] if owner and look_id else ""

    def show_cast(self, cast: Cast) -> str:
        return write_cast([Worn(self.show(Kind.CHARACTERS, id), self.show_look(look_id)) for id, look_id in cast])
