"""Routes of the shot list as a grid: gestures, each one undo step, and their undo and redo."""

from collections.abc import Callable

from fastapi import APIRouter
from sqlmodel import Session

from master.api.deps import Asker, Reader, TheMaster
from master.api.strict import StrictRoute
from master.context import Master
from master.edits import undoing
from master.edits.editing import Done
from master.edits.editing import edit_shots as make_edit
from master.edits.gesture import Edit, EditResult, StepResult, Steps, Tab, TabName
from master.edits.steps import Stack, steps_of
from master.models import Project
from master.shots.projects import get_project
from master.shots.views import shot_views

router = APIRouter(prefix="/api/projects/{code}", tags=["shots"], route_class=StrictRoute)


@router.post("/edits")
def edit_shots(code: str, edit: Edit, master: TheMaster, asker: Asker) -> EditResult:
    """All or nothing, and one undo step. Changes of shots that were deleted meanwhile are skipped and named."""
    return _done(master, code, asker.name, edit.tab, lambda s, project: make_edit(s, project, asker.name, edit))


@router.post("/undo")
def undo_edit(code: str, tab: Tab, master: TheMaster, asker: Asker) -> StepResult:
    """Take back this tab's newest step, past what others changed since: that is skipped and named."""
    return _done(master, code, asker.name, tab.tab, lambda s, project: undoing.undo(s, project, asker.name, tab.tab))


@router.post("/redo")
def redo_edit(code: str, tab: Tab, master: TheMaster, asker: Asker) -> StepResult:
    """Do again what this tab undid last; as `undo`, the other way round."""
    return _done(master, code, asker.name, tab.tab, lambda s, project: undoing.redo(s, project, asker.name, tab.tab))


@router.get("/steps")
def show_steps(code: str, reader: Reader, asker: Asker, tab: TabName) -> Steps:
    """What undo and redo would do in this tab."""
    return steps_of(reader, Stack(get_project(reader, code).id, asker.name, tab))


def _done(master: Master, code: str, user: str, tab: str, act: Callable[[Session, Project], Done]) -> StepResult:
    """Write, then read what was written."""
    done = master.db.write(lambda session: act(session, get_project(session, code)))
    with master.db.read() as session:
        project = get_project(session, code)
        views = {view.id: view for view in shot_views(session, project, done.ids)}
        return StepResult(
            name=done.name,
            rows=[views[id] for id in done.ids if id in views],
            deleted=done.deleted,
            skipped=done.skipped,
            steps=steps_of(session, Stack(project.id, user, tab)),
        )
