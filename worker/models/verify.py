"""Read every byte of a bundle's files, compare their hashes, and keep what was found."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from cinefarm.storage import sha256_file
from worker.models.loaded import without_mark
from worker.models.record import Kept, Record, keep, read_record, write_record
from worker.models.store import Fault, ModelStore, Standing, check_header, listing

OnProgress = Callable[[str, int, int], None]  # the file, bytes that are read, bytes in all

_WEIGHT_LIKE = {".safetensors", ".gguf", ".bin", ".ckpt", ".pt", ".pth", ".pkl", ".onnx", ".msgpack", ".h5"}
_NEVER = -1  # no file has this time: what is broken stays so until it is mended


def verify(store: ModelStore, name: str, on_progress: OnProgress, *, commit: str | None = None) -> list[Fault]:
    """What is broken, missing, or lies among the weights and is not loaded. Hashes of the rest are known afterwards.

    `commit` is the repository's, where it is known of files that nobody pulled.
    """
    folder, bundle = store.folder / name, store.bundles[name]
    listed = listing(folder) if folder.exists() else []
    quick = store.faults(name)
    if not listed or any(fault.path == "" or fault.why.startswith("cannot be read") for fault in quick):
        return quick
    before = read_record(folder)
    wanted = store.loaded(name, listed)
    gone = [fault for fault in quick if fault.standing is Standing.PARTLY]
    whole = sorted((wanted.files | set(before.files if before else ())) - {fault.path for fault in gone})
    expected = {without_mark(path, bundle.precision): sha256 for path, sha256 in bundle.files.items()}
    if before and before.commit:
        expected = {**{path: kept.sha256 for path, kept in before.files.items()}, **expected}
    commit = before.commit if before else commit
    files: dict[str, Kept] = {}
    broken: list[Fault] = []
    for path, sha256, why in _read(folder, whole, on_progress):
        if not why and expected.get(path, sha256) != sha256:
            why = f"has the hash {sha256}; it should be {expected[path]}"
        files[path] = keep(folder / path, sha256)
        if why:
            files[path].mtime_ns = _NEVER
            files[path].sha256 = expected.get(path, sha256)
            broken.append(Fault(path, why, Standing.BROKEN))
    for fault in gone:
        if before and fault.path in before.files:
            files[fault.path] = before.files[fault.path]
    write_record(folder, Record(repository=bundle.repository, revision=bundle.revision, commit=commit, files=files))
    extra = sorted(path for path in set(listed) - set(files) if PurePosixPath(path).suffix.lower() in _WEIGHT_LIKE)
    return gone + broken + [Fault(path, "is not loaded", Standing.HERE, "rm") for path in extra]


def mend(store: ModelStore, name: str, fault: Fault) -> str:
    """The command that mends it."""
    return f"rm {store.folder / name / fault.path}" if fault.act == "rm" else store.command(fault.act, name)


def _read(folder: Path, paths: list[str], on_progress: OnProgress) -> Iterator[tuple[str, str, str]]:
    """Path, SHA-256 and what is wrong with it by itself."""
    sizes = {path: (folder / path).stat().st_size for path in paths}
    done, total = 0, sum(sizes.values())
    for path in paths:
        on_progress(path, done, total)
        why = ""
        try:
            check_header(folder / path)
        except ValueError as error:
            why = f"is broken: {error}"
        yield path, sha256_file(folder / path), why
        done += sizes[path]
        on_progress(path, done, total)
