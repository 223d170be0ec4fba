"""What can go wrong with the ComfyUI double, and the jobs in its queue."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Faults:
    """What goes wrong; the counts say how often it did."""

    silent_socket: bool = False  # the WebSocket is open and says nothing
    older: bool = False  # 0.8: no /api/jobs, no /features; previews without facts
    partly: str = ""  # this output is dropped with `node_errors`, and the prompt runs
    refusal: Any = None  # the body of a 400 for every prompt
    error: tuple[str, str] | None = None  # exception type and message, in the first sampler
    lost_answers: int = 0  # so many prompts are taken and the connection is cut before the answer
    lost_files: int = 0  # so many downloads are 404
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
    canceled: bool = False
    bad_outputs: set[str] = field(default_factory=set)

    def row(self) -> list[Any]:
        return [self.number, self.prompt_id, self.graph, self.extra, []]
