"""Moving shots keeps the order that was asked for, however often it is done."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from master.db import Database
from master.errors import BadInput, Conflict, StaleWrite
from master.models import Project, Shot
from master.models import Sequence as SequenceRow
from master.shots.fields import ShotNew
from master.shots.moving import Move, move_shot
from master.shots.shots import create_shots, get_shot
from master.shots.views import shot_views


def make(db: Database, project: Project, count: int) -> list[str]:
    def write(session):  # type: ignore[no-untyped-def]
        return [shot.id for shot in create_shots(session, session.get(Project, project.id), [ShotNew()] * count)]

    return db.write(write)


def move(db: Database, id: str, **wish: object) -> None:
    db.write(lambda session: move_shot(session, get_shot(session, id), Move.model_validate(wish)).rev)


def order(db: Database, project: Project) -> list[str]:
    with db.read() as session:
        return [view.id for view in shot_views(session, session.get_one(Project, project.id))]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), max_size=12))
def test_any_moves_give_the_order_that_a_list_would_have(
    db: Database, project: Project, moves: list[tuple[int, int, bool]]
) -> None:
    """Dragging in the table and reading it back agree, after any number of drags."""
    if not order(db, project):
        make(db, project, 5)
    expected = order(db, project)
    for moving, anchor, behind in moves:
        id, beside = expected[moving], expected[anchor]
        if id == beside:
            continue
        move(db, id, **({"after": beside} if behind else {"before": beside}))
        expected.remove(id)
        expected.insert(expected.index(beside) + behind, id)
    assert order(db, project) == expected


def test_a_hundred_moves_into_one_gap_spread_the_order_instead_of_losing_it(db: Database, project: Project) -> None:
    """Halving runs out of numbers after about thirty moves; nobody may notice."""
    first, second, third = make(db, project, 3)
    for round in range(100):
        move(db, second if round % 2 else third, after=first)
    assert order(db, project) == [first, second, third]
    with db.read() as session:
        assert session.get_one(Shot, first).rev == 1, "spreading the order is nobody's edit"


def test_a_move_takes_the_sequence_of_its_neighbour(db: Database, project: Project) -> None:
    """Dragging a shot under another scene's heading puts it into that scene."""
    from_none, target = make(db, project, 2)

    def into_sequence(session):  # type: ignore[no-untyped-def]
        sequence = SequenceRow(project_id=project.id, code="SC01")
        session.add(sequence)
        session.flush()
        session.get(Shot, target).sequence_id = sequence.id
        return sequence.id

    sequence_id = db.write(into_sequence)
    move(db, from_none, before=target)
    with db.read() as session:
        assert session.get_one(Shot, from_none).sequence_id == sequence_id
    assert order(db, project) == [from_none, target]


def test_neighbours_that_changed_places_are_a_conflict(db: Database, project: Project) -> None:
    """The artist dragged by an old picture of the order; he is told instead of getting a surprise."""
    first, second, third = make(db, project, 3)
    with pytest.raises(Conflict, match="no longer stands before"):
        move(db, third, after=second, before=first)


def test_a_move_needs_a_place_and_the_newest_revision(db: Database, project: Project) -> None:
    """Neither beside itself, nor nowhere, nor over somebody's edit."""
    first, _ = make(db, project, 2)
    with pytest.raises(BadInput, match="Say after or before"):
        move(db, first)
    with pytest.raises(BadInput, match="cannot stand beside"):
        move(db, first, after=first)
    with pytest.raises(StaleWrite):
        move(db, first, sequence_id=None, rev=7)
