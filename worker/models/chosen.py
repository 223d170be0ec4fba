"""Which variant an attempt runs: the one the farm named, or one near it that this box can run; else the best here."""

from dataclasses import dataclass
from importlib.util import find_spec

from cinefarm.sentences import say
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


def way_of(task: Task) -> Way:
    """Notes variant, precision and models in the provenance; and which variant the farm named, if it gives way to
    another. Raises `EngineError` (worker) for what is missing where none can run."""
    needs = catalog()[task.workflow].needs
    variant = _named(task, needs) if task.variant else _best(task, needs)
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
    """The farm knows of weights, and not of packages: what cannot run gives way to the next leaner one, or else to the
    nearest better one."""
    names = [one.name for one in needs.variants]
    if task.variant not in names:
        known = ", ".join(names)
        raise EngineError(
            say(
                "{workflow} has no variant “{variant}”; it has {known}.",
                workflow=task.workflow,
                variant=task.variant,
                known=known,
            ),
            kind=FailureKind.WORKER,
        )
    place, store = names.index(task.variant), store_of(needs)
    asked = needs.variants[place]
    if not (reason := _lack(store, needs, asked)):
        return asked
    others = [*needs.variants[place + 1 :], *reversed(needs.variants[:place])]
    able = (one for one in others if not (one.vram_gb and task.device == "cpu") and not _lack(store, needs, one))
    message = say("The variant “{name}” cannot run: {reason}", name=asked.name, reason=reason)
    if (found := next(able, None)) is None:
        raise EngineError(message, kind=FailureKind.WORKER)
    task.warn(say("{why} “{name}” is used instead.", why=message, name=found.name))
    task.provenance["asked_variant"] = asked.name
    return found


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
    said = say("No variant of {workflow} can run here. {reasons}", workflow=task.workflow, reasons=" ".join(reasons))
    raise EngineError(said, kind=FailureKind.WORKER)


def _lack(store: ModelStore, needs: Needs, variant: Variant) -> str:
    names = tuple(bundle.name for bundle in needs.bundles_of(variant.name))
    if not names:
        return ""
    if missing := missing_packages():
        return say("It needs {packages}; {remedy}.", packages=", ".join(missing), remedy=REMEDY)
    if variant.precision is Precision.NF4 and find_spec(NF4_PACKAGE) is None:
        return say("4-bit weights need {package}; install it: pip install {package}.", package=NF4_PACKAGE)
    return lack_of(store, names)
