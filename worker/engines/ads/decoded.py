"""Pictures that this process wrote or read lately, so that the next stage of an ad need not decode them.

Files in storage are named by their hash, so what is kept is found by the name and can never be another picture.
"""

import re
from collections import OrderedDict
from pathlib import Path

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # as it is in the file: H×W, H×W×3 or H×W×4 sRGB

MOST_BYTES = 64 << 20  # an ad of 1024² needs 17 MB
_HASH = re.compile("[0-9a-f]{64}")

_kept: OrderedDict[str, Picture] = OrderedDict()  # by SHA-256 of the file, the longest unused first


def keep(sha256: str, picture: Picture) -> None:
    """Nobody may write to it from now on."""
    if picture.nbytes > MOST_BYTES // 2:
        return
    picture.flags.writeable = False
    _kept[sha256] = picture
    _kept.move_to_end(sha256)
    while sum(one.nbytes for one in _kept.values()) > MOST_BYTES:
        _kept.popitem(last=False)


def kept(path: Path) -> Picture | None:
    """What the file holds, where it is known."""
    if not _HASH.fullmatch(path.stem) or path.stem not in _kept:
        return None
    _kept.move_to_end(path.stem)
    return _kept[path.stem]
