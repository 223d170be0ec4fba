"""Painting a laid-out contact sheet: as a PNG by Pillow, as a PDF by reportlab."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from worker import fonts
from worker.engines.media.lettering import font
from worker.engines.media.sheet_layout import LINE, MAT, Page, Panel

PNG_SCALE = 2.5  # pixels a point: 180 to the inch
_REGULAR, _BOLD = "Pretendard-Regular", "Pretendard-Bold"

JpegOf = Callable[[int], bytes]  # a clip's number → its picture as JPEG


def paint_png(page: Page, picture: JpegOf, path: Path) -> tuple[int, int]:
    """Write one page as a PNG. Returns its size in pixels."""
    size = (round(page.width * PNG_SCALE), round(page.height * PNG_SCALE))
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for rule in page.rules:
        y = round(rule.y * PNG_SCALE)
        draw.line((rule.x * PNG_SCALE, y, (rule.x + rule.width) * PNG_SCALE, y), fill=rule.color, width=2)
    for panel in page.panels:
        _paint_panel(sheet, draw, panel, picture(panel.clip))
    for text in page.texts:
        at = (text.x * PNG_SCALE, text.y * PNG_SCALE)
        letters = font(max(6, round(text.size * PNG_SCALE)), bold=text.bold)
        draw.text(at, text.text, fill=text.color, font=letters, anchor="rs" if text.right else "ls")
    sheet.save(path, "PNG", compress_level=4)
    return size


def _paint_panel(sheet: Image.Image, draw: ImageDraw.ImageDraw, panel: Panel, jpeg: bytes) -> None:
    left, top = round(panel.x * PNG_SCALE), round(panel.y * PNG_SCALE)
    right, bottom = round((panel.x + panel.width) * PNG_SCALE), round((panel.y + panel.height) * PNG_SCALE)
    draw.rectangle((left, top, right - 1, bottom - 1), fill=MAT)
    with Image.open(io.BytesIO(jpeg)) as opened:
        width, height = _inside(opened.width, opened.height, right - left, bottom - top)
        picture = opened.convert("RGB").resize((round(width), round(height)), Image.Resampling.LANCZOS)
    sheet.paste(picture, (left + (right - left - picture.width) // 2, top + (bottom - top - picture.height) // 2))
    draw.rectangle((left, top, right - 1, bottom - 1), outline=LINE)


def paint_pdf(
    pages: Sequence[Page], picture: JpegOf, path: Path, *, title: str, after_page: Callable[[int], None]
) -> None:
    """Write the pages as a PDF with real text in embedded fonts; `after_page` hears the number of each page done."""
    for name, file in ((_REGULAR, fonts.REGULAR), (_BOLD, fonts.BOLD)):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(file)))
    pdf = Canvas(str(path), pagesize=(pages[0].width, pages[0].height), pageCompression=1)
    pdf.setTitle(title)
    pdf.setCreator("Cinefarm")
    for number, page in enumerate(pages, start=1):
        _paint_pdf_page(pdf, page, picture)
        pdf.showPage()
        after_page(number)
    pdf.save()


def _paint_pdf_page(pdf: Canvas, page: Page, picture: JpegOf) -> None:
    pdf.setLineWidth(0.6)
    for rule in page.rules:
        pdf.setStrokeColor(HexColor(rule.color))
        pdf.line(rule.x, page.height - rule.y, rule.x + rule.width, page.height - rule.y)
    for panel in page.panels:
        bottom = page.height - panel.y - panel.height
        pdf.setFillColor(HexColor(MAT))
        pdf.rect(panel.x, bottom, panel.width, panel.height, stroke=0, fill=1)
        image = ImageReader(io.BytesIO(picture(panel.clip)))
        pixel_width, pixel_height = image.getSize()
        width, height = _inside(pixel_width, pixel_height, panel.width, panel.height)
        x, y = panel.x + (panel.width - width) / 2, bottom + (panel.height - height) / 2
        pdf.drawImage(image, x, y, width, height)
        pdf.setLineWidth(0.4)
        pdf.setStrokeColor(HexColor(LINE))
        pdf.rect(panel.x, bottom, panel.width, panel.height, stroke=1, fill=0)
    for text in page.texts:
        pdf.setFont(_BOLD if text.bold else _REGULAR, text.size)
        pdf.setFillColor(HexColor(text.color))
        write = pdf.drawRightString if text.right else pdf.drawString
        write(text.x, page.height - text.y, text.text)


def _inside(width: float, height: float, room_width: float, room_height: float) -> tuple[float, float]:
    """The largest size of that shape in the room; a hair's difference fills it."""
    if abs(width / height / (room_width / room_height) - 1) < 0.01:
        return room_width, room_height
    factor = min(room_width / width, room_height / height)
    return max(1, width * factor), max(1, height * factor)
