"""What runs, as the weights must know it: by what its need is remembered, and what it is given."""

from dataclasses import dataclass, field, replace
from typing import Any

from workflows.needs import Offload

_LEANER = {Offload.NONE: Offload.MODEL, Offload.MODEL: Offload.GROUP, Offload.GROUP: Offload.GROUP}


@dataclass
class Job:
    """One try of an attempt. What is found out while it runs is noted in it."""

    workflow: str = ""
    variant: str | None = None
    size: str = ""
    evict: tuple[str, ...] = ()  # bundles that may leave the device before all others
    leaner: bool = False  # it ran out of memory as it was wanted: now one mode leaner
    offloads: set[Offload] = field(default_factory=set)  # those really used
    need_gb: float | None = None  # its weights and the work beside them, at their most; null: nobody counts

    def offload(self, wanted: Offload) -> Offload:
        found = _LEANER[wanted] if self.leaner else wanted
        self.offloads.add(found)
        return found

    def again(self) -> "Job | None":
        """One mode leaner; None where it was that already, or used no weights that can be leaner."""
        if self.leaner or self.offloads <= {Offload.GROUP}:
            return None
        return replace(self, leaner=True, offloads=set(), need_gb=None)

    @property
    def said(self) -> dict[str, Any]:
        """For the recipe, where it is not as the variant says."""
        if not self.leaner:
            return {}
        leanest = max(self.offloads, key=list(Offload).index, default=Offload.NONE)
        return {"offload": leanest.value, "retried_after": "out_of_memory"}


def size_of(parameters: dict[str, Any]) -> str:
    """What time and memory depend on: width × height, and frames where there are any, as the master reckons too."""
    numbers = [parameters.get(name) for name in ("width", "height", "frame_count", "frames")]
    return "x".join(str(number) for number in numbers if isinstance(number, int))
