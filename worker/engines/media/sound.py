"""The sound of a video, taken along into a film that has the same duration."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.container import OutputContainer

from worker.engines.media.footage import BrokenFootage, open_container

AudioPacket: TypeAlias = "av.Packet[Any]"

_USUAL = {1: "mono", 2: "stereo", 6: "5.1"}
COPIED = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"})  # what an MP4 holds and players play


class Sound:
    """Every audio track of a file, read alongside the film: copied, or encoded to AAC where an MP4 cannot hold it.

    Times are shifted so that the picture's first frame is at 0.
    """

    def __init__(self, path: Path, container: OutputContainer, *, picture_start: Fraction) -> None:
        self._source = open_container(path)
        self._container = container
        self._start = picture_start
        self._tracks = {stream.index: _Track(stream, container) for stream in self._source.streams.audio}
        self._packets: Iterator[AudioPacket] = (
            self._source.demux(*self._source.streams.audio) if self._tracks else iter(())
        )
        self._waiting: AudioPacket | None = None

    @property
    def story(self) -> list[str]:
        """What is done with each track, for the recipe."""
        return [track.story for track in self._tracks.values()]

    def write_until(self, seconds: Fraction | None) -> None:
        """Write what is heard before that time of the film; None writes the rest. Raises `BrokenFootage`."""
        try:
            self._write_until(seconds)
        except av.error.InvalidDataError as error:
            raise BrokenFootage(f"its sound is damaged: {error}") from error

    def _write_until(self, seconds: Fraction | None) -> None:
        while (packet := self._waiting or next(self._packets, None)) is not None:
            self._waiting = None
            track = self._tracks[packet.stream.index]
            if packet.pts is not None and packet.time_base:
                heard = packet.pts * packet.time_base - self._start
                if seconds is not None and heard >= seconds:
                    self._waiting = packet
                    return
            track.write(packet, self._start, self._container)
        if seconds is None:
            self.finish()

    def finish(self) -> None:
        """Write what the encoders still hold; nothing more is read."""
        for track in self._tracks.values():
            track.finish(self._container)

    def close(self) -> None:
        self._source.close()


class _Track:
    def __init__(self, source: av.AudioStream, container: OutputContainer) -> None:
        self._source = source
        name = source.codec_context.name
        self._copies = name in COPIED
        if self._copies:
            self._target = container.add_stream_from_template(source)
            self.story = f"copied ({name})"
            return
        self._target = container.add_stream("aac", rate=source.rate)
        layout = _layout(source)
        self._target.layout = layout
        self._resampler = av.AudioResampler(format="fltp", layout=layout, rate=source.rate)
        self.story = f"encoded to AAC (was {name})"

    def write(self, packet: AudioPacket, start: Fraction, container: OutputContainer) -> None:
        if not self._copies:
            self._encode(packet, start, container)
            return
        if packet.dts is None or packet.pts is None or not packet.time_base:  # the empty packet at the end
            return
        shift = round(start / packet.time_base)
        packet.pts -= shift
        packet.dts -= shift
        packet.stream = self._target
        container.mux(packet)

    def _encode(self, packet: AudioPacket, start: Fraction, container: OutputContainer) -> None:
        for frame in self._source.codec_context.decode(packet):
            if frame.pts is not None and frame.time_base:
                frame.pts -= round(start / frame.time_base)
            for part in self._resampler.resample(frame):
                container.mux(self._target.encode(part))

    def finish(self, container: OutputContainer) -> None:
        if self._copies:
            return
        for part in self._resampler.resample(None):
            container.mux(self._target.encode(part))
        container.mux(self._target.encode(None))


def _layout(source: av.AudioStream) -> str:
    """A plain WAV states how many channels it has and not which; the encoder wants to know."""
    stated: str = source.layout.name
    return _USUAL.get(source.channels, stated) if stated.endswith("channels") else stated
