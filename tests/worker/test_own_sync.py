"""The studio's own workflows on a box: fetched, kept, and what the hosts find then."""

import asyncio
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from cinefarm.messages import AttemptRef, DeviceFacts, OwnWorkflow, Run, Workflows
from tests.workflows.own_graphs import PICTURE
from worker.executor import Slot
from worker.files import FileError
from worker.own_files import offered, own_workflows, set_offered, version_file
from worker.own_sync import OwnSync
from worker.pipe import HostReady
from worker.surroundings import Surroundings, catalog, unreadable
from workflows.own import OwnDraft, make_workflow

READY = HostReady(capabilities=("own/a",), engines={})


class Host:
    alive = True

    def __init__(self) -> None:
        self.looks = 0

    async def look(self) -> HostReady:
        self.looks += 1
        return READY


class Store:
    """The master's route, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.fails:
            self.fails -= 1
            return httpx.Response(503)
        name, version = request.url.path.split("/")[-2:]
        return httpx.Response(200, content=text(name, int(version)))


def text(name: str, version: int) -> str:
    draft = OwnDraft(title_ko=name, kind="image", graph=PICTURE)
    return make_workflow(name, version, draft).model_dump_json(exclude_none=True)


def told(**versions: int) -> Workflows:
    return Workflows(own=tuple(OwnWorkflow(name=f"own/{name}", version=version) for name, version in versions.items()))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def sync(tmp_path: Path, store: Store) -> OwnSync:
    client = httpx.AsyncClient(base_url="http://farm", transport=httpx.MockTransport(store))
    return OwnSync(tmp_path, client)


@pytest.fixture
def slot() -> Slot:
    slot = Slot(DeviceFacts(id="cpu-a", kind="cpu", name="CPU", memory_total_gb=8))
    slot.host = Host()  # type: ignore[assignment]
    return slot


async def followed(sync: OwnSync, message: Workflows, slot: Slot) -> list[HostReady]:
    return [found async for found in sync.follow(message, [slot])]


async def test_what_is_new_is_fetched_once_and_looked_at(
    tmp_path: Path, sync: OwnSync, store: Store, slot: Any
) -> None:
    assert await followed(sync, told(a=1, b=3), slot) == [READY]
    assert await followed(sync, told(a=1, b=3), slot) == []
    assert await followed(sync, told(a=2, b=3), slot) == [READY]
    assert store.asked == [f"/api/worker/workflows/{place}" for place in ("a/1", "b/3", "a/2")]
    assert slot.host.looks == 2
    found, broken = own_workflows(tmp_path)
    assert [(one.name, one.version) for one in found] == [("own/a", 2), ("own/b", 3)]
    assert broken == {}
    assert await followed(sync, told(), slot) == [READY]
    assert own_workflows(tmp_path)[0] == []


async def test_a_fetch_that_failed_is_tried_again(
    sync: OwnSync, store: Store, slot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.own_sync.AGAIN_S", 0.0)
    store.fails = 2
    assert await followed(sync, told(a=1), slot) == [READY]
    assert len(store.asked) == 3


async def test_what_was_told_last_counts(tmp_path: Path, sync: OwnSync, slot: Any) -> None:
    first = asyncio.create_task(followed(sync, told(a=1), slot))
    second = asyncio.create_task(followed(sync, told(b=1), slot))
    await asyncio.gather(first, second)
    assert offered(tmp_path) == {"b": 1}


async def test_a_job_gets_the_version_that_it_was_submitted_with(sync: OwnSync, store: Store) -> None:
    """Also one that is offered no more, and that this box never had."""
    file = await sync.file_of(run("own/a", 7))
    assert file is not None
    assert '"version":7' in file.read_text()
    assert await sync.file_of(run("text_to_image/storyboard", 1)) is None
    store.fails = 1
    with pytest.raises(FileError, match="HTTP 503"):
        await sync.file_of(run("own/a", 8))


def test_versions_that_are_no_longer_offered_go_after_a_day(tmp_path: Path) -> None:
    for version, age in ((1, 2 * 86400), (2, 60), (3, 2 * 86400)):
        place = version_file(tmp_path, "a", version)
        place.write_text(text("a", version))
        os.utime(place, (place.stat().st_mtime - age,) * 2)
    set_offered(tmp_path, {"a": 3})
    assert sorted(file.name for file in tmp_path.glob("a.*")) == ["a.2.json", "a.3.json"]


def test_a_file_that_cannot_be_read_is_told_and_the_others_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_file(tmp_path, "a", 1).write_text(text("a", 1))
    version_file(tmp_path, "b", 1).write_text(text("b", 1).replace('"scope"', '"place"'))
    set_offered(tmp_path, {"a": 1, "b": 1})
    for name, value in Surroundings(own_dir=tmp_path).environment().items():
        monkeypatch.setenv(name, value)
    assert "own/a" in catalog()
    assert "own/b" not in catalog()
    assert "Update this worker" in unreadable()["own/b"]


def run(workflow: str, version: int) -> Run:
    return Run(
        ref=AttemptRef(job_id="1", attempt=1),
        device_id="cpu-a",
        name="",
        workflow=workflow,
        workflow_version=version,
        engine="comfyui",
        parameters={},
        output_dir="projects/A/temp/1/1",
        timeout_s=1,
    )
