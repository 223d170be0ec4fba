"""Lists of jobs: the short way and the usual way answer alike; what is wrong is told by its place."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from served import DRAW, FakeWorker, Served, report_of, served
from sqlmodel import select
from waiting import wait_until

from master.api.jobs import Submitted
from master.models import Job

PING, SPLIT = "farm/ping", "video_utils/frame_split"
_codes = iter(f"L{n}" for n in range(1000))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm"), max_queued=500) as running:
        yield running


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    for batch in farm.ask("GET", "/api/batches", params={"limit": 500})["rows"]:  # left by other tests
        farm.ask("POST", f"/api/batches/{batch['id']}/cancel")
    made = FakeWorker(farm, f"box-{next(_codes)}")
    made.open().say(made.hello(capabilities=[PING, DRAW, SPLIT]))
    made.hear("welcome")
    yield made
    made.close()


def ping(**changes: Any) -> dict[str, Any]:
    return {"workflow": PING, **changes}


def post(farm: Served, code: str, jobs: list[dict[str, Any]], *, usual: bool = False, **request: Any) -> httpx.Response:
    """The list as a request; with `usual` in JSON with spaces, which takes the usual way."""
    headers = {"Content-Type": "application/json"}
    if key := request.pop("key", None):
        headers["Idempotency-Key"] = key
    body = orjson.dumps({"jobs": jobs, **request}, option=orjson.OPT_INDENT_2 if usual else None)
    return farm.http.post(f"/api/projects/{code}/batches", content=body, headers=headers)


def problems(answer: httpx.Response) -> dict[str, str]:
    """What is told of a refused list, by place."""
    assert answer.status_code == 422, answer.text
    return {problem["place"]: problem["message"] for problem in answer.json()["problems"]}


def rows(farm: Served, ids: list[str]) -> list[Job]:
    with farm.master.db.read() as session:
        found = {job.id: job for job in session.exec(select(Job)) if job.id in set(ids)}
    return [found[id] for id in ids]


# ---- the short way


@pytest.fixture
def short_way(farm: Served, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many jobs each list had that took the short way."""
    taken: list[int] = []
    submit = farm.master.desk.submit

    async def counted(project: Any, request: Any, planned: Any, **options: Any) -> Any:
        taken.append(len(planned))
        return await submit(project, request, planned, **options)

    monkeypatch.setattr(farm.master.desk, "submit", counted)
    return taken


def test_both_ways_answer_and_write_alike(farm: Served, code: str, short_way: list[int]) -> None:
    """Only ids and times differ."""
    jobs = [
        ping(parameters={"number": 7, "text": "안녕 “x”"}, name="one"),
        ping(held=True),
        ping(priority=90, pool="night"),
    ]
    quick, usual = (post(farm, code, jobs, usual=usual, priority=20, name="both") for usual in (False, True))
    assert short_way == [3]
    ways = []
    for answer in (quick, usual):
        assert answer.status_code == 201, answer.text
        said = Submitted.model_validate(answer.json())
        assert said.batch.model_dump() == farm.ask("GET", f"/api/batches/{said.batch.id}") | {
            "created_at": said.batch.created_at
        }
        its_own = {"id", "batch_id", "created_at", "updated_at", "queued_at"}
        ways.append([row.model_dump(exclude=its_own) for row in rows(farm, said.job_ids)])
    assert ways[0] == ways[1]
    assert quick.json()["warnings"] == usual.json()["warnings"]
    in_memory = [
        [
            (state.job_class, state.held, state.attempt, state.revision)
            for id in answer.json()["job_ids"]
            if (state := farm.master.dispatcher.farm.jobs[id])
        ]
        for answer in (quick, usual)
    ]
    assert in_memory[0] == in_memory[1]


def test_a_key_makes_one_batch(farm: Served, code: str, short_way: list[int]) -> None:
    """Whichever way the repetition takes; another request with the key is refused."""
    first = post(farm, code, [ping(), ping()], key="k1").json()
    for usual in (False, True):
        again = post(farm, code, [ping(), ping()], key="k1", usual=usual)
        assert again.json()["batch"]["id"] == first["batch"]["id"]
        assert sorted(again.json()["job_ids"]) == sorted(first["job_ids"])
    other = post(farm, code, [ping()], key="k1")
    assert other.status_code == 409
    assert "used for another request" in other.json()["message"]
    assert short_way == [2, 2, 1]


def test_a_deleted_project_takes_no_list(farm: Served, code: str) -> None:
    """Also when the master has just used it."""
    assert post(farm, code, [ping()]).status_code == 201
    farm.ask("DELETE", f"/api/projects/{code}", 204)
    assert post(farm, code, [ping()]).status_code == 404


def test_a_worker_gets_the_jobs_of_a_list(farm: Served, code: str, worker: FakeWorker) -> None:
    """And each way from submit to result is whole."""
    (job_id,) = post(farm, code, [ping(parameters={"number": 5})]).json()["job_ids"]
    run = worker.run()
    assert (run.ref.job_id, run.workflow, run.engine) == (job_id, PING, "probe")
    assert run.parameters == {"number": 5, "text": ""}
    worker.say({"kind": "completed", "ref": run.ref.model_dump(), "outputs": [], "seconds": 0})
    assert worker.hear("ack").ref == run.ref
    assert farm.job(job_id)["status"] == "completed"


def test_a_key_given_twice_in_the_body_is_refused(farm: Served, code: str, short_way: list[int]) -> None:
    """The short way does not guess either."""
    body = b'{"jobs":[{"workflow":"farm/ping","parameters":{"number":1,"number":2}}]}'
    answer = farm.http.post(f"/api/projects/{code}/batches", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "given twice" in answer.json()["message"]
    assert short_way == []


def test_too_many_waiting_jobs_are_refused_with_the_remedy(farm: Served, code: str) -> None:
    """429, when to come again, and what to do; nothing is written."""
    ids = post(farm, code, [ping()] * 500).json()["batch"]["id"]
    before = len(farm.master.dispatcher.farm.jobs)
    for usual in (False, True):
        answer = post(farm, code, [ping()], usual=usual)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "CINEFARM_MAX_QUEUED" in answer.json()["message"]
    assert len(farm.master.dispatcher.farm.jobs) == before
    assert farm.ask("POST", f"/api/batches/{ids}/cancel")["canceled"] == 500
    assert post(farm, code, [ping()]).status_code == 201


# ---- what is refused


@pytest.mark.parametrize(
    ("jobs", "place", "said"),
    [
        ([ping(), ping(parameters={"number": -1})], "jobs[1].parameters.number", "from 0 to"),
        ([ping(parameters={"colour": 1})], "jobs[0].parameters.colour", "no such parameter; it has number, text"),
        ([ping(), {"workflow": "farm/pong"}], "jobs[1].workflow", "There is no workflow “farm/pong”"),
        ([ping(key="a"), ping(key="a")], "jobs[0].key", "another job of the list"),
        ([ping(needs=["b"]), ping(key="b")], "jobs[0].needs[0]", "does not stand before"),
        ([ping(key="a", needs=["a"])], "jobs[0].needs[0]", "does not stand before"),
        ([ping(key="a"), ping(needs=["a", "c"])], "jobs[1].needs[1]", "no key of an earlier job of the list (a)"),
        ([ping(needs=["0" * 26])], "jobs[0].needs", "has no such job"),
        ([ping(inputs={"video": {"job": "a"}})], "jobs[0].inputs.video", "takes no such file; it takes none"),
        (
            [ping(key="a"), {"workflow": SPLIT, "inputs": {"video": {"job": "a"}}}],
            "jobs[1].inputs.video.job",
            "makes document; here a video is wanted",
        ),
        ([{"workflow": SPLIT}], "jobs[0].parameters.video", "needs “video”"),
        ([{"workflow": DRAW}], "jobs[0].shot_id", "works on a shot; name it"),
        ([ping(shot_id="0" * 26)], "jobs[0].shot_id", "does not work on a shot"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(
    farm: Served, code: str, jobs: list[dict[str, Any]], place: str, said: str
) -> None:
    """And nothing of the list is written."""
    before = farm.ask("GET", "/api/jobs", params={"project": code})["total"]
    told = problems(post(farm, code, jobs))
    assert said in told[place]
    assert farm.ask("GET", "/api/jobs", params={"project": code})["total"] == before


def test_a_list_names_its_own_workflows(farm: Served, code: str) -> None:
    """Two answers to one question are none."""
    answer = post(farm, code, [ping()], workflow=PING)
    assert answer.status_code == 422
    assert "leave it out of the request" in answer.json()["message"]


# ---- jobs that wait for each other


def finish(farm: Served, worker: FakeWorker, run: Any, **output: Any) -> None:
    report = report_of(farm, run)
    report["outputs"][0].update(output)
    worker.say(report)
    worker.hear("ack")


def test_outputs_become_inputs(farm: Served, code: str, worker: FakeWorker) -> None:
    """In the transaction that accepts them; a worker never sees a job without its file."""
    shot = farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]["id"]
    jobs = [
        {"workflow": "image_to_video/animatic", "key": "film", "parameters": {"clips": {"shot_ids": [shot]}}},
        {"workflow": SPLIT, "inputs": {"video": {"job": "film"}}, "key": "frames"},
        ping(needs=["frames"]),
    ]
    farm.submit(code, shot_ids=[shot])
    worker.ready()
    finish(farm, worker, worker.hear("run"))
    worker.close()
    cutter = FakeWorker(farm, f"cutter-{code}")
    cutter.open().say(cutter.hello(capabilities=[PING, SPLIT, "image_to_video/animatic"]))
    cutter.hear("welcome")
    answer = post(farm, code, jobs)
    assert answer.status_code == 201, answer.text
    film, frames, last = answer.json()["job_ids"]
    assert [farm.job(id)["status"] for id in (frames, last)] == ["blocked", "blocked"]
    run = cutter.run()
    assert run.ref.job_id == film
    finish(farm, cutter, run, kind="video", mime="video/mp4", name="panel.png")
    media_id = farm.job(film)["outputs"][0]["media_id"]
    run = cutter.run()
    assert run.ref.job_id == frames
    assert run.parameters["video"] == media_id
    assert [file.name for file in run.inputs] == ["video"]
    assert farm.job(last)["status"] == "blocked"
    finish(farm, cutter, run)
    assert cutter.run().ref.job_id == last
    cutter.close()


def test_an_output_that_is_not_there_fails_what_waits_for_it(farm: Served, code: str, worker: FakeWorker) -> None:
    """By a sentence that says what was made."""
    (shot, _) = (row["id"] for row in farm.ask("GET", f"/api/projects/{code}/shots")["rows"])
    jobs = [
        {"workflow": DRAW, "shot_id": shot, "key": "panel"},
        ping(needs=["panel"], name="after"),
    ]
    panel, after = post(farm, code, jobs).json()["job_ids"]
    assert farm.job(panel)["name"].endswith("Storyboard panel")
    run = worker.run()
    assert run.ref.job_id == panel
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No."})
    worker.hear("ack")
    assert farm.job(after)["status"] == "blocked"
    batch = farm.job(after)["batch_id"]
    assert farm.ask("GET", f"/api/batches/{batch}")["stuck"] is True


def test_a_held_job_waits_for_both(farm: Served, code: str, worker: FakeWorker) -> None:
    """For what it needs and for the person who holds it."""
    first, second = post(farm, code, [ping(key="a"), ping(needs=["a"], held=True)]).json()["job_ids"]
    run = worker.run()
    assert run.ref.job_id == first
    worker.say({"kind": "completed", "ref": run.ref.model_dump(), "outputs": [], "seconds": 0, "ready": True})
    worker.hear("ack")
    assert farm.job(second)["status"] == "held"
    farm.ask("POST", f"/api/jobs/{second}/release")
    assert worker.hear("run").ref.job_id == second


def test_a_job_of_an_earlier_list_may_be_needed(farm: Served, code: str, worker: FakeWorker) -> None:
    """One that has completed is not waited for."""
    (first,) = post(farm, code, [ping()]).json()["job_ids"]
    (second,) = post(farm, code, [ping(needs=[first])]).json()["job_ids"]
    run = worker.run()
    assert run.ref.job_id == first
    worker.say({"kind": "completed", "ref": run.ref.model_dump(), "outputs": [], "seconds": 0})
    worker.hear("ack")
    (third,) = post(farm, code, [ping(needs=[first])]).json()["job_ids"]
    assert [farm.job(id)["status"] for id in (second, third)] == ["queued", "queued"]
    farm.make_project(other := next(_codes))
    assert "has no such job" in problems(post(farm, other, [ping(needs=[first])]))["jobs[0].needs"]


def test_a_preview_goes_first(farm: Served, code: str) -> None:
    """First, middle and last have rank 0, whichever way the list takes."""
    for usual in (False, True):
        ids = post(farm, code, [ping() for _ in range(7)], usual=usual, order="preview_first").json()["job_ids"]
        assert [row.rank for row in rows(farm, ids)] == [0, 1, 1, 0, 1, 1, 0]
    ids = post(farm, code, [ping() for _ in range(3)]).json()["job_ids"]
    assert [row.rank for row in rows(farm, ids)] == [1, 1, 1]


def test_a_batch_is_canceled_by_one_write(farm: Served, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many jobs it has."""
    batch = post(farm, code, [ping() for _ in range(300)]).json()["batch"]["id"]
    written: list[int] = []
    ledger = farm.master.dispatcher._gathering.ledger
    write = ledger.write
    monkeypatch.setattr(ledger, "write", lambda w, effects: (written.append(len(effects)), write(w, effects))[1])
    assert farm.ask("POST", f"/api/batches/{batch}/cancel") == {"canceled": 300, "ended_before": 0}
    assert written == [301]  # the jobs, and the line in the record
    wait_until(lambda: farm.ask("GET", f"/api/batches/{batch}")["counts"] == {"canceled": 300}, what="canceled")
