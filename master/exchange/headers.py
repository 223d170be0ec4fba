"""Which column is which: header names in Korean and English, in any case, spacing and order."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from cinefarm.sentences import say
from master.errors import Problem
from master.exchange.columns import HIDDEN, SHEETS, Column, Kind
from master.exchange.grid import Grid, column_letters

HEADER_WITHIN = 20  # the header row is looked for among so many rows


@dataclass(slots=True)
class Header:
    """A found header row: which column of the file fills which field."""

    kind: Kind
    row: int  # number in the file
    at: dict[str, int]  # key → column index
    titles: dict[str, str]  # key → as written in the file
    unknown: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[tuple[str, list[int]]] = field(default_factory=list)


def folded(text: str) -> str:
    """Without case, spaces and punctuation, in one Unicode form: “길이 (초)” and “길이(초)” are the same."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum() or c == "_")


@cache
def _names(kind: Kind) -> dict[str, str]:
    names: dict[str, str] = {name: name for name in HIDDEN}
    for column in SHEETS[kind].columns:
        for name in (column.key, column.en, column.ko, *column.also):
            names.setdefault(folded(name), column.key)
    return names


@cache
def key_of(kind: Kind, title: str) -> str | None:
    """The field that a header names: as a whole, or else by parts that agree (“Action / 동작”, “샷 (Shot)”)."""
    names = _names(kind)
    if title.strip() in HIDDEN:
        return title.strip()
    if key := names.get(folded(title)):
        return key
    parts = [part for part in re.split(r"[/|·\n()\[\]（）]", title) if folded(part)]
    found = {names.get(folded(part)) for part in parts}
    if found == {"characters", "looks"} and kind == Kind.SHOTS:
        return "characters"  # “등장인물/의상”: cells such as 미나(빨간 우비) say both
    return found.pop() if len(found) == 1 and len(parts) > 1 else None


def kind_of_sheet(name: str) -> Kind | None:
    for spec in SHEETS.values():
        if folded(name) in {folded(known) for known in (spec.kind, spec.en, spec.ko, *spec.also)}:
            return spec.kind
    return None


def find_header(grid: Grid) -> Header | None:
    """The row among the first twenty that names most columns; None when no row names two, one of them a key column."""
    named = kind_of_sheet(grid.name)
    found = _best_header(grid, [named], sure=True) if named else None
    return found or _best_header(
        grid, [Kind.SHOTS, Kind.CHARACTERS, Kind.OPTIONS, Kind.LOOKS, Kind.SEQUENCES], sure=False
    )


def _best_header(grid: Grid, kinds: Iterable[Kind], *, sure: bool) -> Header | None:
    best: tuple[int, Header] | None = None
    for kind in kinds:
        for number, cells in grid.rows[:HEADER_WITHIN]:
            header = read_header(kind, number, cells)
            score = len(header.at) + len(header.doubled)
            if _is_enough(kind, header, score, sure=sure) and (best is None or score > best[0]):
                best = (score, header)
    return best[1] if best else None


def _is_enough(kind: Kind, header: Header, score: int, *, sure: bool) -> bool:
    if score < (1 if sure and kind == Kind.SEQUENCES else 2):
        return False
    keys = {*header.at, *(key for key, _ in header.doubled)}
    if kind == Kind.SHOTS:
        return bool(keys & {"code", "scene_description", "action"})
    return SHEETS[kind].name_key in keys


def read_header(kind: Kind, number: int, cells: Sequence[str]) -> Header:
    places: dict[str, list[int]] = {}
    header = Header(kind=kind, row=number, at={}, titles={})
    for index, title in enumerate(cells):
        if not title.strip():
            continue
        key = key_of(kind, title)
        if key is None:
            header.unknown.append((index, " ".join(title.split())))
        else:
            places.setdefault(key, []).append(index)
            header.titles.setdefault(key, " ".join(title.split()))
    _scene_number(kind, places, cells)
    for key, indexes in places.items():
        if len(indexes) == 1:
            header.at[key] = indexes[0]
        else:
            header.doubled.append((key, indexes))
    return header


def _scene_number(kind: Kind, places: dict[str, list[int]], cells: Sequence[str]) -> None:
    """Beside a column of descriptions, a column “Scene” holds the number of the scene, which is our sequence."""
    described = places.get("scene_description", [])
    if kind != Kind.SHOTS or len(described) != 2 or "sequence" in places:
        return
    bare = [index for index in described if folded(cells[index]) == "scene"]
    if len(bare) == 1:
        places["sequence"] = bare
        places["scene_description"] = [index for index in described if index not in bare]


def doubled_problems(grid: Grid, header: Header, cells: Sequence[str]) -> list[Problem]:
    """Two columns that mean the same: nobody can tell which one counts."""
    problems = []
    for key, indexes in header.doubled:
        titles = " and ".join(f"“{cells[index].strip()}” ({column_letters(index)})" for index in indexes)
        problems.append(
            Problem(
                place=grid.place(header.row, indexes[1], cells[indexes[1]].strip()),
                value=cells[indexes[1]].strip(),
                message=say("the columns {titles} both mean {key}; delete or rename one.", titles=titles, key=key),
            )
        )
    return problems


def column(kind: Kind, key: str) -> Column | None:
    return SHEETS[kind].by_key.get(key)
