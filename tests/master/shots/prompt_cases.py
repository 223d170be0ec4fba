"""A thousand prompts as the master assembles them, printed: the page's own assembly is held to them.

The page assembles prompts too, so that they change while one picks. Its test (frontend/src/lib/prompt/parity.test.ts)
runs this file, so that nothing written lies between the two.
"""

import json
import random
from dataclasses import dataclass
from typing import Any

from master.cinematic.presets import PresetKind, load_presets
from master.models import Character, CinematicOption, Look, Project
from master.shots.bible import Bible, CastMember
from master.shots.briefs import brief_of
from master.shots.prompting import Prompter
from master.shots.prompts import PromptPart

BIBLES, SHOTS = 20, 50

TEXTS = (
    *("", " ", "비 오는 밤, 골목", "A market street at night,, in the rain.", "walks  toward\ncamera; slow push in"),
    *("1,000 lanterns", "미나가 뛴다。", "Straße und STRASSE", "ﬁlm, FILM", "caf\u00e9; cafe\u0301", "、앞뒤、"),
    *("zero\u200bwidth, tab\there", "red, Red , RED", "no\u00a0break", "한글 자모", "…", "a|b · c"),
    *("İstanbul, ısı", "x" * 30, "ΣΊΣΥΦΟΣ, σίσυφος", "10, 000", "end."),
)
LOOKS = (
    *("", "red raincoat", "빨간 우비", "교복 차림", "Dressed in black", "in a suit", "wears nothing new"),
    *("앞치마, ", "in\tblue"),
)
WORDS = ("mina_v2", " mina_v2 ,", "", "sunja, apron", "Mina_V2")


@dataclass(frozen=True)
class Draft:
    scene_description: str
    action: str
    cinematic_option_id: str | None
    id: str = ""
    code: str = ""
    sequence_id: str | None = None
    notes: str = ""
    frame_count: int = 24


def cases() -> list[dict[str, Any]]:
    chance = random.Random("prompts")
    return [_bible(chance, number) for number in range(BIBLES)]


def _bible(chance: random.Random, number: int) -> dict[str, Any]:
    project = Project(code="P", name="P", style_notes=chance.choice(TEXTS), prompt_template=_template(chance))
    characters = [_character(chance, f"C{each}") for each in range(4)]
    looks = [
        Look(
            id=f"{character.id}L{each}",
            character_id=character.id,
            name=f"look {each}",
            description=chance.choice(LOOKS),
        )
        for character in characters
        for each in range(3)
    ]
    for character in characters:
        character.default_look_id = chance.choice([None, f"{character.id}L0", f"{character.id}L2"])
    options = [_option(chance, f"O{each}") for each in range(5)]
    bible = Bible(
        project=project,
        sequences={},
        characters={row.id: row for row in characters},
        looks={row.id: row for row in looks},
        options={row.id: row for row in options},
        casts={},
    )
    prompter = Prompter(bible)
    return {
        "style_notes": project.style_notes,
        "template": project.prompt_template,
        "characters": [_with_looks(row, looks) for row in characters],
        "options": [row.model_dump(include={"id", *PresetKind}) for row in options],
        "shots": [_shot(chance, bible, prompter) for _ in range(SHOTS)],
    }


def _template(chance: random.Random) -> dict[str, Any] | None:
    if chance.random() < 0.4:
        return None
    parts = [part for part in PromptPart if part != PromptPart.TRIGGERS]
    chance.shuffle(parts)
    entries = [
        {
            "part": str(part),
            "on": chance.random() < 0.9,
            "prefix": chance.choice(["", "", "film: ", ", "]),
            "suffix": chance.choice(["", "", " look", "."]),
        }
        for part in parts[: chance.randint(6, len(parts))]
    ]
    return {"parts": entries, "separator": chance.choice([", ", "; ", " | ", "\n", ". "])}


def _character(chance: random.Random, id: str) -> Character:
    return Character(
        id=id,
        project_id="P",
        name=chance.choice(["미나", "Sunja", "Joon, the elder", "순자 "]),
        description=chance.choice(TEXTS),
        style_keywords=chance.choice(TEXTS),
        trigger_words=chance.choice(WORDS),
    )


def _with_looks(character: Character, looks: list[Look]) -> dict[str, Any]:
    named = {"id", "name", "description", "style_keywords", "trigger_words", "default_look_id"}
    own = [look for look in looks if look.character_id == character.id]
    written = [look.model_dump(include={"id", "name", "description"}) for look in own]
    return character.model_dump(include=named) | {"looks": written}


def _option(chance: random.Random, id: str) -> CinematicOption:
    def value(kind: PresetKind) -> str:
        presets = [preset for preset in load_presets() if preset.kind == kind]
        named = chance.choice(chance.choice(presets).names)
        return chance.choice(
            ["", named, named.upper(), f"{named}, {chance.choice(presets).label_ko}", chance.choice(TEXTS)]
        )

    return CinematicOption(id=id, project_id="P", name=id, **{kind: value(kind) for kind in PresetKind})


def _shot(chance: random.Random, bible: Bible, prompter: Prompter) -> dict[str, Any]:
    draft = Draft(chance.choice(TEXTS), chance.choice(TEXTS), chance.choice([None, *bible.options]))
    cast = [
        CastMember(character_id=id, look_id=chance.choice([None, f"{id}L1", f"{id}L2"]))
        for id in chance.sample(list(bible.characters), chance.randint(0, 3))
    ]
    said = prompter.assemble(brief_of(draft, bible, cast))
    return {
        "scene_description": draft.scene_description,
        "action": draft.action,
        "cinematic_option_id": draft.cinematic_option_id,
        "characters": [member.model_dump() for member in cast],
        "expected": [[segment.part, segment.text] for segment in said.segments],
    }


if __name__ == "__main__":
    print(json.dumps(cases(), ensure_ascii=False, separators=(",", ":")))
