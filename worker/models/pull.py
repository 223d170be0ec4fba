"""Bring a bundle's weights from the Hub. Only what is whole and checked gets its final name."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cinefarm.locks import Locked, locked
from cinefarm.storage import sha256_file
from worker.models.hub import NotPulled, Source, Stated, fetch, read_json, state_of
from worker.models.loaded import INDEX, loaded, without_mark
from worker.models.record import Kept, Record, keep, read_record, write_record
from worker.models.store import PULLING, ModelStore, check_header, listing, parts_in
from workflows.needs import Bundle, Layout

KEEP_FREE = 1_000_000_000  # bytes that a pull leaves of the disk

OnProgress = Callable[[str, int, int], None]  # the file, bytes that are here, bytes in all


@dataclass(frozen=True, slots=True)
class Plan:
    bundle: Bundle
    stated: Stated
    wanted: dict[str, Source]  # path here → file of the repository
    here: dict[str, Kept]  # of these, those that are here already

    @property
    def bytes(self) -> int:
        return sum(source.size for source in self.wanted.values())

    @property
    def wants_consent(self) -> bool:
        """Whether a person must have agreed to the licence."""
        licence = self.bundle.licence.lower()
        return self.stated.gated or "non-commercial" in licence or "not stated" in licence


@contextmanager
def pulling(store: ModelStore) -> Iterator[None]:
    """One pull at a time in a models folder. Raises `NotPulled`."""
    try:
        with locked(store.folder / PULLING):
            yield
    except Locked:
        raise NotPulled(f"Another pull is under way in {store.folder}; wait for it to end.") from None


def plan_pull(store: ModelStore, name: str) -> Plan:
    """What is to be brought, by asking the Hub. Raises `NotPulled`."""
    bundle, folder = store.bundles[name], store.folder / name
    if folder.is_symlink():
        raise NotPulled(f"{folder} is a link to {folder.resolve()}; remove the link to have {name} pulled here.")
    stated = state_of(bundle)
    index = None
    if bundle.layout is Layout.PIPELINE and INDEX in stated.files:
        index = parts_in(read_json(bundle, stated.commit, stated.files[INDEX], store.folder / PULLING))
    found = loaded(bundle, stated.files, index)
    if found.missing:
        raise NotPulled(f"{bundle.repository} at {stated.commit[:12]} has no {', '.join(sorted(found.missing))}.")
    wanted = {without_mark(path, bundle.precision): _checked(bundle, stated.files[path]) for path in found.files}
    record = read_record(folder)
    here = {path: kept for path, source in wanted.items() if (kept := _kept(folder, path, source, record))}
    return Plan(bundle, stated, wanted, here)


def pull(store: ModelStore, plan: Plan, on_progress: OnProgress) -> Record:
    """Bring what is not here. Raises `NotPulled`; what was brought until then serves the next pull."""
    bundle = plan.bundle
    staging, folder = store.folder / PULLING / bundle.name, store.folder / bundle.name
    rest = {path: source for path, source in sorted(plan.wanted.items()) if path not in plan.here}
    _check_disk(store.folder, bundle, sum(source.size for source in rest.values()) - _size(staging))
    done = sum(plan.wanted[path].size for path in plan.here)
    brought: dict[str, Kept] = {}
    for path, source in rest.items():
        told = partial(_tell, on_progress, path, done, plan.bytes)
        brought[path] = _bring(plan, source, staging / path, told)
        done += source.size
        on_progress(path, done, plan.bytes)
    record = Record(
        repository=bundle.repository,
        revision=bundle.revision,
        commit=plan.stated.commit,
        files={**plan.here, **brought},
    )
    _put(staging, folder, record)
    return record


def _tell(on_progress: OnProgress, path: str, before: int, total: int, size: int) -> None:
    on_progress(path, before + size, total)


def _checked(bundle: Bundle, source: Source) -> Source:
    """With the hash of the bundle's file, which goes before what the repository states."""
    pinned = bundle.files.get(source.path)
    if pinned and source.sha256 and pinned != source.sha256:
        raise NotPulled(
            f"{source.path} of {bundle.repository} is stated to be {source.sha256[:16]}…; bundles/{bundle.name}.json "
            f"says {pinned[:16]}…. It was changed: ask those who gave you the file before you take the other."
        )
    return Source(source.path, source.size, pinned, None) if pinned else source


def _kept(folder: Path, path: str, source: Source, record: Record | None) -> Kept | None:
    """The file in the bundle's folder, if it is the one that is wanted."""
    file = folder / path
    if not file.is_file() or file.stat().st_size != source.size:
        return None
    known = record.known(folder, path) if record else None
    if known and source.sha256:
        return keep(file, known) if known == source.sha256 else None
    return None if source.fault_of(file) else keep(file, sha256_file(file))


def _bring(plan: Plan, source: Source, file: Path, on_bytes: Callable[[int], None]) -> Kept:
    """One file into the staging folder, checked. Raises `NotPulled`."""
    if not file.is_file() or source.fault_of(file):
        half = file.with_name(f"{file.name}.{source.key[:16]}.part")
        fetch(plan.bundle, plan.stated.commit, source, half, on_bytes)
        if fault := source.fault_of(half):
            half.unlink()
            raise NotPulled(f"{source.path} of {plan.bundle.repository} {fault}. It is deleted; pull again.")
        half.replace(file)
    try:
        check_header(file)
    except ValueError as error:
        file.unlink()
        raise NotPulled(f"{source.path} of {plan.bundle.repository} is broken: {error}. It is deleted.") from error
    return keep(file, source.sha256 or sha256_file(file))


def _check_disk(folder: Path, bundle: Bundle, need: int) -> None:
    free = shutil.disk_usage(folder).free
    if need > 0 and need + KEEP_FREE > free:
        raise NotPulled(
            f"{bundle.name} needs {need / 1e9:.1f} GB more in {folder}, where {free / 1e9:.1f} GB are free; "
            f"{KEEP_FREE / 1e9:.0f} GB stay free. Make room (cinefarm models prune), or set CINEFARM_WORKER_MODELS_DIR."
        )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _put(staging: Path, folder: Path, record: Record) -> None:
    """Where nothing was, all at once; else file by file, and the record says what belongs together."""
    if not folder.exists():
        for older in listing(staging):  # of a commit that was never brought to an end
            if older not in record.files:
                (staging / older).unlink()
        write_record(staging, record)
        staging.replace(folder)
        return
    before = read_record(folder)
    for path in record.files:
        if (staging / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / path, folder / path)
    for path in set(before.files if before else ()) - set(record.files):
        (folder / path).unlink(missing_ok=True)
    write_record(folder, record)
    shutil.rmtree(staging, ignore_errors=True)
