"""The bible of a project: everything its shots refer to, read in a handful of queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from cinefarm.briefs import CameraBrief, CharacterBrief
from master.models import Character, CinematicOption, Look, Project, Row, Sequence, Shot, ShotCharacter
from master.shots.cut import Clock

R = TypeVar("R", bound=Row)

_IN_LIMIT = 5000  # ids in one query; above it the whole project is read


class CastMember(BaseModel):
    """A character in a shot with the look worn; no look means the character's default one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    character_id: str
    look_id: str | None = None


@dataclass
class Bible:
    project: Project
    sequences: dict[str, Sequence]
    characters: dict[str, Character]
    looks: dict[str, Look]
    options: dict[str, CinematicOption]
    casts: dict[str, list[CastMember]]  # by shot, in order
    _cameras: dict[str, CameraBrief] = field(default_factory=dict)
    _portraits: dict[CastMember, CharacterBrief] = field(default_factory=dict)

    def cast_of(self, shot_id: str) -> list[CastMember]:
        """Who appears; deleted characters do not."""
        return [member for member in self.casts.get(shot_id, ()) if member.character_id in self.characters]

    def look_of(self, member: CastMember) -> Look | None:
        """The look worn: the one chosen, else the character's default."""
        return self.looks.get(member.look_id or self.characters[member.character_id].default_look_id or "")

    def portrait(self, member: CastMember) -> CharacterBrief:
        if member not in self._portraits:
            character, look = self.characters[member.character_id], self.look_of(member)
            self._portraits[member] = CharacterBrief(
                id=character.id,
                name=character.name,
                description=character.description,
                look_name=look.name if look else "",
                look=look.description if look else "",
                style_keywords=character.style_keywords,
                trigger_words=character.trigger_words,
            )
        return self._portraits[member]

    def camera(self, option_id: str | None) -> CameraBrief:
        option = self.options.get(option_id or "")
        if option is None:
            return CameraBrief()
        if option.id not in self._cameras:
            self._cameras[option.id] = CameraBrief(**option.model_dump(include=set(CameraBrief.model_fields)))
        return self._cameras[option.id]

    def sequence_code(self, sequence_id: str | None) -> str:
        sequence = self.sequences.get(sequence_id or "")
        return sequence.code if sequence else ""


def load_bible(session: Session, project: Project, shot_ids: Collection[str] | None = None) -> Bible:
    """The project's bible with the casts of these shots (None: of all)."""
    return Bible(
        project=project,
        sequences=_by_id(session, select(Sequence).where(Sequence.project_id == project.id)),
        characters=_by_id(session, select(Character).where(Character.project_id == project.id)),
        looks=_by_id(
            session,
            select(Look)
            .join(Character, col(Look.character_id) == Character.id)
            .where(Character.project_id == project.id),
        ),
        options=_by_id(session, select(CinematicOption).where(CinematicOption.project_id == project.id)),
        casts=load_casts(session, project, shot_ids),
    )


def _by_id(session: Session, wanted: SelectOfScalar[R]) -> dict[str, R]:
    return {row.id: row for row in session.exec(wanted) if row.deleted_at is None}


def shots_where(project: Project, shot_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Which shots are meant: those of the project, or those of them that are named."""
    if shot_ids is None or len(shot_ids) > _IN_LIMIT:
        return [col(Shot.project_id) == project.id]
    # they are looked up by their ids: with `|| ''` SQLite does not walk all of the project instead
    return [col(Shot.id).in_(shot_ids), col(Shot.project_id).concat("") == project.id]


def clock_of(project: Project) -> Clock:
    return Clock(project.rate, project.drop_frame)


def load_casts(session: Session, project: Project, shot_ids: Collection[str] | None) -> dict[str, list[CastMember]]:
    """Who appears in each of these shots (None: of all), in order; also who was deleted since."""
    rows = session.execute(
        select(ShotCharacter.shot_id, ShotCharacter.character_id, ShotCharacter.look_id)
        .join(Shot, col(Shot.id) == ShotCharacter.shot_id)
        .where(*shots_where(project, shot_ids))
        .order_by(ShotCharacter.shot_id, col(ShotCharacter.position), ShotCharacter.character_id)
    )
    members: dict[tuple[str, str | None], CastMember] = {}  # few, shared by many shots
    casts: dict[str, list[CastMember]] = {}
    for shot_id, character_id, look_id in rows:
        key = (character_id, look_id)
        member = members.get(key) or members.setdefault(key, CastMember(character_id=character_id, look_id=look_id))
        casts.setdefault(shot_id, []).append(member)
    return casts
