"""What weights are on this box: `<models_dir>/<bundle>/`, laid out as in the repository they come from."""

import json
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from cinefarm.safetensors import SUFFIX, read_header
from cinefarm.sentences import Word, plain, say
from worker.models.loaded import GGUF, INDEX, Index, Loaded, is_weighted, loaded
from worker.models.record import Record, read_record
from worker.surroundings import default_models_dir
from workflows.needs import Bundle, Layout

PULLING = ".pulling"  # folder of what is not whole yet
_GGUF_VERSIONS = (2, 3)


class Standing(StrEnum):
    HERE = "here"
    PARTLY = "partly"  # some files are missing
    BROKEN = "broken"  # a file is not what it should be
    MISSING = "missing"


class Fault(NamedTuple):
    path: str  # in the bundle's folder; empty: the whole bundle
    why: str  # what follows the file's name
    standing: Standing
    act: str = "pull"  # what mends it


class Hashes(NamedTuple):
    """What a take's recipe remembers of weights."""

    repository: str
    revision: str
    commit: str | None  # null where it is not known
    files: dict[str, str]  # path → SHA-256 of weights whose hash is known

    @property
    def source(self) -> str:
        return f"{self.repository}@{self.commit or 'unknown'}"


class ModelStore:
    """Reads only, and only this box: nothing is fetched for it."""

    def __init__(self, folder: Path, bundles: Mapping[str, Bundle]) -> None:
        self.folder = folder
        self.bundles = bundles

    def place(self, name: str) -> Path:
        """The bundle's folder; of layout `file` the file."""
        bundle = self.bundles[name]
        return self.folder / name / bundle.file if bundle.file else self.folder / name

    def stored(self) -> tuple[str, ...]:
        """Names of the bundles that are whole, as far as can be told without reading them."""
        return tuple(name for name in self.bundles if not self.lack(name))

    def lack(self, name: str) -> str:
        """What is missing or broken first, and the command that mends it; empty if nothing is."""
        found = self.faults(name)
        if not found:
            return ""
        first = found[0]
        what = plain(f"{name}/{first.path} {first.why}.")
        if not first.path:
            what = say("The weights of {name} are {why}.", name=name, why=Word(first.why))
        more = say(" And {count} more.", count=len(found) - 1) if len(found) > 1 else ""
        command = self.command(first.act, name)
        return say("{what}{more} Run `{command}` on this box.", what=what, more=more, command=command)

    def command(self, act: str, name: str) -> str:
        """What a person types."""
        elsewhere = "" if self.folder == default_models_dir() else f" --models-dir {self.folder}"
        return f"cinefarm models {act} {name}{elsewhere}"

    def faults(self, name: str) -> list[Fault]:
        """What keeps the bundle from being loaded: by names, sizes, times and headers; no weights are read."""
        folder = self.folder / name
        if not os.path.lexists(folder) or not (listed := listing(folder)):
            return [Fault("", "not here", Standing.MISSING)]
        record = read_record(folder)
        try:
            wanted = self.loaded(name, listed)
        except ValueError as error:
            return [Fault(INDEX, str(error), Standing.BROKEN)]
        gone = wanted.missing | (set(record.files) - set(listed) if record else set())
        faults = [Fault(path, "is missing", Standing.PARTLY) for path in sorted(gone)]
        checked = (_check(folder, path, record) for path in sorted(wanted.files))
        return faults + [fault for fault in checked if fault]

    def loaded(self, name: str, listed: list[str] | None = None) -> Loaded:
        """The files that are loaded, of those in the folder. Raises `ValueError` for an index that cannot be read.

        Files of one precision lie here under plain names, whatever they are called in the repository.
        """
        folder, bundle = self.folder / name, self.bundles[name].model_copy(update={"precision": None})
        listed = listing(folder) if listed is None else listed
        index = read_index(folder) if bundle.layout is Layout.PIPELINE and INDEX in listed else None
        return loaded(bundle, listed, index)

    def bytes_of(self, name: str) -> int:
        """What the bundle's files hold, links followed."""
        folder = self.folder / name
        files = [folder / path for path in listing(folder)]
        return sum(file.stat().st_size for file in files if file.is_file())

    def sha256(self, file: Path) -> str | None:
        """The hash of a file in here, if it is known and the file is as it was then."""
        try:
            name, *rest = file.relative_to(self.folder).parts
        except ValueError:
            return None
        record = read_record(self.folder / name)
        return record.known(self.folder / name, "/".join(rest)) if record else None

    def remembered(self, names: Iterable[str]) -> dict[str, Any]:
        """For a take's provenance: `models` are bundle → repository@commit, `weights` bundle → file → SHA-256."""
        found = {name: self.hashes(name) for name in names}
        weights = {name: known.files for name, known in found.items() if known.files}
        models = {name: known.source for name, known in found.items()}
        return {"models": models, **({"weights": weights} if weights else {})}

    def hashes(self, name: str) -> Hashes:
        """Where the weights come from and what is known of them."""
        bundle, folder = self.bundles[name], self.folder / name
        record = read_record(folder)
        if record is None:
            return Hashes(bundle.repository, bundle.revision, None, {})
        weights = (path for path in record.files if path.endswith((SUFFIX, GGUF)))
        known = {path: record.known(folder, path) for path in sorted(weights)}
        files = {path: sha256 for path, sha256 in known.items() if sha256}
        return Hashes(record.repository, record.revision, record.commit, files)


def listing(folder: Path) -> list[str]:
    """Every file under the folder that is not hidden, links that lead nowhere too."""
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        start = Path(place).relative_to(folder)
        found += [(start / name).as_posix() for name in files if not name.startswith(".")]
    return sorted(found)


def weighted_parts(place: Path) -> list[str]:
    """Parts of a pipeline that files of weights belong to. Raises `ValueError`."""
    return [part for part, (library, of) in read_index(place).items() if library and of and is_weighted(of)]


def read_index(folder: Path) -> Index:
    """Part → library and class, of a folder that diffusers wrote. Raises `ValueError`."""
    return parts_in(_index(folder))


def read_settings(folder: Path) -> dict[str, Any]:
    """What else the index says, such as at which step the second expert takes over. Raises `ValueError`."""
    return {name: value for name, value in _index(folder).items() if not isinstance(value, list)}


def parts_in(index: Mapping[str, Any]) -> Index:
    """Part → library and class; names that are no folder's are left out."""
    lists = {part: value for part, value in index.items() if isinstance(value, list) and len(value) == 2}
    return {part: (value[0], value[1]) for part, value in lists.items() if "/" not in part and part[0] != "."}


def _index(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / INDEX).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise ValueError("cannot be read: it is no object")
    return content


def _check(folder: Path, path: str, record: Record | None) -> Fault | None:
    """A file that is as it was when it was verified is not opened."""
    file = folder / path
    kept = record.files.get(path) if record else None
    try:
        if kept is None:
            check_header(file)
        elif not kept.fits(file):
            size = file.stat().st_size
            if size != kept.size:
                why = f"has {size:,} bytes; {kept.size:,} were verified"
                return Fault(path, why, Standing.BROKEN, "pull" if record and record.commit else "verify")
            return Fault(path, "was changed since it was verified", Standing.BROKEN, "verify")
    except FileNotFoundError:
        return Fault(path, "leads to a file that is not there", Standing.PARTLY)
    except (OSError, ValueError) as error:
        return Fault(path, f"is broken: {error}", Standing.BROKEN)
    return None


def check_header(file: Path) -> None:
    """Raises `ValueError` for weights that cannot be what their name says; other files are only looked for."""
    if file.suffix == SUFFIX:
        read_header(file)
    elif file.suffix == GGUF:
        with file.open("rb") as opened:
            start = opened.read(8)
        if start[:4] != b"GGUF" or int.from_bytes(start[4:], "little") not in _GGUF_VERSIONS:
            raise ValueError("it does not begin as a GGUF file of version 2 or 3 does")
    else:
        file.stat()
