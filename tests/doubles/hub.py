"""A small Hub: what a repository states of its files at a commit, and the files, with redirects and ranges."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse

COMMIT = "a1" * 20
_LARGE = (".safetensors", ".gguf", ".bin", ".onnx", ".model")  # kept by LFS, with a SHA-256
_CHUNK = 16 * 1024


@dataclass
class Repository:
    files: dict[str, bytes]
    commit: str = COMMIT
    gated: bool = False
    token: str | None = None  # who does not bring it is refused

    def states(self, path: str) -> dict[str, Any]:
        content = self.files[path]
        stated = {"rfilename": path, "size": len(content), "blobId": git_hash(content)}
        if not path.endswith(_LARGE):
            return stated
        return {**stated, "lfs": {"sha256": sha256(content), "size": len(content), "pointerSize": 134}}


@dataclass
class HubDouble:
    """`cuts[path]` are how many bytes of an answer arrive before the connection breaks, one an answer."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)  # path → what is served instead of what was stated
    vanished: set[str] = field(default_factory=set)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, range
    seen_tokens: set[str] = field(default_factory=set)
    ignores_ranges: bool = False

    def __post_init__(self) -> None:
        self.app = FastAPI()
        self.app.get("/api/models/{owner}/{name}/revision/{revision}")(self.tell)
        self.app.api_route("/{owner}/{name}/resolve/{revision}/{path:path}", methods=["GET", "HEAD"])(self.resolve)
        self.app.get("/store/{owner}/{name}/{path:path}")(self.give_stored)

    def fetched(self, path: str) -> list[str]:
        """The ranges with which the content of the file was asked for."""
        return [asked[2] for asked in self.asked if asked[0] == "GET" and asked[1] == path]

    async def tell(self, owner: str, name: str, revision: str, request: Request) -> Response:
        repository = self.repositories.get(f"{owner}/{name}")
        if repository is None:
            return refused(401, "RepoNotFound")
        if refusal := self._refusal(repository, request, stated=True):
            return refusal
        if revision not in ("main", repository.commit):
            return refused(404, "RevisionNotFound")
        assert request.query_params.get("blobs"), "without blobs no hashes are stated"
        siblings = [repository.states(path) for path in sorted(repository.files)]
        gated = "auto" if repository.gated else False
        told = {"id": f"{owner}/{name}", "sha": repository.commit, "gated": gated, "siblings": siblings}
        return JSONResponse({**told, "private": False, "tags": [], "downloads": 0, "likes": 0})

    async def resolve(self, owner: str, name: str, revision: str, path: str, request: Request) -> Response:
        repository = self.repositories[f"{owner}/{name}"]
        if refusal := self._refusal(repository, request):
            return refusal
        assert revision == repository.commit, "files are asked for by commit, never by a name that moves"
        if path in self.vanished or path not in repository.files:
            return refused(404, "EntryNotFound")
        if path.endswith(_LARGE):
            elsewhere = f"http://localhost:{request.url.port}/store/{owner}/{name}/{path}"
            stated = repository.states(path)["lfs"]
            headers = {"x-linked-etag": f'"{stated["sha256"]}"', "x-linked-size": str(stated["size"])}
            return RedirectResponse(elsewhere, 302, headers={"x-repo-commit": revision, **headers})
        return self._give(repository, path, request)

    async def give_stored(self, owner: str, name: str, path: str, request: Request) -> Response:
        assert "authorization" not in request.headers, "the token went to the store of files"
        return self._give(self.repositories[f"{owner}/{name}"], path, request)

    def _refusal(self, repository: Repository, request: Request, *, stated: bool = False) -> Response | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.seen_tokens |= {given} - {""}
        if repository.token is None or given == repository.token:
            return None
        if repository.gated:
            return None if stated else refused(403 if given else 401, "GatedRepo")
        return refused(403, "") if given else refused(401, "RepoNotFound")

    def _give(self, repository: Repository, path: str, request: Request) -> Response:
        content = self.served.get(path, repository.files[path])
        wanted = request.headers.get("range", "")
        self.asked.append((request.method, path, wanted))
        headers = {"etag": f'"{git_hash(content)}"', "x-repo-commit": repository.commit, "accept-ranges": "bytes"}
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and not self.ignores_ranges else 0
        status = 206 if start else 200
        if start:
            headers["content-range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        headers["content-length"] = str(len(content) - start)
        cuts = self.cuts.get(path)
        end = start + cuts.pop(0) if cuts else len(content)
        return StreamingResponse(_chunks(content[start:end]), status, headers)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]


def refused(status: int, code: str) -> Response:
    return JSONResponse({"error": code}, status, headers={"x-error-code": code} if code else {})


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\x00" % len(content) + content, usedforsecurity=False).hexdigest()
