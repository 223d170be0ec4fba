"""The ComfyUI beside the agent, looked at now and then: it may start late, be updated, get a model file, or end."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpx

from cinefarm.messages import DeviceFacts
from worker.executor import Slot
from worker.pipe import HostReady
from worker.slot import HostDied

ENGINE = "comfyui"
EVERY_S = 10.0
AGAIN_S = 300.0  # while it lacks something: a model file may have been put there
GONE_AFTER = 3  # looks without an answer: one that loads a model may not answer for a while
_TIMEOUT_S = 5.0


async def comfy_news(
    url: str | None, known: Callable[[], HostReady | None], slots: list[Slot]
) -> AsyncIterator[HostReady]:
    """What the hosts of free slots find, each time that it is not what was known."""
    if not url:
        return
    silent, looked_at = 0, time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=_TIMEOUT_S, trust_env=False) as client:
        while True:
            await asyncio.sleep(EVERY_S)
            version = await _version(client)
            silent = 0 if version else silent + 1
            facts = known()
            found = facts.engines.get(ENGINE) if facts else None
            changed = version != found and (version is not None or silent >= GONE_AFTER)
            lacks = bool(facts and any("/" in name for name in facts.lacking))
            if changed or (version and lacks and time.monotonic() - looked_at > AGAIN_S):
                looked_at = time.monotonic()
                if (now := await _look(slots)) and now != known():
                    yield now


async def _look(slots: list[Slot]) -> HostReady | None:
    found: HostReady | None = None
    with suppress(HostDied):
        for slot in slots:
            if slot.is_free and slot.host:
                found = await slot.host.look()
    return found


async def _version(client: httpx.AsyncClient) -> str | None:
    try:
        return str((await client.get("/system_stats")).json()["system"].get("comfyui_version") or "unknown")
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None


def comfy_devices(url: str | None, node_id: str) -> list[DeviceFacts]:
    """The device that the ComfyUI computes on, for a box whose GPU NVML does not know. None when it is a CPU."""
    if not url:
        return []
    try:
        told = httpx.get(f"{url}/system_stats", timeout=_TIMEOUT_S, trust_env=False).json()["devices"]
        first = next(device for device in told if device["type"] != "cpu")
        name = str(first["name"]).split(" : ")[0].removeprefix("cuda:0 ")[:200]
        memory_gb = round(first["vram_total"] / 1e9, 2)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return []
    return [DeviceFacts(id=f"comfy-{node_id}", kind="cuda", name=name, memory_total_gb=memory_gb)]
