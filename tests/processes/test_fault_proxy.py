"""The proxy that tests of networks trust does what it says, and only that."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.chaos.fault_proxy import Fate, Fault, FaultProxy, Way, Weather
from tests.chaos.frames import Splitter, text_of
from tests.processes.conftest import wait_until

HEAD = b"GET /ws/worker HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"


def frame(text: str, *, masked: bool) -> bytes:
    body = text.encode()
    code = len(body) if len(body) < 126 else 126
    extra = struct.pack("!H", len(body)) if code == 126 else b""
    if not masked:
        return bytes([0x81, code]) + extra + body
    mask = os.urandom(4)
    return bytes([0x81, 0x80 | code]) + extra + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(body))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_is_cut_into_its_frames_however_it_arrives(masked: bool, size: int) -> None:
    """In pieces of any size; the bytes stay the same and each frame can be read."""
    frames = [frame(text, masked=masked) for text in ("", "a", "b" * 125, "c" * 126, "d" * 3000)]
    stream = HEAD + b"".join(frames)
    splitter = Splitter()
    segments = [s for at in range(0, len(stream), size) for s in splitter.feed(stream[at : at + size])]
    assert segments == [HEAD, *frames]
    assert text_of(segments[-1]) == "d" * 3000


def test_a_stream_that_is_no_websocket_is_left_alone() -> None:
    stream = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
    assert b"".join(Splitter().feed(stream)) == stream


@contextmanager
def echo() -> Iterator[tuple[FaultProxy, Callable[[], socket.socket], list[socket.socket]]]:
    """A server that repeats what it hears, behind a proxy; how to reach it; and its own ends of the connections."""
    served: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def repeat(end: socket.socket) -> None:
            try:
                while data := end.recv(65536):
                    end.sendall(data)
            except OSError:
                pass
            end.close()

        def accept() -> None:
            while True:
                try:
                    end, _ = listener.accept()
                except OSError:
                    return
                served.append(end)
                threading.Thread(target=repeat, args=(end,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        with FaultProxy(listener.getsockname()[1]) as proxy:
            yield proxy, lambda: socket.create_connection(("127.0.0.1", proxy.port), 10), served
        listener.shutdown(socket.SHUT_RDWR)


def heard(end: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (data := end.recv(65536)):
        got += data
    return got


def test_bad_weather_changes_no_byte() -> None:
    """Late, slow and lossy: all arrives, once and in order."""
    sent = HEAD + b"".join(frame(f"message {n}", masked=True) for n in range(50))
    with echo() as (proxy, reach, _), reach() as end:
        proxy.weather = Weather(latency_s=0.01, jitter_s=0.01, bytes_per_s=100_000, loss=0.3, retransmit_s=0.005)
        end.sendall(sent)
        assert heard(end, len(sent)) == sent
        assert proxy.counts[Fault.LOST] >= 10


def test_one_way_cut_holds_bytes_and_goodbyes_until_it_heals() -> None:
    with echo() as (proxy, reach, served), reach() as end:
        end.sendall(b"x" * 10 + b"\r\n\r\n")
        assert heard(end, 14)
        proxy.cut(Way.UP)
        end.sendall(b"later")
        wait_until(lambda: proxy.counts[Fault.HELD], 10)
        end.settimeout(0.2)
        with pytest.raises(TimeoutError):
            end.recv(1)
        proxy.heal()
        end.settimeout(10)
        assert heard(end, 5) == b"later"
        assert len(served) == 1


def test_half_open_connection_swallows_bytes_and_goodbyes() -> None:
    """Neither side is told; a new connection works."""
    with echo() as (proxy, reach, served), reach() as end:
        end.sendall(b"\r\n\r\n")
        assert heard(end, 4)
        proxy.half_open()
        end.sendall(b"into the void")
        wait_until(lambda: proxy.counts[Fault.SWALLOWED] >= 1, 10)
        end.close()
        wait_until(lambda: proxy.counts[Fault.SWALLOWED] >= 2, 10)
        assert served[0].fileno() >= 0, "the server still waits"
        with reach() as fresh:
            fresh.sendall(b"hello\r\n\r\n")
            assert heard(fresh, 9) == b"hello\r\n\r\n"


@pytest.mark.parametrize(("fate", "arrives"), [(Fate.BREAK, 0), (Fate.TEAR, 7)])
def test_broken_and_torn_frames_reset_both_sides(fate: Fate, arrives: int) -> None:
    last = frame("the last", masked=True)
    assert len(last) // 2 == arrives or not arrives
    with echo() as (proxy, reach, served), reach() as end:
        end.sendall(HEAD)
        assert heard(end, len(HEAD)) == HEAD
        proxy.judge = lambda way, segment: fate if text_of(segment) == "the last" else Fate.PASS
        end.sendall(last)
        wait_until(lambda: served[0].fileno() < 0, 10, "the server's side ends")
        with pytest.raises(ConnectionResetError):
            heard(end, 10**6)
        assert sum(proxy.counts.values()) == 1
