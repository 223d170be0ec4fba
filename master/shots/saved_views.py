"""Actions on saved views. Everybody in a project may use and change all of them."""

from sqlalchemy import func
from sqlmodel import Field, Session, col, select

from master.errors import Conflict
from master.events import Noun, touched
from master.models import Project, ViewFields, ViewRow, utc_now
from master.shots.rows import find_row, is_taken, missing


class SavedViewPatch(ViewFields):
    """What is to change; fields that are not sent stay."""

    name: str = Field(default="", min_length=1, max_length=80)
    rev: int | None = Field(default=None, ge=1, le=2**53)


def list_views(session: Session, project: Project) -> list[ViewRow]:
    """The living ones in order."""
    wanted = select(ViewRow).where(ViewRow.project_id == project.id, col(ViewRow.deleted_at).is_(None))
    return list(session.exec(wanted.order_by(col(ViewRow.position), col(ViewRow.id))))


def get_view(session: Session, id: str, *, deleted: bool = False) -> ViewRow:
    """Raises `NotFound`, also when its project is in the trash."""
    view = find_row(session, ViewRow, id, "saved view", deleted=deleted)
    if session.get_one(Project, view.project_id).deleted_at is not None:
        raise missing("saved view")
    return view


def create_view(session: Session, project: Project, user: str, fields: ViewFields) -> ViewRow:
    """At the end, unless a position is given. Raises `Conflict` for a name that is taken."""
    _require_free(session, project.id, fields.name)
    columns = fields.model_dump()
    if "position" not in fields.model_fields_set:
        last = session.exec(select(func.max(ViewRow.position)).where(ViewRow.project_id == project.id)).one()
        columns["position"] = (last or 0.0) + 1.0
    view = ViewRow(project_id=project.id, created_by=user[:120], **columns)
    session.add(view)
    return _saved(session, view)


def update_view(session: Session, view: ViewRow, patch: SavedViewPatch) -> ViewRow:
    changes = patch.model_dump(exclude_unset=True, exclude={"rev"})
    if changes.get("name", view.name) != view.name:
        _require_free(session, view.project_id, changes["name"])
    for name, value in changes.items():
        setattr(view, name, value)
    view.touch()
    return _saved(session, view)


def delete_view(session: Session, view: ViewRow) -> None:
    view.deleted_at = utc_now()
    view.touch()
    _saved(session, view)


def restore_view(session: Session, id: str) -> ViewRow:
    """Out of the trash; no change for a living one. Raises `Conflict` when its name was taken meanwhile."""
    view = get_view(session, id, deleted=True)
    if view.deleted_at is None:
        return view
    _require_free(session, view.project_id, view.name)
    view.deleted_at = None
    view.touch()
    return _saved(session, view)


def _require_free(session: Session, project_id: str, name: str) -> None:
    if is_taken(session, ViewRow, ViewRow.project_id == project_id, ViewRow.name == name):
        raise Conflict("There is a view “{name}” already; choose another name.", name=name, field="name")


def _saved(session: Session, view: ViewRow) -> ViewRow:
    session.flush()
    touched(session, Noun.VIEW, view.id, view.project_id)
    return view
