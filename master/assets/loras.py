"""LoRA files: taken in after their header was read, kept by their own names for all projects.

Only safetensors, a JSON header and raw numbers, are let in: other weight files are pickles, which run code when opened.
"""

import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from cinefarm.safetensors import SUFFIX, NotWhole, read_header
from cinefarm.storage import SHARED, Storage, StoragePath, sha256_file
from master.assets.upload import copy_upload, workplace
from master.errors import BadInput, Conflict

_MOST_LISTED = 2000


@dataclass(frozen=True)
class LoraFile:
    """A LoRA in the farm's storage; `name` is what a character's `lora_file` says."""

    name: str
    bytes: int


@dataclass(frozen=True)
class StoredLora:
    path: StoragePath
    sha256: str
    bytes: int


def find_lora(storage: Storage, name: str) -> StoredLora | None:
    """The file that a character's `lora_file` names. One that was put there by hand is hashed when it is first asked
    for."""
    path = StoragePath(f"{SHARED}/loras/{name}")
    file = storage.resolve(path)
    try:
        state = file.stat()
    except OSError:
        return None
    return StoredLora(path, _hash(file, state.st_size, state.st_mtime_ns), state.st_size)


@lru_cache(maxsize=_MOST_LISTED)
def _hash(file: Path, size: int, changed_ns: int) -> str:
    """Of the file as it is: another size or time is another file."""
    return sha256_file(file)


def list_loras(storage: Storage) -> list[LoraFile]:
    """By name; those in folders too."""
    root = storage.shared / "loras"
    files = (file for file in root.rglob(f"*{SUFFIX}") if file.is_file())
    found = [LoraFile(name=file.relative_to(root).as_posix(), bytes=file.stat().st_size) for file in files]
    return sorted(found, key=lambda lora: lora.name.casefold())[:_MOST_LISTED]


def keep_lora(storage: Storage, file: BinaryIO, name: str, *, limit_mb: int) -> LoraFile:
    """Check `file` and keep it under the last part of `name`; the same file sent again changes nothing.

    Raises `BadInput` for what is no safetensors file, `TooLarge`, and `Conflict` when another file has the name.
    """
    path = _path_of(name)
    with workplace(storage) as folder:
        copy = folder / "upload"
        copy_upload(file, copy, limit_mb=limit_mb, noun="LoRA")
        _check(copy, path.name)
        with copy.open("rb") as opened:
            os.fsync(opened.fileno())
        if not storage.add(copy, path) and sha256_file(copy) != sha256_file(storage.resolve(path)):
            raise Conflict("There is another LoRA “{name}” already; rename your file.", name=path.name, field="file")
        return LoraFile(name=path.name, bytes=copy.stat().st_size)


def _path_of(name: str) -> StoragePath:
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    if not last.lower().endswith(SUFFIX):
        raise BadInput(
            "“{last}” is no {suffix} file; other formats can hold code.", last=last[:80], suffix=SUFFIX, field="file"
        )
    try:
        return StoragePath(f"{SHARED}/loras/{last}")
    except ValueError:
        raise BadInput(
            "“{last}” cannot be stored under this name; rename the file.", last=last[:80], field="file"
        ) from None


def _check(file: Path, name: str) -> None:
    try:
        read_header(file)
    except NotWhole as error:
        raise BadInput(
            "“{name}” is no whole safetensors file: {reason}. Export or download it anew.",
            name=name[:80],
            reason=error.reason,
            field="file",
        ) from None
