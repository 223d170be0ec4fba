"""One device's answer to one job: its shut gates, and how each is told."""

from dataclasses import dataclass

from master.farm.farm import Farm
from master.farm.gates import Refusal, refusals, share_refusals
from master.farm.sentences import tell
from master.farm.state import DeviceState, JobState
from master.farm.wording import Told

LASTING = frozenset({"capability", "pool", "device_kind", "vram", "variant", "weights", "ram", "share_pool"})
OF_ALL = frozenset({"pause", "limit", "share_running", "share_budget"})  # the same on every device


@dataclass(slots=True)
class Look:
    device: DeviceState
    refusals: list[Refusal]
    told: list[Told]

    @property
    def lasting(self) -> bool:
        """Whether the device will never take it as things are."""
        return any(refusal.gate in LASTING for refusal in self.refusals)

    @property
    def only_waits(self) -> bool:
        """Whether time alone will do."""
        return all(told.action == "wait" for told in self.told)

    def own(self) -> list[Told]:
        """What this device alone refuses, of several waits the longest."""
        own = [told for refusal, told in zip(self.refusals, self.told, strict=True) if refusal.gate not in OF_ALL]
        longest = max((told for told in own if told.action == "wait"), key=lambda told: told.cost, default=None)
        return [told for told in own if told.action != "wait" or told is longest]

    def common(self) -> list[Told]:
        """What every device refuses alike."""
        return [told for refusal, told in zip(self.refusals, self.told, strict=True) if refusal.gate in OF_ALL]

    @property
    def cost(self) -> float:
        """How far it is from taking the job."""
        return sum(told.cost for told in self.own())


def look_at(farm: Farm, job: JobState, device: DeviceState, now: float) -> Look:
    shut = [*refusals(farm, job.job_class, device, now), *share_refusals(farm, job.user, job.project, device)]
    shut_gates = {refusal.gate for refusal in shut}
    if "connected" in shut_gates:
        needless = {"credit"}  # who is offline asks for nothing
    elif "credit" in shut_gates and device.running:
        needless = {"beside"}  # that it is busy says it
    else:
        needless = set()
    shut = [refusal for refusal in shut if refusal.gate not in needless]
    return Look(device, shut, [tell(refusal, job, device) for refusal in shut])
