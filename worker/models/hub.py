"""The Hub that weights are pulled from, by huggingface_hub. `HF_ENDPOINT` says where it is, `HF_TOKEN` who asks."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import httpx2
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.constants import is_offline_mode
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, disable_progress_bars  # type: ignore[attr-defined]

from cinefarm.storage import sha256_file
from workflows.needs import Bundle

disable_progress_bars()  # ours tells of the whole bundle

_HUB = "https://huggingface.co"
_INDEX_LIMIT = 1024 * 1024


class NotPulled(Exception):
    """Why the weights cannot be had, and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the repository at one commit. `sha256` is null for small ones; git's hash of those is `blob`."""

    path: str
    size: int  # bytes
    sha256: str | None
    blob: str | None

    @property
    def key(self) -> str:
        return self.sha256 or self.blob or "unknown"

    def fault_of(self, file: Path) -> str:
        """What is wrong with the file as a copy of this one; empty if nothing is."""
        size = file.stat().st_size
        if size != self.size:
            return f"has {size:,} bytes; the repository states {self.size:,}"
        found = sha256_file(file) if self.sha256 else _git_hash(file)
        wanted = self.sha256 or self.blob
        return "" if wanted in (None, found) else f"has the hash {found}; it should be {wanted}"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the Hub says of a repository at the bundle's revision."""

    commit: str
    gated: bool
    files: dict[str, Source]


def state_of(bundle: Bundle) -> Stated:
    """Ask the Hub. Raises `NotPulled`."""
    with _told(bundle):
        found = HfApi(endpoint=_endpoint(), token=_token()).model_info(
            bundle.repository, revision=bundle.revision, files_metadata=True
        )
    if not found.sha:
        raise NotPulled(f"{_endpoint()} states no commit of {bundle.repository}.")
    files = [
        Source(one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else None, None if one.lfs else one.blob_id)
        for one in found.siblings or []
    ]
    return Stated(found.sha, bool(found.gated), {file.path: file for file in files})


def read_json(bundle: Bundle, commit: str, source: Source, folder: Path) -> dict[str, Any]:
    """A small file of the repository, by way of the folder. Raises `NotPulled`."""
    if source.size > _INDEX_LIMIT:
        raise NotPulled(f"{source.path} of {bundle.repository} has {source.size:,} bytes, too many for an index.")
    file = folder / f"index.{source.key[:16]}"
    fetch(bundle, commit, source, file, lambda done: None)
    try:
        content = json.loads(file.read_bytes())
    except ValueError:
        content = None
    file.unlink()
    if not isinstance(content, dict):
        raise NotPulled(f"{source.path} of {bundle.repository} cannot be read.")
    return content


def fetch(bundle: Bundle, commit: str, source: Source, file: Path, on_bytes: Callable[[int], None]) -> None:
    """Write the source to the file, going on where an earlier try broke off. Raises `NotPulled`.

    `on_bytes` is told how many bytes the file has.
    """
    url = hf_hub_url(bundle.repository, source.path, revision=commit, endpoint=_endpoint())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    with _told(bundle, source.path), file.open("r+b") as opened:
        have = opened.seek(0, os.SEEK_END)
        if have > source.size:
            have = opened.truncate(0)
            opened.seek(0)
        counted = cast(BinaryIO, _Counted(opened, on_bytes))
        if source.size:
            headers = build_hf_headers(token=_token(), library_name="cinefarm")
            http_get(url, counted, resume_size=have, headers=headers, expected_size=source.size)
        opened.flush()
        os.fsync(opened.fileno())


class _Counted:
    """A file that tells its size as it grows."""

    def __init__(self, file: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        self._file = file
        self._on_bytes = on_bytes

    def write(self, chunk: bytes) -> int:
        written = self._file.write(chunk)
        self._on_bytes(self._file.tell())
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")


def _token() -> str | bool:
    """No other token than the one of the environment: one that a tool left in the home folder is somebody's."""
    return os.environ.get("HF_TOKEN") or False


def _git_hash(file: Path) -> str:
    content = file.read_bytes()
    return hashlib.sha1(b"blob %d\x00" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def _told(bundle: Bundle, path: str = "") -> Iterator[None]:
    """What goes wrong, as a sentence."""
    repository, what = bundle.repository, f"{path} of {bundle.repository}" if path else bundle.repository
    page = f"{_endpoint()}/{repository}"
    if is_offline_mode():
        raise NotPulled(f"HF_HUB_OFFLINE is set: nothing is pulled. Unset it to pull {bundle.name}.")
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise NotPulled(f"HF_HUB_OFFLINE is set: nothing is pulled. Unset it to pull {bundle.name}.") from error
    except GatedRepoError as error:
        raise NotPulled(
            f"{repository} is given only to those who accepted its licence: do so at {page}, and set HF_TOKEN to a "
            "token of that account that may read it."
        ) from error
    except RevisionNotFoundError as error:
        raise NotPulled(
            f"{repository} has no revision “{bundle.revision}”; mend it in bundles/{bundle.name}.json."
        ) from error
    except RemoteEntryNotFoundError as error:
        raise NotPulled(f"{what} is not there any more; pull again to take what the repository has now.") from error
    except RepositoryNotFoundError as error:
        raise NotPulled(
            f"{page} is not there, or not for everyone. If it exists, accept its licence there and set HF_TOKEN."
        ) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            hint = "HF_TOKEN is not accepted" if _token() else "it wants a token: set HF_TOKEN"
            raise NotPulled(f"{page} refuses ({status}): {hint}.") from error
        raise NotPulled(f"{page} answers {status} for {path or 'its list of files'}; try again later.") from error
    except httpx2.HTTPError as error:
        raise NotPulled(
            f"{_endpoint()} does not answer ({error or type(error).__name__}). What is here is kept; pull again."
        ) from error
    except OSError as error:
        raise NotPulled(f"{what} cannot be written: {error}. What is here is kept; pull again.") from error
