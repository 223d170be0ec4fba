"""Who a character is to the eye: build, hair, colours. The same in every shot of a project.

A stable number from the character's id gives a first guess; words in the description and the look overrule it; a
reference picture overrules the colours.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from cinefarm.briefs import CharacterBrief
from worker.engines.storyboard import vocabulary_people as p
from worker.engines.storyboard.canvas import Colour, mix
from worker.engines.storyboard.chance import stable_number
from worker.engines.storyboard.words import all_found, find, has

DYES: dict[str, Colour] = {
    "red": (62, 66, 205), "orange": (70, 130, 232), "yellow": (84, 200, 240), "olive": (78, 118, 118),
    "green": (98, 148, 84), "mint": (168, 176, 92), "navy": (112, 72, 50), "blue": (190, 128, 66),
    "purple": (150, 84, 118), "pink": (176, 148, 236), "brown": (72, 96, 134), "beige": (172, 204, 222),
    "white": (240, 243, 245), "grey": (150, 148, 146), "black": (66, 60, 60),
}  # fmt: skip
HAIR: dict[str, Colour] = {
    "black": (52, 46, 46), "brown": (52, 74, 104), "blonde": (120, 190, 226), "red": (54, 84, 168),
    "grey": (168, 168, 166), "white": (228, 230, 230), "pink": (176, 140, 232), "blue": (184, 120, 70),
    "green": (92, 140, 84), "purple": (140, 80, 112),
}  # fmt: skip
SKIN: dict[str, Colour] = {
    "light": (198, 219, 244),
    "pale": (220, 232, 246),
    "brown": (128, 168, 208),
    "dark": (84, 112, 152),
}
_TOPS = (
    "blue",
    "olive",
    "beige",
    "red",
    "grey",
    "navy",
    "green",
    "mint",
    "brown",
    "white",
    "purple",
    "yellow",
    "orange",
)
_LEGS = ("navy", "grey", "black", "brown", "olive", "beige")


@dataclass(frozen=True)
class Person:
    """A character as drawn. Colours are BGR; `stature` is metres; girths are factors around 1."""

    id: str
    kind: str = "human"  # human, robot, dog, cat, bird, horse
    woman: bool = False
    age: str = "adult"
    stature: float = 1.72
    girth: float = 1.0
    shoulders: float = 1.0
    skin: Colour = (198, 219, 244)
    hair_style: str = "short"
    hair: Colour = (52, 46, 46)
    fringe: int = 0
    garment: str = "shirt"
    top: Colour = (150, 148, 146)
    inner: Colour = (240, 243, 245)
    bottom: str = "trousers"
    legs: Colour = (112, 72, 50)
    shoes: Colour = (60, 58, 60)
    hat: str | None = None
    hat_colour: Colour = (72, 96, 134)
    glasses: str | None = None
    beard: str | None = None
    extras: frozenset[str] = frozenset()
    face: tuple[float, float, float] = (0.0, 0.0, 0.0)  # jaw, eyes, nose: −1 to 1


def cast(character: CharacterBrief, reference: Path | None = None) -> Person:
    """The look of a character, with colours sampled from `reference` when there is one."""
    body = f"{character.description}\n{character.style_keywords}\n{character.trigger_words}\n{character.name}"
    worn = f"{character.look}\n{character.look_name}\n{character.description}"
    person = _first_guess(character.id)
    person = _read_body(person, body + "\n" + worn)
    person = _read_hair(person, body + "\n" + character.look)
    person = _read_clothes(person, worn)
    if reference is not None:
        person = _sample(person, reference)
    return person


def _first_guess(identity: str) -> Person:
    number = stable_number("person", identity)

    def pick(count: int) -> int:
        nonlocal number
        number, rest = divmod(number, count)
        return rest

    woman = pick(2) == 1
    styles = (
        ("long", "bob", "ponytail", "bun", "short", "curly") if woman else ("short", "short", "spiky", "buzz", "curly")
    )
    top, legs = _TOPS[pick(len(_TOPS))], _LEGS[pick(len(_LEGS))]
    garments = ("shirt", "jacket", "sweater", "hoodie", "tshirt", "coat")
    return Person(
        id=identity,
        woman=woman,
        stature=(1.62 if woman else 1.74) + (pick(9) - 4) * 0.012,
        girth=0.94 + pick(5) * 0.04,
        hair_style=styles[pick(len(styles))],
        hair=HAIR[("black", "black", "brown", "black", "brown", "red")[pick(6)]],
        fringe=pick(4),
        garment=garments[pick(len(garments))],
        top=DYES[top],
        legs=DYES[legs if legs != top else "grey"],
        inner=DYES[("white", "beige", "grey")[pick(3)]],
        shoes=DYES[("black", "brown", "white", "grey")[pick(4)]],
        hat_colour=DYES[_TOPS[pick(len(_TOPS))]],
        face=((pick(9) - 4) / 4, (pick(9) - 4) / 4, (pick(9) - 4) / 4),
    )


def _read_body(person: Person, text: str) -> Person:
    kind = next(iter(all_found(text, p.KINDS)), "human")
    woman_at, man_at = find(text, p.WOMAN), find(text, p.MAN)
    woman = (
        person.woman or has(text, p.WOMAN_SIGNS)
        if woman_at is None and man_at is None
        else man_at is None or (woman_at is not None and woman_at < man_at)
    )
    if woman != person.woman:
        styles = ("long", "bob", "ponytail", "short") if woman else ("short", "spiky", "buzz", "short")
        style = styles[stable_number("style", person.id) % len(styles)]
        person = replace(person, woman=woman, hair_style=style, stature=person.stature + (-0.12 if woman else 0.12))
    age = next((key for key in p.AGES if has(text, p.AGES[key])), "adult")
    stature = {"baby": 0.78, "child": 1.2, "teen": person.stature * 0.96, "old": person.stature * 0.95}.get(
        age, person.stature
    )
    builds = set(all_found(text, p.BUILDS))
    stature *= 1.07 if "tall" in builds else 0.93 if "short" in builds else 1.0
    girth = person.girth * (
        1.32 if "heavy" in builds else 0.86 if "thin" in builds else 1.08 if "strong" in builds else 1.0
    )
    shoulders = (0.93 if woman else 1.04) * (1.14 if "strong" in builds else 1.0) * (0.92 if age == "old" else 1.0)
    skin = next(iter(all_found(text, p.SKINS)), "light")
    person = replace(person, kind=kind, age=age, stature=stature, girth=girth, shoulders=shoulders, skin=SKIN[skin])
    if age == "old":
        person = replace(person, hair=HAIR["grey"], hair_style="bun" if woman else person.hair_style)
    if kind == "robot":
        person = replace(
            person,
            skin=DYES["grey"],
            top=mix(DYES["grey"], person.top, 0.22),
            legs=(132, 128, 124),
            hair_style="bald",
            garment="robot",
            bottom="robot",
        )
    if kind in {"dog", "cat", "bird", "horse"}:
        coats = ("brown", "beige", "black", "white", "grey", "orange")
        said = next(iter(all_found(text, p.COLOURS)), coats[stable_number("coat", person.id) % len(coats)])
        stature = {"dog": 0.55, "cat": 0.3, "bird": 0.25, "horse": 1.6}[kind]
        person = replace(person, top=DYES[said], stature=stature)
    return person


def _read_hair(person: Person, text: str) -> Person:
    if person.kind != "human":
        return person
    style = next((key for key in p.HAIR_STYLES if has(text, p.HAIR_STYLES[key])), person.hair_style)
    colour = next((key for key in p.HAIR_COLOURS if has(text, p.HAIR_COLOURS[key])), None)
    hat = next((key for key in p.HATS if has(text, p.HATS[key])), None)
    if hat == "hood" and has(text, p.GARMENTS["hoodie"]) and not has(text, "hood up|후드를 쓰~|후드를 쓴"):
        hat = None
    return replace(
        person,
        hair_style=style,
        hair=HAIR[colour] if colour else person.hair,
        hat=hat,
        hat_colour=_dye_of(text, p.HATS[hat], person.hat_colour) if hat else person.hat_colour,
        glasses=next((key for key in p.GLASSES if has(text, p.GLASSES[key])), None),
        beard=next((key for key in p.BEARDS if has(text, p.BEARDS[key])), None),
    )


def _read_clothes(person: Person, text: str) -> Person:
    if person.kind != "human":
        return person
    garment = next((key for key in p.GARMENTS if has(text, p.GARMENTS[key])), None)
    bottom = next((key for key in p.BOTTOMS if has(text, p.BOTTOMS[key])), None)
    top = person.top
    if garment:
        default = {"suit": DYES["navy"], "raincoat": DYES["yellow"], "hanbok": DYES["pink"]}.get(garment, person.top)
        if has(text, "lab coat|가운|의사"):
            default = DYES["white"]
        top = _dye_of(text, p.GARMENTS[garment], default)
    else:
        said = all_found(_without_hair(text), p.COLOURS)
        top = DYES[said[0]] if said else top
    legs = _dye_of(text, p.BOTTOMS[bottom], person.legs) if bottom else person.legs
    if bottom == "trousers" and has(text, "jeans|denim|청바지"):
        legs = (150, 108, 72)
    if garment == "suit":
        legs = top
    if bottom is None and garment in {"dress", "hanbok"}:
        bottom = garment
    shoes = _dye_of(text, p.SHOES, person.shoes)
    extras = frozenset(all_found(text, p.EXTRAS)) | ({"tie"} if garment == "suit" and not person.woman else frozenset())
    boots = {"boots"} if has(text, "boots|장화|부츠") or garment == "raincoat" else set()
    return replace(
        person, garment=garment or person.garment, top=top, bottom=bottom or person.bottom, legs=legs, shoes=shoes,
        extras=extras | boots,
    )  # fmt: skip


def _without_hair(text: str) -> str:
    for terms in p.HAIR_COLOURS.values():
        for term in terms.split("|"):
            text = text.replace(term, " ")
    return text


def _dye_of(text: str, terms: str, default: Colour) -> Colour:
    """The colour word that stands just before one of the terms (“red raincoat”, “빨간 우비”)."""
    at = find(text, terms)
    if at is None:
        return default
    before = text[max(0, at - 24) : at].split(",")[-1].split("\n")[-1]
    found = all_found(before, p.COLOURS)
    if not found and has(text[at : at + 14], "jeans|denim|청바지"):
        return DYES["blue"]
    return DYES[found[-1]] if found else default


def _sample(person: Person, reference: Path) -> Person:
    """Take hair and clothing colours from a picture of the character: a figure or a bust in the middle of it."""
    picture = cv2.imdecode(np.fromfile(reference, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return person
    small = cv2.resize(picture, (96, 128), interpolation=cv2.INTER_AREA)
    backdrop = np.median(
        np.concatenate([small[:6].reshape(-1, 3), small[:, :4].reshape(-1, 3), small[:, -4:].reshape(-1, 3)]), axis=0
    )
    tall = picture.shape[0] >= picture.shape[1] * 1.25
    rows = {"top": (36, 64), "legs": (78, 112)} if tall else {"top": (92, 126), "legs": (0, 0)}
    top = _dominant(small[rows["top"][0] : rows["top"][1], 34:62], backdrop)
    legs = _dominant(small[rows["legs"][0] : rows["legs"][1], 36:60], backdrop) if tall else None
    hair = _dominant(small[6 : 16 if tall else 30, 38:58], backdrop)
    return replace(
        person,
        top=top or person.top,
        legs=legs or person.legs,
        hair=hair if hair and person.kind == "human" else person.hair,
    )


def _dominant(region: np.ndarray, backdrop: np.ndarray) -> Colour | None:
    """The most frequent colour (in 5-level bins) that is not the backdrop."""
    pixels = region.reshape(-1, 3).astype(np.float32)
    pixels = pixels[np.abs(pixels - backdrop).max(axis=1) > 28]
    if len(pixels) < 12:
        return None
    bins = (pixels // 52).astype(np.int32)
    keys = bins[:, 0] * 36 + bins[:, 1] * 6 + bins[:, 2]
    values, counts = np.unique(keys, return_counts=True)
    chosen = pixels[keys == values[counts.argmax()]].mean(axis=0)
    return int(chosen[0]), int(chosen[1]), int(chosen[2])
