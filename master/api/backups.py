"""Routes of backups, and of what is deleted for its age."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from master.api.deps import Asker, TheMaster
from master.api.strict import StrictRoute
from master.audit import record
from master.keeping.backup import Backup, BackupReason
from master.keeping.caretaker import Pruned

router = APIRouter(prefix="/api", tags=["keeping"], route_class=StrictRoute)


class BackupPage(BaseModel):
    folder: str  # on the master's machine
    rows: list[Backup]


class BackupMade(BaseModel):
    folder: str  # on the master's machine
    backup: Backup


@router.get("/backups")
def list_backups(master: TheMaster) -> BackupPage:
    """Verified copies of the database, newest first."""
    return BackupPage(folder=str(master.caretaker.folder), rows=master.caretaker.backups())


@router.post("/backups", status_code=201)
def create_backup(master: TheMaster, asker: Asker) -> BackupMade:
    """Copy the database now and check the copy. Nothing waits for it meanwhile."""
    backup = master.caretaker.back_up(BackupReason.MANUAL)
    master.db.write(lambda session: record(session, asker.name, "backup", backup.name, "made"))
    return BackupMade(folder=str(master.caretaker.folder), backup=backup)


@router.post("/prune")
def prune(
    master: TheMaster,
    asker: Asker,
    dry_run: Annotated[bool, Query(description="Only say what would be deleted")] = True,
    clock_is_right: Annotated[bool, Query(description="Believe a clock that has leapt ahead")] = False,
) -> Pruned:
    """Delete what is older than the settings keep it: the trash, logs, files of ended attempts, unnamed files."""
    pruned = master.caretaker.prune(dry_run=dry_run, clock_is_right=clock_is_right)
    if not dry_run:
        master.db.write(lambda session: record(session, asker.name, "storage", "", "pruned"))
    return pruned
