"""From a request to jobs on disk, or to a list of everything that is wrong with it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from served import DRAW, FakeWorker, Served, report_of, served
from sqlalchemy import event
from sqlmodel import Session, func, select

from cinefarm.messages import Log, LogEntry
from master.jobs.logs import add_log
from master.models import Batch, Job, Shot

ANIMATIC = "image_to_video/animatic"
_codes = iter(f"S{n}" for n in range(1000))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as running:
        yield running


@pytest.fixture
def code(farm: Served) -> str:
    """A project with two shots."""
    made = next(_codes)
    farm.make_project(made, shots=2)
    return made


@pytest.fixture
def worker(farm: Served) -> Iterator[FakeWorker]:
    for batch in farm.ask("GET", "/api/batches", params={"limit": 500})["rows"]:  # left by other tests
        if batch["project"] != "BIG" and not batch["done"]:
            farm.ask("POST", f"/api/batches/{batch['id']}/cancel")
    made = FakeWorker(farm, f"box-{next(_codes)}")
    made.join()
    yield made
    made.close()


def post(farm: Served, code: str, **request: Any) -> httpx.Response:
    headers = {"Idempotency-Key": request.pop("key")} if "key" in request else {}
    return farm.http.post(f"/api/projects/{code}/batches", json={"workflow": DRAW, **request}, headers=headers)


def refusal(farm: Served, code: str, status: int, **request: Any) -> dict[str, Any]:
    """The error of a refused submit, which wrote nothing."""
    before = counts(farm)
    answer = post(farm, code, **request)
    assert answer.status_code == status, answer.text
    assert counts(farm) == before
    body: dict[str, Any] = answer.json()
    return body


def counts(farm: Served) -> tuple[int, ...]:
    with farm.master.db.read() as session:
        numbers = [session.exec(select(func.count()).select_from(table)).one() for table in (Batch, Job)]
        return (*numbers, session.exec(select(func.count()).where(Shot.status == "generating")).one())


# ---- what is refused


def test_every_wrong_parameter_is_named(farm: Served, code: str) -> None:
    """Not only the first."""
    wrong = {"tone": "loud", "width": 7, "seed": -1, "colour": "red", "caption": "yes"}
    body = refusal(farm, code, 422, parameters=wrong)
    assert {problem["place"] for problem in body["problems"]} == {f"parameters.{name}" for name in wrong}
    assert all(problem["message"] for problem in body["problems"])
    assert body["field"].startswith("parameters.")


def test_an_unknown_workflow_lists_those_there_are(farm: Served, code: str) -> None:
    """So that a typo can be mended."""
    message = refusal(farm, code, 422, workflow="text_to_image/storybord")["message"]
    assert "storybord" in message
    assert DRAW in message


def test_a_workflow_whose_engine_is_still_to_come_says_so(farm: Served, code: str) -> None:
    """Rather than waiting for a worker that cannot exist."""
    message = refusal(farm, code, 422, workflow="text_to_image/flux_basic")["message"]
    assert "no engine in this version yet" in message
    assert "diffusers" in message


def test_unknown_shots_are_named(farm: Served, code: str) -> None:
    """With how many there are."""
    body = refusal(farm, code, 404, shot_ids=["nope", "neither"])
    assert "nope" in body["message"]
    assert "2 unknown" in body["message"]


def test_a_project_without_shots_says_what_to_do(farm: Served) -> None:
    """Nothing would be made."""
    farm.ask("POST", "/api/projects", 201, json={"code": "EMPTY", "name": "Empty"})
    assert "import or add" in refusal(farm, "EMPTY", 422)["message"]
    assert refusal(farm, "EMPTY", 422, workflow=None)["field"] == "workflow"


def test_a_film_without_confirmed_takes_names_the_shots(farm: Served, code: str) -> None:
    """And leaves nothing behind, also as the second of two requests in one."""
    message = refusal(farm, code, 422, workflow=ANIMATIC)["message"]
    assert "SHT-00001" in message or "take" in message
    refusal(farm, code, 422, workflow=None, follow=[{"workflow": ANIMATIC}])


@pytest.mark.parametrize(
    "request_",
    [
        {"follow": [{"workflow": DRAW}]},
        {"follow": [{"workflow": "nope/nope"}]},
        {"follow": [{"workflow": ANIMATIC, "parameters": {"burn_in": "maybe"}}]},
        {"follow": [{"workflow": ANIMATIC}] * 9},
        {"priority": 101},
        {"colour": "red"},
        {"shot_ids": []},
        {"pool": "x" * 61},
        {"parameters": {"tone": {"a": [1]}}},
    ],
)
def test_a_request_is_refused_whole(farm: Served, code: str, request_: dict[str, Any]) -> None:
    """One bad part and nothing of it is written."""
    refusal(farm, code, 422, **request_)


@pytest.mark.parametrize(
    "body",
    ['{"workflow": "a", "workflow": "b"}', '{"priority": NaN}', '{"parameters": ' + '{"a":' * 300 + "1" + "}" * 301],
)
def test_a_body_is_read_strictly(farm: Served, code: str, body: str) -> None:
    """A key twice, a number that is none, or a nest too deep is an error, not a guess."""
    answer = farm.http.post(f"/api/projects/{code}/batches", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad_input"


# ---- what is written


def test_a_job_a_shot_with_everything_filled_in(farm: Served, code: str) -> None:
    """Prompt, size, brief and a drawn seed: the recipe has it all before anything runs."""
    jobs = [farm.job(job_id) for job_id in farm.submit(code)]
    assert [job["shot_code"] for job in jobs] == ["SHT-00001", "SHT-00002"]
    for job in jobs:
        assert job["status"] == "queued"
        assert (job["parameters"]["width"], job["parameters"]["height"]) == (1280, 720)
        assert job["parameters"]["shot"]["code"] == job["shot_code"]
        assert 0 <= job["parameters"]["seed"] < 2**31
    assert jobs[0]["parameters"]["seed"] != jobs[1]["parameters"]["seed"]
    shots = farm.ask("GET", f"/api/projects/{code}/shots")["rows"]
    assert {shot["status"] for shot in shots} == {"generating"}


def test_a_given_value_wins(farm: Served, code: str) -> None:
    """Over the shot's and the project's."""
    (job_id,) = farm.submit(
        code,
        shot_ids=[farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]["id"]] * 2,
        parameters={"seed": 7, "width": 640, "height": 360, "prompt": "A lamp."},
        priority=80,
        name="Test",
    )
    job = farm.job(job_id)
    assert {name: job["parameters"][name] for name in ("seed", "width", "height", "prompt")} == {
        "seed": 7,
        "width": 640,
        "height": 360,
        "prompt": "A lamp.",
    }
    assert job["priority"] == 80


@pytest.mark.parametrize(("width", "height"), [(1919, 1079), (8192, 4320), (64, 64), (999, 1777)])
@pytest.mark.parametrize("follows", [False, True])
def test_a_projects_size_is_fitted_to_the_workflow(farm: Served, width: int, height: int, follows: bool) -> None:
    """An odd or huge project is drawn at the nearest size that the workflow allows, in its aspect ratio."""
    code = next(_codes)
    farm.make_project(code, width=width, height=height)
    ids = farm.submit(code, follow=[{"workflow": ANIMATIC}] if follows else [])
    name = ANIMATIC if follows else DRAW
    made = farm.job(ids[-1])["parameters"]
    limits = farm.master.catalog[name].parameters["width"]
    assert made["width"] % 2 == made["height"] % 2 == 0
    assert limits.min <= made["width"] <= limits.max  # type: ignore[union-attr]
    assert abs(made["width"] / made["height"] - width / height) < 0.02


def test_a_thousand_shots_are_one_transaction(farm: Served) -> None:
    """All of them or none, and quickly."""
    farm.make_project("BIG", shots=1000)
    commits: list[int] = []

    def count(connection: Any) -> None:
        commits.append(1)

    event.listen(farm.master.db.writer_engine, "commit", count)
    try:
        ids = farm.submit("BIG", pool="nobody")
    finally:
        event.remove(farm.master.db.writer_engine, "commit", count)
    assert len(ids) == len(set(ids)) == 1000
    assert len(commits) == 1
    batch = farm.ask("GET", "/api/batches", params={"project": "BIG"})["rows"][0]
    assert (batch["total"], batch["counts"], batch["done"]) == (1000, {"queued": 1000}, False)


def test_a_batch_is_canceled_whole(farm: Served, code: str) -> None:
    """What had ended before is counted apart."""
    batch_id = farm.job(farm.submit(code, follow=[{"workflow": ANIMATIC}])[0])["batch_id"]
    assert farm.ask("POST", f"/api/batches/{batch_id}/cancel") == {"canceled": 3, "ended_before": 0}
    assert farm.ask("POST", f"/api/batches/{batch_id}/cancel") == {"canceled": 0, "ended_before": 3}
    assert farm.ask("GET", f"/api/batches/{batch_id}")["done"]


def test_what_nothing_can_run_is_warned_of(farm: Served, code: str) -> None:
    """It waits, and the answer says what would help, in both languages."""
    answer = post(farm, code, pool="moon").json()
    assert len(answer["job_ids"]) == 2
    (warning,) = answer["warnings"]
    assert warning["en"]
    assert warning["ko"]


# ---- the same request twice


def test_a_key_makes_one_batch(farm: Served, code: str) -> None:
    """The same request again is answered with the first one's jobs."""
    first = post(farm, code, key=f"key-{code}").json()
    again = post(farm, code, key=f"key-{code}").json()
    assert again["batch"]["id"] == first["batch"]["id"]
    assert again["job_ids"] == first["job_ids"]


def test_a_key_used_for_something_else_is_a_conflict(farm: Served, code: str) -> None:
    """Rather than the wrong answer."""
    post(farm, code, key=f"other-{code}")
    body = refusal(farm, code, 409, key=f"other-{code}", priority=10)
    assert body["field"] == "Idempotency-Key"


def test_two_at_once_are_one_batch(farm: Served, code: str) -> None:
    """However close together they come."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(farm, code, key=f"race-{code}"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["batch"]["id"] for answer in answers}) == 1
    assert farm.ask("GET", "/api/jobs", params={"project": code})["total"] == 2


def test_an_empty_key_is_none(farm: Served, code: str) -> None:
    """Some clients send the header always."""
    first, second = post(farm, code, key=""), post(farm, code, key="")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["batch"]["id"] != second.json()["batch"]["id"]


def test_a_key_has_a_limit(farm: Served, code: str) -> None:
    """200 characters."""
    refusal(farm, code, 422, key="k" * 201)


# ---- what follows


def test_a_film_follows_its_shots(farm: Served, code: str, worker: FakeWorker) -> None:
    """Blocked while they are made, bound to their takes when the last is there."""
    *shots, film = farm.submit(code, follow=[{"workflow": ANIMATIC, "name": "The film"}])
    assert farm.job(film)["status"] == "blocked"
    assert set(farm.job(film)["needs"]) == set(shots)
    assert "2 other job" in farm.ask("GET", f"/api/jobs/{film}/explain")["summary"]["en"]
    for n in range(2):
        run = worker.run()
        worker.say(report_of(farm, run, f"picture {n} of {code}".encode()))
        worker.hear("ack")
    job = farm.job(film)
    assert job["status"] == "queued"
    assert [clip["code"] for clip in job["parameters"]["clips"]] == ["SHT-00001", "SHT-00002"]


def test_a_batch_whose_rest_waits_for_a_failed_job_is_stuck(farm: Served, code: str, worker: FakeWorker) -> None:
    """So that nobody waits for it; the retried job lets it go on."""
    first, second, film = farm.submit(code, follow=[{"workflow": ANIMATIC}])
    run = worker.run()
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No such colour."})
    worker.hear("ack")
    other = worker.run()
    worker.say(report_of(farm, other, f"picture of {code}".encode()))
    worker.hear("ack")
    batch_id = farm.job(film)["batch_id"]
    batch = farm.ask("GET", f"/api/batches/{batch_id}")
    assert (batch["stuck"], batch["done"]) == (True, False)
    assert {run.ref.job_id, other.ref.job_id} == {first, second}
    assert farm.ask("POST", f"/api/jobs/{run.ref.job_id}/retry")["status"] == "queued"
    assert not farm.ask("GET", f"/api/batches/{batch_id}")["stuck"]
    again = worker.run()
    assert (again.ref.job_id, again.ref.attempt) == (run.ref.job_id, 2)
    worker.say(report_of(farm, again, f"other picture of {code}".encode()))
    worker.hear("ack")
    assert farm.job(film)["status"] == "queued"


# ---- what people do with jobs


def test_retry_is_for_what_ended_without_a_result(farm: Served, code: str, worker: FakeWorker) -> None:
    """It starts with a clean slate; anything else is a conflict that says what the job is."""
    job_id, done = farm.submit(code)
    refused = farm.http.post(f"/api/jobs/{job_id}/retry")
    assert refused.status_code == 409
    assert "queued" in refused.json()["message"]
    run = worker.run()
    assert run.ref.job_id == job_id
    worker.say({"kind": "failed", "ref": run.ref.model_dump(), "failure": "bad_input", "message": "No."})
    worker.hear("ack")

    def exclude(session: Session) -> None:
        session.get_one(Job, job_id).excluded_workers = [worker.id]

    farm.master.db.write(exclude)
    said = farm.ask("GET", f"/api/jobs/{job_id}/explain")
    assert (said["state"], said["summary"]["en"]) == ("failed", "The job is failed. No.")
    view = farm.ask("POST", f"/api/jobs/{job_id}/retry")
    assert (view["status"], view["message"], view["failure_kind"]) == ("queued", "", None)
    with farm.master.db.read() as session:
        assert session.get_one(Job, job_id).excluded_workers == []
    other = worker.run()
    worker.say(report_of(farm, other, f"one of {code}".encode()))
    worker.hear("ack")
    assert farm.http.post(f"/api/jobs/{other.ref.job_id}/retry").status_code == 409
    assert {job_id, done} >= {other.ref.job_id}


def test_hold_release_and_priority_decide_what_comes_next(farm: Served, code: str, worker: FakeWorker) -> None:
    """And only for jobs that wait."""
    first, second = farm.submit(code)
    assert farm.ask("POST", f"/api/jobs/{first}/hold")["status"] == "held"
    assert farm.http.post(f"/api/jobs/{first}/hold").status_code == 409
    assert "Held by a person" in farm.ask("GET", f"/api/jobs/{first}/explain")["summary"]["en"]
    assert worker.run().ref.job_id == second
    assert farm.ask("PUT", f"/api/jobs/{first}/priority", json={"priority": 90})["priority"] == 90
    for change in ({"priority": 101}, {"priority": "x"}, {}):
        assert farm.http.put(f"/api/jobs/{first}/priority", json=change).status_code == 422
    assert farm.http.put(f"/api/jobs/{second}/priority", json={"priority": 90}).status_code == 409
    assert farm.http.post(f"/api/jobs/{second}/hold").status_code == 409
    assert farm.ask("POST", f"/api/jobs/{first}/release")["status"] == "queued"


def test_cancel_is_for_what_has_not_ended(farm: Served, code: str) -> None:
    """The second one is told what the job is; its shot is pending again."""
    job_id, _ = farm.submit(code)
    assert farm.ask("POST", f"/api/jobs/{job_id}/cancel")["status"] == "canceled"
    refused = farm.http.post(f"/api/jobs/{job_id}/cancel")
    assert refused.status_code == 409
    assert "canceled already" in refused.json()["message"]
    shot_id = farm.job(job_id)["shot_id"]
    assert farm.ask("GET", f"/api/shots/{shot_id}")["status"] == "pending"


@pytest.mark.parametrize("path", ["", "/log", "/explain", "/cancel", "/retry", "/hold", "/release"])
def test_an_unknown_job_is_404(farm: Served, path: str) -> None:
    """Whatever is asked of it."""
    method = "GET" if path in ("", "/log", "/explain") else "POST"
    assert farm.http.request(method, f"/api/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV{path}").status_code == 404
    assert farm.http.get("/api/batches/nope").status_code == 404


def test_a_log_is_read_page_by_page(farm: Served, code: str, worker: FakeWorker) -> None:
    """From where the reader left off; a flood is cut."""
    farm.submit(code)
    run = worker.run()
    lines = tuple(LogEntry(text=f"line {n}") for n in range(200))
    for _ in range(7):
        farm.master.db.write(lambda session: add_log(session, Log(ref=run.ref, lines=lines)))
    page = farm.ask("GET", f"/api/jobs/{run.ref.job_id}/log")["rows"]
    assert len(page) == 1000
    rest = farm.ask("GET", f"/api/jobs/{run.ref.job_id}/log", params={"after": page[-1]["id"]})["rows"]
    assert len(rest) == 400
    for bad in (-1, "x", 2**70):
        assert farm.http.get(f"/api/jobs/{run.ref.job_id}/log", params={"after": bad}).status_code == 422


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 2**70}, {"status": "gone"}, {"limit": "x"}]
)
def test_a_list_is_asked_for_within_limits(farm: Served, query: dict[str, Any]) -> None:
    """Else 422, never a failure."""
    assert farm.http.get("/api/jobs", params=query).status_code == 422


def test_jobs_are_listed_newest_first_and_filtered(farm: Served, code: str) -> None:
    """By project, batch, shot, status and workflow."""
    ids = farm.submit(code)
    listed = farm.ask("GET", "/api/jobs", params={"project": code})
    assert [job["id"] for job in listed["rows"]] == ids[::-1]
    one = farm.job(ids[0])
    for query in ({"batch": one["batch_id"]}, {"project": code, "status": ["queued", "running"]}):
        assert farm.ask("GET", "/api/jobs", params=query)["total"] == 2
    assert farm.ask("GET", "/api/jobs", params={"shot": one["shot_id"]})["total"] == 1
    assert farm.ask("GET", "/api/jobs", params={"project": code, "workflow": ANIMATIC})["total"] == 0
    assert farm.ask("GET", "/api/jobs", params={"project": code, "limit": 1, "offset": 1})["rows"][0]["id"] == ids[0]


def test_the_farm_in_numbers(farm: Served, code: str, worker: FakeWorker) -> None:
    """As the dispatcher sees it now."""
    before = farm.ask("GET", "/api/farm")
    farm.submit(code)
    worker.run()
    after = farm.ask("GET", "/api/farm")
    assert (after["jobs"] - before["jobs"], after["out"] - before["out"]) == (2, 1)
    assert after["workers"] >= 1
