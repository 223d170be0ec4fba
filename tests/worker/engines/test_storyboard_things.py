"""Inserts, told colours, umbrellas, inside and outside, reflections, wet ground."""

from typing import Any

import cv2
import numpy as np
import pytest

from cinefarm.briefs import CameraBrief, CharacterBrief, ShotBrief
from worker.engines.storyboard.canvas import Plane
from worker.engines.storyboard.casting import cast
from worker.engines.storyboard.insert import wants_insert
from worker.engines.storyboard.panel import Order, draw_panel
from worker.engines.storyboard.reading import hues, plain, sounded
from worker.engines.storyboard.scene import Scene, read_scene

SUA = CharacterBrief(id="s", name="수아", description="a woman in a grey coat")
JOON = CharacterBrief(id="j", name="Joon", description="a man in a green jacket")


def shot(scene: str, action: str = "", people: tuple[CharacterBrief, ...] = (), **camera: Any) -> ShotBrief:
    return ShotBrief(
        id="1", code="SHT-00001", project="P", scene_description=scene, action=action, characters=people,
        camera=CameraBrief(**camera),
    )  # fmt: skip


def read(scene: str, action: str = "", people: tuple[CharacterBrief, ...] = (), **camera: Any) -> Scene:
    return read_scene(shot(scene, action, people, **camera))


def draw(brief: ShotBrief, seed: int = 1, width: int = 480, height: int = 270) -> Plane:
    return draw_panel(Order(brief, width=width, height=height, seed=seed)).picture


def edges(picture: Plane) -> float:
    """The share of the picture that lies on a drawn edge, away from its borders."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    lines = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 1.0), 40, 110)
    h, w = lines.shape
    return float((lines[h // 6 : -h // 6, w // 6 : -w // 6] > 0).mean())


def redness(picture: Plane) -> float:
    """The share of pixels that anyone would call red."""
    blue, green, red = (picture[..., k].astype(np.int16) for k in range(3))
    return float(((red > 75) & (red > 1.7 * green) & (red > 1.35 * blue)).mean())


INSERTS = (
    ("Insert, macro. An old wooden counter.", "Her hands tie a paper tag to the handle of a red umbrella."),
    ("인서트. 계산대 옆에 붙은 낡은 사진.", ""),
    ("Insert. A key on a table.", ""),
    ("인서트. 휴대폰 화면.", "손가락이 문자를 지운다."),
    ("Insert of a ring in a palm.", ""),
    ("Macro. A cup of coffee, steam.", ""),
    ("인서트.", ""),
    ("Insert, night street.", "Rain."),
    ("Insert. A letter.", "Sua unfolds it."),
)


@pytest.mark.parametrize(("scene", "action"), INSERTS)
def test_no_insert_is_empty(scene: str, action: str) -> None:
    for seed in range(6):
        for people in ((), (SUA,)):
            assert edges(draw(shot(scene, action, people), seed)) > 0.015


def test_a_close_face_is_not_a_still_life() -> None:
    assert not wants_insert(read("Insert. His eyes.", "He blinks.", (JOON,)))
    assert wants_insert(read("Insert. His hand on a key.", "", (JOON,)))


PLACES = (
    "거실", "kitchen", "비 오는 밤거리", "market at night", "편의점 안", "rooftop at dawn", "한강", "forest",
    "subway car", "시장 노점 안", "desert", "복도",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_picture_is_empty(place: str) -> None:
    for seed in range(3):
        assert edges(draw(shot(f"Wide shot. {place}."), seed)) > 0.012


@pytest.mark.parametrize(
    ("text", "thing", "hue"),
    [
        ("a red umbrella", "umbrella", "red"),
        ("빨간 우산을 편다", "umbrella", "red"),
        ("a battered yellow taxi", "car", "yellow"),
        ("the blue front door", "door", "blue"),
        ("초록 문 앞", "door", "green"),
        ("빨간 접은 우산", "umbrella", "red"),
        ("a river of black umbrellas, a single red umbrella", "umbrella", "red"),
        ("a river of black umbrellas, a single red umbrella", "umbrella*", "black"),
    ],
)
def test_a_colour_named_with_a_thing_is_used(text: str, thing: str, hue: str) -> None:
    assert dict(hues(text))[thing] == hue


@pytest.mark.parametrize(
    "text", ["a red coat and an umbrella", "빨간 우비를 입고 우산을 든다", "red raincoat, umbrella"]
)
def test_a_garments_colour_stays_with_the_garment(text: str) -> None:
    assert "umbrella" not in dict(hues(text))


@pytest.mark.parametrize("mood", ["", "neon, neo-noir", "cold, teal", "pastel"])
def test_a_red_umbrella_reads_red(mood: str) -> None:
    brief = shot("Full shot. A street at night in the rain.", "수아가 빨간 우산을 들고 서 있다.", (SUA,), style=mood)
    plain_one = shot("Full shot. A street at night in the rain.", "수아가 서 있다.", (SUA,), style=mood)
    for seed in (1, 2, 3):
        assert redness(draw(brief, seed)) > redness(draw(plain_one, seed)) + 0.003


@pytest.mark.parametrize(
    ("scene", "action", "is_open"),
    [
        ("A street in the rain.", "수아가 우산을 들고 걷는다.", True),
        ("A street in the rain.", "수아가 접은 우산을 들고 걷는다.", False),
        ("Inside the subway car.", "Sua sits holding the umbrella.", False),
        ("Inside the subway car.", "Sua opens the umbrella.", True),
        ("A street.", "Sua holds out the umbrella.", False),
        ("카페 안.", "수아가 우산을 들고 있다.", False),
    ],
)
def test_umbrellas_are_up_where_it_makes_sense(scene: str, action: str, is_open: bool) -> None:
    assert read(scene, action, (SUA,)).umbrella_open is is_open


@pytest.mark.parametrize(
    ("scene", "action", "place", "front"),
    [
        ("Extreme wide, establishing. A small convenience store glowing on a dark street corner.",
         "Sua crosses the empty street.", "street", "store"),
        ("Outside the store at night under a dripping awning, rain.", "", "street", "shop"),
        ("편의점 앞, 밤.", "", "street", "store"),
        ("편의점 안, 계산대 뒤.", "", "store", None),
        ("Inside the convenience store.", "", "store", None),
        ("A supermarket aisle.", "", "store", None),
        ("도서관.", "", "shop", None),
    ],
)  # fmt: skip
def test_outside_a_shop_is_not_inside_it(scene: str, action: str, place: str, front: str | None) -> None:
    got = read(scene, action, (SUA,))
    assert (got.place, got.storefront) == (place, front)
    assert got.interior is (place != "street")


def test_rain_stays_outdoors() -> None:
    for place in ("편의점 안", "Inside the subway car", "시장 노점 안"):
        wet = draw_panel(Order(shot(f"{place}. 비가 내린다."), width=320, height=180, seed=4))
        assert wet.scene.interior
        assert "rain" in wet.scene.weather
        dry = draw_panel(Order(shot(f"{place}."), width=320, height=180, seed=4)).picture
        streaks = np.abs(wet.picture.astype(int) - dry.astype(int)).max(axis=2)
        assert np.percentile(streaks, 99) < 120


@pytest.mark.parametrize(
    "text", ["별이 비처럼 떨어진다", "비가 그친 옥상", "rain clouds breaking up", "after the rain"]
)
def test_rain_that_does_not_fall(text: str) -> None:
    assert "rain" not in read(text).weather


def test_a_filter_is_not_fog_and_a_count_is_not_a_dog() -> None:
    assert not read("거리", filter="Black Pro-Mist 1/8").weather
    assert "dog" not in read("수십 개의 우산이 걸려 있다").props
    assert "dog" in read("개 한 마리가 짖는다").props
    assert "처럼" not in plain("꽃밭처럼 흔들린다")


def test_names_are_heard_in_both_scripts() -> None:
    assert sounded("준") == sounded("Joon")
    roles = read("편의점 안.", "준이 전화를 받는다. 수아가 운다.", (JOON, SUA)).roles
    assert (roles[0].arms, roles[1].expression) == ("phone", "cry")
    assert read("거리.", "미나가 서 있다.", (CharacterBrief(id="m", name="미나"),)).roles[0].move is None


def test_the_named_shoulder_is_in_front() -> None:
    assert read("Over the shoulder. Past Sua's wet shoulder, Joon.", "", (SUA, JOON)).shoulder_of == 0
    assert read("오버 숄더. 수아의 어깨 너머로 거리가 보인다.", "", (JOON, SUA)).shoulder_of == 1


def test_a_reflection_is_faint_and_large() -> None:
    scene = read("시점샷(POV). 지하철 창문 너머 불빛.", "창에 비친 수아의 얼굴.", (SUA,))
    assert (scene.reflected, scene.size) == (True, "medium_close")
    assert edges(draw(shot("POV. The subway window, rain.", "수아의 얼굴이 유리에 비친 채 멈춘다.", (SUA,)))) > 0.02


def test_wet_ground_shines_at_night() -> None:
    def floor(weather: str) -> float:
        picture = draw(shot(f"Wide shot. A neon street at night{weather}."), 3)
        return float(picture[-90:].max(axis=2).std())

    assert floor(", rain") != floor("")


def test_stairs_are_climbed_on_foot() -> None:
    role = read("골목 계단.", "수아가 계단을 올라간다.", (SUA,)).roles[0]
    assert (role.lower, role.move) == ("ascend", "away")


def test_an_old_woman_with_a_bun() -> None:
    person = cast(CharacterBrief(id="x", name="순자", description="a mender of seventy-four, grey hair in a bun"))
    assert (person.age, person.woman, person.hair_style) == ("old", True, "bun")


def test_the_same_words_give_the_same_bytes() -> None:
    for scene, action in (
        *INSERTS[:2],
        ("창에 비친 수아의 얼굴.", ""),
        ("편의점 안", ""),
        ("종이별이 떨어지는 옥상", ""),
    ):
        first, again = (draw(shot(scene, action, (SUA,)), 5, 320, 180) for _ in range(2))
        assert np.array_equal(first, again)
