"""In which form a bundle that no job has wanted yet will likely be wanted."""

from collections.abc import Mapping

from workflows.needs import Offload, Precision
from workflows.schema import Workflow


def likely_form(workflows: Mapping[str, Workflow], bundle: str, room_gb: float) -> tuple[Precision, Offload] | None:
    """That of the best variant with this bundle that fits the device, as the master places it; of the leanest if none.

    Of several workflows that use it the first by name counts: a job that then wants another form reads it itself.
    """
    for _, workflow in sorted(workflows.items()):
        variants = [
            variant
            for variant in workflow.needs.variants
            if any(one.name == bundle for one in workflow.needs.bundles_of(variant.name))
        ]
        if variants:
            found = next((each for each in variants if each.vram_gb <= room_gb), variants[-1])
            return found.precision, found.offload
    return None
