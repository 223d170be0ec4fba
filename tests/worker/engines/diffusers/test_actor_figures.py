"""What is reckoned with an actor's joints: followed, calmed, fitted and drawn. The joints are made by hand."""

import numpy as np
import pytest

from worker.engines.diffusers.actor.calm import between, bridged, calmed
from worker.engines.diffusers.actor.face import crop_face, face_squares
from worker.engines.diffusers.actor.figure import (
    BODY,
    FACE,
    JOINT,
    LEFT_HAND,
    POINTS,
    RIGHT_HAND,
    Floats,
    figure_of,
    placed,
    present,
    spans,
)
from worker.engines.diffusers.actor.one_person import GAP, follow
from worker.engines.diffusers.actor.place import mask_of, places, without
from worker.engines.diffusers.actor.retarget import fit_to
from worker.engines.diffusers.actor.skeleton import COLOURS, draw_skeleton, stick_width, wheel

NOBODY = np.zeros((0, 5), np.float32)
# Somebody who stands 200 pixels high, COCO's 17: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles.
STANDING = np.array(
    [
        *((100, 40), (104, 36), (96, 36), (110, 38), (90, 38)),
        *((120, 70), (80, 70), (125, 100), (75, 100), (128, 130), (72, 130)),
        *((112, 130), (88, 130), (112, 180), (88, 180), (112, 230), (88, 230)),
    ],
    np.float32,
)


def person(
    *, scale: float = 1.0, left: float = 0.0, top: float = 0.0, certainty: float = 0.9, extra: int = 0
) -> Floats:
    """The figure of STANDING, scaled and moved; `extra` are more key points, in one place."""
    points = np.concatenate([STANDING, np.full((extra, 2), 60, np.float32)]) * scale + [left, top]
    return figure_of(np.concatenate([points, np.full((len(points), 1), certainty)], axis=1).astype(np.float32))


def box(left: float, top: float, width: float, height: float, certainty: float = 0.9) -> Floats:
    return np.array([[left, top, left + width, top + height, certainty]], np.float32)


# The points


def test_seventeen_key_points_tell_the_body_and_no_hands_toes_or_outline() -> None:
    figure = person()
    assert figure.shape == (POINTS, 3)
    assert figure[JOINT["neck"], :2] == pytest.approx((100, 70))  # between the shoulders
    assert figure[JOINT["right_wrist"], :2] == pytest.approx((72, 130))
    assert figure[JOINT["left_wrist"], :2] == pytest.approx((128, 130))
    unsure = [JOINT["left_toes"], JOINT["right_toes"], *range(LEFT_HAND.start, POINTS)]
    assert not figure[unsure].any()
    assert present(figure[None]).all()


def test_the_whole_body_has_toes_hands_and_the_outline_of_the_face() -> None:
    numbered = np.stack([np.arange(133), np.arange(133) * 2, np.full(133, 0.8)], axis=1).astype(np.float32)
    figure = figure_of(numbered)
    assert figure[JOINT["left_toes"], 0] == pytest.approx(17.5)  # between the big toe and the small one
    assert figure[JOINT["right_toes"], 0] == pytest.approx(20.5)
    assert figure[LEFT_HAND, 0].tolist() == list(range(91, 112))
    assert figure[RIGHT_HAND, 0].tolist() == list(range(112, 133))
    assert figure[FACE, 0].tolist() == list(range(23, 91))


def test_frames_are_named_as_a_person_counts() -> None:
    assert spans([7]) == "8"
    assert spans([0, 1, 2, 7, 9, 10]) == "1–3, 8 and 10–11"
    assert spans(range(0, 20, 2), most=3) == "1, 3 and 8 more spans"


# One person


def test_the_large_and_central_person_is_followed_where_others_are_surer() -> None:
    passer = [box(40 * frame, 60, 20, 40, 0.99) for frame in range(10)]
    actor = [box(120 + 3 * frame, 20, 60, 200) for frame in range(10)]
    found = [np.concatenate(pair) for pair in zip(passer, actor, strict=True)]
    boxes = follow(found, 400, 240)
    assert boxes[:, 0].tolist() == [120 + 3 * frame for frame in range(10)]
    assert (boxes[:, 3] == 220).all()


def test_who_crosses_the_actor_is_not_taken_for_them() -> None:
    """The other walks through the whole picture; order in the list tells nothing."""
    found = []
    for frame in range(21):
        actor, other = box(150, 40, 60, 180), box(10 + 16 * frame, 60, 50, 150)
        found.append(np.concatenate([other, actor] if frame % 2 else [actor, other]))
    boxes = follow(found, 400, 240)
    assert (boxes[:, 0] == 150).all()


def test_a_short_gap_is_crossed_and_a_long_one_is_left_open() -> None:
    found = [box(100, 50, 50, 150)] * 3 + [NOBODY] * 4 + [box(120, 50, 50, 150)] * 3
    boxes = follow(found, 400, 240)
    assert boxes[:, 0] == pytest.approx([100] * 3 + [104, 108, 112, 116] + [120] * 3)
    found = [box(100, 50, 50, 150)] * 3 + [NOBODY] * (GAP + 1) + [box(110, 50, 50, 150)] * 3
    boxes = follow(found, 400, 240)
    assert np.isnan(boxes[3 : 3 + GAP + 1]).all()
    assert (boxes[-3:, 0] == 110).all()  # as high as before: who came back is the same


def test_a_child_who_comes_when_the_actor_is_gone_is_somebody_else() -> None:
    found = [box(100, 50, 50, 150)] * 5 + [NOBODY] * (GAP + 5) + [box(100, 150, 20, 50)] * 5
    boxes = follow(found, 400, 240)
    assert np.isnan(boxes[5:]).all()
    assert np.isnan(follow([NOBODY] * 4, 400, 240)).all()


# Calm


def test_a_joint_hidden_for_a_moment_goes_straight_on() -> None:
    figures = np.stack([person(left=10 * frame) for frame in range(10)])
    wrist = JOINT["left_wrist"]
    figures[3:6, wrist] = (0, 0, 0.2)
    filled = bridged(figures)
    assert filled[3:6, wrist, 0] == pytest.approx([158, 168, 178])
    assert filled[3:6, wrist, 2] == pytest.approx(0.9)
    figures[2:8, wrist] = (0, 0, 0.2)  # six frames: too long
    assert (bridged(figures)[2:8, wrist, 2] == np.float32(0.2)).all()
    figures[0:2, wrist] = (0, 0, 0.2)  # nothing is made up before the first time
    assert (bridged(figures)[0:8, wrist, 2] == np.float32(0.2)).all()


def test_trembling_is_taken_out_and_movement_is_not_delayed() -> None:
    still = np.stack([person(left=2.0 * (-1) ** frame) for frame in range(20)])
    calm = calmed(still)
    assert np.abs(calm[3:-3, 0, 0] - 100).max() < 0.4  # of two pixels
    going = np.stack([person(left=6 * frame) for frame in range(20)])
    assert calmed(going)[3:-3] == pytest.approx(going[3:-3], abs=1e-3)


def test_unsure_joints_move_nothing() -> None:
    figures = np.stack([person()] * 5)
    figures[2, 0] = (900, 900, 0.3)
    calm = calmed(figures)
    assert calm[2, 0].tolist() == pytest.approx([900, 900, 0.3])
    assert calm[[0, 1, 3, 4], 0, 0] == pytest.approx([100] * 4)


def test_rows_without_an_end_stay_open() -> None:
    values = np.array([[np.nan], [1.0], [np.nan], [3.0], [np.nan]], np.float32)
    assert between(values, 3)[1:4, 0].tolist() == [1, 2, 3]
    assert np.isnan(between(values, 3)[[0, 4], 0]).all()


# Drawn


def test_colours_are_those_that_the_model_learnt() -> None:
    assert COLOURS[:7] == (
        *((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0)),
    )
    assert COLOURS[12:] == (
        *((0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85)),
        *((200, 200, 0), (100, 100, 0)),
    )
    assert len(COLOURS) == 20
    assert wheel(20)[10] == (0, 255, 255)
    assert [stick_width(size) for size in ((832, 480), (1280, 720), (720, 1280), (256, 256))] == [1, 2, 2, 1]


def test_limbs_are_darker_than_the_joints_they_join() -> None:
    picture = draw_skeleton(person(scale=4), (800, 1000))
    at = {name: person(scale=4)[number, :2].astype(int) for name, number in JOINT.items()}
    for name in ("nose", "neck", "left_elbow", "right_ankle", "left_ear"):
        x, y = at[name]
        assert tuple(picture[y, x]) == COLOURS[JOINT[name]], name
    limbs = {
        ("right_shoulder", "right_elbow"): (153, 102, 0),
        ("left_elbow", "left_wrist"): (51, 153, 0),
        ("left_knee", "left_ankle"): (0, 51, 153),
        ("neck", "nose"): (0, 0, 153),
    }
    for (a, b), colour in limbs.items():
        x, y = (at[a] + at[b]) // 2
        assert tuple(picture[y, x]) == colour, (a, b)
    assert (picture.max(axis=2) == 0).mean() > 0.95


def test_what_is_not_sure_is_not_drawn() -> None:
    figure = person()
    whole = draw_skeleton(figure, (200, 250))
    figure[JOINT["left_ankle"], 2] = 0.49
    lame = draw_skeleton(figure, (200, 250))
    assert whole[200, 112].any()
    assert not lame[200, 112].any()
    assert not lame[230, 112].any()
    assert lame[200, 88].any()
    assert not draw_skeleton(np.zeros((POINTS, 3), np.float32), (200, 250)).any()


def test_hands_are_drawn_where_they_are_known() -> None:
    figure = person()
    hand = np.array([(20 + 8 * (bone // 4), 200 - 6 * (bone % 4), 0.9) for bone in range(-1, 20)], np.float32)
    hand[0] = (40, 220, 0.9)
    figure[LEFT_HAND] = hand
    picture = draw_skeleton(figure, (200, 250))
    assert tuple(picture[220, 40]) == (0, 0, 255)
    assert tuple(picture[191, 20]) == wheel(20)[2]  # between the joints of the first finger
    figure[LEFT_HAND, 2] = 0.2
    assert not draw_skeleton(figure, (200, 250))[190:221, :50].any()


def test_what_lies_outside_is_cut_off() -> None:
    picture = draw_skeleton(person(left=-95), (200, 250))
    assert picture[:, 0:40].any()
    assert not picture[:, 60:].any()


# The face


def test_the_face_is_a_square_around_the_head() -> None:
    squares = face_squares(np.stack([person()] * 7))
    middle, down, side = squares[3]
    assert middle == pytest.approx(100)
    assert down == pytest.approx(40)
    assert 20 <= side <= 30  # ears are 20 apart
    gradient = np.broadcast_to(np.arange(200, dtype=np.uint8)[None, :, None], (250, 200, 3))
    seen = crop_face(gradient, squares[3], 64)
    assert seen.shape == (64, 64, 3)
    assert seen[0, 0, 0] == pytest.approx(100 - side / 2, abs=1.5)
    assert seen[0, -1, 0] == pytest.approx(100 + side / 2, abs=1.5)


def test_the_outline_of_the_face_goes_before_the_head() -> None:
    figure = person(extra=133 - 17)
    angles = np.linspace(0, 2 * np.pi, 68)
    figure[FACE] = np.stack([100 + 30 * np.cos(angles), 50 + 20 * np.sin(angles), np.full(68, 0.9)], axis=1)
    middle, down, side = face_squares(figure[None])[0]
    assert (middle, down, side) == pytest.approx((100, 50 - 0.035 * 40, 1.14 * 60), abs=0.2)


def test_the_square_stays_in_the_picture_and_moves_on_while_the_face_is_hidden() -> None:
    figures = np.stack([person(left=5 * frame) for frame in range(30)])
    figures[10:20, :, 2] = 0
    squares = face_squares(figures)
    assert squares[5:25, 0] == pytest.approx([100 + 5 * frame for frame in range(5, 25)], abs=0.6)
    noise = np.random.default_rng(0).integers(0, 255, (60, 90, 3), dtype=np.uint8)
    corner = crop_face(noise, np.array([0, 0, 20], np.float32), 20)
    assert corner.tolist() == noise[:20, :20].tolist()
    assert crop_face(noise, np.array([45, 30, 500], np.float32), 60).tolist() == noise[:, 15:75].tolist()


def test_without_a_face_there_is_no_square() -> None:
    figures = np.stack([person()] * 3)
    figures[:, [JOINT[name] for name in ("nose", "left_eye", "right_eye", "left_ear", "right_ear")], 2] = 0.1
    assert np.isnan(face_squares(figures)).all()


# Proportions


def test_the_actor_gets_the_size_and_the_place_of_the_character() -> None:
    actor = np.stack([person(scale=0.5, left=10 * frame, top=40) for frame in range(4)])
    character = person(scale=1.5, left=200, top=20)
    fit = fit_to(character, actor)
    assert fit
    assert fit.scale == pytest.approx(3)
    assert fit.anchor == "feet"
    known = character[:, 2] > 0
    assert fit.figures[0][known] == pytest.approx(character[known], abs=0.01)
    assert fit.figures[3, 0, 0] - fit.figures[0, 0, 0] == pytest.approx(90)  # as far as their size says


def test_long_legs_stay_long_and_directions_stay_the_actors() -> None:
    character = person()
    for name in ("left_knee", "right_knee"):
        character[JOINT[name], 1] += 15
    for name in ("left_ankle", "right_ankle"):
        character[JOINT[name], 1] += 30
    actor = person()
    actor[JOINT["left_wrist"], :2] = actor[JOINT["left_elbow"], :2] + (30.4, 0)  # an arm held out
    fit = fit_to(character, actor[None])
    assert fit
    drawn = fit.figures[0]
    thigh = drawn[JOINT["left_knee"], 1] - drawn[JOINT["left_hip"], 1]
    assert thigh == pytest.approx(65, abs=0.5)
    assert drawn[JOINT["left_ankle"], :2] == pytest.approx(character[JOINT["left_ankle"], :2], abs=0.5)
    arm = drawn[JOINT["left_wrist"], :2] - drawn[JOINT["left_elbow"], :2]
    assert arm == pytest.approx((30.4, 0), abs=0.5)
    assert drawn[JOINT["nose"], :2] == pytest.approx(character[JOINT["nose"], :2], abs=0.5)


def test_a_limb_that_points_at_the_camera_does_not_shrink_the_actors() -> None:
    character = person(scale=2)
    for side in ("left", "right"):
        elbow, wrist = JOINT[f"{side}_elbow"], JOINT[f"{side}_wrist"]
        character[wrist, :2] = character[elbow, :2] + (3, 4)
    fit = fit_to(character, person()[None])
    assert fit
    forearm = fit.figures[0, JOINT["left_wrist"], :2] - fit.figures[0, JOINT["left_elbow"], :2]
    assert np.hypot(*forearm) == pytest.approx(2 / 1.5 * 30.15, abs=0.5)


def test_half_a_character_stands_by_the_neck() -> None:
    character = person(left=50)
    character[[JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("knee", "ankle")], 2] = 0
    fit = fit_to(character, person(scale=2)[None])
    assert fit
    assert fit.anchor == "neck"
    assert fit.figures[0, JOINT["neck"], :2] == pytest.approx(character[JOINT["neck"], :2], abs=0.01)


def test_who_has_nothing_in_common_is_not_fitted() -> None:
    character = person(certainty=0.1)
    assert fit_to(character, person()[None]) is None
    assert fit_to(person(), person(certainty=0.1)[None]) is None


# In the actor's place


def test_the_place_holds_box_and_figure_and_is_steady() -> None:
    figures = np.stack([person(left=frame) for frame in range(9)])
    boxes = np.tile(np.array([80, 30, 120, 235], np.float32), (9, 1))
    boxes[8] = np.nan
    figures[8, :, 2] = 0
    where = places(boxes, figures)
    left, top, right, bottom = where[4]
    assert left < 72 + 2
    assert right > 128 + 6
    assert top < 30
    assert bottom > 235
    assert np.isfinite(where[8]).all()  # who was there a moment ago
    assert np.isnan(places(np.full((9, 4), np.nan, np.float32), np.zeros((9, POINTS, 3), np.float32))).all()


def test_the_mask_is_white_in_the_place_and_the_footage_black() -> None:
    mask = mask_of(np.array([-5, 10.5, 20, 30], np.float32), (40, 50))
    assert mask.shape == (50, 40)
    assert mask[10:30, 0:20].all()
    assert mask.sum() == 20 * 20
    seen = without(np.full((50, 40, 3), 99, np.uint8), mask)
    assert not seen[mask].any()
    assert (seen[~mask] == 99).all()
    assert not mask_of(np.full(4, np.nan, np.float32), (40, 50)).any()


def test_figures_are_moved_as_their_footage_is() -> None:
    moved = placed(person(), 2.0, -10, 5)
    assert moved[JOINT["nose"]].tolist() == pytest.approx([190, 85, 0.9])
    assert moved[BODY][JOINT["neck"], 2] == pytest.approx(0.9)
