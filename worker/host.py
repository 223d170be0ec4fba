"""The device host: one child process per device, in which engines run and models stay warm.

Killing it frees everything it held. It speaks JSON lines: requests on standard input, answers on the pipe that was its
standard output (what engines print goes to standard error, so that it cannot disturb). It ends when its agent does.
"""

import base64
import gc
import os
import resource
import signal
import sys
import threading
import time
import traceback
from typing import IO

from cinefarm.processes import die_with_parent
from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from cinefarm.storage import sha256_file
from worker.bundles.job import Job, size_of
from worker.bundles.opening import Held, Opening, missing_packages
from worker.engines import lacks, load_engine, probe_engine
from worker.models import ModelStore
from worker.pipe import (
    HostCancel,
    HostDone,
    HostExpect,
    HostFailed,
    HostFile,
    HostHeld,
    HostLog,
    HostLook,
    HostPreview,
    HostProgress,
    HostReady,
    HostRun,
    HostStopped,
    Line,
    to_host,
)
from worker.surroundings import bundles, catalog, surroundings, unreadable
from worker.task import Canceled, EngineError, Output, Task
from workflows.catalog import Catalog
from workflows.needs import Needs
from workflows.schema import Workflow

Able = dict[str, tuple[str, ...]]  # workflow → engines that can run it here, the preferred one first

MAX_OUTPUTS = 2000
POISONED = 3  # code with which the host ends when its device is lost to it
_PREVIEW_LIMIT = 256 * 1024


class Host:
    def __init__(self, answers: IO[str]) -> None:
        self._answers = answers
        self._versions: dict[str, str] = {}
        self._able: Able = {}
        self._weights = Opening(surroundings(), self._held)
        self._lock = threading.Lock()
        self._canceled = threading.Event()
        self._wanted: HostRun | HostLook | None = None
        self._wake = threading.Condition()

    def serve(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        ready = self._look()
        gc.collect()
        gc.freeze()  # what was imported stays; to look through it after each job takes longer than a small one
        self.say(ready)
        while True:
            with self._wake:
                while self._wanted is None:
                    self._wake.wait()
                request, self._wanted = self._wanted, None
            answer = self._look() if isinstance(request, HostLook) else self._run(request)
            self.say(answer)
            if isinstance(answer, HostFailed) and answer.leaves:
                os._exit(POISONED)  # nothing can be tidied up: every word to the driver fails now
            gc.collect()

    def _held(self, held: Held) -> None:
        self.say(HostHeld(resident=held.resident, staged=held.staged))

    def _look(self) -> HostReady:
        ready, self._able = _ready(catalog())
        self._versions = ready.engines
        return ready

    def say(self, line: Line) -> None:
        with self._lock:
            self._answers.write(line.model_dump_json() + "\n")
            self._answers.flush()

    def _listen(self) -> None:
        for text in sys.stdin:
            message = to_host.validate_json(text)
            if isinstance(message, HostCancel):
                self._canceled.set()
                continue
            if isinstance(message, HostExpect):
                self._weights.expect(message.bundles)
                continue
            with self._wake:
                self._canceled.clear()
                self._wanted = message
                self._wake.notify()
        os._exit(0)  # the agent is gone: so are we, whatever runs

    def _run(self, request: HostRun) -> Line:
        """Once more, leaner, where memory did not suffice: the whole of it, so that seeds give what they gave."""
        job = Job(request.workflow, request.variant, size_of(request.parameters), request.evict)
        line = self._try(request, job)
        if not isinstance(line, HostFailed) or line.failure is not FailureKind.OUT_OF_MEMORY:
            return line
        gc.collect()  # what failed is gone before anything is loaded
        if (leaner := self._weights.again(job)) is None:
            return line
        self.say(
            HostLog(
                level="warning", text=say("{why} Once more, with less of the weights on the device.", why=line.message)
            )
        )
        for left in request.out_dir.glob("*"):
            left.unlink()
        return self._try(request, leaner)

    def _try(self, request: HostRun, job: Job) -> Line:
        started = time.monotonic()
        task = Task(
            workflow=request.workflow,
            workflow_file=request.workflow_file,
            parameters=request.parameters,
            inputs=request.inputs,
            out_dir=request.out_dir,
            device=request.device,
            variant=request.variant,
            reference=request.reference,
            weights=self._weights,
            on_progress=lambda fraction, message: self.say(HostProgress(fraction=fraction, message=message[:300])),
            on_log=lambda level, text: self.say(HostLog(level=level, text=text)),
            on_preview=self._preview,
            is_canceled=self._canceled.is_set,
        )
        name = self._engine_for(request)
        try:
            engine = load_engine(name)
            if engine is None:
                raise EngineError(say("This worker has no engine “{name}”.", name=name), kind=FailureKind.WORKER)
            request.out_dir.mkdir(parents=True, exist_ok=True)
            with self._weights.running(job):
                outputs = engine.run(task)
            if self._canceled.is_set():
                raise Canceled
            files = _measured(request, outputs)
        except Canceled:
            return HostStopped()
        except Exception as error:
            kind, message = _read_failure(error)
            self.say(HostLog(level="error", text=traceback.format_exc()))
            seconds = time.monotonic() - started
            return HostFailed(failure=kind, message=message, seconds=seconds, leaves=_poisons(error))
        named = task.provenance.get("variant", request.variant)
        known = catalog().get(request.workflow)
        ran = job.ran_as(named, known.needs if known else Needs())
        other = {"variant": ran, "asked_variant": request.variant} if ran and ran != named else {}
        return HostDone(
            files=files,
            provenance={
                "engine": name,
                "engine_version": self._versions.get(name, ""),
                **task.provenance,
                **other,
                **job.said,
            },
            seconds=time.monotonic() - started,
            variant=ran,
            peak_vram_gb=job.need_gb if ran or not job.said else None,  # else it is no variant's
            peak_ram_gb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
        )

    def _engine_for(self, request: HostRun) -> str:
        """The engine that was asked for, or the first that this box can run the workflow with; of those that can run
        the variant, if any can."""
        able = self._able.get(request.workflow, ())
        known = catalog().get(request.workflow)
        if known and request.variant:
            able = tuple(name for name in able if request.variant in _variants(known, name)) or able
        return able[0] if able and request.engine not in able else request.engine

    def _preview(self, jpeg: bytes) -> None:
        if len(jpeg) <= _PREVIEW_LIMIT:
            self.say(HostPreview(jpeg_base64=base64.b64encode(jpeg).decode()))


def _measured(request: HostRun, outputs: list[Output]) -> tuple[HostFile, ...]:
    """Size and hash of every output. Raises `EngineError` for what an engine must not deliver."""
    if not outputs:
        raise EngineError(say("{workflow} delivered no file.", workflow=request.workflow))
    if len(outputs) > MAX_OUTPUTS:
        raise EngineError(
            say(
                "{workflow} delivered {count} files; the most for one job is {most}. "
                "Ask for a shorter range or every second frame.",
                workflow=request.workflow,
                count=len(outputs),
                most=MAX_OUTPUTS,
            ),
            kind=FailureKind.BAD_INPUT,
        )
    return tuple(_file(request, output) for output in outputs)


def _file(request: HostRun, output: Output) -> HostFile:
    if output.path.parent.resolve() != request.out_dir.resolve():
        raise EngineError(say("{file} was not written to the attempt's own folder.", file=output.path.name))
    size = output.path.stat().st_size
    if size == 0:
        raise EngineError(say("{file} is empty.", file=output.path.name))
    with output.path.open("rb") as file:
        os.fsync(file.fileno())
    return HostFile(
        path=output.path,
        role=output.role,
        media=output.kind,
        sha256=sha256_file(output.path),
        bytes=size,
        width=output.width,
        height=output.height,
        frames=output.frames,
        fps_num=output.fps_num,
        fps_den=output.fps_den,
        facts=output.facts,
    )


def _poisons(error: BaseException | None) -> bool:
    """Whether the driver's context is lost, as after a failed assertion on the device: no call succeeds after it."""
    while error is not None:
        if type(error).__name__ == "AcceleratorError" or (
            isinstance(error, RuntimeError) and "CUDA error" in str(error)
        ):
            return True
        error = error.__cause__ or error.__context__
    return False


def _read_failure(error: Exception) -> tuple[FailureKind, str]:
    if isinstance(error, EngineError):
        return error.kind, str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return FailureKind.OUT_OF_MEMORY, say("Out of memory: {error}", error=str(error))
    if isinstance(error, OSError):
        return FailureKind.WORKER, f"{type(error).__name__}: {error}"
    return FailureKind.ENGINE_ERROR, f"{type(error).__name__}: {error}"


def _ready(known: Catalog) -> tuple[HostReady, Able]:
    """Probe every engine that a workflow names, and ask those that can run here what they lack for each workflow."""
    names: set[str] = {engine.name for workflow in known.values() for engine in workflow.engines if engine.exists}
    probes = {name: probe_engine(name) for name in sorted(names)}
    lacking = {name: probe.reason for name, probe in probes.items() if not probe.ok} | unreadable()
    able: Able = {}
    for name, workflow in known.items():
        reasons = {
            engine.name: lacks(engine.name, workflow)
            for engine in workflow.engines
            if engine.exists and probes[engine.name].ok
        }
        able[name] = tuple(engine for engine, reason in reasons.items() if not reason)
        if reasons and not able[name]:
            lacking[name] = " ".join(reasons.values())
    return HostReady(
        capabilities=tuple(name for name, engines in able.items() if engines),
        engines={name: probe.version for name, probe in probes.items() if probe.ok},
        lacking=lacking,
        stored=_stored(known, able),
        unable=_unable(known, able),
    ), able


def _unable(known: Catalog, able: Able) -> dict[str, tuple[str, ...]]:
    """By workflow, the variants that none of the engines runs that run it here."""
    found = {}
    for name, engines in able.items():
        runs = {variant for engine in engines for variant in _variants(known[name], engine)}
        if others := tuple(one.name for one in known[name].needs.variants if engines and one.name not in runs):
            found[name] = others
    return found


def _variants(workflow: Workflow, engine: str) -> tuple[str, ...]:
    """Those that the engine runs."""
    stated = next(entry.variants for entry in workflow.engines if entry.name == engine)
    return stated or tuple(variant.name for variant in workflow.needs.variants)


def _stored(known: Catalog, able: Able) -> tuple[str, ...]:
    """The weights in the models folder, if there are packages that load them; and those that a ComfyUI keeps by names
    of its own."""
    elsewhere = {
        bundle.name
        for name, engines in able.items()
        if "comfyui" in engines
        for variant in _variants(known[name], "comfyui") or (None,)
        for bundle in known[name].needs.bundles_of(variant)
    }
    ours = () if missing_packages() else ModelStore(surroundings().models_dir, bundles()).stored()
    return tuple(sorted({*ours, *elsewhere}))


def main() -> None:
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the agent's to handle
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    Host(answers).serve()


if __name__ == "__main__":
    main()
