"""Routes of characters and their looks."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from cinefarm.statuses import ShotStatus
from master.api.deps import Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.assets.media import media_url
from master.characters import characters as actions
from master.characters import looks as look_actions
from master.characters.characters import CharacterPatch, get_character
from master.characters.looks import LookPatch, get_look
from master.models import Character, CharacterFields, Look, LookFields, Shot
from master.shots.projects import get_project

router = APIRouter(prefix="/api", tags=["characters"], route_class=StrictRoute)


class LookView(LookFields):
    id: str
    rev: int
    character_id: str
    created_at: datetime
    updated_at: datetime


class CharacterView(CharacterFields):
    id: str
    rev: int
    reference_urls: list[str]
    looks: list[LookView]
    created_at: datetime
    updated_at: datetime


class CharacterPage(BaseModel):
    rows: list[CharacterView]


class LookPage(BaseModel):
    rows: list[LookView]


class CharacterUses(BaseModel):
    character_id: str
    shots: int


class CharacterUsesPage(BaseModel):
    rows: list[CharacterUses]


class ShotRef(BaseModel):
    """A shot in a list of uses."""

    id: str
    code: str
    status: ShotStatus
    scene_description: str


class ShotRefs(BaseModel):
    rows: list[ShotRef]
    total: int


def shot_refs(shots: list[Shot]) -> ShotRefs:
    rows = [ShotRef(**shot.model_dump(include=set(ShotRef.model_fields))) for shot in shots]
    return ShotRefs(rows=rows, total=len(rows))


def look_view(look: Look) -> LookView:
    return LookView(**look.model_dump(include=set(LookView.model_fields)))


def character_views(session: Session, characters: list[Character]) -> list[CharacterView]:
    looks = look_actions.looks_of(session, characters)
    return [
        CharacterView(
            **character.model_dump(include=set(CharacterView.model_fields)),
            reference_urls=[media_url(id) for id in character.reference_sheet],
            looks=[look_view(look) for look in looks[character.id]],
        )
        for character in characters
    ]


def _view(session: Session, character: Character) -> CharacterView:
    return character_views(session, [character])[0]


@router.get("/projects/{code}/characters")
def list_characters(code: str, reader: Reader) -> CharacterPage:
    characters = actions.list_characters(reader, get_project(reader, code))
    return CharacterPage(rows=character_views(reader, characters))


@router.post("/projects/{code}/characters", status_code=201)
def create_character(code: str, fields: CharacterFields, master: TheMaster) -> CharacterView:
    return master.db.write(
        lambda session: _view(session, actions.create_character(session, get_project(session, code), fields))
    )


@router.get("/projects/{code}/characters/uses")
def list_character_uses(code: str, reader: Reader) -> CharacterUsesPage:
    """In how many shots each character appears; those in none are left out."""
    uses = actions.count_uses(reader, get_project(reader, code))
    return CharacterUsesPage(rows=[CharacterUses(character_id=id, shots=shots) for id, shots in uses.items()])


@router.get("/characters/{id}")
def show_character(id: str, reader: Reader) -> CharacterView:
    return _view(reader, get_character(reader, id))


@router.patch("/characters/{id}")
def update_character(id: str, patch: CharacterPatch, master: TheMaster, seen: SeenRev) -> CharacterView:
    def write(session: Session) -> CharacterView:
        character = get_character(session, id)
        check_rev(character, agreed(seen, patch.rev), _view(session, character))
        return _view(session, actions.update_character(session, character, patch))

    return master.db.write(write)


@router.delete("/characters/{id}", status_code=204)
def delete_character(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        character = get_character(session, id)
        check_rev(character, seen, _view(session, character))
        actions.delete_character(session, character)

    master.db.write(write)


@router.post("/characters/{id}/restore")
def restore_character(id: str, master: TheMaster) -> CharacterView:
    return master.db.write(lambda session: _view(session, actions.restore_character(session, id)))


@router.get("/characters/{id}/shots")
def list_shots_of_character(id: str, reader: Reader) -> ShotRefs:
    """Where it is used."""
    return shot_refs(actions.where_used(reader, get_character(reader, id)))


@router.get("/characters/{id}/looks")
def list_looks(id: str, reader: Reader) -> LookPage:
    character = get_character(reader, id)
    return LookPage(rows=[look_view(look) for look in look_actions.looks_of(reader, [character])[character.id]])


@router.post("/characters/{id}/looks", status_code=201)
def create_look(id: str, fields: LookFields, master: TheMaster) -> LookView:
    """The first look becomes the character's default."""
    return master.db.write(
        lambda session: look_view(look_actions.create_look(session, get_character(session, id), fields))
    )


@router.get("/looks/{id}")
def show_look(id: str, reader: Reader) -> LookView:
    return look_view(get_look(reader, id)[0])


@router.patch("/looks/{id}")
def update_look(id: str, patch: LookPatch, master: TheMaster, seen: SeenRev) -> LookView:
    def write(session: Session) -> LookView:
        look, character = get_look(session, id)
        check_rev(look, agreed(seen, patch.rev), look_view(look))
        return look_view(look_actions.update_look(session, look, character, patch))

    return master.db.write(write)


@router.delete("/looks/{id}", status_code=204)
def delete_look(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        look, character = get_look(session, id)
        check_rev(look, seen, look_view(look))
        look_actions.delete_look(session, look, character)

    master.db.write(write)


@router.post("/looks/{id}/restore")
def restore_look(id: str, master: TheMaster) -> LookView:
    return master.db.write(lambda session: look_view(look_actions.restore_look(session, id)[0]))
