"""What weights are on this box: `<models_dir>/<bundle>/`, laid out as in the repository they come from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cinefarm.safetensors import SUFFIX, NotWhole, read_header
from workflows.needs import Bundle, Layout


class ModelStore:
    """Reads only; nothing is fetched for it."""

    def __init__(self, folder: Path, bundles: Mapping[str, Bundle]) -> None:
        self.folder = folder
        self.bundles = bundles

    def place(self, name: str) -> Path:
        """The bundle's folder; of layout `file` the file."""
        bundle = self.bundles[name]
        return self.folder / name / bundle.file if bundle.file else self.folder / name

    def stored(self) -> tuple[str, ...]:
        """Names of the bundles that are whole as far as their headers tell."""
        return tuple(name for name in self.bundles if not self.lack(name))

    def lack(self, name: str) -> str:
        """What is missing or broken, and the command that mends it; empty if nothing is."""
        try:
            self._check(name)
        except (OSError, ValueError) as error:
            return f"{error} Run `cinefarm models pull {name}` on this box."
        return ""

    def _check(self, name: str) -> None:
        place = self.place(name)
        if not place.exists():
            raise ValueError(f"The weights of {name} are not here.")
        for file in weights_files(place, self.bundles[name].layout):
            if file.suffix == SUFFIX:
                try:
                    read_header(file)
                except NotWhole as error:
                    raise ValueError(f"{file.relative_to(self.folder)} is broken: {error}.") from error


def weights_files(place: Path, layout: Layout) -> list[Path]:
    """The files that are loaded. Raises `ValueError` naming a part that has none."""
    match layout:
        case Layout.FILE:
            return [place]
        case Layout.PIPELINE:
            return [file for part in weighted_parts(place) for file in _weights(place / part)]
        case Layout.MODEL:
            return _weights(place)
        case Layout.LORA:
            return sorted(place.rglob(f"*{SUFFIX}"))


def weighted_parts(place: Path) -> list[str]:
    """Parts of a pipeline that a file of weights belongs to."""
    index = read_index(place)
    return [part for part, (library, _) in index.items() if library and (place / part / "config.json").exists()]


def read_index(place: Path) -> dict[str, tuple[str | None, str | None]]:
    """Part → library and class, of a folder that diffusers wrote. Raises `ValueError`."""
    lists = {part: value for part, value in _index(place).items() if isinstance(value, list) and len(value) == 2}
    return {part: (library, of) for part, (library, of) in lists.items()}


def read_settings(place: Path) -> dict[str, Any]:
    """What else the index says, such as at which step the second expert takes over. Raises `ValueError`."""
    return {name: value for name, value in _index(place).items() if not isinstance(value, list)}


def _index(place: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((place / "model_index.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{place.name}/model_index.json cannot be read: {error}.") from error
    return content


def _weights(folder: Path) -> list[Path]:
    """Raises `ValueError` where there are none, or a shard that the index names is missing."""
    shards: set[str] = set()
    for index in folder.glob(f"*{SUFFIX}.index.json"):
        shards |= set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    found = sorted(folder.glob(f"*{SUFFIX}"))
    missing = sorted(shards - {file.name for file in found})
    if missing or not found:
        name = missing[0] if missing else f"*{SUFFIX}"
        raise ValueError(f"{folder.parent.name}/{folder.name}/{name} is missing.")
    return found
