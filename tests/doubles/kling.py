"""A double of Kling's API: checks the token, finds orders under their own id or ours."""

from typing import Any

import jwt
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from tests.doubles.video_service import Order, VideoService

ACCESS = "access-0123456789"
SECRET = "secret-key-of-at-least-thirty-two-bytes"


class KlingDouble(VideoService):
    def __init__(self, video: bytes, *states: str) -> None:
        super().__init__(video, states or ("submitted", "processing", "succeed"))
        self.final = {"final_unit_deduction": "2.5"}
        self.lost = 0  # so many orders are taken, and the answer never arrives
        self.app.post("/v1/videos/image2video")(self.create)
        self.app.get("/v1/videos/image2video/{id}")(self.look)

    def _stopped(self, request: Request, name: str) -> Response | None:
        self.note(request)
        try:
            token = request.headers["authorization"].removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["iss", "exp", "nbf"]})
            assert claims["iss"] == ACCESS
            assert claims["exp"] - claims["nbf"] == 1805
        except (jwt.InvalidTokenError, KeyError, AssertionError) as error:
            return _answer(401, 1002, f"Authorization is invalid: {error}")
        return self.fault(name)

    async def create(self, request: Request) -> Response:
        if stopped := self._stopped(request, "create"):
            return stopped
        body = await request.json()
        if any(order.request["external_task_id"] == body["external_task_id"] for order in self.orders.values()):
            return _answer(400, 1201, "external_task_id must be unique")
        order = self.take(body)
        if self.lost:
            self.lost -= 1
            return _answer(504, 5001, "Service temporarily unavailable")
        return _answer(200, 0, "SUCCEED", {"task_id": order.id, "task_status": "submitted"})

    async def look(self, request: Request, id: str) -> Response:
        if stopped := self._stopped(request, "look"):
            return stopped
        found = [order for order in self.orders.values() if id in (order.id, order.request["external_task_id"])]
        if not found:
            return _answer(404, 1203, "Task not found")
        return _answer(200, 0, "SUCCEED", self._told(request, found[0]))

    def _told(self, request: Request, order: Order) -> dict[str, Any]:
        state = order.next_state()
        told: dict[str, Any] = {"task_id": order.id, "task_status": state, "task_status_msg": ""}
        if state == "succeed":
            video = {"id": "1", "url": f"{request.base_url}files/{order.id}.mp4", "duration": "5.0"}
            told["task_result"] = {"videos": [video]}
        return told | (order.facts if state in ("succeed", "failed") else {})


def _answer(status: int, code: int, message: str, data: dict[str, Any] | None = None) -> Response:
    return JSONResponse({"code": code, "message": message, "request_id": "r-1", "data": data}, status)


def kling_refusal(status: int, code: int, message: str) -> Response:
    return _answer(status, code, message)
