"""What is old enough goes, in steps; what a row names stays; a clock that leaps deletes nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from keeping_kit import (
    NOW,
    Film,
    add_attempt_folder,
    add_job,
    add_lines,
    add_media,
    add_object,
    add_project,
    count,
    days,
    film,
    objects,
)
from sqlmodel import Session

from cinefarm.ids import new_id
from cinefarm.statuses import JobStatus
from cinefarm.storage import Storage
from master.app import create_app
from master.config import MasterSettings
from master.db import Database
from master.keeping.caretaker import terms_of
from master.keeping.reconcile import move_orphans
from master.keeping.retention import sweep
from master.keeping.trash import empty_trash
from master.models import (
    Character,
    Event,
    LogLine,
    Look,
    Media,
    Project,
    Shot,
    ShotCharacter,
    StepRow,
    SweepMark,
    Take,
    ViewRow,
)


def swept(db: Database, storage: Storage, settings: MasterSettings, now: datetime, *, dry_run: bool = False) -> Any:
    found = sweep(db, storage, terms_of(settings), now, dry_run=dry_run).model_dump(exclude_defaults=True)
    assert found.pop("dry_run") is dry_run
    return found


def test_log_lines_go_after_two_weeks(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """In several commits, so that nobody waits long; a dry run only counts."""

    def write(session: Session) -> None:
        job = add_job(session, add_project(session), JobStatus.COMPLETED)
        add_lines(session, job, NOW - days(15), 11_000)
        add_lines(session, job, NOW - days(13), 7)

    db.write(write)
    assert swept(db, storage, settings, NOW, dry_run=True) == {"log_lines": 11_000}
    assert count(db, LogLine) == 11_007
    assert swept(db, storage, settings, NOW) == {"log_lines": 11_000}
    assert count(db, LogLine) == 7


def test_who_did_what_goes_after_a_year(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """Numbers are not given again: what follows the record by its number misses nothing."""

    def write(session: Session) -> None:
        for age in (366, 366, 364):
            session.add(Event(time=NOW - days(age), actor="mina", noun="job", noun_id="1", change="held"))

    db.write(write)
    assert swept(db, storage, settings, NOW, dry_run=True) == {"events": 2}
    assert swept(db, storage, settings, NOW) == {"events": 2}
    assert count(db, Event) == 1


def test_orphans_go_after_a_month(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """Counted from when they became orphans, not from when the files were written."""
    db.write(lambda session: add_project(session).id)
    add_attempt_folder(storage, "DEMO", new_id(), 1)
    mine = storage.projects / "DEMO" / "orphans" / "mine"
    mine.mkdir(parents=True)
    with db.read() as session:
        assert move_orphans(session, storage, NOW) == 1
    assert swept(db, storage, settings, NOW + days(29)) == {}
    assert swept(db, storage, settings, NOW + days(31), dry_run=True) == {"orphan_folders": 1, "bytes": 14}
    assert swept(db, storage, settings, NOW + days(31)) == {"orphan_folders": 1, "bytes": 14}
    assert [path.name for path in mine.parent.iterdir()] == ["mine"], "what is not ours stays"


def test_an_unnamed_object_goes_in_three_steps(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """Marked, set aside a week later, deleted a day after that. Named ones stay, those in the trash too."""
    loose = add_object(storage, b"nobody's")

    def write(session: Session) -> list[str]:
        project = add_project(session)
        kept = [add_media(session, storage, b"shown").path]
        kept.append(add_media(session, storage, b"in the trash", deleted_at=NOW - days(900)).path)
        record = {"name": "a", "path": add_object(storage, b"read by a job"), "sha256": "0" * 64}
        add_job(session, project, JobStatus.FAILED, inputs=[record])
        return [*kept, str(record["path"])]

    kept = set(db.write(write))
    assert swept(db, storage, settings, NOW, dry_run=True) == {"objects_marked": 1}
    assert count(db, SweepMark) == 0
    assert swept(db, storage, settings, NOW) == {"objects_marked": 1}
    assert swept(db, storage, settings, NOW + days(6.9)) == {}
    assert objects(storage) == kept | {loose}
    assert swept(db, storage, settings, NOW + days(7.1)) == {"objects_set_aside": 1}
    assert objects(storage) == kept
    assert swept(db, storage, settings, NOW + days(8)) == {}
    assert swept(db, storage, settings, NOW + days(8.2)) == {"objects_deleted": 1, "bytes": 8}
    assert objects(storage) == kept
    assert list((storage.shared / "orphans").iterdir()) == []
    assert count(db, SweepMark) == 0


@pytest.mark.parametrize("after", [1, 7.1], ids=["marked", "set aside"])
def test_an_object_that_is_named_again_stays(
    db: Database, storage: Storage, settings: MasterSettings, after: float
) -> None:
    """At either step the same content may come back as somebody's picture."""
    path = add_object(storage, b"again")
    swept(db, storage, settings, NOW)
    swept(db, storage, settings, NOW + days(after))
    assert storage.has(path) == (after < 7)
    file = next(storage.shared.rglob(Path(path).name))
    content = file.read_bytes()

    def write(session: Session) -> None:
        media = add_media(session, storage, b"other")
        media.path, media.sha256 = path, Path(path).stem

    db.write(write)
    swept(db, storage, settings, NOW + days(9))
    for later in (20, 40):
        swept(db, storage, settings, NOW + days(later))
        assert storage.resolve(path).read_bytes() == content


def test_a_named_object_is_never_swept_whatever_the_marks_say(
    db: Database, storage: Storage, settings: MasterSettings
) -> None:
    """The rows decide at the last moment, on the writer's thread."""

    def write(session: Session) -> str:
        path = add_media(session, storage, b"shown").path
        session.add(SweepMark(path=path, marked_at=NOW - days(100)))
        return path

    path = db.write(write)
    assert swept(db, storage, settings, NOW) == {}
    assert storage.has(path)
    assert count(db, SweepMark) == 0


def test_an_old_project_leaves_with_all_that_is_its_own(db: Database, storage: Storage) -> None:
    """Another's rows stay; a dry run says the same and changes nothing."""
    film(db, storage, "OLD", project=NOW - days(31))
    film(db, storage, "NEW", project=NOW - days(29))
    film(db, storage, "ALIVE")
    dry = empty_trash(db, NOW - days(30), dry_run=True)
    assert count(db, Project) == 3
    assert empty_trash(db, NOW - days(30), dry_run=False) == dry
    assert (dry.projects, dry.shots, dry.media, dry.kept) == (["OLD"], 1, 1, [])
    for table in (Project, Shot, Take, Media, Character, Look, ShotCharacter, StepRow, ViewRow):
        assert count(db, table) == 2, table
    assert count(db, LogLine) == 6


def test_a_project_with_waiting_jobs_stays(db: Database, storage: Storage) -> None:
    """It says what to do."""

    def write(session: Session) -> None:
        made = Film(session, storage, "BUSY")
        made.project.deleted_at = NOW - days(31)
        add_job(session, made.project, JobStatus.HELD)

    db.write(write)
    emptied = empty_trash(db, NOW - days(30), dry_run=False)
    assert emptied.projects == []
    assert emptied.kept == ["Project BUSY: it has jobs that have not ended; cancel them first."]
    assert count(db, Project) == 1


def test_an_old_shot_leaves_its_jobs_and_what_others_show(db: Database, storage: Storage) -> None:
    """The history of jobs stays, and a picture that another shot takes as its reference."""

    def write(session: Session) -> None:
        made = Film(session, storage, "DEMO")
        made.shot.deleted_at = NOW - days(31)
        shown = add_media(session, storage, b"shown elsewhere", project_id=made.project.id)
        session.add(Take(shot_id=made.shot.id, number=2, media_id=shown.id))
        session.add(Shot(code="SHT-00002", project_id=made.project.id, reference_images=[shown.id]))

    db.write(write)
    emptied = empty_trash(db, NOW - days(30), dry_run=False)
    assert (emptied.shots, emptied.media) == (1, 1)
    assert (count(db, Shot), count(db, Take), count(db, Media), count(db, LogLine)) == (1, 0, 1, 3)


def test_a_character_that_a_shot_shows_stays(db: Database, storage: Storage) -> None:
    """Until the shot has gone; then it goes, and its look before it."""
    made = film(db, storage, character=NOW - days(31), look=NOW - days(31))
    kept = empty_trash(db, NOW - days(30), dry_run=False).kept
    names = (f"Look {made.look.id}", f"Character {made.character.id}")
    assert kept == [f"{name}: something still names it." for name in names]

    def delete_shot(session: Session) -> None:
        session.get_one(Shot, made.shot.id).deleted_at = NOW - days(31)

    db.write(delete_shot)
    assert empty_trash(db, NOW - days(30), dry_run=False).others == 2


def test_a_farm_that_is_in_use_is_not_touched(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """Nothing of a living project goes, however old it is."""
    film(db, storage)
    assert set(swept(db, storage, settings, NOW + days(3000))) == {"log_lines", "steps"}
    assert empty_trash(db, NOW + days(3000), dry_run=False).model_dump(exclude_defaults=True) == {}
    assert len(objects(storage)) == 1


def test_prune_over_the_api_is_a_dry_run_unless_told(settings: MasterSettings, storage: Storage) -> None:
    """And answers what went."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as api:
        master = api.app.state.master  # type: ignore[attr-defined]
        api.headers["Authorization"] = f"Bearer {master.doorkeeper.secret}"
        film(master.db, storage, project=datetime.now(NOW.tzinfo) - days(31))
        dry = api.post("/api/prune").json()
        assert (dry["dry_run"], dry["trash"]["projects"]) == (True, ["DEMO"])
        assert count(master.db, Project) == 1
        done = api.post("/api/prune", params={"dry_run": False}).json()
        assert (done["dry_run"], done["trash"]["projects"]) == (False, ["DEMO"])
        assert count(master.db, Project) == 0


def test_undo_steps_go_with_tabs_that_nobody_uses(db: Database, storage: Storage, settings: MasterSettings) -> None:
    """All of a tab or nothing: one used yesterday keeps its old steps."""

    def write(session: Session) -> None:
        project = add_project(session)
        for tab, age in (("old", 8), ("old", 9), ("used", 8), ("used", 1)):
            session.add(StepRow(project_id=project.id, user="mina", tab=tab, moved_at=NOW - days(age)))

    db.write(write)
    assert swept(db, storage, settings, NOW, dry_run=True) == {"steps": 2}
    assert swept(db, storage, settings, NOW) == {"steps": 2}
    assert count(db, StepRow) == 2
