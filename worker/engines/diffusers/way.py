"""What the job's variant asks of the weights."""

from dataclasses import dataclass

import torch

from cinefarm.statuses import FailureKind
from worker.models.store import ModelStore
from worker.surroundings import catalog, surroundings
from worker.task import EngineError, Task
from workflows.needs import Bundle, Offload, Precision, Variant


@dataclass(frozen=True)
class Way:
    """How this attempt runs: the first variant of the workflow unless the farm named one."""

    bundles: tuple[Bundle, ...]
    precision: Precision = Precision.BF16
    offload: Offload = Offload.NONE
    vram_gb: float = 0.0

    def bundle(self, *names: str) -> str:
        """The first of these that the variant has. Raises `EngineError`."""
        known = {bundle.name for bundle in self.bundles}
        for name in names:
            if name in known:
                return name
        message = (
            f"This variant has none of the weights {', '.join(names)}; it has {', '.join(sorted(known)) or 'none'}."
        )
        raise EngineError(message, kind=FailureKind.WORKER)

    def has(self, name: str) -> bool:
        return any(bundle.name == name for bundle in self.bundles)


def way_of(task: Task) -> Way:
    """Notes precision, offload and bundles in the task's provenance."""
    needs = catalog()[task.workflow].needs
    variant = next((one for one in needs.variants if one.name == task.variant), None)
    if variant is None:
        variant = needs.variants[0] if needs.variants else Variant(name="any", vram_gb=needs.vram_gb)
    way = Way(needs.bundles_of(variant.name), variant.precision, variant.offload, variant.vram_gb)
    known = {bundle.name: bundle for bundle in way.bundles}
    task.provenance |= {
        "variant": variant.name,
        "precision": way.precision.value,
        "offload": way.offload.value,
        **ModelStore(surroundings().models_dir, known).remembered(known),
    }
    return way


def generator_of(seed: int) -> torch.Generator:
    """Noise is drawn on the CPU: the same on every device."""
    return torch.Generator("cpu").manual_seed(seed % 2**63)
