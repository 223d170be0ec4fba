"""Where files lie. Only `StoragePath`s cross between master, worker and database, never absolute paths.

    projects/{code}/data.json  shots/  renders/{shot}/v001.png  temp/{job}/{attempt}/…
    shared_storage/objects/{aa}/{sha256}{suffix}      every accepted file, once, by its hash

Friendly names under `renders/` are hard links to objects and can be rebuilt at any time.
"""

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from cinefarm.ids import is_id

PROJECTS = "projects"
SHARED = "shared_storage"
ROOTS = (PROJECTS, SHARED)

MAX_PART = 128  # characters; 255 bytes hold 85 three-byte letters, checked below
MAX_PATH = 400
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


class StoragePath(str):
    """A relative POSIX path under one of the farm's roots, e.g. `projects/DEMO/renders/SHT-00001/v001.png`.

    Raises ValueError, naming the path and the reason, for anything that could leave the roots or that some
    operating system cannot store.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> "StoragePath":
        if isinstance(text, cls):
            return text
        if reason := _refusal(text):
            raise ValueError(f"{text[:120]!r} is not a storage path: {reason}.")
        return super().__new__(cls, text)

    @classmethod
    def of_parts(cls, text: str) -> "StoragePath":
        """Of a storage path, ids and numbers, which can make no bad one: looking again would take long."""
        return super().__new__(cls, text)

    def __truediv__(self, part: str) -> "StoragePath":
        return StoragePath(f"{self}/{part}")

    @property
    def root(self) -> str:
        return self.split("/", 1)[0]

    @property
    def name(self) -> str:
        return self.rsplit("/", 1)[-1]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(max_length=MAX_PATH), serialization=core_schema.to_string_ser_schema()
        )


def _refusal(text: str) -> str | None:
    if not text or len(text) > MAX_PATH:
        return f"it must have 1 to {MAX_PATH} characters"
    if text.startswith("/") or re.match(r"[A-Za-z]:", text):
        return "it is absolute"
    if _FORBIDDEN.search(text):
        return "it holds a control, invisible or reserved character or a backslash"
    parts = text.split("/")
    if parts[0] not in ROOTS:
        return f"it does not start with {' or '.join(ROOTS)}"
    for part in parts:
        if reason := _part_refusal(part):
            return reason
    return None


def _part_refusal(part: str) -> str | None:
    if part in ("", ".", ".."):
        return f"the part {part!r} is not allowed"
    if len(part) > MAX_PART or len(part.encode()) > 255:
        return f"the part {part[:20]!r}… is over {MAX_PART} characters or 255 bytes"
    if part != part.strip() or part.endswith("."):
        return f"the part {part!r} starts or ends with a space, or ends with a dot"
    if _RESERVED.fullmatch(part):
        return f"{part!r} is a reserved name on Windows"
    return None


def safe_name(text: str, fallback: str = "file") -> str:
    """A display name made fit for one part of a `StoragePath`."""
    name = _FORBIDDEN.sub("_", text.replace("/", "_")).strip(" .")[:80]
    while len(name.encode()) > 200:
        name = name[:-1]
    return name if name and not _part_refusal(name) else fallback


def project_dir(code: str) -> StoragePath:
    return StoragePath(f"{PROJECTS}/{code}")


def attempt_dir(project_code: str, job_id: str, attempt: int) -> StoragePath:
    """Each attempt writes to a path of its own: a late one can never touch another's files."""
    path = f"{_temp_dir(project_code)}/{job_id}/{attempt}"
    return StoragePath.of_parts(path) if is_id(job_id) else StoragePath(path)


@lru_cache(maxsize=1024)
def _temp_dir(project_code: str) -> StoragePath:
    return StoragePath(f"{PROJECTS}/{project_code}/temp")


def object_path(sha256: str, suffix: str) -> StoragePath:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256[:80]!r} is not a SHA-256 in lower-case hexadecimal.")
    if not re.fullmatch(r"(\.[a-z0-9]{1,8})?", suffix):
        raise ValueError(f"{suffix[:20]!r} is not a file suffix.")
    return StoragePath(f"{SHARED}/objects/{sha256[:2]}/{sha256}{suffix}")


def sha256_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Storage:
    """The two roots, wherever the settings put them."""

    projects: Path
    shared: Path

    def resolve(self, path: StoragePath | str) -> Path:
        """The absolute place of `path`. Raises ValueError if a symbolic link leads out of the root."""
        path = StoragePath(path)
        root = (self.projects if path.root == PROJECTS else self.shared).resolve()
        place = root.joinpath(*path.split("/")[1:])
        if not place.resolve().is_relative_to(root):
            raise ValueError(f"{str(path)!r} leads out of its root by a symbolic link.")
        return place

    def has(self, path: StoragePath | str) -> bool:
        return self.resolve(path).is_file()

    def write_bytes(self, path: StoragePath | str, content: bytes) -> Path:
        """Write durably: a reader sees the old file or the whole new one."""
        place = self.resolve(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return place

    def adopt(self, source: Path, sha256: str, suffix: str) -> StoragePath:
        """Keep `source` as an object named by its hash (a hard link where the file system has them)."""
        target = object_path(sha256, suffix)
        place = self.resolve(target)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(source, place)
        return target

    def add(self, source: Path, target: StoragePath) -> bool:
        """Give `source` a friendly name too; False, and nothing changed, when the name is taken."""
        place = self.resolve(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        return not place.exists() and _link_or_copy(source, place)

    def link(self, source: StoragePath | str, target: StoragePath | str) -> None:
        """Give `source` a second, friendly name, replacing what `target` named before."""
        place = self.resolve(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        _link_or_copy(self.resolve(source), place)


def _link_or_copy(source: Path, place: Path) -> bool:
    """Whether it was this call that made `place`."""
    try:
        os.link(source, place)
    except FileExistsError:
        return False  # another thread was first
    except OSError:  # another volume, or a file system without links
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as file:
            temporary = Path(file.name)
        shutil.copyfile(source, temporary)
        os.replace(temporary, place)
    return True
