"""A line of text as a depth map, light letters near and dark ground far: it gives a ControlNet the letters' shape."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from cinefarm.statuses import FailureKind
from worker import fonts
from worker.engines.media.lettering import clean, font, text_width
from worker.task import EngineError, Task

_MARGIN = 0.08  # of the width, on each side
_TALLEST = 0.6  # of the height
_ROUNDING = 0.02  # of the letters' size: edges fall off as those of a solid do


def write_lettering(task: Task, folder: Path) -> Path:
    """`lettering.png` of the job's width and height. Raises `EngineError` for a text with nothing to see."""
    path = folder / "lettering.png"
    draw_lettering(task).convert("RGB").save(path)
    return path


def draw_lettering(task: Task) -> Image.Image:
    """The same as a picture of greys."""
    text = clean(str(task.parameters.get("text") or ""))
    if not text:
        raise EngineError("The text is empty; give the words to be drawn.", kind=FailureKind.BAD_INPUT)
    width, height = int(task.parameters.get("width") or 1024), int(task.parameters.get("height") or 1024)
    bold = "regular" not in str(task.parameters.get("font") or "").lower()
    room = width * (1 - 2 * _MARGIN)
    size = max(8, int(min(height * _TALLEST, room / max(0.01, text_width(text, 1.0, bold=bold)))))
    picture = Image.new("L", (width, height), 0)
    ImageDraw.Draw(picture).text((width / 2, height / 2), text, fill=255, font=font(size, bold=bold), anchor="mm")
    picture = picture.filter(ImageFilter.GaussianBlur(size * _ROUNDING))
    task.provenance["lettering_font"] = (fonts.BOLD if bold else fonts.REGULAR).stem
    return picture
