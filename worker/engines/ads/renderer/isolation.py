"""The Chromium of this box, and how it is shut in: no network, no root, Chromium's own sandbox always on."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cinefarm.sentences import say

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "headless_shell")
BEHIND_SCRIPTS = (Path("/usr/lib/chromium/chromium"), Path("/usr/lib/chromium-browser/chromium-browser"))
DOWNLOADED = ("chromium_headless_shell-*/chrome-*/*headless[-_]shell", "chromium-*/chrome-linux*/chrome")
NOBODY = 65534  # user and group that own nothing

# Flags against what no namespace stops where a box allows none: every name is unknown, every proxy dead.
_OFFLINE = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-pings",
)
# Parts of a browser that nobody sees here. The last three would start two processes more for every context, of which
# each takes longer than most documents: a renderer to spare, and the suggestions under the address bar of its window.
_WITHOUT = (
    "Translate",
    "MediaRouter",
    "OptimizationHints",
    "AutofillServerCommunication",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
_QUIET = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-dev-shm-usage",  # containers give 64 MiB there, and a large picture is more
    "--disable-extensions",
    "--disable-gpu",
    f"--disable-features={','.join(_WITHOUT)}",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    "--hide-scrollbars",
    "--force-color-profile=srgb",  # the same colours and letters on every box
    "--font-render-hinting=none",
    "--enable-features=CDPScreenshotNewSurface",  # of Playwright's own flags the one without which its pictures hang
)


class NoBrowser(Exception):
    """There is no Chromium here, or none that can be shut in. The message says what to do."""


@dataclass(frozen=True)
class Cell:
    """What goes before the browser's own command, and what this box does not allow."""

    before: tuple[str, ...]
    uid: int | None  # of another user, who must own the browser's folder; None: the worker's own
    open: tuple[str, ...] = ()  # sentences on what is not shut in


def lack_of_browser() -> str:
    """Empty where a Chromium can run shut in; else what to install."""
    try:
        binary()
        cell()
    except NoBrowser as error:
        return str(error)
    return ""


@cache
def binary() -> Path:
    """Raises `NoBrowser`."""
    if find_spec("playwright") is None:
        raise NoBrowser(say("The package playwright is missing here; install the worker with its packages."))
    found = next(_browsers(), None)
    if found is None:
        raise NoBrowser(
            say(
                "This box has no Chromium; install one (on Debian: apt-get install chromium; anywhere: playwright "
                "install chromium-headless-shell) and start the worker again."
            )
        )
    if os.geteuid() == 0 and not _all_may_enter(found.parent):
        raise NoBrowser(
            say(
                "The worker runs as root and gives Chromium to another user, who may not enter {folder}. Say "
                "PLAYWRIGHT_BROWSERS_PATH=/opt/browsers playwright install chromium-headless-shell, and set the "
                "variable for the worker too.",
                folder=str(found.parent),
            )
        )
    return found


def _browsers() -> Iterator[Path]:
    """Programs rather than the scripts that start them: a script brings flags of its own."""
    yield from (path for path in BEHIND_SCRIPTS if os.access(path, os.X_OK))
    yield from _downloaded()
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))


def _downloaded() -> Iterator[Path]:
    """By `playwright install`: the shell before the whole browser, and each the newest first."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(given) if given else Path.home() / ".cache" / "ms-playwright"
    for pattern in DOWNLOADED:
        yield from sorted(folder.glob(pattern), key=lambda path: _revision(path.relative_to(folder)), reverse=True)


def _revision(path: Path) -> int:
    return int("0" + re.sub(r"\D", "", path.parts[0]))


def _all_may_enter(folder: Path) -> bool:
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))


@cache
def cell() -> Cell:
    """How a browser is shut in here. Raises `NoBrowser` where it would have to run as root."""
    root = os.geteuid() == 0
    if root and not shutil.which("setpriv"):
        raise NoBrowser(
            say(
                "The worker runs as root and cannot give Chromium to another user: setpriv is missing. Install "
                "util-linux, or run the worker as a user of its own."
            )
        )
    net = ("unshare", "--net", "--") if root else ("unshare", "--user", "--map-current-user", "--net", "--")
    alone = _works((*net, "true"))
    before = net if alone else ()
    if shutil.which("setpriv"):
        other = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if root else ()
        before = (*before, "setpriv", *other, "--pdeathsig=KILL", "--")
    opened = () if alone else ("no network namespace is allowed here: flags and interception alone keep it offline",)
    return Cell(before, NOBODY if root else None, opened)


def with_parent() -> tuple[str, ...]:
    """Goes before a command that the system is to end with the thread that started it."""
    return ("setpriv", "--pdeathsig=KILL", "--") if shutil.which("setpriv") else ()


def flags(folder: Path) -> tuple[str, ...]:
    return (*_QUIET, *_OFFLINE, f"--user-data-dir={folder}")


def _works(command: tuple[str, ...]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
