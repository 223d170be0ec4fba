"""From the raw footage of an actor to the videos that lead WAN-Animate.

The footage is read once for each question, who is there, how they move, what their faces show: a minute of it is too
much to be kept.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image
from transformers import RTDetrForObjectDetection, VitPoseForPoseEstimation

from cinefarm.statuses import FailureKind
from cinefarm.timecode import FrameRate
from worker.engines.diffusers.actor import key_points, people
from worker.engines.diffusers.actor.calm import bridged, calmed
from worker.engines.diffusers.actor.face import crop_face, face_squares
from worker.engines.diffusers.actor.figure import POINTS, Floats, placed, present, spans
from worker.engines.diffusers.actor.one_person import follow
from worker.engines.diffusers.actor.place import mask_of, places, without
from worker.engines.diffusers.actor.retarget import Fit, fit_to
from worker.engines.diffusers.actor.skeleton import draw_skeleton
from worker.engines.media.driving import covering, each_picture, say_crop
from worker.engines.media.picture import Pixels
from worker.task import EngineError, Task
from workflows.needs import Precision

DRIVING = "driving_video"
BUNDLES = (people.BUNDLE, key_points.BUNDLE)
_LEAST_SEEN = 0.5  # of the frames: less of an actor leads nobody
_ADVICE = "Give footage in which one person is well lit and seen from the waist up or whole."


@dataclass(frozen=True)
class Wish:
    """What is to be prepared: which videos, at what rate, how many frames at most, of which sizes in pixels."""

    videos: Collection[str]
    rate: FrameRate
    most: int
    size: tuple[int, int]
    face: int
    replaces: bool  # the character stands where the actor did
    fits_to: Image.Image | None = None  # the character's picture, in that size, whose proportions the skeleton gets


class _Shown(NamedTuple):
    """A picture of the footage: the first frame that shows it, and how many do."""

    frame: int
    frames: int
    pixels: Pixels


@dataclass(frozen=True)
class _Seen:
    """Somebody in the footage, or in the character's picture: boxes and figures of each frame."""

    boxes: Floats
    figures: Floats


def prepare(task: Task, wish: Wish) -> dict[str, list[Image.Image]]:
    """The videos by name. Raises `EngineError`: bad input (nobody is seen, or too little of them), worker (weights)."""
    _check_weights(task)
    actor, character, (width, height) = _look(task, wish)
    across, down = wish.size[0] / width, wish.size[1] / height
    scale = max(across, down) if wish.replaces else min(across, down)
    left, top = (wish.size[0] - width * scale) / 2, (wish.size[1] - height * scale) / 2
    figures = placed(actor.figures, scale, left, top)
    found: dict[str, list[Image.Image]] = {}
    if "pose_video" in wish.videos:
        fitted = _fitted(task, wish, character, figures)
        found["pose_video"] = [Image.fromarray(draw_skeleton(figure, wish.size)) for figure in fitted]
    if "face_video" in wish.videos:
        found["face_video"] = _faces(task, wish, actor.figures)
    if "mask_video" in wish.videos:
        boxes = placed(np.pad(actor.boxes.reshape(-1, 2, 2), ((0, 0), (0, 0), (0, 1))), scale, left, top)
        found |= _replaced(task, wish, places(boxes[..., :2].reshape(-1, 4), figures))
    return found


def _check_weights(task: Task) -> None:
    """Which of the two is missing, and how to bring it; both stand in the recipe then."""
    store = task.weights().store
    if reasons := [reason for name in BUNDLES if (reason := store.lack(name))]:
        message = (
            f"“{DRIVING}” cannot be prepared here. {' '.join(reasons)} Or give “pose_video” and “face_video”, prepared "
            "elsewhere."
        )
        raise EngineError(message, kind=FailureKind.WORKER)
    for kind, known in store.remembered(BUNDLES).items():
        task.provenance[kind] = {**task.provenance.get(kind, {}), **known}


def _look(task: Task, wish: Wish) -> tuple[_Seen, Floats | None, tuple[int, int]]:
    """The actor, the figure of the character if it is asked for and found, and the footage's width and height."""
    still = [np.asarray(wish.fits_to, np.uint8)] if wish.fits_to else []
    weights = task.weights()
    with weights.preparing(RTDetrForObjectDetection, people.BUNDLE, Precision.FP32, work_gb=people.WORK_GB) as model:
        found, size = _people(task, wish, lambda pictures: people.find_people(model, pictures))
        character_box = _whole(follow(people.find_people(model, still), *wish.size)) if still else None
    boxes = follow(found, *size)
    if np.isnan(boxes).all():
        raise _nobody(wish, len(boxes))
    with weights.preparing(
        VitPoseForPoseEstimation, key_points.BUNDLE, Precision.FP32, work_gb=key_points.WORK_GB
    ) as model:
        task.provenance["key_points"] = key_points.key_points_of(model)
        figures = _figures(task, wish, boxes, lambda *seen: key_points.find_figures(model, *seen))
        character = None if character_box is None else key_points.find_figures(model, still, list(character_box))[0]
    figures = bridged(figures)
    _check_seen(task, wish, figures)
    return _Seen(boxes, calmed(figures)), character, size


def _whole(boxes: Floats) -> Floats | None:
    return None if np.isnan(boxes).any() else boxes


def _people(
    task: Task, wish: Wish, find: Callable[[Sequence[Pixels]], list[Floats]]
) -> tuple[list[Floats], tuple[int, int]]:
    """Those of each frame, and the footage's width and height. Raises `EngineError` for footage without frames."""
    found: list[Floats] = []
    size = (0, 0)
    for batch in _batches(task, wish, people.BATCH):
        size = size if found else (batch[0].pixels.shape[1], batch[0].pixels.shape[0])
        for shown, those in zip(batch, find([one.pixels for one in batch]), strict=True):
            found += [those] * shown.frames
        task.progress(0.01, f"looking for the actor, frame {len(found)}")
    if not found:
        raise EngineError(f"“{DRIVING}” holds no frames.", kind=FailureKind.BAD_INPUT)
    return found, size


def _figures(
    task: Task, wish: Wish, boxes: Floats, find: Callable[[Sequence[Pixels], Sequence[Floats]], Floats]
) -> Floats:
    """The actor's in each frame; nothing sure where they are not seen."""
    found = np.zeros((len(boxes), POINTS, 3), np.float32)
    for batch in _batches(task, wish, key_points.BATCH):
        there = [shown for shown in batch if not np.isnan(boxes[shown.frame]).any()]
        figures = find([shown.pixels for shown in there], [boxes[shown.frame] for shown in there])
        for shown, figure in zip(there, figures, strict=True):
            found[shown.frame : shown.frame + shown.frames] = figure
        task.progress(0.03, f"following the actor, frame {batch[-1].frame + 1} of {len(boxes)}")
    return found


def _faces(task: Task, wish: Wish, figures: Floats) -> list[Image.Image]:
    squares = face_squares(figures)
    if np.isnan(squares).all():
        task.log(f"No face is seen in “{DRIVING}”: the character's face is not led.", "warning")
        return [Image.new("RGB", (wish.face, wish.face))] * len(figures)
    found: list[Image.Image] = []
    for shown in _each(task, wish):
        found += [Image.fromarray(crop_face(shown.pixels, squares[shown.frame], wish.face))] * shown.frames
        task.progress(0.04, f"following the face, frame {len(found)} of {len(figures)}")
    return found


def _replaced(task: Task, wish: Wish, boxes: Floats) -> dict[str, list[Image.Image]]:
    """The footage without the actor, and where the character goes."""
    backgrounds: list[Image.Image] = []
    masks: list[Image.Image] = []
    for shown in _each(task, wish):
        if not backgrounds:
            say_crop(task, DRIVING, shown.pixels, wish.size)
        pixels = np.asarray(covering(shown.pixels, wish.size), np.uint8)
        for frame in range(shown.frame, shown.frame + shown.frames):
            mask = mask_of(boxes[frame], wish.size)
            backgrounds.append(Image.fromarray(without(pixels, mask)))
            masks.append(Image.fromarray(mask.astype(np.uint8) * 255).convert("RGB"))
        task.progress(0.045, f"making room, frame {len(masks)} of {len(boxes)}")
    return {"background_video": backgrounds, "mask_video": masks}


def _fitted(task: Task, wish: Wish, character: Floats | None, figures: Floats) -> Floats:
    """With the character's proportions where they are asked for and can be told; the recipe says which."""
    if wish.fits_to is None:
        return figures
    seen = character is not None and bool(present(character))
    fit: Fit | None = fit_to(character, figures) if seen and character is not None else None
    if fit is None:
        why = "shares too few joints with the actor" if seen else "shows no person whose joints can be told"
        task.log(f"“image” {why}: the skeleton keeps the actor's proportions.", "warning")
        return figures
    task.provenance["retargeted"] = {"scale": round(fit.scale, 3), "anchor": fit.anchor}
    return fit.figures


def _check_seen(task: Task, wish: Wish, figures: Floats) -> None:
    """Raises `EngineError` for too little of the actor; says what is missing otherwise."""
    missing = np.flatnonzero(~present(figures))
    if len(missing) == len(figures):
        raise _nobody(wish, len(figures))
    counted = f"{len(missing)} of {len(figures)}, counted at {wish.rate} a second"
    if len(missing) > len(figures) * (1 - _LEAST_SEEN):
        message = f"“{DRIVING}” shows too little of the actor in frames {spans(missing)} ({counted}). {_ADVICE}"
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    if len(missing):
        task.log(f"“{DRIVING}” does not show the actor in frames {spans(missing)} ({counted}).", "warning")
    task.provenance["actor_missing"] = len(missing)


def _nobody(wish: Wish, frames: int) -> EngineError:
    message = f"“{DRIVING}” shows nobody in frames {spans(range(frames))}, counted at {wish.rate} a second. {_ADVICE}"
    return EngineError(message, kind=FailureKind.BAD_INPUT)


def _batches(task: Task, wish: Wish, most: int) -> Iterator[list[_Shown]]:
    batch: list[_Shown] = []
    for shown in _each(task, wish):
        batch.append(shown)
        if len(batch) == most:
            yield batch
            batch = []
    if batch:
        yield batch


def _each(task: Task, wish: Wish) -> Iterator[_Shown]:
    frame = 0
    for pixels, count in each_picture(task, DRIVING, rate=wish.rate, most=wish.most):
        yield _Shown(frame, count, pixels)
        frame += count
