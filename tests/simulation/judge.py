"""The promises, checked while things happen.

Triggers in the database write down every change of a job or an attempt. After each commit the judge reads what is
new and
holds it against what it knows: what the master told whom, what the boxes truly did, what people were answered.
"""

import json
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

from cinefarm.messages import AttemptRef, Completed, from_worker
from cinefarm.statuses import FailureKind, JobStatus
from master.lifecycle import JOB_CHANGES
from tests.simulation.ceilings import Ceilings
from tests.simulation.plant import CATALOG, RESERVED_GB
from tests.simulation.rows import ENDED, LASTING, LIVE, JobRow
from tests.simulation.slots import Execution
from tests.simulation.storage import sha256_of
from tests.simulation.turns import Turns
from tests.simulation.workers import SimWorker
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation


class Judge:
    def __init__(self, world: World, simulation: "Simulation") -> None:
        self.world = world
        self.simulation = simulation
        self.jobs: dict[str, JobRow] = {}
        self.attempts: dict[tuple[str, int], list[str]] = {}  # (job, number) → [worker, status]
        self.needs: dict[str, set[str]] = {}  # job → what it waits for, as submitted
        self.told: dict[AttemptRef, str] = {}  # attempts that were sent out → worker
        self.revisions: dict[tuple[str, int], int] = {}  # of attempts that were sent out
        self.retries: set[str] = set()  # jobs that a person asked to retry, and may change although they ended
        self.done_unsaid: dict[AttemptRef, str] = {}  # finished, not acknowledged, still on its box's disk
        self.heard: defaultdict[tuple[str, AttemptRef], list[float]] = defaultdict(list)  # that it runs there, when
        self.ceilings = Ceilings(world)
        self.turns = Turns(simulation)
        self.closed: dict[str, float] = {}  # worker → since when it must get no more jobs
        self.draining: set[str] = set()
        self.said_hello: dict[str, str] = {}  # worker → the process that said hello last
        self.welcomed: dict[str, str] = {}  # worker → the one that was made welcome last
        self.folders: dict[str, AttemptRef] = {}  # where attempts were told to write
        self._begun: list[str] = []  # in this commit
        self._canceled: set[str] = set()  # jobs that were canceled at least once
        self._read_up_to = 0

    def fail(self, invariant: str, text: str) -> NoReturn:
        self.world.fail(invariant, text)

    # -- what is on disk

    def committed(self) -> None:
        raw = self.simulation.lab.raw
        rows = raw.execute("SELECT n, what, old, new FROM seen WHERE n > ? ORDER BY n", (self._read_up_to,)).fetchall()
        touched: set[str] = set()
        for n, what, old, new in rows:
            self._read_up_to = n
            match what:
                case "job":
                    touched.add(self._job(old and json.loads(old), json.loads(new)))
                case "attempt":
                    touched.add(self._attempt(old and json.loads(old), json.loads(new)))
                case "media":
                    job_id, sha256 = json.loads(new)
                    if job_id in self.jobs:
                        self.jobs[job_id].media.append(sha256)
                        touched.add(job_id)
                case _:
                    self.fail("lost job", f"the row of {old} was deleted")
        for job_id in sorted(touched):
            self._whole(job_id)
        self.ceilings.check()
        begun, self._begun = self._begun, []
        for job_id in begun:
            self.turns.assigned(self.jobs[job_id])
        self.world.met["commits"] += 1

    def _job(self, old: list[Any] | None, new: list[Any]) -> str:
        job_id, status, attempt = new[:3]
        row = self.jobs.get(job_id) or self.jobs.setdefault(job_id, JobRow(job_id))
        if old is not None:
            was = old[1]
            if was in ENDED and old[1:LASTING] != new[1:LASTING]:
                if was == "completed" or job_id not in self.retries or status not in ("queued", "blocked"):
                    self.fail("ended job changed", f"{job_id} from {old[1:LASTING]} to {new[1:LASTING]}")
                self.retries.discard(job_id)
            elif status != was and JobStatus(status) not in JOB_CHANGES[JobStatus(was)]:
                self.fail("illegal change", f"{job_id} from {was} to {status}")
            if attempt not in (old[2], old[2] + 1):
                self.fail("attempts grow by one", f"{job_id} from {old[2]} to {attempt}")
            if attempt > old[2] and (was, status) != ("queued", "assigned"):
                self.fail("attempts grow by one", f"{job_id} got attempt {attempt} while it was {was}")
            if status == "assigned" and was == "queued" and attempt == old[2]:
                self.fail("attempt repeated", f"{job_id} is out again as attempt {attempt}")
            if was == "blocked" and status == "queued":
                self._released(job_id)
            if status != was:
                self.world.log(f"disk {job_id[-6:]}.{attempt} {was} → {status}")
        row.take(new)
        self.ceilings.changed(job_id, row.workflow, live=status in LIVE)
        self.turns.changed(row)
        if status == "canceled":
            self._canceled.add(job_id)
        return job_id

    def _released(self, job_id: str) -> None:
        for needed in self.needs.get(job_id, ()):
            if self.jobs[needed].status != "completed":
                self.fail("released too early", f"{job_id} waits for {needed}, which is {self.jobs[needed].status}")
        self.world.met["dependents released"] += 1

    def _attempt(self, old: list[Any] | None, new: list[Any]) -> str:
        job_id, number, worker_id, status, message, failure = new
        if old is None:
            earlier = [n for j, n in self.attempts if j == job_id and n >= number]
            if earlier:
                self.fail("attempt repeated", f"{job_id} got attempt {number} after {earlier}")
            if number > 1:
                self.world.met["re-runs"] += 1
            self._assigned(job_id, worker_id)
        elif old[3] not in LIVE and old[3] != status:
            self.fail("ended attempt changed", f"{job_id}.{number} from {old[3]} to {status}")
        self.attempts[(job_id, number)] = [worker_id, status]
        if old is not None and old[3] in LIVE and status not in LIVE:
            self._attempt_ended(job_id, number, worker_id, status, message)
            if status == "failed":
                self.turns.failed(self.jobs[job_id], worker_id, failure)
        return job_id

    def _assigned(self, job_id: str, worker_id: str) -> None:
        closed_s = self.world.now - self.closed.get(worker_id, self.world.now)
        if closed_s > 2 * self.simulation.slow_commit_s:
            self.fail("wish ignored", f"{job_id} to {worker_id}, which was paused or drained {closed_s:.1f} s ago")
        self._begun.append(job_id)

    def _attempt_ended(self, job_id: str, number: int, worker_id: str, status: str, message: str) -> None:
        row = self.jobs[job_id]
        ref = AttemptRef(job_id=job_id, attempt=number, revision=self._revision_of(job_id, number))
        self.world.met[f"attempts {status}"] += 1
        if number != row.attempt:
            self.fail("stale report counted", f"{job_id}.{number} ended as {status}, attempt {row.attempt} is out")
        if status == "completed":
            row.accepted.append(number)
            if len(row.accepted) > 1:
                self.fail("accepted twice", f"{job_id} by attempts {row.accepted}")
        elif status == "lost":
            self._lost(ref, worker_id, message)

    def _lost(self, ref: AttemptRef, worker_id: str, message: str) -> None:
        """A box is lost when it was silent for a lease, or came back without the attempt."""
        if "came back without it" in message:
            if self.done_unsaid.get(ref) == worker_id:
                self.fail("finished work lost", f"{_name(ref)} was finished and is to run again: {message}")
            return
        now = self.world.now
        decided = now - 2 * self.simulation.slow_commit_s  # or later: a commit may wait for another one
        heard = [0.0, *self.heard[(worker_id, ref)], now]
        silent_s = max(until - since for since, until in pairwise(heard) if until >= decided)
        if silent_s < self.simulation.lease_s - 1.0:
            self.fail("healthy box lost", f"{_name(ref)} was never silent for over {silent_s:.1f} s: {message}")

    def _revision_of(self, job_id: str, number: int) -> int:
        return self.revisions.get((job_id, number), self.jobs[job_id].revision)

    def _whole(self, job_id: str) -> None:
        """A job and its attempts after a commit."""
        row = self.jobs[job_id]
        newest = self.attempts.get((job_id, row.attempt))
        if row.status in LIVE and (newest is None or newest[1] != row.status or newest[0] != row.worker_id):
            self.fail("job and attempt differ", f"{job_id}.{row.attempt} is {row.status}, its attempt {newest}")
        if row.status not in LIVE and newest and newest[1] in LIVE:
            self.fail("job and attempt differ", f"{job_id}.{row.attempt} is {row.status}, its attempt {newest}")
        if row.status == "completed":
            number = row.accepted[0] if row.accepted else 0
            shas = [sha256_of(AttemptRef(job_id=job_id, attempt=number, revision=self._revision_of(job_id, number)))]
            if not row.accepted or number != row.attempt or row.media != shas:
                self.fail("output is not the attempt's", f"{job_id} accepted {row.accepted}, media {row.media}")
        elif row.media:
            self.fail("output without acceptance", f"{job_id} is {row.status} and has media")

    # -- what the master says and hears

    def sends(self, worker: SimWorker, text: str) -> None:
        """Nothing is told that is not on disk."""
        said = json.loads(text)
        for message in said if isinstance(said, list) else [said]:
            self._sends(worker, message)

    def _sends(self, worker: SimWorker, said: dict[str, Any]) -> None:
        kind = said["kind"]
        if kind not in ("run", "ack", "stale", "welcome"):
            return
        if kind == "welcome":
            self.welcomed[worker.id] = self.said_hello[worker.id]
            for kept in said["keep"]:
                self.heard[(worker.id, AttemptRef.model_validate(kept))].append(self.world.now)
            return
        ref = AttemptRef.model_validate(said["ref"])
        holder, status = self.attempts.get((ref.job_id, ref.attempt), ("", ""))
        if kind == "run":
            if self.told.setdefault(ref, worker.id) != worker.id:
                self.fail("sent to two boxes", f"{_name(ref)} to {worker.box.name} and another")
            if holder != worker.id:
                self.fail("told before it was on disk", f"run {_name(ref)} to {worker.box.name}: the disk has {holder}")
            row = self.jobs[ref.job_id]
            if row.attempt == ref.attempt and row.status in LIVE and row.revision != ref.revision:
                self.fail("wrong revision", f"run {_name(ref)}: the disk has revision {row.revision}")
            self.revisions[(ref.job_id, ref.attempt)] = ref.revision
            if self.folders.setdefault(said["output_dir"], ref) != ref:
                self.fail("shared path", f"{_name(ref)} is to write to {said['output_dir']}, as another attempt did")
            self.simulation.storage.folders[ref] = said["output_dir"]
            self.world.met["runs"] += 1
        elif kind == "ack":
            if holder != worker.id or status not in ("completed", "failed"):
                self.fail(
                    "told before it was on disk", f"ack {_name(ref)} to {worker.box.name}: the attempt is {status}"
                )
            self.world.met["acks"] += 1
        else:
            self.world.met["stales"] += 1

    def hears(self, worker: SimWorker, text: str) -> None:
        for message in from_worker.frame(text):
            self._hears(worker, message)

    def _hears(self, worker: SimWorker, message: Any) -> None:
        now = self.world.now
        self.world.log(f"{worker.box.name} > {message.kind} {_name_of(message)}")
        match message.kind:
            case "hello":
                self.said_hello[worker.id] = message.process
                if worker.id in self.draining and message.process != self.welcomed.get(worker.id):
                    self.unwished(worker.id)
            case "heartbeat":
                for ref in message.running:
                    self.heard[(worker.id, ref)].append(now)
            case "progress":
                self.heard[(worker.id, message.ref)].append(now)
            case "completed" | "failed":
                ref = message.ref
                self.heard[(worker.id, ref)].append(now)
                _holder, status = self.attempts.get((ref.job_id, ref.attempt), ("", ""))
                if status in ("lost", "canceled"):
                    self.world.met[f"late {message.kind}"] += 1
                elif status in ("completed", "failed"):
                    self.world.met["reports heard twice"] += 1

    def verified(self, report: Completed, problem: str | None) -> None:
        attempt = self.attempts.get((report.ref.job_id, report.ref.attempt))
        if problem and report.ref in self.done_unsaid and attempt and attempt[1] in LIVE:
            self.fail("output damaged", f"{_name(report.ref)}: {problem}")

    # -- what boxes truly do

    def began(self, worker: SimWorker, execution: Execution) -> None:
        """What runs at the master's direction fits; what was taken away but has not stopped yet is counted apart."""
        out = [e for e in worker.executions if self._is_out(worker, e)]
        for group, name in ((out, "over-committed"), (worker.executions, "over-committed while stopping")):
            ram_gb = sum(e.ram_gb for e in group)
            on_device = [e for e in group if e.device is execution.device]
            vram_gb = sum(e.vram_gb for e in on_device)
            room_gb = execution.device.memory_total_gb - RESERVED_GB
            what = f"{worker.box.name} {execution.device.id}: {[f'{e.run.workflow} {e.run.variant}' for e in group]}"
            over_vram = execution.device.kind == "cuda" and vram_gb > room_gb + 1e-6
            if over_vram or ram_gb > worker.box.ram_gb + 1e-6:
                if name == "over-committed":
                    self.fail(name, f"{vram_gb:.1f} GB VRAM, {ram_gb:.1f} GB RAM on {what}")
                self.world.note(name, what)
                break
            if (
                len(on_device) > 1
                and group is out
                and not all(CATALOG[e.run.workflow].needs.shareable for e in on_device)
            ):
                self.fail("exclusive device shared", what)

    def _is_out(self, worker: SimWorker, execution: Execution) -> bool:
        ref = execution.ref
        return not execution.stopping and self.attempts.get((ref.job_id, ref.attempt)) in (
            [worker.id, "assigned"],
            [worker.id, "running"],
        )

    def refused_by_worker(self, worker: SimWorker, run: Any) -> None:
        self.fail(
            "more jobs than slots", f"{_name(run.ref)} was sent to {worker.box.name} {run.device_id}, which is busy"
        )

    def finished(self, worker: SimWorker, ref: AttemptRef, outcome: FailureKind | None) -> None:
        if outcome is None:
            self.done_unsaid[ref] = worker.id
        self.world.met["attempts that failed" if outcome else "attempts that finished"] += 1

    def report_lost(self, ref: AttemptRef) -> None:
        """The box's disk is gone with it."""
        self.done_unsaid.pop(ref, None)

    # -- what people were told

    def acknowledged(self, job_ids: list[str]) -> None:
        for job_id in job_ids:
            if job_id not in self.jobs:
                self.fail("acknowledged and not on disk", job_id)

    def finally_(self) -> None:
        """The disk once more, row by row, and each key used once."""
        raw = self.simulation.lab.raw
        for job_id, status, attempt in raw.execute("SELECT id, status, attempt FROM job"):
            row = self.jobs.get(job_id)
            if row is None or (row.status, row.attempt) != (status, attempt):
                self.fail("lost job", f"{job_id} is {status}.{attempt} on disk")
        for job_ids in self.simulation.people.answered.values():
            self.acknowledged(job_ids)
        for key, count in raw.execute("SELECT name, count(*) FROM batch GROUP BY name HAVING count(*) > 1"):
            self.fail("submitted twice", f"{key} made {count} batches")

    def canceled(self, job_id: str) -> None:
        if job_id not in self._canceled:
            self.fail("acknowledged and not on disk", f"{job_id} was canceled and is {self.jobs[job_id].status}")

    def wished(self, worker_id: str, wish: str) -> None:
        """Answered. A box that drains leaves, and works again when it comes back as a new process."""
        self.closed[worker_id] = self.world.now
        if wish == "draining":
            self.draining.add(worker_id)

    def unwished(self, worker_id: str) -> None:
        """Asked; it may work from now on."""
        self.closed.pop(worker_id, None)
        self.draining.discard(worker_id)


def _name(ref: AttemptRef) -> str:
    return f"{ref.job_id[-6:]}.{ref.attempt}"


def _name_of(message: Any) -> str:
    if ref := getattr(message, "ref", None):
        return _name(ref)
    if running := getattr(message, "running", ()):
        return ",".join(_name(ref) for ref in running)
    return getattr(message, "device_id", "")
