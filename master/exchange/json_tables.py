"""A JSON shot list, or a whole `data.json`, as the same tables that a workbook gives."""

from collections.abc import Mapping
from typing import Any

from cinefarm.sentences import Said, Word, say
from master.errors import BadInput, Problem, TooLarge
from master.exchange.cells import Worn, number_text, quoted, write_cast
from master.exchange.columns import HIDDEN, ID, REV, SHEETS, Kind
from master.exchange.headers import folded, key_of
from master.exchange.limits import ImportLimits
from master.exchange.tables import Table, TableRow, Upload, check_version, clean

_SKIPPED = {"project", "takes", "media", "exported_at", "schema_version", "format"}  # of a data.json
_IDS = {
    "sequence_id": "sequence",
    "cinematic_option_id": "option",
    "frame_count": "frames",
    "default_look_id": "default_look",
}
_UNCHANGED = {  # of a row in a data.json: kept as the farm has them
    *("created_at", "updated_at", "status", "generated_prompt", "inputs_hash", "confirmed_take_id"),
    *("reference_images", "reference_sheet", "character_id"),
}


class _Names:
    """Names by id, from the document's own lists."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.sequences = _by_id(document.get("sequences"), "code")
        self.characters = _by_id(document.get("characters"), "name")
        self.options = _by_id(document.get("options"), "name")
        self.looks = {
            id: name
            for character in _dicts(document.get("characters"))
            for id, name in _by_id(character.get("looks"), "name").items()
        }


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _by_id(value: object, name: str) -> dict[str, str]:
    return {str(entry["id"]): str(entry.get(name, "")) for entry in _dicts(value) if entry.get("id")}


def tables_of_document(document: Any, limits: ImportLimits) -> Upload:
    """Raises `BadInput` with the paths of everything that cannot be read."""
    if isinstance(document, list):
        document = {"shots": document}
    check_version(document.get("schema_version", 1), "schema_version")
    upload = Upload("json")
    names = _Names(document)
    for name, value in document.items():
        kind = next((kind for kind in Kind if folded(name) in _sheet_names(kind)), None)
        if kind is None:
            if name not in _SKIPPED:
                upload.ignored_columns.append(f"{name[:60]}: there is no such list.")
            continue
        if not isinstance(value, list):
            upload.problems.append(
                Problem(place=name, value=str(value)[:80], message=say("must be a list of objects."))
            )
            continue
        if len(value) > limits.rows:
            raise TooLarge(
                "{name} has {count:,} rows; at most {rows:,} are read. Split it.",
                name=name,
                count=len(value),
                rows=limits.rows,
                limit=limits.rows,
            )
        _add_table(upload, _RowReader(upload, names, kind, name), value)
    if not upload.tables and not upload.problems:
        raise BadInput(
            'The JSON file holds no list of shots; write {{"shots": [{{"code": "…", "scene": "…"}}]}} or a list.'
        )
    return upload


def _sheet_names(kind: Kind) -> set[str]:
    spec = SHEETS[kind]
    return {folded(name) for name in (spec.kind, spec.en, spec.ko, *spec.also)}


def _add_table(upload: Upload, reader: "_RowReader", entries: list[Any]) -> None:
    table = Table(reader.kind, reader.path, [], reader.titles, json_path=reader.path)
    looks: list[TableRow] = []
    for index, entry in enumerate(entries):
        path = f"{reader.path}[{index}]"
        if not isinstance(entry, dict):
            upload.problems.append(Problem(place=path, value=str(entry)[:80], message=say("must be an object.")))
            continue
        table.rows.append(TableRow(index, reader.cells(entry, path)))
        if reader.kind == Kind.CHARACTERS and _dicts(entry.get("looks")):
            looks += [TableRow(index, cells) for cells in reader.look_cells(entry, path)]
    upload.tables.append(table)
    if looks:
        titles = {"character": "name", "name": "looks", "description": "looks"}
        upload.tables.append(Table(Kind.LOOKS, reader.path, looks, titles, json_path=reader.path))
    upload.ignored_columns += [f"{reader.path}[].{name}: there is no such column." for name in sorted(reader.unknown)]


class _RowReader:
    """Writes each value of an object as the text that a cell would hold."""

    def __init__(self, upload: Upload, names: _Names, kind: Kind, path: str) -> None:
        self.upload, self.names, self.kind, self.path = upload, names, kind, path
        self.titles: dict[str, str] = {}
        self.unknown: set[str] = set()

    def cells(self, entry: dict[str, Any], path: str) -> dict[str, str]:
        cells: dict[str, str] = {}
        for name, value in entry.items():
            key = self._key(name)
            if key is None:
                if name not in _UNCHANGED:
                    self.unknown.add(name[:60])
                continue
            if key in cells:
                self._bad(
                    f"{path}.{name}", value, say("means {key}, which this object has already; keep one.", key=key)
                )
                continue
            self.titles.setdefault(key, name)
            text = self._text(name, key, value, f"{path}.{name}")
            if text is not None:
                cells[key] = clean(text)
        return cells

    def _key(self, name: str) -> str | None:
        if name in ("id", ID):
            return ID
        if name in ("rev", REV):
            return REV
        if name in HIDDEN or name in _UNCHANGED:
            return None
        return _IDS.get(name) or key_of(self.kind, name)

    def _text(self, name: str, key: str, value: Any, path: str) -> str | None:
        if value is None:
            return ""
        if name in _IDS and name.endswith("_id"):
            return self._named(key, value, path)
        if key == "characters" and isinstance(value, list):
            return self._cast(value, path)
        if key == "tags" and isinstance(value, list) and all(isinstance(tag, str) for tag in value):
            return ", ".join(value)
        if key == "looks" and isinstance(value, list):
            return None if _dicts(value) else "; ".join(quoted(str(part)) for part in value)
        if isinstance(value, (bool, dict, list)):
            self._bad(path, value, say("must be a text or a number."))
            return None
        return number_text(value) if isinstance(value, (int, float)) else str(value)

    def _named(self, key: str, id: Any, path: str) -> str | None:
        lists = {"sequence": self.names.sequences, "option": self.names.options, "default_look": self.names.looks}
        name = lists[key].get(str(id))
        if name is None:
            self._bad(path, id, say("refers to a {noun} that is not in the file.", noun=Word(key.replace("_", " "))))
        return name

    def _cast(self, members: list[Any], path: str) -> str | None:
        cast = []
        for index, member in enumerate(members):
            if isinstance(member, str):
                cast.append(member)
                continue
            worn = self._worn(member, f"{path}[{index}]") if isinstance(member, dict) else None
            if worn is None:
                return None
            cast.append(write_cast([worn]))
        return ", ".join(cast) if all(";" not in text for text in cast) else "; ".join(cast)

    def _worn(self, member: dict[str, Any], path: str) -> Worn | None:
        if "character_id" in member:
            name = self.names.characters.get(str(member["character_id"]))
            look_id = member.get("look_id")
            look = self.names.looks.get(str(look_id)) if look_id else ""
            if name is None or look is None:
                what = "character_id" if name is None else "look_id"
                self._bad(f"{path}.{what}", member.get(what), say("refers to nothing that is in the file."))
                return None
            return Worn(name, look)
        name = member.get("name") or member.get("character")
        if not isinstance(name, str):
            self._bad(path, member, say("needs a “name”, and may have a “look”."))
            return None
        return Worn(name, str(member.get("look") or ""))

    def look_cells(self, character: dict[str, Any], path: str) -> list[dict[str, str]]:
        rows = []
        for look in _dicts(character.get("looks")):
            cells = {"character": quoted(str(character.get("name", ""))), "name": clean(str(look.get("name", "")))}
            if "description" in look:
                cells["description"] = clean(str(look["description"] or ""))
            rows.append(cells | {ID: str(look.get("id") or ""), REV: str(look.get("rev") or "")})
        return rows

    def _bad(self, place: str, value: object, message: Said) -> None:
        self.upload.problems.append(Problem(place=place, value=str(value)[:120], message=message))
