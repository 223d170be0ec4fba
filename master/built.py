"""The built front end, and which build of it is served."""

import re
from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).parents[1] / "frontend" / "dist"
_ENTRY = re.compile(r'<script[^>]* src="(/assets/[^"]+)"')


@cache
def page_entry() -> str | None:
    """The script that the page begins with, whose name is of its content; None when the page is not built."""
    try:
        found = _ENTRY.search((FRONTEND / "index.html").read_text("utf-8"))
    except OSError:
        return None
    return found[1] if found else None
