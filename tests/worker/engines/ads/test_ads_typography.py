"""How the text of an ad is set: what breaks where, what looks how large, where it stands to the product."""

import cv2
import numpy as np
import pytest
from lettering_kit import shop_picture

from worker.engines.ads import renderer
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.lettering.rooms import Ground
from worker.engines.ads.lettering.setting import Box, Placed
from worker.engines.ads.lettering.styles import STYLES, Ink
from worker.engines.ads.lettering.trying import drawn_on
from worker.engines.ads.lettering.wish import SUB_LEAST, Wish, room_for, set_text, typeface

needs_browser = pytest.mark.skipif(bool(renderer.lack_of_browser()), reason=renderer.lack_of_browser())
ROOM: Box = (60.0, 60.0, 900.0, 300.0)


def set_in(room: Box, head: str, sub: str = "", style: str = "minimal") -> Placed:
    middle = (room[0] + room[2] / 2, room[1] + room[3] / 2)
    return set_text(Wish(head, sub, STYLES[style]), room, STYLES[style].pad, 1024, middle)


def room_beside(left: float) -> tuple[Placed, float]:
    """The text on a wide picture and the middle of its product, both in shares of the width."""
    pixels, mask = shop_picture((480, 480))
    wide = np.full((480, 960, 3), pixels[2, 2], np.uint8)
    free = np.zeros((480, 960), np.float32)
    start = round(left * 480)
    wide[:, start : start + 480], free[:, start : start + 480] = pixels, mask
    wish = Wish("아침을 깨우는 멸치", "500g ₩12,900", STYLES["minimal"])
    room = room_for(wide, free, classical_layout(wide, free), wish, wish.style.pad)
    return room.placed, float(np.nonzero(free > 0.5)[1].mean()) / 960


def test_lines_end_where_a_thought_does() -> None:
    narrow: Box = (0.0, 0.0, 620.0, 500.0)
    assert [line.text for line in set_in(narrow, "Run lighter. Go further.").head] == ["Run lighter.", "Go further."]
    assert [line.text for line in set_in(narrow, "오늘만 특가! 전 품목 반값").head] == ["오늘만 특가!", "전 품목 반값"]


def test_a_separator_does_not_end_a_line() -> None:
    placed = set_in((0.0, 0.0, 420.0, 500.0), "남해 청정 바다 · 500g ₩12,900")
    assert [line.text for line in placed.head] == ["남해 청정", "바다", "500g", "₩12,900"]


def test_a_headline_looks_larger_than_the_line_below_in_every_style() -> None:
    """Fonts of one size differ: brush letters fill little more than a half of it."""
    for name, style in STYLES.items():
        placed = set_in(ROOM, "제주 한라봉", "산지에서 바로 보내 드립니다", name)
        assert placed.looks >= 1.5 * placed.sub[0].size * 0.6, name
        assert placed.looks > 70, name
        assert typeface(style, "제주").path == placed.head[0].runs[0].path


def test_the_line_below_can_be_read_on_a_phone() -> None:
    for head in ("세일", "아침마다 갓 볶은 원두를 보내 드립니다"):
        placed = set_in(ROOM, head, "8월 31일까지, 선착순 500명")
        assert placed.sub[0].size >= SUB_LEAST * 1024 * 0.9


def test_text_stands_over_the_middle_of_a_product_in_the_middle() -> None:
    """Not over the middle of whatever space is free."""
    pixels, mask = shop_picture((480, 480))
    wish = Wish("봄 세일", "", STYLES["minimal"])
    room = room_for(pixels, mask, classical_layout(pixels, mask), wish, wish.style.pad)
    product = np.nonzero(mask > 0.5)[1]
    assert room.placed.middle[0] == pytest.approx((product.min() + product.max()) / 2, abs=10)


@pytest.mark.parametrize("left", [0.0, 1.0])
def test_text_stands_beside_a_product_that_stands_aside(left: float) -> None:
    placed, product = room_beside(left)
    text = placed.middle[0] / 960
    assert abs(text - (1 - product)) < 0.12
    assert (text < 0.5) == (product > 0.5)


def test_capitals_are_set_in_a_font_that_has_them() -> None:
    neon = STYLES["neon"]
    assert typeface(neon, "NEW RUN 2026").name == "Do Hyeon"
    assert typeface(neon, "Summer Night").name == "Pacifico"


def test_a_colour_is_chosen_by_the_product_and_not_by_chance() -> None:
    """The seed chooses among those that suit only."""
    inks = ("#d8203a", "#1450d2", "#0c7a3a")
    for seed in range(4):
        assert Ink(dark=False, accent="#2060e0", seed=seed).suiting(*inks) == "#1450d2"
        assert Ink(dark=False, accent="#2060e0", colour="#111111", seed=seed).suiting(*inks) == "#111111"


def test_an_uneven_ground_is_shaded_when_it_is_dim_and_hazed_when_it_is_bright() -> None:
    assert Ground("#403020", 0.15, 0.02, 0.75).dark
    assert not Ground("#d0d0d0", 0.6, 0.15, 0.9).dark
    assert not Ground("#707070", 0.2, 0.19, 0.21).dark  # even: black stands off better


@needs_browser
def test_a_sticker_has_no_holes() -> None:
    """Its paper goes on under the counters of its letters."""
    pixels, mask = shop_picture((720, 720), tone=0.15)
    wish = Wish("황홀한 봄", "", STYLES["sticker"])
    with renderer.drawing() as page:
        layer = drawn_on(page, pixels, mask, classical_layout(pixels, mask), wish).layer
    paper = (layer[..., 3] > 128).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(1 - paper, connectivity=4)
    assert paper.any()
    assert count == 2, f"specks of the picture show through: {stats[2:, cv2.CC_STAT_AREA]} pixels"
