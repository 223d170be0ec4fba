"""HTML drawn with alpha by a headless Chromium that can reach nothing.

isolation.py  the Chromium of this box, and how it is shut in
driver.py     Playwright's driver, which starts it and speaks to it
browser.py    both: one deadline, one sum of memory, all killed together
page.py       one document in a context of its own, nothing loaded
processes.py  a family of processes: its memory, its end
kept.py       the one browser that a device's host keeps warm
"""

from worker.engines.ads.renderer.browser import RenderFailed
from worker.engines.ads.renderer.isolation import NoBrowser, lack_of_browser
from worker.engines.ads.renderer.kept import drawing, render, running, stop
from worker.engines.ads.renderer.page import Clip, Page

__all__ = ["Clip", "NoBrowser", "Page", "RenderFailed", "drawing", "lack_of_browser", "render", "running", "stop"]
