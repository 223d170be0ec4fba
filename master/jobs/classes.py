"""Job rows as classes of the farm: what the workflow file says of its needs, and what the job has met since."""

from functools import lru_cache

from master.farm.state import Bundle, JobClass, Variant
from workflows.catalog import Catalog
from workflows.needs import Needs
from workflows.schema import Workflow


class JobClasses:
    """Makes each class once. A workflow that is no longer in the catalog is a class that nothing can run."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.get = lru_cache(maxsize=4096)(self._get)

    def _get(self, workflow: str, size: str, pool: str | None, variant: str | None, vram_gb: float) -> JobClass:
        """`variant` is the one that is left to try first, null for all; `vram_gb` the need an out-of-memory raised."""
        known = self._catalog.get(workflow)
        needs = known.needs if known else Needs()
        variants = variants_of(needs)
        names = [each.name for each in variants]
        if variant in names:
            variants = variants[names.index(variant) :]
        return JobClass(
            workflow=workflow,
            variants=variants,
            size=size,
            pool=pool,
            vram_gb=vram_gb if vram_gb > needs.vram_gb else 0.0,
            limits=tuple(sorted((name, float(amount)) for name, amount in needs.limits.items())),
            shareable=needs.shareable,
            engines=tuple(engine.name for engine in known.engines if engine.exists) if known else (),
        )

    def bundle_sizes(self) -> dict[str, float]:
        """GB of every bundle that a workflow names."""
        return {bundle.name: bundle.size_gb for workflow in self._catalog.values() for bundle in workflow.needs.bundles}


def variants_of(needs: Needs) -> tuple[Variant, ...]:
    """Best to leanest. A workflow without variants has one way to run."""
    bundles = {bundle.name: Bundle(bundle.name, bundle.size_gb) for bundle in needs.bundles}
    if not needs.variants:
        return (Variant(None, needs.vram_gb, needs.ram_gb, tuple(bundles.values())),)
    return tuple(
        Variant(
            variant.name,
            variant.vram_gb,
            variant.ram_gb,
            tuple(bundles[name] for name in (bundles if variant.bundles is None else variant.bundles)),
        )
        for variant in needs.variants
    )


def size_of(workflow: Workflow, parameters: dict[str, object]) -> str:
    """What time and memory depend on: width × height, and frames where there are any; "" for neither."""
    numbers = [parameters.get(name) for name in ("width", "height", "frame_count", "frames")]
    return "x".join(str(number) for number in numbers if isinstance(number, int))
