"""The Python client beside a master that really listens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, free_port, served

from cinefarm.client import Farm, FarmError


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("farm")) as master:
        yield master


@pytest.fixture
def farm(running: Served) -> Iterator[Farm]:
    with Farm(running.url, state_dir=running.master.settings.state_dir, token=None) as client:
        yield client


def test_on_the_masters_machine_its_secret_is_found(farm: Farm) -> None:
    """Nothing need be configured."""
    assert farm.health()["status"] == "ok"
    assert isinstance(farm.projects(), list)


def test_a_film_is_asked_for_in_a_few_lines(farm: Farm, running: Served) -> None:
    """Project, shots, submit, jobs, explain, cancel: typed records."""
    running.make_project("CLIENT", shots=3)
    assert [shot.code for shot in farm.shots("CLIENT")] == ["SHT-00001", "SHT-00002", "SHT-00003"]
    warnings: list[str] = []
    batch = farm.submit(
        "CLIENT", "text_to_image/storyboard", key="one", on_warning=lambda said: warnings.append(said.en)
    )
    assert farm.submit("CLIENT", "text_to_image/storyboard", key="one").id == batch.id
    assert warnings == ["No worker has joined the farm; start one with `cinefarm worker --master URL`."]
    jobs = farm.jobs(batch=batch.id)
    assert len(jobs) == batch.total == 3
    why = farm.explain(jobs[0].id)
    assert "No worker" in why.summary.en
    assert [step.action for step in why.would_start] == ["start_worker"]
    end = farm.forecast(batch.id)
    assert (end.jobs, end.ends_in_s) == (len(jobs), None)
    assert end.job_id in {job.id for job in jobs}
    with pytest.raises(FarmError, match="is not done after 0 s"):
        farm.wait(batch.id, timeout_s=0)
    assert farm.cancel(jobs[0].id).status == "canceled"
    farm.cancel_batch(batch.id)
    assert farm.wait(batch.id).done


def test_a_refusal_has_its_status_code_and_every_problem(farm: Farm, running: Served) -> None:
    """So that a program can tell them apart and a person can mend them."""
    running.make_project("WRONG")
    with pytest.raises(FarmError) as refused:
        farm.submit("WRONG", "text_to_image/storyboard", parameters={"tone": "loud", "width": 7})
    assert (refused.value.status, refused.value.code) == (422, "bad_input")
    assert {problem["place"] for problem in refused.value.problems} == {"parameters.tone", "parameters.width"}
    with pytest.raises(FarmError, match="no project") as missing:
        farm.project("NONE")
    assert missing.value.status == 404


def test_a_wrong_token_is_said(running: Served) -> None:
    """With where to get one."""
    with Farm(running.url, "wrong") as farm, pytest.raises(FarmError, match="cinefarm token add") as refused:
        farm.projects()
    assert refused.value.status == 401


def test_nobody_there_is_one_sentence(tmp_path: Path) -> None:
    """Status 0, and the question whether the master runs; also while a file is fetched."""
    with Farm(f"http://127.0.0.1:{free_port()}", "t") as farm:
        for ask in (farm.projects, lambda: farm.download("/api/media/x/x.png", tmp_path / "x.png")):
            with pytest.raises(FarmError, match="Is the master running") as refused:
                ask()
            assert (refused.value.status, refused.value.code) == (0, "unreachable")


@pytest.mark.parametrize("url", ["http://a:port"])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    """Not a traceback of the HTTP library."""
    with pytest.raises(FarmError, match="is not an address"):
        Farm(url, "t")


def test_another_server_is_noticed(running: Served) -> None:
    """An answer that is not JSON is an error of ours too."""
    with Farm(f"{running.url}/some/page", "t") as farm:
        for ask in (farm.projects, lambda: farm.project("X")):
            with pytest.raises(FarmError, match="is the address right"):
                ask()
