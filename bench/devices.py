"""Boxes full of GPUs that only tell readings, with an hour of them told at once: what the dashboard is measured on.

    python -m bench.devices --master http://127.0.0.1:8000 [--boxes 16] [--gpus 4]

The master's secret comes in CINEFARM_SECRET. They speak the real wire, give no credit, and beat once a second. The
values are drawn from sines, not from chance, so that two runs show the same.
"""

import argparse
import asyncio
import math
import os
import time

import httpx
from websockets.asyncio.client import ClientConnection, connect

from cinefarm.messages import (
    MAX_SAMPLES,
    DeviceFacts,
    DeviceMetrics,
    DeviceSeries,
    Heartbeat,
    Hello,
    HostMetrics,
    Samples,
)

HOUR_S = 3600
MODELS = (("NVIDIA RTX 4090", 24.0), ("NVIDIA RTX 6000 Ada", 48.0), ("NVIDIA H100", 80.0), ("NVIDIA A10", 24.0))
BUNDLES = ("flux_dev", "wan_2_2_i2v", "ltx2", "sdxl_controlnet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--master", required=True)
    parser.add_argument("--boxes", type=int, default=16)
    parser.add_argument("--gpus", type=int, default=4)
    options = parser.parse_args()
    asyncio.run(live(options.master, os.environ["CINEFARM_SECRET"], options.boxes, options.gpus))


async def live(master: str, secret: str, boxes: int, gpus: int) -> None:
    """Until it is ended."""
    async with asyncio.TaskGroup() as tasks:
        joined = [tasks.create_task(_join(master, secret, f"gpu-box-{box + 1:02}", box, gpus)) for box in range(boxes)]
        sockets = [await one for one in joined]
        print(f"{boxes * gpus} devices with an hour of readings", flush=True)
        for box, socket in enumerate(sockets):
            tasks.create_task(_beat(socket, box, gpus))
            tasks.create_task(_read(socket))


async def _join(master: str, secret: str, name: str, box: int, gpus: int) -> ClientConnection:
    async with httpx.AsyncClient(base_url=master, trust_env=False, timeout=60) as client:
        body = {"node_id": name, "hostname": f"{name}.studio"}
        answer = await client.post("/api/worker/enroll", json=body, headers={"Authorization": f"Bearer {secret}"})
        credential = answer.raise_for_status().json()["credential"]
    url = master.replace("http", "ws", 1) + "/ws/worker"
    headers = {"Authorization": f"Bearer {credential}"}
    socket = await connect(url, additional_headers=headers, proxy=None, compression=None)
    model, memory_gb = MODELS[box % len(MODELS)]
    hello = Hello(
        node_id=name,
        hostname=f"{name}.studio",
        pool="night" if box % 5 == 4 else None,
        devices=tuple(
            DeviceFacts(id=_id(box, gpu), kind="cuda", index=gpu, name=model, memory_total_gb=memory_gb)
            for gpu in range(gpus)
        ),
        capabilities=("image_to_video/wan_i2v", "image_to_video/ltx2"),
        ram_total_gb=256,
    )
    await socket.send(hello.model_dump_json())
    await socket.recv()
    now = int(time.time())
    for oldest in range(HOUR_S, 0, -MAX_SAMPLES):
        ages = range(oldest - 1, oldest - 1 - MAX_SAMPLES, -1)
        await socket.send(_heartbeat(box, gpus, [now - age for age in ages], list(ages)).model_dump_json())
    return socket


async def _beat(socket: ClientConnection, box: int, gpus: int) -> None:
    await asyncio.sleep(box % 10 / 10)  # spread over the second
    while True:
        await socket.send(_heartbeat(box, gpus, [time.time()], None).model_dump_json())
        await asyncio.sleep(1)


async def _read(socket: ClientConnection) -> None:
    """What the master answers is of no interest, but must not pile up."""
    async for _ in socket:
        pass


def _heartbeat(box: int, gpus: int, times: list[float] | list[int], ages: list[int] | None) -> Heartbeat:
    """With the ages of many readings, or the one of now."""
    metrics = [[_reading(box, gpu, at) for at in times] for gpu in range(gpus)]
    samples = ages and Samples(
        ages_s=tuple(float(age) for age in ages),
        cpu_percent=tuple(20 + 10 * math.sin(at / 40 + box) for at in times),
        ram_used_gb=tuple(90 + 20 * math.sin(at / 500 + box) for at in times),
        devices=tuple(
            DeviceSeries(
                id=of_gpu[0].id,
                utilisation_percent=tuple(one.utilisation_percent for one in of_gpu),
                memory_used_gb=tuple(one.memory_used_gb for one in of_gpu),
                temperature_c=tuple(one.temperature_c for one in of_gpu),
                power_w=tuple(one.power_w for one in of_gpu),
            )
            for of_gpu in metrics
        ),
    )
    host = HostMetrics(cpu_percent=20, ram_total_gb=256, ram_used_gb=90, disk_free_gb=800 + box)
    return Heartbeat(devices=tuple(of_gpu[-1] for of_gpu in metrics), host=host, samples=samples or None)


def _reading(box: int, gpu: int, at: float) -> DeviceMetrics:
    """A job of some minutes, then a pause; memory and heat follow."""
    phase = at / (150 + 17 * gpu + 11 * box) + box * 0.7 + gpu
    busy = max(0.0, min(1.0, 1.6 * math.sin(phase) + 0.75))
    ripple = 4 * math.sin(at / 3.1 + gpu)
    memory_gb = MODELS[box % len(MODELS)][1]
    return DeviceMetrics(
        id=_id(box, gpu),
        utilisation_percent=round(max(0.0, min(100.0, busy * 93 + ripple * busy)), 1),
        memory_used_gb=round(memory_gb * (0.08 + 0.8 * min(1.0, busy * 1.4)), 2),
        temperature_c=round(38 + 36 * busy + ripple / 2),
        power_w=round(55 + 300 * busy + 6 * ripple, 1),
        resident=(BUNDLES[(box + gpu) % len(BUNDLES)],),
    )


def _id(box: int, gpu: int) -> str:
    return f"GPU-{box:08x}-bench-{gpu:04x}"


if __name__ == "__main__":
    main()
