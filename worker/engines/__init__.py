"""Engines, one module each, found by the name that a workflow file gives."""

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from worker.task import Output, Probe, Task
from workflows.schema import Workflow


class Engine(Protocol):
    def probe(self) -> Probe: ...
    def run(self, task: Task) -> list[Output]: ...


def load_engine(name: str) -> Engine | None:
    """The engine's module, or None when this version has none. Heavy imports happen here and nowhere else."""
    if find_spec(f"worker.engines.{name}") is None:
        return None
    return cast(Engine, import_module(f"worker.engines.{name}"))


def probe_engine(name: str) -> Probe:
    """Whether the engine can run here. A missing package or a broken engine is an answer, not a crash."""
    try:
        engine = load_engine(name)
        return engine.probe() if engine else Probe(False, f"This version has no engine “{name}”.")
    except ImportError as error:
        return Probe(False, f"The engine “{name}” needs {error.name}; install the worker with its packages.")
    except Exception as error:
        return Probe(False, f"The engine “{name}” is broken: {type(error).__name__}: {error}")


def lacks(name: str, workflow: Workflow) -> str:
    """What an engine that can run here lacks for one workflow, such as a model file. Most engines lack nothing."""
    check = getattr(load_engine(name), "lacks", None)
    return str(check(workflow)) if check else ""
