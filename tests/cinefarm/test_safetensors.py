"""Headers of safetensors files, read without opening the weights. More that is refused: test_loras_api.py."""

import json
import struct
from pathlib import Path

import pytest

from cinefarm.safetensors import HEADER_LIMIT, MOST_TENSORS, NotWhole, read_header


def write(path: Path, header: bytes, data: bytes = b"") -> Path:
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    return path


def test_a_header_tells_what_the_weights_take(tmp_path: Path) -> None:
    header = {
        "__metadata__": {"base": "flux"},
        "up": {"dtype": "BF16", "shape": [3, 4], "data_offsets": [0, 24]},
        "scale": {"dtype": "F32", "shape": [], "data_offsets": [24, 28]},
    }
    found = read_header(write(tmp_path / "a.safetensors", json.dumps(header).encode(), bytes(28)))
    assert found.bytes == 28
    assert found.tensors["up"].shape == [3, 4]
    assert found.tensors["up"].bytes == 24


def test_a_header_beyond_all_use_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """90 MiB of metadata."""
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", 90 * 1024 * 1024))
        file.truncate(91 * 1024 * 1024)
    with pytest.raises(NotWhole, match=f"the most is {HEADER_LIMIT:,}"):
        read_header(path)


def test_so_are_hundreds_of_thousands_of_tensors(tmp_path: Path) -> None:
    one = '"{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'
    header = "{" + ",".join(one.format(number) for number in range(300_000)) + "}"
    with pytest.raises(NotWhole, match=f"300,000 tensors; the most is {MOST_TENSORS:,}"):
        read_header(write(tmp_path / "many.safetensors", header.encode()))
