"""What runs, as the weights must know it: by what its need is remembered, and what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.needs import Needs, Offload

_LEANER = {Offload.NONE: Offload.MODEL, Offload.MODEL: Offload.GROUP, Offload.GROUP: Offload.GROUP}


@dataclass
class Job:
    """One try of an attempt. What is found out while it runs is noted in it."""

    workflow: str = ""
    variant: str | None = None
    size: str = ""
    evict: tuple[str, ...] = ()  # bundles that may leave the device before all others
    leaner: bool = False  # it ran out of memory as it was wanted: now one mode leaner
    remembered: bool = False  # leaner from the start: others like it were measured to need more than there is
    offloads: set[Offload] = field(default_factory=set)  # those really used
    need_gb: float | None = None  # its weights and the work beside them, at their most; null: nobody counts

    def offload(self, wanted: Offload, fits: Callable[[Offload], bool] = lambda offload: True) -> Offload:
        """The mode wanted, or the next leaner one that `fits` by what is remembered; the leanest is tried anyway."""
        found = _LEANER[wanted] if self.leaner else wanted
        while found is not Offload.GROUP and not fits(found):
            found, self.remembered = _LEANER[found], True
        self.offloads.add(found)
        return found

    def again(self) -> "Job | None":
        """One mode leaner; None where it was that already, or used no weights that can be leaner."""
        if self.leaner or self.offloads <= {Offload.GROUP}:
            return None
        return replace(self, leaner=True, remembered=False, offloads=set(), need_gb=None)

    @property
    def said(self) -> dict[str, Any]:
        """For the recipe, where it is not as the variant says."""
        if not self.leaner and not self.remembered:
            return {}
        why = "retried_after" if self.leaner else "remembered"
        return {"offload": self._leanest.value, why: "out_of_memory"}

    def ran_as(self, named: str | None, needs: Needs) -> str | None:
        """Whose need was measured: the variant `named`, or the one that is what it was made by running leaner.

        None where no variant is.
        """
        if not self.leaner and not self.remembered:
            return named
        precision = next((one.precision for one in needs.variants if one.name == named), None)
        alike = (
            one.name
            for one in needs.variants
            if one.vram_gb
            and one.offload is self._leanest
            and one.precision is precision
            and needs.bundles_of(one.name) == needs.bundles_of(named)
        )
        return next(alike, None)

    @property
    def _leanest(self) -> Offload:
        return max(self.offloads, key=list(Offload).index, default=Offload.NONE)


def size_of(parameters: dict[str, Any]) -> str:
    """What time and memory depend on: width × height, and frames where there are any, as the master reckons too."""
    numbers = [parameters.get(name) for name in ("width", "height", "frame_count", "frames")]
    return "x".join(str(number) for number in numbers if isinstance(number, int))
