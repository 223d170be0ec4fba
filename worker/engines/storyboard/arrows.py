"""Camera moves and subject moves, as a storyboard artist marks them."""

import cv2
import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import Plane
from worker.engines.storyboard.framing import View
from worker.engines.storyboard.scene import Scene

_RED = (58, 52, 214)
_BLUE = (190, 110, 40)


def draw_arrows(picture: Plane, scene: Scene, view: View) -> Plane:
    height, width = picture.shape[:2]
    pen = _Marker(picture)
    for index, move in enumerate(scene.moves):
        _camera_move(pen, move, width, height, index)
    for mark, bones in zip(view.marks, view.bones, strict=True):
        if mark.role.move and mark.focus and bones is not None:
            _subject_move(pen, mark.role.move, view, bones.pelvis)
            break
    return picture


class _Marker:
    """A red pencil with a white edge, so that it reads on any tone."""

    def __init__(self, picture: Plane) -> None:
        self.picture = picture
        self.unit = float(np.sqrt(picture.shape[0] * picture.shape[1]) / 960.0)

    def shape(self, points: Points, colour: tuple[int, int, int]) -> None:
        pts = [np.rint(points * 8).astype(np.int32)]
        cv2.polylines(self.picture, pts, True, (250, 250, 250), max(3, round(6 * self.unit)), cv2.LINE_AA, 3)
        cv2.fillPoly(self.picture, pts, colour, cv2.LINE_AA, 3)
        cv2.polylines(
            self.picture,
            pts,
            True,
            tuple(int(c * 0.55) for c in colour),
            max(1, round(1.4 * self.unit)),
            cv2.LINE_AA,
            3,
        )

    def line(self, points: Points, colour: tuple[int, int, int], width: float = 2.0) -> None:
        pts = [np.rint(points * 8).astype(np.int32)]
        cv2.polylines(
            self.picture, pts, False, (250, 250, 250), max(2, round((width + 2.2) * self.unit)), cv2.LINE_AA, 3
        )
        cv2.polylines(self.picture, pts, False, colour, max(1, round(width * self.unit)), cv2.LINE_AA, 3)

    def arrow(self, path: Points, colour: tuple[int, int, int], *, thick: float = 11.0) -> None:
        """A block arrow along a path, growing towards its head."""
        thick *= self.unit
        steps = np.gradient(path, axis=0)
        length = np.maximum(1e-6, np.hypot(steps[:, 0], steps[:, 1]))[:, None]
        way = steps / length
        side = np.stack([-way[:, 1], way[:, 0]], axis=1)
        total = float(np.hypot(*np.diff(path, axis=0).T).sum())
        head = min(thick * 2.6, total * 0.42)
        run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        body = run <= total - head
        width = thick * (0.35 + 0.65 * run / max(1e-6, total))[:, None] / 2
        left, right = (path + side * width)[body], (path - side * width)[body]
        neck, tip = path[body][-1], path[-1]
        aside = side[body][-1] * thick * 1.25
        self.shape(np.concatenate([left, [neck + aside], [tip], [neck - aside], right[::-1]]), colour)


def _straight(start: tuple[float, float], end: tuple[float, float]) -> Points:
    t = np.linspace(0, 1, 14)[:, None]
    return np.array(start) * (1 - t) + np.array(end) * t


def _camera_move(pen: _Marker, move: str, width: int, height: int, index: int) -> None:
    m = 0.075 * min(width, height) + index * 34 * pen.unit
    kind, _, way = move.partition("_")
    if kind in {"pan", "track"}:
        y = m if kind == "pan" else height - m
        x0, x1 = (width * 0.34, width * 0.66) if way == "right" else (width * 0.66, width * 0.34)
        path = _straight((x0, y), (x1, y))
        if kind == "pan":
            path[:, 1] -= np.sin(np.linspace(0, np.pi, len(path))) * 0.03 * height
        pen.arrow(path, _RED)
        if kind == "track":
            for x in (width * 0.31, width * 0.69):
                pen.line(np.array([[x, y - 9 * pen.unit], [x, y + 9 * pen.unit]]), _RED)
    elif kind in {"tilt", "crane"}:
        x = width - m
        y0, y1 = (height * 0.66, height * 0.34) if way == "up" else (height * 0.34, height * 0.66)
        path = _straight((x, y0), (x, y1))
        if kind == "crane":
            path[:, 0] -= np.linspace(0, 1, len(path)) ** 2 * 0.05 * width
        pen.arrow(path, _RED)
    elif move in {"push_in", "pull_out"}:
        _zoom(pen, width, height, inwards=move == "push_in")
    elif move == "arc":
        turn = np.linspace(np.pi * 0.9, np.pi * 0.1, 24)
        pen.arrow(np.stack([width / 2 + np.cos(turn) * width * 0.3, height * (0.84 + np.sin(turn) * 0.09)], 1), _RED)
    elif move == "handheld":
        run = np.linspace(0, 1, 60)
        tremble = m * 0.8 + np.sin(run * 46) * 5 * pen.unit * (0.6 + 0.4 * np.sin(run * 13))
        pen.line(np.stack([width * (0.06 + 0.16 * run), tremble], 1), _RED, 3.0)


def _zoom(pen: _Marker, width: int, height: int, *, inwards: bool) -> None:
    """The end frame inside the first, joined by arrows at the corners."""
    share = 0.56
    w, h = width * share / 2, height * share / 2
    cx, cy = width / 2, height / 2
    inner = np.array([[cx - w, cy - h], [cx + w, cy - h], [cx + w, cy + h], [cx - w, cy + h]])
    outer = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    for i in range(4):  # corner marks rather than a full frame, to leave the drawing readable
        for j in (1, 3):
            to = inner[(i + j) % 4]
            pen.line(np.stack([inner[i], inner[i] * 0.86 + to * 0.14]), _RED, 2.2)
        start, end = outer[i] * 0.86 + inner[i] * 0.14, outer[i] * 0.3 + inner[i] * 0.7
        a, b = (start, end) if inwards else (end, start)
        pen.arrow(_straight((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))), _RED, thick=8.0)


def _subject_move(pen: _Marker, move: str, view: View, at: Points) -> None:
    """An arrow on the ground, in perspective, the way the subject goes."""
    a = np.radians(view.orbit)
    right, away = np.array((np.cos(a), 0, -np.sin(a))), np.array((np.sin(a), 0, np.cos(a)))
    way = {"left": -right, "right": right, "toward": -away, "away": away}[move]
    foot = at * (1, 0, 1)
    start, end = foot + way * 0.35, foot + way * min(1.7, view.distance * 0.4)
    t = np.linspace(0, 1, 14)[:, None]
    seen = view.camera.view(start * (1 - t) + end * t)
    if seen[:, 2].min() < 0.3:
        return
    path = view.camera.to_pixels(seen)
    height, width = pen.picture.shape[:2]
    if path[:, 1].max() > height * 0.95 or path[:, 0].min() < 0 or path[:, 0].max() > width:
        y = height * 0.9
        x = float(np.clip(path[0, 0], width * 0.25, width * 0.75))
        reach = 0.16 * width
        if move in {"left", "right"}:
            path = _straight((x, y), (x + (reach if move == "right" else -reach), y))
        else:
            dy = 0.1 * height
            path = (
                _straight((x + reach, y - dy), (x + reach * 0.8, y))
                if move == "toward"
                else _straight((x + reach * 0.8, y), (x + reach, y - dy))
            )
    pen.arrow(path, _BLUE, thick=9.0)
