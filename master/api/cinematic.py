"""Routes of cinematic options and of the presets that ship."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from master.api.characters import ShotRefs, shot_refs
from master.api.deps import Reader, SeenRev, TheMaster, check_rev
from master.api.strict import StrictRoute, agreed
from master.cinematic import options as actions
from master.cinematic.options import CinematicPatch, get_option
from master.cinematic.presets import OptionSet, Preset, load_option_sets, load_presets
from master.models import CinematicFields, CinematicOption
from master.shots.projects import get_project

router = APIRouter(prefix="/api", tags=["cinematic"], route_class=StrictRoute)


class CinematicView(CinematicFields):
    id: str
    rev: int
    created_at: datetime
    updated_at: datetime


class CinematicPage(BaseModel):
    rows: list[CinematicView]


class PresetLibrary(BaseModel):
    """Every preset by kind, and named sets that fill all fields."""

    presets: list[Preset]
    option_sets: list[OptionSet]


def view(option: CinematicOption) -> CinematicView:
    return CinematicView(**option.model_dump(include=set(CinematicView.model_fields)))


@router.get("/presets")
def show_presets() -> PresetLibrary:
    return PresetLibrary(presets=list(load_presets()), option_sets=list(load_option_sets()))


@router.get("/projects/{code}/cinematic-options")
def list_cinematic_options(code: str, reader: Reader) -> CinematicPage:
    return CinematicPage(rows=[view(option) for option in actions.list_options(reader, get_project(reader, code))])


@router.post("/projects/{code}/cinematic-options", status_code=201)
def create_cinematic_option(code: str, fields: CinematicFields, master: TheMaster) -> CinematicView:
    return master.db.write(lambda session: view(actions.create_option(session, get_project(session, code), fields)))


@router.get("/cinematic-options/{id}")
def show_cinematic_option(id: str, reader: Reader) -> CinematicView:
    return view(get_option(reader, id))


@router.patch("/cinematic-options/{id}")
def update_cinematic_option(id: str, patch: CinematicPatch, master: TheMaster, seen: SeenRev) -> CinematicView:
    def write(session: Session) -> CinematicView:
        option = get_option(session, id)
        check_rev(option, agreed(seen, patch.rev), view(option))
        return view(actions.update_option(session, option, patch))

    return master.db.write(write)


@router.delete("/cinematic-options/{id}", status_code=204)
def delete_cinematic_option(id: str, master: TheMaster, seen: SeenRev) -> None:
    def write(session: Session) -> None:
        option = get_option(session, id)
        check_rev(option, seen, view(option))
        actions.delete_option(session, option)

    master.db.write(write)


@router.post("/cinematic-options/{id}/restore")
def restore_cinematic_option(id: str, master: TheMaster) -> CinematicView:
    return master.db.write(lambda session: view(actions.restore_option(session, id)))


@router.get("/cinematic-options/{id}/shots")
def list_shots_of_cinematic_option(id: str, reader: Reader) -> ShotRefs:
    """Where it is used."""
    return shot_refs(actions.where_used(reader, get_option(reader, id)))
