"""What the job's variant asks of the weights."""

from dataclasses import dataclass

import torch

from cinefarm.statuses import FailureKind
from worker.models.ways import lack_of
from worker.surroundings import catalog
from worker.task import EngineError, Task
from workflows.needs import Bundle, Needs, Offload, Precision, Variant


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
    """Notes precision, offload and bundles in the task's provenance; and which variant the farm named, if this box
    lacks its weights and took another."""
    needs = catalog()[task.workflow].needs
    asked = next((one for one in needs.variants if one.name == task.variant), None)
    if asked is None:
        asked = needs.variants[0] if needs.variants else Variant(name="any", vram_gb=needs.vram_gb)
    variant = _stored(task, needs, asked)
    if variant is not asked:
        task.log(f"The weights of “{asked.name}” are not on this box; it draws with “{variant.name}”.", "warning")
        task.provenance["asked_variant"] = asked.name
    precision = variant.precision
    if precision is Precision.FP16 and task.weights().device.type == "cpu":
        precision = Precision.FP32  # CPUs compute halves many times slower
    way = Way(needs.bundles_of(variant.name), precision, variant.offload, variant.vram_gb)
    task.provenance |= {
        "variant": variant.name,
        "precision": way.precision.value,
        "offload": way.offload.value,
        **task.weights().store.remembered(bundle.name for bundle in way.bundles),
    }
    return way


def _stored(task: Task, needs: Needs, asked: Variant) -> Variant:
    """The one asked for, or else the next leaner one, or the nearest better one, whose weights are here; if none is,
    what reads the weights says what is missing."""
    store = task.weights().store
    place = needs.variants.index(asked) if asked in needs.variants else 0
    others = [*needs.variants[place + 1 :], *reversed(needs.variants[:place])]
    alike = [one for one in others if (one.vram_gb > 0) == (asked.vram_gb > 0)]  # a GPU's is none for a CPU
    named = ((one, tuple(bundle.name for bundle in needs.bundles_of(one.name))) for one in [asked, *alike])
    return next((one for one, names in named if not lack_of(store, names)), asked)


def generator_of(seed: int) -> torch.Generator:
    """Noise is drawn on the CPU: the same on every device."""
    return torch.Generator("cpu").manual_seed(seed % 2**63)
