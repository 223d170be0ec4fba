"""What the engine reads from a shot's words, Korean and English."""

from typing import Any

import pytest

from cinefarm.briefs import CameraBrief, CharacterBrief, ShotBrief
from worker.engines.storyboard.scene import Scene, read_scene
from worker.engines.storyboard.sets import PLACES
from worker.engines.storyboard.vocabulary import PLACES as PLACE_WORDS
from worker.engines.storyboard.words import clauses, find, has

MINSU = CharacterBrief(id="m", name="민수")
SUA = CharacterBrief(id="s", name="수아")


def read(
    scene: str = "",
    action: str = "",
    people: tuple[CharacterBrief, ...] = (MINSU,),
    camera: dict[str, Any] | None = None,
    **more: Any,
) -> Scene:
    brief = CameraBrief(**(camera or {}))
    shot = ShotBrief(
        id="1", code="SHT-00001", project="P", scene_description=scene, action=action, characters=people, camera=brief
    )
    return read_scene(shot, **more)


def test_every_place_word_has_a_set() -> None:
    assert set(PLACE_WORDS) <= PLACES


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("Close-up on his eyes", "close"),
        ("Extreme close-up of an eye", "extreme_close"),
        ("얼굴 클로즈업", "close"),
        ("익스트림 클로즈업", "extreme_close"),
        ("medium close-up", "medium_close"),
        ("바스트 샷", "medium_close"),
        ("미디엄 샷", "medium"),
        ("Medium shot", "medium"),
        ("풀샷", "full"),
        ("full shot", "full"),
        ("와이드 샷", "wide"),
        ("롱 샷", "wide"),
        ("Establishing shot of the city", "extreme_wide"),
        ("인서트", "insert"),
        ("two shot", "medium"),
    ],
)
def test_framing_words(words: str, size: str) -> None:
    assert read(action=words).size == size


@pytest.mark.parametrize(
    ("focal", "size"),
    [
        ("18mm", "wide"),
        ("28mm", "full"),
        ("35mm", "medium_long"),
        ("50mm", "medium"),
        ("85mm", "medium_close"),
        ("135mm", "close"),
    ],
)
def test_the_lens_decides_when_no_word_does(focal: str, size: str) -> None:
    scene = read(action="민수가 서 있다", camera={"focal_length": focal})
    assert scene.size == size
    assert f"{scene.focal_mm:.0f}mm" == focal


@pytest.mark.parametrize(
    ("words", "angle"),
    [
        ("low angle", "low"),
        ("로우 앵글", "low"),
        ("부감", "high"),
        ("high angle", "high"),
        ("bird's eye view", "bird"),
        ("버즈아이", "bird"),
        ("", "eye"),
    ],
)
def test_angles(words: str, angle: str) -> None:
    assert read(action=words).angle == angle


def test_special_views() -> None:
    assert read(action="더치 앵글").dutch
    assert read(action="Dutch tilt").dutch
    assert read(action="오버 숄더", people=(MINSU, SUA)).over_shoulder
    assert read(action="Over the shoulder of Minsu", people=(MINSU, SUA)).over_shoulder
    assert read(action="POV: he sees the door").pov


@pytest.mark.parametrize(
    ("words", "place", "interior"),
    [
        ("INT. CAFÉ - DAY", "cafe", True),
        ("실내. 카페", "cafe", True),
        ("EXT. 골목 - 밤", "alley", False),
        ("학교 교실", "classroom", True),
        ("지하철역 승강장", "station", True),
        ("지하철 안", "train", True),
        ("숲속", "forest", False),
        ("A mountain ridge at dawn", "mountain", False),
        ("해변", "beach", False),
        ("병원 복도", "hospital", True),
        ("Rooftop at night", "rooftop", False),
        ("한옥 마당", "hanok", False),
        ("시장", "market", False),
        ("INT. CAR - NIGHT", "car", True),
        ("차 안", "car", True),
        ("주방", "kitchen", True),
        ("침실", "bedroom", True),
        ("사무실", "office", True),
        ("사막", "desert", False),
        ("nowhere in particular", "open", False),
    ],
)
def test_places(words: str, place: str, interior: bool) -> None:
    scene = read(words)
    assert (scene.place, scene.interior) == (place, interior)


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("밤", "night"),
        ("골목 - 밤, 비", "night"),
        ("해질녘", "dusk"),
        ("golden hour", "golden"),
        ("새벽", "dawn"),
        ("DAY", "day"),
        ("moonlight", "night"),
    ],
)
def test_times(words: str, time: str) -> None:
    assert read(words).time == time


def test_one_syllable_korean_words_are_not_found_inside_others() -> None:
    assert read("비가 내린다").weather == {"rain"}
    assert read("비행기가 준비된다").weather == frozenset()
    assert not has("우산을 쓴다", "산")
    assert has("산을 오른다", "산")
    assert not has("신문을 읽는다", "문")
    assert has("문이 열린다", "문")


def test_korean_stems_match_their_conjugations_only() -> None:
    for told in ("커피를 마신다", "마시고", "마실 때"):
        assert has(told, "마시~")
    assert not has("아이가 온다", "앉~")
    assert has("앉아 있다", "앉~")


def test_english_terms_match_whole_words() -> None:
    assert find("the cart stops", "car") is None
    assert find("two cars stop", "car") == 4
    assert has("He is smiling", "smil~")


def test_negative_words_keep_things_out() -> None:
    scene = read("EXT. STREET in the rain with a car", negative="rain, car")
    assert "rain" not in scene.weather
    assert "car" not in scene.props


def test_prompt_words_add_to_the_shot() -> None:
    assert "fog" in read("거리", prompt="thick fog").weather


@pytest.mark.parametrize(
    ("words", "moves"),
    [
        ("Camera pans left", ("pan_left",)),
        ("오른쪽으로 팬", ("pan_right",)),
        ("틸트 업", ("tilt_up",)),
        ("slow push in", ("push_in",)),
        ("줌 아웃", ("pull_out",)),
        ("줌인", ("push_in",)),
        ("핸드헬드", ("handheld",)),
        ("트래킹", ("track_right",)),
        ("crane down", ("crane_down",)),
        ("", ()),
    ],
)
def test_camera_moves(words: str, moves: tuple[str, ...]) -> None:
    assert read(action=words).moves == moves


@pytest.mark.parametrize(
    ("action", "lower", "arms"),
    [
        ("민수가 걷는다", "walk", "rest"),
        ("민수가 뛰어간다", "run", "rest"),
        ("민수가 의자에 앉아 커피를 마신다", "sit", "drink"),
        ("민수가 서 있다", "stand", "rest"),
        ("민수가 바닥에 누워 있다", "lie", "rest"),
        ("민수가 손가락으로 문을 가리킨다", "stand", "point"),
        ("민수가 손을 흔든다", "stand", "wave"),
        ("민수가 전화를 받으며 걷는다", "walk", "phone"),
        ("민수가 책을 읽는다", "stand", "read"),
        ("민수가 운전한다", "drive", "rest"),
        ("He jumps over the wall", "jump", "rest"),
        ("He falls down", "fall", "rest"),
        ("He kneels and prays", "kneel", "pray"),
        ("He types at the desk, sitting", "sit", "type"),
    ],
)
def test_poses(action: str, lower: str, arms: str) -> None:
    role = read(action=action).roles[0]
    assert (role.lower, role.arms) == (lower, arms)


@pytest.mark.parametrize(
    ("action", "expression"),
    [
        ("민수가 미소 짓는다", "smile"),
        ("민수가 운다", "cry"),
        ("화난 민수", "angry"),
        ("민수가 깜짝 놀란다", "surprised"),
        ("He is terrified", "afraid"),
        ("He waits", "neutral"),
    ],
)
def test_expressions(action: str, expression: str) -> None:
    assert read(action=action).roles[0].expression == expression


def test_each_clause_goes_to_whom_it_names() -> None:
    scene = read(action="민수가 걸어온다. 수아는 의자에 앉아 웃는다.", people=(MINSU, SUA))
    assert [role.lower for role in scene.roles] == ["walk", "sit"]
    assert [role.expression in {"smile", "laugh"} for role in scene.roles] == [False, True]


def test_joined_names_share_the_action() -> None:
    scene = read(action="민수와 수아가 달린다", people=(MINSU, SUA))
    assert [role.lower for role in scene.roles] == ["run", "run"]


def test_a_hug_takes_both() -> None:
    scene = read(action="민수가 수아를 껴안는다", people=(MINSU, SUA))
    assert [role.arms for role in scene.roles] == ["hug", "hug"]


def test_held_things_are_read() -> None:
    assert read(action="민수가 우산을 들고 서 있다").roles[0].holds == "umbrella"
    assert read(action="He holds a letter").roles[0].holds == "letter"


def test_clauses_split_at_sentences() -> None:
    assert clauses("One. Two! 셋… 넷") == ["One", "Two", "셋", "넷"]


def test_crowds_and_emptiness() -> None:
    assert read("a busy street, people everywhere").crowd
    assert not read("an empty street, no people").crowd


def test_a_clause_about_a_thing_moves_nobody() -> None:
    scene = read(action="민수와 수아가 껴안는다. 지하철이 승강장으로 들어온다.", people=(MINSU, SUA))
    assert [role.move for role in scene.roles] == [None, None]
    assert [role.lower for role in scene.roles] == ["stand", "stand"]
    assert read(action="민수가 멈춘다. 눈물이 흐른다.").roles[0].expression == "cry"
    assert read(action="남자가 걷는다").roles[0].lower == "walk"
