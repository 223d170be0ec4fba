"""Where shots stand, read for all, for some, and page by page: always the same places."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from master.db import Database
from master.models import Project, Sequence, SequenceFields, Shot, utc_now
from master.shots import places
from master.shots.fields import ShotNew
from master.shots.places import load_cut, load_places, page_of_cut
from master.shots.projects import get_project
from master.shots.sequences import create_sequence
from master.shots.shots import create_shots, delete_shot


@pytest.fixture
def filled(db: Database, project: Project) -> Project:
    """Three sequences, one of them in the trash and one empty, shots in none, equal positions, deleted shots."""

    def write(session: Session) -> Project:
        demo = get_project(session, "DEMO")
        ids = [create_sequence(session, demo, SequenceFields(code=f"SC0{n}")).id for n in range(4)]
        session.get_one(Sequence, ids[0]).position = 9.0  # stands last
        homes = [ids[0], ids[1], ids[3], None]
        news = [
            ShotNew(sequence_id=homes[n % 4], position=float(n * 7 % 5), frame_count=n + 1, notes=str(n))
            for n in range(40)
        ]
        shots = create_shots(session, demo, news)
        for shot in shots[::9]:
            delete_shot(session, shot)
        session.get_one(Sequence, ids[3]).deleted_at = utc_now()
        return demo

    return db.write(write)


def places_as_they_should_be(session: Session, project: Project) -> list[tuple[str, int, int, int]]:
    """Counted in Python, from the rows."""
    sequences = {
        row.id: (0, row.position, row.id)
        for row in session.exec(select(Sequence).where(Sequence.project_id == project.id))
        if row.deleted_at is None
    }
    shots = session.exec(select(Shot).where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None)))
    last: tuple[Any, ...] = (1,)
    ordered = sorted(shots, key=lambda s: (*sequences.get(s.sequence_id or "", last), s.position, s.id))
    found, start = [], project.start_frame
    for number, shot in enumerate(ordered, start=1):
        found.append((shot.id, number, start, start + shot.frame_count))
        start += shot.frame_count
    return found


def as_list(found: Any) -> list[tuple[str, int, int, int]]:
    return [(id, *place) for id, place in found.items()]


def test_the_whole_cut(db: Database, filled: Project) -> None:
    with db.read() as session:
        expected = places_as_they_should_be(session, filled)
        assert len(expected) == 35
        assert as_list(load_cut(session, filled)) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 34, 35, 100])
def test_page_by_page(db: Database, filled: Project, limit: int) -> None:
    with db.read() as session:
        expected = places_as_they_should_be(session, filled)
        for at in range(-1, len(expected)):
            page = page_of_cut(session, filled, None if at < 0 else expected[at][0], limit)
            assert page is not None
            assert (as_list(page[0]), page[1]) == (expected[at + 1 : at + 1 + limit], 35)


@pytest.mark.parametrize("most", [0, 1000])
def test_some_of_them(db: Database, filled: Project, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the cut, however they are asked for; what does not live stands nowhere."""
    monkeypatch.setattr(places, "_MOST_NAMED", most)
    with db.read() as session:
        expected = places_as_they_should_be(session, filled)
        everybody = list(session.exec(select(Shot.id)))
        for ids in (everybody, [expected[20][0], expected[3][0]], [expected[-1][0]], [], ["nobody"]):
            assert as_list(load_places(session, filled, ids)) == [one for one in expected if one[0] in ids]


def test_there_is_nothing_behind_what_is_gone(db: Database, filled: Project) -> None:
    with db.read() as session:
        gone = session.exec(select(Shot.id).where(col(Shot.deleted_at).is_not(None))).first()
        assert page_of_cut(session, filled, gone, 5) is None
        assert page_of_cut(session, filled, "nobody", 5) is None


def test_an_empty_project(db: Database, project: Project) -> None:
    with db.read() as session:
        assert load_cut(session, project) == load_places(session, project, ["x"]) == {}
        assert page_of_cut(session, project, None, 5) == ({}, 0)
