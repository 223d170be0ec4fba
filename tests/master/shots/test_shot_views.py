"""Views of many shots cost a fixed number of queries."""

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlmodel import Session

from master.db import Database
from master.models import Character, Media, Project, SequenceFields, Shot, utc_now
from master.shots.bible import CastMember
from master.shots.fields import ShotNew, ShotPatch
from master.shots.prompting import inputs_hash, refresh_prompts
from master.shots.sequences import create_sequence
from master.shots.shots import Wanted, create_shots, delete_shot, get_shot, page_of_shots, update_shot
from master.shots.takes import add_take
from master.shots.views import shot_view, shot_views


@pytest.fixture
def count_queries(db: Database) -> Callable[[Callable[[], object]], int]:
    """How many statements an action sends to the readers' connections."""

    def count(action: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(connection, cursor, statement, *rest):  # type: ignore[no-untyped-def]
            statements.append(statement)

        event.listen(db.reader_engine, "before_cursor_execute", note)
        try:
            action()
        finally:
            event.remove(db.reader_engine, "before_cursor_execute", note)
        return len(statements)

    return count


def fill(db: Database, project: Project, count: int) -> None:
    """Shots with a character and a take each."""

    def write(session: Session) -> None:
        owner = session.get_one(Project, project.id)
        mina = Character(project_id=owner.id, name=f"Mina {count}")
        session.add(mina)
        session.flush()
        news = [ShotNew(characters=[CastMember(character_id=mina.id)]) for _ in range(count)]
        for shot in create_shots(session, owner, news):
            media = Media(sha256="0" * 64, path="p", name="n", mime="image/png", bytes=1, project_id=owner.id)
            session.add(media)
            add_take(
                session,
                shot,
                job_id=None,
                attempt=None,
                media=media,
                thumbnail=None,
                recipe={},
                inputs_hash=shot.inputs_hash,
            )

    db.write(write)


def test_ten_times_the_shots_take_no_more_queries(
    db: Database, project: Project, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    """A list of 10,000 shots must not ask 10,000 times."""

    def page() -> None:
        with db.read() as session:
            rows, total = page_of_shots(session, session.get_one(Project, project.id), Wanted(limit=1000))
            assert len(rows) == total

    fill(db, project, 5)
    few = count_queries(page)
    fill(db, project, 50)
    assert count_queries(page) == few < 15


def test_what_is_stored_as_current_is_what_would_be_computed(db: Database, project: Project) -> None:
    """The hash and prompt kept with each shot never lag behind their parts."""
    fill(db, project, 3)
    with db.read() as session:
        for view in shot_views(session, session.get_one(Project, project.id)):
            shot = session.get_one(Shot, view.id)
            assert shot.inputs_hash == inputs_hash(session, shot)
            assert len(shot.inputs_hash) == 64
            assert view.stale is False

    changed = db.write(lambda session: refresh_prompts(session, session.get_one(Project, project.id)))
    assert changed == [], "a refresh without a change writes nothing"


def test_a_row_held_by_the_session_sees_the_prompt_written_past_it(db: Database, project: Project) -> None:
    """An action that goes on with the shot after a refresh has the new prompt in its hands."""
    fill(db, project, 1)
    with db.read() as session:
        (view,) = shot_views(session, session.get_one(Project, project.id))

    def write(session: Session) -> tuple[str, str, int]:
        shot = get_shot(session, view.id)
        update_shot(session, shot, ShotPatch(action="runs"))
        return shot.generated_prompt, shot_view(session, shot.id).generated_prompt, shot.rev

    assert db.write(write) == ("Mina 1, runs", "Mina 1, runs", 2)


def test_the_order_is_sequence_then_position_then_id_and_shots_without_a_sequence_come_last(
    db: Database, project: Project
) -> None:
    """What an artist sees from top to bottom is what plays from start to end; a deleted sequence counts as none."""

    def write(session: Session) -> list[str]:
        owner = session.get_one(Project, project.id)
        early, late, gone = (
            create_sequence(session, owner, SequenceFields(code=code, position=position))
            for code, position in (("A", 2.0), ("B", 7.0), ("C", 1.0))
        )
        wishes = [(None, 0.0), (late.id, 1.0), (early.id, 2.0), (early.id, 1.0), (early.id, 2.0), (gone.id, -1.0)]
        news = [ShotNew(sequence_id=sequence, position=position) for sequence, position in wishes]
        shots = create_shots(session, owner, news)
        gone.deleted_at = utc_now()
        tied = sorted([shots[2].id, shots[4].id])
        return [shots[3].id, *tied, shots[1].id, shots[5].id, shots[0].id]

    expected = db.write(write)
    with db.read() as session:
        assert [view.id for view in shot_views(session, session.get_one(Project, project.id))] == expected


def test_a_shot_in_the_trash_has_no_place_in_the_cut(db: Database, project: Project) -> None:
    """It can be looked at before it is restored."""
    fill(db, project, 2)
    with db.read() as session:
        first, second = shot_views(session, session.get_one(Project, project.id))
    db.write(lambda session: delete_shot(session, get_shot(session, first.id)))
    with db.read() as session:
        owner = session.get_one(Project, project.id)
        assert [view.id for view in shot_views(session, owner)] == [second.id]
        assert [view.id for view in shot_views(session, owner, deleted=True)] == [second.id, first.id]
        gone = shot_view(session, first.id)
    assert (gone.number, gone.timecode_in) == (0, "")
    assert gone.deleted_at is not None
