"""The contact sheet: every shot of a cut with its picture, times and words, as a PNG and a PDF."""

import io
from pathlib import Path
from statistics import mode

import numpy as np
from PIL import Image

from cinefarm.briefs import ClipBrief
from cinefarm.statuses import MediaKind, OutputRole
from worker.engines.media.cut import Cut, bad_input, clip_path, read_cut, value
from worker.engines.media.footage import BrokenFootage, open_footage, to_pixels
from worker.engines.media.lettering import clean
from worker.engines.media.pace import Pace
from worker.engines.media.picture import BrokenPicture, Pixels, is_picture, read_picture, resize, save_thumbnail
from worker.engines.media.sheet_layout import PAGES, lay_out
from worker.engines.media.sheet_paint import PNG_SCALE, paint_pdf, paint_png
from worker.task import Output, Task

MOST_SHOTS = 2000
MOST_SHOTS_ON_PNG = 60  # beyond, the PNG is the PDF's first page
TALLEST_PNG_PX = 16_000  # what browsers and viewers still show
DOTS_PER_INCH = 200


def make_contact_sheet(task: Task) -> list[Output]:
    """Write `contact_sheet.png`, `contact_sheet.pdf` and a thumbnail.

    The PNG shows the whole cut on one tall sheet for up to 60 shots, otherwise the first page of the PDF.
    Raises `EngineError` (bad input) naming the shot whose picture cannot be read.
    """
    cut = read_cut(task.parameters)
    columns = int(value(task.parameters, "columns", 4))
    page = str(value(task.parameters, "page", "a4_landscape"))
    title = clean(str(value(task.parameters, "title", ""))) or "Contact sheet"
    if page not in PAGES:
        raise bad_input(f"Page “{page}” is not known; choose one of {', '.join(PAGES)}.")
    if not 1 <= columns <= 8:
        raise bad_input(f"Columns is {columns}; choose from 1 to 8.")
    if len(cut.clips) > MOST_SHOTS:
        raise bad_input(f"The sheet has {len(cut.clips):,} shots; the most is {MOST_SHOTS:,}.")
    pace = Pace(task, last=0.8)
    jpegs, aspect = _read_panels(task, cut, longest_pt=PAGES[page][0] / columns, pace=pace)
    pages = lay_out(cut, title=title, columns=columns, page=page, aspect=aspect)
    tall = lay_out(cut, title=title, columns=columns, page=page, aspect=aspect, endless=True)[0]
    whole = len(cut.clips) <= MOST_SHOTS_ON_PNG and tall.height * PNG_SCALE <= TALLEST_PNG_PX
    pdf, png = task.out_dir / "contact_sheet.pdf", task.out_dir / "contact_sheet.png"
    parts = [path.with_name(f".{path.name}.part") for path in (pdf, png)]
    try:
        paint_pdf(
            pages,
            jpegs.__getitem__,
            parts[0],
            title=title,
            after_page=lambda number: task.progress(0.8 + 0.15 * number / len(pages), f"page {number}"),
        )
        width, height = paint_png(tall if whole else pages[0], jpegs.__getitem__, parts[1])
        task.progress(0.98, "thumbnail")
        thumbnail = _save_thumbnail(parts[1], task.out_dir / "thumbnail.webp")
        for part, path in zip(parts, (pdf, png), strict=True):
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    facts = {"shots": len(cut.clips), "pages": len(pages)}
    return [
        Output(png, MediaKind.IMAGE, width=width, height=height, facts=facts | {"whole_cut": whole}),
        Output(pdf, MediaKind.DOCUMENT, facts=facts),
        thumbnail,
    ]


def _read_panels(task: Task, cut: Cut, *, longest_pt: float, pace: Pace) -> tuple[list[bytes], float]:
    """Every clip's picture as a JPEG no larger than printed, and the aspect ratio that most of them share.

    A cut's pictures are held compressed, some tens of kilobytes each.
    """
    width_px = round(longest_pt / 72 * DOTS_PER_INCH)
    jpegs: list[bytes] = []
    aspects: list[float] = []
    for number, clip in enumerate(cut.clips):
        pace.tick(number / len(cut.clips), f"{clip.code}: picture {number + 1} of {len(cut.clips)}")
        pixels = _picture_of(task, clip)
        height, width = pixels.shape[:2]
        aspects.append(round(width / height, 2))
        if width > width_px:
            pixels = resize(pixels, width_px, max(1, round(height * width_px / width)))
        packed = io.BytesIO()
        Image.fromarray(pixels).save(packed, "JPEG", quality=88, subsampling=0, optimize=True)
        jpegs.append(packed.getvalue())
    return jpegs, mode(aspects)


def _picture_of(task: Task, clip: ClipBrief) -> Pixels:
    """A clip's picture; of a video, one from its middle."""
    path = clip_path(task, clip)
    try:
        if is_picture(path):
            return read_picture(path, picture_height=clip.picture_height)
        with open_footage(path) as footage:
            pixels = to_pixels(footage.middle_frame())
            height, width = pixels.shape[:2]
            return resize(pixels, max(1, round(width * footage.pixel_aspect)), height)
    except (BrokenPicture, BrokenFootage) as error:
        raise bad_input(f"{clip.code}: “{path.name}” cannot be shown: {error}.") from error


def _save_thumbnail(png: Path, path: Path) -> Output:
    """The top of the sheet, at most as tall as wide."""
    with Image.open(png) as sheet:
        top = np.asarray(sheet.crop((0, 0, sheet.width, min(sheet.height, sheet.width))))
    width, height = save_thumbnail(top, path)
    return Output(path, MediaKind.IMAGE, OutputRole.THUMBNAIL, width=width, height=height)
