"""Delete weights that no workflow names, and what pulls left unfinished."""

import shutil
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel

from cinefarm.locks import locked
from worker.models.record import read_record
from worker.models.store import PULLING, ModelStore


class Pruned(BaseModel):
    """A folder that goes, or went."""

    folder: Path
    bytes: int  # on this disk: what is linked stays where it is
    why: str


def find_unneeded(store: ModelStore, named: Collection[str]) -> list[Pruned]:
    """Folders that may go. One that is no bundle and was never verified here is somebody else's: it is left alone."""
    found = []
    halves = store.folder / PULLING
    for half in sorted(halves.iterdir()) if halves.is_dir() else []:
        if half.name != "lock":
            found.append(Pruned(folder=half, bytes=size_of(half), why="a pull that did not end"))
    for folder in sorted(store.folder.iterdir()) if store.folder.is_dir() else []:
        ours = folder.name in store.bundles or read_record(folder) is not None
        if folder.is_dir() and ours and folder.name not in named and folder.name != PULLING:
            found.append(Pruned(folder=folder, bytes=size_of(folder), why="no workflow names it"))
    return found


def remove(store: ModelStore, unneeded: Collection[Pruned]) -> None:
    """Raises `Locked` while a pull is under way."""
    with locked(store.folder / PULLING):
        for one in unneeded:
            if one.folder.is_symlink() or one.folder.is_file():
                one.folder.unlink()
            else:
                shutil.rmtree(one.folder)


def size_of(place: Path) -> int:
    """Bytes on this disk; what is linked does not count."""
    if place.is_symlink():
        return 0
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink())
