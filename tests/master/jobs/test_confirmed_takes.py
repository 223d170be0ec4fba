"""A job that starts from a picture takes its shot's confirmed take, unless a file is given."""

from typing import Any

from served import FakeWorker, Served, report_of

KLING = "image_to_video/i2v_kling"
PROMPT = {"prompt": "a woman runs"}


def confirmed(farm: Served, code: str, worker: FakeWorker, **output: Any) -> list[str]:
    """Both shots drawn; the ids of their takes' files. The first take of a shot is confirmed by itself."""
    found = {}
    for job_id in farm.submit(code):
        run = worker.run()
        report = report_of(farm, run, f"{job_id} of {code}".encode())
        report["outputs"][0] |= output
        worker.say(report)
        worker.hear("ack")
        job = farm.job(run.ref.job_id)
        found[job["shot_code"]] = job["outputs"][0]["media_id"]
    return [found["SHT-00001"], found["SHT-00002"]]


def test_the_confirmed_take_is_the_first_frame(farm: Served, code: str, worker: FakeWorker) -> None:
    """Of each shot its own; the shot says which rows of it are the picture."""
    pictures = confirmed(farm, code, worker, facts={"picture_height": 600})
    jobs = [farm.job(job_id) for job_id in farm.submit(code, workflow=KLING, parameters=PROMPT)]
    assert [job["parameters"]["image"] for job in jobs] == pictures
    assert [job["parameters"]["shot"]["picture_height"] for job in jobs] == [600, 600]


def test_a_given_file_wins_over_the_confirmed_take(farm: Served, code: str, worker: FakeWorker) -> None:
    """Nothing is cut off it."""
    first, second = confirmed(farm, code, worker, facts={"picture_height": 600})
    shot = farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]["id"]
    (job_id,) = farm.submit(code, workflow=KLING, shot_ids=[shot], parameters={**PROMPT, "image": second})
    job = farm.job(job_id)
    assert job["parameters"]["image"] == second
    assert job["parameters"]["shot"]["picture_height"] is None
    (job_id,) = farm.submit(code, workflow=KLING, shot_ids=[shot], parameters={**PROMPT, "image": None})
    assert farm.job(job_id)["parameters"]["image"] == first


def test_a_list_of_jobs_takes_them_too(farm: Served, code: str, worker: FakeWorker) -> None:
    """But not where another job of the list makes the file."""
    first, _ = confirmed(farm, code, worker)
    shot = farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]["id"]
    panel = {"key": "panel", "workflow": "text_to_image/storyboard", "shot_id": shot}
    plain = {"key": "plain", "workflow": KLING, "shot_id": shot, "parameters": PROMPT}
    made = {**plain, "key": "made", "inputs": {"image": {"job": "panel"}}}
    ids = farm.submit(code, workflow=None, jobs=[panel, plain, made])
    images = [farm.job(job_id)["parameters"].get("image") for job_id in ids]
    assert images[1] == first
    assert images[2] == {"job": ids[0], "output": "main"}


UPSCALE = "text_to_image/flux_upscale"


def test_a_panel_is_enlarged_without_its_caption(farm: Served, code: str, worker: FakeWorker) -> None:
    """Whether it is the confirmed take, or drawn by a job that is waited for."""
    pictures = confirmed(farm, code, worker, facts={"picture_height": 600})
    for job in [farm.job(job_id) for job_id in farm.submit(code, workflow=UPSCALE)]:
        assert job["parameters"]["image"] in pictures
        assert job["parameters"]["shot"]["picture_height"] == 600
        farm.ask("POST", f"/api/jobs/{job['id']}/cancel")
    shot = farm.ask("GET", f"/api/projects/{code}/shots")["rows"][0]["id"]
    panel = {"key": "panel", "workflow": "text_to_image/storyboard", "shot_id": shot}
    larger = {"key": "larger", "workflow": UPSCALE, "shot_id": shot, "inputs": {"image": {"job": "panel"}}}
    drawn, enlarged = farm.submit(code, workflow=None, jobs=[panel, larger])
    report = report_of(farm, worker.run(), f"{drawn} of {code}".encode())
    report["outputs"][0]["facts"] = {"picture_height": 540}
    worker.say(report)
    worker.hear("ack")
    job = farm.job(enlarged)
    assert job["parameters"]["image"] == farm.job(drawn)["outputs"][0]["media_id"]
    assert job["parameters"]["shot"]["picture_height"] == 540


def test_shots_without_a_confirmed_take_are_named(farm: Served, code: str) -> None:
    body = {"workflow": KLING}
    answer = farm.ask("POST", f"/api/projects/{code}/batches", 422, json=body)
    assert "No confirmed take: SHT-00001, SHT-00002" in answer["message"]
    assert answer["field"] == "image"
    assert len(answer["problems"]) == 2


def test_a_take_of_another_kind_is_told(farm: Served, code: str, worker: FakeWorker) -> None:
    """In the language that was asked for."""
    confirmed(farm, code, worker, kind="video", mime="video/mp4")
    asked = {"json": {"workflow": KLING}, "headers": {"Accept-Language": "ko"}}
    answer = farm.ask("POST", f"/api/projects/{code}/batches", 422, **asked)
    assert answer["message"].startswith("SHT-00001: 종류가 맞지 않습니다(확정된 테이크: 영상, ")
