"""What a shot's words ask for: the reading that everything else is drawn from."""

import re
from dataclasses import dataclass, field, replace

from cinefarm.briefs import CharacterBrief, ShotBrief
from worker.engines.storyboard import vocabulary as v
from worker.engines.storyboard import vocabulary_people as p
from worker.engines.storyboard.reading import heard_at, hues, plain, umbrella_is_open, without_dry
from worker.engines.storyboard.words import all_found, clauses, find, first_found, has

_FOCAL = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-\s*\d+\s*)?(?:mm|밀리)", re.IGNORECASE)
_DEFAULT_FOCAL = {
    "extreme_close": 100.0, "insert": 85.0, "close": 75.0, "medium_close": 60.0, "medium": 45.0,
    "medium_long": 40.0, "full": 35.0, "wide": 28.0, "extreme_wide": 24.0,
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """What one character does in this shot."""

    lower: str = "stand"
    arms: str = "rest"
    head: str = "level"
    expression: str = "neutral"
    turned_away: bool = False
    profile: bool = False
    looks_at_other: bool = False
    move: str | None = None  # left, right, toward, away
    holds: str | None = None
    sheltered: bool = False  # an open umbrella overhead, whatever else the hands do


@dataclass(frozen=True)
class Scene:
    """A shot as the draughtsman understands it."""

    size: str = "medium_long"
    angle: str = "eye"  # eye, low, high, bird
    dutch: bool = False
    over_shoulder: bool = False
    pov: bool = False
    focal_mm: float = 40.0
    place: str = "open"
    interior: bool = False
    time: str = "day"
    weather: frozenset[str] = frozenset()
    moods: frozenset[str] = frozenset()
    light_side: str | None = None
    props: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    crowd: bool = False
    hues: tuple[tuple[str, str], ...] = ()  # things whose colour is told; `umbrella*` are many of them
    umbrella_open: bool = True
    hung: bool = False
    afloat: bool = False
    falling: str | None = None
    reflected: bool = False
    lights_outside: bool = False
    storefront: str | None = None  # an inside place that is seen from the street
    hands: bool = False
    body_part: bool = False
    shoulder_of: int | None = None
    roles: tuple[Role, ...] = field(default=())

    def hue(self, thing: str) -> str | None:
        """The name of the colour that the words give to a thing."""
        told = dict(self.hues)
        return told.get(thing) or told.get(f"{thing}*")


def read_scene(shot: ShotBrief, *, prompt: str = "", negative: str = "") -> Scene:
    """Read a shot. What stands in `negative` (weather, props, crowd) is kept out."""
    camera = shot.camera
    told = plain(f"{shot.scene_description}\n{shot.action}\n{shot.notes}")
    style = "\n".join((camera.style, camera.look_and_feel, camera.film_stock, camera.lighting_source,
                       camera.lighting_style, camera.atmosphere, camera.filter))  # fmt: skip
    everything = "\n".join((told, camera.environment, style, prompt))
    place, interior, storefront = _read_place(shot, prompt)
    reflected = has(told, v.REFLECTED) and not has(told, p.GLASSES["glasses"])
    size = "medium_close" if reflected else _read_size(told, prompt, shot, place)
    things = "\n".join((told, camera.environment, plain(prompt)))
    focal = _FOCAL.search(camera.focal_length) or _FOCAL.search(told)
    lens = min(400.0, max(8.0, float(focal[1]))) if focal else _DEFAULT_FOCAL[size]
    banned = set(all_found(negative, v.WEATHER)) | set(all_found(negative, v.PROPS)) | set(all_found(negative, v.MOODS))
    return Scene(
        size=size,
        angle=first_found((told, style, prompt), v.ANGLES) or "eye",
        dutch=has(everything, v.DUTCH),
        over_shoulder=has(told + prompt, v.OVER_SHOULDER) and len(shot.characters) > 0,
        pov=has(told, v.POV) and not has(told, v.OVER_SHOULDER),
        focal_mm=lens,
        place=place,
        interior=interior,
        time=first_found((shot.scene_description, camera.lighting_source, camera.environment, everything), v.TIMES)
        or "day",
        weather=frozenset(set(all_found(without_dry(everything), v.WEATHER)) - banned),
        moods=_read_moods(everything) - banned,
        light_side=first_found((style, told), v.LIGHT_SIDES),
        props=tuple(x for x in all_found(things, v.PROPS) if x not in banned),
        moves=tuple(_read_moves(told + "\n" + prompt)),
        crowd=has(everything, v.CROWD) and not has(everything, v.EMPTY) and not has(negative, v.CROWD),
        hues=hues(things),
        umbrella_open=umbrella_is_open(things, interior=interior),
        hung=has(told, v.HUNG),
        afloat=has(told, v.AFLOAT),
        falling=first_found((told,), v.FALLING),
        reflected=reflected,
        lights_outside=has(told, v.LIGHTS_OUTSIDE),
        storefront=storefront,
        hands=has(told, v.HANDS),
        body_part=has(told, v.BODY_PARTS),
        shoulder_of=_whose_shoulder(told, shot.characters),
        roles=read_roles(shot.characters, plain(shot.action), plain(shot.scene_description), inside=interior),
    )


_PAST = re.compile(r"(?:past|over) ([\w-]+?)'s? [\w ]{0,16}shoulder|([가-힣]+?)의 ?(?:\S+ )?어깨 ?너머", re.IGNORECASE)


def _whose_shoulder(told: str, characters: tuple[CharacterBrief, ...]) -> int | None:
    found = _PAST.search(told)
    named = _named(found[0], characters) if found else []
    return named[0] if named else None


def _read_moods(everything: str) -> frozenset[str]:
    """Neo-noir is noir in colour: deep shadows under neon, never black and white."""
    moods = set(all_found(everything, v.MOODS))
    if "neo_noir" in moods:
        moods -= {"noir"}
    return frozenset(moods)


def _read_size(told: str, prompt: str, shot: ShotBrief, place: str) -> str:
    """Words decide; without them the focal length and the number of people do."""
    said = first_found((told, shot.camera.style, prompt), v.SIZES)
    # “extreme close-up” also holds “close-up”: the table's order settles what one place in the text means
    if said in {"close", "medium", "wide"}:
        for longer in ("extreme_close", "medium_close", "extreme_wide", "medium_long"):
            if has(told, v.SIZES[longer]):
                return longer
    if said:
        return said
    if has(told, v.OVER_SHOULDER):
        return "medium"
    if has(told, v.TWO_SHOT):
        return "medium"
    focal = _FOCAL.search(shot.camera.focal_length)
    if not shot.characters:
        return "wide"
    if focal:
        millimetres = float(focal[1])
        for limit, size in ((22, "wide"), (30, "full"), (42, "medium_long"), (62, "medium"), (90, "medium_close")):
            if millimetres <= limit:
                return size
        return "close"
    return "medium" if place == "car" else "full" if len(shot.characters) > 3 else "medium_long"


def _read_place(shot: ShotBrief, prompt: str) -> tuple[str, bool, str | None]:
    """The place, whether it is inside, and the inside place whose front is seen from the street."""
    text = plain(shot.scene_description)
    inside, outside = has(text, v.INSIDE), has(text, v.OUTSIDE)
    wide = has(text, v.SIZES["extreme_wide"]) or has(text, v.SIZES["wide"])
    on_street = has(text, v.FACADE) or (wide and (has(text, v.STREETS) or has(shot.action, v.STREETS)))
    for source in (text, shot.camera.environment, plain(shot.action), prompt):
        found = all_found(source, v.PLACES)
        if not found and inside and has(source, v.PROPS["car"]):
            found = ["car"]
        if inside and not outside:
            found = [f for f in found if f in v.INTERIORS] or found
        if found and (outside or on_street) and not inside:
            indoors = [f for f in found if f in v.INTERIORS]
            found = [f for f in found if f not in v.INTERIORS] or ["street"]
            front = indoors[0] if indoors and indoors[0] in _FRONTS and found[0] in _STREETLIKE else None
            return found[0], False, front
        if found:
            return found[0], found[0] in v.INTERIORS, None
    inside = inside or has(shot.camera.environment, v.INSIDE)
    return ("living", True, None) if inside else ("open", False, None)


_FRONTS = {"store", "shop", "cafe"}
_STREETLIKE = {"street", "alley", "market", "highway", "open"}


def _read_moves(text: str) -> list[str]:
    found = all_found(text, v.MOVES)
    for one, other in (("pan_left", "pan_right"), ("tilt_down", "tilt_up"), ("pull_out", "push_in"),
                       ("track_left", "track_right"), ("crane_down", "crane_up")):  # fmt: skip
        # the second of a pair also answers to the bare word (“pan”), so the told direction wins
        if one in found and other in found:
            found.remove(other)
    return found[:2]


def read_roles(
    characters: tuple[CharacterBrief, ...], action: str, scene: str, *, inside: bool = False
) -> tuple[Role, ...]:
    """Give each clause of the action to whom it names first (or to both, when they are joined)."""
    if not characters:
        return ()
    heard: list[list[str]] = [[] for _ in characters]
    last: list[int] = list(range(len(characters)))
    for clause in clauses(action):
        named = _named(clause, characters)
        if named:
            joined = len(named) > 1 and (_adjacent(clause, characters, named) or has(clause, p.JOINED))
            last = named if joined else named[:1]
        elif _about_others(clause) or has(clause, "|".join(v.FALLING.values())):
            continue
        for index in last:
            heard[index].append(_nameless(clause, characters))
    mutual = has(action, p.ARMS["hug"]) or has(action, p.ARMS["fight"]) or has(action, p.ARMS["handshake"])
    shared = [key for key in ("hug", "fight", "handshake", "hold_hands") if has(action, p.ARMS[key])] if mutual else []
    roles = []
    for words in heard:
        text = "\n".join(words)
        fallback = "" if action.strip() else scene
        role = _read_role(text or fallback, shared[0] if shared and len(characters) > 1 else None, action)
        roles.append(role)
    if has(scene + "\n" + action, v.UNFURLED) and not inside and not any(r.holds == "umbrella" for r in roles):
        roles[0] = replace(roles[0], sheltered=True)
    return tuple(roles)


def _nameless(clause: str, characters: tuple[CharacterBrief, ...]) -> str:
    """The clause without names, so that 미나가 does not read as 나가 (leaves)."""
    for character in characters:
        if character.name.strip():
            clause = re.sub(re.escape(character.name.strip()), "◇", clause, flags=re.IGNORECASE)
    return clause


def _named(clause: str, characters: tuple[CharacterBrief, ...]) -> list[int]:
    at: list[tuple[int, int]] = []
    for index, character in enumerate(characters):
        names = {character.name.strip(), (character.name.split() or [""])[0]}
        places = [clause.casefold().find(name.casefold()) for name in names if name]
        if len(character.name) == 3 and "가" <= character.name[0] <= "힣":
            places.append(clause.find(character.name[1:]))  # 김민수 is also called 민수
        places.append(heard_at(clause, character.name))
        places = [place for place in places if place >= 0]
        if places:
            at.append((min(places), index))
    return [index for _, index in sorted(at)]


_SUBJECT = re.compile(r"^([가-힣]+?)(?:들)?(?:이|가|은|는)\s|^the (\w+)\b", re.IGNORECASE)
_THEIRS = "그|그녀|그들|둘|모두|눈물|눈|손|얼굴|입|고개|표정|목소리|몸|두 사람"


def _about_others(clause: str) -> bool:
    """Does a clause that names nobody speak of a thing (“the train …”, “지하철이 …”) and not of a body or a person?"""
    found = _SUBJECT.search(clause)
    if found is None:
        return False
    noun = found[1] or found[2]
    people = "|".join((p.WOMAN, p.MAN, *p.AGES.values(), *p.KINDS.values()))
    return not (noun in _THEIRS.split("|") or has(noun, people))


def _adjacent(clause: str, characters: tuple[CharacterBrief, ...], named: list[int]) -> bool:
    """Are the first two names linked directly (“A and B”, “A와 B”)?"""
    first, second = (_place_of(clause, characters[index].name) for index in named[:2])
    between = re.sub(r"^[A-Za-z]+", "", clause[first:second]) if 0 <= first < second else ""
    between = re.sub(r"^[가-힣]*?(?=(?:와|과|랑|이랑|하고)\s)", "", between)
    return bool(re.fullmatch(r"\s*(?:and|&|,|와|과|랑|이랑|하고)\s*", between))


def _place_of(clause: str, name: str) -> int:
    at = clause.casefold().find(name.casefold())
    return at if at >= 0 else heard_at(clause, name)


_HEAD_UP = re.compile(r"고개를? ?(?:든|들)\S*")


def _held(text: str) -> list[str]:
    return [prop for prop in all_found(text, v.PROPS) if prop in v.HELD]


def _read_role(text: str, shared: str | None, action: str) -> Role:
    lowers = all_found(text, p.LOWER)
    lower = lowers[0] if lowers else "stand"
    if "run" in lowers and "jump" not in lowers and lower in {"stand", "walk"}:
        lower = "run"
    if (
        lower == "stand"
        and "sit" in lowers
        and (find(text, p.LOWER["sit"]) or 0) < (find(text, p.LOWER["stand"]) or 9999)
    ):
        lower = "sit"
    handed = _HEAD_UP.sub(" ", text)
    arms = shared or next((key for key in p.ARMS if key != "talk" and has(handed, p.ARMS[key])), None)
    if arms is None:
        arms = "talk" if has(text, p.ARMS["talk"]) else "rest"
    held = _held(text)
    holds = {"phone": "phone", "text": "phone", "drink": "cup", "read": "book"}.get(arms)
    if "umbrella" in held and has(text, v.OFFERED):
        arms, holds = "offer", "umbrella"
    elif "umbrella" in held and (arms in {"rest", "hold", "talk", "open", "reach"} or has(text, v.UNFURLED)):
        arms, holds = "umbrella", "umbrella"
    elif (arms == "read" and (held := held or _held(action)) and held[0] in {"letter", "tag", "photo"}) or (
        arms in {"hold", "carry", "reach"} and held
    ):
        holds = held[0]
    elif arms in {"rest", "talk"} and held and held[0] in {"phone", "cup", "bag", "suitcase", "flower", "balloon"}:
        arms, holds = ("hold" if held[0] not in {"bag", "suitcase"} else "rest"), held[0]
    move = next(iter(all_found(text, v.SUBJECT_MOVES)), None)
    if lower == "climb" and has(text, v.PROPS["stairs"]):
        lower, move = "ascend", "away"
    return Role(
        lower=lower,
        arms=arms,
        head=next(iter(all_found(text, p.HEADS)), "level"),
        expression=next((key for key in p.EXPRESSIONS if has(text, p.EXPRESSIONS[key])), "neutral"),
        turned_away=has(text, p.TURNED_AWAY),
        profile=has(text, p.PROFILE),
        looks_at_other=has(action, p.LOOK_AT) or arms in {"talk", "hug", "fight", "handshake"},
        move=move,
        holds=holds,
    )
