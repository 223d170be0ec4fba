"""The renderer's processes: one browser for many jobs, nothing left of it, and no harm beyond the job that lost it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from renderer_kit import of_ours, the_next_job_is_drawn

from tests.waiting import wait_until
from worker.engines.ads import renderer
from worker.engines.ads.renderer import RenderFailed, browser, isolation, kept
from worker.engines.ads.renderer.page import Page
from worker.engines.ads.renderer.processes import lives

pytestmark = pytest.mark.skipif(bool(renderer.lack_of_browser()), reason=renderer.lack_of_browser())

LARGE_BLUR = '<div style="width:900px;height:900px;background:red;filter:' + "blur(90px) " * 99 + '">x</div>'


@pytest.fixture
def before(ended: None) -> set[psutil.Process]:
    """Processes that earlier tests of other things have left to this one, as a tracker of shared memory is."""
    return set(psutil.Process().children())


def begun_since(before: set[psutil.Process]) -> set[psutil.Process]:
    return set(psutil.Process().children()) - before


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No browser survives a test, nor comes into one."""
    renderer.stop()
    yield
    renderer.stop()
    assert not of_ours()


def test_one_browser_serves_many_jobs_each_in_a_context_of_its_own() -> None:
    renderer.render(["x"], 8, 8)
    pid = kept.running()
    contexts = set()
    for _ in range(3):
        with renderer.drawing() as page:
            contexts.add(page._context)
    assert len(contexts) == 3
    assert kept.running() == pid


def test_a_fresh_browser_comes_after_so_many_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_JOBS", 2)
    pids = []
    for _ in range(3):
        renderer.render(["x"], 8, 8)
        pids.append(kept.running())
    assert pids[0] == pids[1] != pids[2]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that other users may enter, as they may not enter `tmp_path`."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.processes
@pytest.mark.parametrize("ends", ["killed", "asked to end", "at its end", "killed while it draws", "its driver hangs"])
def test_nothing_is_left_of_the_browser_when_its_host_ends(ends: str, temporary: Path) -> None:
    """No driver, no browser; and of their folders only the one that the next browser sweeps."""
    program = "import time; from worker.engines.ads import renderer; renderer.render(['x'], 8, 8)\n"
    program += "print('drawn', flush=True)\n"
    program += {
        "at its end": "",
        "killed while it draws": f"renderer.render([{LARGE_BLUR!r}], 1024, 1024)",
    }.get(ends, "time.sleep(60)")
    host = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(temporary)}
    )
    assert host.stdout
    assert host.stdout.readline() == "drawn\n"
    if ends == "at its end":
        host.wait()
        assert not of_ours(host.pid)
        assert not any(temporary.iterdir())
        return
    started = psutil.Process(host.pid).children(recursive=True)
    assert "node" in started[0].name()
    assert len(of_ours(host.pid)) > 3
    if ends == "its driver hangs":
        started[0].suspend()
    host.send_signal(signal.SIGTERM if ends == "asked to end" else signal.SIGKILL)
    host.wait()
    wait_until(lambda: not of_ours(host.pid) and not any(map(lives, started)), what="end of all that the host started")
    assert all(path.name.startswith(f"{browser.FOLDER}{host.pid}-") for path in temporary.iterdir())


def test_folders_of_hosts_that_were_killed_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    left = tmp_path / f"{browser.FOLDER}999999999-abc"
    left.mkdir()
    made = browser._own_folder(isolation.cell())
    assert not left.exists()
    assert made.exists()


KILLED: dict[str, Callable[[psutil.Process], psutil.Process]] = {
    "driver": lambda chromium: chromium.parents()[0],
    "browser": lambda chromium: chromium,
}


@pytest.mark.processes
@pytest.mark.parametrize("which", KILLED)
@pytest.mark.parametrize("drawing", [True, False])
def test_what_is_killed_in_the_middle_of_a_job_costs_that_job(
    which: str, drawing: bool, before: set[psutil.Process]
) -> None:
    renderer.render(["x"], 8, 8)
    killed = KILLED[which](psutil.Process(kept.running() or 0))

    async def cut_short(page: Page) -> None:
        drawn = asyncio.ensure_future(page._draw("x", 8, 8, renderer.Clip(0, 0, 8, 8)))
        await asyncio.sleep(0)  # it has asked for the first thing
        killed.kill()
        await drawn

    def job() -> None:
        with renderer.drawing() as page:
            if drawing:
                page.browser.wait(cut_short(page))
            killed.kill()
            page.draw("x", 8, 8)

    with pytest.raises(RenderFailed, match="ended"):
        job()
    assert not of_ours()
    assert not any(map(lives, begun_since(before)))
    the_next_job_is_drawn()


@pytest.mark.processes
def test_a_page_that_crashes_is_named_as_such_and_costs_its_job() -> None:
    def job() -> None:
        with renderer.drawing() as page:
            for process in psutil.Process(page.browser.pid).children(recursive=True):
                if "--type=renderer" in process.cmdline():
                    process.kill()
            page.draw("x", 8, 8)

    with pytest.raises(RenderFailed, match="crashed"):
        job()
    assert not of_ours()
    the_next_job_is_drawn()


@pytest.mark.processes
@pytest.mark.parametrize("which", KILLED)
def test_what_hangs_is_killed_at_the_time_limit(
    which: str, before: set[psutil.Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer.render(["x"], 8, 8)
    wait_until(lambda: kept._waiting is not None, what="the next context")  # which is given more time
    KILLED[which](psutil.Process(kept.running() or 0)).suspend()
    with monkeypatch.context() as short:
        short.setattr("worker.engines.ads.renderer.page.LIMIT_S", 1.0)
        with pytest.raises(RenderFailed, match="time limit"):
            renderer.render(["x"], 8, 8)
    assert not of_ours()
    assert not any(map(lives, begun_since(before)))
    the_next_job_is_drawn()


@pytest.mark.processes
@pytest.mark.parametrize("which", KILLED)
def test_what_is_killed_between_two_jobs_costs_none(which: str) -> None:
    renderer.render(["x"], 8, 8)
    before = psutil.Process(kept.running() or 0)
    KILLED[which](before).kill()
    wait_until(lambda: not lives(before), what="end of the browser")
    the_next_job_is_drawn()
