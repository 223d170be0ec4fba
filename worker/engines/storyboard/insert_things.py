"""What an insert shows: a flat sheet under the lens, and each thing drawn large on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import Canvas, Colour, scaled
from worker.engines.storyboard.casting import DYES
from worker.engines.storyboard.scene import Scene
from worker.engines.storyboard.sets.ground import rgb
from worker.engines.storyboard.stage import Stage

TURN = np.linspace(0, 2 * np.pi, 25)[:-1]
RING = np.stack([np.cos(TURN), np.sin(TURN)], axis=1)
NEAR = 12  # the canvas's depth of a thing under the lens


@dataclass
class Sheet:
    """A flat drawing: (0, 0) is the picture's middle, 1 is its height."""

    stage: Stage
    scene: Scene
    rng: np.random.Generator

    @property
    def canvas(self) -> Canvas:
        return self.stage.canvas

    def at(self, points: Points) -> Points:
        c = self.canvas
        return np.asarray(points * c.height + (c.width / 2, c.height / 2))

    def part(self, shapes: Sequence[Points], colour: Colour, *, radius: float = 0.03, pen: float = 1.5) -> None:
        """A solid with ink around it and the shade of a form of that radius."""
        light = self.stage.light_offset(radius * self.canvas.height)
        self.canvas.part([self.at(s) for s in shapes], colour, NEAR, light=light, shade=95, pen=pen, figure=255)

    def line(self, points: Points, width: float = 1.2, strength: int = 225) -> None:
        self.canvas.stroke(self.at(points), width, strength, taper=0.3)

    def shadow(self, shapes: Sequence[Points], amount: int = 120) -> None:
        dx, dy = self.stage.light_offset(0.03)
        self.canvas.shadow([self.at(s - (dx, dy - 0.012)) for s in shapes], amount)

    def dye(self, thing: str, default: Colour) -> Colour:
        hue = self.scene.hue(thing)
        return DYES[hue] if hue else default


def capsules(path: Points, radii: Sequence[float]) -> list[Points]:
    shapes = []
    for i in range(len(path) - 1):
        cloud = np.concatenate([path[i] + RING * radii[i], path[i + 1] + RING * radii[i + 1]])
        shapes.append(np.asarray(cv2.convexHull(cloud.astype(np.float32))[:, 0, :], dtype=np.float64))
    return shapes


def _turned(points: Points, degrees: float, at: tuple[float, float]) -> Points:
    a = np.radians(degrees)
    spin = np.array(((np.cos(a), np.sin(a)), (-np.sin(a), np.cos(a))))
    return np.asarray(points @ spin + at)


def _slab(width: float, height: float, degrees: float, at: tuple[float, float]) -> Points:
    w, h = width / 2, height / 2
    return _turned(np.array(((-w, -h), (w, -h), (w, h), (-w, h))), degrees, at)


def _umbrella(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    """Furled, lying across the picture, its crook handle near."""
    colour = sheet.dye("umbrella", DYES["navy"])
    tilt = -14.0 * side

    def lie(points: list[tuple[float, float]]) -> Points:
        flat = np.array([(x * side, y) for x, y in points]) * size
        return _turned(flat, tilt, at)

    body = capsules(lie([(-1.15, -0.02), (-0.55, 0.0), (-0.2, 0.0), (-0.12, 0.0)]), [0.1, 0.13, 0.085, 0.05])
    stick = capsules(lie([(-0.14, 0.0), (0.3, 0.0)]), [0.018, 0.018])
    crook = lie([(0.26, 0.0), (0.5, 0.0), (0.6, 0.03), (0.645, 0.1), (0.61, 0.17), (0.53, 0.19), (0.46, 0.16)])
    wood = rgb(128, 78, 48)
    sheet.shadow([*body, *stick, *capsules(crook, [0.035] * 7)])
    sheet.part(stick, rgb(186, 186, 190), radius=0.01)
    sheet.part(body, colour, radius=0.06)
    for y in (-0.06, -0.015, 0.035):
        sheet.line(lie([(-1.2, y * 1.4), (-0.6, y * 1.7), (-0.15, y * 0.6)]), 1.0, 170)
    sheet.part(capsules(lie([(-0.27, -0.09), (-0.23, 0.09)]), [0.025, 0.025]), scaled(colour, 0.75), radius=0.02)
    sheet.part(capsules(crook, [0.034, 0.034, 0.034, 0.034, 0.034, 0.034, 0.03]), wood, radius=0.02)
    sheet.line(crook[1:5] - (0.0, 0.012), 0.9, 110)


def _scribble(sheet: Sheet, corners: Points, rows: int, *, width: float = 1.1) -> None:
    """Handwriting over a paper given by its corners (top left, top right, bottom right, bottom left)."""
    tl, tr, br, bl = corners
    for row in range(rows):
        down = 0.2 + 0.66 * row / max(1, rows)
        a, b = tl + (bl - tl) * down, tr + (br - tr) * down
        end = 0.88 if row < rows - 1 else 0.55
        t = np.linspace(0.12, end, 26)[:, None]
        rise = (bl - tl) * 0.045 * np.sin(np.arange(26) * 1.9 + sheet.rng.uniform(0, 6, 1))[:, None]
        path = a * (1 - t) + b * t + rise * sheet.rng.uniform(0.4, 1.3, (26, 1))
        for word in (path[:9], path[11:18], path[19:]):
            sheet.line(word, width, 230)


def _paper(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    shape = _slab(0.52 * size, 0.62 * size, 7.0 * side, at)
    sheet.shadow([shape])
    sheet.part([shape], sheet.dye("letter", rgb(246, 242, 228)), radius=0.0)
    _scribble(sheet, shape, 7)


def _tag(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    x, y = at[0] + 0.02 * side, at[1] + 0.13
    w, h = 0.34 * size, 0.24 * size
    outline = np.array(((-w, -h / 2), (w * 0.7, -h / 2), (w, -h * 0.2), (w, h * 0.2), (w * 0.7, h / 2), (-w, h / 2)))
    shape = _turned(outline * (-side, 1.0) * 0.8, -6.0 * side, (x, y))
    hole = _turned(np.array(((-side * w * 0.62, 0.0),)), -6.0 * side, (x, y))[0]
    sheet.shadow([shape])
    sheet.part([shape], sheet.dye("tag", rgb(240, 226, 190)), radius=0.0)
    inner = _turned(
        np.array(((-w, -h / 2), (w * 0.5, -h / 2), (w * 0.5, h / 2), (-w, h / 2))) * 0.78, -6.0 * side, (x, y)
    )
    _scribble(sheet, inner + np.array((side * 0.05, 0.0)), 3, width=1.6)
    sheet.part([hole + RING * 0.018], rgb(90, 70, 56), radius=0.0, pen=1.0)
    knot = np.array(at) + np.array((-side * 0.02, -0.04))
    for bow in (-0.05, 0.05):
        mid = (hole + knot) / 2 + (bow, -0.03)
        sheet.line(np.stack([hole, mid, knot]), 1.6, 235)


def _photo(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    """An old print, taped: two figures under an umbrella where the words name one."""

    def lie(points: Points) -> Points:
        return _turned(points * size, 5.0 * side, (at[0], at[1] + 0.04))

    frame = np.array(((-0.33, -0.4), (0.33, -0.4), (0.33, 0.4), (-0.33, 0.4)))
    sheet.shadow([lie(frame)])
    sheet.part([lie(frame)], rgb(238, 230, 212), radius=0.0)
    picture = frame * (0.88, 0.8) - (0, 0.035)
    sheet.canvas.fill(sheet.at(lie(picture)), rgb(206, 190, 160), NEAR)
    sheet.canvas.outline(sheet.at(lie(picture)), 1.2, 200)
    ground = np.array(((-0.29, 0.16), (0.29, 0.13), (0.29, 0.285), (-0.29, 0.285)))
    sheet.canvas.fill(sheet.at(lie(ground)), rgb(170, 150, 122), NEAR)
    for x, tall, dye in ((-0.09, 0.33, rgb(150, 110, 130)), (0.09, 0.22, rgb(96, 110, 120))):
        body = np.array(((x, 0.24 - tall * 0.72), (x, 0.22)))
        sheet.part([lie(s) for s in capsules(body, [0.045, 0.07])], dye, radius=0.02, pen=1.0)
        head = np.array((x, 0.24 - tall * 0.95)) + RING * 0.052
        sheet.part([lie(head)], rgb(236, 206, 176), radius=0.02, pen=1.0)
        hair = np.array((x, 0.24 - tall * 0.95 - 0.012)) + RING[12:] * 0.056
        sheet.canvas.fill(sheet.at(lie(hair)), rgb(60, 50, 48), NEAR)
        eyes = np.array((x, 0.245 - tall * 0.95))
        for dx in (-0.018, 0.018):
            sheet.line(lie(eyes + np.array(((dx - 0.008, 0.0), (dx + 0.008, 0.0)))), 1.2)
        sheet.line(lie(eyes + np.array(((-0.014, 0.02), (0.0, 0.028), (0.014, 0.02)))), 1.0)
    if "umbrella" in sheet.scene.props:
        arc = np.linspace(np.pi, 2 * np.pi, 17)
        dome = np.stack([0.25 * np.cos(arc) - 0.01, 0.16 * np.sin(arc) - 0.1], 1)
        sheet.line(lie(np.array(((0.0, -0.25), (0.0, 0.12)))), 1.4)
        sheet.part([lie(dome)], sheet.dye("umbrella", DYES["navy"]), radius=0.03, pen=1.2)
        for x in (-0.12, 0.0, 0.12):
            sheet.line(lie(np.array(((-0.01, -0.26), (x * 0.7, -0.2), (x, -0.1)))), 0.8, 150)
    for x in (-0.33, 0.33):
        tape = _slab(0.2, 0.07, -38.0 * np.sign(x), (x, -0.39))
        sheet.canvas.fill(sheet.at(lie(tape)), rgb(226, 212, 160), NEAR)
        sheet.canvas.outline(sheet.at(lie(tape)), 0.9, 140)


def _register(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    x, y = 0.62 * -side, 0.0
    body = np.array(((-0.3, -0.16), (0.3, -0.16), (0.36, 0.52), (-0.36, 0.52))) + np.array((x, y))
    screen = np.array(((-0.24, -0.44), (0.24, -0.44), (0.26, -0.19), (-0.26, -0.19))) + np.array((x, y))
    sheet.shadow([body])
    sheet.part([body], rgb(120, 124, 128), radius=0.03)
    sheet.part([screen], rgb(74, 92, 88), radius=0.0)
    for row in range(4):
        for column in range(4):
            key = _slab(0.095, 0.075, 0.0, (x - 0.19 + 0.127 * column, y - 0.06 + 0.115 * row))
            sheet.part([key], rgb(226, 224, 214) if column < 3 else rgb(196, 92, 80), radius=0.0, pen=0.9)


def _key(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    path = _turned(np.array(((0.0, 0.0), (0.38 * side, 0.0))) * size, -18.0 * side, at)
    bow = path[0] + RING * 0.1 * size
    shapes = [bow, *capsules(path, [0.024, 0.02])]
    for k in (0.8, 0.92):
        root = path[0] * (1 - k) + path[1] * k
        shapes += capsules(np.stack([root, root + np.array((0.02, 0.075))]), [0.016, 0.014])
    sheet.shadow(shapes)
    sheet.part(shapes, rgb(206, 172, 84), radius=0.015)
    sheet.part([path[0] + RING * 0.045 * size], rgb(120, 90, 60), radius=0.0, pen=1.0)


def _ring(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    outer = np.array(at) + RING * (0.17, 0.13) * size
    sheet.shadow([outer])
    sheet.part([outer], rgb(226, 190, 96), radius=0.02)
    sheet.part([np.array(at) + RING * (0.125, 0.088) * size], rgb(150, 112, 78), radius=0.0, pen=1.2)
    gem = np.array(((0.0, -0.26), (0.07, -0.19), (0.0, -0.1), (-0.07, -0.19))) * size + at
    sheet.part([gem], rgb(214, 240, 250), radius=0.0)


def _phone(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    body = _slab(0.36 * size, 0.68 * size, 9.0 * side, at)
    glass = _slab(0.32 * size, 0.58 * size, 9.0 * side, at)
    sheet.shadow([body])
    sheet.part([body], rgb(44, 44, 48), radius=0.0)
    sheet.canvas.fill(sheet.at(glass), rgb(196, 220, 236), NEAR, glow=120)
    for k in range(4):
        bubble = _slab(0.18 * size, 0.075 * size, 9.0 * side, (at[0] + (0.05, -0.05)[k % 2], at[1] - 0.2 + 0.13 * k))
        sheet.canvas.fill(sheet.at(bubble), rgb(250, 250, 246) if k % 2 else rgb(250, 214, 110), NEAR, glow=90)
        sheet.canvas.outline(sheet.at(bubble), 0.9, 180)


def _cup(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    x, y = at
    body = np.array(((-0.2, -0.2), (0.2, -0.2), (0.15, 0.24), (-0.15, 0.24))) * size + at
    ear = np.array(((0.18, -0.08), (0.3, -0.06), (0.3, 0.1), (0.15, 0.14))) * size * (side, 1.0) + at
    sheet.shadow([body])
    sheet.line(ear, 5.0)
    sheet.part([body], sheet.dye("cup", rgb(244, 240, 232)), radius=0.06)
    sheet.part([np.array((x, y - 0.2 * size)) + RING * (0.2, 0.065) * size], rgb(250, 248, 242), radius=0.0)
    sheet.part([np.array((x, y - 0.19 * size)) + RING * (0.165, 0.045) * size], rgb(92, 62, 44), radius=0.0, pen=0.9)
    for k in (-0.06, 0.06):
        t = np.linspace(0, 1, 8)
        sheet.line(np.stack([x + k + 0.02 * np.sin(t * 6), y - 0.26 - 0.16 * t], 1), 1.0, 90)


def _book(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    cover = _slab(0.96 * size, 0.6 * size, 4.0 * side, at)
    sheet.shadow([cover])
    sheet.part([cover], sheet.dye("book", rgb(134, 70, 60)), radius=0.0)
    for k in (-1, 1):
        page = _slab(0.44 * size, 0.54 * size, 4.0 * side, (at[0] + k * 0.225 * size, at[1] + k * 0.016 * side))
        sheet.part([page], rgb(246, 242, 230), radius=0.02, pen=1.0)
        _scribble(sheet, page, 6, width=0.9)


def _bowl(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    x, y = at
    rim = np.array((x, y - 0.08)) + RING * (0.34, 0.12) * size
    low = np.array(((-0.34, -0.08), (0.34, -0.08), (0.16, 0.26), (-0.16, 0.26))) * size + at
    sheet.shadow([low])
    sheet.part([low], rgb(236, 232, 224), radius=0.08)
    sheet.part([rim], rgb(250, 248, 242), radius=0.0)
    sheet.part([np.array((x, y - 0.07)) + RING * (0.29, 0.09) * size], rgb(218, 130, 70), radius=0.0, pen=1.0)
    for k in range(7):
        t = np.linspace(-0.2, 0.2, 9)
        sheet.line(np.stack([x + t, y - 0.1 + 0.012 * k + 0.015 * np.sin(t * 30 + k)], 1), 1.1, 150)


def _flower(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    colour = sheet.dye("flower", rgb(222, 96, 110))
    for k in range(5):
        head = np.array(at) + np.array(((k - 2) * 0.14 * size, -0.16 + 0.07 * (k % 2)))
        sheet.line(np.stack([head, np.array(at) + np.array((0.0, 0.36))]), 2.0)
        petals = [head + 0.07 * size * np.array((np.cos(a), np.sin(a))) + RING * 0.05 * size for a in TURN[::4]]
        sheet.part(petals, colour, radius=0.02, pen=1.0)
        sheet.part([head + RING * 0.035 * size], rgb(240, 200, 96), radius=0.0, pen=0.9)


def _box(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    front = np.array(((-0.32, -0.1), (0.32, -0.1), (0.32, 0.32), (-0.32, 0.32))) * size + at
    lid = np.array(((-0.32, -0.1), (0.32, -0.1), (0.25, -0.28), (-0.25, -0.28))) * size + at
    colour = sheet.dye("box", rgb(196, 156, 106))
    sheet.shadow([front])
    sheet.part([front], scaled(colour, 0.92), radius=0.0)
    sheet.part([lid], colour, radius=0.0)
    sheet.line(np.array(((0.0, -0.28), (0.0, 0.32))) * size + at, 4.0, 150)


def _knife(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    blade = _turned(np.array(((0.0, -0.06), (0.5, -0.04), (0.58, 0.06), (0.0, 0.07))) * (side, 1), 10.0, at)
    grip = _turned(np.array(((0.0, 0.0), (-0.3 * side, 0.0))), 10.0, at)
    sheet.shadow([blade])
    sheet.part([blade], rgb(206, 210, 214), radius=0.02)
    sheet.part(capsules(grip, [0.05, 0.045]), rgb(80, 60, 48), radius=0.03)


def _clock(sheet: Sheet, at: tuple[float, float], size: float, side: float) -> None:
    centre = np.array(at)
    sheet.shadow([centre + RING * 0.36 * size])
    sheet.part([centre + RING * 0.36 * size], rgb(120, 84, 60), radius=0.03)
    sheet.part([centre + RING * 0.3 * size], rgb(244, 238, 222), radius=0.0)
    for a in TURN[::2]:
        way = np.array((np.cos(a), np.sin(a)))
        sheet.line(np.stack([centre + way * 0.25 * size, centre + way * 0.28 * size]), 1.6)
    sheet.line(np.stack([centre, centre + np.array((0.12, -0.12)) * size]), 2.6)
    sheet.line(np.stack([centre, centre + np.array((-0.06, -0.22)) * size]), 1.8)


THINGS: dict[str, Callable[[Sheet, tuple[float, float], float, float], None]] = {
    "umbrella": _umbrella, "letter": _paper, "tag": _tag, "photo": _photo, "register": _register, "key": _key,
    "ring": _ring, "phone": _phone, "cup": _cup, "book": _book, "food": _bowl, "flower": _flower, "box": _box,
    "knife": _knife, "clock": _clock, "suitcase": _box, "bag": _box,
}  # fmt: skip
