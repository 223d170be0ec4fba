"""Cuts a byte stream into what a fault can strike: whole WebSocket frames, once the stream has become one."""

import struct
from collections.abc import Iterator

_END_OF_HEAD = b"\r\n\r\n"


class Splitter:
    """Feed it one direction of a connection; it gives back the same bytes, frame by frame after an upgrade."""

    def __init__(self) -> None:
        self._kept = b""
        self._is_open: bool | None = None  # a WebSocket; None while the head is not read

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._kept += data
        if self._is_open is None and _END_OF_HEAD in self._kept:
            head, rest = self._kept.split(_END_OF_HEAD, 1)
            self._is_open = b"upgrade: websocket" in head.lower()
            self._kept = rest
            yield head + _END_OF_HEAD
        if self._is_open:
            while size := _frame_size(self._kept):
                yield self._kept[:size]
                self._kept = self._kept[size:]
        elif self._is_open is False and self._kept:
            yield self._kept
            self._kept = b""


def text_of(frame: bytes) -> str:
    """What a frame says, unmasked; empty for what is no frame of text."""
    if len(frame) < 2 or frame[0] & 0x0F != 1:
        return ""
    start = len(frame) - _lengths(frame)[1]
    body = frame[start:]
    if frame[1] & 0x80:
        mask = frame[start - 4 : start]
        body = bytes(byte ^ mask[n % 4] for n, byte in enumerate(body))
    return body.decode(errors="replace")


def _frame_size(kept: bytes) -> int:
    """Bytes of the first frame; 0 while it is not whole."""
    if len(kept) < 2 or len(kept) < (header := _lengths(kept)[0]):
        return 0
    size = header + _lengths(kept)[1]
    return size if len(kept) >= size else 0


def _lengths(frame: bytes) -> tuple[int, int]:
    """Bytes of the header (with mask) and of the payload (RFC 6455, 5.2); a header too short to tell counts as long."""
    code = frame[1] & 0x7F
    extra = {126: 2, 127: 8}.get(code, 0)
    header = 2 + extra + (4 if frame[1] & 0x80 else 0)
    if len(frame) < 2 + extra:
        return header, 0
    if extra:
        return header, int(struct.unpack("!H" if extra == 2 else "!Q", frame[2 : 2 + extra])[0])
    return header, code
