"""The one who acts, followed from frame to frame among all the people found.

A box is x and y of its left top and right bottom corner in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from worker.engines.diffusers.actor.calm import between
from worker.engines.diffusers.actor.figure import Floats

GAP = 15  # frames, half a second, that somebody may be hidden and is still taken for the same
_OVERLAP = 0.2  # of two boxes of one person in frames that follow each other
_STRIDE = 0.6  # of the box's height: as far somebody may have gone where boxes do not overlap
_LIKE = 1.6  # times as high or as low a box may be then


@dataclass
class _Path:
    boxes: dict[int, Floats] = field(default_factory=dict)  # frame → box
    weight: float = 0.0

    @property
    def last(self) -> int:
        return next(reversed(self.boxes))


def follow(found: Sequence[Floats], width: int, height: int) -> Floats:
    """The box of the main person in each frame (`frames×4`), NaN where they are not seen for longer than `GAP`.

    `found` are the people of each frame, `n×5`: boxes, and how sure each is. The main person is the one who is large,
    near the middle and long in view, all frames together. Who comes back after a longer gap is taken for the same if
    the box is about as high.
    """
    paths = _paths(found, width, height)
    boxes = np.full((len(found), 4), np.nan, np.float32)
    taken: dict[int, Floats] = {}
    for path in sorted(paths, key=lambda path: -path.weight):
        if not taken or (taken.keys().isdisjoint(path.boxes) and _alike(path, taken)):
            taken |= path.boxes
    for frame, box in taken.items():
        boxes[frame] = box
    return between(boxes, GAP)


def _paths(found: Sequence[Floats], width: int, height: int) -> list[_Path]:
    every: list[_Path] = []
    for frame, people in enumerate(found):
        going = [path for path in every if frame - path.last <= GAP + 1]
        nearness = {
            (path, person): near
            for path, one in enumerate(going)
            for person, box in enumerate(people)
            if (near := _nearness(one.boxes[one.last], box[:4])) > 0
        }
        free = set(range(len(people)))
        for path, person in sorted(nearness, key=lambda pair: -nearness[pair]):
            if person in free and frame not in going[path].boxes:
                _add(going[path], frame, people[person], width, height)
                free.discard(person)
        for person in sorted(free):
            every.append(_Path())
            _add(every[-1], frame, people[person], width, height)
    return every


def _add(path: _Path, frame: int, person: Floats, width: int, height: int) -> None:
    left, top, right, bottom, certainty = (float(number) for number in person)
    area = max(right - left, 0) * max(bottom - top, 0) / (width * height)
    aside = abs((left + right) / width - 1)  # 0 in the middle, 1 at the edge
    path.boxes[frame] = person[:4]
    path.weight += area * (1 - aside / 2) * certainty


def _nearness(before: Floats, now: Floats) -> float:
    """1 and more: they overlap; above 0: somebody may have gone so far; 0: not the same."""
    overlap = _overlap(before, now)
    if overlap >= _OVERLAP:
        return 1 + overlap
    height, height_now = float(before[3] - before[1]), float(now[3] - now[1])
    if min(height, height_now) <= 0 or max(height, height_now) > _LIKE * min(height, height_now):
        return 0.0
    gone = float(np.hypot(*((before[:2] + before[2:]) / 2 - (now[:2] + now[2:]) / 2)))
    return max(0.0, 1 - gone / (_STRIDE * max(height, height_now)))


def _overlap(one: Floats, other: Floats) -> float:
    """Of what both cover the share that each does."""
    across = float(min(one[2], other[2]) - max(one[0], other[0]))
    down = float(min(one[3], other[3]) - max(one[1], other[1]))
    both = max(across, 0.0) * max(down, 0.0)
    areas = float((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]))
    return both / (areas - both) if areas > both else 0.0


def _alike(path: _Path, taken: dict[int, Floats]) -> bool:
    """Whether a path's box is about as high as the one nearest in time."""
    first = next(iter(path.boxes))
    nearest = taken[min(taken, key=lambda frame: abs(frame - first))]
    heights = sorted((float(nearest[3] - nearest[1]), float(path.boxes[first][3] - path.boxes[first][1])))
    return heights[1] <= _LIKE * heights[0]
