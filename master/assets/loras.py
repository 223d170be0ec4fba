"""LoRA files: taken in after their header was read, kept by their own names for all projects.

Only safetensors, a JSON header and raw numbers, are let in: other weight files are pickles, which run code when opened.
"""

import math
import os
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from cinefarm.storage import SHARED, Storage, StoragePath, sha256_file
from master.assets.upload import copy_upload, workplace
from master.errors import BadInput, Conflict

SUFFIX = ".safetensors"
_HEADER_LIMIT = 32 * 1024 * 1024  # bytes; that of a large LoRA has some 200,000
_MOST_LISTED = 2000
_DTYPE_BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4} | {
    **{"F16": 2, "BF16": 2, "I16": 2, "U16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1},
}

Whole = Annotated[int, Field(ge=0, le=2**53)]


class _Tensor(BaseModel):
    """One entry of the header (https://github.com/huggingface/safetensors#format)."""

    dtype: str
    shape: list[Whole]
    data_offsets: tuple[Whole, Whole]


_Header = TypeAdapter(dict[str, _Tensor])


@dataclass(frozen=True)
class LoraFile:
    """A LoRA in the farm's storage; `name` is what a character's `lora_file` says."""

    name: str
    bytes: int


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
        check_safetensors(copy, path.name)
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


def check_safetensors(file: Path, name: str) -> None:
    """Raises `BadInput` unless the header says exactly what lies behind it: every byte belongs to one tensor."""
    length = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= size <= min(length - 8, _HEADER_LIMIT):
            raise _refused(name, "it does not begin with a header")
        header = opened.read(size)
    end = 0
    for key, tensor in sorted(_read(header, name).items(), key=lambda one: one[1].data_offsets):
        first, last = tensor.data_offsets
        wanted = _DTYPE_BYTES.get(tensor.dtype)
        if wanted is not None and last - first != wanted * math.prod(tensor.shape):
            raise _refused(name, f"the size of “{key[:60]}” is not that of its shape")
        if first != end or last < first:
            raise _refused(name, f"“{key[:60]}” does not follow what stands before it")
        end = last
    if end == 0:
        raise _refused(name, "it holds no weights")
    if end != length - 8 - size:
        raise _refused(name, f"{length - 8 - size:,} bytes follow the header, which speaks of {end:,}")


def _read(header: bytes, name: str) -> dict[str, _Tensor]:
    try:
        content: Any = from_json(header)
        if isinstance(content, dict):
            content.pop("__metadata__", None)
        return _Header.validate_python(content)
    except (ValueError, ValidationError):
        raise _refused(name, "its header cannot be read") from None


def _refused(name: str, reason: str) -> BadInput:
    return BadInput(
        "“{name}” is no whole safetensors file: {reason}. Export or download it anew.",
        name=name[:80],
        reason=reason,
        field="file",
    )
