"""What was verified of a bundle: `.cinefarm.json` in its folder."""

from pathlib import Path

from pydantic import BaseModel, ValidationError

from workflows.needs import Sha256

NAME = ".cinefarm.json"


class Kept(BaseModel):
    """A file as it was when its hash was taken."""

    size: int  # bytes
    mtime_ns: int
    sha256: Sha256

    def fits(self, file: Path) -> bool:
        """Whether size and time are still those. Raises `OSError`."""
        found = file.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


class Record(BaseModel):
    repository: str
    revision: str
    commit: str | None = None  # that the revision meant; null for files that were put there by hand
    files: dict[str, Kept] = {}  # path in the folder, with `/`

    def known(self, folder: Path, path: str) -> str | None:
        """The file's hash, if it is as it was."""
        kept = self.files.get(path)
        try:
            return kept.sha256 if kept and kept.fits(folder / path) else None
        except OSError:
            return None


def keep(file: Path, sha256: str) -> Kept:
    found = file.stat()
    return Kept(size=found.st_size, mtime_ns=found.st_mtime_ns, sha256=sha256)


def read_record(folder: Path) -> Record | None:
    """None where there is none that can be read."""
    try:
        return Record.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def write_record(folder: Path, record: Record) -> None:
    """Whole or not at all."""
    half = folder / f"{NAME}.new"
    half.write_text(record.model_dump_json(indent=1), "utf-8")
    half.replace(folder / NAME)
