"""Pipelines and models ready to compute, for as long as a block lasts; their weights stay warm for the next."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from diffusers import SchedulerMixin

from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.bundles.cache import BundleCache
from worker.bundles.job import Job
from worker.bundles.keeper import DoesNotFit, Keeper, NoRoom
from worker.bundles.measured import Measured
from worker.bundles.opening import Held
from worker.bundles.parts import Bundle, Component
from worker.models.store import ModelStore, read_index, read_settings, weighted_parts
from worker.task import EngineError
from worker.weights.embeddings import Embeddings
from worker.weights.forms import likely_form
from worker.weights.loading import DENOISERS, Build, Loadable, class_of, file_part, gguf_part, part_of
from worker.weights.memory import DeviceMemory
from worker.weights.meter import Meter
from worker.weights.residence import OneAtATime
from worker.weights.shelf import Shelf
from worker.weights.slab import Slab
from workflows.needs import Layout, Offload, Precision
from workflows.schema import Workflow

P = TypeVar("P")

LEAST_WORK_GB = 0.5
_FILLED = 0.95  # of the slab; the rest is for what does not fit together without gaps


@dataclass(frozen=True)
class Wanted:
    """What a pipeline is made of. `others` are parts that come from elsewhere than the main bundle.

    A part named in `others` comes from the bundle of that name: the part of the same name of a pipeline, a model, or
    the weights of a GGUF file.
    """

    bundle: str
    precision: Precision = Precision.BF16
    offload: Offload = Offload.NONE
    others: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()  # parts that are left out, such as a safety checker


class Weights:
    """One for each device host."""

    def __init__(
        self,
        store: ModelStore,
        device: torch.device,
        memory: DeviceMemory,
        *,
        device_gb: float,
        host_gb: float,
        on_change: Callable[[], None] = lambda: None,
        measured: Measured | None = None,
        workflows: Mapping[str, Workflow] | None = None,
        idle_s: float = 0.0,
        least_work_gb: float = LEAST_WORK_GB,
    ) -> None:
        self.store = store
        self.device = device
        self.memory = memory
        self.embeddings = Embeddings()
        self._measured = measured or Measured()
        self._meter = Meter(memory)
        self._workflows: Mapping[str, Workflow] = workflows or {}
        self._least_work_gb = least_work_gb
        self._job = Job()
        self._forms: dict[str, tuple[Loadable, ...]] = {}  # bundle → its parts, as they were wanted last
        self._shelf = Shelf(device, memory, Slab(int(host_gb * 1e9), pinned=device.type == "cuda"))
        self._kept: dict[Path, Any] = {}
        cache = BundleCache(device_gb=device_gb, host_gb=host_gb * _FILLED)
        self.keeper = Keeper(cache, self._shelf, on_change=on_change, gauge=self._meter, idle_s=idle_s)

    # -- jobs

    def begin(self, job: Job) -> None:
        """What is wanted from now on is for this job."""
        self._job = job
        self._meter.begin()

    def end(self) -> None:
        """Notes in the job what it needed, and what its work took for the next one like it."""
        self.keeper.mark()
        self._job.need_gb = self._meter.need_gb
        if self._meter.need_gb is not None:
            for offload in self._job.offloads:
                self._measured.note(self._job, offload, self._meter.work_gb)
        self._job = Job()

    def held(self) -> Held:
        """Bundles in memory, by name."""
        resident, staged = self.keeper.held([_bundle(name, parts) for name, parts in list(self._forms.items())])
        return Held(tuple(resident), tuple(staged))

    def expect(self, names: Sequence[str]) -> None:
        """Stage these in the form in which they were wanted last, or will likely be; the next one first."""
        expected = []
        for name in names:
            parts = self._forms.get(name) or self._likely(name)
            for part in parts:
                self._shelf.know(part)
            if parts:
                self._forms[name] = parts
                expected.append(_bundle(name, parts))
        self.keeper.expect(expected)

    def _likely(self, name: str) -> tuple[Loadable, ...]:
        """Of a pipeline whose index tells the classes of its parts; none of what is not here."""
        form = likely_form(self._workflows, name, self.memory.total_gb())
        bundle = self.store.bundles.get(name)
        if form is None or bundle is None or bundle.layout is not Layout.PIPELINE or self.store.lack(name):
            return ()
        try:
            return tuple(part for _, part in self._parts(Wanted(name, *form), {}))
        except (EngineError, OSError, ValueError, ImportError, AttributeError):
            return ()  # the job that wants it will say why

    # -- what a job asks for

    @contextmanager
    def pipeline(
        self, kind: Callable[..., P], wanted: Wanted, *, vram_gb: float = 0.0, kinds: Mapping[str, Any] | None = None
    ) -> Iterator[P]:
        """A pipeline of diffusers on the device. `kinds` are classes of parts that the index does not name.

        Raises `EngineError`: worker (a file is missing or broken, named with the command that mends it), or
        out_of_memory.
        """
        self._check({wanted.bundle, *wanted.others.values()})
        place = self.store.place(wanted.bundle)
        wanted = replace(wanted, offload=self._job.offload(wanted.offload, self._fits(wanted, kinds or {})))
        named = list(self._parts(wanted, kinds or {}))
        parts = [part for _, part in named]
        for part in parts:
            self._shelf.know(part)
        for source in {name for name, _ in named}:
            self._forms[source] = tuple(part for name, part in named if name == source)
        rest = self._light(wanted, kinds or {}, weighted={part.name for part in parts})
        bundle = _bundle(wanted.bundle, parts)
        with self._resident(bundle, parts, wanted.offload, vram_gb) as modules:
            pipe = kind(**_arguments(kind, read_settings(place), {**rest, **modules}))
            pipe.set_progress_bar_config(disable=True)  # type: ignore[attr-defined]
            yield pipe

    @contextmanager
    def model(self, kind: Any, bundle: str, precision: Precision, *, vram_gb: float = 0.0) -> Iterator[Any]:
        """A bundle of layout `model` on the device: `kind` is its class. Raises `EngineError` as `pipeline` does."""
        self._check({bundle})
        part = part_of(self.store, self.store.place(bundle), "model", kind, precision=precision)
        with self._alone(bundle, part, vram_gb) as module:
            yield module

    @contextmanager
    def preparing(self, kind: Any, bundle: str, precision: Precision, *, work_gb: float) -> Iterator[Any]:
        """A model that prepares what the job's main weights read, as `model` gives it.

        What its work takes is told: what is measured of a job is that of its main weights, which is more.
        """
        self._check({bundle})
        part = part_of(self.store, self.store.place(bundle), "model", kind, precision=precision)
        self._shelf.know(part)
        self._forms[bundle] = (part,)
        try:
            with self.keeper.hold(_bundle(bundle, [part]), self._told_gb(work_gb)):
                yield self._shelf.module(part.component.key)
        except (DoesNotFit, NoRoom) as error:
            raise EngineError(str(error), kind=FailureKind.OUT_OF_MEMORY) from error
        except torch.OutOfMemoryError as error:
            raise EngineError(
                say("Out of memory: {error}", error=str(error)), kind=FailureKind.OUT_OF_MEMORY
            ) from error

    @contextmanager
    def file(
        self, build: Build, bundle: str, precision: Precision, *, vram_gb: float = 0.0, size: str = ""
    ) -> Iterator[Any]:
        """A bundle of layout `file` on the device: `build` makes a module of its tensors. Raises as `pipeline` does.

        `size`, where the job's parameters do not tell it: width × height, by which the work is remembered.
        """
        self._check({bundle})
        self._job.size = size or self._job.size
        part = file_part(self.store, self.store.place(bundle), build, precision=precision)
        with self._alone(bundle, part, vram_gb) as module:
            yield module

    @contextmanager
    def _alone(self, bundle: str, part: Loadable, vram_gb: float) -> Iterator[torch.nn.Module]:
        """A bundle that is one part."""
        self._shelf.know(part)
        self._forms[bundle] = (part,)
        self._job.offload(Offload.NONE)
        with self._resident(_bundle(bundle, [part]), [part], Offload.NONE, vram_gb) as modules:
            yield modules[part.name]

    @contextmanager
    def room(self, vram_gb: float) -> Iterator[None]:
        """So much of the device is kept free of warm weights, for what the block loads by itself.

        Raises `EngineError` (out_of_memory).
        """
        try:
            with self.keeper.hold(Bundle("", ()), self._told_gb(vram_gb)):
                yield
        except (DoesNotFit, NoRoom) as error:
            raise EngineError(str(error), kind=FailureKind.OUT_OF_MEMORY) from error

    def _light(self, wanted: Wanted, kinds: Mapping[str, Any], *, weighted: set[str]) -> dict[str, Any]:
        """Parts without weights: tokenizers and the like are kept, schedulers count steps and are made anew."""
        place = self.store.place(wanted.bundle)
        found: dict[str, Any] = {}
        for name, (library, of) in read_index(place).items():
            folder = place / name
            if not library or not of or name in weighted | wanted.without or not folder.is_dir():
                continue
            if folder not in self._kept or isinstance(self._kept[folder], SchedulerMixin):
                kind = kinds.get(name) or class_of(library, of)
                self._kept[folder] = kind.from_pretrained(str(folder), local_files_only=True)
            found[name] = self._kept[folder]
        return found

    def _check(self, bundles: set[str]) -> None:
        for name in sorted(bundles):
            if reason := self.store.lack(name):
                raise EngineError(reason, kind=FailureKind.WORKER)

    def _parts(self, wanted: Wanted, kinds: Mapping[str, Any]) -> Iterator[tuple[str, Loadable]]:
        """Each with the bundle that it comes from."""
        place = self.store.place(wanted.bundle)
        index = read_index(place)
        named = [name for name in weighted_parts(place) if name not in wanted.without]
        for name in [*named, *(name for name in wanted.others if name not in named)]:
            kind = kinds.get(name) or class_of(*_named(index, name))
            # blocks come and go in the part that takes the time; the others fit whole
            swapped = wanted.offload is Offload.GROUP and name in DENOISERS
            offload = Offload.GROUP if swapped else Offload.NONE
            source = wanted.others.get(name, wanted.bundle)
            there = self.store.place(source)
            layout = self.store.bundles[source].layout
            if layout is Layout.FILE:
                yield source, gguf_part(self.store, there, name, kind, config=place / name, offload=offload)
            else:
                folder = there / name if layout is Layout.PIPELINE else there
                yield source, part_of(self.store, folder, name, kind, precision=wanted.precision, offload=offload)

    @contextmanager
    def _resident(
        self, bundle: Bundle, parts: Sequence[Loadable], offload: Offload, vram_gb: float
    ) -> Iterator[dict[str, torch.nn.Module]]:
        """`vram_gb` is what the variant is said to need: what is not weights is for the work beside them, until that
        was measured."""
        swapped = [part for part in parts if part.component.swaps]
        whole = [part for part in parts if not part.component.swaps]
        others_gb = [part.component.gb for part in whole] or [0.0]
        weights_gb = sum(part.component.gb for part in swapped)
        weights_gb += sum(others_gb) if offload is Offload.NONE else max(others_gb)
        work_gb = self._work_gb(offload, vram_gb - weights_gb)
        evict = [_bundle(name, self._forms[name]) for name in self._job.evict if name in self._forms]
        try:
            if offload is Offload.NONE:
                with self.keeper.hold(bundle, work_gb, evict=evict):
                    modules = {part.name: self._shelf.module(part.component.key) for part in parts}
                    with self.embeddings.remembered(_encoders(parts, modules)):
                        yield modules
                return
            modules = {part.name: self._shelf.module(part.component.key) for part in parts}

            def hold(component: Component) -> Any:
                return self.keeper.hold(Bundle(bundle.name, (component,)), work_gb, evict=evict)

            # blocks come and go by themselves within a part that is held all the time
            standing = _bundle(bundle.name, swapped)
            pairs = [(modules[part.name], part.component) for part in whole]
            with (
                self.keeper.hold(standing, 0.0, evict=evict),
                OneAtATime(pairs, self.device, hold),
                self.embeddings.remembered(_encoders(parts, modules)),
            ):
                yield modules
        except (DoesNotFit, NoRoom) as error:
            raise EngineError(str(error), kind=FailureKind.OUT_OF_MEMORY) from error
        except torch.OutOfMemoryError as error:
            self.keeper.mark()
            self._measured.lacked(self._job, offload, max(self._meter.work_gb, self.keeper.beside_gb()))
            raise EngineError(
                say("Out of memory: {error}", error=str(error)), kind=FailureKind.OUT_OF_MEMORY
            ) from error

    def _told_gb(self, work_gb: float) -> float:
        return self._least_work_gb if self.memory.peak_gb() is None else work_gb

    def _fits(self, wanted: Wanted, kinds: Mapping[str, Any]) -> Callable[[Offload], bool]:
        """Whether a mode has room for what its work took before; where nothing is known, it is tried."""

        def fits(offload: Offload) -> bool:
            work_gb = self._measured.work_gb(self._job, offload)
            if work_gb is None or self.memory.peak_gb() is None:
                return True
            parts = self._parts(replace(wanted, offload=offload), kinds)
            sizes_gb = [part.component.gb for _, part in parts] or [0.0]
            weights_gb = sum(sizes_gb) if offload is Offload.NONE else max(sizes_gb)
            return weights_gb + work_gb <= self.keeper.room_gb()

        return fits

    def _work_gb(self, offload: Offload, guess_gb: float) -> float:
        if self.memory.peak_gb() is None:
            return self._least_work_gb
        measured_gb = self._measured.work_gb(self._job, offload)
        return max(self._least_work_gb, guess_gb) if measured_gb is None else measured_gb


def _bundle(name: str, parts: Sequence[Loadable]) -> Bundle:
    return Bundle(name, tuple(part.component for part in parts))


def _encoders(parts: Sequence[Loadable], modules: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(part.component.key, modules[part.name]) for part in parts if part.name.startswith("text_encoder")]


def _arguments(kind: Callable[..., Any], settings: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """What the pipeline's constructor is given: parts by name, settings by name, None for what is optional."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if name in parts:
            given[name] = parts[name]
        elif name in settings:
            given[name] = settings[name]
        elif parameter.default is inspect.Parameter.empty:
            given[name] = None
    return given


def _named(index: Mapping[str, tuple[str | None, str | None]], name: str) -> tuple[str, str]:
    library, of = index.get(name, (None, None))
    if not library or not of:
        raise EngineError(f"The pipeline has no part “{name}”.", kind=FailureKind.WORKER)
    return library, of
