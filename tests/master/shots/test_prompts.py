"""Prompt assembly: the order of the product, and nothing left behind by an empty part."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cinefarm.briefs import CameraBrief, CharacterBrief, ShotBrief
from master.shots.prompts import (
    DEFAULT,
    PromptPart,
    PromptParts,
    PromptTemplate,
    TemplatePart,
    assemble,
    described,
    inputs_hash,
    parts_of,
)

FULL = PromptParts(
    style="neo-noir",
    subject=("Mina in a red coat", "Jun in black"),
    action="they run",
    scene="a flooded underpass",
    environment="city street",
    camera="Arri Alexa",
    lens=("35mm", "anamorphic"),
    film="500T",
    lighting=("neon", "low key"),
    atmosphere="tense",
    filter="Pro-Mist",
    ratio="2.39:1",
    triggers=("mina_v1", "jun_v2"),
)

MESSY = st.text(alphabet=" \t\n,;.、，aA bB나다\u200b\u00a0|-", max_size=20)
PARTS = st.fixed_dictionaries(
    {part.value: st.lists(MESSY, max_size=3).map(tuple) for part in PromptPart if part != PromptPart.TRIGGERS}
)
TEMPLATES = st.builds(
    lambda names, extras, separator: PromptTemplate(
        parts=tuple(
            TemplatePart(part=name, on=on, prefix=prefix, suffix=suffix)
            for name, (on, prefix, suffix) in zip(names, extras, strict=False)
        ),
        separator=separator,
    ),
    st.permutations([part for part in PromptPart if part != PromptPart.TRIGGERS]),
    st.lists(st.tuples(st.booleans(), MESSY, MESSY), min_size=12, max_size=12),
    st.sampled_from([", ", " | ", "; ", ". ", "\n", " · "]),
)


def template(**changes: Any) -> PromptTemplate:
    return PromptTemplate.model_validate(changes)


def test_parts_stand_in_the_order_of_the_product() -> None:
    assert assemble(FULL).text == (
        "neo-noir, Mina in a red coat; Jun in black, they run, a flooded underpass, city street, Arri Alexa, "
        "35mm, anamorphic, 500T, neon, low key, tense, Pro-Mist, 2.39:1, mina_v1, jun_v2"
    )
    assert [segment.part for segment in assemble(FULL).segments] == list(PromptPart)


@pytest.mark.parametrize("part", PromptPart)
def test_an_empty_part_leaves_no_comma(part: PromptPart) -> None:
    assembled = assemble(FULL.model_copy(update={part: (" ", ",", "")}))
    assert part not in [segment.part for segment in assembled.segments]
    assert ", ," not in assembled.text
    assert not assembled.text.startswith(",")
    assert not assembled.text.endswith(",")


def test_nothing_said_gives_an_empty_prompt() -> None:
    assert assemble(PromptParts()).text == ""
    assert assemble(PromptParts(style=" , ", triggers=" ,")).segments == ()


def test_texts_are_cleaned() -> None:
    parts = PromptParts(action=" Mina  opens\nthe\tdoor. ", scene="a hall,, dusty , and long;", style=", moody.,")
    assert assemble(parts).text == "moody, Mina opens the door, a hall, dusty, and long"


def test_a_comma_within_a_number_is_no_separator() -> None:
    assert assemble(PromptParts(style="1,000 lanterns, dusk")).text == "1,000 lanterns, dusk"


def test_decomposed_korean_is_composed() -> None:
    assert assemble(PromptParts(scene=unicodedata.normalize("NFD", "전통 시장"))).text == "전통 시장"


def test_zero_width_marks_vanish() -> None:
    assert assemble(PromptParts(scene="a\u200b hall\ufeff")).text == "a hall"


def test_the_same_style_named_twice_appears_once() -> None:
    parts = PromptParts(style=("Cinematic, moody", "cinematic"), environment="rain", atmosphere="Rain, mist")
    assert assemble(parts).text == "Cinematic, moody, rain, mist"


def test_prose_is_compared_as_a_whole() -> None:
    parts = PromptParts(subject=("Mina, red coat", "Jun, red coat"), action="Mina, red coat")
    assert assemble(parts).text == "Mina, red coat; Jun, red coat"


def test_trigger_words_stay_verbatim_and_last() -> None:
    parts = PromptParts(style="ohwx style", triggers=("ohwx  Style.", "ohwx  Style.", "OHWX_2,"))
    assert assemble(parts).text == "ohwx style, ohwx  Style., OHWX_2"


def test_trigger_words_come_even_if_the_template_forgets_them() -> None:
    forgetful = template(parts=[{"part": "action"}])
    assert assemble(FULL, forgetful).text == "they run, mina_v1, jun_v2"


def test_a_template_orders_switches_and_wraps_parts() -> None:
    own = template(
        parts=[
            {"part": "camera", "prefix": "filmed with "},
            {"part": "lighting", "suffix": " lighting"},
            {"part": "style", "on": False},
            {"part": "film", "prefix": "on "},
            {"part": "action"},
            {"part": "triggers"},
        ],
        separator=" | ",
    )
    parts = FULL.model_copy(update={"film": ()})
    assert assemble(parts, own).text == "filmed with Arri Alexa | neon, low key lighting | they run | mina_v1, jun_v2"


def test_a_template_survives_json() -> None:
    own = template(parts=[{"part": "action", "prefix": "→ "}, {"part": "style", "on": False}], separator=". ")
    assert PromptTemplate.model_validate_json(own.model_dump_json()) == own


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"parts": [{"part": "colour"}]}, r"“colour” is no part of a prompt; the parts are style, subject"),
        ({"parts": [{"part": ["lens"]}]}, "is no part of a prompt"),
        ({"parts": [{"part": "lens"}, {"part": "film"}, {"part": "lens"}]}, "“lens” is listed more than once"),
        ({"parts": [{"part": "triggers"}, {"part": "film"}]}, "“triggers” stands before “film”"),
        ({"parts": [{"part": "triggers", "on": False}]}, "“triggers” is always on"),
        ({"parts": [{"part": "triggers", "prefix": "by "}]}, "no prefix or suffix"),
        ({"separator": " AND "}, "separator “ AND ” may hold only"),
        ({"separator": ""}, "separator"),
        ({"order": []}, "order"),
    ],
)
def test_a_wrong_template_says_what_is_wrong(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        template(**wrong)


@given(PARTS)
def test_no_separator_is_ever_doubled_or_dangling(given_parts: dict[str, tuple[str, ...]]) -> None:
    assembled = assemble(PromptParts(**given_parts))
    assert not re.search(r"[,;、，]\s*[,;、，]|\s{2}|\s[,;]|^[\s,;.]|[\s,;.]$", assembled.text)
    assert all(segment.text for segment in assembled.segments)


@given(PARTS, TEMPLATES, st.sampled_from([(), ("mina_v1",), ("a  B.", "c")]))
def test_segments_follow_the_template_and_make_up_the_text(
    given_parts: dict[str, tuple[str, ...]], own: PromptTemplate, triggers: tuple[str, ...]
) -> None:
    assembled = assemble(PromptParts(**given_parts, triggers=triggers), own)
    assert assembled.text == own.separator.join(segment.text for segment in assembled.segments)
    order = [entry.part for entry in own.parts if entry.on] + [PromptPart.TRIGGERS]
    places = [order.index(segment.part) for segment in assembled.segments]
    assert places == sorted(set(places))
    assert assembled.text.endswith(", ".join(triggers))
    for segment in assembled.segments[: len(assembled.segments) - bool(triggers)]:
        assert segment.text == segment.text.strip(" ,;." + own.separator)
        assert not re.search(r"[,;、，]\s*[,;、，]|\s{2}", segment.text)


@given(PARTS)
def test_no_words_are_lost(given_parts: dict[str, tuple[str, ...]]) -> None:
    text = assemble(PromptParts(**given_parts)).text.casefold()
    for texts in given_parts.values():
        for words in re.findall(r"[ab나다]+", " ".join(texts).replace("\u200b", "").casefold()):
            assert words in text


@given(st.sets(st.sampled_from(sorted(set(PromptPart)))))
def test_any_subset_of_parts_keeps_its_order(empty: set[PromptPart]) -> None:
    assembled = assemble(FULL.model_copy(update=dict.fromkeys(empty, ())), DEFAULT)
    assert [segment.part for segment in assembled.segments] == [part for part in PromptPart if part not in empty]


MINA = CharacterBrief(
    id="c1",
    name="Mina",
    description="a young woman with short hair.",
    look_name="Rain",
    look="red raincoat, yellow boots",
    style_keywords="freckles",
    trigger_words="mina_v1",
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Mina, a young woman with short hair, wearing red raincoat, yellow boots, freckles"),
        ({"look": "wearing a suit"}, "Mina, a young woman with short hair, wearing a suit, freckles"),
        ({"look": "빨간 우비", "style_keywords": ""}, "Mina, a young woman with short hair, 빨간 우비 차림"),
        ({"look": "", "look_name": "", "description": "", "style_keywords": ""}, "Mina"),
    ],
)
def test_a_character_wears_the_look(changes: dict[str, str], expected: str) -> None:
    assert described(MINA.model_copy(update=changes)) == expected


def test_a_shot_in_korean_gets_the_english_text_of_its_presets() -> None:
    shot = ShotBrief(
        id="s1",
        code="SHT-00001",
        project="Rain",
        action="opens the umbrella",
        characters=(MINA.model_copy(update={"style_keywords": ""}),),
        camera=CameraBrief(
            camera_body="아리 알렉사 미니 LF", focal_length="35 mm", lighting_source="골든 아워, 손전등"
        ),
    )
    parts = parts_of(shot, style_notes="Muted.\nHandheld")
    assert assemble(parts).text == (
        "Muted, Handheld, Mina, a young woman with short hair, wearing red raincoat, yellow boots, opens the umbrella, "
        "shot on Arri Alexa Mini LF, large-format sensor, soft highlight roll-off, 35mm lens, natural wide perspective"
        ", golden-hour sunlight, low warm sun, long shadows, 손전등, mina_v1"
    )


def test_every_field_of_a_cinematic_option_reaches_the_prompt() -> None:
    camera = CameraBrief.model_validate({name: f"my {name}" for name in CameraBrief.model_fields})
    text = assemble(parts_of(ShotBrief(id="s", code="SHT-00001", project="p", camera=camera))).text
    assert [name for name in CameraBrief.model_fields if f"my {name}" not in text] == []


def test_equal_inputs_hash_equally_and_any_change_shows() -> None:
    first = inputs_hash(parts=FULL, seed=7, loras={"a": 0.5, "b": 1})
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert first == inputs_hash(loras={"b": 1, "a": 0.5}, seed=7, parts=FULL.model_copy())
    assert first != inputs_hash(parts=FULL, seed=8, loras={"a": 0.5, "b": 1})
    assert first != inputs_hash(parts=FULL.model_copy(update={"film": ("250D",)}), seed=7, loras={"a": 0.5, "b": 1})


def test_only_json_values_are_hashed() -> None:
    with pytest.raises(TypeError, match="object cannot be hashed"):
        inputs_hash(thing=object())
