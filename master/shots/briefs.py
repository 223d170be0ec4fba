"""What a job is told about shots: briefs, and the media that its inputs are bound to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlmodel import Session, col, select

from cinefarm.briefs import ClipBrief, ShotBrief
from cinefarm.sentences import say
from master.errors import BadInput, Problem
from master.models import Media, Project, Shot, Take
from master.shots.bible import Bible, CastMember, clock_of, load_bible, shots_where
from master.shots.cut import Clock, Place
from master.shots.places import load_cut, load_places
from master.shots.rows import missing, named


class Described(Protocol):
    """What a brief reads of a shot, be it a row or not yet saved."""

    @property
    def id(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def sequence_id(self) -> str | None: ...
    @property
    def scene_description(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def cinematic_option_id(self) -> str | None: ...
    @property
    def notes(self) -> str: ...
    @property
    def frame_count(self) -> int: ...


@dataclass(frozen=True)
class BoundBrief:
    """A brief and the media ids its inputs stand for, by input name; `references` are the shot's own pictures.

    `loras` are those of its characters: file, strength, trigger words.
    """

    brief: ShotBrief
    inputs: dict[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    loras: tuple[tuple[str, float, str], ...] = ()


def brief_of(
    shot: Described, bible: Bible, cast: Sequence[CastMember], *, place: Place | None = None, clock: Clock | None = None
) -> ShotBrief:
    """The brief of one shot; without a place in the cut it has number 1 and no timecode."""
    brief = ShotBrief(
        id=shot.id,
        code=shot.code,
        project=bible.project.name,
        sequence=bible.sequence_code(shot.sequence_id),
        scene_description=shot.scene_description,
        action=shot.action,
        characters=tuple(bible.portrait(member) for member in cast),
        camera=bible.camera(shot.cinematic_option_id),
        notes=shot.notes,
        frame_count=shot.frame_count,
        fps_num=bible.project.fps_num,
        fps_den=bible.project.fps_den,
    )
    if place is None or clock is None:
        return brief
    times = {"timecode_in": clock.show(place.start), "timecode_out": clock.show(place.end)}
    return brief.model_copy(update={"number": place.number, **times})


def shot_brief(session: Session, shot: Shot) -> BoundBrief:
    """The brief of one shot."""
    project = session.get_one(Project, shot.project_id)
    return shot_briefs(session, project, [shot.id])[0]


def shot_briefs(session: Session, project: Project, shot_ids: Collection[str]) -> list[BoundBrief]:
    """One brief for each id, in the order given. Raises `NotFound` for a shot that is not in the project."""
    bible = load_bible(session, project, shot_ids)
    cut = load_places(session, project, shot_ids)
    clock = clock_of(project)
    shots = _living_shots(session, project, shot_ids)
    return [
        _bound(brief_of(shots[id], bible, bible.cast_of(id), place=cut[id], clock=clock), bible, shots[id])
        for id in shot_ids
    ]


def _living_shots(session: Session, project: Project, shot_ids: Collection[str]) -> dict[str, Shot]:
    rows = session.exec(select(Shot).where(*shots_where(project, shot_ids)))
    shots = {shot.id: shot for shot in rows if shot.deleted_at is None}
    if any(id not in shots for id in shot_ids):
        raise missing("shot")
    return shots


def _bound(brief: ShotBrief, bible: Bible, shot: Shot) -> BoundBrief:
    """Name an input for each character that has a reference picture; the first of the sheet is taken."""
    inputs: dict[str, str] = {}
    characters = []
    loras = []
    for character in brief.characters:
        known = bible.characters[character.id]
        if known.lora_file:
            loras.append((known.lora_file, known.lora_strength, known.trigger_words))
        sheet = known.reference_sheet
        if sheet:
            name = f"reference_{len(inputs) + 1}"
            inputs[name] = sheet[0]
            character = character.model_copy(update={"reference_input": name})
        characters.append(character)
    whole = brief.model_copy(update={"characters": tuple(characters)})
    return BoundBrief(whole, inputs, tuple(shot.reference_images), tuple(loras))


def clip_briefs(
    session: Session, project: Project, *, sequence_id: str | None = None, shot_ids: Collection[str] | None = None
) -> tuple[list[ClipBrief], dict[str, str]]:
    """The clips of a film in the order of the cut, and the media id of each input.

    Of the shots named, of one sequence, or of the whole project. Raises `BadInput` naming the shots that have no
    confirmed take, and `NotFound` for a shot that is not in the project.
    """
    bible = load_bible(session, project, shot_ids)
    cut = load_cut(session, project)
    if shot_ids is not None and any(id not in cut for id in shot_ids):
        raise missing("shot")
    shots = _living_shots(session, project, list(cut) if shot_ids is None else shot_ids)
    chosen = [shots[id] for id in cut if id in shots and sequence_id in (None, shots[id].sequence_id)]
    if not chosen:
        raise BadInput("There is no shot to make a film of; add shots or choose another sequence.", field="shots")
    takes = _confirmed(session, project)
    _require_takes(chosen, takes)
    clips, inputs = [], {}
    for number, shot in enumerate(chosen, start=1):
        take, media = takes[shot.confirmed_take_id or ""]
        inputs[f"clip_{number}"] = media.id
        clips.append(_clip(shot, bible, take, media, input=f"clip_{number}"))
    return clips, inputs


def _confirmed(session: Session, project: Project) -> dict[str, tuple[Take, Media]]:
    rows = session.exec(
        select(Take, Media)
        .join(Shot, col(Shot.confirmed_take_id) == Take.id)
        .join(Media, col(Media.id) == Take.media_id)
        .where(Shot.project_id == project.id)
    )
    return {take.id: (take, media) for take, media in rows}


def _require_takes(shots: Sequence[Shot], takes: dict[str, tuple[Take, Media]]) -> None:
    without = [shot.code for shot in shots if shot.confirmed_take_id not in takes]
    if without:
        raise BadInput(
            "No confirmed take: {without}. Generate these shots, or leave them out.",
            without=named(without),
            field="shots",
            problems=[Problem(place=code, message=say("has no confirmed take")) for code in without[:50]],
        )


def _clip(shot: Shot, bible: Bible, take: Take, media: Media, *, input: str) -> ClipBrief:
    camera = bible.camera(shot.cinematic_option_id)
    known = {
        "shot_id": shot.id,
        "code": shot.code,
        "input": input,
        "sequence": bible.sequence_code(shot.sequence_id),
        "frames": shot.frame_count,
        "action": shot.action,
        "scene_description": shot.scene_description,
        "camera": " · ".join(text for text in (camera.camera_body, camera.focal_length) if text),
        "status": shot.status.value,
        "take": take.number,
        "picture_height": media.facts.get("picture_height"),  # the panel without its caption
    }
    return ClipBrief.model_validate({name: value for name, value in known.items() if value is not None})
