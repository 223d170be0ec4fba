"""What can go wrong with the ComfyUI double, and the jobs in its queue."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """What goes wrong; the counts say how often it did."""

    silent_socket: bool = False  # the WebSocket is open and says nothing
    older: bool = False  # 0.8: no /api/jobs, no /features; previews without facts
    refusal: Any = None  # the body of a 400 for every prompt
    error: tuple[str, str] | None = None  # exception type and message, in the first sampler
    error_in: tuple[str, ...] = ()  # rather in nodes of these classes
    lost_answers: int = 0  # so many prompts are taken and the connection is cut before the answer
    lost_files: int = 0  # so many downloads find their file deleted
    slow_start_s: float = 0.0  # between the queue and the start; who interrupts then is not heard
    frees_late: bool = False  # an idle server takes the next prompt before it frees
    empty_files: bool = False
    black: bool = False
    broken_json: bool = False
    hang_s: float = 0.0  # before any HTTP answer
    interrupts_all: int = 0  # bare /interrupt calls: the count must stay 0
    freed: int = 0
    prompts: int = 0  # accepted, the double ones too


@dataclass
class Job:
    number: int
    prompt_id: str
    graph: dict[str, Any]
    extra: dict[str, Any]
    client_id: str
    outputs: list[str] = field(default_factory=list)  # the nodes that are to be run, with what they need
    messages: list[Any] = field(default_factory=list)
    canceled: bool = False

    def __lt__(self, other: "Job") -> bool:
        return self.number < other.number

    def row(self) -> list[Any]:
        return [self.number, self.prompt_id, self.graph, self.extra, self.outputs]

    def note(self, kind: str, **facts: Any) -> None:
        """For the history."""
        stamp = {"prompt_id": self.prompt_id, "timestamp": int(time.time() * 1000)}
        self.messages.append([kind, {**facts, **stamp}])
