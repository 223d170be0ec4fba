"""Actions on shots. What a person changes raises `rev`; what follows from it (prompt, timecodes) does not."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import delete, func, insert, or_
from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.sentences import say
from cinefarm.statuses import ShotStatus
from master.errors import BadInput, Conflict, Problem, StaleWrite
from master.events import Noun, touched
from master.models import CinematicOption, Project, Shot, ShotCharacter, utc_now
from master.models import Sequence as SequenceRow
from master.shots.bible import Bible, CastMember, load_bible, shots_where
from master.shots.fields import ShotChange, ShotNew, ShotPatch, columns_of
from master.shots.places import load_cut, page_of_cut
from master.shots.prompting import refresh_prompts
from master.shots.rows import find_row, missing
from master.shots.takes import living_shot
from master.shots.views import ShotView, shot_views


class HasCode(Protocol):
    """A shot, as far as it is named in what went wrong."""

    @property
    def code(self) -> str: ...
    @property
    def rev(self) -> int: ...


@dataclass(frozen=True)
class Wanted:
    """Which shots of a list are asked for."""

    after: str | None = None  # the id of the last shot of the page before
    limit: int = 200
    sequence: str | None = None  # a sequence's id or code; "" for shots in none
    status: ShotStatus | None = None
    q: str = ""


def page_of_shots(session: Session, project: Project, wanted: Wanted) -> tuple[list[ShotView], int]:
    """One page in the order of the cut, and how many shots match in all. Raises `BadInput` naming the parameter."""
    for name, text in (("q", wanted.q), ("sequence", wanted.sequence or ""), ("after", wanted.after or "")):
        if "\0" in text:
            raise BadInput("{name}: holds a NUL character; remove it.", name=name, field=name)
    matching = _matching(session, project, wanted)
    if matching is None:
        page = page_of_cut(session, project, wanted.after, wanted.limit)
        if page is None:
            raise _no_longer_here()
        places, total = page
        return shot_views(session, project, list(places), cut=places), total
    cut = load_cut(session, project)
    ids = [id for id in cut if id in matching]
    start = 0
    if wanted.after is not None:
        if wanted.after not in cut:
            raise _no_longer_here()
        number = cut[wanted.after].number
        start = next((i for i, id in enumerate(ids) if cut[id].number > number), len(ids))
    return shot_views(session, project, ids[start : start + wanted.limit], cut=cut), len(ids)


def _no_longer_here() -> BadInput:
    return BadInput("after: there is no such shot here any more; read the list from its start.", field="after")


def _matching(session: Session, project: Project, wanted: Wanted) -> set[str] | None:
    """The ids that pass the filters; None when there are no filters."""
    clauses = []
    if wanted.status is not None:
        clauses.append(col(Shot.status) == wanted.status)
    if wanted.sequence is not None:
        named = select(SequenceRow.id).where(
            SequenceRow.project_id == project.id,
            or_(col(SequenceRow.id) == wanted.sequence, col(SequenceRow.code) == wanted.sequence.upper()),
        )
        clauses.append(col(Shot.sequence_id).in_(named) if wanted.sequence else col(Shot.sequence_id).is_(None))
    if wanted.q:
        texts = (
            Shot.code,
            Shot.scene_description,
            Shot.action,
            Shot.notes,
            Shot.generated_prompt,
            Shot.prompt_override,
        )
        clauses.append(or_(*(col(text).icontains(wanted.q, autoescape=True) for text in texts)))
    if not clauses:
        return None
    return set(session.exec(select(Shot.id).where(Shot.project_id == project.id, *clauses)))


def create_shots(session: Session, project: Project, news: Sequence[ShotNew]) -> list[Shot]:
    """All of them or none. Raises `BadInput` or `Conflict` naming the shot by its place in the list."""
    _require_free(session, project, [new.code for new in news if new.code])
    bible = load_bible(session, project, [])
    codes = iter(next_codes(session, project, [new.code for new in news]))
    ends: dict[str | None, float] = {}
    blank = Shot(project_id=project.id, code="").model_dump()
    rows: list[dict[str, Any]] = []
    for place, new in enumerate(news, start=1):
        columns = columns_of(session, bible, new, where=new.code or f"Shot {place}")
        if "position" not in columns:
            columns["position"] = end_of(session, project, new.sequence_id, ends)
        rows.append(blank | columns | {"id": new_id(), "code": new.code or next(codes)})
    ids = [row["id"] for row in rows]
    session.execute(insert(Shot), rows)
    write_casts(session, {id: new.characters or [] for id, new in zip(ids, news, strict=True)})
    _saved(session, project, ids, cut_changed=True)
    shots = {shot.id: shot for shot in session.exec(select(Shot).where(col(Shot.id).in_(ids)))}
    return [shots[id] for id in ids]


def _require_free(session: Session, project: Project, codes: list[str]) -> None:
    """Codes are never used twice in a project, not even after a delete."""
    doubled = [code for code, count in Counter(codes).items() if count > 1]
    if clash := [*doubled, *_used(session, project, codes)]:
        raise Conflict(
            "The code “{clash}” is used more than once or was used before in {code}; choose another.",
            clash=clash[0],
            code=project.code,
            field="code",
            problems=[Problem(place="code", value=code, message=say("is taken")) for code in clash[:50]],
        )


def _used(session: Session, project: Project, codes: Collection[str]) -> list[str]:
    if not codes:
        return []
    return list(session.exec(select(Shot.code).where(Shot.project_id == project.id, col(Shot.code).in_(codes))))


def next_codes(session: Session, project: Project, given: list[str | None]) -> list[str]:
    """A fresh code for each shot that was given none; codes that somebody chose by hand are passed over."""
    missing_codes, chosen, codes = given.count(None), set(given), list[str]()
    while len(codes) < missing_codes:
        start = project.next_shot_number
        batch = [f"SHT-{number:05}" for number in range(start, start + missing_codes - len(codes))]
        project.next_shot_number += len(batch)
        used = {*_used(session, project, batch), *chosen}
        codes += [code for code in batch if code not in used]
    return codes


def end_of(session: Session, project: Project, sequence_id: str | None, ends: dict[str | None, float]) -> float:
    """A position behind every shot of the sequence."""
    if sequence_id not in ends:
        highest = session.exec(
            select(func.max(Shot.position)).where(Shot.project_id == project.id, Shot.sequence_id == sequence_id)
        ).one()
        ends[sequence_id] = highest or 0.0
    ends[sequence_id] += 1.0
    return ends[sequence_id]


def update_shot(session: Session, shot: Shot, patch: ShotPatch, *, seen: int | None = None) -> Shot:
    """Raises `StaleWrite` with the row as it is now, if the writer saw an older one."""
    check_seen(session, shot, seen if seen is not None else patch.rev)
    project = session.get_one(Project, shot.project_id)
    cut_changed = _apply(session, load_bible(session, project, []), shot, patch)
    _saved(session, project, [shot.id], cut_changed=cut_changed)
    return shot


def update_shots(session: Session, project: Project, changes: Sequence[ShotChange]) -> list[Shot]:
    """All changes or none. Raises `StaleWrite` naming every shot that somebody else changed."""
    named = {change.id for change in changes}
    if len(named) < len(changes):
        raise BadInput("A shot is named twice; send one change for each.", field="ids")
    rows = session.exec(select(Shot).where(*shots_where(project, named)))
    shots = {shot.id: shot for shot in rows if shot.deleted_at is None}
    if len(shots) < len(named):
        raise missing("shot")
    check_all_seen(session, project, shots, changes)
    bible = load_bible(session, project, [])
    cut_changed = [_apply(session, bible, shots[change.id], change) for change in changes]
    _saved(session, project, [change.id for change in changes], cut_changed=any(cut_changed))
    return [shots[change.id] for change in changes]


def check_seen(session: Session, shot: Shot, seen: int | None) -> None:
    """Raises `StaleWrite` unless the writer saw the newest revision, or names none and so overwrites knowingly."""
    if seen is not None and seen != shot.rev:
        project = session.get_one(Project, shot.project_id)
        current = shot_views(session, project, [shot.id], deleted=True)[0].model_dump(mode="json")
        raise StaleWrite(
            "Somebody changed {code} since you read it: you saw revision {seen}, it is now {rev}.",
            code=shot.code,
            seen=seen,
            rev=shot.rev,
            current=current,
        )


def check_all_seen(
    session: Session, project: Project, shots: Mapping[str, HasCode], changes: Sequence[ShotChange]
) -> None:
    """Raises `StaleWrite` naming every shot of which a change saw another revision."""
    stale = [c for c in changes if c.rev is not None and c.rev != shots[c.id].rev]
    if stale:
        views = shot_views(session, project, [change.id for change in stale])
        raise StaleWrite(
            "Somebody changed {views} since you read them; nothing was saved.",
            views=", ".join(view.code for view in views[:10]),
            problems=[
                Problem(
                    place=shots[c.id].code, value=str(c.rev), message=say("is now revision {rev}", rev=shots[c.id].rev)
                )
                for c in stale[:50]
            ],
            current={"rows": [view.model_dump(mode="json") for view in views]},
        )


def _apply(session: Session, bible: Bible, shot: Shot, patch: ShotPatch) -> bool:
    """Write the change to the row. True when the order or the times of the cut changed."""
    columns = columns_of(session, bible, patch, where=shot.code)
    if columns.get("code", shot.code) != shot.code:
        _require_free(session, bible.project, [columns["code"]])
    if patch.characters is not None:
        write_casts(session, {shot.id: patch.characters})
    if columns.get("sequence_id", shot.sequence_id) != shot.sequence_id and "position" not in columns:
        columns["position"] = end_of(session, bible.project, columns["sequence_id"], {})
    cut_changed = any(
        columns.get(name, getattr(shot, name)) != getattr(shot, name)
        for name in ("sequence_id", "position", "frame_count")
    )
    for name, value in columns.items():
        setattr(shot, name, value)
    shot.touch()
    return cut_changed


def write_casts(session: Session, casts: Mapping[str, Sequence[CastMember]]) -> None:
    """Who appears in these shots, instead of who did."""
    session.execute(delete(ShotCharacter).where(col(ShotCharacter.shot_id).in_(casts)))
    rows = [
        {"shot_id": id, "character_id": member.character_id, "look_id": member.look_id, "position": place}
        for id, cast in casts.items()
        for place, member in enumerate(cast)
    ]
    if rows:
        session.execute(insert(ShotCharacter), rows)


def delete_shot(session: Session, shot: Shot, *, seen: int | None = None) -> None:
    """Into the trash; its code stays taken."""
    check_seen(session, shot, seen)
    shot.deleted_at = utc_now()
    shot.touch()
    _saved(session, session.get_one(Project, shot.project_id), [shot.id], cut_changed=True)


def restore_shot(session: Session, id: str) -> Shot:
    """Out of the trash, to where it was; without a sequence or option that is gone. No change for a living shot."""
    shot = find_row(session, Shot, id, "shot", deleted=True)
    project = session.get_one(Project, shot.project_id)
    if project.deleted_at is not None:
        raise missing("shot")
    if shot.deleted_at is None:
        return shot
    sequence = session.get(SequenceRow, shot.sequence_id) if shot.sequence_id else None
    if sequence is not None and sequence.deleted_at is not None:
        shot.sequence_id = None
    option = session.get(CinematicOption, shot.cinematic_option_id) if shot.cinematic_option_id else None
    if option is not None and option.deleted_at is not None:
        shot.cinematic_option_id = None
    shot.deleted_at = None
    shot.touch()
    _saved(session, project, [shot.id], cut_changed=True)
    return shot


def get_shot(session: Session, id: str) -> Shot:
    """The living shot of that id. Raises `NotFound`."""
    return living_shot(session, id)


def _saved(session: Session, project: Project, shot_ids: Sequence[str], *, cut_changed: bool) -> None:
    """Tell of the shots; of the project too when the timecodes of other shots moved."""
    refresh_prompts(session, project, shot_ids)
    for id in shot_ids:
        touched(session, Noun.SHOT, id, project.id)
    if cut_changed:
        touched(session, Noun.PROJECT, project.id, project.id)
