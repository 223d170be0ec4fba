"""What the doubles of both video services share: faults in order, states in order, and the finished video."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse


@dataclass
class Order:
    """A task as it stands at the service."""

    id: str
    request: dict[str, Any]
    states: list[str]  # one a look; the last stays
    facts: dict[str, Any] = field(default_factory=dict)  # what its final state tells besides
    ended: bool = False

    def next_state(self) -> str:
        self.ended = len(self.states) == 1
        return self.states[0] if self.ended else self.states.pop(0)


class VideoService:
    """`faults["create"]`, `["look"]`, `["video"]` are given out first, one a request; then it works."""

    def __init__(self, video: bytes, states: tuple[str, ...]) -> None:
        self.video = video
        self.video_type = "video/mp4"
        self.states = states
        self.final: dict[str, Any] = {}
        self.faults: dict[str, list[Response]] = defaultdict(list)
        self.asked: list[tuple[str, str]] = []
        self.orders: dict[str, Order] = {}
        self.most_at_once = 0
        self.app = FastAPI()
        self.app.get("/files/{name}.mp4")(self.give_video)

    def count(self, method: str, path: str = "") -> int:
        return sum(1 for asked in self.asked if asked[0] == method and path in asked[1])

    def note(self, request: Request) -> None:
        self.asked.append((request.method, request.url.path))

    def fault(self, name: str) -> Response | None:
        return self.faults[name].pop(0) if self.faults[name] else None

    def take(self, request: dict[str, Any]) -> Order:
        order = Order(f"task-{len(self.orders) + 1}", request, list(self.states), dict(self.final))
        self.orders[order.id] = order
        self.most_at_once = max(self.most_at_once, sum(not order.ended for order in self.orders.values()))
        return order

    async def give_video(self, request: Request) -> Response:
        self.note(request)
        assert "authorization" not in request.headers, "the key went to the video store"
        return self.fault("video") or Response(self.video, media_type=self.video_type)


def refusal(status: int, body: Any = None, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(body or {"error": f"status {status}"}, status, named)
