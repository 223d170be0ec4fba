"""One document in a context of its own: JavaScript off, offline, every request stopped, a policy that allows none."""

import asyncio
import base64
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.sentences import say
from worker.engines.ads.renderer.browser import Browser, RenderFailed

if TYPE_CHECKING:
    from playwright.async_api import Route

Layer = npt.NDArray[np.uint8]  # H×W×4 sRGB, straight alpha

MOST_SIDE = 4096  # pixels
MOST_HTML = 8 << 20  # bytes, with the fonts in it
LIMIT_S = 10.0  # for a document, from its context to its picture

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; form-action 'none'; base-uri 'none'"
)
_HEAD = f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'


@dataclass(frozen=True)
class Clip:
    """Of the document, in pixels."""

    x: int
    y: int
    width: int
    height: int


class Page:
    """A context with nothing in it yet; it may wait."""

    def __init__(self, browser: Browser) -> None:
        """Raises `RenderFailed`."""
        self.browser = browser
        self.stopped = 0  # requests that were stopped
        browser.within(LIMIT_S)
        browser.wait(self._open())

    async def _open(self) -> None:
        self._context = await self.browser.chromium.new_context(
            java_script_enabled=False,
            offline=True,
            service_workers="block",
            accept_downloads=False,
            bypass_csp=False,
            device_scale_factor=1,
        )
        await self._context.route(re.compile(""), self._stop)
        self._page = await self._context.new_page()
        self._session = await self._context.new_cdp_session(self._page)
        # once for all pictures, where `screenshot(omit_background=True)` asks five times for each and packs it slowly
        await self._session.send("Emulation.setDefaultBackgroundColorOverride", {"color": dict.fromkeys("rgba", 0)})
        await self._page.set_content(_HEAD)  # what Playwright needs in a page is there before anybody waits for it

    @property
    def open(self) -> str:
        """What this box does not shut in; empty if it shuts in everything."""
        return " ".join(self.browser.cell.open)

    def draw(self, html: str, width: int, height: int, clip: Clip | None = None) -> Layer:
        """A document on a canvas of this size, and the clip of it. Raises `RenderFailed`; then the browser is dead."""
        area = clip or Clip(0, 0, width, height)
        checked(html, area, width, height)
        self.browser.within(LIMIT_S)
        return _layer(self.browser.wait(self._draw(html, width, height, area)), area)

    async def _draw(self, html: str, width: int, height: int, area: Clip) -> bytes:
        size = self._page.set_viewport_size({"width": width, "height": height})
        await asyncio.gather(size, self._page.set_content(_HEAD + html))  # sent in this order, waited for together
        fonts = {"expression": "document.fonts.ready.then(() => 0)", "awaitPromise": True}
        await self._session.send("Runtime.evaluate", fonts)
        wished = {"format": "png", "optimizeForSpeed": True, "clip": asdict(area) | {"scale": 1}}
        shot = await self._session.send("Page.captureScreenshot", wished)
        return base64.b64decode(shot["data"])

    def close(self) -> None:
        self.browser.within(LIMIT_S)
        self.browser.wait(self._context.close())

    async def _stop(self, route: "Route") -> None:
        self.stopped += 1
        await route.abort("aborted")  # any other reason replaces a page that goes elsewhere by an error page


def checked(html: str, clip: Clip, width: int, height: int) -> None:
    """Raises `RenderFailed` for what is not to be tried."""
    if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
        raise RenderFailed(
            say(
                "{width}x{height} cannot be drawn: the most is {most} pixels a side.",
                width=width,
                height=height,
                most=MOST_SIDE,
            )
        )
    if clip.x < 0 or clip.y < 0 or clip.x + clip.width > width or clip.y + clip.height > height:
        raise RenderFailed(
            say("{clip} lies outside the canvas of {width}x{height}.", clip=str(clip), width=width, height=height)
        )
    if len(html) > MOST_HTML:
        raise RenderFailed(say("The document has {count} signs; the most is {most}.", count=len(html), most=MOST_HTML))


def _layer(png: bytes, clip: Clip) -> Layer:
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.shape[:2] != (clip.height, clip.width):
        raise RenderFailed(say("Chromium's picture is broken or of another size."))
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA if read.shape[2] == 4 else cv2.COLOR_BGR2RGBA), np.uint8)
