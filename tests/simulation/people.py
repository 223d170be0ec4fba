"""Artists and wranglers: they ask through the real routes, ask again when no answer comes, and remember what they were
answered."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from cinefarm.ids import new_id
from cinefarm.statuses import WAITING, JobStatus
from master.access import Principal
from master.api import jobs as job_routes
from master.api import limits as limit_routes
from master.api import shares as share_routes
from master.api import workers as worker_routes
from master.errors import CinefarmError, Conflict, NoSpace
from master.farm.effects import Effect
from master.farm.farm import Farm
from master.jobs.submit import SubmitRequest, submit
from master.models import Batch, Dependency, Job, LimitFields, ShareFields
from master.shots.projects import get_project
from tests.simulation.plant import ARTISTS, CATALOG, LIMITS, PROJECTS, SHARES_OF_WORK
from tests.simulation.wiring import SimMaster

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation

ANSWER_WITHIN_S = 8.0  # then a person asks again
Ask = Callable[[SimMaster], Coroutine[Any, Any, Any]]


class People:
    def __init__(self, simulation: "Simulation") -> None:
        self.simulation = simulation
        self.world = simulation.world
        self.judge = simulation.judge
        self.rng: Random = simulation.world.random
        self.answered: dict[str, list[str]] = {}  # key of a submission → the jobs it was answered with
        self.unanswered: set[str] = set()
        self._keys = 0
        self.capped: set[str] = set()  # artists who ever had at most so many jobs running
        self._wishes: dict[str, int] = {}  # worker → how many were put; only the newest one is sure to hold

    # -- asking

    def ask(self, what: str, question: Ask, answer: Callable[[Any], None], *, insist: bool = False) -> None:
        """`answer` gets the result, or the `CinefarmError` that is told instead. Who insists asks until he is
        answered.
        """
        state = {"answered": False}

        def again() -> None:
            if not state["answered"] and insist:
                self.world.met["questions asked again"] += 1
                self.ask(what, question, answer, insist=True)

        master = self.simulation.master
        self.world.after(ANSWER_WITHIN_S, again)
        if master is None or not master.listening:
            return

        def told(result: Any) -> None:
            if not state["answered"]:
                state["answered"] = True
                self.world.log(f"answer to {what}: {type(result).__name__}")
                if isinstance(result, NoSpace) and insist:
                    self.world.after(1.0, lambda: self.ask(what, question, answer, insist=True))
                else:
                    answer(result)

        async def put() -> None:
            try:
                result = await question(master)
            except CinefarmError as error:
                result = error
            if self.world.chance(0.03):
                self.world.met["answers lost"] += 1
            else:
                self.world.after(self.rng.uniform(0.001, 0.05), told, result)

        self.world.log(f"asks {what}")
        master.loop.spawn(put())

    # -- artists

    def submit(self, artist: str) -> None:
        workflow = self.rng.choices(list(SHARES_OF_WORK), list(SHARES_OF_WORK.values()))[0]
        pool = self.rng.choice((None, None, None, None, "night")) if workflow != "sim/film" else None
        request = SubmitRequest(
            workflow=workflow,
            priority=self.rng.choice((50, 50, 50, 20, 80)),
            pool=pool,
            held=self.world.chance(0.05),
        )
        self._submit(artist, self.rng.choice(PROJECTS), request, _graph(self.rng))

    def rush(self, seconds: float) -> None:
        """For so long more of one kind than can be done, all of it urgent; and one job that is not."""
        artist, code = self.rng.choice(ARTISTS), self.rng.choice(PROJECTS)
        self.world.note("rushes")
        self._submit(artist, code, SubmitRequest(workflow="sim/pack", priority=5), [set()])
        at = 0.0
        while at < seconds:
            urgent = SubmitRequest(workflow="sim/pack", priority=95)
            self.world.after(at, self._submit, artist, code, urgent, [set(), set(), set(), set()])
            at += 3.0

    def _submit(self, artist: str, code: str, request: SubmitRequest, graph: list[set[int]]) -> None:
        self._keys += 1
        key = f"key-{self._keys}"
        request = request.model_copy(update={"parameters": {"note": key}, "name": key})

        async def question(master: SimMaster) -> list[str]:
            def write(session: Session) -> list[str]:
                return self._write(session, code, artist, key, request, graph)

            ids = await _written(master, write)
            await master.dispatcher.submitted(ids)
            return list(ids)

        def answer(result: Any) -> None:
            self.unanswered.discard(key)
            if isinstance(result, NoSpace) and key in self.answered:
                return  # asked once more, without need
            if isinstance(result, CinefarmError):
                self.judge.fail("refused submission", f"{key}: {result}")
            if self.answered.setdefault(key, result) != result:
                self.judge.fail("submitted twice", f"{key} was answered with two batches")
            self.judge.acknowledged(result)
            self.world.met["submissions answered"] += 1
            if self.world.chance(0.15):
                self.world.met["submissions repeated"] += 1
                self.ask(f"submit {key} again", question, answer)

        self.unanswered.add(key)
        self.ask(f"submit {key}", question, answer, insist=True)

    def _write(
        self, session: Session, code: str, artist: str, key: str, request: SubmitRequest, graph: list[set[int]]
    ) -> list[str]:
        """One job by the real `submit`, the others of the batch like it; `graph` says which waits for which."""
        known = session.exec(select(Batch.id).where(Batch.user == artist, Batch.idempotency_key == key)).first()
        batch, ids = submit(session, get_project(session, code), request, CATALOG, user=artist, key=key)
        if known == batch.id:
            return sorted(ids)
        first = session.get_one(Job, ids[0]).model_dump()
        ids += [new_id() for _ in graph[1:]]
        rows = []
        for number, job_id in enumerate(ids):
            self.judge.needs[job_id] = {ids[n] for n in graph[number]}
            status = JobStatus.BLOCKED if graph[number] else first["status"]
            rows.append({**first, "id": job_id, "status": status})
        if len(rows) > 1:
            session.execute(insert(Job), rows[1:])
            edges = [{"job_id": a, "needs_id": b} for a in ids for b in sorted(self.judge.needs[a])]
            if edges:
                session.execute(insert(Dependency), edges)
        return sorted(ids)

    def cancel(self) -> None:
        if (job_id := self._some_job()) is None:
            return

        def answer(result: Any) -> None:
            if isinstance(result, Conflict):
                self.world.met["cancels that came too late"] += 1
            elif not isinstance(result, CinefarmError):
                self.world.met["cancels"] += 1
                self.judge.canceled(job_id)

        self.ask(f"cancel {job_id[-6:]}", lambda m: job_routes.cancel_job(job_id, m, _asker("ada")), answer)

    def hold(self, job_id: str, release: bool = False) -> None:
        route = job_routes.release_job if release else job_routes.hold_job
        self.ask(
            f"{'release' if release else 'hold'} {job_id[-6:]}",
            lambda m: route(job_id, m, _asker("ada")),
            self._counted("holds"),
        )

    def hold_all(self) -> None:
        """All that waits is stopped and let go again: whatever the farm gives out meanwhile, somebody just held."""
        self.world.note("queues stopped")
        for job_id in self._jobs(WAITING):
            self.hold(job_id)
            self.world.after(self.rng.uniform(0.5, 3.0), self.hold, job_id, True)

    def toggle(self) -> None:
        """Held, let go and held again by a hand that is not sure."""
        if job_id := self._some_job(WAITING):
            for number in range(self.rng.randint(1, 5)):
                self.world.after(0.3 * number, self.hold, job_id, number % 2 == 1)

    def prioritize(self) -> None:
        if job_id := self._some_job(WAITING):
            change = job_routes.PriorityChange(priority=self.rng.choice((5, 50, 95)))
            self.ask(
                "priority",
                lambda m: job_routes.prioritize_job(job_id, change, m, _asker("ada")),
                self._counted("priorities"),
            )

    def edit(self) -> None:
        """The parameters of a waiting job change a few times; its revision grows with them."""
        if job_id := self._some_job(WAITING):
            for number in range(self.rng.randint(1, 6)):
                self.world.after(0.2 * number, self._edit, job_id)

    def _edit(self, job_id: str) -> None:

        async def question(master: SimMaster) -> None:
            def write(session: Session) -> int | None:
                changed = update(Job).where(col(Job.id) == job_id, col(Job.status).in_(WAITING))
                return session.execute(
                    changed.values(revision=Job.revision + 1).returning(col(Job.revision))
                ).scalar_one_or_none()

            revision = await _written(master, write)

            def known(farm: Farm, now: float) -> list[Effect]:
                if revision and (job := farm.jobs.get(job_id)):
                    job.revision = revision
                return []

            master.dispatcher.happen(known)

        self.ask(f"edit {job_id[-6:]}", question, self._counted("edits"))

    def edit_all(self) -> None:
        """One change of all that waits."""
        self.world.note("queues edited")
        for job_id in self._jobs(WAITING):
            self._edit(job_id)

    def retry(self) -> None:
        ended = {JobStatus.FAILED, JobStatus.CANCELED, JobStatus.QUARANTINED}
        if (job_id := self._some_job(ended)) is None:
            return
        self.judge.retries.add(job_id)
        self.ask(
            f"retry {job_id[-6:]}", lambda m: job_routes.retry_job(job_id, m, _asker("jun")), self._counted("retries")
        )

    # -- wranglers

    def wish(self, worker_id: str, wish: str, *, insist: bool = False) -> None:
        wanted = worker_routes.Wish(wish=wish)  # type: ignore[arg-type]
        number = self._wishes[worker_id] = self._wishes.get(worker_id, 0) + 1
        self.judge.unwished(worker_id)
        process = self.judge.welcomed.get(worker_id)

        def answer(result: Any) -> None:
            self._counted("wishes")(result)
            newest = self._wishes[worker_id] == number
            if not self.judge.welcomed.get(worker_id) == self.judge.said_hello.get(worker_id) == process:
                newest = False  # it came anew meanwhile, before or after the wish was written
            if newest and wish != "none" and not isinstance(result, CinefarmError):
                self.judge.wished(worker_id, wish)

        question: Ask = lambda m: worker_routes.wish_worker(worker_id, wanted, m, _asker("ada"))  # noqa: E731
        self.ask(f"wish {wish}", question, answer, insist=insist)

    def change_limits(self) -> None:
        for name, limit in LIMITS.items():
            if self.world.chance(0.5):
                factor = self.rng.choice((0.5, 1, 2))
                self.set_limit(name, {key: value * factor for key, value in limit.items()})

    def set_limit(self, name: str, limit: dict[str, float], *, insist: bool = False) -> None:
        fields = LimitFields(**limit)
        self.judge.ceilings.asked(name, fields.capacity)

        def answer(result: Any) -> None:
            self._counted("limits")(result)
            if not isinstance(result, CinefarmError):
                self.judge.ceilings.answered(name, fields.capacity)

        self.ask(
            f"limit {name}",
            lambda m: limit_routes.put_limit(name, fields, m, _asker("ada")),
            answer,
            insist=insist,
        )

    def change_share(self) -> None:
        weight, most = self.rng.choice((0.5, 1.0, 3.0)), self.rng.choice((None, None, 1, 3))
        self.set_share(self.rng.choice(ARTISTS), ShareFields(weight=weight, max_running=most))

    def set_share(self, artist: str, fields: ShareFields, *, insist: bool = False) -> None:
        if fields.max_running is not None:
            self.capped.add(artist)
        self.ask(
            f"share {artist}",
            lambda m: share_routes.put_share("user", artist, fields, m, _asker("ada")),
            self._counted("shares"),
            insist=insist,
        )

    # --

    def _some_job(self, statuses: Any = None) -> str | None:
        """Half of the time the one that is likely to go next, so that people and farm want the same job at once."""
        known = self._jobs(statuses)
        queued = [i for i in known if self.judge.jobs[i].status == JobStatus.QUEUED]
        if queued and self.world.chance(0.5):
            return min(queued)
        return self.rng.choice(known) if known else None

    def _jobs(self, statuses: Any = None) -> list[str]:
        return [i for i, row in self.judge.jobs.items() if statuses is None or row.status in statuses]

    def _counted(self, name: str) -> Callable[[Any], None]:
        def answer(result: Any) -> None:
            self.world.met[f"{name} refused" if isinstance(result, CinefarmError) else name] += 1

        return answer


async def _written(master: SimMaster, write: Callable[[Session], Any]) -> Any:
    return await asyncio.wrap_future(master.db.write_soon(write))


def _asker(name: str) -> Principal:
    return Principal(kind="user", name=name)


def _graph(rng: Random) -> list[set[int]]:
    """What each job of a batch waits for, by place: alone, a row, a chain, a fan-in, a diamond."""
    count = rng.randint(2, 5)
    match rng.choice(("alone", "alone", "row", "row", "row", "chain", "fan-in", "diamond")):
        case "alone":
            return [set()]
        case "row":
            return [set() for _ in range(count)]
        case "chain":
            return [{n - 1} if n else set() for n in range(min(3, count))]
        case "fan-in":
            return [*(set() for _ in range(count - 1)), set(range(count - 1))]
        case _:
            return [set(), {0}, {0}, {1, 2}]
