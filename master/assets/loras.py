"""LoRA files: taken in after their header was read, kept by their own names for all projects.

Only safetensors, a JSON header and raw numbers, are let in: other weight files are pickles, which run code when opened.
"""

import os
import unicodedata
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
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


class NotRead(Exception):
    """LoRAs whose hash is not known yet. `read_loras` learns them; it reads gigabytes, so no transaction does."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = frozenset(names)


_hashes: dict[Path, tuple[int, int, str]] = {}  # file → size and time it had, and its SHA-256


def find_lora(storage: Storage, name: str) -> StoredLora | None:
    """The file that a character's `lora_file` names. Raises `NotRead` for one that is new since the farm started."""
    path = StoragePath(f"{SHARED}/loras/{name}")
    file = storage.resolve(path)
    try:
        state = file.stat()
    except OSError:
        return None
    known = _hashes.get(file)
    if known is None or known[:2] != (state.st_size, state.st_mtime_ns):
        raise NotRead([name])
    return StoredLora(path, known[2], state.st_size)


def read_loras(storage: Storage, names: Iterable[str]) -> None:
    """Learn their hashes. One that is gone is left to `find_lora`. Raises OSError for one that cannot be read."""
    for name in names:
        file = storage.resolve(StoragePath(f"{SHARED}/loras/{name}"))
        with suppress(FileNotFoundError):
            state = file.stat()
            _hashes[file] = (state.st_size, state.st_mtime_ns, sha256_file(file))


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
