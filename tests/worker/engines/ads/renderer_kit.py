"""What is left of browsers, and whether the next job is drawn."""

import os

import psutil

from worker.engines.ads import renderer
from worker.engines.ads.renderer import browser


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


def the_next_job_is_drawn() -> None:
    (layer,) = renderer.render(['<div style="background:red;width:99px;height:99px">'], 64, 64)
    assert tuple(layer[40, 40]) == (255, 0, 0, 255)
