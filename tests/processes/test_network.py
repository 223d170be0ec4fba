"""Bad networks between real agents and a real master. Each test counts the faults that it met."""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cinefarm import Farm
from cinefarm.records import Batch, JobDetail
from cinefarm.statuses import AttemptStatus, JobStatus, WorkerStatus
from tests.chaos.agents import Agents, Kind
from tests.chaos.fault_proxy import Fate, Fault, FaultProxy, Way, Weather
from tests.chaos.frames import text_of
from tests.chaos.lossy_link import NEAR, LossyLink, why_not
from tests.chaos.noop_host import Pace
from tests.processes.conftest import RealFarm, completed_count, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

WORKFLOW = "text_to_image/storyboard"
QUICK = Pace(least=0.005, most=0.05, slow_one_in=10**9)
COMPLETED = '"kind":"completed"'
STALE = '"kind":"stale"'
ACK = re.compile(r'"kind":"ack","ref":\{"job_id":"(\w+)","attempt":(\d+)')


class Net:
    """A farm whose agents reach the master through proxies, each of its name's own."""

    def __init__(self, real: RealFarm, agents: Agents, proxies: dict[str, FaultProxy]) -> None:
        self.real, self.agents, self.proxies = real, agents, proxies
        self.farm: Farm
        self.batches: list[Batch] = []

    def join(self, *names: str, proxy: str) -> None:
        before = {worker.node_id for worker in self.farm.workers()}
        for name in names:
            self.agents.start(name, self.proxies[proxy].url)
        wait_until(lambda: {*before, *names} <= self.online(), 30, f"{names} join")

    def online(self) -> set[str]:
        return {worker.node_id for worker in self.farm.workers() if worker.status is not WorkerStatus.OFFLINE}

    def submit(self, jobs: int) -> None:
        self.real.make_project(self.farm, jobs)
        self.batches.append(self.farm.submit("KILL", WORKFLOW))

    def work_until(self, met: Callable[[], bool], what: str) -> None:
        """The same shots again and again, so that a fast farm too is at work until it met enough."""

        def met_at_work() -> bool:
            if self.done() == self.total:
                self.batches.append(self.farm.submit("KILL", WORKFLOW))
            return met()

        wait_until(met_at_work, 60, what)

    def details(self) -> list[JobDetail]:
        jobs = [job for batch in self.batches for job in self.farm.jobs(batch=batch.id, limit=1000)]
        return [self.farm.job(job.id) for job in jobs]

    @property
    def total(self) -> int:
        return sum(batch.total for batch in self.batches)

    def finished(self, timeout_s: float = 60.0) -> list[JobDetail]:
        """Every job, each accepted once."""
        wait_until(lambda: self.done() == self.total, timeout_s, "all jobs complete")
        details = self.details()
        for job in details:
            assert job.status is JobStatus.COMPLETED
            assert statuses_of(job).count(AttemptStatus.COMPLETED) == 1
            assert len(job.outputs) == 1
        return details

    def done(self) -> int:
        return sum(completed_count(self.farm, batch) for batch in self.batches)

    def only_job(self) -> JobDetail:
        (job,) = self.details()
        return job


def statuses_of(job: JobDetail) -> list[AttemptStatus]:
    return [attempt["status"] for attempt in job.attempts]


@contextmanager
def network(
    folder: Path,
    *,
    lease_s: float,
    pace: Pace = QUICK,
    proxies: Sequence[str] = ("net",),
    program: str = "cinefarm",
) -> Iterator[Net]:
    real = RealFarm(folder, lease_s=lease_s, program=program)
    with ExitStack() as stack:
        stack.callback(real.stop)
        opened = {name: stack.enter_context(FaultProxy(real.port)) for name in proxies}
        hosts = ",".join(f"127.0.0.1:{proxy.port}" for proxy in opened.values())
        (folder / ".env").write_text(f"CINEFARM_ALLOWED_HOSTS={hosts}\n")
        net = Net(real, stack.enter_context(Agents(Kind(WORKFLOW, folder, pace))), opened)
        real.start_master()
        net.farm = stack.enter_context(real.client())
        yield net


def test_loss_and_latency_cost_no_attempt(tmp_path: Path) -> None:
    """A fifth of all segments lost and half a second there and back: nobody is declared lost, each job runs once."""
    pace = Pace(least=0.2, most=1.0, slow_one_in=10**9)
    with network(tmp_path, lease_s=10, pace=pace) as net:
        net.join(*(f"box-{n}" for n in range(8)), proxy="net")
        proxy = net.proxies["net"]
        proxy.weather = Weather(latency_s=0.25, jitter_s=0.05, loss=0.2, retransmit_s=0.6, bytes_per_s=200_000)
        net.submit(64)
        net.work_until(lambda: proxy.counts[Fault.LOST] >= 40, "forty segments are lost")
        details = net.finished()
        assert proxy.counts[Fault.LOST] >= 40, proxy.counts
        assert all(statuses_of(job) == [AttemptStatus.COMPLETED] for job in details)
        assert all(len(net.agents.joined(name)) == 1 for name in net.agents.names), "no healthy link was given up"


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_lost_packets_cost_no_attempt(tmp_path: Path) -> None:
    """The same with real packets between network namespaces and the kernel's own retransmissions."""
    real = RealFarm(tmp_path, lease_s=20)
    kind = Kind(WORKFLOW, tmp_path, Pace(least=0.2, most=1.0, slow_one_in=10**9), prefix=("unshare", "--net"))
    names = [f"box-{n}" for n in range(8)]
    with ExitStack() as stack:
        stack.callback(real.stop)
        agents = stack.enter_context(Agents(kind))
        wait_until(lambda: _namespace(agents.parent) != _namespace(os.getpid()), what="a namespace of its own")
        link = stack.enter_context(LossyLink(agents.parent))
        proxy = stack.enter_context(FaultProxy(real.port, host=NEAR))
        (tmp_path / ".env").write_text(f"CINEFARM_ALLOWED_HOSTS={NEAR}:{proxy.port}\n")
        real.start_master()
        net = Net(real, agents, {"net": proxy})
        net.farm = stack.enter_context(real.client())
        net.join(*names, proxy="net")
        link.loss, link.latency_s = 0.2, 0.25
        net.submit(24)
        net.work_until(lambda: link.counts["dropped"] >= 40, "forty packets are lost")
        details = net.finished()
        assert link.counts["dropped"] >= 40, link.counts
        assert all(statuses_of(job) == [AttemptStatus.COMPLETED] for job in details)


def _namespace(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/net")


def test_broken_connections_cost_no_attempt(tmp_path: Path) -> None:
    """Connections that are reset at random, and frames torn in the middle: agents come back within their grace."""
    pace = Pace(least=0.05, most=0.3, slow_one_in=10**9)
    with network(tmp_path, lease_s=6, pace=pace) as net:
        net.join(*(f"box-{n}" for n in range(8)), proxy="net")
        proxy = net.proxies["net"]
        torn = Counter[Way]()

        def judge(way: Way, frame: bytes) -> Fate:
            if torn[way] < 3 and (COMPLETED in text_of(frame) or '"kind":"run"' in text_of(frame)):
                torn[way] += 1
                return Fate.TEAR
            return Fate.PASS

        net.submit(40)
        proxy.weather, proxy.judge = Weather(break_per_s=0.3), judge
        net.work_until(
            lambda: proxy.counts[Fault.BROKEN] >= 3 and proxy.counts[Fault.TORN] == 6,
            "three connections break, and six frames are torn",
        )
        details = net.finished()
        assert proxy.counts[Fault.TORN] == 6, proxy.counts
        assert proxy.counts[Fault.BROKEN] >= 3, proxy.counts
        rerun = [job for job in details if statuses_of(job) != [AttemptStatus.COMPLETED]]
        assert len(rerun) <= torn[Way.DOWN] + proxy.counts[Fault.BROKEN], "only a job that never arrived runs again"


def test_worker_cut_off_from_the_master_is_lost_and_its_late_report_refused(tmp_path: Path) -> None:
    """Nothing arrives from it for longer than the lease: its job runs elsewhere, and what it says then is refused."""
    with network(tmp_path, lease_s=2, pace=Pace(0.5, 0.6, slow_one_in=10**9), proxies=("bad", "good")) as net:
        net.join("cut", proxy="bad")
        net.submit(1)
        wait_until(lambda: net.only_job().status is JobStatus.RUNNING, what="it runs there")
        net.proxies["bad"].cut(Way.UP)
        net.join("other", proxy="good")
        accepted = net.finished()[0]
        assert accepted.worker == "other"
        assert statuses_of(accepted) == [AttemptStatus.LOST, AttemptStatus.COMPLETED]
        net.proxies["bad"].heal()
        assert_refused_later(net, accepted)
        assert net.proxies["bad"].counts[Fault.HELD] >= 1


def test_order_that_arrives_after_its_lease_leads_to_nothing(tmp_path: Path) -> None:
    """The order is stuck on its way, so no heartbeat names it: the job runs elsewhere, and the late one is stopped."""
    with network(tmp_path, lease_s=2, proxies=("bad", "good")) as net:
        proxy = net.proxies["bad"]
        net.join("cut", proxy="bad")
        proxy.cut(Way.DOWN)
        net.submit(1)
        wait_until(lambda: net.only_job().attempts, what="it is sent there")
        net.join("other", proxy="good")
        accepted = net.finished()[0]
        assert accepted.worker == "other"
        assert statuses_of(accepted) == [AttemptStatus.LOST, AttemptStatus.COMPLETED]
        refused = Counter[str]()

        def judge(way: Way, frame: bytes) -> Fate:
            refused[accepted.id] += STALE in text_of(frame) and accepted.id in text_of(frame)
            return Fate.PASS

        proxy.judge = judge
        proxy.heal()
        wait_until(lambda: refused[accepted.id], 30, "the late attempt is refused")
        wait_until(lambda: not net.agents.unreported(), 30, "it lets go")
        assert net.only_job() == accepted
        assert proxy.counts[Fault.HELD] >= 1


def test_completion_held_until_its_job_was_given_to_another_is_refused(tmp_path: Path) -> None:
    """The report left in time and arrives too late: the fence decides, not the sender's clock."""
    with network(tmp_path, lease_s=2, proxies=("bad", "good")) as net:
        proxy = net.proxies["bad"]
        proxy.judge = lambda way, frame: Fate.HOLD if COMPLETED in text_of(frame) else Fate.PASS
        net.join("slow", proxy="bad")
        net.submit(1)
        wait_until(lambda: proxy.counts[Fault.HELD], what="its report is on the way")
        net.join("other", proxy="good")
        accepted = net.finished()[0]
        assert accepted.worker == "other"
        proxy.judge = lambda way, frame: Fate.PASS
        proxy.heal()
        assert_refused_later(net, accepted)


def assert_refused_later(net: Net, accepted: JobDetail) -> None:
    """The first attempt's report comes, is refused and forgotten, and changes nothing."""
    wait_until(lambda: (accepted.id, 1) in net.agents.refused(), 30, "the late report is refused")
    wait_until(lambda: not net.agents.unreported(), 30, "it lets go")
    assert net.only_job() == accepted


def test_lost_answers_to_reports_are_asked_for_again(tmp_path: Path) -> None:
    """The report is on disk but its answer never arrives: the agent repeats it and the job does not run again."""
    with network(tmp_path, lease_s=6) as net:
        proxy = net.proxies["net"]
        unanswered: dict[str, int] = {}  # job → the attempt whose answer was lost

        def judge(way: Way, frame: bytes) -> Fate:
            if len(unanswered) < 8 and (ack := ACK.search(text_of(frame))) and ack[1] not in unanswered:
                unanswered[ack[1]] = int(ack[2])
                return Fate.BREAK
            return Fate.PASS

        proxy.judge = judge
        net.join("one", "two", proxy="net")
        net.submit(30)
        details = net.finished()
        wait_until(lambda: not net.agents.unreported(), 30, "every report is settled")
        assert len(unanswered) == proxy.counts[Fault.BROKEN] == 8
        assert {job.id: job.attempt for job in details if job.id in unanswered} == unanswered, "none ran again"
        assert not net.agents.refused() & set(unanswered.items())


def test_half_open_sockets_are_noticed_on_both_sides(tmp_path: Path) -> None:
    """Links that lead nowhere without a goodbye: the agent connects again, the master lets go of one that died."""
    with network(tmp_path, lease_s=6, program="tests.chaos.quick_ping") as net:
        net.join("lives", "dies", proxy="net")
        net.proxies["net"].half_open()
        net.agents.stop("dies")
        wait_until(lambda: len(net.agents.joined("lives")) == 2, 30, "it joins again")
        assert "the link is dead" in net.agents.log("lives")
        net.submit(2)
        assert {job.worker for job in net.finished()} == {"lives"}
        wait_until(lambda: net.online() == {"lives"}, 60, "the master lets go of the dead one")
        wait_until(lambda: gone(net.real, "dies"), 60, "its socket ends")
        assert net.proxies["net"].counts[Fault.SWALLOWED] >= 2


def gone(real: RealFarm, name: str) -> bool:
    """Whether the master let go of a socket of this worker."""
    return any("worker gone" in line and f"name={name}" in line for line in real.log("master").splitlines())


def test_fifty_agents_come_back_spread_after_a_restart(tmp_path: Path) -> None:
    """`kill -9` of the master: all are back within a third of a lease and five seconds, not all at once."""
    names = [f"box-{n:02}" for n in range(50)]
    with network(tmp_path, lease_s=6) as net:
        net.join(*names, proxy="net")
        net.real.running[-1].kill()
        net.real.running[-1].wait()
        net.real.start_master()
        answers = time.time()
        wait_until(lambda: all(len(net.agents.joined(name)) == 2 for name in names), 6 / 3 + 5, "all are back")
        came = sorted(net.agents.joined(name)[1] - answers for name in names)
        buckets = Counter(int(moment / 0.1) for moment in came)
        assert max(buckets.values()) <= len(names) / 2, f"too many in one tenth of a second: {came}"
        assert len(buckets) >= 5, f"not spread: {came}"
        print(
            f"back after {came[0]:.2f} to {came[-1]:.2f} s, at most {max(buckets.values())} in 0.1 s", file=sys.stderr
        )
