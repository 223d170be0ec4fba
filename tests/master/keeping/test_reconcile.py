"""Before the master listens, the database is whole and the files are what the rows say."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from keeping_kit import NOW, add_attempt_folder, add_job, add_media, add_project, execute, fill, query
from sqlmodel import Session, select

from cinefarm.ids import new_id
from cinefarm.statuses import JobStatus
from cinefarm.storage import Storage
from master.app import create_app
from master.config import MasterSettings
from master.db import Database
from master.keeping import reconcile as steps
from master.keeping.backup import BackupReason, make_backup
from master.keeping.reconcile import Marker, reconcile
from master.models import Media
from master.startup import CannotStart, ExitCode, prepared


@pytest.fixture
def db(settings: MasterSettings) -> Iterator[Database]:
    """Not started: the writer's connection is free, as it is before the master runs."""
    database = Database(settings.sqlalchemy_url)
    yield database
    database.dispose()


@pytest.fixture
def rows(db: Database) -> Iterator[Session]:
    with Session(db.writer_engine, expire_on_commit=False) as session:
        yield session


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_folders_of_ended_attempts_become_orphans(db: Database, rows: Session, storage: Storage) -> None:
    """Of an ended job, and of one that no row knows; those of a job that can go on stay. Nothing is deleted."""
    project = add_project(rows)
    ended, failed = (add_job(rows, project, status, attempt=2) for status in (JobStatus.COMPLETED, JobStatus.FAILED))
    going = [add_job(rows, project, status, attempt=2) for status in (JobStatus.RUNNING, JobStatus.QUEUED)]
    rows.commit()
    unknown = new_id()
    for job_id in (ended.id, failed.id, unknown, *(job.id for job in going)):
        add_attempt_folder(storage, "DEMO", job_id, 1)
        add_attempt_folder(storage, "DEMO", job_id, 2)
    newer = add_attempt_folder(storage, "DEMO", failed.id, 3)  # tried again after the row was read
    other = storage.projects / "DEMO" / "temp" / "notes" / "1"
    other.mkdir(parents=True)
    (other / "mine.txt").write_text("not an attempt's")
    before = len(tree(storage.projects))
    reconcile(db, storage, NOW)
    moved = {f"{job}-{attempt}" for job in (ended.id, failed.id, unknown) for attempt in (1, 2)}
    orphans = storage.projects / "DEMO" / "orphans" / "20260615T120000"
    assert {path.name for path in orphans.iterdir()} == moved
    assert {path.name for path in (storage.projects / "DEMO" / "temp").iterdir()} == {
        *(job.id for job in going),
        failed.id,
        "notes",
    }
    assert newer.is_dir()
    assert len(tree(storage.projects)) == before
    reconcile(db, storage, NOW + timedelta(hours=1))
    assert len(list(orphans.parent.iterdir())) == 1, "again: nothing more"


def test_half_made_uploads_go_after_a_day(db: Database, storage: Storage) -> None:
    """A killed master leaves them; younger ones and whole files stay."""
    content = storage.write_bytes("shared_storage/objects/ab/" + "ab" * 32, b"whole")
    old_folder, young_folder = storage.shared / "tmp" / "upload-old", storage.shared / "tmp" / "upload-young"
    for folder in (old_folder, young_folder):
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(b"half")
    old, young = content.parent / ".new-old", content.parent / ".new-young"
    for file in (old, young):
        file.write_bytes(b"half")
    for path in (old_folder, old, content):
        os.utime(path, times=((NOW - timedelta(hours=25)).timestamp(),) * 2)
    for path in (young_folder, young):
        os.utime(path, times=((NOW - timedelta(hours=23)).timestamp(),) * 2)
    reconcile(db, storage, NOW)
    assert [path.exists() for path in (old_folder, old, young_folder, young, content)] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_media_without_their_file_are_marked_and_unmarked(
    db: Database, rows: Session, storage: Storage, settings: MasterSettings
) -> None:
    """Missing: marked once. Back again: the mark goes. The first moment it was missed stays."""
    media = [add_media(rows, storage, f"picture {n}".encode()) for n in range(40)]
    rows.commit()
    lost = media[7]
    place = storage.resolve(lost.path)
    aside = place.rename(settings.state_dir / "aside")
    reconcile(db, storage, NOW)
    reconcile(db, storage, NOW + timedelta(days=1))
    marked = select(Media.id, Media.damaged_at).where(Media.damaged_at != None)  # noqa: E711  SQL
    with db.read() as session:
        assert session.exec(marked).all() == [(lost.id, NOW)]
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as api:
        api.headers["Authorization"] = f"Bearer {api.app.state.master.doorkeeper.secret}"  # type: ignore[attr-defined]
        assert [row["id"] for row in api.get("/api/media/damaged").json()["rows"]] == [lost.id]
        assert api.get(f"/api/media/{lost.id}").status_code == 404
    shutil.move(aside, place)
    reconcile(db, storage, NOW + timedelta(days=2))
    with db.read() as session:
        assert session.exec(marked).all() == []


def test_the_full_check_is_made_weekly_and_after_a_crash(
    settings: MasterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the quick one; a clock that went back makes one more."""
    checks: list[str] = []
    real = steps.integrity_problems

    def noting(connection: object, *, quick: bool = False) -> list[str]:
        checks.append("quick" if quick else "full")
        return real(connection, quick=quick)

    monkeypatch.setattr(steps, "integrity_problems", noting)
    assert settings.database_file
    marker = Marker(settings.state_dir)
    times = [NOW, NOW + timedelta(days=1), NOW + timedelta(days=8), NOW + timedelta(days=9), NOW + timedelta(days=3)]
    for now in times:
        steps.check_integrity(settings.database_file, marker, backups=settings.backups, now=now)
    assert checks == ["full", "quick", "full", "quick", "full"]
    marker.set_running()  # and no clear: killed
    steps.check_integrity(settings.database_file, marker, backups=settings.backups, now=NOW + timedelta(days=4))
    assert checks[-1] == "full"


def test_a_clean_stop_leaves_no_mark(settings: MasterSettings) -> None:
    """Neither does a start that was refused."""
    marker = Marker(settings.state_dir)
    with prepared(settings):
        assert marker.was_left()
        with TestClient(create_app(settings), base_url="http://127.0.0.1:8000"):
            assert marker.was_left()
        assert not marker.was_left(), "the database is closed: a signal may end the process now"
    assert not marker.was_left()


def damage(database: Path) -> None:
    """Overwrite the roots of a third of the pages, as a failing disk does."""
    with database.open("r+b") as file:
        for page in range(4, database.stat().st_size // 4096, 3):
            file.seek(page * 4096)
            file.write(os.urandom(100))


def test_a_damaged_database_names_the_newest_good_backup(settings: MasterSettings) -> None:
    """The master does not start; the sentence holds the command, and the command works."""
    database = settings.database_file
    assert database
    fill(database, 2)
    backups = [
        make_backup(database, settings.backups, BackupReason.HOURLY, NOW + timedelta(hours=hour)) for hour in range(3)
    ]
    newest = settings.backups / backups[2].name
    newest.write_bytes(newest.read_bytes()[:-4096])  # gone bad since
    damage(database)
    with pytest.raises(CannotStart) as refused, prepared(settings):
        pass
    assert refused.value.code is ExitCode.DATABASE
    assert "is damaged" in str(refused.value)
    assert f"cinefarm restore {settings.backups / backups[1].name}" in str(refused.value)


def test_a_file_that_is_no_database_is_refused(settings: MasterSettings) -> None:
    """Without any backup the sentence says what is left to do."""
    assert settings.database_file
    settings.database_file.write_bytes(b"a shopping list\n" * 1000)
    said = r"is damaged .*no good backup.*cinefarm restore FILE"
    with pytest.raises(CannotStart, match=said) as refused, prepared(settings):
        pass
    assert refused.value.code is ExitCode.DATABASE


def test_a_start_puts_files_and_rows_in_order(settings: MasterSettings, storage: Storage) -> None:
    """All steps are taken before the master listens."""
    database = Database(settings.sqlalchemy_url)
    with Session(database.writer_engine, expire_on_commit=False) as session:
        project = add_project(session)
        job = add_job(session, project, JobStatus.COMPLETED, attempt=1)
        media = add_media(session, storage, b"picture")
        session.commit()
    database.dispose()
    folder = add_attempt_folder(storage, "DEMO", job.id, 1)
    storage.resolve(media.path).unlink()
    with prepared(settings):
        assert not folder.exists()
    assert settings.database_file
    assert query(settings.database_file, "SELECT count(*) FROM media WHERE damaged_at IS NOT NULL") == [(1,)]
    execute(settings.database_file, "DELETE FROM media")
    with prepared(settings):
        pass
