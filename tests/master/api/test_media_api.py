"""Media over HTTP: pictures in, files out by their id alone."""

import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlmodel import Session

from cinefarm.storage import object_path
from master.context import Master
from master.models import Media


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (20, 90, 160)).save(buffer, "PNG")
    return buffer.getvalue()


def send(api: TestClient, content: bytes, name: str = "x.png") -> Any:
    return api.post("/api/projects/DEMO/media", files={"file": (name, content, "image/png")})


def put(master: Master, content: bytes, *, mime: str = "video/mp4", name: str = "film.mp4") -> str:
    """A file that a render brought in; its media id."""
    path = object_path("ab" * 32, ".mp4")
    master.storage.write_bytes(path, content)

    def write(session: Session) -> str:
        media = Media(sha256="ab" * 32, path=str(path), name=name, mime=mime, bytes=len(content))
        session.add(media)
        return media.id

    return master.db.write(write)


def test_an_uploaded_picture_can_be_listed_and_looked_at(api: TestClient, project: Any) -> None:
    """And may then be a shot's or a character's reference."""
    made = send(api, png(), "비 오는 골목.png")
    assert made.status_code == 201, made.text
    media = made.json()
    assert (media["name"], media["mime"], media["width"]) == ("비 오는 골목.png", "image/png", 64)
    file = api.get(media["url"])
    assert file.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(file.content)).size == (64, 48)
    assert api.get(media["thumbnail_url"]).headers["content-type"] == "image/webp"
    rows = api.get("/api/projects/DEMO/media").json()["rows"]
    assert [row["id"] for row in rows] == [media["id"]], "thumbnails are not listed"
    assert api.get(f"/api/projects/DEMO/media?after={media['id']}").json()["rows"] == []
    shot = api.post("/api/projects/DEMO/shots", json={"reference_images": [media["id"]]})
    assert shot.json()["rows"][0]["reference_images"] == [media["id"]]
    hero = api.post("/api/projects/DEMO/characters", json={"name": "Mina", "reference_sheet": [media["id"]]})
    assert hero.json()["reference_urls"] == [media["url"]]


def test_a_picture_of_another_project_is_no_reference_here(api: TestClient, project: Any) -> None:
    """Projects do not leak into one another."""
    media = send(api, png()).json()
    api.post("/api/projects", json={"code": "OTHER", "name": "Other"})
    refused = api.post("/api/projects/OTHER/shots", json={"reference_images": [media["id"]]})
    assert (refused.status_code, refused.json()["field"]) == (422, "reference_images")


def test_files_are_served_so_that_no_browser_runs_them(api: TestClient, project: Any) -> None:
    """Their type is not guessed, they are sandboxed, kept for ever, and named safely."""
    headers = api.get(send(api, png(), '"; evil="\r\n비.png').json()["url"]).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    disposition = headers["content-disposition"]
    assert disposition.startswith('inline; filename="')
    assert disposition.count('"') == 2
    assert "filename*=UTF-8''" in disposition
    assert disposition.endswith("%EB%B9%84.png")


@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "application/xhtml+xml", "application/pdf"])
def test_what_a_browser_could_run_is_a_download(api: TestClient, master: Master, mime: str) -> None:
    """Whatever a worker says its output is."""
    headers = api.get(f"/api/media/{put(master, b'<script>', mime=mime)}").headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")


def test_a_player_may_ask_for_a_part_of_a_film(api: TestClient, master: Master) -> None:
    """Seeking works; a part that is not there is 416."""
    url = f"/api/media/{put(master, bytes(range(200)))}/film.mp4"
    part = api.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/200"
    assert api.get(url, headers={"Range": "bytes=-5"}).content == bytes(range(195, 200))
    assert api.get(url, headers={"Range": "bytes=200-"}).status_code == 416
    assert api.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).status_code == 200


def test_ten_thousand_parts_at_once_are_refused(api: TestClient, master: Master) -> None:
    """A small request must not cost a large answer."""
    url = f"/api/media/{put(master, b'x' * 50_000)}"
    ranges = ",".join(f"{start}-{start}" for start in range(0, 20_000, 2))
    answer = api.get(url, headers={"Range": f"bytes={ranges}"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */50000"
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/secret",
        "//etc/passwd",
        "C:%5Cx",
        "%5C%5Chost%5Cshare",
        "CON",
        "%00",
        "shared_storage%2Fobjects",
        "01JAAAAAAAAAAAAAAAAAAAAAAA",
        "a" * 5000,
    ],
)
def test_nothing_but_an_id_opens_a_file(api: TestClient, project: Any, path: str) -> None:
    """No path, device or share; the answer tells nothing of what exists."""
    answer = api.get(f"/api/media/{path}")
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_a_file_missing_from_the_storage_is_said_to_be(api: TestClient, master: Master) -> None:
    """404 with what to do, not a crash in the middle of an answer."""
    id = put(master, b"x")
    master.storage.resolve(object_path("ab" * 32, ".mp4")).unlink()
    answer = api.get(f"/api/media/{id}")
    assert answer.status_code == 404
    assert "backup" in answer.json()["message"]


def test_refused_uploads_are_answered_by_kind(api: TestClient, project: Any) -> None:
    """415 for another format, 422 for a damaged picture or a missing one, 404 for no project."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert (send(api, svg).status_code, send(api, svg).json()["field"]) == (415, "file")
    assert send(api, png()[:60]).status_code == 422
    assert send(api, b"").status_code == 422
    assert api.post("/api/projects/DEMO/media").status_code == 422
    assert api.post("/api/projects/DEMO/media", json={"file": "x"}).status_code == 422
    assert api.post("/api/projects/NONE/media", files={"file": ("x.png", png())}).status_code == 404


def test_a_video_comes_in_as_it_is(api: TestClient, master: Master, project: Any) -> None:
    """Told by its content; a picture keeps its own, smaller limit."""
    film = b"\0\0\0\x10ftypisom\0\0\2\0" + b"\0\0\0\x09moovx" + b"\0\0\0\x0cmdatdddd"
    answer = send(api, film, "walk.png")
    assert answer.status_code == 201
    media = answer.json()
    assert (media["kind"], media["name"], media["mime"]) == ("video", "walk.mp4", "video/mp4")
    assert media["thumbnail_url"] is None
    assert api.get(media["url"]).content == film
    assert [row["id"] for row in api.get("/api/projects/DEMO/media").json()["rows"]] == [media["id"]]
    assert send(api, film[:-1]).status_code == 422
    master.settings.video_limit_mb = 1
    assert send(api, film + b"\0" * 2**20 * 2).json()["code"] == "too_large"


def test_the_upload_limit_counts_what_arrives(api: TestClient, master: Master, project: Any) -> None:
    """Over the limit while it is read, whatever Content-Length says; below it more than the limit of JSON."""
    big = png() + b"\0" * (3 * 1024 * 1024)
    assert send(api, big).status_code == 201
    over = b"\0" * ((master.settings.upload_limit_mb + 1) * 1024 * 1024)
    answer = send(api, over)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
