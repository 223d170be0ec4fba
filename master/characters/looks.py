"""Actions on looks: what a character wears."""

from sqlalchemy import or_
from sqlmodel import Field, Session, col, select

from master.characters.characters import character_saved, get_character
from master.errors import Conflict
from master.models import Character, Look, LookFields, Shot, ShotCharacter, utc_now
from master.shots.rows import find_row, is_taken, named


class LookPatch(LookFields):
    """What is to change; fields that are not sent stay."""

    name: str = Field(default="", min_length=1, max_length=120)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def looks_of(session: Session, characters: list[Character]) -> dict[str, list[Look]]:
    """The living looks of each character, oldest first."""
    wanted = select(Look).where(
        col(Look.character_id).in_([character.id for character in characters]), col(Look.deleted_at).is_(None)
    )
    looks: dict[str, list[Look]] = {character.id: [] for character in characters}
    for look in session.exec(wanted.order_by(col(Look.id))):
        looks[look.character_id].append(look)
    return looks


def get_look(session: Session, id: str, *, deleted: bool = False) -> tuple[Look, Character]:
    """The look and whose it is. Raises `NotFound`."""
    look = find_row(session, Look, id, "look", deleted=deleted)
    return look, get_character(session, look.character_id)


def create_look(session: Session, character: Character, fields: LookFields) -> Look:
    """The first look becomes the default one. Raises `Conflict` for a name that is taken."""
    _require_free(session, character, fields.name)
    look = Look(character_id=character.id, **fields.model_dump())
    session.add(look)
    session.flush()
    if character.default_look_id is None:
        character.default_look_id = look.id
        character.touch()
    character_saved(session, character)
    return look


def update_look(session: Session, look: Look, character: Character, patch: LookPatch) -> Look:
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("name", look.name) != look.name:
        _require_free(session, character, changes["name"])
    for name, value in changes.items():
        setattr(look, name, value)
    look.touch()
    character_saved(session, character)
    return look


def delete_look(session: Session, look: Look, character: Character) -> None:
    """Raises `Conflict`, naming the shots in which it is worn, be it chosen or as the default."""
    worn = col(ShotCharacter.look_id) == look.id
    if character.default_look_id == look.id:
        worn = or_(worn, col(ShotCharacter.look_id).is_(None))
    codes = session.exec(
        select(Shot.code)
        .join(ShotCharacter, col(ShotCharacter.shot_id) == Shot.id)
        .where(ShotCharacter.character_id == character.id, worn, col(Shot.deleted_at).is_(None))
        .order_by(col(Shot.code))
    ).all()
    if codes:
        raise Conflict(
            "“{name}” is worn in {count} shot(s): {codes}. Change them first.",
            name=look.name,
            count=len(codes),
            codes=named(codes),
            field="id",
        )
    look.deleted_at = utc_now()
    look.touch()
    if character.default_look_id == look.id:
        character.default_look_id = None
        character.touch()
    character_saved(session, character)


def restore_look(session: Session, id: str) -> tuple[Look, Character]:
    """Out of the trash; no change for a living one. Raises `Conflict` when its name was taken meanwhile."""
    look, character = get_look(session, id, deleted=True)
    if look.deleted_at is not None:
        _require_free(session, character, look.name)
        look.deleted_at = None
        look.touch()
        character_saved(session, character)
    return look, character


def _require_free(session: Session, character: Character, name: str) -> None:
    if is_taken(session, Look, Look.character_id == character.id, Look.name == name):
        raise Conflict(
            "“{name}” has a look “{name2}” already; choose another name.", name=character.name, name2=name, field="name"
        )
