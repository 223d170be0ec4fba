"""What a job is told about shots, and which media its inputs are."""

from dataclasses import dataclass

import pytest
from sqlmodel import Session

from cinefarm.statuses import MediaKind
from master.characters.characters import create_character
from master.characters.looks import create_look
from master.cinematic.options import create_option
from master.db import Database
from master.errors import BadInput, NotFound
from master.models import CharacterFields, CinematicFields, LookFields, Media, Project, SequenceFields, Shot
from master.shots.bible import CastMember
from master.shots.briefs import clip_briefs, shot_brief, shot_briefs
from master.shots.fields import ShotNew
from master.shots.sequences import create_sequence
from master.shots.shots import create_shots
from master.shots.takes import add_take


@dataclass
class Film:
    shots: list[str]
    sequence: str
    sheet: str


def picture(session: Session, project: Project, **facts: object) -> Media:
    media = Media(
        sha256="0" * 64,
        path="p",
        name="n",
        mime="image/png",
        kind=MediaKind.IMAGE,
        bytes=1,
        project_id=project.id,
        facts=facts,
    )
    session.add(media)
    session.flush()
    return media


@pytest.fixture
def film(db: Database, project: Project) -> Film:
    """Two shots in a sequence, one in none; two characters, of whom one has a reference sheet."""

    def write(session: Session) -> Film:
        owner = session.get_one(Project, project.id)
        sheet = picture(session, owner)
        joon = create_character(session, owner, CharacterFields(name="Joon"))
        mina = create_character(session, owner, CharacterFields(name="Mina", reference_sheet=[sheet.id]))
        create_look(session, mina, LookFields(name="coat", description="red coat"))
        option = create_option(session, owner, CinematicFields(name="dawn", camera_body="Arri", focal_length="35mm"))
        sequence = create_sequence(session, owner, SequenceFields(code="SC01"))
        cast = [CastMember(character_id=joon.id), CastMember(character_id=mina.id)]
        news = [
            ShotNew(action="last", frame_count=12),
            ShotNew(sequence_id=sequence.id, characters=cast, cinematic_option_id=option.id),
            ShotNew(sequence_id=sequence.id),
        ]
        shots = create_shots(session, owner, news)
        return Film([shots[1].id, shots[2].id, shots[0].id], sequence.id, sheet.id)

    return db.write(write)


def confirm(db: Database, shot_id: str, **facts: object) -> str:
    def write(session: Session) -> str:
        shot = session.get_one(Shot, shot_id)
        media = picture(session, session.get_one(Project, shot.project_id), **facts)
        add_take(session, shot, job_id=None, attempt=None, media=media, thumbnail=None, recipe={}, inputs_hash="0" * 64)
        return media.id

    return db.write(write)


def test_a_brief_tells_everything_a_panel_needs(db: Database, film: Film) -> None:
    """Place in the cut, timecodes, camera, characters with the look worn; a reference picture becomes an input."""
    with db.read() as session:
        bound = shot_brief(session, session.get_one(Shot, film.shots[0]))
    brief = bound.brief
    assert (brief.sequence, brief.number, brief.timecode_in, brief.timecode_out) == (
        "SC01",
        1,
        "01:00:00:00",
        "01:00:02:00",
    )
    assert (brief.camera.camera_body, brief.camera.focal_length) == ("Arri", "35mm")
    joon, mina = brief.characters
    assert (joon.reference_input, mina.reference_input) == (None, "reference_1")
    assert (mina.look_name, mina.look) == ("coat", "red coat")
    assert bound.inputs == {"reference_1": film.sheet}


def test_briefs_come_in_the_order_asked_for_and_only_of_this_project(
    db: Database, project: Project, film: Film
) -> None:
    """A job per shot, in the order of the selection; an unknown shot stops the whole."""
    with db.read() as session:
        owner = session.get_one(Project, project.id)
        wanted = list(reversed(film.shots))
        assert [bound.brief.id for bound in shot_briefs(session, owner, wanted)] == wanted
        with pytest.raises(NotFound):
            shot_briefs(session, owner, [film.shots[0], "elsewhere"])


def test_a_film_is_made_of_the_confirmed_takes_in_the_order_of_the_cut(
    db: Database, project: Project, film: Film
) -> None:
    """Each clip has its own input; a panel's picture height is handed on when it is known."""
    media = [confirm(db, film.shots[0], picture_height=600), confirm(db, film.shots[1]), confirm(db, film.shots[2])]
    with db.read() as session:
        owner = session.get_one(Project, project.id)
        clips, inputs = clip_briefs(session, owner)
        assert [clip.shot_id for clip in clips] == film.shots
        assert [inputs[clip.input] for clip in clips] == media
        assert (clips[0].camera, clips[0].sequence, clips[0].frames, clips[2].frames) == ("Arri · 35mm", "SC01", 48, 12)
        assert getattr(clips[0], "picture_height", 600) == 600
        assert len(clip_briefs(session, owner, sequence_id=film.sequence)[0]) == 2
        assert [c.shot_id for c in clip_briefs(session, owner, shot_ids=[film.shots[2]])[0]] == [film.shots[2]]
        with pytest.raises(NotFound):
            clip_briefs(session, owner, shot_ids=["elsewhere"])


def test_shots_without_a_confirmed_take_are_named(db: Database, project: Project, film: Film) -> None:
    """The artist learns which shots to generate before the film can be made."""
    confirm(db, film.shots[0])
    with db.read() as session, pytest.raises(BadInput, match=r"No confirmed take: SHT-00003, SHT-00001\."):
        clip_briefs(session, session.get_one(Project, project.id))


def test_a_film_of_nothing_is_refused(db: Database, project: Project) -> None:
    """Said before a job is made."""
    with db.read() as session, pytest.raises(BadInput, match="no shot"):
        clip_briefs(session, session.get_one(Project, project.id))
