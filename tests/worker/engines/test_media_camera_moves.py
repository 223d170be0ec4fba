"""Camera moves: which words make one, and how smoothly it goes."""

import itertools
import unicodedata

import cv2
import numpy as np
import pytest

from worker.engines.media.camera_move import read_move
from worker.engines.media.canvas import MovingCanvas, View, planes, still_frame
from worker.engines.media.move_words import Move, find_move


@pytest.mark.parametrize(
    ("action", "move"),
    [
        ("Slow push in on her face", Move.PUSH_IN),
        ("The camera slowly pushes in", Move.PUSH_IN),
        ("Dolly in", Move.PUSH_IN),
        ("달리 인", Move.PUSH_IN),
        ("푸시인", Move.PUSH_IN),
        ("Pull out to reveal the city", Move.PULL_OUT),
        ("달리 아웃", Move.PULL_OUT),
        ("풀 백", Move.PULL_OUT),
        ("Zoom in on the ring", Move.ZOOM_IN),
        ("천천히 줌인한다", Move.ZOOM_IN),
        ("줌 아웃", Move.ZOOM_OUT),
        ("Camera pans left across the harbour", Move.PAN_LEFT),
        ("왼쪽으로 천천히 팬", Move.PAN_LEFT),
        ("pan to the right", Move.PAN_RIGHT),
        ("우측 팬", Move.PAN_RIGHT),
        ("The camera pans.", Move.PAN_RIGHT),
        ("camera tilts up", Move.TILT_UP),
        ("틸트 업", Move.TILT_UP),
        ("틸트다운", Move.TILT_DOWN),
        ("truck left", Move.TRACK_LEFT),
        ("tracking shot of a runner", Move.TRACK_RIGHT),
        ("트래킹 샷", Move.TRACK_RIGHT),
        ("fast push in, then pan left", Move.PUSH_IN),
        ("줌 인 후 팬 우", Move.ZOOM_IN),
        (unicodedata.normalize("NFD", "줌인"), Move.ZOOM_IN),
    ],
)
def test_camera_words_name_a_move(action: str, move: Move) -> None:
    assert find_move(action) == (move, False)


@pytest.mark.parametrize(
    "action",
    [
        "",
        "She pulls out a letter",
        "A frying pan sizzles",
        "She pushes in the door",
        "He moves in with her",
        "She tilts her head up",
        "A truck stops",
        "A handheld radio crackles",
        "Static shot, no camera move, then zoom in later",
        "팬들이 환호한다",
        "프라이팬을 든다",
        "달리는 소년",
        "트랙터를 몬다",
        "고정 샷",
    ],
)
def test_other_words_move_nothing(action: str) -> None:
    assert find_move(action) == (None, False)
    assert read_move(action, seconds=2).is_still


def test_handheld_adds_to_a_move() -> None:
    assert find_move("핸드헬드") == (None, True)
    assert find_move("Handheld, push in") == (Move.PUSH_IN, True)


@pytest.mark.parametrize("move", list(Move))
def test_a_move_starts_and_stops_softly_and_never_turns_back(move: Move) -> None:
    camera = read_move(move.value, seconds=3)
    assert camera.move is move
    views = [camera.view(step / 71) for step in range(72)]
    paths = [[view.zoom for view in views], [view.x for view in views], [view.y for view in views]]
    moved = [path for path in paths if max(path) - min(path) > 1e-9]
    assert len(moved) == 1
    steps = [b - a for a, b in itertools.pairwise(moved[0])]
    assert all(step > 0 for step in steps) or all(step < 0 for step in steps)
    middle = abs(steps[35])
    assert abs(steps[0]) < middle / 5
    assert abs(steps[-1]) < middle / 5


@pytest.mark.parametrize("action", [*(move.value for move in Move), "handheld", "handheld pan left"])
def test_a_view_never_leaves_the_picture(action: str) -> None:
    camera = read_move(action, seconds=20, seed="shot")
    for step in range(200):
        view = camera.view(step / 199)
        assert 1 <= view.zoom <= camera.closest_zoom + 1e-9
        assert -1 <= view.x <= 1
        assert -1 <= view.y <= 1


def test_handheld_sways_the_same_way_on_every_worker_and_differently_in_every_shot() -> None:
    one, again, other = (read_move("handheld", seconds=2, seed=seed).view(0.4) for seed in ("a", "a", "b"))
    assert one == again
    assert one != other


def test_an_edge_moves_by_equal_parts_of_a_pixel() -> None:
    pixels = np.zeros((180, 320, 3), np.uint8)
    pixels[:, 160:] = 255
    canvas = MovingCanvas(pixels, 320, 180, closest_zoom=1.1)
    edges = []
    for step in range(40):
        row = planes(canvas.frame(View(1.1, step * 0.01, 0)))[0][90].astype(float)
        edges.append(((235 - row) / 219).sum())  # how much of the row is dark: the edge's place
    steps = -np.diff(edges)
    assert steps.mean() == pytest.approx(0.01 * 320 * 0.1 / 2, rel=0.02)
    assert steps.std() < 0.02


def test_an_unmoved_view_is_the_still_frame() -> None:
    rng = np.random.default_rng(5)
    pixels = cv2.resize(rng.integers(0, 255, (9, 16, 3), dtype=np.uint8), (320, 180), interpolation=cv2.INTER_CUBIC)
    moving = MovingCanvas(pixels, 320, 180, closest_zoom=1.2).frame(View())
    for one, other in zip(planes(moving), planes(still_frame(pixels, 320, 180)), strict=True):
        assert cv2.PSNR(one, other) > 42  # chroma too: a wrong siting would cost 10 dB
