"""Which files of a bundle are loaded, told from their names alone: the same for a repository and for a folder here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import PurePosixPath

from cinefarm.safetensors import SUFFIX
from workflows.needs import Bundle, Layout

GGUF = ".gguf"
WEIGHTS = (SUFFIX, GGUF)
INDEX = "model_index.json"
_BESIDE = {".json", ".txt", ".model", ".jinja"}  # configs, vocabularies, SentencePiece, chat templates
_NO_WEIGHTS = ("Tokenizer", "Scheduler", "Processor", "FeatureExtractor")  # parts of a pipeline that are settings only
_NAME = re.compile(
    r"(?P<stem>\w+?)(?P<mark>\.[a-z]\w*)?(-(?P<number>\d{5})-of-(?P<count>\d{5}))?(?P<late_mark>\.[a-z]\w*)?\.safetensors"
)

Index = Mapping[str, tuple[str | None, str | None]]  # part of a pipeline → library and class; null: it has no such part


@dataclass
class Loaded:
    """Paths relative to the bundle's folder, with `/`."""

    files: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)  # without which it cannot be loaded

    @property
    def weights(self) -> list[str]:
        return sorted(path for path in self.files if path.endswith(WEIGHTS))


def loaded(bundle: Bundle, listing: Iterable[str], index: Index | None = None) -> Loaded:
    """Of the files listed, those that are loaded, and what is missing. `index` is that of a pipeline."""
    listed = {path for path in listing if is_plain(path)}
    found = Loaded()
    match bundle.layout:
        case Layout.FILE:
            _want(found, str(bundle.file), listed)
        case Layout.LORA:
            every = {path for path in listed if path.endswith(SUFFIX)}
            found.files |= {path for path in every if not bundle.only or _fits(path, bundle.only)}
            if not found.files:
                found.missing.add(bundle.only[0] if bundle.only else f"*{SUFFIX}")
        case Layout.MODEL:
            _add_part(found, bundle, listed, "", library=None)
        case Layout.PIPELINE:
            _want(found, INDEX, listed)
            for part, (library, name) in (index or {}).items():
                if library and name and not is_weighted(name):
                    found.files |= (beside := _beside(listed, part))
                    found.missing |= set() if beside else {f"{part}/*.json"}
                elif library and name:
                    _add_part(found, bundle, listed, part, library=library)
    found.files |= {path for path in listed if "/" not in path and path.upper().startswith("LICEN")}
    return found


def is_weighted(name: str) -> bool:
    """Whether a class of a pipeline's part has weights."""
    return not name.removesuffix("Fast").removesuffix("Pil").endswith(_NO_WEIGHTS)


def without_mark(path: str, precision: str | None) -> str:
    """The name under which the libraries look for a file of weights that are of one precision."""
    place = PurePosixPath(path)
    return str(place.with_name(place.name.replace(f".{precision}", "", 1))) if precision else path


def is_plain(path: str) -> bool:
    """Whether it leads down into the folder and to nothing hidden."""
    parts = PurePosixPath(path).parts
    return bool(parts) and "\\" not in path and not any(part.startswith((".", "/")) for part in parts)


def _fits(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def _want(found: Loaded, path: str, listed: set[str]) -> None:
    (found.files if path in listed else found.missing).add(path)


def _inside(listed: set[str], part: str) -> list[str]:
    return sorted(path for path in listed if str(PurePosixPath(path).parent) == (part or "."))


def _beside(listed: set[str], part: str) -> set[str]:
    """What lies beside weights and is read with them, without indices of shards."""
    return {
        path
        for path in _inside(listed, part)
        if PurePosixPath(path).suffix in _BESIDE and ".index." not in path and path != INDEX
    }


def _add_part(found: Loaded, bundle: Bundle, listed: set[str], part: str, *, library: str | None) -> None:
    """A model: its config and its weights."""
    _want(found, f"{part}/config.json".lstrip("/"), listed)
    found.files |= _beside(listed, part)
    chosen = _chosen(_inside(listed, part), bundle.precision, library)
    if not chosen:
        found.missing.add(f"{part}/*{SUFFIX}".lstrip("/"))
    for path in chosen:
        found.files.add(path)
        found.missing |= _shards_of(path) - listed
    if any(_shards_of(path) for path in chosen):
        found.files |= {path for path in _inside(listed, part) if f"{SUFFIX}.index." in path}


def _chosen(files: list[str], precision: str | None, library: str | None) -> list[str]:
    """The files of one precision and one name, as the libraries look for them: one file before many shards."""
    every = {path: found for path in files if (found := _NAME.fullmatch(PurePosixPath(path).name))}
    marks = {path: (found["mark"] or found["late_mark"] or "").lstrip(".") for path, found in every.items()}
    wanted = precision if precision and precision in marks.values() else ""
    every = {path: found for path, found in every.items() if marks[path] == wanted}
    if not every:
        return [path for path in files if path.endswith(SUFFIX) and path not in marks]
    names = ["model", "diffusion_pytorch_model"]
    if library and library != "transformers":
        names.reverse()
    stems = {found["stem"] for found in every.values()}
    stem = next((name for name in names if name in stems), None)
    ours = {path: found for path, found in every.items() if stem is None or found["stem"] == stem}
    whole = [path for path, found in ours.items() if found["count"] is None]
    return whole or list(ours)


def _shards_of(path: str) -> set[str]:
    """Every shard of the set that this one belongs to; none of a whole file."""
    place = PurePosixPath(path)
    found = _NAME.fullmatch(place.name)
    if not found or not found["count"]:
        return set()
    before, after = place.name.split(f"-{found['number']}-of-", 1)
    return {str(place.with_name(f"{before}-{number + 1:05}-of-{after}")) for number in range(int(found["count"]))}
