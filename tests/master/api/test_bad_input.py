"""Bad input to the routes of pre-production: refused with the field's name, never a crash, nothing half done."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

NEVER = "01JAAAAAAAAAAAAAAAAAAAAAAA"


def post(api: TestClient, path: str, body: str | bytes) -> Any:
    return api.post(path, content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("frame_count", -1),
        ("frame_count", 0),
        ("frame_count", 2**63),
        ("frame_count", 10**400),
        ("frame_count", 1.5),
        ("frame_count", "many"),
        ("frame_count", True and [1]),
        ("frame_count", None),
        ("position", 1e308),
        ("position", "NaN"),
        ("position", "Infinity"),
        ("duration_seconds", -0.1),
        ("duration_seconds", "inf"),
        ("action", 7),
        ("action", ["runs"]),
        ("action", "x" * 4001),
        ("action", "a\0b"),
        ("action", "\ud800"),
        ("reference_images", "x"),
        ("reference_images", [1]),
        ("reference_images", [NEVER]),
        ("reference_images", ["x"] * 51),
        ("characters", {}),
        ("characters", [{"character_id": NEVER}] * 51),
        ("sequence_id", "' OR 1=1 --"),
        ("sequence_id", "%00"),
        ("code", "../../x"),
        ("code", "NUL"),
        ("code", "a\u200db"),
        ("code", "a\u202eb"),
        ("id", NEVER),
        ("status", "approved"),
        ("__proto__", {}),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_field(
    api: TestClient, project: Any, field: str, value: Any
) -> None:
    """422, and the list stays empty."""
    body = json.dumps({field: value})
    answer = post(api, "/api/projects/DEMO/shots", body)
    assert answer.status_code == 422, answer.text
    error = answer.json()
    assert field in error["field"]
    assert error["request_id"]
    assert api.get("/api/projects/DEMO/shots").json()["total"] == 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(api: TestClient, project: Any, number: str) -> None:
    """Python's reader would take them; JSON does not know them."""
    assert post(api, "/api/projects/DEMO/shots", f'{{"position": {number}}}').status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b'{"notes": "a", "notes": "b"}',
        b'{"notes": "\xff"}',
        b'{"notes": ',
        b"",
        b"[" * 200 + b"]" * 200,
        b'{"prompt_template":' * 200 + b"1" + b"}" * 200,
        b"[" * 900_000,
        b'{"frame_count": ' + b"9" * 6000 + b"}",
        b"null",
        b'"shot"',
        b"7",
        b"[]",
    ],
    ids=[
        "twice",
        "utf8",
        "cut",
        "empty",
        "deep list",
        "deep object",
        "abyss",
        "digits",
        "null",
        "text",
        "number",
        "none",
    ],
)
def test_a_body_that_is_no_proper_json_is_refused(api: TestClient, project: Any, body: bytes) -> None:
    """A key given twice is an error and not a guess; depth and digits do not bring the server down."""
    answer = post(api, "/api/projects/DEMO/shots", body)
    assert answer.status_code in (400, 422), answer.text
    assert set(answer.json()) >= {"code", "message", "request_id"}
    assert api.get("/api/projects/DEMO/shots").json()["total"] == 0


def test_a_body_over_the_limit_is_refused_while_it_is_read(api: TestClient, project: Any) -> None:
    """Two mebibytes; a list of a million elements does not even get parsed."""
    answer = post(api, "/api/projects/DEMO/shots", b"[" + b"{}," * 1_000_000 + b"{}]")
    assert answer.status_code == 413
    assert post(api, "/api/projects/DEMO/shots", json.dumps([{}] * 100_000)).status_code == 422


ROUTES = ["/api/shots/{}", "/api/sequences/{}", "/api/characters/{}", "/api/looks/{}", "/api/takes/{}", "/api/media/{}"]


@pytest.mark.parametrize(
    "route", [*ROUTES, "/api/cinematic-options/{}", "/api/shots/{}/takes", "/api/characters/{}/shots"]
)
def test_an_id_that_is_wrong_deleted_or_guessed_gets_the_same_answer(api: TestClient, project: Any, route: str) -> None:
    """Nobody learns from an answer what exists."""

    def body(id: str) -> tuple[int, dict[str, Any]]:
        answer = api.get(route.format(id))
        return answer.status_code, answer.json() | {"request_id": ""}

    expected = body(NEVER)
    assert expected[0] == 404
    for id in ("x", "%00", "0" * 26, NEVER.lower(), NEVER + "A", "..", "1%27%20OR%201", "é", "9" * 3000):
        if id != "..":  # a client folds it away
            assert body(id) == expected, id


def test_a_deleted_shot_looks_as_if_it_never_was(api: TestClient, make_shots: Any) -> None:
    """The same status and the same words, for reading and for writing."""
    (shot,) = make_shots(1)
    api.delete(f"/api/shots/{shot['id']}")
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/move"), ("POST", "/approve")):
        answers = [
            api.request(method, f"/api/shots/{id}{path}", json=None if method in ("GET", "DELETE") else {})
            for id in (shot["id"], NEVER)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        assert answers[0].json() | {"request_id": ""} == answers[1].json() | {"request_id": ""}


@pytest.mark.parametrize("header", ["x", '"-1"', "1.5", "9" * 6000, '""', "1, 2"])
def test_an_if_match_that_is_no_revision_is_refused(api: TestClient, make_shots: Any, header: str) -> None:
    """Not silently ignored: the writer wanted to be careful."""
    (shot,) = make_shots(1)
    answer = api.patch(f"/api/shots/{shot['id']}", json={"notes": "x"}, headers={"If-Match": header})
    assert answer.status_code == 422
    assert answer.json()["field"] == "If-Match"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=-1", "status=done", "after=" + "x" * 27, "q=" + "x" * 201]
)
def test_a_query_out_of_its_limits_is_refused(api: TestClient, project: Any, query: str) -> None:
    """Each parameter has limits, and the answer names it."""
    answer = api.get(f"/api/projects/DEMO/shots?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.split("=")[0]


@pytest.mark.parametrize("query", ["q=%25_%5C", "q=%27%3B--", "q=%00", "sequence=%00", "sequence=%27", "q=%ff%fe"])
def test_a_search_is_text_and_nothing_else(api: TestClient, make_shots: Any, query: str) -> None:
    """Quotes, wildcards and broken letters find what they say: nothing."""
    make_shots({"action": "runs"})
    answer = api.get(f"/api/projects/DEMO/shots?{query}")
    assert answer.status_code in (200, 422)
    assert answer.json().get("rows", []) == []


@pytest.mark.parametrize("name", ["\u202egnp.exe", "a\u200bb", "<b>x</b>", "=1+1", "한글 😀", "'; DROP TABLE shot;--"])
def test_strange_names_are_kept_as_text(api: TestClient, project: Any, name: str) -> None:
    """A name is shown, never run and never a path."""
    made = api.post("/api/projects/DEMO/characters", json={"name": name})
    assert made.status_code == 201
    assert api.get(f"/api/characters/{made.json()['id']}").json()["name"] == name


@pytest.mark.parametrize("code", ["%00", "..%2f..", "%2e%2e", "NOPE", "x" * 3000, "demo%00"])
def test_a_project_that_is_not_there_is_404(api: TestClient, project: Any, code: str) -> None:
    """Whatever its code is made of."""
    for tail in ("", "/shots", "/characters", "/media"):
        assert api.get(f"/api/projects/{code}{tail}").status_code == 404
