"""The renderer: hostile pages reach nothing, read nothing, cost no more than their limits and leave nothing running."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import psutil
import pytest
from hostile_pages import HEAVY, fetching
from PIL import Image
from playwright.async_api import Error as PlaywrightError
from renderer_kit import of_ours, the_next_job_is_drawn

from worker.engines.ads import renderer
from worker.engines.ads.renderer import RenderFailed, browser, isolation, kept
from worker.engines.ads.renderer.browser import Browser
from worker.engines.ads.renderer.page import LIMIT_S, Page

pytestmark = pytest.mark.skipif(bool(renderer.lack_of_browser()), reason=renderer.lack_of_browser())

SIDE = 160
MAGENTA = (255, 0, 255)


class Web:
    """A server on this machine that remembers which pages asked it."""

    def __init__(self) -> None:
        asked: set[str] = set()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.add(self.path.strip("/").split("/")[0].split("#")[0].split("?")[0])
                self.send_response(404)
                self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """No browser survives a test."""
    yield
    renderer.stop()
    assert not of_ours()


def page_html(inner: str) -> str:
    return f'{inner}<p style="color:#00c000">drawn</p>'


def drawn_in_turn(pages: dict[str, str]) -> Iterator[tuple[str, np.ndarray]]:
    """Every page within its time, a dozen in one context: what one leaves behind, such as a base, helps the next."""
    names = list(pages)
    for start in range(0, len(names), 12):
        with renderer.drawing() as context:
            for name in names[start : start + 12]:
                started = time.monotonic()
                yield name, context.draw(page_html(pages[name]), SIDE, SIDE)
                assert time.monotonic() - started < LIMIT_S + 2


def test_a_document_is_drawn_with_alpha() -> None:
    (layer,) = renderer.render(
        ['<body style="margin:0"><div style="width:40px;height:40px;background:rgba(255,0,0,.5)"></div>'], 80, 80
    )
    assert layer.shape == (80, 80, 4)
    assert tuple(layer[20, 20]) == pytest.approx((255, 0, 0, 128), abs=2)
    assert tuple(layer[60, 60]) == (0, 0, 0, 0)


@pytest.mark.processes
def test_no_way_out_is_taken_and_without_protection_many_are(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shut in, no page reaches a server on this machine; the same pages in an open browser do."""
    pages = fetching(web.address)
    assert len(pages) >= 60
    for _ in drawn_in_turn(pages):
        pass
    renderer.stop()
    assert web.asked == set()
    reached = _reached_in_the_open(web, pages, monkeypatch)
    assert len(reached) >= 40, f"only {sorted(reached)}: the server would not have noticed"


@pytest.mark.processes
def test_flags_and_interception_hold_without_the_namespace(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer on its own: where a box allows no namespace, the others still let nothing out."""
    monkeypatch.setattr(kept, "Browser", lambda: Browser(_cell_with_network()))
    for _ in drawn_in_turn(fetching(web.address)):
        pass
    assert web.asked == set()


def _cell_with_network() -> isolation.Cell:
    """The browser as another user, in this machine's network."""
    shut_in = isolation.cell()
    before = shut_in.before[shut_in.before.index("setpriv") :] if "setpriv" in shut_in.before else ()
    return isolation.Cell(before, shut_in.uid)


def _reached_in_the_open(web: Web, pages: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The pages as any browser would show them: scripts on, network on, no policy, nothing stopped."""
    monkeypatch.setattr(isolation, "_OFFLINE", ())
    opened = Browser(_cell_with_network())
    for name, page in pages.items():
        opened.within(20)
        opened.wait(_shown(opened, page, lambda name=name: name in web.asked))
    time.sleep(0.3)  # requests on their way; there is nothing to wait for where none comes
    opened.stop()
    return set(web.asked)


async def _shown(opened: Browser, page: str, asked: Callable[[], bool]) -> None:
    """As anyone would show it, and for a moment, or until it has asked."""
    context = await opened.chromium.new_context()
    tab = await context.new_page()
    with suppress(PlaywrightError):  # a page that goes elsewhere breaks off what is asked of it
        await tab.set_content(page, wait_until="commit")
    for _ in range(20):
        await asyncio.sleep(0 if asked() else 0.01)
    await context.close()


@pytest.mark.processes
def test_no_file_of_this_machine_is_in_the_picture(tmp_path: Path) -> None:
    """The picture is one that every user may read, so that nothing but the renderer keeps it out."""
    folder = Path("/var/tmp") / f"seen-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        for name in fetching(""):
            Image.new("RGB", (80, 80), MAGENTA).save(folder / name, "PNG")
        for name, layer in drawn_in_turn(fetching(f"file://{folder}/")):
            near = np.abs(layer[..., :3].astype(int) - MAGENTA).max(axis=2) < 60
            assert not (near & (layer[..., 3] > 0)).any(), name
        (layer,) = renderer.render(
            ['<iframe src="file:///etc/passwd" width=150 height=150 style="border:0">'], SIDE, SIDE
        )
        assert not layer[..., 3].any()
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


@pytest.mark.processes
@pytest.mark.parametrize("name", sorted(HEAVY))
def test_a_heavy_page_is_drawn_or_refused_within_its_limits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With less time than jobs have, so that the test ends: a page that is drawn in between shows no less."""
    monkeypatch.setattr("worker.engines.ads.renderer.page.LIMIT_S", 4.0)
    renderer.render(["warm"], 8, 8)
    before = psutil.Process(kept.running() or 0)
    started = time.monotonic()
    refused = ""
    try:
        renderer.render([HEAVY[name]], 1024, 1024)
    except RenderFailed as error:
        refused = str(error)
    if refused:
        assert any(word in refused for word in ("time limit", "memory", "ended", "crashed")), refused
        assert not before.is_running() or before.status() == psutil.STATUS_ZOMBIE
        assert not of_ours()
    assert time.monotonic() - started < 4 + 2
    monkeypatch.undo()
    the_next_job_is_drawn()


@pytest.mark.processes
def test_what_takes_too_long_or_too_much_is_killed_with_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both limits are met for certain, with what they kill."""
    renderer.render(["warm"], 8, 8)
    monkeypatch.setattr(browser, "MOST_BYTES", 60 << 20)
    with pytest.raises(RenderFailed, match="60 allowed"):
        renderer.render(["x"], 8, 8)
    assert not of_ours()
    monkeypatch.undo()
    monkeypatch.setattr("worker.engines.ads.renderer.page.LIMIT_S", 0.0)
    with pytest.raises(RenderFailed, match="time limit"):
        renderer.render(["x"], 8, 8)
    assert not of_ours()


@pytest.mark.processes
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="this machine lends one processor")
def test_a_document_that_takes_long_gets_one_processor_and_the_next_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a slow page slows nothing else; to hold every page so would cost an ad more than a tenth."""

    def lent() -> set[int]:
        family = psutil.Process(renderer.running() or 0)
        return {len(os.sched_getaffinity(one.pid)) for one in (family, *family.children(recursive=True))}

    all_of_them = len(os.sched_getaffinity(0))
    with renderer.drawing() as page:
        page.draw("x", 8, 8)
        assert lent() == {all_of_them}
        monkeypatch.setattr(browser, "FREELY_S", -1.0)
        page.draw("y", 8, 8)
        assert lent() == {1}
        monkeypatch.undo()
        page.draw("z", 8, 8)
        assert lent() == {all_of_them}


def test_memory_is_looked_at_once_a_document_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    with renderer.drawing() as page:
        memory = browser.memory_of
        monkeypatch.setattr(browser, "memory_of", lambda pid: looks.append(pid) or memory(pid))
        monkeypatch.setattr(browser, "_STEP_S", 60.0)
        page.draw("x", 8, 8)
        page.draw("y", 8, 8)
        assert len(looks) == 2


def test_a_context_is_one_process_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that draws: none to spare, none for what stands about a page in a window."""

    def renderers() -> int:
        process = renderer.running()
        assert process
        return sum("--type=renderer" in one.cmdline() for one in psutil.Process(process).children(recursive=True))

    monkeypatch.setattr(kept, "_after", lambda page: None)  # nothing waits for the next job
    renderer.stop()
    with renderer.drawing() as page:
        page.draw("x", 64, 64)
        drew = renderers()
        other = Page(page.browser)
        assert (drew, renderers()) == (1, 2)
        other.close()


def test_the_browser_is_another_user_without_network_and_without_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEFARM_LLM_KEY", "sk-secret")
    renderer.render(["x"], 8, 8)
    chromium = psutil.Process(kept.running() or 0)
    driver = psutil.Process(chromium.ppid())
    assert driver.ppid() == os.getpid()
    assert chromium.uids().real != 0
    for process in (driver, chromium):
        assert "sk-secret" not in Path(f"/proc/{process.pid}/environ").read_text()
        assert not [word for word in process.cmdline() if "no-sandbox" in word]
    with renderer.drawing() as page:
        told = page.open
    shares = os.readlink(f"/proc/{chromium.pid}/ns/net") == os.readlink("/proc/self/ns/net")
    assert shares == ("no network namespace" in told)


def test_what_draws_a_page_is_in_the_sandbox() -> None:
    """Its system calls are filtered, and it is in namespaces of its own."""
    with renderer.drawing() as page:
        page.draw("x", 8, 8)
        chromium = psutil.Process(kept.running() or 0)
        drawing = [one for one in chromium.children(recursive=True) if "--type=renderer" in one.cmdline()]
        assert drawing
        for process in drawing:
            state = Path(f"/proc/{process.pid}/status").read_text()
            assert "\nSeccomp:\t2\n" in state
            assert "\nNoNewPrivs:\t1\n" in state
            assert os.readlink(f"/proc/{process.pid}/ns/pid") != os.readlink(f"/proc/{chromium.pid}/ns/pid")


def test_sandboxing_is_never_switched_off() -> None:
    assert not [flag for flag in isolation.flags(Path("/tmp")) if "sandbox" in flag]


@pytest.mark.parametrize(
    ("html", "width", "height", "why"),
    [("x", 5000, 100, "4096"), ("x", 0, 10, "cannot be drawn"), ("x" * (9 << 20), 10, 10, "the most is")],
)
def test_what_is_too_large_is_not_tried(html: str, width: int, height: int, why: str) -> None:
    with pytest.raises(RenderFailed, match=why):
        renderer.render([html], width, height)


@pytest.fixture
def sought_anew() -> Iterator[None]:
    isolation.binary.cache_clear()
    yield
    isolation.binary.cache_clear()


@pytest.mark.usefixtures("sought_anew")
def test_a_box_without_a_browser_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_browsers", lambda: iter(()))
    assert "apt-get install chromium" in renderer.lack_of_browser()
    assert "playwright install chromium-headless-shell" in renderer.lack_of_browser()


@pytest.mark.usefixtures("sought_anew")
def test_a_browser_that_playwright_downloaded_is_found_where_all_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest, and the shell before the whole browser; for root, where others may enter."""
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(isolation, "BEHIND_SCRIPTS", ())
    for name in (
        "chromium-1255/chrome-linux64/chrome",
        "chromium_headless_shell-999/chrome-linux/headless_shell",
        "chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.touch(mode=0o755)
    assert next(isolation._browsers()) == path
    monkeypatch.setattr(isolation, "_all_may_enter", lambda folder: False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "PLAYWRIGHT_BROWSERS_PATH=/opt/browsers" in renderer.lack_of_browser()


def test_a_folder_is_closed_to_others_by_any_above_it(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    open_above = all(one.stat().st_mode & 0o001 for one in tmp_path.parents)
    assert isolation._all_may_enter(inner) == open_above
    tmp_path.chmod(0o700)
    assert not isolation._all_may_enter(inner)


def test_a_worker_that_draws_no_lettering_never_loads_playwright() -> None:
    program = "import sys, worker.host; from worker.engines import probe_engine; assert probe_engine('ads').ok\n"
    program += "import worker.engines.ads.lettering.trying; sys.exit(int('playwright' in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
