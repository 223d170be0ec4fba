"""Words for people: a sentence in both languages, Korean particles, spans of time, names of places."""

from dataclasses import dataclass
from math import ceil

from pydantic import BaseModel

from master.farm.state import DeviceState

_BATCHIM_DIGITS = "013678"  # 영 일 삼 육 칠 팔
_BATCHIM_CAPITALS = "LMNR"  # 엘 엠 엔 알


class Sentence(BaseModel):
    en: str
    ko: str


def with_particle(word: str, pair: str) -> str:
    """The word with the particle that its last sound asks for; `pair` is e.g. "이/가" or "으로/로"."""
    closed, opened = pair.split("/")
    last = next((char for char in reversed(word) if char.isalnum()), "")
    final = (ord(last) - ord("가")) % 28 if "가" <= last <= "힣" else _final_of(word, last)
    plain = final == 0 or (closed == "으로" and final == 8)  # ㄹ
    return word + (opened if plain else closed)


def _final_of(word: str, last: str) -> int:
    """The last sound of a Latin name or a number as it is read aloud: 0 open, 8 ㄹ, else another consonant."""
    if last.isdigit():
        return (8 if last in "178" else 1) if last in _BATCHIM_DIGITS else 0
    tail = [char for char in word if char.isalnum()][-2:]
    if last.isupper() or len(tail) < 2 or not tail[0].isalpha():  # an abbreviation is read letter by letter
        return (8 if last.upper() in "LR" else 1) if last.upper() in _BATCHIM_CAPITALS else 0
    if last in "lmn":
        return 8 if last == "l" else 1
    if last in "bckpt" or "".join(tail) == "ng":  # 북, 캣; after a consonant or two vowels a vowel is put behind it
        letters = "".join(char for char in word if char.isalnum())
        short = tail[0] in "aeiou" and (len(letters) < 3 or letters[-3] not in "aeiou")
        return 1 if short or "".join(tail) == "ng" else 0
    return 0


def span(seconds: float) -> Sentence:
    """A time as people say it."""
    return _in_unit(seconds, seconds)


def about(low: float, likely: float, high: float) -> Sentence:
    """A time with its range, where the range says more."""
    one, least, most = (_in_unit(seconds, likely) for seconds in (likely, low, high))
    if least.en == most.en:
        return one
    number = least.en.split()[0]
    return Sentence(en=f"{one.en} ({number} to {most.en})", ko=f"{one.ko}({number}~{most.ko})")


def _in_unit(seconds: float, of: float) -> Sentence:
    """In the unit that suits `of`."""
    if of < 120:
        number, en, ko = str(max(1, ceil(seconds))), "s", "초"
    elif of < 5400:
        number, en, ko = str(max(1, round(seconds / 60))), "min", "분"
    else:
        number, en, ko = f"{seconds / 3600:.1f}", "h", "시간"
    return Sentence(en=f"{number} {en}", ko=f"{number}{ko}")


def place(device: DeviceState) -> str:
    """The worker's name, with the device's where it has several, and its number where they are alike."""
    worker = device.worker
    if len(worker.devices) <= 1:
        return worker.name
    alike = [other.id for other in worker.devices.values() if other.name == device.name]
    return f"{worker.name} ({device.name}{f' no. {alike.index(device.id) + 1}' if len(alike) > 1 else ''})"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def gb(amount: float) -> str:
    return f"{round(amount, 1):g} GB"


@dataclass(frozen=True, slots=True)
class Told:
    """A shut gate as people read it."""

    reason: Sentence
    fix: Sentence
    deed: Sentence | None  # the fix without a wait, where there is one
    action: str  # what kind of deed the fix is
    cost: float  # how far it is: some points for a wait, hundreds for a purchase


def told(
    action: str, cost: float, *, reason: tuple[str, str], fix: tuple[str, str], deed: tuple[str, str] | None = None
) -> Told:
    """Each pair is English, then Korean."""
    if deed is None and action != "wait":
        deed = fix
    instead = Sentence(en=deed[0], ko=deed[1]) if deed else None
    return Told(Sentence(en=reason[0], ko=reason[1]), Sentence(en=fix[0], ko=fix[1]), instead, action, cost)
