"""Shots as people and programs see them: the row and everything that follows from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from cinefarm.sentences import Said
from cinefarm.statuses import MediaKind, ShotStatus
from master.assets.media import media_url
from master.models import Media, Project, Shot, ShotFields, Take
from master.models.shot import WorkflowType
from master.shots.bible import Bible, CastMember, clock_of, load_bible, shots_where
from master.shots.cut import Clock, Place
from master.shots.places import load_cut, load_places
from master.shots.prompting import FRESH, effective_prompt, stale_reason
from master.shots.rows import missing


class CastView(BaseModel):
    """A character in a shot; `look_id` is null when the default look is worn, `look_name` tells what is."""

    character_id: str
    name: str
    look_id: str | None
    look_name: str


class ShotView(ShotFields):
    """A shot. `timecode_in`/`timecode_out` are the record times in the cut; out is where the next shot begins."""

    workflow_type: WorkflowType | str  # both, so that the page's list of the short names is held to them
    id: str
    code: str
    rev: int
    project: str
    sequence: str
    status: ShotStatus
    generated_prompt: str
    effective_prompt: str
    prompt_overridden: bool
    duration_seconds: float
    timecode_in: str
    timecode_out: str
    number: int
    characters: list[CastView]
    cinematic_option: str
    take_count: int
    latest_take_id: str | None
    confirmed_take_id: str | None
    stale: bool
    stale_reason: Said
    generated_image: str | None
    render_path: str | None
    thumbnail_url: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


_COLUMNS = sorted(
    set(ShotFields.model_fields)
    | {"id", "code", "rev", "status", "generated_prompt", "inputs_hash", "confirmed_take_id"}
    | {"created_at", "updated_at", "deleted_at"}
)


def shot_view(session: Session, shot_id: str) -> ShotView:
    """One shot, also from the trash. Raises `NotFound`."""
    shot = session.get(Shot, shot_id)
    if shot is None:
        raise missing("shot")
    return shot_views(session, session.get_one(Project, shot.project_id), [shot.id], deleted=True)[0]


def shot_views(
    session: Session,
    project: Project,
    ids: Collection[str] | None = None,
    *,
    deleted: bool = False,
    cut: Mapping[str, Place] | None = None,
) -> list[ShotView]:
    """The living shots of a project, or those of them that are named, in the order of the cut.

    A fixed number of queries, whatever the number of shots. With `deleted` those in the trash follow; they have no
    place in the cut. A caller that has read their places may hand them in.
    """
    session.flush()
    bible = load_bible(session, project, ids)
    if cut is None:
        cut = load_cut(session, project) if ids is None else load_places(session, project, ids)
    drawer = _Drawer(bible, clock_of(project), _take_ids(session, project, ids), _confirmed(session, project, ids))
    wanted = select(*[getattr(Shot, name) for name in _COLUMNS]).where(*shots_where(project, ids))
    # who lives is asked here: SQLite would walk the index of what is not deleted, which is nearly everything
    found = session.execute(wanted).mappings()
    rows: dict[str, Mapping[str, Any]] = {row["id"]: dict(row) for row in found if deleted or not row["deleted_at"]}
    if ids is not None:
        named = set(ids)
        rows = {id: row for id, row in rows.items() if id in named}
    ordered = [id for id in cut if id in rows] + sorted(id for id in rows if id not in cut)
    return [drawer.draw(rows[id], cut.get(id)) for id in ordered]


def _take_ids(session: Session, project: Project, ids: Collection[str] | None) -> dict[str, list[str]]:
    """The takes of each shot, oldest first."""
    rows = session.execute(
        select(Take.shot_id, Take.id, col(Take.deleted_at))
        .join(Shot, col(Shot.id) == Take.shot_id)
        .where(*shots_where(project, ids))
        .order_by(Take.shot_id, col(Take.number))
    )
    takes: dict[str, list[str]] = {}
    for shot_id, take_id, deleted_at in rows:
        if deleted_at is None:
            takes.setdefault(shot_id, []).append(take_id)
    return takes


def _confirmed(session: Session, project: Project, ids: Collection[str] | None) -> dict[str, Any]:
    """By take: its inputs hash, media id, thumbnail id and kind."""
    wanted: list[Any] = [Take.id, Take.inputs_hash, Take.media_id, Take.thumbnail_id, Media.kind]
    rows = session.execute(
        select(*wanted)
        .join(Shot, col(Shot.confirmed_take_id) == Take.id)
        .join(Media, col(Media.id) == Take.media_id)
        .where(*shots_where(project, ids))
    )
    return {row.id: row for row in rows}


@dataclass
class _Drawer:
    """Draws the views of one project's shots from what was read of it."""

    bible: Bible
    clock: Clock
    take_ids: dict[str, list[str]]
    confirmed: dict[str, Any]
    _casts: dict[CastMember, CastView] = field(default_factory=dict)
    _timecodes: dict[int, str] = field(default_factory=dict)
    _seconds: dict[int, float] = field(default_factory=dict)

    def draw(self, row: Mapping[str, Any], place: Place | None) -> ShotView:
        takes = self.take_ids.get(row["id"], [])
        option = self.bible.options.get(row["cinematic_option_id"] or "")
        values = dict(row)
        made_from_now = values.pop("inputs_hash")
        return ShotView.model_construct(  # its values were checked when they were written
            **values,
            **self._pictures(self.confirmed.get(row["confirmed_take_id"] or ""), made_from_now),
            project=self.bible.project.code,
            sequence=self.bible.sequence_code(row["sequence_id"]),
            effective_prompt=effective_prompt(row["generated_prompt"], row["prompt_override"]),
            prompt_overridden=bool(row["prompt_override"]),
            duration_seconds=self._in_seconds(row["frame_count"]),
            timecode_in=self._timecode(place.start) if place else "",
            timecode_out=self._timecode(place.end) if place else "",
            number=place.number if place else 0,
            characters=[self._cast(member) for member in self.bible.cast_of(row["id"])],
            cinematic_option=option.name if option else "",
            take_count=len(takes),
            latest_take_id=takes[-1] if takes else None,
        )

    def _timecode(self, frames: int) -> str:
        known = self._timecodes.get(frames)  # the in of a shot is the out of the one before
        if known is None:
            known = self._timecodes[frames] = self.clock.show(frames)
        return known

    def _in_seconds(self, frames: int) -> float:
        known = self._seconds.get(frames)
        if known is None:
            known = self._seconds[frames] = self.clock.rate.seconds(frames)
        return known

    def _cast(self, member: CastMember) -> CastView:
        if member not in self._casts:
            look = self.bible.look_of(member)
            self._casts[member] = CastView(
                character_id=member.character_id,
                name=self.bible.characters[member.character_id].name,
                look_id=member.look_id,
                look_name=look.name if look else "",
            )
        return self._casts[member]

    @staticmethod
    def _pictures(take: Any, made_from_now: str) -> dict[str, Any]:
        if take is None:
            return {
                "stale": False,
                "stale_reason": FRESH,
                "generated_image": None,
                "render_path": None,
                "thumbnail_url": None,
            }
        reason = stale_reason(take.inputs_hash, made_from_now)
        url, thumbnail = media_url(take.media_id), take.thumbnail_id and media_url(take.thumbnail_id)
        is_image = take.kind == MediaKind.IMAGE
        return {
            "stale": bool(reason),
            "stale_reason": reason,
            "generated_image": url if is_image else None,
            "render_path": None if is_image else url,
            "thumbnail_url": thumbnail or (url if is_image else None),
        }
