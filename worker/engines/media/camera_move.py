"""Camera moves over a still picture: where the view is at each moment of a clip."""

import hashlib
import math
from dataclasses import dataclass

from worker.engines.media.canvas import View
from worker.engines.media.move_words import Move, find_move

RAMP = 0.2  # share of the move spent on starting, and on stopping
HANDHELD_ZOOM = 1.05


# From where to where: share of the extra zoom (0 or 1) and the place across and down, at start and end.
_PATHS: dict[Move, tuple[View, View]] = {
    Move.PUSH_IN: (View(0, 0, 0), View(1, 0, 0)),
    Move.PULL_OUT: (View(1, 0, 0), View(0, 0, 0)),
    Move.ZOOM_IN: (View(0, 0, 0), View(1, 0, 0)),
    Move.ZOOM_OUT: (View(1, 0, 0), View(0, 0, 0)),
    Move.PAN_LEFT: (View(1, 1, 0), View(1, -1, 0)),
    Move.PAN_RIGHT: (View(1, -1, 0), View(1, 1, 0)),
    Move.TILT_UP: (View(1, 0, 1), View(1, 0, -1)),
    Move.TILT_DOWN: (View(1, 0, -1), View(1, 0, 1)),
    Move.TRACK_LEFT: (View(1, 1, 0), View(1, -1, 0)),
    Move.TRACK_RIGHT: (View(1, -1, 0), View(1, 1, 0)),
}


@dataclass(frozen=True)
class CameraMove:
    """A move over a clip, or none. `extra` is how much closer than the whole picture it gets."""

    move: Move | None = None
    handheld: bool = False
    extra: float = 0.0
    seconds: float = 1.0
    seed: str = ""

    @property
    def is_still(self) -> bool:
        return self.move is None and not self.handheld

    @property
    def closest_zoom(self) -> float:
        return (1 + self.extra) * (HANDHELD_ZOOM if self.handheld else 1)

    @property
    def name(self) -> str:
        parts = ([self.move.value] if self.move else []) + (["handheld"] if self.handheld else [])
        return " + ".join(parts) or "none"

    def view(self, progress: float) -> View:
        """The view at `progress` 0 to 1 of the clip."""
        zoom, x, y = 1.0, 0.0, 0.0
        if self.move is not None:
            start, end = _PATHS[self.move]
            eased = ease(progress)
            zoom = (1 + self.extra) ** (start.zoom + (end.zoom - start.zoom) * eased)
            x = start.x + (end.x - start.x) * eased
            y = start.y + (end.y - start.y) * eased
        if self.handheld:
            zoom *= HANDHELD_ZOOM
            shake_x, shake_y = _shake(self.seed, progress * self.seconds)
            # within the room that the handheld zoom added, also where the move has reached the picture's edge
            x, y = 0.65 * x + 0.35 * shake_x, 0.65 * y + 0.35 * shake_y
        return View(zoom, x, y)


def read_move(action: str, *, seconds: float, seed: str = "") -> CameraMove:
    """The camera move that an action names. The longer the clip, the further a move goes, within limits."""
    move, handheld = find_move(action)
    return CameraMove(move=move, handheld=handheld, extra=_extra(move, seconds), seconds=seconds, seed=seed)


def _extra(move: Move | None, seconds: float) -> float:
    match move:
        case None:
            return 0.0
        case Move.ZOOM_IN | Move.ZOOM_OUT:
            return min(0.45, max(0.12, 0.08 + 0.07 * seconds))
        case Move.PUSH_IN | Move.PULL_OUT:
            return min(0.22, max(0.06, 0.04 + 0.04 * seconds))
        case _:
            return min(0.20, max(0.06, 0.04 + 0.03 * seconds))


def ease(progress: float) -> float:
    """From 0 to 1 with steady speed between a soft start and a soft stop."""
    p = min(1.0, max(0.0, progress))
    if p < RAMP:
        return p * p / (2 * RAMP * (1 - RAMP))
    if p > 1 - RAMP:
        return 1 - (1 - p) ** 2 / (2 * RAMP * (1 - RAMP))
    return (p - RAMP / 2) / (1 - RAMP)


def _shake(seed: str, second: float) -> tuple[float, float]:
    """Slow sway of a hand, -1 to 1 each way: three sines an axis, their phases drawn from the seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    phases = [byte / 256 * math.tau for byte in digest[:6]]
    sway = [0.5, 0.3, 0.2]
    x_hz, y_hz = (0.31, 0.73, 1.27), (0.37, 0.83, 1.41)
    x = sum(a * math.sin(math.tau * hz * second + p) for a, hz, p in zip(sway, x_hz, phases[:3], strict=True))
    y = sum(a * math.sin(math.tau * hz * second + p) for a, hz, p in zip(sway, y_hz, phases[3:], strict=True))
    return x, y
