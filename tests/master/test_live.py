"""What browsers are told, and how one that was away or slow goes on."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import Session
from waiting import until

from cinefarm.sentences import Language, say
from master import live as live_module
from master.built import page_entry
from master.db import Database
from master.events import Noun, Touched
from master.live import (
    MAX_WAITING,
    MAX_WAITING_BYTES,
    Live,
    LiveMessage,
    LiveShots,
    Reader,
    Told,
    TooSlow,
    tell,
)
from master.models import ProjectFields, Shot
from master.shots.fields import ShotNew
from master.shots.projects import create_project
from master.shots.shots import create_shots, delete_shot
from master.shots.views import ShotView, shot_views
from master.workers.history import History


@pytest.fixture
async def live(tmp_path: Any, migrated: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Live]:
    monkeypatch.setattr(live_module, "GATHER_S", 0.001)
    (tmp_path / "farm.db").write_bytes(migrated.read_bytes())
    db = Database(f"sqlite:///{tmp_path / 'farm.db'}")
    db.start()
    running = Live(db, History())
    running.start()
    yield running
    await running.stop()
    db.stop()


def said(text: str) -> Told:
    return Told(text, text)


async def heard(reader: Reader) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(reader.next(), 10))
    return message


async def change(live: Live, reader: Reader, noun: Noun = Noun.WORKER) -> dict[str, Any]:
    """A row of the farm's own changes; what the reader hears of it."""
    live._heard([Touched(noun, "1")])
    return await heard(reader)


async def progress(live: Live, reader: Reader) -> dict[str, Any]:
    live.progress("j1", 0.5, "half")
    return await heard(reader)


async def test_a_new_reader_reads_everything(live: Live) -> None:
    hello = await heard(live.join())
    assert hello == {"seq": 1, "body": {"kind": "hello", "epoch": live.epoch, "reset": True, "page": page_entry()}}


async def test_who_comes_back_gets_what_it_missed_and_nothing_else(live: Live) -> None:
    stays, goes = live.join(), live.join()
    await heard(stays)
    await heard(goes)
    last = (await change(live, stays))["seq"]
    assert (await heard(goes))["seq"] == last
    live.leave(goes)
    missed = [await change(live, stays, noun) for noun in (Noun.WORKER, Noun.LIMIT, Noun.SHARE)]
    back = live.join(f"{live.epoch}:{last}")
    hello = await heard(back)
    assert (hello["seq"], hello["body"]["reset"]) == (last, False)
    assert [await heard(back) for _ in missed] == missed
    assert (await change(live, back))["seq"] == last + 4


async def test_the_only_reader_misses_nothing_while_it_is_away(live: Live) -> None:
    reader = live.join()
    await heard(reader)
    last = (await change(live, reader))["seq"]
    live.leave(reader)
    live._heard([Touched(Noun.LIMIT, "1")])
    other = live.join()  # only to know when it was told
    await heard(other)
    await heard(other)
    back = live.join(f"{live.epoch}:{last}")
    assert (await heard(back))["body"]["reset"] is False
    assert (await heard(back))["body"]["noun"] == "limit"


async def test_progress_is_not_told_twice_but_counts(live: Live) -> None:
    reader = live.join()
    await heard(reader)
    told = [await progress(live, reader), await change(live, reader)]
    back = live.join(f"{live.epoch}:1")
    assert (await heard(back))["body"]["reset"] is False
    assert [await heard(back), await heard(back)] == [{"seq": told[0]["seq"], "body": {"kind": "passed"}}, told[1]]


async def test_a_deleted_shot_is_told_as_deleted(live: Live) -> None:
    """So that others take it out of their lists."""

    def make(session: Session) -> str:
        project = create_project(session, ProjectFields(code="DEMO", name="Demo"))
        return create_shots(session, project, [ShotNew()])[0].id

    id = live._db.write(make)
    reader = live.join()
    await heard(reader)
    live._db.write(lambda session: delete_shot(session, session.get_one(Shot, id)))
    told = [(await heard(reader))["body"] for _ in range(2)]
    (rows,) = [body["rows"] for body in told if body["kind"] == "shots"]
    assert [row["id"] for row in rows] == [id]
    assert rows[0]["deleted_at"]


async def test_each_reader_is_told_in_its_language(live: Live) -> None:
    """One that comes back, too; what holds no sentence is told to all alike."""

    def make(session: Session) -> ShotView:
        project = create_project(session, ProjectFields(code="DEMO", name="Demo"))
        create_shots(session, project, [ShotNew()])
        return shot_views(session, project)[0]

    fresh = live._db.write(make)
    stale = fresh.model_copy(update={"stale": True, "stale_reason": say("Its inputs changed since.")})
    told = [tell(LiveMessage(seq=1, body=LiveShots(project="DEMO", rows=[row]))) for row in (fresh, stale)]
    assert told[0].en is told[0].ko
    korean, english = live.join(language=Language.KO), live.join()
    for reader in (korean, english):
        await heard(reader)
        reader.offer(told[1])
    reasons = [(await heard(reader))["body"]["rows"][0]["stale_reason"] for reader in (korean, english)]
    assert reasons == [stale.stale_reason.told(Language.KO), "Its inputs changed since."]
    assert reasons[0] != reasons[1]


@pytest.mark.parametrize(
    "after", ["", ":", "x:1", "{epoch}:", "{epoch}:-1", "{epoch}:0", "{epoch}:9", "{epoch}:٣", "{epoch}:1e3"]
)
async def test_who_names_what_never_was_reads_everything(live: Live, after: str) -> None:
    """Of another run of the master too: its numbers mean nothing here."""
    reader = live.join()
    await heard(reader)
    await change(live, reader)
    assert (await heard(live.join(after.format(epoch=live.epoch))))["body"]["reset"] is True


@pytest.mark.parametrize(("kept", "size"), [(3, 10**9), (10**9, 200)])
async def test_who_was_away_too_long_reads_everything(
    live: Live, monkeypatch: pytest.MonkeyPatch, kept: int, size: int
) -> None:
    monkeypatch.setattr(live_module, "KEPT", kept)
    monkeypatch.setattr(live_module, "KEPT_BYTES", size)
    reader = live.join()
    await heard(reader)
    for _ in range(10):
        await change(live, reader)
    resets = [(await heard(live.join(f"{live.epoch}:{seq}")))["body"]["reset"] for seq in range(1, 12)]
    assert resets[0] is True
    assert resets[10] is False
    assert resets == sorted(resets, reverse=True)
    assert 1 < resets.count(False) <= 4


async def test_after_a_long_time_without_readers_nothing_is_pretended(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "ABSENCE_S", 0.0)
    reader = live.join()
    await heard(reader)
    last = (await change(live, reader))["seq"]
    live.leave(reader)
    live._heard([Touched(Noun.WORKER, "1")])
    assert (await heard(live.join(f"{live.epoch}:{last}")))["body"]["reset"] is True


async def test_what_could_not_be_read_leaves_a_gap(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on as if nothing had been."""
    reader = live.join()
    await heard(reader)
    last = (await change(live, reader))["seq"]
    with monkeypatch.context() as broken:
        broken.setattr(live, "_read", lambda notes: 1 / 0)
        live._heard([Touched(Noun.WORKER, "1")])
        await until(lambda: live._seq > last)
    assert (await change(live, reader))["seq"] == last + 2
    assert (await heard(live.join(f"{live.epoch}:{last}")))["body"]["reset"] is True


@pytest.mark.parametrize(("count", "size"), [(MAX_WAITING + 1, 10), (5, MAX_WAITING_BYTES // 4)])
async def test_a_slow_reader_is_cut(count: int, size: int) -> None:
    """By number or by size; and it grows no further."""
    reader = Reader([said("hello")])
    for _ in range(count):
        reader.offer(said("x" * size))
    held = reader._queue.qsize()
    reader.offer(said("x" * size))
    held_then = reader._queue.qsize()  # a failed assertion would print megabytes of queue
    assert held_then == held
    assert await reader.next() == "hello"
    with pytest.raises(TooSlow):
        await reader.next()


async def test_a_reader_that_keeps_up_is_never_cut() -> None:
    reader = Reader([])
    for number in range(1000):
        reader.offer(said(f"{number}" + "x" * (MAX_WAITING_BYTES // 10)))
        assert (await reader.next()).startswith(str(number))


async def test_what_it_asked_for_is_not_held_against_it() -> None:
    """Two thousand missed messages are sent, while new ones wait."""
    reader = Reader([said(str(number)) for number in range(2000)])
    for _ in range(MAX_WAITING):
        reader.offer(said("new"))
    assert [await reader.next() for _ in range(2001)][-2:] == ["1999", "new"]
