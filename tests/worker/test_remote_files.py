"""Files over HTTP, by hash, each at most once."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cinefarm.messages import AttemptRef, InputFile, Run
from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.storage import Storage
from worker import files
from worker.files import FileError, RemoteFiles, verify_probe
from worker.pipe import HostFile

CONTENT = b"a reference picture"
SHA = hashlib.sha256(CONTENT).hexdigest()
REF = AttemptRef(job_id="job", attempt=2, revision=3)


class Server:
    """The master's routes of objects, with a log of what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.objects = {SHA: CONTENT}
        self.answer: Callable[[httpx.Request], httpx.Response] | None = None

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.method)
        assert dict(request.url.params) | {"suffix": ""} == {
            "job": "job",
            "attempt": "2",
            "revision": "3",
            "suffix": "",
        }
        if self.answer:
            return self.answer(request)
        sha256 = request.url.path.rsplit("/", 1)[1]
        if request.method == "PUT":
            self.objects[sha256] = b"sent"
            return httpx.Response(201)
        if sha256 not in self.objects:
            return httpx.Response(404)
        return httpx.Response(200, content=self.objects[sha256])


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def remote(server: Server, tmp_path: Path) -> RemoteFiles:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server.handle), base_url="http://master")
    return RemoteFiles(client, tmp_path)


def run(*inputs: InputFile) -> Run:
    return Run(
        ref=REF,
        device_id="cpu",
        name="Test",
        workflow="a/b",
        workflow_version=1,
        engine="x",
        parameters={},
        inputs=inputs,
        output_dir="projects/DEMO/temp/job/2",
        timeout_s=1,
    )


def wanted(name: str = "image", sha256: str = SHA, size: int = len(CONTENT)) -> InputFile:
    return InputFile(name=name, sha256=sha256, bytes=size, path=f"shared_storage/objects/{sha256[:2]}/{sha256}.png")


def made(folder: Path, content: bytes = b"an output") -> HostFile:
    path = folder / "panel.PNG"
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return HostFile(path=path, role=OutputRole.MAIN, media=MediaKind.IMAGE, sha256=sha256, bytes=len(content))


async def test_an_input_is_fetched_once(remote: RemoteFiles, server: Server) -> None:
    """Then it is in the cache, under its hash."""
    first = await remote.fetch(run(wanted()))
    again = await remote.fetch(run(wanted("same file, other name")))
    assert first["image"].read_bytes() == CONTENT
    assert first["image"].suffix == ".png"
    assert list(again.values()) == list(first.values())
    assert server.asked == ["GET"]


async def test_a_cut_file_in_the_cache_is_fetched_again(remote: RemoteFiles, server: Server) -> None:
    """Its size gives it away."""
    place = (await remote.fetch(run(wanted())))["image"]
    place.write_bytes(CONTENT[:5])
    assert (await remote.fetch(run(wanted())))["image"].read_bytes() == CONTENT
    assert server.asked == ["GET", "GET"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda request: httpx.Response(200, content=b"x" * len(CONTENT)), "SHA-256"),
        (lambda request: httpx.Response(404), "404"),
        (lambda request: httpx.Response(403), "403"),
    ],
)
async def test_an_input_that_is_not_what_was_promised_is_an_error(
    remote: RemoteFiles, server: Server, tmp_path: Path, answer: Callable[..., httpx.Response], said: str
) -> None:
    """It names the input, and nothing of it stays."""
    server.answer = answer
    with pytest.raises(FileError, match=f"“image”.*{said}"):
        await remote.fetch(run(wanted()))
    assert list((tmp_path / "objects").iterdir()) == []


async def test_a_master_that_does_not_answer_is_an_error_to_try_again(remote: RemoteFiles, server: Server) -> None:
    """For inputs and outputs."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    server.answer = refuse
    with pytest.raises(FileError, match="no route"):
        await remote.fetch(run(wanted()))


async def test_an_output_is_sent_unless_it_is_there(remote: RemoteFiles, server: Server, tmp_path: Path) -> None:
    """HEAD 200 saves the upload."""
    file = made(tmp_path)
    await remote.deliver(REF, (file,))
    assert server.asked == ["HEAD", "PUT"]
    await remote.deliver(REF, (file,))
    assert server.asked == ["HEAD", "PUT", "HEAD"]


async def test_what_was_made_here_is_not_fetched(remote: RemoteFiles, server: Server, tmp_path: Path) -> None:
    """The next job on this box may read it, also when its attempt's own folder is gone."""
    file = made(tmp_path)
    await remote.deliver(REF, (file,))
    file.path.unlink()
    found = await remote.fetch(run(wanted(sha256=file.sha256, size=file.bytes)))
    assert found["image"].read_bytes() == b"an output"
    assert "GET" not in server.asked


async def test_a_refused_output_is_not_kept(remote: RemoteFiles, server: Server, tmp_path: Path) -> None:
    """Nobody will ask for it."""
    server.answer = lambda request: httpx.Response(404 if request.method == "HEAD" else 422)
    with pytest.raises(FileError):
        await remote.deliver(REF, (made(tmp_path),))
    assert list((tmp_path / "objects").iterdir()) == []


async def test_a_refused_output_says_what_the_master_said(remote: RemoteFiles, server: Server, tmp_path: Path) -> None:
    """With the file's name."""
    server.answer = lambda request: httpx.Response(404 if request.method == "HEAD" else 422, text="wrong hash")
    with pytest.raises(FileError, match=r"panel\.PNG was refused: HTTP 422 wrong hash"):
        await remote.deliver(REF, (made(tmp_path),))


async def test_the_cache_drops_what_was_used_least_lately(
    remote: RemoteFiles, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But never what this attempt reads."""
    monkeypatch.setattr(files, "CACHE_LIMIT_BYTES", len(CONTENT) + 3)
    other = b"another"
    server.objects[hashlib.sha256(other).hexdigest()] = other
    old = (await remote.fetch(run(wanted())))["image"]
    new = (await remote.fetch(run(wanted("b", hashlib.sha256(other).hexdigest(), len(other)))))["b"]
    assert new.exists()
    assert not old.exists()


def test_the_probe_tells_whether_the_folder_is_the_masters(tmp_path: Path) -> None:
    """The same content at the same place, or the files go over HTTP."""
    storage = Storage(projects=tmp_path / "projects", shared=tmp_path / "shared")
    storage.write_bytes("shared_storage/probes/x", b"word")
    assert verify_probe(storage, "shared_storage/probes/x", "word")
    assert not verify_probe(storage, "shared_storage/probes/x", "other")
    assert not verify_probe(storage, "shared_storage/probes/y", "word")
    assert not verify_probe(storage, "../etc/passwd", "word")
