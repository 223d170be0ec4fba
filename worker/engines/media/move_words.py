"""Words for camera moves, in English and Korean.

Only words that speak of the camera count: “a frying pan”, “she pulls out a letter”, “팬들이 환호한다” move nothing.
"""

import re
import unicodedata
from enum import StrEnum


class Move(StrEnum):
    PUSH_IN = "push in"
    PULL_OUT = "pull out"
    ZOOM_IN = "zoom in"
    ZOOM_OUT = "zoom out"
    PAN_LEFT = "pan left"
    PAN_RIGHT = "pan right"
    TILT_UP = "tilt up"
    TILT_DOWN = "tilt down"
    TRACK_LEFT = "track left"
    TRACK_RIGHT = "track right"


_SOFTLY = r"(?:slow(?:ly)?|gent(?:le|ly)|quick(?:ly)?|fast|smooth(?:ly)?|soft(?:ly)?|gradual(?:ly)?|then|we)"
_CAMERA = rf"\b(?:camera|{_SOFTLY})\s+(?:{_SOFTLY}\s+)*"  # who moves, or how: “the camera slowly …”, “slow …”
_WAY = rf"(?:\s+{_SOFTLY})?(?:\s+to(?:wards?)?)?(?:\s+the)?[\s-]+"
# After “pull out” of a camera comes an end or a where-to; after that of a person comes a thing.
_NO_OBJECT = (
    r"(?=\s*(?:$|[.,;:!?)/–—-]|(?:to|on|onto|from|towards?|slow|slowly|gently|and|as|while|until|over|reveal\w*)\b))"
)
_PUSH = r"(?:push|pushes|pushing|move|moves|moving|creep|creeps|creeping)"
_PULL = r"(?:pull|pulls|pulling|move|moves|moving)"
_DOLLY = r"(?:dolly|dollies|dollying|track|tracks|tracking|truck|trucks|trucking)"
_ZOOM = r"(?:zoom|zooms|zooming)"
_PAN = r"(?:pan|pans|panning)"
_TILT = r"(?:tilt|tilts|tilting)"
_LIFT = r"(?:crane|cranes|craning|boom|booms|booming|pedestal|pedestals)"

_ALONE = r"(?<![가-힣])"
_END = r"(?![가-힣])"
_KO_IN, _KO_OUT = rf"\s?인{_END}", r"\s?(?:아웃|백)"
_KO_DOLLY = rf"{_ALONE}(?:달리|돌리|트랙)"
_KO_PAN = r"(?:패닝|팬(?!들|케이크|티|션))"
_KO_TRACK = r"(?:트래킹|트랙킹|트럭킹)"
_KO_LEFT, _KO_RIGHT = rf"{_ALONE}(?:왼쪽|좌측|좌|왼편|레프트)", rf"{_ALONE}(?:오른쪽|우측|우|오른편|라이트)"
_KO_UP, _KO_DOWN = r"(?:업|위)", r"(?:다운|아래)"
_KO_SOFTLY = r"(?:천천히|서서히|빠르게|부드럽게)"


def _ko(verb: str, way: str) -> str:
    """“팬 왼쪽”, “왼쪽으로 천천히 팬”."""
    return rf"{verb}\s?{way}|{way}(?:으로|로)?\s?(?:{_KO_SOFTLY}\s)?{verb}"


def _en(verb: str, way: str) -> str:
    """“pans slowly to the left”, “left pan”."""
    return rf"\b{verb}{_WAY}{way}(?:wards?)?\b|\b{way}(?:ward)?[\s-]+{verb}\b"


_DIRECTED: tuple[tuple[Move, str], ...] = (
    (Move.PUSH_IN, rf"{_CAMERA}{_PUSH}\s+in\b|\bpush(?:es|ing)?[\s-]+in\b{_NO_OBJECT}"),
    (Move.PUSH_IN, rf"\b{_DOLLY}[\s-]+(?:in|forward)\b|{_KO_DOLLY}{_KO_IN}|(?:푸시|푸쉬){_KO_IN}"),
    (Move.PULL_OUT, rf"{_CAMERA}{_PULL}\s+(?:out|back)\b|\bpull(?:s|ing)?[\s-]+(?:out|back)\b{_NO_OBJECT}"),
    (Move.PULL_OUT, rf"\b{_DOLLY}[\s-]+(?:out|back)\b|{_KO_DOLLY}{_KO_OUT}|{_ALONE}풀{_KO_OUT}"),
    (Move.ZOOM_IN, rf"\b{_ZOOM}[\s-]*in\b|줌{_KO_IN}|줌\s?인(?:하|해|한|되|으로|$)"),
    (Move.ZOOM_OUT, rf"\b{_ZOOM}[\s-]*(?:out|back)\b|줌{_KO_OUT}"),
    (Move.PAN_LEFT, f"{_en(_PAN, 'left')}|{_ko(_KO_PAN, _KO_LEFT)}"),
    (Move.PAN_RIGHT, f"{_en(_PAN, 'right')}|{_ko(_KO_PAN, _KO_RIGHT)}"),
    (Move.TILT_UP, f"{_en(_TILT, 'up')}|{_en(_LIFT, 'up')}|{_ko('(?:틸트|틸팅|크레인|붐)', _KO_UP)}"),
    (Move.TILT_DOWN, f"{_en(_TILT, 'down')}|{_en(_LIFT, 'down')}|{_ko('(?:틸트|틸팅|크레인|붐)', _KO_DOWN)}"),
    (Move.TRACK_LEFT, f"{_en(_DOLLY, 'left')}|{_ko(_KO_TRACK, _KO_LEFT)}"),
    (Move.TRACK_RIGHT, f"{_en(_DOLLY, 'right')}|{_ko(_KO_TRACK, _KO_RIGHT)}"),
)
# Moves named without a direction; heard only where no direction is.
_UNDIRECTED: tuple[tuple[Move, str], ...] = (
    (Move.PAN_RIGHT, rf"{_CAMERA}{_PAN}\b|\bwhip[\s-]pan\b|\b{_PAN} (?:across|over|along)\b"),
    (Move.PAN_RIGHT, rf"패닝|(?:카메라(?:가)?|슬로우|느린|{_KO_SOFTLY})\s?팬(?!들|케이크)|^팬(?:$|[\s.,])"),
    (Move.TILT_UP, rf"{_CAMERA}{_TILT}\b|틸팅|(?:카메라(?:가)?|{_KO_SOFTLY})\s?틸트|^틸트(?:$|[\s.,])"),
    (Move.TRACK_RIGHT, rf"\btracking[\s-]+shot\b|{_CAMERA}(?:tracks?|tracking|trucks?)\b|\btracking (?:with|along)\b"),
    (Move.TRACK_RIGHT, rf"{_KO_TRACK}|카메라(?:가)? (?:\S+ ){{0,3}}따라"),
)
_HANDHELD = re.compile(
    r"\bhand[\s-]?held\b(?!\s+(?:radio|phone|console|device|game|fan|scanner|mic|light|lamp|torch))"
    r"|\bshaky[\s-]?cam|핸드\s?헬드|들고\s?찍기|흔들리는 카메라"
)
_STILL = re.compile(
    r"\b(?:static|locked[\s-]?(?:off|down)?|fixed) (?:shot|camera|frame)\b|\block(?:ed)?[\s-]off\b"
    r"|\bno camera (?:move|movement|moves)\b|카메라 고정|고정\s?(?:샷|숏|카메라)|픽스\s?(?:샷|숏)"
)
_TIERS = tuple(tuple((move, re.compile(words)) for move, words in tier) for tier in (_DIRECTED, _UNDIRECTED))


def find_move(action: str) -> tuple[Move | None, bool]:
    """The first camera move that the text names, and whether the camera is handheld."""
    text = unicodedata.normalize("NFC", action).lower().strip()
    if _STILL.search(text):
        return None, False
    handheld = _HANDHELD.search(text) is not None
    for tier in _TIERS:
        found = [(match.start(), number) for number, (_, words) in enumerate(tier) if (match := words.search(text))]
        if found:
            return tier[min(found)[1]][0], handheld
    return None, handheld
