"""Ids sort by the time they were made."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ulid import ULID

from cinefarm import ids
from cinefarm.ids import is_id, new_id


def test_ids_grow_and_never_repeat() -> None:
    """Also many in one millisecond."""
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(is_id(id) for id in made)


def test_an_id_is_a_ulid_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of others read the time off it."""
    assert abs(ULID.from_str(new_id()).timestamp - time.time()) < 60
    for number in (*(1 << bit for bit in range(128)), (1 << 128) - 1):
        monkeypatch.setattr(ids, "drawn", lambda number=number: number)
        monkeypatch.setattr(ids, "_last", 0)
        assert new_id() == str(ULID.from_int(number))


def test_ids_follow_one_of_a_later_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock was set back by a day, and the program started anew."""
    now = time.time_ns()
    monkeypatch.setattr(ids, "_last", 0)
    tomorrow = str(ULID.from_timestamp(time.time() + 86400))
    ids.follow(tomorrow)
    first, second = new_id(), new_id()
    assert tomorrow < first < second
    assert ULID.from_str(first).milliseconds == ULID.from_str(tomorrow).milliseconds + 1
    assert int(ULID.from_str(second)) == int(ULID.from_str(first)) + 1
    monkeypatch.setattr(ids, "_last", 0)
    ids.follow(tomorrow)
    assert new_id()[10:] != first[10:], "another start begins elsewhere: what it made is not made again"
    monkeypatch.setattr(time, "time_ns", lambda: now + 2 * 86400 * 10**9)
    ids.follow(tomorrow)
    assert ULID.from_str(new_id()).timestamp > time.time() + 86400, "the clock is past it"


def test_threads_never_share_an_id() -> None:
    """Each thread sees its own grow."""
    with ThreadPoolExecutor(8) as pool:
        lists = list(pool.map(lambda _: [new_id() for _ in range(500)], range(8)))
    assert len({id for made in lists for id in made}) == 4000
    assert all(made == sorted(made) for made in lists)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_draws_its_own_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two processes would make the same ids in the same millisecond."""
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    ids.drawn()
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        os.write(write_end, f"{ids.drawn()}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(read_end, 100)) != ids.drawn()


@pytest.mark.parametrize(
    "text", ["", "x", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAI", "01arz3ndektsv4rrffq69g5fav"]
)
def test_what_is_no_id(text: str) -> None:
    """Length and letters both count."""
    assert not is_id(text)
