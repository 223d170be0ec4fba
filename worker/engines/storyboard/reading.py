"""Readings that need more than a word: plain text without similes, names in two scripts, coloured things, umbrellas."""

import re

from worker.engines.storyboard import vocabulary as v
from worker.engines.storyboard import vocabulary_people as p
from worker.engines.storyboard.words import all_found, has, pattern

_SIMILE = re.compile(r"[가-힣]+처럼|\blike (?:an? |the )?[\w-]+(?: of [\w-]+)?|\bas if [^.,;]*", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?:\d+|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|몇|여러|수십|수백|수천|십|백|천)\s*개(?=의|가|를|만|는|\s|[.,]|$)"
)
_DRY = re.compile(
    r"비가 ?(?:그|멎|개)\S*|비 ?갠|비 ?온 뒤|rain (?:has |had |is )?(?:stopped|stops|stopping|over)|after the rain|"
    r"\brain ?clouds?|먹구름|(?:black |white |warm )?pro-?mist\S*",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The text without what is only a likeness (“비처럼”, “like a river”) or a count (“수십 개의”)."""
    return _COUNTER.sub(" ", _SIMILE.sub(" ", text))


def without_dry(text: str) -> str:
    """The text without rain that is over, and without lens filters that are named after mist."""
    return _DRY.sub(" ", text)


# --- names ------------------------------------------------------------------------------------------------------

_LEADS = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"]
_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_TAILS = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]


def sounded(name: str) -> str:
    """A name's sound in Latin letters, so that 준 meets “Joon” and 미나 meets “Mina”."""
    out = []
    for letter in name.casefold():
        code = ord(letter) - 0xAC00
        if 0 <= code < 11172:
            out.append(_LEADS[code // 588] + _VOWELS[code % 588 // 28] + _TAILS[code % 28])
        else:
            out.append(letter)
    text = "".join(out).replace("oo", "u").replace("ee", "i").replace("ou", "u").replace("sh", "s")
    return re.sub(r"[^a-z ]", "", text)


_WORD = re.compile(r"[A-Za-z]+|[가-힣]+")


def heard_at(text: str, name: str) -> int:
    """Where a name is spoken in the other script, or −1. A Korean word may carry a particle."""
    want = sounded(name.split()[0] if name.split() else "")
    korean = bool(re.search(r"[가-힣]", name))
    if len(want) < 3:
        return -1
    for word in _WORD.finditer(text):
        said = word[0]
        if ("가" <= said[0] <= "힣") == korean:
            continue
        if korean:
            if sounded(said) == want:
                return word.start()
            continue
        for cut in range(1, min(len(said), 4) + 1):
            if sounded(said[:cut]) == want and said[cut:] in _ENDINGS:
                return word.start()
    return -1


_ENDINGS = frozenset(
    ("", *["이", "가", "은", "는", "을", "를", "의", "와", "과", "도", "에게", "한테", "이가", "이는", "이의", "이를"])
)

# --- things -----------------------------------------------------------------------------------------------------

_STOP = frozenset(
    [
        "and",
        "or",
        "of",
        "with",
        "in",
        "on",
        "at",
        "by",
        "to",
        "the",
        "a",
        "an",
        "from",
        "under",
        "over",
        "her",
        "his",
        "their",
    ]
)
_PARTICLE = re.compile(r"[가-힣](?:을|를|이|가|의|와|과|에|에서|로)$")


def hues(text: str) -> tuple[tuple[str, str], ...]:
    """Things with the colour named before them (“red umbrella”, “초록 문”); many of them are `umbrella*`."""
    found: dict[str, str] = {}
    for prop, terms in v.PROPS.items():
        for match in pattern(terms).finditer(text):
            colour = _colour_before(text[max(0, match.start() - 30) : match.start()])
            if colour is None:
                continue
            many = match[0].casefold().endswith("s") or text[match.end() :].startswith("들")
            found.setdefault(f"{prop}*" if many else prop, colour)
    return tuple(sorted(found.items()))


def _colour_before(before: str) -> str | None:
    words = re.split(r"[.,;:!?\n]", before)[-1].split()
    for back, word in enumerate(reversed(words[-2:])):
        said = all_found(word, p.COLOURS)
        if said:
            return said[-1]
        if back == 0 and (word.casefold() in _STOP or _PARTICLE.search(word) or _is_thing(word)):
            return None
    return None


def _is_thing(word: str) -> bool:
    tables = (v.PROPS, p.GARMENTS, p.BOTTOMS, p.HATS)
    return has(word, p.SHOES) or any(has(word, terms) for table in tables for terms in table.values())


def umbrella_is_open(text: str, *, interior: bool) -> bool:
    """Are umbrellas up? What the words say, else up outdoors and furled indoors."""
    if has(text, v.FURLED):
        return False
    if has(text, v.UNFURLED):
        return True
    return not interior and not has(text, v.OFFERED)
