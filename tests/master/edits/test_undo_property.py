"""Whatever one edits: undoing all of it gives the rows of before, redoing all of it those of after.

And whatever two do in turn: each undo writes just those cells that are as its step left them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel

from cinefarm.ids import new_id
from master.characters.characters import create_character
from master.cinematic.options import create_option
from master.db import Database
from master.edits.cells import read_cells
from master.edits.editing import edit_shots
from master.edits.gesture import Edit
from master.edits.steps import Stack, next_step
from master.edits.undoing import redo, undo
from master.errors import Conflict
from master.models import CharacterFields, CinematicFields, Project, ProjectFields, SequenceFields
from master.shots.projects import create_project
from master.shots.prompting import refresh_prompts
from master.shots.sequences import create_sequence
from master.shots.views import shot_views

TEXTS = st.sampled_from(["", "a", "b", "걷는다"])
CODES = st.sampled_from(["A", "B", "C", "SHT-00001", "SHT-00003"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "code": CODES,
        "notes": TEXTS,
        "action": TEXTS,
        "prompt_override": st.none() | TEXTS,
        "frame_count": st.integers(1, 99),
        "rating": st.integers(0, 5),
        "tags": st.lists(st.sampled_from(["night", "VFX", "비"]), max_size=3, unique=True),
        "position": st.floats(-9, 9),
        "sequence_id": st.integers(0, 2),
        "cinematic_option_id": st.integers(0, 1),
        "characters": st.permutations([0, 1]).flatmap(lambda order: st.integers(0, 2).map(lambda n: order[:n])),
    },
)
PLACES = st.integers(0, 7)  # which of the rows, counted around
EDITS = st.fixed_dictionaries(
    {
        "changes": st.dictionaries(PLACES, FIELDS, max_size=4),
        "create": st.lists(FIELDS, max_size=3),
        "delete": st.sets(PLACES, max_size=2),
        "restore": st.sets(PLACES, max_size=2),
    }
)
PLAYS = st.lists(EDITS, min_size=1, max_size=8)
EDITORS = HealthCheck.function_scoped_fixture
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('undo') / 'cinefarm.db'}")
    SQLModel.metadata.create_all(database.writer_engine)
    database.start()
    yield database
    database.stop()


class Desk:
    """A project of three shots, and one who edits it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.project: Project = create_project(session, ProjectFields(code=f"P{new_id()}"[:32], name="Demo"))
        self.option = create_option(session, self.project, CinematicFields(name="dawn", film_stock="grain")).id
        self.cast = [
            create_character(session, self.project, CharacterFields(name=name)).id for name in ("Mina", "Joon")
        ]
        fields = [SequenceFields(code=code) for code in ("SC01", "SC02")]
        self.sequences = [None, *(create_sequence(session, self.project, one).id for one in fields)]
        self.ids: list[str] = []
        self.edit({"create": [{}, {"notes": "a"}, {"code": "A"}]})
        self.seen = [self.rows()]

    def rows(self) -> Rows:
        views = shot_views(self.session, self.project)
        return [view.model_dump(exclude={"rev", "updated_at", "created_at"}) for view in views]

    def stack(self, user: str) -> Stack:
        return Stack(self.project.id, user, "t")

    def edit(self, drawn: dict[str, Any], stack: Stack | None = None) -> None:
        named: set[str] = set()
        lists: dict[str, list[Any]] = {"create": [self.fields(one) for one in drawn.get("create", ())]}
        for place, fields in drawn.get("changes", {}).items():
            if (id := self.ids[place % len(self.ids)]) not in named:
                named.add(id)
                lists.setdefault("changes", []).append({"id": id, **self.fields(fields)})
        for name in ("delete", "restore"):
            ids = {self.ids[place % len(self.ids)] for place in drawn.get(name, ())} - named
            named |= ids
            lists[name] = sorted(ids)
        if any(lists.values()):
            edit = Edit.model_validate({"tab": "t", "name": "bulk"} | lists)
            done = edit_shots(self.session, self.project, stack or self.stack("mina"), edit)
            self.ids += [id for id in done.ids if id not in self.ids]

    def fields(self, drawn: dict[str, Any]) -> dict[str, Any]:
        fields = dict(drawn)
        if "sequence_id" in fields:
            fields["sequence_id"] = self.sequences[fields["sequence_id"]]
        if "cinematic_option_id" in fields:
            fields["cinematic_option_id"] = [None, self.option][fields["cinematic_option_id"]]
        if "characters" in fields:
            fields["characters"] = [{"character_id": self.cast[number]} for number in fields["characters"]]
        return fields


@settings(max_examples=50, deadline=None, suppress_health_check=[EDITORS])
@given(plays=PLAYS)
def test_undoing_all_and_redoing_all(db: Database, plays: list[dict[str, Any]]) -> None:
    """Step by step each gives the very rows that were there, with their codes, prompts and places."""

    def play(session: Session) -> None:
        desk = Desk(session)
        for drawn in plays:
            try:
                with session.begin_nested():
                    desk.edit(drawn)
            except Conflict:  # a code that is taken: nothing was done
                assert desk.rows() == desk.seen[-1]
            if (rows := desk.rows()) != desk.seen[-1]:
                desk.seen.append(rows)
        mina = desk.stack("mina")
        for expected in [*desk.seen[-2::-1], []]:
            assert undo(session, desk.project, mina).skipped == []
            assert desk.rows() == expected
        with pytest.raises(Conflict):
            undo(session, desk.project, mina)
        for expected in desk.seen:
            assert redo(session, desk.project, mina).skipped == []
            assert desk.rows() == expected
        assert refresh_prompts(session, desk.project) == []

    db.write(play)


TURNS = st.lists(
    st.tuples(st.sampled_from(["mina", "joon"]), st.sampled_from(["edit", "edit", "undo", "redo"]), EDITS),
    min_size=4,
    max_size=16,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[EDITORS])
@given(turns=TURNS)
def test_two_in_turn(db: Database, turns: list[tuple[str, str, dict[str, Any]]]) -> None:
    """What another wrote since is never touched; what is as it was left is; and prompts and codes stay right."""

    def play(session: Session) -> None:
        desk = Desk(session)
        for user, deed, drawn in turns:
            stack = desk.stack(user)
            try:
                with session.begin_nested():
                    if deed == "edit":
                        desk.edit(drawn, stack)
                    else:
                        play_and_check(desk, stack, back=deed == "undo")
            except Conflict:
                continue
            assert refresh_prompts(session, desk.project) == []
            doubled = {code: n for code, n in Counter(row["code"] for row in desk.rows()).items() if n > 1}
            assert not doubled

    db.write(play)


def play_and_check(desk: Desk, stack: Stack, *, back: bool) -> None:
    session, project = desk.session, desk.project
    _, changes = next_step(session, stack, back=back)
    everybody = read_cells(session, project, desk.ids)
    done = (undo if back else redo)(session, project, stack)
    skipped = {(skip.shot_id, skip.field) for skip in done.skipped}
    now = read_cells(session, project, desk.ids)
    for id, before in everybody.items():
        for name, value in before.values.items():
            left, wanted = changes.cells.get(id, {}).get(name, (None, None))[:: -1 if back else 1]
            named = name in changes.cells.get(id, {})
            if named and not before.deleted and value == left and (id, name) not in skipped:
                assert now[id].values[name] == wanted
            elif not now[id].deleted and (named or id in changes.cells):
                assert now[id].values[name] == value
            if named and not before.deleted and value not in (left, wanted):
                assert (id, name) in skipped
    coming, going = (changes.vanished, changes.appeared) if back else (changes.appeared, changes.vanished)
    for id in everybody:
        if id in coming:
            assert not now[id].deleted
        elif id not in going:
            assert now[id].deleted == everybody[id].deleted
        elif not everybody[id].deleted:
            assert now[id].deleted != ((id, None) in skipped)
