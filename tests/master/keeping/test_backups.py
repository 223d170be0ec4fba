"""Backups are of one moment, checked before they count, and rotated by count."""

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from keeping_kit import NOW, execute, fill, query
from sqlmodel import Session

from cinefarm.ids import new_id
from master.config import MasterSettings
from master.db import Database
from master.errors import Conflict, NoSpace
from master.keeping import backup as backup_module
from master.keeping.backup import (
    Backup,
    BackupFailed,
    BackupReason,
    damages,
    list_backups,
    make_backup,
    newest_good,
    rotate,
)
from master.keeping.caretaker import Caretaker
from master.models import ApiToken, EnrolToken


def file_of(settings: MasterSettings) -> Path:
    assert settings.database_file
    return settings.database_file


def made(settings: MasterSettings, now: datetime = NOW, reason: BackupReason = BackupReason.HOURLY) -> Backup:
    return make_backup(file_of(settings), settings.backups, reason, now)


def pair(number: int) -> Any:
    """One action that writes two rows which belong together."""

    def action(session: Session) -> None:
        session.add(ApiToken(name=str(number), token_hash=new_id()))
        session.add(EnrolToken(token_hash=new_id(), expires_at=NOW))

    return action


def test_a_backup_under_writes_is_of_one_moment(settings: MasterSettings, db: Database) -> None:
    """Each copy holds every commit that was answered before it began, and none by half; the writer goes on."""
    acked, ended = 0, threading.Event()

    def write() -> None:
        nonlocal acked
        while not ended.is_set():
            db.write(pair(acked))
            acked += 1

    writer = threading.Thread(target=write)
    writer.start()
    during = []
    try:
        for number in range(20):
            before = acked
            backup = made(settings, NOW + timedelta(seconds=number))
            during.append(acked - before)
            rows = query(settings.backups / backup.name, "SELECT count(*) FROM apitoken")[0][0]
            assert backup.rows["apitoken"] == backup.rows["enroltoken"] == rows, "half a commit"
            assert rows >= before, "a commit that was answered is missing"
    finally:
        ended.set()
        writer.join()
    assert sum(during) >= 20, "nothing was written meanwhile: the test met nothing"
    assert len(list_backups(settings.backups)) == 20


def test_a_backup_says_what_it_holds(settings: MasterSettings, db: Database) -> None:
    """Hash, size, schema, rows of every table, and its moment."""
    db.write(pair(1))
    backup = made(settings)
    copy = settings.backups / backup.name
    assert backup.name == "cinefarm-20260615T120000Z.db"
    assert sorted(path.name for path in settings.backups.iterdir()) == [
        "cinefarm-20260615T120000Z.db",
        "cinefarm-20260615T120000Z.json",
    ]
    assert json.loads(copy.with_suffix(".json").read_text())["sha256"] == backup.sha256
    assert backup.bytes == copy.stat().st_size
    assert backup.revision == query(copy, "SELECT version_num FROM alembic_version")[0][0]
    assert (backup.time, backup.rows["apitoken"], backup.rows["project"]) == (NOW, 1, 0)
    assert made(settings).name == "cinefarm-20260615T120000Z-2.db", "one of the same second is not overwritten"


def flip(path: Path, *, at: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(count)
        file.seek(at)
        file.write(bytes(byte ^ 0xFF for byte in old))


@pytest.mark.parametrize("damage", ["structure", "rows", "cut"])
def test_a_damaged_copy_is_deleted_and_reported(
    settings: MasterSettings, db: Database, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """Whatever happens to it between the copying and the check: no name, no manifest, an error."""
    db.write(pair(1))
    flush = backup_module.flush

    def harm(path: Path) -> None:
        if path.name.endswith(".db.unfinished"):
            if damage == "structure":
                flip(path, at=4096)
            elif damage == "rows":
                execute(path, "DELETE FROM apitoken")
            else:
                path.write_bytes(path.read_bytes()[:-4096])
        flush(path)

    monkeypatch.setattr(backup_module, "flush", harm)
    with pytest.raises(BackupFailed, match="was damaged and is deleted"):
        made(settings)
    assert list(settings.backups.iterdir()) == []
    monkeypatch.undo()
    assert damages(settings.backups / made(settings).name, None) == []


def test_a_copy_that_goes_bad_later_is_not_the_newest_good_one(settings: MasterSettings, db: Database) -> None:
    """Then the one before it is; and none when all are bad."""
    older, newer = made(settings), made(settings, NOW + timedelta(hours=1))
    assert newest_good(settings.backups) == settings.backups / newer.name
    flip(settings.backups / newer.name, at=100)
    assert newest_good(settings.backups) == settings.backups / older.name
    (settings.backups / older.name).unlink()
    assert newest_good(settings.backups) is None


def test_a_backup_that_does_not_fit_is_refused_before_it_is_begun(
    settings: MasterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting that moves it elsewhere."""
    usage = backup_module.shutil.disk_usage(settings.state_dir)
    monkeypatch.setattr(backup_module.shutil, "disk_usage", lambda folder: usage._replace(free=1000))
    with pytest.raises(NoSpace, match="CINEFARM_BACKUP_DIR"):
        made(settings)
    assert list(settings.backups.iterdir()) == []


def pretended(folder: Path, time: datetime, reason: BackupReason = BackupReason.HOURLY) -> Backup:
    name = f"cinefarm-{time:%Y%m%dT%H%M%SZ}.db"
    backup = Backup(
        name=name, time=time, reason=reason, revision="0001", bytes=0, sha256="", rows={}, version="1", seconds=0
    )
    (folder / name).touch()
    (folder / name).with_suffix(".json").write_text(backup.model_dump_json())
    return backup


def test_rotation_keeps_hours_days_and_weeks(tmp_path: Path) -> None:
    """Of a year of hourly backups: the newest 24, one of each of 14 days, one of each of 8 weeks."""
    newest = [pretended(tmp_path, NOW - timedelta(hours=hour)) for hour in reversed(range(24 * 120))][-1]
    upgrades = [pretended(tmp_path, NOW - timedelta(days=d, minutes=1), BackupReason.UPGRADE) for d in range(9)]
    asked = pretended(tmp_path, NOW - timedelta(days=300), BackupReason.MANUAL)
    rotate(tmp_path, newest)
    left = list_backups(tmp_path)
    hourly = [backup for backup in left if backup.reason is BackupReason.HOURLY]
    assert [backup.time for backup in hourly[:24]] == [NOW - timedelta(hours=hour) for hour in range(24)]
    assert len({backup.time.date() for backup in hourly}) >= 14
    assert {NOW.date() - timedelta(days=day) for day in range(14)} <= {backup.time.date() for backup in hourly}
    assert len({backup.time.isocalendar()[:2] for backup in hourly}) == 8
    assert len(hourly) <= 24 + 14 + 8
    assert [backup.name for backup in left if backup.reason is BackupReason.UPGRADE] == [
        backup.name for backup in upgrades[:5]
    ]
    assert asked.name in {backup.name for backup in left}, "a person asked for it: it stays"
    assert {path.suffix for path in tmp_path.iterdir()} == {".db", ".json"}
    assert len(list(tmp_path.iterdir())) == 2 * len(left)


@pytest.mark.parametrize("leap", [timedelta(days=365), timedelta(days=-365)], ids=["a year ahead", "a year back"])
def test_a_clock_that_leaps_deletes_no_history(tmp_path: Path, leap: timedelta) -> None:
    """Rotation counts copies: those from before the leap stay, and the newest one does in any case."""
    for hour in range(20):
        pretended(tmp_path, NOW + timedelta(hours=hour))
    newest = pretended(tmp_path, NOW + leap)
    assert rotate(tmp_path, newest) == []


def test_a_backup_of_a_large_database_is_whole(settings: MasterSettings) -> None:
    """20 MB, opened by another library and counted."""
    fill(file_of(settings), 20)
    backup = made(settings)
    assert backup.bytes > 19e6
    assert query(settings.backups / backup.name, "SELECT count(*) FROM logline") == [(backup.rows["logline"],)]
    assert query(settings.backups / backup.name, "PRAGMA integrity_check") == [("ok",)]


def test_backups_over_the_api(api: TestClient) -> None:
    """Made by POST, listed by GET."""
    assert api.get("/api/backups").json()["rows"] == []
    answer = api.post("/api/backups")
    assert answer.status_code == 201
    made = answer.json()["backup"]
    assert made["reason"] == "manual"
    assert (Path(answer.json()["folder"]) / made["name"]).stat().st_size == made["bytes"]
    assert [row["name"] for row in api.get("/api/backups").json()["rows"]] == [made["name"]]


def test_postgresql_has_its_own_backups(tmp_path: Path, settings: MasterSettings, db: Database) -> None:
    """The refusal names its tools."""
    other = settings.model_copy(update={"database_url": "postgresql+psycopg://farm@db/farm"})
    with pytest.raises(Conflict, match="pg_dump"):
        Caretaker(db, None, other).back_up(BackupReason.MANUAL)  # type: ignore[arg-type]


def test_hourly_backups_are_made_while_the_master_runs_and_after_restarts(
    settings: MasterSettings, db: Database
) -> None:
    """Each hour by the steady clock, counted on from the newest copy after a restart."""
    clock, wall = [1000.0], [NOW]

    def restarted() -> Caretaker:
        caretaker = Caretaker(db, None, settings, now=lambda: wall[0], clock=lambda: clock[0])  # type: ignore[arg-type]
        caretaker.schedule()
        return caretaker

    def passes(caretaker: Caretaker, minutes: float) -> int:
        before = len(list_backups(settings.backups))
        clock[0] += minutes * 60
        wall[0] += timedelta(minutes=minutes)
        caretaker.back_up_if_due()
        return len(list_backups(settings.backups)) - before

    caretaker = restarted()
    assert [passes(caretaker, 0.5), passes(caretaker, 1), passes(caretaker, 58), passes(caretaker, 2)] == [0, 1, 0, 1]
    caretaker = restarted()
    assert [passes(caretaker, 30), passes(caretaker, 31)] == [0, 1], "half an hour before and after the restart"
    wall[0] += timedelta(days=400)
    assert passes(caretaker, 30) == 0, "the wall clock's leap makes none"
    assert passes(caretaker, 30) == 1
