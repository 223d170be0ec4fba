"""A double of Runway's API: orders, looks, cancels."""

import asyncio
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from tests.doubles.video_service import Order, VideoService

KEY = "key_runway_0123456789"


class RunwayDouble(VideoService):
    def __init__(self, video: bytes, *states: str, credits: float = 25) -> None:
        super().__init__(video, states or ("PENDING", "RUNNING", "SUCCEEDED"))
        self.credits = credits
        self.deleted: list[str] = []
        self.slow_s = 0.0  # an order is taken, and answered so much later
        self.app.post("/v1/image_to_video")(self.create)
        self.app.get("/v1/tasks/{id}")(self.look)
        self.app.delete("/v1/tasks/{id}")(self.delete)

    def _stopped(self, request: Request, name: str) -> Response | None:
        self.note(request)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": f"Invalid key {request.headers.get('authorization')}"}, 401)
        assert request.headers["x-runway-version"]
        return self.fault(name)

    async def create(self, request: Request) -> Response:
        if stopped := self._stopped(request, "create"):
            return stopped
        order = self.take(await request.json())
        await asyncio.sleep(self.slow_s)
        return JSONResponse({"id": order.id, "estimatedCost": {"credits": self.credits}})

    async def look(self, request: Request, id: str) -> Response:
        if stopped := self._stopped(request, "look"):
            return stopped
        if id not in self.orders:
            return JSONResponse({"error": "Task not found"}, 404)
        return JSONResponse(self._told(request, self.orders[id]))

    def _told(self, request: Request, order: Order) -> dict[str, Any]:
        state = order.next_state()
        told = {"id": order.id, "createdAt": "2026-11-26T12:00:00.000Z", "status": state}
        match state:
            case "SUCCEEDED":
                told |= {"output": [f"{request.base_url}files/{order.id}.mp4"], "cost": {"credits": 20}}
            case "FAILED":
                told |= {"failure": "It went wrong", "cost": {"credits": 0}}
            case "CANCELLED":
                told |= {"cost": {"credits": 0}}
            case _:
                told |= {"estimatedCost": {"credits": self.credits}}
        if state == "RUNNING":
            told["progress"] = 0.5
        return told | (order.facts if state in ("SUCCEEDED", "FAILED") else {})

    async def delete(self, request: Request, id: str) -> Response:
        if stopped := self._stopped(request, "delete"):
            return stopped
        self.deleted.append(id)
        self.orders.pop(id, None)
        return Response(status_code=204)
