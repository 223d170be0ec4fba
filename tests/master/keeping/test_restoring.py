"""A backup comes back whole, or nothing changes; killed at any step, the same command finishes it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from keeping_kit import add_job, add_media, add_project, query
from sqlmodel import Session, select

from cinefarm.locks import locked
from cinefarm.statuses import AttemptStatus, JobStatus
from cinefarm.storage import Storage
from master import offline
from master.config import MasterSettings
from master.db import Database
from master.errors import BadInput, Conflict, NotFound
from master.keeping import restore as steps
from master.models import ApiToken, Attempt, Job
from master.startup import CannotStart, ExitCode, prepared


def write(settings: MasterSettings, action: Any) -> Any:
    db = Database(settings.sqlalchemy_url)
    db.start()
    try:
        return db.write(action)
    finally:
        db.stop()


def add_token(name: str) -> Any:
    return lambda session: session.add(ApiToken(name=name, token_hash=name))


def tokens(settings: MasterSettings) -> list[str]:
    assert settings.database_file
    return [row[0] for row in query(settings.database_file, "SELECT name FROM apitoken ORDER BY name")]


@pytest.fixture
def saved(settings: MasterSettings) -> Path:
    """A backup that holds the token `kept`; written after it: the token `later`."""
    write(settings, add_token("kept"))
    backup, folder = offline.backup(settings, None)
    write(settings, add_token("later"))
    return folder / backup.name


def test_a_restore_brings_back_the_backup_and_keeps_the_other(settings: MasterSettings, saved: Path) -> None:
    """With nothing of the old database's log; the master starts on it."""
    done = offline.restore(settings, saved, sizes_only=False)
    assert tokens(settings) == ["kept"]
    assert done.backup.rows["apitoken"] == 1
    assert done.replaced
    assert query(done.replaced, "SELECT name FROM apitoken ORDER BY name") == [("kept",), ("later",)]
    assert not steps.read_note(settings.state_dir)
    with prepared(settings):
        pass


def test_the_log_of_a_killed_master_goes_aside_with_its_database(settings: MasterSettings, saved: Path) -> None:
    """What only the log held is in the database kept aside, and not in the restored one."""
    script = (
        "import os, sys\nfrom master.db import Database\nfrom master.models import ApiToken\n"
        "db = Database(sys.argv[1])\ndb.start()\n"
        "db.write(lambda session: session.add(ApiToken(name='in the log', token_hash='x')))\nos._exit(9)\n"
    )
    root = Path(offline.__file__).parents[1]
    subprocess.run([sys.executable, "-c", script, settings.sqlalchemy_url], cwd=root, check=False, timeout=60)
    assert settings.database_file
    assert settings.database_file.with_name("cinefarm.db-wal").stat().st_size > 0
    done = offline.restore(settings, saved, sizes_only=False)
    assert tokens(settings) == ["kept"]
    assert done.replaced
    assert ("in the log",) in query(done.replaced, "SELECT name FROM apitoken")


@pytest.mark.parametrize("step", range(7))
def test_a_restore_that_is_cut_short_is_finished_by_the_same_command(
    settings: MasterSettings, saved: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each change of a file name: no master starts in between, and in the end all is as without the cut."""

    class Cut(BaseException):
        """The power fails."""

    left = step

    def cutting(act: Any) -> Any:
        def acting(*given: Any, **options: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Cut
            left -= 1
            return act(*given, **options)

        return acting

    monkeypatch.setattr(Path, "replace", cutting(Path.replace))
    monkeypatch.setattr(steps, "flush", cutting(steps.flush))
    with pytest.raises(Cut):
        offline.restore(settings, saved, sizes_only=False)
    monkeypatch.undo()
    begun = steps.read_note(settings.state_dir) is not None
    assert begun == (step >= 2), "the note is written before anything is moved"
    if begun:
        with pytest.raises(CannotStart, match=f"interrupted.*cinefarm restore {saved}") as refused, prepared(settings):
            pass
        assert refused.value.code is ExitCode.DATABASE
    else:
        assert tokens(settings) == ["kept", "later"]
    done = offline.restore(settings, saved, sizes_only=False)
    assert tokens(settings) == ["kept"]
    assert done.replaced
    assert query(done.replaced, "SELECT name FROM apitoken ORDER BY name") == [("kept",), ("later",)]
    with prepared(settings):
        pass


def test_a_damaged_backup_changes_nothing(settings: MasterSettings, saved: Path) -> None:
    """One changed byte is noticed by the hash."""
    content = bytearray(saved.read_bytes())
    content[-1] ^= 1
    saved.write_bytes(content)
    with pytest.raises(BadInput, match=r"is damaged and cannot be restored: its SHA-256"):
        offline.restore(settings, saved, sizes_only=False)
    assert tokens(settings) == ["kept", "later"]


def test_a_backup_without_manifest_is_checked_as_far_as_it_can_be(settings: MasterSettings, saved: Path) -> None:
    """Structure and schema; a text file is refused."""
    saved.with_suffix(".json").unlink()
    assert offline.verify(settings, saved, sizes_only=False).backup.has_manifest is False
    saved.write_text("not a database" * 1000)
    with pytest.raises(BadInput, match="cannot read it"):
        offline.verify(settings, saved, sizes_only=False)
    with pytest.raises(NotFound):
        offline.verify(settings, saved.with_name("none.db"), sizes_only=False)


def test_a_backup_of_a_newer_version_is_refused(settings: MasterSettings) -> None:
    """With the remedy."""
    assert settings.database_file
    write(settings, lambda session: session.connection().exec_driver_sql("UPDATE alembic_version SET version_num='9'"))
    backup, folder = offline.backup(settings, None)
    with pytest.raises(BadInput, match=r"schema 9.*install the version"):
        offline.restore(settings, folder / backup.name, sizes_only=False)


def test_nothing_is_restored_under_a_running_master(settings: MasterSettings, saved: Path) -> None:
    """Nor backed up behind its back; checking is allowed."""
    with locked(settings.state_dir):
        for act in (
            lambda: offline.restore(settings, saved, sizes_only=False),
            lambda: offline.backup(settings, None),
        ):
            with pytest.raises(CannotStart) as refused:
                act()
            assert refused.value.code is ExitCode.LOCKED
        offline.verify(settings, saved, sizes_only=False)
    assert tokens(settings) == ["kept", "later"]


def test_postgresql_is_refused_with_its_own_tools(settings: MasterSettings, saved: Path) -> None:
    """It has pg_dump and pg_restore."""
    other = settings.model_copy(update={"database_url": "postgresql+psycopg://farm@db/farm"})
    with pytest.raises(Conflict, match=r"pg_dump.*pg_restore"):
        offline.restore(other, saved, sizes_only=False)


def test_files_that_are_missing_or_damaged_are_listed(settings: MasterSettings, storage: Storage) -> None:
    """Each with what is wrong; a change that keeps the size needs the hash to be seen."""
    kept, missing, cut, changed = write(
        settings, lambda session: [add_media(session, storage, name.encode() * 9).path for name in ("a", "b", "c", "d")]
    )
    backup, folder = offline.backup(settings, None)
    storage.resolve(missing).unlink()
    storage.resolve(cut).write_bytes(b"c")
    storage.resolve(changed).write_bytes(b"e" * 9)
    found = offline.verify(settings, folder / backup.name, sizes_only=False).damages
    assert {damage.path: damage.problem for damage in found} == {
        missing: "missing",
        cut: "1 bytes, not 9",
        changed: "its content has changed",
    }
    assert kept not in {damage.path for damage in found}
    quick = offline.restore(settings, folder / backup.name, sizes_only=True).damages
    assert {damage.path for damage in quick} == {missing, cut}


@pytest.fixture
def out_with_a_worker(settings: MasterSettings) -> tuple[str, str]:
    """A running and a waiting job."""

    def add(session: Session) -> tuple[str, str]:
        project = add_project(session)
        running = add_job(session, project, JobStatus.RUNNING, attempt=2, worker_id="w", device_id="d")
        waiting = add_job(session, project, JobStatus.QUEUED, attempt=1)
        for number, status in ((1, AttemptStatus.LOST), (2, AttemptStatus.RUNNING)):
            session.add(Attempt(job_id=running.id, number=number, worker_id="w", device_id="d", status=status))
        return running.id, waiting.id

    return write(settings, add)


def test_attempt_numbers_do_not_repeat_after_a_restore(
    settings: MasterSettings, out_with_a_worker: tuple[str, str]
) -> None:
    """A worker may still run an attempt that the restored database never heard of: its number must not come again."""
    backup, folder = offline.backup(settings, None)
    assert offline.restore(settings, folder / backup.name, sizes_only=False).requeued == 1
    db = Database(settings.sqlalchemy_url)
    with db.read() as session:
        jobs = {job.id: job for job in session.exec(select(Job))}
        attempts = session.exec(select(Attempt.number, Attempt.status).order_by(Attempt.number)).all()
    db.dispose()
    running, waiting = (jobs[id] for id in out_with_a_worker)
    assert (running.status, running.attempt, running.worker_id) == (JobStatus.QUEUED, 1002, None)
    assert (waiting.status, waiting.attempt) == (JobStatus.QUEUED, 1001)
    assert attempts == [(1, AttemptStatus.LOST), (2, AttemptStatus.LOST)]


def cinefarm(*arguments: str, settings: MasterSettings, code: int = 0) -> Any:
    """The command, as a person runs it; its JSON."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CINEFARM_")}
    environment |= {
        "CINEFARM_STATE_DIR": str(settings.state_dir),
        "CINEFARM_STORAGE_DIR": str(settings.storage_dir),
        "CINEFARM_PROJECTS_DIR": str(settings.projects_dir),
        "CINEFARM_URL": "",
        "PYTHONPATH": str(Path(offline.__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "cinefarm", *arguments],
        env=environment,
        cwd=settings.state_dir,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, f"{arguments}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.stderr


def test_the_commands_work_without_a_master(settings: MasterSettings, tmp_path: Path) -> None:
    """Backup to a folder, check it, restore it, prune."""
    write(settings, add_token("kept"))
    here = ("--state-dir", str(settings.state_dir), "--json")
    made = cinefarm("backup", "--to", str(tmp_path / "usb"), *here, settings=settings)
    copy = Path(made["file"])
    assert copy.parent == tmp_path / "usb"
    assert made["rows"]["apitoken"] == 1
    write(settings, add_token("later"))
    assert cinefarm("restore", str(copy), "--verify-only", *here, settings=settings)["replaced"] is None
    assert tokens(settings) == ["kept", "later"]
    assert cinefarm("restore", str(copy), *here, settings=settings)["backup"]["rows"]["apitoken"] == 1
    assert tokens(settings) == ["kept"]
    assert cinefarm("prune", *here, settings=settings)["dry_run"] is True
    with locked(settings.state_dir):
        said = cinefarm("restore", str(copy), *here, settings=settings, code=4)
        assert "stop it first" in said
    shutil.rmtree(tmp_path / "usb")
    assert "no file" in cinefarm("restore", str(copy), *here, settings=settings, code=1)
