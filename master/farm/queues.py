"""Waiting jobs by class, and within a class by lane: one lane for each project, user and priority.

A decision looks at classes and lanes, never at every job. Entries that are no longer true (canceled, held, moved) are
dropped when they come to the front.
"""

from collections import Counter
from heapq import heappop, heappush
from typing import NamedTuple

from master.farm.fairness import Share
from master.farm.state import JobClass, JobState, Speed
from master.farm.types import DeviceType

SAMPLE = 5000  # entries that are looked at to tell a job's place


class LaneKey(NamedTuple):
    project: str
    user: str
    priority: int


class Lane:
    """Jobs of one class that differ in nothing but their age."""

    __slots__ = (
        "_first",
        "_rest",
        "head",
        "key",
        "least_passed",
        "passed",
        "project_share",
        "queue",
        "served",
        "user_share",
        "waiting",
    )

    def __init__(self, queue: "ClassQueue", key: LaneKey, user_share: Share, project_share: Share) -> None:
        self.queue = queue
        self.key = key
        self.user_share = user_share
        self.project_share = project_share
        self.waiting = 0
        self.served = float("-inf")  # when it last gave a job
        self.head: JobState | None = None
        self.passed = 0  # times a younger job of another class went before the head
        self.least_passed = 0  # of the jobs that wait at a front: who was overtaken most
        self._first: list[tuple[str, JobState]] = []  # previews
        self._rest: list[tuple[str, JobState]] = []

    def push(self, job: JobState) -> None:
        job.lane = self
        job.passed += self.passed
        self.least_passed = min(self.least_passed, job.passed) if self.waiting else job.passed
        heappush(self._rest if job.rank else self._first, (job.id, job))
        self.waiting += 1
        head = self.head
        if head is None or (job.rank, job.id) < (head.rank, head.id):
            self.head = job

    def drop(self, job: JobState) -> None:
        """It no longer waits here; its entry goes when it comes to the front."""
        job.lane = None
        job.passed -= self.passed
        self.waiting -= 1
        if job is self.head:
            self.head = self._front(self._first) or self._front(self._rest)
        if self.head:
            self.least_passed = min([front.passed for front in self.fronts()]) if self._first else self.head.passed

    def _front(self, entries: list[tuple[str, JobState]]) -> JobState | None:
        while entries:
            job = entries[0][1]
            if job.lane is self:
                return job
            heappop(entries)
        return None

    def fronts(self) -> list[JobState]:
        """The head; and where that is a preview, the first of the others."""
        fronts = (self._front(self._first), self._front(self._rest))
        return [job for job in fronts if job is not None]

    def overtaken_by(self, job: JobState, often: int) -> None:
        """A job of another class begins first. Who was overtaken `often` times no longer stands behind previews."""
        head = self.head
        assert head is not None
        if head.since >= job.since and not (self._first and any(front.since < job.since for front in self.fronts())):
            return
        self.passed += 1
        if self._first and self.passed - self.least_passed >= often:
            for front in self.fronts()[1:]:
                if self.passed - front.passed >= often:
                    heappop(self._rest)
                    front.rank = 0
                    heappush(self._first, (front.id, front))
                    self.head = self._front(self._first)

    def admitted(self, pool: str | None) -> bool:
        """Whether its user's and its project's shares let it use devices of this pool now."""
        user, project = self.user_share, self.project_share
        return user.open and project.open and user.admits(pool) and project.admits(pool)

    def count_before(self, job: JobState) -> int:
        """Waiting jobs that go before this one, which may be of another lane; of many, a sample is counted."""
        place = (job.rank, job.id)
        found = 0
        for entries in (self._first, self._rest):
            step = 1 + len(entries) // SAMPLE
            found += step * sum(1 for id, other in entries[::step] if other.lane is self and (other.rank, id) < place)
        return min(found, self.waiting)

    def hung_s(self, now: float) -> float:
        """Seconds since it was last served, or since its head came."""
        assert self.head is not None
        return now - max(self.head.since, self.served)


class ClassQueue:
    """The waiting jobs of one class."""

    __slots__ = (
        "bundles",
        "derived_at",
        "fitting",
        "job_class",
        "lanes",
        "last_served",
        "load_s",
        "main",
        "mean_s",
        "names",
        "plain",
        "speeds",
        "types",
        "vram_gb",
        "waiting",
    )

    def __init__(self, job_class: JobClass, now: float) -> None:
        self.job_class = job_class
        # no gate of the moment is its own
        self.plain = not job_class.excluded and not job_class.limits and not job_class.mixed
        self.bundles = job_class.bundles
        self.names = frozenset(bundle.name for bundle in self.bundles)
        self.main = max(self.bundles, key=lambda bundle: bundle.size_gb).name if self.bundles else ""
        self.lanes: dict[LaneKey, Lane] = {}  # those with waiting jobs
        self.waiting = 0
        self.types: list[DeviceType] = []  # kinds of devices whose lasting gates are open to it
        self.mean_s = 30.0  # expected seconds of one job at speed 1; learned
        self.vram_gb = 0.0  # that its best variant is given
        self.load_s = 0.0  # expected seconds to load its bundles from disk
        self.last_served = now
        self.derived_at = -1  # the state of the farm's devices that the next two are of
        self.fitting = 0  # devices that fit it by what lasts
        self.speeds = Counter[Speed]()  # of these

    def look_at_devices(self, changes: int) -> None:
        """Derive how many devices fit and of which speeds, unless it is of this state of the farm."""
        if self.derived_at != changes:
            self.derived_at = changes
            self.fitting = sum([len(device_type.devices) for device_type in self.types])
            self.speeds = sum([device_type.speeds for device_type in self.types], Counter[Speed]())

    @property
    def speed(self) -> float:
        """What the devices that fit can do together; look at them before."""
        return max(0.1, sum([speed.times * count for speed, count in self.speeds.items()]))

    @property
    def work_s(self) -> float:
        """Expected seconds of all that waits, at speed 1."""
        return self.waiting * self.mean_s

    @property
    def head_since(self) -> float:
        """When its oldest head was queued."""
        return min([lane.head.since for lane in self.lanes.values() if lane.head])
