"""Where everything lies on a contact sheet, in points from the top left; both painters draw from it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cinefarm.briefs import ClipBrief
from worker.engines.media.cut import Cut
from worker.engines.media.lettering import clean, fitting_size, shortened, text_width, wrapped

INK, GREY, FAINT, LINE, MAT = "#15171c", "#565d69", "#8b929d", "#d5d9df", "#eceef1"
PAGES = {"a4_landscape": (842.0, 595.0), "a3_landscape": (1191.0, 842.0), "a4_portrait": (595.0, 842.0)}
MARGIN = 36.0
HEAD = 44.0  # title and rule
FOOT = 16.0
GIVES_WAY = 0.82  # how much smaller pictures may become to make room for one more row
NARROWEST, WIDEST = 0.5, 2.6  # aspect ratios of the panels' box


@dataclass(frozen=True)
class Text:
    """One line; x is its left end, or its right end when `right`; y is the baseline."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    color: str = INK
    right: bool = False


@dataclass(frozen=True)
class Panel:
    """The box of a clip's picture."""

    x: float
    y: float
    width: float
    height: float
    clip: int


@dataclass(frozen=True)
class Rule:
    x: float
    y: float
    width: float
    color: str = LINE


@dataclass
class Page:
    width: float
    height: float
    texts: list[Text] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """Sizes common to all cards."""

    columns: int
    card_width: float
    picture_height: float
    scale: float  # of the lettering
    gap: float
    row_gap: float
    action_lines: int
    camera: bool

    @property
    def text_height(self) -> float:
        return self.scale * (13 + 11 + self.action_lines * 10.5 + (10 if self.camera else 0) + 2)

    @property
    def card_height(self) -> float:
        return self.picture_height + self.text_height

    def rows(self, height: float) -> int:
        """How many rows of cards fit."""
        return max(1, math.floor((height + self.row_gap) / (self.card_height + self.row_gap)))

    def spread(self, height: float) -> float:
        """The gap between rows that lets a full page breathe, within reason."""
        rows = self.rows(height)
        spare = height - rows * self.card_height
        return min(self.row_gap * 2.5, spare / (rows - 1)) if rows > 1 else self.row_gap


def lay_out(cut: Cut, *, title: str, columns: int, page: str, aspect: float, endless: bool = False) -> list[Page]:
    """The sheet's pages; one page as tall as it must be when `endless`."""
    width, height = PAGES[page]
    grid = _grid(cut.clips, columns, width, height - 2 * MARGIN - HEAD - FOOT, aspect)
    rows = math.ceil(len(cut.clips) / columns)
    if endless:
        height = 2 * MARGIN + HEAD + FOOT + rows * (grid.card_height + grid.row_gap) - grid.row_gap
    room = height - 2 * MARGIN - HEAD - FOOT
    rows_a_page = rows if endless else grid.rows(room)
    row_gap = grid.row_gap if endless else grid.spread(room)
    a_page = rows_a_page * columns
    count = math.ceil(len(cut.clips) / a_page)
    pages = []
    placed = list(cut.placed())
    for number in range(count):
        sheet = Page(width, height)
        _head_and_foot(sheet, cut, title=title, number=number + 1, count=count)
        left = (width - columns * grid.card_width - (columns - 1) * grid.gap) / 2
        for place, (first, clip) in enumerate(placed[number * a_page : (number + 1) * a_page]):
            x = left + place % columns * (grid.card_width + grid.gap)
            y = MARGIN + HEAD + place // columns * (grid.card_height + row_gap)
            sheet.panels.append(Panel(x, y, grid.card_width, grid.picture_height, number * a_page + place))
            sheet.texts += _card_texts(cut, first, clip, grid, x, y + grid.picture_height)
        pages.append(sheet)
    return pages


def _grid(clips: Sequence[ClipBrief], columns: int, page_width: float, height: float, aspect: float) -> Grid:
    aspect = min(WIDEST, max(NARROWEST, aspect))
    gap = max(7.0, 16.0 - 1.2 * columns)
    width = (page_width - 2 * MARGIN - (columns - 1) * gap) / columns
    scale = min(1.25, max(0.55, width / 185))
    most = 3 if columns <= 5 else 2
    lines = max((len(_action_lines(clip, width, scale, most)) for clip in clips), default=0)
    grid = Grid(columns, width, width / aspect, scale, gap, gap * 1.3, lines, camera=any(clip.camera for clip in clips))
    rows = grid.rows(height) if grid.card_height <= height else 0
    # One row more where pictures need give way a little for it; always so for a card taller than the page.
    smaller = (height - rows * grid.row_gap) / (rows + 1) - grid.text_height
    if rows and smaller < GIVES_WAY * grid.picture_height:
        return grid
    spare = page_width - 2 * MARGIN - columns * smaller * aspect
    gap = min(3 * gap, spare / (columns - 1)) if columns > 1 else gap
    return replace(grid, card_width=smaller * aspect, picture_height=smaller, gap=gap, row_gap=grid.row_gap)


def _action_lines(clip: ClipBrief, width: float, scale: float, most: int) -> list[str]:
    return wrapped(clean(clip.action or clip.scene_description), width, 8 * scale, most_lines=most)


def _card_texts(cut: Cut, first: int, clip: ClipBrief, grid: Grid, x: float, y: float) -> list[Text]:
    scale, width = grid.scale, grid.card_width
    duration = f"{cut.rate.seconds(clip.frames):.2f} s · {clip.frames} f"
    right = x + width
    y += 12.5 * scale
    duration_size = fitting_size(duration, width * 0.48, 7.5 * scale)
    room = width - text_width(duration, duration_size) - 4
    code = " · ".join(part for part in (clean(clip.sequence), clean(clip.code)) if part)
    if text_width(code, 9 * scale, bold=True) > room:
        code = clean(clip.code)
    texts = [
        Text(x, y, shortened(code, room, 9 * scale, bold=True), 9 * scale, bold=True),
        Text(right, y, duration, duration_size, color=GREY, right=True),
    ]
    y += 11 * scale
    times = f"{cut.timecode(first)} – {cut.timecode(first + clip.frames)}"
    texts.append(Text(x, y, times, fitting_size(times, width, 7.5 * scale), color=GREY))
    y += 1 * scale
    for line in _action_lines(clip, width, scale, max(1, grid.action_lines)):
        y += 10.5 * scale
        texts.append(Text(x, y, line, 8 * scale))
    if clip.camera:
        y += 10 * scale
        camera = shortened(clean(clip.camera), width, 7 * scale)
        texts.append(Text(x, y, camera, 7 * scale, color=FAINT))
    return texts


def _rate_name(cut: Cut) -> str:
    """23.976 reads better on paper than 24000/1001."""
    return f"{float(cut.rate.fraction):.3f}".rstrip("0").rstrip(".")


def _head_and_foot(page: Page, cut: Cut, *, title: str, number: int, count: int) -> None:
    right = page.width - MARGIN
    shots = "1 shot" if len(cut.clips) == 1 else f"{len(cut.clips)} shots"
    length = f"{cut.frames} frames ({cut.rate.seconds(cut.frames):.2f} s)"
    about = f"{shots} · {length} · {_rate_name(cut)} fps"
    room = page.width - 2 * MARGIN - text_width(about, 8.5) - 20
    page.texts += [
        Text(MARGIN, MARGIN + 17, shortened(title, room, 19, bold=True), 19, bold=True),
        Text(right, MARGIN + 17, about, 8.5, color=GREY, right=True),
        Text(right, page.height - MARGIN + 4, f"{number} / {count}", 7.5, color=GREY, right=True),
        Text(MARGIN, page.height - MARGIN + 4, shortened(title, room, 7.5), 7.5, color=FAINT),
    ]
    page.rules.append(Rule(MARGIN, MARGIN + 28, page.width - 2 * MARGIN))
