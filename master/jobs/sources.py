"""Files that a job takes from its shot where none is given: the confirmed take."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from cinefarm.sentences import say
from master.errors import BadInput, Problem
from master.models import Media, Shot, Take
from master.shots.rows import named
from workflows.schema import FileParameter, ShotParameter, Workflow


def from_confirmed_take(workflow: Workflow, given: Mapping[str, Any], made: Collection[str] = ()) -> list[str]:
    """The file parameters that the confirmed take is for: not given, and not `made` by another job."""
    return [
        name
        for name, parameter in workflow.parameters.items()
        if isinstance(parameter, FileParameter)
        and parameter.source == "confirmed_take"
        and not given.get(name)
        and name not in made
    ]


def confirmed_media(session: Session, shots: Sequence[Shot]) -> dict[str, Media]:
    """Shot id → what its confirmed take shows."""
    ids = [shot.id for shot in shots]
    found: dict[str, Media] = {}
    for start in range(0, len(ids), 500):
        rows = session.exec(
            select(Shot.id, Media)
            .join(Take, col(Shot.confirmed_take_id) == Take.id)
            .join(Media, col(Media.id) == Take.media_id)
            .where(col(Shot.id).in_(ids[start : start + 500]))
        )
        found.update(dict(rows.all()))
    return found


def require_confirmed(
    workflow: Workflow, names: Sequence[str], shots: Sequence[Shot], confirmed: Mapping[str, Media]
) -> None:
    """Raises `BadInput` naming the shots whose confirmed take is missing, or no file of the kind that must be there."""
    for name in names:
        parameter = workflow.parameters[name]
        if not isinstance(parameter, FileParameter) or not parameter.required:
            continue
        if without := [shot.code for shot in shots if shot.id not in confirmed]:
            raise BadInput(
                "No confirmed take: {without}. Generate these shots, or leave them out.",
                without=named(without),
                field=name,
                problems=[Problem(place=code, message=say("has no confirmed take")) for code in without[:50]],
            )
        for shot in shots:
            if (kind := confirmed[shot.id].kind) is not parameter.media:
                raise BadInput(
                    "{code}: the confirmed take is of the kind {kind}, and {name} must be of the kind {media}. "
                    "Confirm another take, or choose a file.",
                    code=shot.code,
                    kind=kind,
                    name=name,
                    media=parameter.media,
                    field=name,
                )


def with_confirmed(
    workflow: Workflow, filled: dict[str, Any], names: Sequence[str], media: Media | None
) -> dict[str, Any]:
    """The parameters with the take in its places. The shot says how much of it is the picture."""
    fitting = [
        name
        for name in names
        if media and isinstance(p := workflow.parameters[name], FileParameter) and p.media is media.kind
    ]
    if media is None or not fitting:
        return filled
    return _with_picture(workflow, {**filled, **dict.fromkeys(fitting, media.id)}, media)


def with_made(workflow: Workflow, filled: dict[str, Any], name: str, media: Media) -> dict[str, Any]:
    """The parameters with what another job made in this place; where a take belongs, the shot says how much of it is
    the picture."""
    filled = {**filled, name: media.id}
    parameter = workflow.parameters[name]
    takes = isinstance(parameter, FileParameter) and parameter.source == "confirmed_take"
    return _with_picture(workflow, filled, media) if takes else filled


def _with_picture(workflow: Workflow, filled: dict[str, Any], media: Media) -> dict[str, Any]:
    """A panel's caption lies below its picture."""
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, ShotParameter) and isinstance(filled.get(name), dict):
            filled[name] = {**filled[name], "picture_height": media.facts.get("picture_height")}
    return filled
