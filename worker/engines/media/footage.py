"""Video files read frame by frame, with exact times."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from cinefarm.timecode import FrameRate
from worker.engines.media.picture import Pixels

# Playlists and scripts would make the reader open other files and addresses; only real media formats are read.
FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf,gif,ivf,y4m,yuv4mpegpipe,mxf,apng,h264,hevc,"
    "flac,wav,mp3"
)
SPEED_LIMIT = 240  # a stated frame rate beyond this is a time base, not a rate


class BrokenFootage(Exception):
    """A video file that cannot be read; the message says why."""


@dataclass(frozen=True)
class Footage:
    """An open video file."""

    container: InputContainer
    stream: av.VideoStream

    @property
    def rate(self) -> FrameRate:
        """The average rate as stated, or 24 where the file states none that makes sense."""
        for rate in (self.stream.average_rate, self.stream.guessed_rate):
            if rate and 1 <= rate <= SPEED_LIMIT:
                return FrameRate(*rate.as_integer_ratio())
        return FrameRate(24)

    @property
    def stated_frames(self) -> int | None:
        """How many frames the file says it has, or about how many by its duration."""
        if self.stream.frames:
            return self.stream.frames
        if self.stream.duration and self.stream.time_base:
            return round(self.stream.duration * self.stream.time_base * self.rate.fraction)
        if self.container.duration:
            return round(Fraction(self.container.duration, av.time_base) * self.rate.fraction)
        return None

    @property
    def time_base(self) -> Fraction:
        return self.stream.time_base or Fraction(1, av.time_base)

    @property
    def pixel_aspect(self) -> Fraction:
        return self.stream.sample_aspect_ratio or Fraction(1)

    def middle_frame(self) -> av.VideoFrame:
        """A frame from about the middle: the key frame before it. Raises `BrokenFootage`."""
        try:
            if self.stream.duration:
                self.container.seek((self.stream.start_time or 0) + self.stream.duration // 2, stream=self.stream)
            return next(self.frames())
        except av.FFmpegError as error:
            raise BrokenFootage(str(error)) from error
        except StopIteration:
            raise BrokenFootage("it holds no frames") from None

    def frames(self) -> Iterator[av.VideoFrame]:
        """Every frame that is shown, in order of presentation. Raises `BrokenFootage`."""
        self.stream.thread_type = "AUTO"
        last = None
        try:
            for frame in self.container.decode(self.stream):
                if frame.pts is None:  # a raw stream has no times: it runs at its stated rate
                    step = max(1, round(1 / (self.rate.fraction * self.time_base)))
                    frame.pts = 0 if last is None else last + step
                if last is not None and frame.pts <= last:
                    frame.pts = last + 1
                last = frame.pts
                yield frame
        except (av.FFmpegError, ValueError) as error:
            raise BrokenFootage(str(error)) from error


def open_container(path: Path) -> InputContainer:
    """Open a media file and nothing that it may point to. Raises `BrokenFootage` when it is none."""
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        return av.open(str(path), "r", container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise BrokenFootage(getattr(error, "strerror", None) or str(error)) from error


@contextmanager
def open_footage(path: Path) -> Iterator[Footage]:
    """Open a video file. Raises `BrokenFootage` when it is none."""
    with open_container(path) as container:
        pictures = [stream for stream in container.streams.video if stream.width]
        if not pictures:
            raise BrokenFootage("it has no video track")
        yield Footage(container, pictures[0])


def turns(frame: av.VideoFrame) -> int:
    """Quarter turns counter-clockwise that make the frame upright."""
    return round(frame.rotation / 90) % 4


def to_pixels(frame: av.VideoFrame) -> Pixels:
    """A decoded frame as upright sRGB pixels in its stored size."""
    rgb = frame.reformat(
        format="rgb24",
        src_colorspace=_matrix(frame),
        dst_color_range=ColorRange.JPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
    )
    return _turned(np.asarray(rgb.to_ndarray(), np.uint8), turns(frame))


def to_planes(frame: av.VideoFrame, width: int, height: int) -> Pixels:
    """A decoded frame as an upright 4:2:0 BT.709 frame (limited range) of an even size."""
    quarter = turns(frame)
    sideways = quarter % 2 == 1
    fitted = frame.reformat(
        width=height if sideways else width,
        height=width if sideways else height,
        format="yuv420p",
        src_colorspace=_matrix(frame),
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
    )
    stored = np.asarray(fitted.to_ndarray(), np.uint8)
    if not quarter:
        return stored
    rows, columns = fitted.height, fitted.width
    flat = stored.reshape(-1)
    sizes = ((rows, columns), (rows // 2, columns // 2), (rows // 2, columns // 2))
    parts = np.split(flat, [rows * columns, rows * columns * 5 // 4])
    upright = [_turned(part.reshape(size), quarter).reshape(-1) for part, size in zip(parts, sizes, strict=True)]
    return np.concatenate(upright).reshape(height * 3 // 2, width)


def _matrix(frame: av.VideoFrame) -> int | None:
    """The colour matrix to assume where the file states none: BT.709 for HD, BT.601 below."""
    unspecified = 2
    if frame.colorspace != unspecified or not frame.format.name.startswith(("yuv", "nv", "p0")):
        return None
    return (Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601).value


def _turned(pixels: Pixels, quarter: int) -> Pixels:
    turn = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}.get(quarter)
    return pixels if turn is None else np.asarray(cv2.rotate(pixels, turn), np.uint8)
