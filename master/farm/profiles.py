"""What jobs were measured to need: seconds and peaks by (workflow, variant, size, device model).

A workflow file's numbers are the start; three measurements replace them. Where a combination was never seen, the
nearest one answers: the same on another model, another size, another variant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from master.farm.state import JobClass, Speed, Variant

GUESS_S = 30.0  # for a workflow of which nothing is known
ENOUGH = 3  # measurements that replace the file's number
HEADROOM = 1.1  # on a measured peak
CPU_TIMES = 40.0  # as long as the farm's usual device, a CPU is taken to need for work of GPUs until it was measured
CPU_GUESS_S = 300.0  # where nothing of the workflow was
LACKED_S = 24 * 3600.0  # for which an out-of-memory is remembered
_MANY = 32  # measurements after which a key is known well
_KEEP = 0.8  # weight of the past in the moving averages


class ProfileKey(NamedTuple):
    workflow: str
    variant: str | None
    size: str
    model: str  # name of the device


@dataclass(slots=True)
class Profile:
    """Moving averages over the completed attempts of one key."""

    count: int = 0
    seconds: float = 0.0
    spread: float = 0.0  # mean absolute deviation, seconds
    peak_vram_gb: float = 0.0
    peak_ram_gb: float = 0.0

    def note(self, seconds: float, peak_vram_gb: float | None, peak_ram_gb: float | None) -> None:
        if self.count == 0:
            self.seconds = seconds
        off = abs(seconds - self.seconds)
        self.spread = off if self.count < 2 else _KEEP * self.spread + (1 - _KEEP) * off
        self.seconds = _KEEP * self.seconds + (1 - _KEEP) * seconds
        if peak_vram_gb or self.peak_vram_gb:
            self.peak_vram_gb = max(self.peak_vram_gb * 0.98, peak_vram_gb or 0.0)
        if peak_ram_gb or self.peak_ram_gb:
            self.peak_ram_gb = max(self.peak_ram_gb * 0.98, peak_ram_gb or 0.0)
        self.count += 1


class Estimate(NamedTuple):
    """Seconds of one job, with a range that most attempts fall in."""

    seconds: float
    low: float
    high: float
    measured: bool


class Profiles:
    def __init__(self) -> None:
        self.exact: dict[ProfileKey, Profile] = {}
        self._by_size: dict[tuple[str, str], Profile] = {}  # any variant and model
        self._by_workflow: dict[str, Profile] = {}
        self._peaks: dict[tuple[str, str | None, str], Profile] = {}  # any model
        self._speeds: dict[str, Speed] = {}  # by device model
        self._lacks: dict[ProfileKey, float] = {}  # what ran out of memory, and until when that counts

    def note(
        self,
        key: ProfileKey,
        seconds: float,
        peak_vram_gb: float | None = None,
        peak_ram_gb: float | None = None,
    ) -> bool:
        """A completed attempt. Whether what is said of other keys may have changed; of many alike one in eight does."""
        self._lacks.pop(key, None)
        exact = self.exact.get(key)
        if exact is None:
            exact = self.exact[key] = Profile()
        exact.note(seconds, peak_vram_gb, peak_ram_gb)
        if exact.count > _MANY and exact.count % 8:
            return False
        usual = self._by_size.get((key.workflow, key.size))
        if usual and usual.count >= ENOUGH and seconds > 0:
            speed = self.speed_of(key.model)
            speed.times = _KEEP * speed.times + (1 - _KEEP) * min(10.0, max(0.1, usual.seconds / seconds))
        for table, place in self._wider(key):
            table.setdefault(place, Profile()).note(seconds, peak_vram_gb, peak_ram_gb)
        return True

    def _wider(self, key: ProfileKey) -> tuple[tuple[dict[Any, Profile], Any], ...]:
        """Where the key counts too: any model, any variant and model, any size."""
        return (
            (self._peaks, key[:3]),
            (self._by_size, (key.workflow, key.size)),
            (self._by_workflow, key.workflow),
        )

    def restore(self, key: ProfileKey, profile: Profile) -> None:
        """As it was kept before a restart. When all are, `level` them."""
        self.exact[key] = profile
        for table, place in self._wider(key):
            known = table.get(place)
            if known is None or known.count < profile.count:
                table[place] = replace(profile)

    def level(self) -> None:
        """What was restored, taken together: the usual seconds of each work, and how fast each model is against it."""
        work: dict[tuple[str, str], list[tuple[str, Profile]]] = {}
        for key, profile in self.exact.items():
            if profile.count >= ENOUGH and profile.seconds > 0:
                work.setdefault((key.workflow, key.size), []).append((key.model, profile))
        ratios: dict[str, list[tuple[float, int]]] = {}
        for place, measured in work.items():
            usual = self._by_size[place]
            usual.seconds = _mean((profile.seconds, profile.count) for _, profile in measured)
            for model, profile in measured:
                ratios.setdefault(model, []).append((usual.seconds / profile.seconds, profile.count))
        for model, found in ratios.items():
            self.speed_of(model).times = min(10.0, max(0.1, _mean(found)))

    def speed_of(self, model: str) -> Speed:
        """Of a device model, as it is now and will be."""
        speed = self._speeds.get(model)
        if speed is None:
            speed = self._speeds[model] = Speed()
        return speed

    def speed(self, model: str) -> float:
        """Of a device model against the farm's usual."""
        speed = self._speeds.get(model)
        return speed.times if speed else 1.0

    def usual_s(self, job_class: JobClass) -> float:
        """Seconds of one job on the farm's usual device."""
        return self.expect(job_class, None, "").seconds

    def seconds(self, job_class: JobClass, variant: str | None, model: str) -> float:
        """The likely seconds alone."""
        exact = self.exact.get(ProfileKey(job_class.workflow, variant, job_class.size, model))
        return exact.seconds if exact else self.expect(job_class, variant, model).seconds

    def measured_s(self, job_class: JobClass, variant: str | None, model: str) -> float | None:
        """Seconds of this very combination; None until there are enough measurements of it."""
        exact = self.exact.get(ProfileKey(job_class.workflow, variant, job_class.size, model))
        return exact.seconds if exact and exact.count >= ENOUGH else None

    def cpu_s(self, job_class: JobClass, variant: str | None, model: str) -> float:
        """The likely seconds on a CPU, of work that is for GPUs too."""
        if exact := self.exact.get(ProfileKey(job_class.workflow, variant, job_class.size, model)):
            return exact.seconds
        usual = self.expect(job_class, None, "")
        return CPU_TIMES * usual.seconds if usual.measured else CPU_GUESS_S

    def note_lack(self, key: ProfileKey, now: float) -> None:
        """It ran out of memory: others like it go leaner for a day, or until one completes."""
        self._lacks[key] = now + LACKED_S

    def lacks(self, job_class: JobClass, variant: str | None, model: str) -> bool:
        """Whether this very combination ran out of memory of late."""
        return bool(self._lacks) and (job_class.workflow, variant, job_class.size, model) in self._lacks

    def forget_lacks(self, now: float) -> None:
        for key in [key for key, until in self._lacks.items() if until <= now]:
            del self._lacks[key]

    def expect(self, job_class: JobClass, variant: str | None, model: str) -> Estimate:
        exact = self.exact.get(ProfileKey(job_class.workflow, variant, job_class.size, model))
        profile = exact or self._by_size.get((job_class.workflow, job_class.size))
        profile = profile or self._by_workflow.get(job_class.workflow)
        if profile is None:
            return Estimate(GUESS_S, GUESS_S / 4, GUESS_S * 4, measured=False)
        seconds = profile.seconds if exact else profile.seconds / self.speed(model)
        spread = max(profile.spread, (0.1 if exact else 0.4) * seconds)
        return Estimate(seconds, max(0.0, seconds - 1.5 * spread), seconds + 1.5 * spread, measured=True)

    def vram_gb(self, job_class: JobClass, variant: Variant) -> float:
        """What a job of the class is given: the measured peak, once there are enough, else the file's number."""
        profile = self._peaks.get((job_class.workflow, variant.name, job_class.size))
        if profile and profile.count >= ENOUGH and profile.peak_vram_gb > 0:
            return max(job_class.vram_gb, profile.peak_vram_gb * HEADROOM)
        return max(job_class.vram_gb, variant.vram_gb)


def _mean(weighted: Iterable[tuple[float, int]]) -> float:
    values = list(weighted)
    return sum(value * weight for value, weight in values) / sum(weight for _, weight in values)
