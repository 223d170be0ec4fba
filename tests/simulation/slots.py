"""What runs on a simulated box: its slots, and the attempts in them."""

from dataclasses import dataclass, field

from cinefarm.messages import AttemptRef, DeviceFacts, Run
from tests.simulation.plant import CATALOG, ram_of, vram_of
from tests.simulation.world import Event
from worker.credit import Credit


@dataclass(eq=False)
class Slot:
    """Room for one attempt on a device."""

    device: DeviceFacts
    execution: "Execution | None" = None
    credit: Credit = field(default_factory=Credit)

    @property
    def takes_a_job(self) -> bool:
        return self.execution is None and self.credit.given


@dataclass(eq=False)
class Execution:
    """An attempt that runs. It goes on after the attempt was taken away, until the box hears of it."""

    run: Run
    slot: Slot
    events: list[Event] = field(default_factory=list)
    stopping: bool = False

    @property
    def ref(self) -> AttemptRef:
        return self.run.ref

    @property
    def device(self) -> DeviceFacts:
        return self.slot.device

    @property
    def vram_gb(self) -> float:
        return vram_of(self.run.workflow, self.run.variant) if self.device.kind == "cuda" else 0.0

    @property
    def ram_gb(self) -> float:
        return ram_of(self.run.workflow, self.run.variant)


def bundles_of(run: Run) -> tuple[str, ...]:
    needs = CATALOG[run.workflow].needs
    every = tuple(bundle.name for bundle in needs.bundles)
    variant = next((v for v in needs.variants if v.name == run.variant), None)
    return every if variant is None or variant.bundles is None else variant.bundles
