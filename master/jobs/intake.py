"""Take in the files of a finished attempt: check size and hash, keep them as objects."""

import asyncio
from pathlib import PurePosixPath

from sqlmodel import col, select

from cinefarm.messages import Completed, OutputFile
from cinefarm.storage import Storage, StoragePath, attempt_dir, object_path, sha256_file
from master.db import Database
from master.models import Job, Project


def object_of(output: OutputFile) -> StoragePath:
    return object_path(output.sha256, suffix_of(output.name))


def suffix_of(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if len(suffix) <= 9 and suffix[1:].isalnum() else ""


class Intake:
    def __init__(self, db: Database, storage: Storage) -> None:
        self._db = db
        self._storage = storage

    async def verify(self, report: Completed) -> str | None:
        """None when every file is as reported; else the sentence that says what is wrong."""
        return await asyncio.to_thread(self._verify, report)

    def _verify(self, report: Completed) -> str | None:
        with self._db.read() as session:
            code = session.exec(
                select(Project.code).join(Job, col(Job.project_id) == Project.id).where(Job.id == report.ref.job_id)
            ).one()
        folder = attempt_dir(code, report.ref.job_id, report.ref.attempt)
        for output in report.outputs:
            try:
                problem = _take_in(self._storage, folder, output)
            except ValueError as error:  # a name that no file may have
                problem = str(error)
            if problem:
                return problem
        return None


def _take_in(storage: Storage, folder: StoragePath, output: OutputFile) -> str | None:
    target = object_of(output)
    place = storage.resolve(target)
    if place.is_file() and place.stat().st_size == output.bytes:
        return None  # uploaded before, or the same content is here already
    source = storage.resolve(folder / output.name)
    if not source.is_file():
        return f"The output “{output.name}” was reported but is not in the attempt's folder."
    size = source.stat().st_size
    if size != output.bytes:
        return f"The output “{output.name}” has {size} bytes; the report says {output.bytes}."
    if sha256_file(source) != output.sha256:
        return f"The output “{output.name}” does not match its reported SHA-256; it was changed or damaged."
    storage.adopt(source, output.sha256, suffix_of(output.name))
    return None
