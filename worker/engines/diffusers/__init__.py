"""The diffusers engine: pictures and videos by the models on this box, which stay warm between jobs.

Nothing here imports torch, so that a box can be asked what it has; a workflow's module does, when its first job comes.

way.py        what the job's variant asks of the weights
steps.py      progress and cancel after each step of a pipeline
sizes.py      sizes and frames that a model can make
delivery.py   the finished pictures
films.py      the finished films
flux.py …     one module for each family of models
"""

from importlib import import_module
from importlib.metadata import version

from cinefarm.statuses import FailureKind
from worker.bundles.opening import REMEDY, missing_packages
from worker.models.store import ModelStore
from worker.surroundings import surroundings
from worker.task import EngineError, Output, Probe, Task
from workflows.needs import Needs
from workflows.schema import Workflow

WORKFLOWS = {
    "text_to_image/flux_basic": "flux",
}


def probe() -> Probe:
    """Whether the packages are here; weights are asked for by `lacks`."""
    if missing := missing_packages():
        return Probe(False, f"The diffusers engine needs {', '.join(missing)}; {REMEDY}.")
    return Probe(True, version=f"diffusers {version('diffusers')}, torch {version('torch')}")


def lacks(workflow: Workflow) -> str:
    """Empty when the weights of one variant at least are whole; else what the variants lack."""
    if workflow.name not in WORKFLOWS:
        return "The diffusers engine does not run this workflow."
    store = ModelStore(surroundings().models_dir, {bundle.name: bundle for bundle in workflow.needs.bundles})
    reasons = {reason: None for names in _ways(workflow.needs) if (reason := _lack(store, names))}
    return "" if len(reasons) < len(_ways(workflow.needs)) else " ".join(reasons)


def _ways(needs: Needs) -> list[tuple[str, ...]]:
    """The bundles of each variant, each set once."""
    ways = [needs.bundles_of(variant.name) for variant in needs.variants] or [needs.bundles]
    return list(dict.fromkeys(tuple(bundle.name for bundle in way) for way in ways))


def _lack(store: ModelStore, names: tuple[str, ...]) -> str:
    return next((reason for name in names if (reason := store.lack(name))), "")


def run(task: Task) -> list[Output]:
    """Run one of `WORKFLOWS`. Raises `EngineError`, `Canceled`; then no output is left."""
    if task.workflow not in WORKFLOWS:
        message = f"The diffusers engine has no workflow “{task.workflow}”; it runs {', '.join(WORKFLOWS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    task.out_dir.mkdir(parents=True, exist_ok=True)
    task.progress(0.0, "loading models")
    outputs: list[Output] = import_module(f"worker.engines.diffusers.{WORKFLOWS[task.workflow]}").run(task)
    return outputs
