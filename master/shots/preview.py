"""The prompt that a shot would have, shown while the artist picks."""

from dataclasses import dataclass

from sqlmodel import Session

from master.models import Project
from master.shots.bible import load_bible
from master.shots.briefs import brief_of
from master.shots.fields import ShotNew, columns_of
from master.shots.prompting import Prompter
from master.shots.prompts import AssembledPrompt


@dataclass(frozen=True)
class _Draft:
    """A shot that is not saved."""

    sequence_id: str | None
    scene_description: str
    action: str
    cinematic_option_id: str | None
    notes: str
    frame_count: int
    id: str = ""
    code: str = ""


def preview_prompt(session: Session, project: Project, shot: ShotNew) -> AssembledPrompt:
    """Raises `BadInput` for what is not of the project."""
    bible = load_bible(session, project, [])
    columns_of(session, bible, shot, where="The shot")
    draft = _Draft(
        shot.sequence_id, shot.scene_description, shot.action, shot.cinematic_option_id, shot.notes, shot.frame_count
    )
    return Prompter(bible).assemble(brief_of(draft, bible, shot.characters or []))
