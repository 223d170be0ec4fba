"""Long answers travel packed; pictures, and what is short, as they are."""

import io
from typing import Any

from fastapi.testclient import TestClient
from PIL import Image


def test_a_list_is_packed_for_who_can_unpack_it(api: TestClient, make_shots: Any) -> None:
    make_shots(*[{"notes": "a market street in the rain at night"}] * 200)
    packed = api.get("/api/projects/DEMO/shots")
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) * 5 < len(packed.content)
    plain = api.get("/api/projects/DEMO/shots", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content


def test_what_is_short_or_packed_already_is_not(api: TestClient, project: Any) -> None:
    assert "content-encoding" not in api.get("/api/projects/DEMO").headers
    file = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(file, "png")
    upload = {"file": ("a.png", file.getvalue(), "image/png")}
    picture = api.post("/api/projects/DEMO/media", files=upload).json()
    answer = api.get(f"/api/media/{picture['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert len(answer.content) > 4096
    assert "content-encoding" not in answer.headers
