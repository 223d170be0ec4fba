"""Which variant an attempt runs: the one the farm named, else the best whose weights are on this box."""

from dataclasses import dataclass
from importlib.util import find_spec

from cinefarm.statuses import FailureKind
from worker.bundles.opening import REMEDY, missing_packages
from worker.models.store import ModelStore
from worker.models.ways import lack_of, store_of
from worker.surroundings import catalog
from worker.task import EngineError, Task
from workflows.needs import Needs, Precision, Variant

NF4_PACKAGE = "bitsandbytes"


@dataclass(frozen=True)
class Way:
    name: str
    bundles: tuple[str, ...]
    precision: Precision
    vram_gb: float

    def first(self, *names: str) -> str:
        """The first of these bundles that the variant has; empty if it has none."""
        return next((name for name in names if name in self.bundles), "")


def way_of(task: Task, *, or_best: bool = False) -> Way:
    """Notes variant, precision and models in the provenance. Raises `EngineError` (worker) for what is missing.

    With `or_best` a named variant that cannot run here gives way to the best that can, and the provenance says so.
    """
    needs = catalog()[task.workflow].needs
    try:
        variant = _named(task, needs) if task.variant else _best(task, needs)
    except EngineError as error:
        if not (task.variant and or_best):
            raise
        variant = _best(task, needs)
        task.log(f"{error} “{variant.name}” is used instead.", "warning")
        task.provenance["asked_variant"] = task.variant
    bundles = needs.bundles_of(variant.name)
    task.provenance |= {
        "variant": variant.name,
        "precision": variant.precision.value,
        **store_of(needs).remembered(bundle.name for bundle in bundles),
    }
    return Way(variant.name, tuple(bundle.name for bundle in bundles), variant.precision, variant.vram_gb)


def lack_of_variants(needs: Needs) -> str:
    """Empty when one variant at least can run here; else what each lacks."""
    store = store_of(needs)
    reasons = [_lack(store, needs, variant) for variant in needs.variants]
    return "" if "" in reasons else " ".join(dict.fromkeys(reasons))


def _named(task: Task, needs: Needs) -> Variant:
    variant = next((one for one in needs.variants if one.name == task.variant), None)
    if variant is None:
        known = ", ".join(one.name for one in needs.variants)
        raise EngineError(f"{task.workflow} has no variant “{task.variant}”; it has {known}.", kind=FailureKind.WORKER)
    if reason := _lack(store_of(needs), needs, variant):
        raise EngineError(f"The variant “{variant.name}” cannot run: {reason}", kind=FailureKind.WORKER)
    return variant


def _best(task: Task, needs: Needs) -> Variant:
    store = store_of(needs)
    reasons: list[str] = []
    for variant in needs.variants:
        if variant.vram_gb and task.device == "cpu":
            continue
        reason = _lack(store, needs, variant)
        if not reason:
            return variant
        reasons.append(f"{variant.name}: {reason}")
    raise EngineError(f"No variant of {task.workflow} can run here. {' '.join(reasons)}", kind=FailureKind.WORKER)


def _lack(store: ModelStore, needs: Needs, variant: Variant) -> str:
    names = tuple(bundle.name for bundle in needs.bundles_of(variant.name))
    if not names:
        return ""
    if missing := missing_packages():
        return f"It needs {', '.join(missing)}; {REMEDY}."
    if variant.precision is Precision.NF4 and find_spec(NF4_PACKAGE) is None:
        return f"4-bit weights need {NF4_PACKAGE}; install it: pip install {NF4_PACKAGE}."
    return lack_of(store, names)
