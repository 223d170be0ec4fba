"""What this box lacks of the weights of a workflow's variants."""

from worker.models.store import ModelStore
from worker.surroundings import surroundings
from workflows.needs import Needs


def store_of(needs: Needs) -> ModelStore:
    return ModelStore(surroundings().models_dir, {bundle.name: bundle for bundle in needs.bundles})


def lack_of_all(needs: Needs) -> str:
    """Empty when the weights of one variant at least are whole; else what the variants lack."""
    store = store_of(needs)
    ways = _ways(needs)
    reasons = [lack_of(store, names) for names in ways]
    return "" if "" in reasons else " ".join(dict.fromkeys(reasons))


def lack_of(store: ModelStore, names: tuple[str, ...]) -> str:
    """Of these bundles: the first reason; empty when all are whole."""
    return next((reason for name in names if (reason := store.lack(name))), "")


def _ways(needs: Needs) -> list[tuple[str, ...]]:
    """The bundles of each variant, each set once."""
    ways = [needs.bundles_of(variant.name) for variant in needs.variants] or [needs.bundles]
    return list(dict.fromkeys(tuple(bundle.name for bundle in way) for way in ways))
