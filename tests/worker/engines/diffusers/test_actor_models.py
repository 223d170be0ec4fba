"""What finds an actor and their joints, on miniatures that always see the same person, and on maps made by hand."""

from typing import Any

import cv2
import numpy as np
import pytest
import torch

from cinefarm.statuses import FailureKind
from tests.miniatures.actor import BOX, PATCHES, build_detector, build_pose
from worker.engines.diffusers.actor.figure import FACE, HEAD, JOINT, LEFT_HAND, RIGHT_HAND, sure
from worker.engines.diffusers.actor.key_points import crop_frame, find_figures, peaks
from worker.engines.diffusers.actor.people import find_people
from worker.task import EngineError

WIDTH, HEIGHT = 320, 240
PERSON = np.array([96, 36, 224, 228], np.float32)


def grains(seed: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Any:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_people_are_found_in_each_pictures_own_pixels() -> None:
    (model,) = build_detector()
    found = find_people(model, [grains(), grains(1, 640, 240)])
    middle, down, across, high = BOX
    for people, width in zip(found, (320, 640), strict=True):
        left, right = (middle - across / 2) * width, (middle + across / 2) * width
        top, bottom = (down - high / 2) * 240, (down + high / 2) * 240
        assert people[0, :4] == pytest.approx((left, top, right, bottom), abs=0.1)
        assert people[0, 4] == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-3)


def test_what_is_hardly_a_person_is_left_out() -> None:
    (model,) = build_detector()
    with torch.no_grad():
        model.model.decoder.class_embed[-1].bias.copy_(torch.tensor([-1.0, 5.0]))  # surely a bicycle
    (people,) = find_people(model, [grains()])
    assert people.shape == (0, 5)


def test_a_detector_that_knows_no_people_is_refused() -> None:
    (model,) = build_detector()
    model.config.id2label = {0: "cat", 1: "bicycle"}
    with pytest.raises(EngineError, match="cinefarm models pull rtdetr_r50") as told:
        find_people(model, [grains()])
    assert told.value.kind is FailureKind.WORKER


def test_joints_lie_where_the_model_saw_them() -> None:
    """The miniature sees each in the middle of a patch of the person cut out, whose rows are 0 to 7."""
    (model,) = build_pose()
    figures = find_figures(model, [grains(), grains(1)], [PERSON, PERSON + 10])
    left, top, width, height = crop_frame(PERSON, 96 / 128)
    row, column = PATCHES[13]  # the left knee
    # the map has four pixels for each patch, 0 to 31 from the frame's upper edge to its lower
    place = (left + width * (4 * column + 1.5) / 23, top + height * (4 * row + 1.5) / 31)
    assert figures[0, JOINT["left_knee"], :2] == pytest.approx(place, abs=0.5)
    assert figures[1, JOINT["left_knee"], :2] == pytest.approx(np.add(place, 10), abs=0.5)
    assert sure(figures[0])[list(HEAD)].all()
    assert not sure(figures[0])[[JOINT["left_toes"], *range(LEFT_HAND.start, FACE.stop)]].any()


def test_weights_for_the_whole_body_tell_hands_toes_and_outline() -> None:
    (model,) = build_pose(133)
    (figure,) = find_figures(model, [grains()], [PERSON])
    assert sure(figure).all()
    (body,) = find_figures(build_pose()[0], [grains()], [PERSON])
    assert figure[: JOINT["left_toes"]] == pytest.approx(body[: JOINT["left_toes"]], abs=1e-3)
    assert np.ptp(figure[RIGHT_HAND, 1]) > 0


@pytest.mark.parametrize(("count", "expert"), [(17, 0), (133, 5)])
def test_the_expert_of_the_key_points_is_asked(count: int, expert: int) -> None:
    (model,) = build_pose(count)
    asked: list[Any] = []
    model.backbone.encoder.register_forward_pre_hook(
        lambda module, args, given: asked.append(given["dataset_index"]), with_kwargs=True
    )
    find_figures(model, [grains(), grains(1)], [PERSON, PERSON])
    assert asked[0].tolist() == [expert, expert]


def test_other_key_points_are_refused() -> None:
    (model,) = build_pose(21)
    with pytest.raises(EngineError, match="find 21 key points; 17 of a body or 133") as told:
        find_figures(model, [grains()], [PERSON])
    assert told.value.kind is FailureKind.WORKER


def test_the_model_sees_the_person_with_air_around_them() -> None:
    """A white box on black: the crop is as wide as the model's picture, and the box four fifths of its height."""
    (model,) = build_pose()
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    cv2.rectangle(pixels, (130, 40), (189, 199), (255, 255, 255), -1)
    seen: list[Any] = []
    model.register_forward_pre_hook(
        lambda module, args, given: seen.append(given["pixel_values"].clone()), with_kwargs=True
    )
    find_figures(model, [pixels], [np.array([130, 40, 190, 200], np.float32)])
    assert seen[0].shape == (1, 3, 128, 96)
    white = seen[0][0, 0] > 2  # red of white, less ImageNet's mean
    rows, columns = white.any(dim=1).sum().item(), white.any(dim=0).sum().item()
    assert rows == pytest.approx(128 * 0.8, abs=1.5)
    assert columns == pytest.approx(96 * 60 / 150, abs=1.5)
    assert seen[0][0, 0, 0, 0].item() == pytest.approx(-0.485 / 0.229, abs=1e-3)


@pytest.mark.parametrize("place", [(10.0, 20.0), (10.3, 20.0), (7.75, 12.4), (5.5, 30.2)])
def test_a_peak_is_found_between_the_pixels(place: tuple[float, float]) -> None:
    rows, columns = np.mgrid[0:64, 0:48].astype(np.float32)
    bell = 0.8 * np.exp(-((columns - place[0]) ** 2 + (rows - place[1]) ** 2) / (2 * 2.0**2))
    x, y, height = peaks(bell[None].astype(np.float32))[0]
    assert (x, y) == pytest.approx(place, abs=0.01)
    assert 0.75 < height <= 0.8


def test_peaks_at_the_edge_and_of_nothing_are_told() -> None:
    maps = np.zeros((2, 8, 6), np.float32)
    maps[0, 0, 5] = 1.5
    assert peaks(maps)[0].tolist() == [5, 0, 1]
    assert peaks(maps)[1, 2] == 0
