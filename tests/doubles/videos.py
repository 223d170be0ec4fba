"""Small real videos and pictures for doubles to hand out."""

import io
from pathlib import Path

import av
import numpy as np
from PIL import Image

from cinefarm.timecode import FrameRate
from worker.engines.media.film import Film


def small_video(path: Path, *, frames: int = 60, width: int = 320, height: int = 180) -> bytes:
    """An MP4 at 24 frames a second whose brightness rises."""
    with Film(path, width=width, height=height, rate=FrameRate(24)) as film:
        for number in range(frames):
            picture = np.full((height, width, 3), 40 + 2 * number, np.uint8)
            film.write(av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p"))
    return path.read_bytes()


def picture_file(path: Path, *, width: int = 640, height: int = 360, noise: bool = False) -> Path:
    """Kept small by being smooth, or large by being noise."""
    if noise:
        pixels = np.random.default_rng(7).integers(0, 255, (height, width, 3), np.uint8)
    else:
        pixels = np.full((height, width, 3), 90, np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def read_picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
