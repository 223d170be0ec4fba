"""The fonts that come with the farm, by the names under which an ad asks for them."""

from functools import cache
from pathlib import Path

from PIL import ImageFont
from pydantic import BaseModel

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "worker" / "fonts"


class Font(BaseModel):
    name: str
    path: str  # relative to the program's folder


@cache
def _found() -> tuple[Font, ...]:
    files = [
        path for path in _FOLDER.rglob("*") if path.suffix.lower() in (".ttf", ".otf") and path.parent.name != "emoji"
    ]
    fonts = [Font(name=_name(path), path=path.relative_to(_ROOT).as_posix()) for path in files]
    return tuple(sorted(fonts, key=lambda font: font.name))


def list_fonts() -> list[Font]:
    return list(_found())


def _name(path: Path) -> str:
    """Family and style as the font itself says."""
    family, style = ImageFont.truetype(str(path), 16).getname()
    return f"{family or path.stem} {style or ''}".strip()
