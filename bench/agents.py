"""Agents that speak the real wire and do nothing: one process hosts many, each with its own socket.

    python -m bench.agents < settings.json

They say hello, give credit, answer each `Run` at once with `Completed`, and beat. What is measured is the master, so
they spend as little as they can: a WebSocket client in C and messages as bytes instead of models. Their first messages
are made by the models of `cinefarm.messages`, and the answers have the shape of one that was.
"""

import asyncio
import json
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

import orjson
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect
from pydantic import BaseModel, ConfigDict

from bench.stamps import stamp
from cinefarm.messages import (
    AttemptRef,
    Completed,
    DeviceFacts,
    DeviceMetrics,
    Heartbeat,
    Hello,
    HostMetrics,
    Ready,
)

CONNECTING_AT_ONCE = 32


class Enrolled(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    credential: str


class AgentsSettings(BaseModel):
    model_config = ConfigDict(frozen=True)

    port: int
    agents: tuple[Enrolled, ...]
    devices: int = 1  # each
    slots: int = 1  # jobs for which a device gives credit
    workflows: tuple[str, ...]
    starts: str  # file of stamps: the moment each job began
    acks: str  # file of stamps: the moment each report was known to be on disk
    beats: str | None = None  # file of stamps: milliseconds from each heartbeat to its answer, as the time
    beat_every_s: float | None = None  # else as the master says
    offers: bool = True  # whether they take jobs
    holds: bool = False  # whether they keep what they are given, as if they worked on it for long


def _completed_around_ref() -> tuple[bytes, bytes]:
    """What stands before and after the attempt in a `Completed` that also gives credit for the next job."""
    ref = AttemptRef(job_id="JOB", attempt=1)
    before, after = (
        Completed(ref=ref, outputs=(), seconds=0.0, ready=True).model_dump_json().split(ref.model_dump_json())
    )
    return before.encode(), after.encode()


class Agent(WSListener):
    def __init__(self, settings: AgentsSettings, enrolled: Enrolled, around: tuple[bytes, bytes]) -> None:
        self.settings, self.enrolled = settings, enrolled
        self.devices = [f"cpu-{enrolled.name}-{number}" for number in range(settings.devices)]
        self.welcome: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._before, self._after = around
        self._held: dict[str, tuple[int, Any]] = {}  # by job: its number and attempt, until acknowledged
        self._beaten: deque[float] = deque()  # heartbeats that are not answered
        self._beat: bytes | None = None  # as long as it runs the same
        self.transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        hello = Hello(
            node_id=self.enrolled.name,
            hostname="bench",
            devices=tuple(
                DeviceFacts(
                    id=device, kind="cpu", index=index, name="bench", memory_total_gb=32, slots=self.settings.slots
                )
                for index, device in enumerate(self.devices)
            ),
            capabilities=self.settings.workflows,
            ram_total_gb=64,
        )
        self._send(hello.model_dump_json().encode())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            print(
                f"{self.enrolled.name} was closed: {frame.get_close_code()} {frame.get_close_message()}",
                file=sys.stderr,
            )
            transport.disconnect()
            return
        if frame.msg_type != WSMsgType.TEXT:
            return
        said = orjson.loads(frame.get_payload_as_memoryview())
        answers = [
            answer for message in (said if isinstance(said, list) else [said]) if (answer := self._hear(message))
        ]
        if len(answers) == 1:
            self._send(answers[0])
        elif answers:
            self._send(b"[" + b",".join(answers) + b"]")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.transport = None

    def _hear(self, message: dict[str, Any]) -> bytes | None:
        match message["kind"]:
            case "run":
                return self._run(message)
            case "ack":
                held = self._held.pop(message["ref"]["job_id"], None)
                self._beat = None
                if held:  # the master may say it again, in answer to a heartbeat that crossed the first
                    stamp(self.settings.acks, held[0])
            case "renewed":
                self._renewed()
            case "welcome":
                self.welcome.set_result(message)
            case "stale" | "unsupported":
                print(f"{self.enrolled.name} was told: {message}", file=sys.stderr)
        return None

    def _run(self, run: dict[str, Any]) -> bytes:
        number = run["parameters"].get("number", 0)
        stamp(self.settings.starts, number)
        ref = run["ref"]
        self._held[ref["job_id"]] = (number, ref)
        self._beat = None
        if self.settings.holds:
            return None
        return self._before + orjson.dumps(ref) + self._after

    def offer(self) -> None:
        for device in self.devices:
            for _ in range(self.settings.slots):
                self._send(Ready(device_id=device).model_dump_json().encode())

    def beat(self) -> None:
        self._beat = self._beat or self._heartbeat()
        self._beaten.append(time.perf_counter())
        self._send(self._beat)

    def _heartbeat(self) -> bytes:
        """With every field that a heartbeat has."""
        metrics = tuple(
            DeviceMetrics(
                id=device,
                memory_used_gb=11.3,
                utilisation_percent=87.5,
                temperature_c=64,
                power_w=238.6,
                resident=("flux_dev",),
            )
            for device in self.devices
        )
        host = HostMetrics(cpu_percent=31.2, ram_total_gb=64, ram_used_gb=23.8, disk_free_gb=812.4)
        running = tuple(AttemptRef.model_validate(ref) for _, ref in self._held.values())
        beat = Heartbeat(running=running, devices=metrics, host=host, resident=("flux_dev",), staged=("wan_i2v",))
        return beat.model_dump_json().encode()

    def _renewed(self) -> None:
        if self.settings.beats and self._beaten:
            elapsed = time.perf_counter() - self._beaten.popleft()
            stamp(self.settings.beats, round(elapsed * 1e6))

    def _send(self, text: bytes) -> None:
        if self.transport:
            self.transport.send(WSMsgType.TEXT, text)


async def live(settings: AgentsSettings) -> None:
    """Connect them all, say so, and stay until the input ends."""
    around, gate = _completed_around_ref(), asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def join_in_turn(enrolled: Enrolled) -> Agent:
        async with gate:
            return await join(settings, enrolled, around)

    agents = await asyncio.gather(*(join_in_turn(enrolled) for enrolled in settings.agents))
    beating = [asyncio.create_task(_beat(agents, settings))]
    print("joined", flush=True)
    if settings.offers:
        for agent in agents:
            agent.offer()
    await asyncio.to_thread(sys.stdin.read)
    lost = sum(agent.transport is None for agent in agents)
    for task in beating:
        task.cancel()
    print(json.dumps({"lost": lost}), flush=True)


async def join(settings: AgentsSettings, enrolled: Enrolled, around: tuple[bytes, bytes] | None = None) -> Agent:
    """Connect and say hello, and wait for the welcome. Raises `OSError` while no master listens."""
    around = around or _completed_around_ref()
    _, agent = await ws_connect(
        lambda: Agent(settings, enrolled, around),
        f"ws://127.0.0.1:{settings.port}/ws/worker",
        extra_headers={"Authorization": f"Bearer {enrolled.credential}"},
        websocket_handshake_timeout=60,
    )
    await asyncio.wait_for(agent.welcome, 60)
    return agent


async def _beat(agents: list[Agent], settings: AgentsSettings) -> None:
    """Each beats once in the interval, spread over it evenly as those of a real farm are."""
    every_s = settings.beat_every_s or agents[0].welcome.result()["heartbeat_s"]
    began = time.monotonic()
    turn = 0
    while True:
        for index, agent in enumerate(agents):
            wait_s = began + (turn + index / len(agents)) * every_s - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            agent.beat()
        turn += 1


def main() -> None:
    settings = AgentsSettings.model_validate_json(sys.stdin.readline())
    for path in (settings.starts, settings.acks):
        Path(path).touch()
    uvloop.run(live(settings))


if __name__ == "__main__":
    main()
