"""A picture enlarged tile by tile: tiles overlap, and blend where they do, so that no seam shows."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MARGIN = 16  # pixels at an inner edge that count for nothing: there a tile knows too little of what is around it
RAMP = 16  # pixels over which one tile gives way to the next
OVERLAP = 2 * MARGIN + RAMP
LEAST = 2 * OVERLAP


def places(length: int, tile: int) -> list[tuple[int, int]]:
    """First pixel and the one behind the last of each tile along a side; all of one length, evenly spread."""
    tile = max(LEAST, tile)
    if length <= tile:
        return [(0, length)]
    count = -(-(length - OVERLAP) // (tile - OVERLAP))
    starts = [round(n * (length - tile) / (count - 1)) for n in range(count)]
    return [(start, start + tile) for start in starts]


def count_tiles(height: int, width: int, tile: int) -> int:
    return len(places(height, tile)) * len(places(width, tile))


def enlarge(picture: Floats, tile: int, factor: int, paint: Callable[[Floats], Floats]) -> Floats:
    """`H×W×3` → `factor·H × factor·W × 3`; `paint` enlarges one tile so much."""
    height, width = picture.shape[:2]
    total = np.zeros((height * factor, width * factor, 3), np.float32)
    shares = np.zeros((height * factor, width * factor, 1), np.float32)
    for top, bottom in places(height, tile):
        for left, right in places(width, tile):
            painted = paint(picture[top:bottom, left:right])
            share = _share(top, bottom, height, factor)[:, None] * _share(left, right, width, factor)[None, :]
            there = slice(top * factor, bottom * factor), slice(left * factor, right * factor)
            total[there] += painted * share[:, :, None]
            shares[there] += share[:, :, None]
    return np.asarray(total / shares, np.float32)


def _share(start: int, end: int, length: int, factor: int) -> Floats:
    """How much each pixel of a tile counts: less towards the edges where another tile goes on."""
    at = np.asarray((np.arange((end - start) * factor) + 0.5) / factor, np.float32)
    share = np.ones_like(at)
    for away in _inner_edges(at, start, end, length):
        share = np.asarray(np.minimum(share, ((away - MARGIN) / RAMP).clip(0, 1)), np.float32)
    return share


def _inner_edges(at: Floats, start: int, end: int, length: int) -> Iterator[Floats]:
    if start > 0:
        yield at
    if end < length:
        yield np.asarray((end - start) - at, np.float32)
