"""One document in a context of its own: JavaScript off, offline, every request stopped, a policy that allows none."""

import base64
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cinefarm.sentences import say
from worker.engines.ads.renderer.browser import Browser, Event, RenderFailed

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
        self._loaded = False
        limited(browser)
        browser.on_event = self._on_event
        self._context = browser.call("Target.createBrowserContext", disposeOnDetach=True)["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self._context)["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        # sent at once: each answer that is waited for costs a turn of two busy processes
        self._send("Page.enable")
        self._send("Emulation.setScriptExecutionDisabled", value=True)
        self._send("Network.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self._send("Network.emulateNetworkConditions", **offline)
        self._send("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._send("Emulation.setDefaultBackgroundColorOverride", color={"r": 0, "g": 0, "b": 0, "a": 0})
        self._frame = self._call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    @property
    def open(self) -> str:
        """What this box does not shut in; empty if it shuts in everything."""
        return " ".join(self.browser.cell.open)

    def draw(self, html: str, width: int, height: int, clip: Clip | None = None) -> Layer:
        """A document on a canvas of this size, and the clip of it. Raises `RenderFailed`; then the browser is dead."""
        area = clip or Clip(0, 0, width, height)
        checked(html, area, width, height)
        limited(self.browser)
        self._send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._loaded = False
        self._call("Page.setDocumentContent", frameId=self._frame, html=_HEAD + html)
        while not self._loaded:
            self.browser.listen()
        self._call("Runtime.evaluate", expression="document.fonts.ready.then(() => 0)", awaitPromise=True)
        part = {"x": area.x, "y": area.y, "width": area.width, "height": area.height, "scale": 1}
        shot = self._call("Page.captureScreenshot", format="png", optimizeForSpeed=True, clip=part)
        return _layer(base64.b64decode(shot["data"]), area)

    def close(self) -> None:
        limited(self.browser)
        self.browser.send("Target.disposeBrowserContext", browserContextId=self._context)

    def _call(self, method: str, **given: Any) -> dict[str, Any]:
        return self.browser.call(method, self._session, **given)

    def _send(self, method: str, **given: Any) -> None:
        self.browser.send(method, self._session, **given)

    def _on_event(self, event: Event) -> None:
        if event["method"] == "Fetch.requestPaused":
            self.stopped += 1
            self.browser.send(
                "Fetch.failRequest",
                event.get("sessionId", ""),
                requestId=event["params"]["requestId"],
                errorReason="Aborted",  # any other reason replaces a page that goes elsewhere by an error page
            )
        elif event["method"] == "Page.frameStartedNavigating":
            self._send("Page.stopLoading")  # a document that goes elsewhere, which it would wait for in vain
        elif event["method"] == "Page.loadEventFired":
            self._loaded = True
        elif event["method"] == "Inspector.targetCrashed":
            raise RenderFailed(say("Chromium's page crashed; it took more than the system gave, or the page broke it."))


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


def limited(browser: Browser) -> None:
    """From now on the time of one document runs."""
    browser.within(LIMIT_S)


def _layer(png: bytes, clip: Clip) -> Layer:
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.shape[:2] != (clip.height, clip.width):
        raise RenderFailed(say("Chromium's picture is broken or of another size."))
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA if read.shape[2] == 4 else cv2.COLOR_BGR2RGBA), np.uint8)
