"""Writing an H.264 film into an MP4, frame by frame.

High profile, 4:2:0, BT.709. Closed groups of half a second without B-frames: an editor or a browser lands on any frame
at once, and presentation times start at 0 with no edit list. The quantizer is constant, because rate control makes
a held picture breathe at every key frame (measured: 0.7 levels mean step with CRF, 0.01 with constant QP).
"""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from cinefarm.timecode import FrameRate
from worker.engines.media.picture import Pixels

QUANTIZER = 20


class Film:
    """An MP4 being written; use as a context manager.

    Nothing stands under `path` before the block ended well; if it ended by an error, nothing is left.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        rate: FrameRate,
        title: str = "",
        timecode: str = "",
        pixel_aspect: Fraction = Fraction(1),
    ) -> None:
        self.path = path
        self.rate = rate
        self.frames = 0
        self._part = path.with_name(f".{path.name}.part")
        self._tick = 1 / rate.fraction
        timescale = rate.num if rate.num >= 10_000 else rate.num * 1000
        options = {"movflags": "+faststart", "video_track_timescale": str(timescale)}
        self._container: OutputContainer = av.open(str(self._part), "w", format="mp4", options=options)
        if title:
            self._container.metadata["title"] = title
        if timecode:
            self._container.metadata["timecode"] = timecode  # the muxer makes a tmcd track of it
        self._stream = self._container.add_stream("libx264", rate=rate.fraction, options=_x264_options(rate))
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        context = self._stream.codec_context
        context.time_base = self._tick
        context.sample_aspect_ratio = pixel_aspect
        context.color_primaries = ColorPrimaries.BT709.value
        context.color_trc = ColorTrc.BT709.value
        context.colorspace = Colorspace.ITU709.value
        context.color_range = ColorRange.MPEG.value

    @property
    def container(self) -> OutputContainer:
        """For adding further streams before the first frame."""
        return self._container

    @property
    def seconds(self) -> Fraction:
        """How long the film is by now."""
        return self.frames * self._tick

    def write(self, frame: av.VideoFrame, *, cut: bool = False) -> None:
        """Append a frame; the same one may be written again and again. A `cut` begins with a key frame."""
        frame.time_base = self._tick
        frame.pts = self.frames
        frame.pict_type = PictureType.I if cut else PictureType.NONE
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._container.mux(self._stream.encode())
            self._container.close()
            if error is None:
                self._part.replace(self.path)
        finally:
            self._part.unlink(missing_ok=True)


def to_encoder(picture: Pixels) -> av.VideoFrame:
    """A 4:2:0 array as the encoder's frame."""
    return av.VideoFrame.from_ndarray(picture, format="yuv420p")


def _x264_options(rate: FrameRate) -> dict[str, str]:
    group = str(max(1, round(rate.fraction / 2)))
    return {
        "preset": "veryfast",
        "profile": "high",
        "qp": str(QUANTIZER),
        "bf": "0",
        "g": group,
        "keyint_min": group,
        "sc_threshold": "0",
        "forced-idr": "1",
        "flags": "+cgop",
        "x264-params": "ipratio=1.0:rc-lookahead=0",
    }
