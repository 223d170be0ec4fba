"""Use weights that lie elsewhere on this box: linked into the models folder, or copied where links fail."""

import re
import shutil
from pathlib import Path, PurePosixPath

from cinefarm.locks import locked
from worker.models.loaded import INDEX, loaded, without_mark
from worker.models.store import PULLING, ModelStore, listing, read_index
from worker.models.verify import OnProgress, verify
from workflows.needs import Bundle, Layout

_SNAPSHOT = re.compile(r"/models--([\w.-]+?)--([\w.-]+)/snapshots/([0-9a-f]{40})$")  # of the Hub's own cache


class NotAdopted(Exception):
    """Why it cannot be used, and what to do."""


def adopt(store: ModelStore, name: str, source: Path, on_progress: OnProgress) -> None:
    """Put a folder or a file in the bundle's place and verify it.

    Raises `NotAdopted`, and then nothing is left of it; `Locked` while a pull is under way; OSError.
    """
    bundle, folder = store.bundles[name], store.folder / name
    source = source.expanduser().absolute()
    if folder.exists() or folder.is_symlink():
        raise NotAdopted(f"{folder} is there already; remove it to use {source} instead.")
    files = _chosen(bundle, source)
    with locked(store.folder / PULLING):
        staging = store.folder / PULLING / name
        shutil.rmtree(staging, ignore_errors=True)
        for path, file in files.items():
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(file.resolve(), staging / path)
        staging.replace(folder)
    try:
        faults = verify(store, name, on_progress, commit=_commit_of(bundle, source))
    except BaseException:
        shutil.rmtree(folder)
        raise
    if faults:
        shutil.rmtree(folder)
        raise NotAdopted(f"{source} is not {name}: " + "; ".join(f"{one.path} {one.why}" for one in faults) + ".")


def _chosen(bundle: Bundle, source: Path) -> dict[str, Path]:
    """Path in the bundle's folder → file that stands for it. Raises `NotAdopted`."""
    if source.is_file():
        return _single(bundle, source)
    if not source.is_dir():
        raise NotAdopted(f"{source} is not there.")
    listed = listing(source)
    try:
        index = read_index(source) if bundle.layout is Layout.PIPELINE and INDEX in listed else None
    except ValueError as error:
        raise NotAdopted(f"{source / INDEX} {error}.") from error
    found = loaded(bundle, listed, index)
    if found.missing and bundle.layout is Layout.FILE and bundle.file:
        return _single(bundle, source / PurePosixPath(bundle.file).name)
    if found.missing:
        raise NotAdopted(f"{source} is not {bundle.name}: it has no {', '.join(sorted(found.missing))}.")
    return {without_mark(path, bundle.precision): source / path for path in found.files}


def _single(bundle: Bundle, file: Path) -> dict[str, Path]:
    if not file.is_file():
        raise NotAdopted(f"{file} is not there.")
    if bundle.layout is Layout.FILE and bundle.file:
        if file.suffix != PurePosixPath(bundle.file).suffix:
            raise NotAdopted(f"{file} is no {PurePosixPath(bundle.file).suffix} file, as {bundle.name} is.")
        return {bundle.file: file}
    places = [file.name, *(str(PurePosixPath(pattern).with_name(file.name)) for pattern in bundle.only)]
    place = next((path for path in places if not loaded(bundle, [path]).missing), None)
    if bundle.layout is not Layout.LORA or place is None:
        raise NotAdopted(f"{bundle.name} is not one file; give the folder that it lies in.")
    return {place: file}


def _link_or_copy(file: Path, place: Path) -> None:
    try:
        place.symlink_to(file)
    except (OSError, NotImplementedError):
        shutil.copy2(file, place)


def _commit_of(bundle: Bundle, source: Path) -> str | None:
    found = _SNAPSHOT.search(source.as_posix())
    return found[3] if found and f"{found[1]}/{found[2]}" == bundle.repository else None
