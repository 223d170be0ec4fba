"""Files as one ZIP, sent while it is written: nothing of it lies in memory or on disk but the part on its way."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

_CHUNK = 256 * 1024


def zipped(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """Names in the ZIP, and where each file lies. They are kept as they are: pictures are packed already."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files:
            entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()  # the table of what is in it


class _Pipe:
    """A file that can only be written to; what was written is taken."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, content: bytes, /) -> int:
        self._written.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """All is out at once."""

    def close(self) -> None:
        """Nothing is held."""

    def taken(self) -> bytes:
        content, self._written = b"".join(self._written), []
        return content
