"""The built front end, served beside the API."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from master.built import FRONTEND
from master.errors import NotFound

_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_NOT_BUILT = (
    "<!doctype html><meta charset='utf-8'><title>Cinefarm</title><body style='font:16px system-ui;margin:15vh auto;"
    "max-width:34em'><h1>Cinefarm</h1><p>The page is not built yet: run <code>make ui</code>. "
    "The API is ready under <a href='/docs'>/docs</a>.</p>"
)

router = APIRouter(include_in_schema=False)


@router.get("/{path:path}")
def page(path: str) -> Response:
    """A built file, or the page itself for every address of the app."""
    if path.startswith(("api/", "ws/")):
        raise NotFound("There is no /{path}.", path=path)
    if file := _built(path):
        cache = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"Cache-Control": cache})
    index = FRONTEND / "index.html"
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT)
    return FileResponse(index, headers={"Cache-Control": "no-cache", "Content-Security-Policy": _CSP})


def _built(path: str) -> Path | None:
    """The built file of that name. A name that no file can have is none."""
    try:
        file = (FRONTEND / path).resolve()
        return file if path and file.is_relative_to(FRONTEND) and file.is_file() else None
    except (OSError, ValueError):
        return None
