"""Keeps the generated prompt of every shot, and the hash of what a take would be made from, up to date.

Every action that changes a part calls `refresh_prompts` in its own transaction. What the farm derives by itself does
not raise a shot's `rev`: renaming a character must not turn away the artist who is editing one of its shots. Such a
shot is still told of as touched, and its `updated_at` moves.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from cinefarm.briefs import ShotBrief
from cinefarm.sentences import Said, Word, listed, say
from master.events import Noun, touched
from master.models import Project, Shot, ShotCharacter, utc_now
from master.shots.bible import Bible, CastMember, load_bible, shots_where
from master.shots.briefs import Described, brief_of
from master.shots.prompts import AssembledPrompt, PromptTemplate, assemble, parts_of
from master.shots.prompts import inputs_hash as hash_of

# What a take is made from, in the order in which the digests stand in `Shot.inputs_hash`: eight of eight hex digits.
# Frames, timecodes, notes and the place in the cut are left out: trimming a shot does not spoil its picture.
_PARTS = (
    "the prompt",
    "the negative prompt",
    "the scene description",
    "the action",
    "a character or look",
    "the cinematic option",
    "the reference pictures",
    "the picture size",
)
_DIGITS = 8
FRESH = say("")
_OUTSIDE_THE_PROMPT = frozenset({"the prompt", "the negative prompt", "the reference pictures", "the picture size"})
_COLUMNS = [
    *("id", "code", "sequence_id", "scene_description", "action", "cinematic_option_id", "notes", "frame_count"),
    *("prompt_override", "negative_prompt", "reference_images", "generated_prompt", "inputs_hash"),
]


class Prompted(Described, Protocol):
    """What the prompt and the hash read of a shot."""

    @property
    def prompt_override(self) -> str | None: ...
    @property
    def negative_prompt(self) -> str: ...
    @property
    def reference_images(self) -> list[str]: ...


@dataclass
class Prompter:
    """Writes the prompts of one project's shots; remembers what they share."""

    bible: Bible
    template: PromptTemplate = field(init=False)
    _digests: dict[Any, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = self.bible.project.prompt_template
        self.template = PromptTemplate.model_validate(given) if given else PromptTemplate()

    def assemble(self, brief: ShotBrief) -> AssembledPrompt:
        return assemble(parts_of(brief, style_notes=self.bible.project.style_notes), self.template)

    def write(self, shot: Prompted, cast: Sequence[CastMember]) -> tuple[str, str]:
        """The generated prompt and the inputs hash of a shot as it is now."""
        brief = brief_of(shot, self.bible, cast)
        generated = self.assemble(brief).text
        parts = (
            _digest(effective_prompt(generated, shot.prompt_override)),
            _digest(shot.negative_prompt),
            _digest(shot.scene_description),
            _digest(shot.action),
            self._once(tuple(cast), [(c, self._materials(c.id)) for c in brief.characters]),
            self._once(shot.cinematic_option_id, brief.camera),
            self._once(("pictures", *shot.reference_images), list(shot.reference_images)),
            self._once("size", [self.bible.project.width, self.bible.project.height]),
        )
        return generated, "".join(parts)

    def _materials(self, character_id: str) -> list[Any]:
        """What of a character is not in its brief, but in its pictures."""
        character = self.bible.characters[character_id]
        return [character.reference_sheet, character.lora_file, character.lora_strength]

    def _once(self, key: Any, value: object) -> str:
        return self._digests.get(key) or self._digests.setdefault(key, _digest(value))


def _digest(value: object) -> str:
    if isinstance(value, str):
        return hashlib.sha256(value.encode()).hexdigest()[:_DIGITS]
    return hash_of(value=value)[:_DIGITS]


def effective_prompt(generated: str, override: str | None) -> str:
    """What is rendered: the artist's own words if he wrote any."""
    return override or generated


def inputs_hash(session: Session, shot: Shot) -> str:
    """Of what a take of this shot would be made from now; the actions keep `shot.inputs_hash` equal to it."""
    project = session.get_one(Project, shot.project_id)
    bible = load_bible(session, project, [shot.id])
    return Prompter(bible).write(shot, bible.cast_of(shot.id))[1]


def stale_reason(made_from: str, now: str) -> Said:
    """A sentence on what changed since a take was made; empty when nothing did or when the take does not tell."""
    if not made_from or made_from == now:
        return FRESH
    old, new = ([text[i : i + _DIGITS] for i in range(0, len(text), _DIGITS)] for text in (made_from, now))
    changed = [part for part, a, b in zip(_PARTS, old, new, strict=False) if a != b]
    if not changed:
        return say("Its inputs changed since.")
    if not _OUTSIDE_THE_PROMPT.issuperset(changed):  # then the prompt changed for that reason
        changed = [part for part in changed if part != _PARTS[0]]
    *first, last = map(Word, changed)
    what = say("{first} and {last}", first=listed(first, ", "), last=last) if first else last
    return say("Changed since: {what}.", what=what)


def refresh_prompts(session: Session, project: Project, shot_ids: Collection[str] | None = None) -> list[str]:
    """Write anew the prompts and hashes of these shots (None: of all). Returns the ids of those that changed."""
    session.flush()
    bible = load_bible(session, project, shot_ids)
    prompter = Prompter(bible)
    wanted = [getattr(Shot, name) for name in _COLUMNS]
    changes: list[dict[str, Any]] = []
    for shot in session.execute(select(*wanted).where(*shots_where(project, shot_ids))):
        prompt, hashed = prompter.write(shot, bible.cast_of(shot.id))
        if (prompt, hashed) != (shot.generated_prompt, shot.inputs_hash):
            changes.append({"id": shot.id, "generated_prompt": prompt, "inputs_hash": hashed})
    _save(session, project, changes)
    return [change["id"] for change in changes]


def _save(session: Session, project: Project, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    now = utc_now()
    session.execute(update(Shot), [change | {"updated_at": now} for change in changes])
    for change in changes:
        known = session.identity_map.get(session.identity_key(Shot, change["id"]))
        if known is not None:  # this session holds the row: let it see what was written past it
            for name, value in (change | {"updated_at": now}).items():
                set_committed_value(known, name, value)
        touched(session, Noun.SHOT, change["id"], project.id)


def shots_with(
    session: Session, project: Project, *, character_id: str | None = None, option_id: str | None = None
) -> list[str]:
    """The ids of the shots, living or in the trash, in which a character appears or that use an option."""
    wanted = select(Shot.id).where(Shot.project_id == project.id)
    if character_id is not None:
        appears = select(ShotCharacter.shot_id).where(ShotCharacter.character_id == character_id)
        wanted = wanted.where(col(Shot.id).in_(appears))
    if option_id is not None:
        wanted = wanted.where(Shot.cinematic_option_id == option_id)
    return list(session.exec(wanted))
