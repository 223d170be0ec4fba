"""An answer's sentences are in the language that its request accepts."""

import pytest
from fastapi.testclient import TestClient

KOREAN = {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"}


def test_a_refusal_is_korean_for_who_asks_in_korean(api: TestClient) -> None:
    answer = api.get("/api/projects/NOPE", headers=KOREAN)
    assert answer.json()["message"] == "프로젝트 “NOPE”: 없는 프로젝트입니다."
    assert (answer.headers["content-language"], "Accept-Language" in answer.headers["vary"]) == ("ko", True)


@pytest.mark.parametrize("language", ["", "en", "fr"])
def test_it_is_english_for_everybody_else(api: TestClient, language: str) -> None:
    answer = api.get("/api/projects/NOPE", headers={"Accept-Language": language})
    assert answer.json()["message"] == "There is no project “NOPE”."
    assert answer.headers["content-language"] == "en"


def test_what_is_wrong_with_each_field_is_korean(api: TestClient) -> None:
    """Our own checks and those of the types alike."""
    body = {"code": "DEMO2", "name": "x" * 201, "fps_num": 0, "more": 1}
    problems = api.post("/api/projects", json=body, headers=KOREAN).json()["problems"]
    assert {problem["place"]: problem["message"] for problem in problems} == {
        "name": "너무 깁니다. 최대 200자입니다.",
        "fps_num": "너무 작습니다. 최소 1입니다.",
        "more": "여기에 없는 항목입니다. 빼세요.",
    }


def test_the_door_answers_in_korean_too(api: TestClient) -> None:
    """Before anybody is let in."""
    answer = api.get("/api/projects", headers={**KOREAN, "Authorization": "Bearer nobody", "Cookie": ""})
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("알 수 없거나 취소된 토큰입니다.")


def test_refusals_of_many_jobs_are_korean(api: TestClient) -> None:
    wanted = {"deed": "hold", "job_ids": ["01JOBS0NOT0HERE00000000000"]}
    refused = api.post("/api/queue/bulk", json=wanted, headers=KOREAN).json()["refused"]
    assert refused == [{"reason": "작업 “01JOBS0NOT0HERE00000000000”: 없는 작업입니다.", "count": 1}]
