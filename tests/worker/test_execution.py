"""One attempt, from `Run` to its report, with a real host process that does what hosts should not."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from waiting import until

from cinefarm.messages import MAX_FRAME, AttemptRef, Completed, DeviceFacts, Failed, FromWorker, InputFile, Log, Run
from cinefarm.statuses import FailureKind
from cinefarm.storage import Storage
from worker import executor, slot
from worker.executor import Execution
from worker.files import SharedFiles
from worker.slot import HostDied, HostProcess

DEVICE = DeviceFacts(id="cpu-x", kind="cpu", name="CPU", memory_total_gb=1)


@pytest.fixture
async def host(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HostProcess]:
    """The strange host, started the way the agent starts a real one."""
    start = asyncio.create_subprocess_exec

    async def start_strange(program: str, *arguments: str, **options: Any) -> Any:
        assert arguments == ("-m", "worker.host")
        return await start(program, str(Path(__file__).with_name("strange_host.py")), **options)

    monkeypatch.setattr(slot.asyncio, "create_subprocess_exec", start_strange)
    started = await HostProcess.start({"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)})
    yield started
    if started.alive:
        await started.kill()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(projects=tmp_path / "projects", shared=tmp_path / "shared_storage")


class Attempt:
    """An execution and what it sent."""

    def __init__(self, storage: Storage, do: str, *, timeout_s: float = 20.0, **changes: Any) -> None:
        self.sent: list[FromWorker] = []
        self.pids = storage.projects.parent / "pids"
        run = Run(
            **{
                "ref": AttemptRef(job_id="1", attempt=3),
                "device_id": DEVICE.id,
                "name": "Test",
                "workflow": "a/b",
                "workflow_version": 1,
                "engine": "strange",
                "parameters": {"do": do, "pids": str(self.pids)},
                "output_dir": "projects/DEMO/temp/1/3",
                "timeout_s": timeout_s,
                **changes,
            }
        )
        self.execution = Execution(run, DEVICE, SharedFiles(storage), self.sent.append)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_finished_attempt_reports_its_files(host: HostProcess, storage: Storage) -> None:
    """With hashes, sizes and what made them; the host lives on."""
    report = await Attempt(storage, "work").execution.perform(host)
    assert isinstance(report, Completed)
    assert report.outputs[0].name == "panel.png"
    assert report.outputs[0].mime == "image/png"
    assert report.recipe == {"variant": None, "engine": "strange"}
    assert host.alive


@pytest.mark.parametrize(
    ("do", "kind", "said"),
    [
        ("killed", FailureKind.OUT_OF_MEMORY, "signal 9"),  # the system kills what takes too much memory
        ("crash", FailureKind.ENGINE_ERROR, "code 1"),
        ("nonsense", FailureKind.ENGINE_ERROR, "cannot be understood"),
        ("huge line", FailureKind.ENGINE_ERROR, "MiB"),
    ],
)
async def test_a_host_that_dies_or_raves_is_reported_by_its_kind(
    host: HostProcess, storage: Storage, do: str, kind: FailureKind, said: str
) -> None:
    """And is dead afterwards, so that a fresh one takes the next attempt."""
    report = await Attempt(storage, do).execution.perform(host)
    assert isinstance(report, Failed)
    assert report.failure is kind
    assert said in report.message
    await until(lambda: not host.alive, "the host's end")
    with pytest.raises(HostDied):
        async for _ in host.run(_request(storage)):
            pass


def _request(storage: Storage) -> Any:
    return slot.HostRun(
        workflow="a/b", engine="strange", parameters={"do": "work"}, inputs={}, out_dir=storage.projects, device="cpu"
    )


async def test_a_failure_that_the_engine_understood_is_passed_on(host: HostProcess, storage: Storage) -> None:
    """Its own kind and words."""
    report = await Attempt(storage, "fail").execution.perform(host)
    assert isinstance(report, Failed)
    assert (report.failure, report.message) == (FailureKind.BAD_INPUT, "No.")
    assert host.alive


async def test_an_attempt_over_its_time_is_killed_with_all_it_started(host: HostProcess, storage: Storage) -> None:
    """The whole process group: no child is left behind."""
    attempt = Attempt(storage, "hang", timeout_s=1.5)
    report = await attempt.execution.perform(host)
    assert isinstance(report, Failed)
    assert report.failure is FailureKind.TIMEOUT
    assert "1.5 s" in report.message
    pids = [int(pid) for pid in attempt.pids.read_text().split()]
    assert len(pids) == 2
    await until(lambda: all(gone(pid) for pid in pids), "every process of the group to end")


async def test_a_canceled_attempt_stops_and_reports_nothing(host: HostProcess, storage: Storage) -> None:
    """A host that stops in time stays warm for the next one."""
    attempt = Attempt(storage, "wait for cancel")
    running = asyncio.create_task(attempt.execution.perform(host))
    await until(attempt.pids.exists, "the run")
    attempt.execution.cancel()
    assert await running is None
    assert host.alive
    assert isinstance(await Attempt(storage, "work").execution.perform(host), Completed)


async def test_a_canceled_attempt_that_hangs_is_killed(
    host: HostProcess, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the grace."""
    monkeypatch.setattr(executor, "CANCEL_GRACE_S", 0.1)
    attempt = Attempt(storage, "hang")
    running = asyncio.create_task(attempt.execution.perform(host))
    await until(attempt.pids.exists, "the run")
    attempt.execution.cancel()
    assert await running is None
    assert not host.alive


async def test_a_missing_input_is_the_boxs_fault(host: HostProcess, storage: Storage) -> None:
    """Another box may see it."""
    file = InputFile(name="image", sha256="0" * 64, bytes=1, path="shared_storage/objects/none.png")
    report = await Attempt(storage, "work", inputs=(file,)).execution.perform(host)
    assert isinstance(report, Failed)
    assert report.failure is FailureKind.WORKER
    assert "image" in report.message


async def test_a_path_that_leads_out_of_the_shared_folder_is_the_boxs_fault(
    host: HostProcess, storage: Storage, tmp_path: Path
) -> None:
    """It is reported, not raised through the agent."""
    storage.shared.mkdir()
    (storage.shared / "away").symlink_to(tmp_path / "elsewhere")
    file = InputFile(name="image", sha256="0" * 64, bytes=1, path="shared_storage/away/x.png")
    report = await Attempt(storage, "work", inputs=(file,)).execution.perform(host)
    assert isinstance(report, Failed)
    assert report.failure is FailureKind.WORKER


async def test_a_talkative_engine_stays_within_the_frame_limit(host: HostProcess, storage: Storage) -> None:
    """Long lines in any script: cut to 16 KiB of letters, and few enough in one message."""
    attempt = Attempt(storage, "talk")
    await attempt.execution.perform(host)
    logs = [message for message in attempt.sent if isinstance(message, Log)]
    assert sum(len(log.lines) for log in logs) == 60
    assert max(len(log.model_dump_json().encode()) for log in logs) <= MAX_FRAME
    assert {len(line.text) for log in logs for line in log.lines} == {16 * 1024}
    assert {line.level for log in logs for line in log.lines} == {"info"}, "an unknown level is plain"
