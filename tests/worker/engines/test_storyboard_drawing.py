"""What is drawn: framing, identity, light, captions."""

from typing import Any

import numpy as np
import pytest

from cinefarm.briefs import CharacterBrief, ShotBrief
from worker.engines.storyboard.blocking import block
from worker.engines.storyboard.caption import ACTION_LINES, draw_caption, ellipsis, font, wrap
from worker.engines.storyboard.casting import cast
from worker.engines.storyboard.chance import chance, stable_number
from worker.engines.storyboard.framing import View, compose
from worker.engines.storyboard.panel import Order, draw_panel
from worker.engines.storyboard.scene import read_scene

SUA = CharacterBrief(id="chr-sua", name="수아", description="20대 여자, 긴 검은 머리", look="빨간 우비, 노란 장화")
MINSU = CharacterBrief(id="chr-minsu", name="민수", description="30대 남자, 안경, 수염", look="회색 후드티, 청바지")


def shot_of(
    action: str, scene: str = "EXT. FIELD", people: tuple[CharacterBrief, ...] = (SUA,), **more: Any
) -> ShotBrief:
    return ShotBrief(
        id="1", code="SHT-00001", project="P", scene_description=scene, action=action, characters=people, **more
    )


def view_of(action: str, *, size: tuple[int, int] = (640, 360), seed: int = 1, **more: Any) -> View:
    shot = shot_of(action, **more)
    scene = read_scene(shot)
    rng = chance("test", seed)
    return compose(scene, block(scene, tuple(cast(c) for c in shot.characters), rng), size, rng)


def head_height(view: View, index: int = 0) -> float:
    """The lead's head as a share of the picture's height."""
    bones = view.bones[index]
    ends = view.camera.project(np.stack([bones.head, bones.head + bones.head_axes[1] * bones.head_height]))
    return float(np.hypot(*(ends[0] - ends[1]))) / view.camera.height


def draw(shot: ShotBrief, **more: Any) -> np.ndarray:
    return draw_panel(Order(shot=shot, width=384, height=216, **more)).picture


def test_each_framing_is_closer_than_the_one_before() -> None:
    words = (
        "establishing",
        "wide shot",
        "full shot",
        "medium long",
        "medium shot",
        "바스트 샷",
        "클로즈업",
        "익스트림 클로즈업",
    )
    heights = [head_height(view_of(f"{word}. 수아가 서 있다")) for word in words]
    assert heights == sorted(heights)
    assert heights[0] < 0.04
    assert heights[2] < 0.15
    assert 0.2 < heights[4] < 0.32
    assert 0.45 < heights[6] < 0.65
    assert heights[7] > 0.9


@pytest.mark.parametrize("size", [(640, 360), (480, 480), (360, 640), (640, 268)])
@pytest.mark.parametrize("seed", range(4))
def test_a_full_shot_holds_the_whole_body(size: tuple[int, int], seed: int) -> None:
    view = view_of("Full shot. 수아가 걷는다", size=size, seed=seed)
    bones = view.bones[0]
    points = [
        bones.head + bones.head_axes[1] * bones.head_height,
        *(leg.tip for leg in bones.legs),
        *(a.tip for a in bones.arms),
    ]
    flat = view.camera.project(np.stack(points))
    assert flat.min() >= 0
    assert (flat <= np.array(size)).all()


def test_low_and_high_angles_look_up_and_down() -> None:
    assert view_of("low angle full shot").camera.pitch > 0.05
    assert view_of("부감. 수아가 서 있다").camera.pitch < -0.3
    assert view_of("bird's eye").camera.pitch < -1.0
    assert view_of("eye level").camera.pitch == 0
    assert abs(view_of("더치 앵글").camera.roll) > 0.1


def test_a_longer_lens_stands_farther_away() -> None:
    near = view_of("클로즈업", camera={"focal_length": "24mm"})
    far = view_of("클로즈업", camera={"focal_length": "100mm"})
    assert far.distance > 3 * near.distance
    assert head_height(far) == pytest.approx(head_height(near), rel=0.12)


@pytest.mark.parametrize("seed", range(6))
def test_partners_in_dialogue_face_each_other(seed: int) -> None:
    view = view_of("Two shot. 민수와 수아가 대화한다", people=(MINSU, SUA), seed=seed)
    one, two = view.bones
    way = two.chest - one.chest
    assert float(one.body_axes[2] @ way) > 0
    assert float(two.body_axes[2] @ -way) > 0


@pytest.mark.parametrize("seed", range(6))
def test_over_the_shoulder_puts_a_back_of_a_head_in_front(seed: int) -> None:
    view = view_of("오버 숄더. 민수가 수아를 바라본다", people=(MINSU, SUA), seed=seed)
    lead, front = view.bones
    camera = view.camera
    assert camera.depth(front.eyes) < camera.depth(lead.eyes) * 0.75
    assert float(front.head_axes[2] @ (camera.eye - front.eyes)) < 0  # looks away from us
    assert float(lead.head_axes[2] @ (camera.eye - lead.eyes)) > 0


@pytest.mark.parametrize("seed", range(8))
def test_feet_stand_on_the_ground(seed: int) -> None:
    for action in ("수아가 서 있다", "수아가 걷는다", "수아가 앉아 있다"):
        bones = view_of(action, seed=seed).bones[0]
        assert -0.01 < min(leg.end[1] for leg in bones.legs) < 0.12


def test_a_character_keeps_its_look_in_every_shot_and_seed() -> None:
    assert cast(SUA) == cast(SUA)
    plain = [CharacterBrief(id=f"id-{i}", name="X") for i in range(12)]
    assert [cast(c) for c in plain] == [cast(c) for c in plain]
    assert len({(cast(c).top, cast(c).hair_style, cast(c).legs) for c in plain}) >= 10


def test_words_decide_the_look() -> None:
    sua, minsu = cast(SUA), cast(MINSU)
    assert sua.woman
    assert sua.garment == "raincoat"
    assert sua.hair_style == "long"
    assert sua.top[2] > sua.top[0] + 80  # red
    assert sua.shoes[2] > sua.shoes[0] + 80  # yellow boots
    assert not minsu.woman
    assert minsu.glasses == "glasses"
    assert minsu.beard == "beard"
    assert minsu.garment == "hoodie"
    child = cast(CharacterBrief(id="k", name="하늘", description="8살 소녀"))
    assert child.stature < sua.stature * 0.8
    assert cast(CharacterBrief(id="r", name="R", description="a robot")).kind == "robot"
    assert cast(CharacterBrief(id="d", name="Bori", description="갈색 강아지")).kind == "dog"


@pytest.mark.parametrize("scene", ["EXT. FIELD - DAY", "INT. OFFICE - DAY", "EXT. BEACH"])
@pytest.mark.parametrize("seed", [3, 4])
def test_the_red_raincoat_is_red_in_every_shot(scene: str, seed: int) -> None:
    image = draw(shot_of("Full shot. 수아가 서 있다", scene), seed=seed).astype(int)
    red = (image[..., 2] > 110) & (image[..., 2] > image[..., 1] + 55) & (image[..., 2] > image[..., 0] + 55)
    assert red.mean() > 0.008


def test_night_is_darker_and_bluer_than_day() -> None:
    day = draw(shot_of("와이드. 수아가 서 있다", "EXT. FIELD - DAY")).astype(int)
    night = draw(shot_of("와이드. 수아가 서 있다", "EXT. FIELD - NIGHT")).astype(int)
    assert night.mean() < day.mean() - 50
    assert (night[..., 0] - night[..., 2]).mean() > (day[..., 0] - day[..., 2]).mean()


def test_black_and_white_has_no_colour() -> None:
    image = draw(shot_of("수아가 서 있다", "EXT. FIELD", camera={"film_stock": "흑백"})).astype(int)
    assert (image.max(axis=2) - image.min(axis=2)).mean() < 6


def test_rain_and_snow_change_the_picture() -> None:
    dry, rain, snow = (draw(shot_of("와이드", f"EXT. FIELD {w}")) for w in ("", "비가 내린다", "눈이 내린다"))
    for wet in (rain, snow):
        assert np.abs(wet.astype(int) - dry.astype(int)).mean() > 6
    assert snow.mean() > rain.mean()


def test_camera_moves_are_marked_in_red() -> None:
    def red(image: np.ndarray) -> int:
        wide = image.astype(int)
        return int(((wide[..., 2] > 180) & (wide[..., 1] < 90) & (wide[..., 0] < 90)).sum())

    grey = {"scene": "EXT. FIELD", "people": ()}
    assert red(draw(shot_of("Wide shot.", **grey))) == 0
    for words in ("pan left", "tilt up", "push in", "줌 아웃", "트래킹", "핸드헬드", "크레인 업", "arc"):
        assert red(draw(shot_of(f"Wide shot. {words}", **grey))) > 12, words


def test_text_wraps_between_words_only() -> None:
    face = font(20, bold=False)
    text = "민수가 골목길을 천천히 걸어가며 뒤를 돌아본다 그리고 멈춘다"
    lines = wrap(text, face, width=180, lines=20)
    assert " ".join(line.text for line in lines) == text
    assert all(line.width <= 180 for line in lines)
    assert len(lines) > 2


def test_long_text_ends_with_an_ellipsis() -> None:
    face = font(20, bold=False)
    lines = wrap("가나다라 " * 500, face, width=300, lines=3)
    assert len(lines) == 3
    assert lines[-1].text.endswith("…")
    assert all(face.getlength(line.text) <= 300 for line in lines)


def test_a_word_wider_than_the_line_is_cut() -> None:
    face = font(20, bold=False)
    lines = wrap("W" * 400, face, width=200, lines=3)
    assert len(lines) == 3
    assert all(face.getlength(line.text) <= 200 for line in lines)
    assert face.getlength(ellipsis("W" * 99, face, 100)) <= 100


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 180), (200, 200), (1720, 720)])
def test_the_caption_never_runs_over_its_edge(size: tuple[int, int]) -> None:
    people = tuple(CharacterBrief(id=str(i), name=f"이름이아주긴등장인물{i}", look_name="빨간 우비") for i in range(12))
    shot = shot_of(
        "민수가 비 내리는 골목을 걷다가 멈춰 서서 뒤를 돌아본다. " * 70,
        people=people,
        sequence="SQ-" + "9" * 60,
        camera={"camera_body": "Arri Alexa Mini LF " * 8, "focal_length": "35mm"},
    )
    assert len(shot.action) > 2000
    band = draw_caption(shot, *size)
    assert band.shape[1] == size[0]
    edge = max(3, round(size[0] * 0.006))
    paper = band[0, 0].astype(int)
    for strip in (band[:, :edge], band[:, -edge:], band[:edge], band[-edge:]):
        assert np.abs(strip.astype(int) - paper).max() <= 2
    assert band.shape[0] < size[1]
    short = draw_caption(shot_of("걷는다"), *size)
    assert short.shape[0] <= band.shape[0]
    assert ACTION_LINES == 3


def test_stable_numbers_never_change() -> None:
    assert stable_number("a", 1) == stable_number("a", 1)
    assert stable_number("a", 1) != stable_number("a1")
    assert chance("x").integers(1000) == chance("x").integers(1000)
