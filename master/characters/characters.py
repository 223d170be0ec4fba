"""Actions on characters. What is said of one reaches the prompt of every shot in which it appears."""

from sqlmodel import Field, Session, col, func, select

from master.assets.media import require_pictures
from master.errors import BadInput, Conflict
from master.events import Noun, touched
from master.models import Character, CharacterFields, Look, Project, Shot, ShotCharacter, utc_now
from master.shots.prompting import refresh_prompts, shots_with
from master.shots.rows import find_row, is_taken, missing, named


class CharacterPatch(CharacterFields):
    """What is to change; fields that are not sent stay."""

    name: str = Field(default="", min_length=1, max_length=120)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def list_characters(session: Session, project: Project) -> list[Character]:
    """The living ones by name."""
    wanted = select(Character).where(Character.project_id == project.id, col(Character.deleted_at).is_(None))
    return list(session.exec(wanted.order_by(col(Character.name))))


def get_character(session: Session, id: str, *, deleted: bool = False) -> Character:
    """Raises `NotFound`, also when its project is in the trash."""
    character = find_row(session, Character, id, "character", deleted=deleted)
    if session.get_one(Project, character.project_id).deleted_at is not None:
        raise missing("character")
    return character


def create_character(session: Session, project: Project, fields: CharacterFields) -> Character:
    """Without looks; the first that is made becomes its default. Raises `Conflict` for a name that is taken."""
    _require_free(session, project.id, fields.name)
    _check(session, project, None, fields.model_dump())
    character = Character(project_id=project.id, **fields.model_dump())
    session.add(character)
    session.flush()
    touched(session, Noun.CHARACTER, character.id, project.id)
    return character


def update_character(session: Session, character: Character, patch: CharacterPatch) -> Character:
    project = session.get_one(Project, character.project_id)
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("name", character.name) != character.name:
        _require_free(session, project.id, changes["name"])
    _check(session, project, character, changes)
    for name, value in changes.items():
        setattr(character, name, value)
    character.touch()
    character_saved(session, character)
    return character


def _check(session: Session, project: Project, character: Character | None, changes: dict[str, object]) -> None:
    """Raises `BadInput` for a picture that is not of the project, or a default look that is not the character's."""
    sheet = changes.get("reference_sheet")
    if isinstance(sheet, list):
        require_pictures(session, project, sheet, field="reference_sheet")
    look_id = changes.get("default_look_id")
    if look_id is None:
        return
    look = session.get(Look, look_id)
    if look is None or look.deleted_at is not None or character is None or look.character_id != character.id:
        raise BadInput(
            "default_look_id: “{look_id}” is no look of this character; make the look first.",
            look_id=str(look_id)[:60],
            field="default_look_id",
        )


def where_used(session: Session, character: Character) -> list[Shot]:
    """The living shots in which the character appears, by code."""
    return list(
        session.exec(
            select(Shot)
            .join(ShotCharacter, col(ShotCharacter.shot_id) == Shot.id)
            .where(ShotCharacter.character_id == character.id, col(Shot.deleted_at).is_(None))
            .order_by(col(Shot.code))
        )
    )


def count_uses(session: Session, project: Project) -> dict[str, int]:
    """In how many living shots each character of the project appears; those in none are left out."""
    counted = session.exec(
        select(ShotCharacter.character_id, func.count())
        .join(Shot, col(ShotCharacter.shot_id) == Shot.id)
        .where(Shot.project_id == project.id, col(Shot.deleted_at).is_(None))
        .group_by(col(ShotCharacter.character_id))
    )
    return dict(counted.all())


def delete_character(session: Session, character: Character) -> None:
    """Raises `Conflict`, naming the shots in which it appears."""
    if shots := where_used(session, character):
        codes = [shot.code for shot in shots]
        raise Conflict(
            "“{name}” appears in {count} shot(s): {codes}. Remove it from them first.",
            name=character.name,
            count=len(codes),
            codes=named(codes),
            field="id",
        )
    character.deleted_at = utc_now()
    character.touch()
    character_saved(session, character)


def restore_character(session: Session, id: str) -> Character:
    """Out of the trash; no change for a living one. Raises `Conflict` when its name was taken meanwhile."""
    character = get_character(session, id, deleted=True)
    if character.deleted_at is not None:
        _require_free(session, character.project_id, character.name)
        character.deleted_at = None
        character.touch()
        character_saved(session, character)
    return character


def character_saved(session: Session, character: Character) -> None:
    """Tell of it, and write the prompts of its shots anew."""
    session.flush()
    touched(session, Noun.CHARACTER, character.id, character.project_id)
    project = session.get_one(Project, character.project_id)
    if shot_ids := shots_with(session, project, character_id=character.id):
        refresh_prompts(session, project, shot_ids)


def _require_free(session: Session, project_id: str, name: str) -> None:
    if is_taken(session, Character, Character.project_id == project_id, Character.name == name):
        raise Conflict("There is a character “{name}” already; choose another name.", name=name, field="name")
