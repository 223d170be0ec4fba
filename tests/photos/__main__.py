"""`python -m tests.photos FOLDER [SEED]`: every product on every ground as one sheet, and the mattes as another."""

import sys
from pathlib import Path

import cv2
import numpy as np

from tests.photos import GROUNDS, KINDS, photo

_SHOWN = 200  # pixels of a picture on the sheet


def main(folder: Path, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures, mattes = [], []
    for ground in GROUNDS:
        made = [photo(kind, ground, seed, (800, 800)) for kind in KINDS]
        pictures.append(np.hstack([_small(pixels) for pixels, _ in made]))
        mattes.append(np.hstack([_small(np.uint8(matte * 255)) for _, matte in made]))
    cv2.imwrite(str(folder / f"photos-{seed}.png"), np.vstack(pictures)[..., ::-1])
    cv2.imwrite(str(folder / f"mattes-{seed}.png"), np.vstack(mattes))


def _small(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, (_SHOWN, _SHOWN), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
