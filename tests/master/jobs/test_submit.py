"""From a request to jobs on disk, or to a list of everything that is wrong with it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from served import DRAW, Served
from sqlalchemy import event
from sqlmodel import func, select

from master.models import Batch, Job, Shot
from workflows.schema import EngineEntry

ANIMATIC = "image_to_video/animatic"
TO_COME = "image_to_video/to_come"


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
    catalog = farm.master.catalog
    engines = (EngineEntry(name="ads", exists=False),)
    to_come = catalog[ANIMATIC].model_copy(update={"name": TO_COME, "engines": engines})
    catalog.put(to_come)
    message = refusal(farm, code, 422, workflow=TO_COME)["message"]
    catalog.put(to_come, retired=True)
    assert "no engine in this version yet (it will need ads)" in message


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
    code = f"W{width}{'F' if follows else ''}"
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


def test_several_takes_of_each_shot_have_each_their_seed(farm: Served, code: str) -> None:
    """A given seed counts on; without one each is drawn by itself."""
    made = post(farm, code, takes=3, parameters={"seed": 7}).json()
    seeds = [farm.ask("GET", f"/api/jobs/{id}")["parameters"]["seed"] for id in made["job_ids"]]
    assert sorted(seeds) == [7, 7, 8, 8, 9, 9]
    drawn = post(farm, code, takes=2).json()["job_ids"]
    assert len({farm.ask("GET", f"/api/jobs/{id}")["parameters"]["seed"] for id in drawn}) == 4


def test_takes_are_of_shots(farm: Served, code: str) -> None:
    """What is no shot's is made once, and a list names each job itself."""
    for wrong in ({"workflow": ANIMATIC}, {"workflow": None, "jobs": [{"workflow": "farm/ping"}]}):
        assert refusal(farm, code, 422, takes=2, **wrong)["field"] == "takes"
    assert refusal(farm, code, 422, takes=17)["code"]
