"""What the farm is made of: job classes, jobs, leases, workers and their devices. `farm.py` holds them together."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cinefarm.statuses import WorkerWish

if TYPE_CHECKING:
    from master.farm.queues import Lane
    from master.farm.types import DeviceType

RESERVE_GB = 1.2  # left to the driver and the desktop on a GPU
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bundle:
    """A set of weights that must be on the device."""

    name: str
    size_gb: float


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run a job; variants go from best to leanest."""

    name: str | None
    vram_gb: float
    ram_gb: float
    bundles: tuple[Bundle, ...] = ()


@dataclass(frozen=True, slots=True)
class JobClass:
    """Jobs of one class are alike to placement, so one decision serves them all."""

    workflow: str
    variants: tuple[Variant, ...]  # never empty
    size: str = ""  # of what is made, e.g. "1280x720x81": time and memory depend on it
    pool: str | None = None
    vram_gb: float = 0.0  # what an earlier out-of-memory raised the need to
    limits: tuple[tuple[str, float], ...] = ()  # named amounts it takes while it runs
    shareable: bool = False  # may run beside another on one device
    excluded: frozenset[str] = NOBODY  # worker ids that do not get it
    engines: tuple[str, ...] = field(default=(), repr=False, compare=False)  # that run the workflow: for `explain`
    # asked for at each job that is queued, or given out
    least_ram_gb: float = field(init=False, repr=False, compare=False)
    most_ram_gb: float = field(init=False, repr=False, compare=False)
    mixed: bool = field(init=False, repr=False, compare=False)  # some of its variants are for GPUs, some for CPUs
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "least_ram_gb", min(variant.ram_gb for variant in self.variants))
        object.__setattr__(self, "most_ram_gb", max(variant.ram_gb for variant in self.variants))
        object.__setattr__(self, "mixed", len({variant.vram_gb > 0 for variant in self.variants}) == 2)
        facts = (self.workflow, self.variants, self.size, self.pool, self.vram_gb, self.limits, self.excluded)
        object.__setattr__(self, "_hash", hash(facts))

    def __hash__(self) -> int:
        return self._hash

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """Of its best variant."""
        return self.variants[0].bundles

    @property
    def least_vram_gb(self) -> float:
        """The need of the leanest variant, or what an out-of-memory raised it to."""
        return max(self.vram_gb, min(variant.vram_gb for variant in self.variants))

    @property
    def needs_gpu(self) -> bool:
        return self.least_vram_gb > 0


@dataclass(slots=True, eq=False)
class JobState:
    """A job that has not ended."""

    id: str  # ids sort by age
    job_class: JobClass
    user: str = "local"
    project: str = ""
    batch: str = ""
    priority: int = 50
    rank: int = 1  # 0 goes first within its user's jobs (a preview)
    since: float = 0.0  # when it was queued, on the farm's clock
    attempt: int = 0
    revision: int = 1
    counted_failures: int = 0
    worker_losses: int = 0
    held: bool = False
    waits_for: set[str] | None = None
    excluded: frozenset[str] = NOBODY  # workers that failed this very job
    lane: "Lane | None" = None  # where it waits now
    passed: int = 0  # its lane's count when it came; while it does not wait, less what it was overtaken before

    def __lt__(self, other: "JobState") -> bool:
        """A lane may still hold the entry of an older self of the same id."""
        return self.id < other.id


@dataclass(slots=True, eq=False)
class Lease:
    """The right of one worker to run one attempt."""

    job_id: str
    attempt: int
    revision: int
    worker_id: str
    device_id: str
    variant: str | None
    expires: float
    started: bool = False
    began: float = 0.0
    expected_s: float = 0.0  # loading and running
    fraction: float = 0.0  # of its work, as its engine told last
    told: str = ""  # what the engine is doing
    vram_gb: float = 0.0  # what it was given
    ram_gb: float = 0.0
    limits: tuple[tuple[str, float], ...] = ()
    bundles: tuple[str, ...] = ()
    shareable: bool = False

    @property
    def ends(self) -> float:
        """When it is expected to."""
        return self.began + self.expected_s


@dataclass(slots=True, eq=False)
class Speed:
    """Of a device model. All its devices have the same object, so that what one teaches is known of each."""

    times: float = 1.0  # as fast as the farm's usual; learned


@dataclass(slots=True, eq=False)
class DeviceState:
    id: str
    worker: "WorkerState"
    kind: Literal["cpu", "cuda"]
    name: str  # the model, e.g. "RTX 4090": profiles are kept by it
    memory_total_gb: float
    slots: int = 1  # jobs that may run beside each other
    utilisation_percent: float = 0.0
    credit: int = 0  # jobs it asked for
    running: dict[str, Lease] = field(default_factory=dict)  # by job id; `occupy` and `vacate` change it, nobody else
    resident: dict[str, float] = field(default_factory=dict)  # bundle → GB, least recently used first
    idle_since: float = 0.0
    given_gb: float = 0.0  # VRAM that running jobs were given
    free_at: float = 0.0  # when the last of them is expected to end, 0 without any
    solitary: int = 0  # of them, how many allow no other beside them
    sick_until: float = 0.0
    speed: Speed = field(default_factory=Speed)  # its model's, while its worker is known to the farm
    willing: bool = True  # open and well: what runs on it will be followed by more
    hinted: tuple[str, ...] = ()  # the bundles that it was last told to expect
    type: "DeviceType | None" = None  # set while its worker is known to the farm

    @property
    def worker_id(self) -> str:
        return self.worker.id

    @property
    def job_id(self) -> str | None:
        """The job that runs longest on it, or None."""
        return next(iter(self.running), None)

    @property
    def room_gb(self) -> float:
        """Memory that jobs and bundles may use. A CPU box has none: its memory is not VRAM."""
        return max(0.0, self.memory_total_gb - RESERVE_GB) if self.kind == "cuda" else 0.0

    @property
    def free_gb(self) -> float:
        """Of the room, what running jobs were not given."""
        return self.room_gb - self.given_gb

    @property
    def shared(self) -> bool:
        """Whether every job on it allows another beside it."""
        return not self.solitary

    def occupy(self, lease: Lease) -> None:
        """Its attempt runs here: what the device and its box give is counted."""
        self.running[lease.job_id] = lease
        self.given_gb += lease.vram_gb
        if lease.ends > self.free_at:
            self.free_at = lease.ends
        self.solitary += not lease.shareable
        if lease.ram_gb:
            self.worker.given_ram_gb = round(self.worker.given_ram_gb + lease.ram_gb, 6)

    def vacate(self, lease: Lease) -> bool:
        """Its attempt no longer runs here. Whether it did."""
        if self.running.pop(lease.job_id, None) is None:
            return False
        rest = self.running.values()
        self.solitary -= not lease.shareable
        if lease.vram_gb:
            self.given_gb = sum([other.vram_gb for other in rest])
        if lease.ends >= self.free_at:
            self.free_at = max([other.ends for other in rest], default=0.0)
        if lease.ram_gb:
            self.worker.given_ram_gb = round(self.worker.given_ram_gb - lease.ram_gb, 6)
        return True


@dataclass(slots=True, eq=False)
class WorkerState:
    id: str
    name: str
    pool: str | None
    capabilities: frozenset[str]
    ram_total_gb: float
    devices: dict[str, DeviceState] = field(default_factory=dict)
    connected: bool = True
    wish: WorkerWish = WorkerWish.NONE
    on_schedule: bool = True  # within the hours it may work
    staged: frozenset[str] = NOBODY  # bundles in its RAM
    stored: frozenset[str] | None = None  # bundles on its disk; None when it does not tell
    given_ram_gb: float = 0.0  # that running jobs were given
    lacking: dict[str, str] = field(default_factory=dict)  # workflow or engine → what its box lacks for it
    # workflows and those of their variants that none of its engines runs
    unable: frozenset[tuple[str, str]] = frozenset()

    @property
    def open(self) -> bool:
        return self.connected and self.on_schedule and self.wish is WorkerWish.NONE

    @property
    def waiting(self) -> int:
        """Jobs that run on it."""
        return sum(len(device.running) for device in self.devices.values())
