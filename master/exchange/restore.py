"""Rebuild a project from its `data.json`, in one transaction.

Ids stay as they are where they are free; a taken id gets a fresh one, and every reference to it follows. Equal to the
original but for that: a shot that was being generated comes back as completed or pending, since its jobs are not in
the document; and a take of a job whose takes the farm has already forgets the job, which stays the original's.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from cinefarm.ids import is_id, new_id
from cinefarm.sentences import say, sentence_of
from cinefarm.statuses import ShotStatus
from master.complaints import complaint_of
from master.errors import BadInput, Conflict, Problem
from master.events import Noun, touched
from master.exchange.document import FORMAT, CharacterEntry, Kept, MediaEntry, ProjectDocument, ShotEntry, TakeEntry
from master.exchange.limits import LIMITS, MIB, ImportLimits
from master.exchange.strict_json import read_json
from master.exchange.tables import check_version
from master.models import (
    Character,
    CinematicOption,
    Look,
    Media,
    Project,
    ProjectFields,
    ReviewNote,
    Sequence,
    Shot,
    ShotCharacter,
    Take,
    ViewRow,
)
from master.models.base import Row

RESTORE_BYTES = 64 * MIB


def read_document(content: bytes, limits: ImportLimits = LIMITS) -> ProjectDocument:
    """Raises `BadInput` with the paths of everything wrong."""
    raw = read_json(content, limits)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BadInput(
            "This is no project export: “format” must be “{format}”. Upload a project's data.json.",
            format=FORMAT,
            field="format",
        )
    check_version(raw.get("schema_version"), "schema_version")
    try:
        document = ProjectDocument.model_validate(raw)
    except ValidationError as error:
        problems = [_problem(item) for item in error.errors()]
    else:
        problems = list(_check(document))
    if problems:
        more = say(" And {count} more.", count=len(problems) - 1) if len(problems) > 1 else say("")
        raise BadInput(
            "{place}: {message}{more} Nothing was restored.",
            place=problems[0].place,
            message=problems[0].message,
            more=more,
            field=problems[0].place,
            problems=problems[: limits.problems],
        )
    return document


def restore_project(session: Session, document: ProjectDocument, code: str | None = None) -> Project:
    """The project, under its own code or `code`. Raises `Conflict` when that is taken."""
    given = document.project.model_dump(include=set(ProjectFields.model_fields))
    try:
        fields = ProjectFields.model_validate(given | ({"code": code} if code else {}))
    except ValidationError as error:
        raise BadInput("code: {msg}", msg=complaint_of(error.errors()[0]), field="code") from error
    if session.exec(select(Project.id).where(Project.code == fields.code)).first():
        raise Conflict(
            "There is a project “{code}” already; restore under another code.", code=fields.code, field="code"
        )
    taken = _taken_ids(session, document)
    new = _renamer(taken)
    project = Project(**document.project.model_dump() | fields.model_dump() | {"id": new(document.project.id)})
    session.add(project)
    session.flush()
    touched(session, Noun.PROJECT, project.id, project.id)
    _write(session, project, document, new, _known_jobs(session, document))
    return project


def _known_jobs(session: Session, document: ProjectDocument) -> set[str]:
    """Jobs whose takes the farm has: one attempt of a job makes one take."""
    jobs = sorted({take.job_id for take in document.takes if take.job_id})
    known: set[str] = set()
    for start in range(0, len(jobs), 500):
        part = select(Take.job_id).where(col(Take.job_id).in_(jobs[start : start + 500]))
        known |= {job for job in session.exec(part) if job}
    return known


def _renamer(taken: set[str]) -> Callable[[str], str]:
    fresh = {id: new_id() for id in sorted(taken)}  # in the same order, which settles ties in the cut
    return lambda id: fresh.get(id, id)


def _taken_ids(session: Session, document: ProjectDocument) -> set[str]:
    """Ids of the document that some row of the database has already, or that have no id's shape."""
    taken: set[str] = set()
    for table, entries in _entries(document):
        ids = [entry.id for entry in entries]
        taken |= {id for id in ids if not is_id(id)}
        for start in range(0, len(ids), 500):
            taken |= set(session.exec(select(table.id).where(col(table.id).in_(ids[start : start + 500]))))
    return taken


def _entries(document: ProjectDocument) -> list[tuple[type[Row], Iterable[Kept]]]:
    return [
        (Project, [document.project]),
        (Sequence, document.sequences),
        (Character, document.characters),
        (Look, [look for character in document.characters for look in character.looks]),
        (CinematicOption, document.options),
        (ViewRow, document.views),
        (Shot, document.shots),
        (Take, document.takes),
        (ReviewNote, document.notes),
        (Media, document.media),
    ]


def _write(
    session: Session, project: Project, document: ProjectDocument, new: Callable[[str], str], known_jobs: set[str]
) -> None:
    parent = {"project_id": project.id, "deleted_at": None}
    maybe: Callable[[str | None], str | None] = lambda id: new(id) if id else None  # noqa: E731
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {
        Media: [one.model_dump() | parent | {"id": new(one.id)} for one in document.media],
        Sequence: [one.model_dump() | parent | {"id": new(one.id)} for one in document.sequences],
        CinematicOption: [one.model_dump() | parent | {"id": new(one.id)} for one in document.options],
        ViewRow: [
            one.model_dump() | parent | {"id": new(one.id), "config": _renamed(one.config, new)}
            for one in document.views
        ],
        Character: [_character(one, new, maybe) | parent for one in document.characters],
        Look: [
            look.model_dump() | {"id": new(look.id), "character_id": new(one.id), "deleted_at": None}
            for one in document.characters
            for look in one.looks
        ],
        Shot: [_shot(one, new, maybe) | parent for one in document.shots],
        ShotCharacter: [
            {
                "shot_id": new(shot.id),
                "character_id": new(c.character_id),
                "look_id": maybe(c.look_id),
                "position": position,
            }
            for shot in document.shots
            for position, c in enumerate(shot.characters)
        ],
        Take: [_take(one, new, maybe, copied=one.job_id in known_jobs) for one in document.takes],
        ReviewNote: [
            one.model_dump() | parent | {"id": new(one.id), "shot_id": new(one.shot_id), "take_id": new(one.take_id)}
            for one in document.notes
        ],
    }
    for table, values in rows.items():
        if values:
            session.execute(insert(table.__table__), values)  # type: ignore[attr-defined]  # one statement for all


def _renamed(value: Any, new: Callable[[str], str]) -> Any:
    """What a view filters by may be ids of the project's rows, which follow; all else stays."""
    if isinstance(value, dict):
        return {key: _renamed(one, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, new) for one in value]
    return new(value) if isinstance(value, str) else value


def _character(
    one: CharacterEntry, new: Callable[[str], str], maybe: Callable[[str | None], str | None]
) -> dict[str, Any]:
    return one.model_dump(exclude={"looks"}) | {
        "id": new(one.id),
        "default_look_id": maybe(one.default_look_id),
        "reference_sheet": [new(id) for id in one.reference_sheet],
    }


def _shot(one: ShotEntry, new: Callable[[str], str], maybe: Callable[[str | None], str | None]) -> dict[str, Any]:
    status = one.status
    if status == ShotStatus.GENERATING:
        status = ShotStatus.COMPLETED if one.confirmed_take_id else ShotStatus.PENDING
    return one.model_dump(exclude={"characters"}) | {
        "id": new(one.id),
        "sequence_id": maybe(one.sequence_id),
        "cinematic_option_id": maybe(one.cinematic_option_id),
        "confirmed_take_id": maybe(one.confirmed_take_id),
        "reference_images": [new(id) for id in one.reference_images],
        "status": status,
    }


def _take(
    one: TakeEntry, new: Callable[[str], str], maybe: Callable[[str | None], str | None], *, copied: bool
) -> dict[str, Any]:
    return one.model_dump() | {
        "id": new(one.id),
        "shot_id": new(one.shot_id),
        "media_id": new(one.media_id),
        "thumbnail_id": maybe(one.thumbnail_id),
        "job_id": None if copied else one.job_id,
        "attempt": None if copied else one.attempt,
        "deleted_at": None,
    }


def _problem(item: Any) -> Problem:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
    return Problem(place=path, value=repr(item.get("input"))[:120], message=complaint_of(item))


def _check(document: ProjectDocument) -> Iterator[Problem]:
    """Ids and names that stand twice, and references to what is not in the document."""
    try:
        document.project.check_timing()
    except ValueError as error:
        yield Problem(place="project.start_timecode", value=document.project.start_timecode, message=sentence_of(error))
    yield from _doubles(document)
    yield from _dangling(document)
    yield from _strange_files(document.media)


def _doubles(document: ProjectDocument) -> Iterator[Problem]:
    named: list[tuple[str, str, Iterable[object]]] = [
        ("sequences", "code", [one.code for one in document.sequences]),
        ("characters", "name", [one.name for one in document.characters]),
        ("options", "name", [one.name for one in document.options]),
        ("views", "name", [one.name for one in document.views]),
        ("shots", "code", [one.code for one in document.shots]),
        ("takes", "number", [(one.shot_id, one.number) for one in document.takes]),
        *((f"characters[{at}].looks", "name", [k.name for k in c.looks]) for at, c in enumerate(document.characters)),
    ]
    for table, entries in _entries(document):
        named.append((table.__name__.lower(), "id", [entry.id for entry in entries]))
    for shot_at, shot in enumerate(document.shots):
        named.append((f"shots[{shot_at}].characters", "character_id", [c.character_id for c in shot.characters]))
    for where, key, values in named:
        seen: set[object] = set()
        for at, value in enumerate(values):
            if value in seen:
                yield Problem(
                    place=f"{where}[{at}].{key}", value=str(value)[:120], message=say("stands twice in the file.")
                )
            seen.add(value)


def _dangling(document: ProjectDocument) -> Iterator[Problem]:
    media = {one.id for one in document.media}
    looks = {look.id: one.id for one in document.characters for look in one.looks}
    takes = {one.id: one.shot_id for one in document.takes}
    shots = {one.id for one in document.shots}
    sequences, options = {one.id for one in document.sequences}, {one.id for one in document.options}
    for place, id, good in _references(document, media, looks, takes, shots, sequences, options):
        if id is not None and not good:
            yield Problem(
                place=place, value=id[:120], message=say("refers to nothing that is in the file, or to another's.")
            )


def _references(
    document: ProjectDocument,
    media: set[str],
    looks: dict[str, str],
    takes: dict[str, str],
    shots: set[str],
    sequences: set[str],
    options: set[str],
) -> Iterator[tuple[str, str | None, bool]]:
    """(path, id, whether it leads somewhere) of every reference."""
    for at, character in enumerate(document.characters):
        path = f"characters[{at}]"
        look = character.default_look_id
        yield f"{path}.default_look_id", look, looks.get(look or "") == character.id
        yield from ((f"{path}.reference_sheet[{n}]", id, id in media) for n, id in enumerate(character.reference_sheet))
    owners = {one.id for one in document.characters}
    for at, shot in enumerate(document.shots):
        path = f"shots[{at}]"
        yield f"{path}.sequence_id", shot.sequence_id, shot.sequence_id in sequences
        yield f"{path}.cinematic_option_id", shot.cinematic_option_id, shot.cinematic_option_id in options
        yield f"{path}.confirmed_take_id", shot.confirmed_take_id, takes.get(shot.confirmed_take_id or "") == shot.id
        yield from ((f"{path}.reference_images[{n}]", id, id in media) for n, id in enumerate(shot.reference_images))
        for n, member in enumerate(shot.characters):
            yield f"{path}.characters[{n}].character_id", member.character_id, member.character_id in owners
            yield (
                f"{path}.characters[{n}].look_id",
                member.look_id,
                looks.get(member.look_id or "") == member.character_id,
            )
    for at, take in enumerate(document.takes):
        yield f"takes[{at}].shot_id", take.shot_id, take.shot_id in shots
        yield f"takes[{at}].media_id", take.media_id, take.media_id in media
        yield f"takes[{at}].thumbnail_id", take.thumbnail_id, take.thumbnail_id in media
    for at, note in enumerate(document.notes):
        yield f"notes[{at}].shot_id", note.shot_id, note.shot_id in shots
        yield f"notes[{at}].take_id", note.take_id, takes.get(note.take_id) == note.shot_id


def _strange_files(media: list[MediaEntry]) -> Iterator[Problem]:
    for at, one in enumerate(media):
        if not one.lies_by_hash:
            yield Problem(
                place=f"media[{at}].path",
                value=one.path[:120],
                message=say("must be the place under shared_storage/objects/ that the file's hash gives."),
            )
