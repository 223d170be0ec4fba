"""The preset library: complete, unambiguous, in both languages."""

import re
import unicodedata
from collections import Counter

import pytest

from cinefarm.briefs import CameraBrief
from master.cinematic.presets import (
    PresetKind,
    _folded,
    find_preset,
    load_option_sets,
    load_presets,
    prompt_text,
)

HANGUL = re.compile(r"[가-힣]")


def test_kinds_are_the_fields_of_a_cinematic_option() -> None:
    assert set(PresetKind) == set(CameraBrief.model_fields)


def test_library_is_large_and_every_kind_has_a_choice_worth_the_name() -> None:
    counts = Counter(preset.kind for preset in load_presets())
    assert len(load_presets()) >= 90
    assert all(counts[kind] >= 10 for kind in PresetKind), counts


def test_every_name_of_a_preset_finds_it() -> None:
    lost = [(p.kind, name) for p in load_presets() for name in p.names if find_preset(p.kind, name) is not p]
    assert lost == []


def test_labels_are_english_and_korean() -> None:
    assert [p.label_en for p in load_presets() if HANGUL.search(p.label_en)] == []
    assert [p.label_ko for p in load_presets() if not HANGUL.search(p.label_ko)] == []


def test_prompt_text_is_clean_english() -> None:
    clean = re.compile(r"[A-Za-z0-9](?:(?!  |,,| ,)[ -~é])*[A-Za-z0-9]")
    assert [p.prompt for p in load_presets() if not clean.fullmatch(p.prompt)] == []


def test_names_hold_no_comma_since_a_cell_may_list_several() -> None:
    assert [name for p in load_presets() for name in p.names if "," in name] == []


def test_no_two_presets_of_a_kind_share_a_name() -> None:
    owners: dict[tuple[str, str], str] = {}
    for preset in load_presets():
        for name in preset.names:
            assert owners.setdefault((preset.kind, _folded(name)), preset.key) == preset.key, name


def test_no_alias_is_listed_in_vain() -> None:
    for preset in load_presets():
        folded = [_folded(name) for name in preset.names[1:]]
        assert len(set(folded)) == len(folded), preset.names


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("lighting_source", "골든 아워", "golden-hour sunlight"),
        ("lighting_source", "골든아워", "golden-hour sunlight"),
        ("lighting_source", unicodedata.normalize("NFD", "네온"), "neon sign light"),
        ("camera_body", "ARRI  alexa mini lf", "shot on Arri Alexa Mini LF"),
        ("camera_body", "arri_alexa_mini_lf", "shot on Arri Alexa Mini LF"),
        ("camera_body", "Arri Alexa", "shot on Arri Alexa Mini LF"),
        ("focal_length", "35 mm", "35mm lens"),
        ("focal_length", "３５ｍｍ", "35mm lens"),
        ("aspect_ratio", "2.39:1", "2.39:1 anamorphic"),
        ("film_stock", "double x", "Kodak Double-X 5222"),
    ],
)
def test_artists_may_write_it_their_way(kind: str, value: str, expected: str) -> None:
    assert prompt_text(kind, value).startswith(expected)


def test_words_of_the_artist_that_are_no_preset_stay_as_written() -> None:
    assert prompt_text("camera_body", " Homemade  pinhole ") == " Homemade  pinhole "
    assert prompt_text("focal_length", "37mm") == "37mm"
    assert prompt_text("filter", "") == ""


def test_a_name_counts_only_for_its_own_kind() -> None:
    assert find_preset("camera_body", "네온") is None


def test_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        prompt_text("shoe_size", "42")


def test_option_sets_fill_every_field_with_a_preset_label() -> None:
    assert len(load_option_sets()) >= 12
    labels = {(preset.kind, preset.label_en) for preset in load_presets()}
    for option_set in load_option_sets():
        for kind in PresetKind:
            assert (kind, getattr(option_set.option, kind)) in labels, (option_set.key, kind)


def test_option_sets_are_distinct_and_named_in_both_languages() -> None:
    option_sets = load_option_sets()
    for names in zip(*((s.key, s.label_en, s.label_ko, s.option) for s in option_sets), strict=True):
        assert len({str(name) for name in names}) == len(option_sets)
    assert all(HANGUL.search(s.label_ko) and not HANGUL.search(s.label_en) for s in option_sets)
