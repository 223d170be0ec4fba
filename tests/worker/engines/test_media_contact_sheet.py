"""The contact sheet: a PNG to look at and a PDF to print, with real text in both languages."""

import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from test_media_engine import files_in, flat, make_task, make_video, run, save

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.engines import media
from worker.engines.media.cut import read_cut
from worker.engines.media.lettering import text_width, wrapped
from worker.engines.media.sheet_layout import PAGES, lay_out
from worker.engines.media.sheet_paint import PNG_SCALE
from worker.task import Canceled, EngineError, Output

WORKFLOW = "video_utils/contact_sheet"
KOREAN = "지훈이 우산을 접으며 골목으로 뛰어든다"


def clips(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "shot_id": f"s{n}",
            "code": f"SHT-{n + 1:05}",
            "sequence": "SQ01",
            "input": f"p{n % 3}",
            "frames": 24 + n,
            "action": KOREAN if n % 2 else "Mina reads the letter",
            "camera": "Arri Alexa · 35mm",
        }
        | more
        for n in range(count)
    ]


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    colors = [(200, 40, 40), (40, 200, 40), (40, 40, 200)]
    return {f"p{n}": save(tmp_path / f"p{n}.png", flat(color, 320, 180)) for n, color in enumerate(colors)}


def sheet(tmp_path: Path, inputs: dict[str, Path], count: int = 7, **parameters: Any) -> tuple[Output, Output, Output]:
    given = {"clips": clips(count), "title": "한강의 밤 — Night", "start_frame": 86400} | parameters
    png, pdf, thumbnail = run(WORKFLOW, given, inputs, tmp_path / "out")
    return png, pdf, thumbnail


def text_of(pdf: Output) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf.path).pages)


def test_it_makes_a_png_a_pdf_and_a_thumbnail(tmp_path: Path, inputs: dict[str, Path]) -> None:
    png, pdf, thumbnail = sheet(tmp_path, inputs)
    assert [(o.kind, o.role) for o in (png, pdf, thumbnail)] == [
        (MediaKind.IMAGE, OutputRole.MAIN),
        (MediaKind.DOCUMENT, OutputRole.MAIN),
        (MediaKind.IMAGE, OutputRole.THUMBNAIL),
    ]
    for output in (png, thumbnail):
        with Image.open(output.path) as image:
            assert image.size == (output.width, output.height)
    assert thumbnail.width == 480
    assert files_in(tmp_path / "out") == ["contact_sheet.pdf", "contact_sheet.png", "thumbnail.webp"]


def test_the_pdf_holds_selectable_text_in_both_languages(tmp_path: Path, inputs: dict[str, Path]) -> None:
    _, pdf, _ = sheet(tmp_path, inputs)
    text = text_of(pdf)
    assert "한강의 밤 — Night" in text
    assert KOREAN in text
    assert "Mina reads the letter" in text
    assert "SQ01 · SHT-00001" in text
    assert "01:00:00:00 – 01:00:01:00" in text
    assert "01:00:01:00 – 01:00:02:01" in text  # the second shot, of 25 frames
    assert "1.04 s · 25 f" in text
    assert "Arri Alexa · 35mm" in text
    assert f"7 shots · {sum(range(24, 31))} frames" in text
    fonts = [font["/BaseFont"] for page in PdfReader(pdf.path).pages for font in page["/Resources"]["/Font"].values()]
    assert any("Pretendard" in str(font) for font in fonts)


@pytest.mark.parametrize("page", list(PAGES))
def test_pages_have_their_size_and_number(tmp_path: Path, inputs: dict[str, Path], page: str) -> None:
    _, pdf, _ = sheet(tmp_path, inputs, 30, page=page, columns=3)
    reader = PdfReader(pdf.path)
    assert len(reader.pages) == pdf.facts["pages"] > 1
    for number, sheet_page in enumerate(reader.pages, start=1):
        assert (float(sheet_page.mediabox.width), float(sheet_page.mediabox.height)) == PAGES[page]
        assert f"{number} / {len(reader.pages)}" in sheet_page.extract_text()
    text = text_of(pdf)
    assert [text.count(f"SHT-{n:05}") for n in range(1, 31)] == [1] * 30
    assert pdf.path.stat().st_size < 400_000


@pytest.mark.parametrize("page", list(PAGES))
@pytest.mark.parametrize("columns", range(1, 9))
def test_nothing_leaves_the_page_or_covers_a_neighbour(page: str, columns: int) -> None:
    long = {
        "action": (KOREAN + " ") * 6,
        "camera": "RED V-Raptor · 85mm · Kodak Vision3 500T " * 3,
        "code": "SHT-00001-LONG",
    }
    cut = read_cut({"clips": clips(20, **long)})
    for sheet_page in lay_out(cut, title="한강 " * 40, columns=columns, page=page, aspect=1.78):
        for panel in sheet_page.panels:
            assert panel.x >= 35.9
            assert panel.x + panel.width <= sheet_page.width - 35.9
            assert panel.y + panel.height < sheet_page.height - 36
        for text in sheet_page.texts:
            width = text_width(text.text, text.size, bold=text.bold)
            left = text.x - width if text.right else text.x
            assert left >= 35
            assert left + width <= sheet_page.width - 35
            assert text.y <= sheet_page.height - 30
            above = [p for p in sheet_page.panels if p.x - 1 <= left <= p.x + p.width]
            assert not any(p.y < text.y - text.size * 0.7 < p.y + p.height for p in above)  # no letters on pictures
            if above and 85 < text.y < sheet_page.height - 36:  # neither head nor foot
                assert left + width <= max(p.x + p.width for p in above) + 1.5  # stays under its own picture


def test_the_png_shows_each_picture_in_its_place(tmp_path: Path, inputs: dict[str, Path]) -> None:
    png, _, _ = sheet(tmp_path, inputs, columns=3)
    pages = lay_out(read_cut({"clips": clips(7)}), title="", columns=3, page="a4_landscape", aspect=1.78, endless=True)
    with Image.open(png.path) as image:
        assert image.width == round(842 * PNG_SCALE)
        for panel in pages[0].panels:
            x, y = (panel.x + panel.width / 2) * PNG_SCALE, (panel.y + panel.height / 2) * PNG_SCALE
            color = np.array(image.getpixel((x, y)))
            assert color.argmax() == panel.clip % 3
            assert color.max() > 180


def test_the_png_is_the_whole_cut_up_to_60_shots_and_then_the_first_page(
    tmp_path: Path, inputs: dict[str, Path]
) -> None:
    whole, pdf, _ = sheet(tmp_path, inputs, 60, columns=8, page="a4_portrait")
    assert whole.facts["whole_cut"]
    first, pdf, _ = sheet(tmp_path, inputs, 61, columns=4)
    assert not first.facts["whole_cut"]
    assert pdf.facts["pages"] > 1
    assert (first.width, first.height) == (round(842 * PNG_SCALE), round(595 * PNG_SCALE))


def test_korean_from_a_mac_is_composed(tmp_path: Path, inputs: dict[str, Path]) -> None:
    apart = unicodedata.normalize("NFD", KOREAN)
    _, pdf, _ = sheet(tmp_path, inputs, clips=clips(2, action=apart))
    assert KOREAN in text_of(pdf)


def test_a_take_that_is_a_video_shows_a_frame(tmp_path: Path, inputs: dict[str, Path]) -> None:
    inputs["p1"] = make_video(tmp_path / "v.mp4", [flat((40, 200, 40))] * 12)
    png, _, _ = sheet(tmp_path, inputs, 3, columns=3)
    with Image.open(png.path) as image:
        middle = np.array(image.getpixel((image.width // 2, 350)))
    assert middle.argmax() == 1


def test_the_caption_band_of_a_panel_is_cut_off(tmp_path: Path, inputs: dict[str, Path]) -> None:
    inputs["p0"] = save(
        tmp_path / "panel.png", np.vstack([flat((40, 200, 40), 320, 180), flat((255, 0, 255), 320, 60)])
    )
    png, _, _ = sheet(tmp_path, inputs, clips=clips(1, picture_height=180), columns=2)
    with Image.open(png.path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert not ((pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 2] > 200)).any()


def test_a_broken_picture_names_its_shot(tmp_path: Path, inputs: dict[str, Path]) -> None:
    inputs["p1"].write_bytes(inputs["p1"].read_bytes()[:120])
    with pytest.raises(EngineError, match="SHT-00002") as caught:
        sheet(tmp_path, inputs)
    assert caught.value.kind is FailureKind.BAD_INPUT
    assert files_in(tmp_path / "out") == []


def test_a_canceled_sheet_leaves_nothing(tmp_path: Path, inputs: dict[str, Path]) -> None:
    task = make_task(WORKFLOW, {"clips": clips(9)}, inputs, tmp_path / "out")
    heard: list[str] = []
    task.on_progress = lambda fraction, message: heard.append(message)
    task.is_canceled = lambda: any(message.startswith("page") for message in heard)
    with pytest.raises(Canceled):
        media.run(task)
    assert files_in(tmp_path / "out") == []


@pytest.mark.parametrize("text", [KOREAN * 3, "Slow push in on Mina as she reads", "한강의밤" * 20, "a " * 90, "x"])
@pytest.mark.parametrize("width", [40, 120])
def test_wrapped_lines_fit_and_lose_nothing_but_the_end(text: str, width: float) -> None:
    lines = wrapped(text, width, 8, most_lines=200)
    assert all(text_width(line, 8) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    short = wrapped(text, width, 8, most_lines=2)
    assert len(short) <= 2
    assert short[-1].endswith("…") == (len(lines) > 2)
