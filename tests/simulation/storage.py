"""The shared folders as a dictionary. What an attempt makes depends on its job and its number, so a mix-up shows."""

import hashlib
from types import SimpleNamespace
from typing import Any

from cinefarm.messages import AttemptRef, OutputFile
from cinefarm.statuses import MediaKind, OutputRole

FILE = "result.json"


def content_of(ref: AttemptRef) -> bytes:
    return f"{ref.job_id} attempt {ref.attempt} revision {ref.revision}".encode()


def sha256_of(ref: AttemptRef) -> str:
    return hashlib.sha256(content_of(ref)).hexdigest()


def output_of(ref: AttemptRef) -> OutputFile:
    return OutputFile(
        name=FILE,
        role=OutputRole.MAIN,
        kind=MediaKind.DATA,
        sha256=sha256_of(ref),
        bytes=len(content_of(ref)),
        mime="application/json",
    )


class SimStorage:
    """Files of attempts by path, and the objects that the master took in."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.objects: set[str] = set()
        self.folders: dict[AttemptRef, str] = {}  # of attempts, as their `Run` named them

    def write(self, folder: str, content: bytes) -> None:
        self.files[f"{folder}/{FILE}"] = content

    def clean(self, folder: str) -> None:
        self.files.pop(f"{folder}/{FILE}", None)

    def take_in(self, folder: str, output: OutputFile) -> str | None:
        """As the master's intake does: None, or the sentence that says what is wrong."""
        if output.sha256 in self.objects:
            return None
        content = self.files.get(f"{folder}/{output.name}")
        if content is None:
            return f"The output “{output.name}” was reported but is not in the attempt's folder."
        if hashlib.sha256(content).hexdigest() != output.sha256:
            return f"The output “{output.name}” does not match its reported SHA-256; it was changed or damaged."
        self.objects.add(output.sha256)
        return None

    # -- what the master asks of the real one

    def write_bytes(self, path: Any, content: bytes) -> None:
        pass

    def resolve(self, path: Any) -> Any:
        return SimpleNamespace(unlink=lambda missing_ok: None)

    def link(self, source: Any, target: Any) -> None:
        pass
