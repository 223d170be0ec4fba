"""What a ComfyUI says over its WebSocket. It may be silent for good while all goes well, so nothing depends on it."""

import json
import struct
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

_PREVIEW, _PREVIEW_WITH_FACTS = 1, 4
_AGAIN_S = 5.0
_OPEN_S = 5.0
_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True)
class Event:
    """One text frame."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def prompt_id(self) -> str | None:
        return self.facts.get("prompt_id")


@dataclass(frozen=True)
class Picture:
    """An unfinished picture, JPEG or PNG; of which prompt is told only by newer servers."""

    content: bytes
    prompt_id: str | None = None


def read_frame(frame: str | bytes) -> Event | Picture | None:
    """What a frame says; None for one that says nothing to us, or is broken."""
    with suppress(ValueError, KeyError, TypeError, AttributeError, struct.error):
        if isinstance(frame, str):
            told = json.loads(frame)
            return Event(str(told["type"]), dict(told.get("data") or {}))
        kind, second = struct.unpack_from(">II", frame)
        if kind == _PREVIEW:
            return Picture(frame[8:])
        if kind == _PREVIEW_WITH_FACTS:
            facts = json.loads(frame[8 : 8 + second])
            return Picture(frame[8 + second :], facts.get("prompt_id"))
    return None


class Listener:
    """Hears events as they come, and connects again when the socket breaks."""

    def __init__(self, url: str, client_id: str) -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/ws?clientId={client_id}"
        self._opened = ExitStack()
        self._socket: ClientConnection | None = None
        self._next_try = 0.0

    def hear(self, timeout_s: float) -> Event | Picture | None:
        """The next thing said; None when nothing was said in time, or there is no connection."""
        if not self._connected():
            time.sleep(timeout_s)
            return None
        assert self._socket
        try:
            return read_frame(self._socket.recv(timeout_s))
        except TimeoutError:
            return None
        except (WebSocketException, OSError):
            self.close()
            return None

    def close(self) -> None:
        with suppress(WebSocketException, OSError):
            self._opened.close()
        self._socket = None

    def _connected(self) -> bool:
        if self._socket is None and time.monotonic() >= self._next_try:
            self._next_try = time.monotonic() + _AGAIN_S
            with suppress(WebSocketException, OSError, TimeoutError):
                opening = connect(
                    self._address,
                    max_size=_LARGEST,
                    open_timeout=_OPEN_S,
                    close_timeout=1,
                    ping_interval=None,
                    proxy=None,
                )
                self._socket = self._opened.enter_context(opening)
                self._socket.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
        return self._socket is not None
