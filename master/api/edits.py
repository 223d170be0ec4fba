"""Routes of the shot list as a grid: gestures, each one undo step, and their undo and redo."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter
from sqlmodel import Session

from master.access import Principal
from master.api.deps import Asker, Reader, TheMaster
from master.api.stacks import stack_of
from master.api.strict import StrictRoute
from master.context import Master
from master.edits.editing import Done
from master.edits.editing import edit_shots as make_edit
from master.edits.gesture import Edit, EditResult, StepResult, Steps, Tab, TabName
from master.edits.steps import Stack, steps_of
from master.edits.undoing import redo, undo
from master.models import Project
from master.shots.projects import get_project
from master.shots.views import shot_views

router = APIRouter(prefix="/api/projects/{code}", tags=["shots"], route_class=StrictRoute)


@router.post("/edits")
def edit_shots(code: str, edit: Edit, master: TheMaster, asker: Asker) -> EditResult:
    """All or nothing, and one undo step. Changes of shots that were deleted meanwhile are skipped and named."""
    return _done(master, code, asker, edit.tab, partial(make_edit, edit=edit))


@router.post("/undo")
def undo_edit(code: str, tab: Tab, master: TheMaster, asker: Asker) -> StepResult:
    """Take back this tab's newest step, past what others changed since: that is skipped and named."""
    return _done(master, code, asker, tab.tab, partial(undo, key=tab.key))


@router.post("/redo")
def redo_edit(code: str, tab: Tab, master: TheMaster, asker: Asker) -> StepResult:
    """Do again what this tab undid last; as `undo`, the other way round."""
    return _done(master, code, asker, tab.tab, partial(redo, key=tab.key))


@router.get("/steps")
def show_steps(code: str, reader: Reader, asker: Asker, tab: TabName) -> Steps:
    """What undo and redo would do in this tab."""
    return steps_of(reader, Stack(get_project(reader, code).id, asker.name, tab))


def _done(
    master: Master, code: str, asker: Principal, tab: str, act: Callable[[Session, Project, Stack], Done]
) -> StepResult:
    """Write, then read what was written."""

    def write(session: Session) -> tuple[Done, Stack]:
        project = get_project(session, code)
        stack = stack_of(master, asker, project.id, tab)
        return act(session, project, stack), stack

    done, stack = master.db.write(write)
    with master.db.read() as session:
        views = {view.id: view for view in shot_views(session, get_project(session, code), done.ids)}
        return StepResult(
            name=done.name,
            rows=[views[id] for id in done.ids if id in views],
            deleted=done.deleted,
            skipped=done.skipped,
            steps=steps_of(session, stack),
        )
