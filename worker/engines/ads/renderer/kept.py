"""The one browser that a process keeps warm, with a fresh context waiting: a new one for every job."""

import atexit
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from worker.engines.ads.renderer.browser import Browser, RenderFailed
from worker.engines.ads.renderer.page import Clip, Layer, Page, checked

MOST_JOBS = 200  # then a fresh browser, whatever the old one gathered

_lock = threading.Lock()
_browser: Browser | None = None
_waiting: Page | None = None
_jobs = 0


@contextmanager
def drawing() -> Iterator[Page]:
    """A context of its own for one job, to draw as many documents as it takes. One job at a time.

    Raises `NoBrowser` where there is none; whatever goes wrong in the block, the browser is gone afterwards and the
    next job has a new one. The browser ends with the thread that started it, and with the process at the latest.
    """
    with _lock:
        page = _page()
        try:
            yield page
        except BaseException:
            _drop()
            raise
    threading.Thread(target=_after, args=(page,), daemon=True).start()


def render(html: Sequence[str], width: int, height: int, clip: Clip | None = None) -> list[Layer]:
    """Documents of one job, each on a canvas of `width` x `height`, and the clip cut out. Raises as `drawing` does, and
    `RenderFailed` with the limit that was met."""
    for one in html:
        checked(one, clip or Clip(0, 0, width, height), width, height)
    with drawing() as page:
        return [page.draw(one, width, height, clip) for one in html]


def stop() -> None:
    """End the browser; the next job starts another."""
    with _lock:
        _drop()


def running() -> int | None:
    """Process id of the warm browser."""
    return _browser.pid if _browser and _browser.alive else None


def _page() -> Page:
    global _browser, _waiting, _jobs
    if _browser is None or not _browser.alive or _jobs >= MOST_JOBS:
        _drop()
        _browser, _jobs = Browser(), 0
    _jobs += 1
    page, _waiting = _waiting or Page(_browser), None
    return page


def _after(page: Page) -> None:
    """Throw the used context away and have the next one ready, while nobody waits for it."""
    global _waiting
    with _lock:
        if page.browser is not _browser or _waiting is not None:
            return
        try:
            page.close()
            _waiting = Page(page.browser)
        except (RenderFailed, RuntimeError):  # the last where the process ends meanwhile
            _drop()


def _drop() -> None:
    global _browser, _waiting
    if _browser:
        _browser.stop()
    _browser = _waiting = None


atexit.register(_drop)  # without the lock: a job may hold it when the process ends
