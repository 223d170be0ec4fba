"""The renderer: hostile pages reach nothing, read nothing, cost no more than their limits and leave nothing running."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import psutil
import pytest
from hostile_pages import HEAVY, fetching
from PIL import Image

from tests.waiting import wait_until
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


def of_ours(pid: int | None = None) -> list[psutil.Process]:
    """Processes of the browsers that a process started, by the folder they were given."""
    mark = f"{browser.FOLDER}{pid or os.getpid()}-"
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(
            mark in word for word in process.info["cmdline"] or ()
        ):
            found.append(process)
    return found


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
        opened.deadline = time.monotonic() + 20
        target = opened.call("Target.createTarget", url="about:blank")["targetId"]
        session = opened.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened.send("Page.enable", session)
        frame = opened.call("Page.getFrameTree", session)["frameTree"]["frame"]["id"]
        opened.call("Page.setDocumentContent", session, frameId=frame, html=page)
        with suppress(TimeoutError):
            wait_until(lambda name=name: name in web.asked, timeout=0.1)
        opened.send("Target.closeTarget", targetId=target)
    time.sleep(0.3)  # requests on their way; there is nothing to wait for where none comes
    opened.stop()
    return set(web.asked)


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
    (layer,) = renderer.render(['<div style="background:red;width:99px;height:99px">'], 64, 64)
    assert tuple(layer[40, 40]) == (255, 0, 0, 255)


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


def test_memory_is_looked_at_once_a_document_at_least_and_not_at_every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look takes milliseconds, and a document is dozens of words."""
    looks: list[int] = []
    words: list[int] = []
    with renderer.drawing() as page:
        page.draw("warm", 8, 8)
        memory, wait = browser.memory_of, Browser._wait
        monkeypatch.setattr(browser, "memory_of", lambda pid: looks.append(pid) or memory(pid))
        monkeypatch.setattr(browser, "_STEP_S", 60.0)
        monkeypatch.setattr(Browser, "_wait", lambda self, pipe, way: words.append(pipe) or wait(self, pipe, way))
        page.draw("x", 8, 8)
        page.draw("y", 8, 8)
        assert len(looks) == 2
        assert len(words) > 8


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
    pid = kept.running()
    assert pid
    process = psutil.Process(pid)
    assert process.uids().real != 0
    assert "sk-secret" not in Path(f"/proc/{pid}/environ").read_text()
    words = process.cmdline()
    assert not [word for word in words if "no-sandbox" in word]
    with renderer.drawing() as page:
        told = page.open
    if not told:
        assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")


def test_sandboxing_is_never_switched_off() -> None:
    assert not [flag for flag in isolation.flags(Path("/tmp")) if "sandbox" in flag]


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


@pytest.mark.parametrize(
    ("html", "width", "height", "why"),
    [("x", 5000, 100, "4096"), ("x", 0, 10, "cannot be drawn"), ("x" * (9 << 20), 10, 10, "the most is")],
)
def test_what_is_too_large_is_not_tried(html: str, width: int, height: int, why: str) -> None:
    with pytest.raises(RenderFailed, match=why):
        renderer.render([html], width, height)


def test_a_box_without_a_browser_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    isolation.binary.cache_clear()
    monkeypatch.setattr(isolation, "_browsers", lambda: iter(()))
    try:
        assert "apt-get install chromium" in renderer.lack_of_browser()
    finally:
        isolation.binary.cache_clear()


@pytest.mark.processes
def test_the_browser_ends_with_its_host_however_that_ends() -> None:
    for number in (signal.SIGKILL, signal.SIGTERM):
        program = "import sys, time; from worker.engines.ads import renderer; renderer.render(['x'], 8, 8)\n"
        program += "print('drawn', flush=True); time.sleep(60)"
        host = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert host.stdout
        assert host.stdout.readline() == "drawn\n"
        assert of_ours(host.pid)
        host.send_signal(number)
        host.wait()
        wait_until(lambda pid=host.pid: not of_ours(pid), what="end of the browser with its host")


def test_folders_of_hosts_that_were_killed_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    left = tmp_path / f"{browser.FOLDER}999999999-abc"
    left.mkdir()
    made = browser._own_folder(isolation.cell())
    assert not left.exists()
    assert made.exists()


def test_a_page_of_a_dead_browser_cannot_draw() -> None:
    alone = Browser()
    page = Page(alone)
    os.kill(alone.pid, signal.SIGKILL)
    with pytest.raises(RenderFailed, match="ended"):
        page.draw("x", 8, 8)
