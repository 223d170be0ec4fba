"""Keeps the studio's own workflows as the master has them; whenever they changed, the hosts look anew."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx

from cinefarm.messages import Run, Workflows
from worker.executor import Slot
from worker.files import FileError
from worker.own_files import offered, set_offered, version_file, write_whole
from worker.pipe import HostReady
from worker.slot import HostDied
from workflows.own import is_own

log = logging.getLogger("cinefarm.worker")

AGAIN_S = 5.0  # after a fetch that failed
_MOST_BYTES = 4 * 1024 * 1024


class OwnSync:
    def __init__(self, folder: Path, client: httpx.AsyncClient) -> None:
        """`client` carries this worker's credential once it has joined the farm."""
        self._folder = folder
        self._client = client
        self._newest: Workflows | None = None
        self._fetching = asyncio.Lock()
        self._looked = offered(folder)  # what the hosts know; they start after this

    async def follow(self, told: Workflows, slots: list[Slot]) -> AsyncIterator[HostReady]:
        """Fetch what is new, then what the hosts find. One that computes answers when it has ended."""
        self._newest = told
        async with self._fetching:
            while told is self._newest:
                if await self._fetched(told):
                    break
                await asyncio.sleep(AGAIN_S)
            known = _versions(told)
            if told is not self._newest or known == self._looked:
                return
            self._looked = known
        looks = [asyncio.ensure_future(slot.host.look()) for slot in slots if slot.host and slot.host.alive]
        for look in asyncio.as_completed(looks):
            with suppress(HostDied):
                yield await look

    async def file_of(self, run: Run) -> Path | None:
        """The very version that the job was submitted with; None for a workflow that ships. Raises `FileError`."""
        if not is_own(run.workflow):
            return None
        return await self._fetch(run.workflow.split("/", 1)[1], run.workflow_version)

    async def _fetched(self, told: Workflows) -> bool:
        versions = _versions(told)
        try:
            for name, version in versions.items():
                await self._fetch(name, version)
            if versions != offered(self._folder):
                set_offered(self._folder, versions)
        except (FileError, OSError) as error:
            log.warning("the studio's own workflows are not up to date: %s", error)
            return False
        return True

    async def _fetch(self, name: str, version: int) -> Path:
        place = version_file(self._folder, name, version)
        if place.is_file():
            return place
        try:
            answer = await self._client.get(f"/api/worker/workflows/{name}/{version}")
        except httpx.HTTPError as error:
            raise FileError(f"The workflow “{name}” could not be fetched: {error or type(error).__name__}.") from error
        if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
            raise FileError(f"The workflow “{name}” could not be fetched: HTTP {answer.status_code}.")
        write_whole(place, answer.content)
        return place


def _versions(told: Workflows) -> dict[str, int]:
    return {one.name.split("/", 1)[1]: one.version for one in told.own}
