"""Prompts that a killed host left in ComfyUI's queue. Nobody waits for them; they would only keep the device busy."""

import os
import platform
from typing import Any

import psutil

from worker.engines.comfyui.server import Server

_KEY = "cinefarm"


def ours() -> dict[str, Any]:
    """What we write into a prompt's extra data, to know it again."""
    return {_KEY: {"box": platform.node(), "pid": os.getpid(), "started": psutil.Process().create_time()}}


def clear_leavings(server: Server) -> int:
    """Cancel what hosts of this box that are gone have left. Returns how many."""
    queue = server.queue()
    left = [entry.id for entry in (*queue.running, *queue.waiting) if _is_left(entry.extra.get(_KEY))]
    for prompt_id in left:
        server.cancel(prompt_id)
    return len(left)


def _is_left(mark: Any) -> bool:
    if not isinstance(mark, dict) or mark.get("box") != platform.node():
        return False
    try:
        return bool(psutil.Process(int(mark["pid"])).create_time() != mark["started"])
    except psutil.NoSuchProcess:
        return True
    except (psutil.Error, KeyError, TypeError, ValueError):
        return False
