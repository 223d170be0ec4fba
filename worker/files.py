"""Inputs and outputs of attempts: in the shared folder when the box sees it, else over HTTP by hash."""

import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import httpx

from cinefarm.messages import AttemptRef, InputFile, Run
from cinefarm.sentences import say
from cinefarm.storage import Storage
from worker.pipe import HostFile

CACHE_LIMIT_BYTES = 20_000_000_000
_CHUNK = 1024 * 1024


class FileError(Exception):
    """A file that could not be fetched or sent; the message says which and why."""


class SharedFiles:
    """The box sees the master's folders: nothing is copied."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def fetch(self, run: Run) -> dict[str, Path]:
        places = {}
        for file in run.inputs:
            place = self._storage.resolve(file.path)
            if not place.is_file():
                raise FileError(
                    say("Input “{name}” is not at {path} in the shared folder.", name=file.name, path=str(file.path))
                )
            places[file.name] = place
        return places

    def out_dir(self, run: Run) -> Path:
        return self._storage.resolve(run.output_dir)

    async def deliver(self, ref: AttemptRef, files: tuple[HostFile, ...]) -> None:
        """They lie where the master looks."""

    def clean(self, run: Run) -> None:
        shutil.rmtree(self.out_dir(run), ignore_errors=True)


class RemoteFiles:
    """Files travel over HTTP; what is already on the other side is not sent again."""

    def __init__(self, client: httpx.AsyncClient, folder: Path) -> None:
        self._client = client
        self._cache = folder / "objects"
        self._work = folder / "work"
        self._cache.mkdir(parents=True, exist_ok=True)

    async def fetch(self, run: Run) -> dict[str, Path]:
        places = {file.name: await self._fetch_one(run.ref, file) for file in run.inputs}
        self._trim(keep=set(places.values()))
        return places

    async def _fetch_one(self, ref: AttemptRef, file: InputFile) -> Path:
        place = self._cache / f"{file.sha256}{PurePosixPath(file.path).suffix}"
        if place.is_file() and place.stat().st_size == file.bytes:
            os.utime(place)  # recently used
            return place
        temporary = place.with_name(f".{place.name}.{ref.job_id}.{ref.attempt}")
        digest = hashlib.sha256()
        try:
            async with self._client.stream("GET", f"/api/worker/objects/{file.sha256}", params=_query(ref)) as answer:
                if answer.status_code != 200:
                    why = f"HTTP {answer.status_code}"
                    raise FileError(say("Input “{name}” could not be fetched: {error}.", name=file.name, error=why))
                with temporary.open("wb") as target:
                    async for chunk in answer.aiter_bytes(_CHUNK):
                        digest.update(chunk)
                        target.write(chunk)
            if digest.hexdigest() != file.sha256:
                raise FileError(say("Input “{name}” arrived damaged: its SHA-256 differs.", name=file.name))
            temporary.replace(place)
        except httpx.HTTPError as error:
            raise FileError(
                say("Input “{name}” could not be fetched: {error}.", name=file.name, error=str(error))
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
        return place

    def out_dir(self, run: Run) -> Path:
        return self._work / run.ref.job_id / str(run.ref.attempt)

    async def deliver(self, ref: AttemptRef, files: tuple[HostFile, ...]) -> None:
        """Raises `FileError` when the master cannot be reached or refuses; the caller tries again."""
        for file in files:
            url = f"/api/worker/objects/{file.sha256}"
            query = {**_query(ref), "suffix": file.path.suffix.lower()}
            try:
                if (await self._client.head(url, params=query)).status_code == 200:
                    self._keep(file)
                    continue
                answer = await self._client.put(url, params=query, content=_chunks(file.path))
            except httpx.HTTPError as error:
                raise FileError(
                    say("{file} could not be sent: {error}.", file=file.path.name, error=str(error))
                ) from error
            if answer.status_code != 201:
                raise FileError(
                    say(
                        "{file} was refused: HTTP {status} {said}",
                        file=file.path.name,
                        status=answer.status_code,
                        said=answer.text[:200],
                    )
                )
            self._keep(file)

    def _keep(self, file: HostFile) -> None:
        """What was made here is often what the next job reads; then it need not be fetched."""
        with suppress(OSError):  # it is there already, or the file system has no links
            os.link(file.path, self._cache / f"{file.sha256}{file.path.suffix.lower()}")

    def clean(self, run: Run) -> None:
        shutil.rmtree(self.out_dir(run), ignore_errors=True)

    def _trim(self, keep: set[Path]) -> None:
        """Drop the least recently used inputs beyond the limit."""
        files = sorted(
            (path for path in self._cache.iterdir() if path.is_file()), key=lambda path: path.stat().st_mtime
        )
        total = sum(path.stat().st_size for path in files)
        for path in files:
            if total <= CACHE_LIMIT_BYTES:
                return
            if path not in keep:
                total -= path.stat().st_size
                path.unlink(missing_ok=True)


Files = SharedFiles | RemoteFiles


def _query(ref: AttemptRef) -> dict[str, str]:
    return {"job": ref.job_id, "attempt": str(ref.attempt), "revision": str(ref.revision)}


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def verify_probe(storage: Storage, path: str, content: str) -> bool:
    """Whether this box sees the master's own folder: the file the master just wrote is there."""
    try:
        return storage.resolve(path).read_text() == content
    except (OSError, ValueError):
        return False


def sharing(files: Files | None) -> str:
    """For the log."""
    return "sharing the master's folders" if isinstance(files, SharedFiles) else "with files over HTTP"
