"""Reads the header of a safetensors file: a JSON text, then raw numbers (https://github.com/huggingface/safetensors).

Other weight files are pickles, which run code when they are opened; this one is read without opening it as weights.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from cinefarm.sentences import Said, say

SUFFIX = ".safetensors"
HEADER_LIMIT = 32 * 1024 * 1024  # bytes; the largest that are known have some 300,000
MOST_TENSORS = 100_000
_DTYPE_BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4} | {
    **{"F16": 2, "BF16": 2, "I16": 2, "U16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1},
}

_PICKLES = (b"PK\x03\x04", *(bytes([0x80, protocol]) for protocol in range(2, 6)))  # torch's zip of one, and bare ones

Whole = Annotated[int, Field(ge=0, le=2**53)]


class NotWhole(ValueError):
    """It is no whole safetensors file. The message says why."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


class Tensor(BaseModel):
    """One entry of the header. The offsets are bytes behind it."""

    dtype: str
    shape: list[Whole]
    data_offsets: tuple[Whole, Whole]

    @property
    def bytes(self) -> int:
        return self.data_offsets[1] - self.data_offsets[0]


_Tensors = TypeAdapter(dict[str, Tensor])


@dataclass(frozen=True, slots=True)
class Header:
    tensors: dict[str, Tensor]

    @property
    def bytes(self) -> int:
        """What its weights take in memory as they are stored."""
        return sum(tensor.bytes for tensor in self.tensors.values())


def read_header(file: Path) -> Header:
    """Raises `NotWhole` unless the header says exactly what lies behind it: every byte belongs to one tensor."""
    length = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        size = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= size <= length - 8:
            if start.startswith(_PICKLES):
                raise NotWhole(say("it is a pickle that was renamed; those run code when they are opened"))
            raise NotWhole(say("it does not begin with a header"))
        if size > HEADER_LIMIT:
            raise NotWhole(say("its header has {size:,} bytes; the most is {most:,}", size=size, most=HEADER_LIMIT))
        tensors = _read(opened.read(size))
    _check_places(tensors, length - 8 - size)
    return Header(tensors)


def _read(header: bytes) -> dict[str, Tensor]:
    try:
        content: Any = from_json(header)
    except ValueError:
        raise NotWhole(say("its header cannot be read")) from None
    if isinstance(content, dict):
        content.pop("__metadata__", None)
        if len(content) > MOST_TENSORS:
            raise NotWhole(say("it has {count:,} tensors; the most is {most:,}", count=len(content), most=MOST_TENSORS))
    try:
        return _Tensors.validate_python(content)
    except ValidationError:
        raise NotWhole(say("its header cannot be read")) from None


def _check_places(tensors: dict[str, Tensor], behind: int) -> None:
    end = 0
    for key, tensor in sorted(tensors.items(), key=lambda one: one[1].data_offsets):
        first, last = tensor.data_offsets
        wanted = _DTYPE_BYTES.get(tensor.dtype)
        if wanted is not None and last - first != wanted * math.prod(tensor.shape):
            raise NotWhole(say("the size of “{key}” is not that of its shape", key=key[:60]))
        if first != end or last < first:
            raise NotWhole(say("“{key}” does not follow what stands before it", key=key[:60]))
        end = last
    if end == 0:
        raise NotWhole(say("it holds no weights"))
    if end != behind:
        raise NotWhole(say("{behind:,} bytes follow the header, which speaks of {said:,}", behind=behind, said=end))
