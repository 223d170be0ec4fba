"""Pictures with alpha, and what a stage of an ad hands on to the next.

A layer is H×W×4 uint8 sRGB with straight alpha; a matte is H×W float32, 0 to 1.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from cinefarm.sentences import Said, Word, plain, say
from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.engines.ads import decoded
from worker.engines.media.picture import FORMATS, UNREADABLE, BrokenPicture, Pixels, read_picture, save_thumbnail
from worker.task import EngineError, Output, Task

Layer = npt.NDArray[np.uint8]
Matte = npt.NDArray[np.float32]

# Lossless all of them. What was photographed is noise: only the frequency of its bytes helps. All else has runs.
_NOISY = (
    cv2.IMWRITE_PNG_FILTER,
    cv2.IMWRITE_PNG_FILTER_AVG,
    cv2.IMWRITE_PNG_STRATEGY,
    cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY,
)
_WITH_RUNS = (cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)


def picture_of(task: Task, name: str) -> Pixels:
    """An input as H×W×3, upright, alpha over black. Raises `EngineError` (bad input) naming it."""
    path = task.input(name)
    known = decoded.kept(path)
    if known is not None and known.shape[2:] == (3,):
        return known
    try:
        return read_picture(path)
    except BrokenPicture as error:
        raise unusable(name, plain(str(error))) from error


def layer_of(task: Task, name: str) -> Layer:
    """An input as H×W×4, upright; opaque where the file has no alpha. Raises `EngineError` (bad input) naming it."""
    path = task.input(name)
    known = decoded.kept(path)
    if known is not None and known.shape[2:] == (4,):
        return known
    try:
        with Image.open(path, formats=FORMATS) as opened:
            return np.asarray(ImageOps.exif_transpose(opened).convert("RGBA"))
    except UNREADABLE as error:
        raise unusable(name, plain(str(error))) from error


def matte_of(task: Task, name: str, size: tuple[int, int]) -> Matte:
    """A mask input of exactly `size` (width, height). Raises `EngineError` (bad input) naming it and both sizes."""
    known = decoded.kept(task.input(name))
    grey = known if known is not None and known.ndim == 2 else cv2.cvtColor(picture_of(task, name), cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if (width, height) != size:
        why = say(
            "it is {width}x{height} and the picture {wide}x{high}; both must be of one size",
            width=width,
            height=height,
            wide=size[0],
            high=size[1],
        )
        raise unusable(name, why)
    return np.asarray(grey, np.float32) / np.float32(255)


def data_of(task: Task, name: str) -> Any:
    """A JSON input. Raises `EngineError` (bad input) naming it."""
    try:
        return json.loads(task.input(name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise unusable(name, say("it is no JSON: {error}", error=str(error))) from error


def unusable(name: str, why: Said) -> EngineError:
    """`why` has no full stop."""
    return EngineError(say("“{name}” cannot be used: {why}.", name=Word(name), why=why), kind=FailureKind.BAD_INPUT)


def save_picture(
    task: Task, pixels: npt.NDArray[np.uint8], name: str, role: OutputRole = OutputRole.MAIN, **facts: Any
) -> Output:
    """Write H×W, H×W×3 or H×W×4 as a PNG under `task.out_dir`. Nobody may write to the pixels afterwards."""
    path = task.out_dir / name
    if pixels.ndim == 3:
        pixels_bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    else:
        pixels_bgr = pixels
    way = _NOISY if pixels.shape[2:] == (3,) else _WITH_RUNS
    done, packed = cv2.imencode(".png", pixels_bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1, *way])
    if not done:
        raise EngineError(say("{name} could not be encoded.", name=name))
    content = packed.tobytes()
    path.write_bytes(content)
    decoded.keep(hashlib.sha256(content).hexdigest(), pixels)
    return Output(path, MediaKind.IMAGE, role, width=pixels.shape[1], height=pixels.shape[0], facts=facts)


def thumbnail_of(task: Task, pixels: npt.NDArray[np.uint8]) -> Output:
    """Of H×W×3 or H×W×4, small enough to be shown among others."""
    path = task.out_dir / "thumbnail.webp"
    width, height = save_thumbnail(pixels, path)
    return Output(path, MediaKind.IMAGE, OutputRole.THUMBNAIL, width=width, height=height)


def save_data(task: Task, found: Any, name: str, role: OutputRole = OutputRole.EXTRA) -> Output:
    path: Path = task.out_dir / name
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    return Output(path, MediaKind.DATA, role)
