"""The remote engine: image to video at Runway and Kling. It needs a key and money, and no VRAM.

`order`     estimate, find or submit, wait, collect: the same for both
`runway`    Runway through its official SDK
`kling`     Kling's own API
`prices`    what a clip costs
`stills`    the pictures that are sent
`clip`      the video that comes back
`failures`  what an answer other than yes means for the farm
"""

import asyncio
from collections.abc import Awaitable, Callable

from runwayml import __version__ as runwayml_version

from cinefarm.statuses import FailureKind
from worker.config import RemoteSettings
from worker.engines.remote.clip import Bought, deliver
from worker.engines.remote.kling import buy_from_kling
from worker.engines.remote.runway import buy_from_runway
from worker.task import Canceled, EngineError, Output, Probe, Task
from workflows.schema import Workflow

Buy = Callable[[Task, RemoteSettings], Awaitable[Bought]]
WORKFLOWS: dict[str, Buy] = {
    "image_to_video/i2v_runway": buy_from_runway,
    "image_to_video/i2v_kling": buy_from_kling,
}
_LOOK_S = 0.1  # how soon a cancel is noticed, whatever request is under way


def probe() -> Probe:
    """One key is enough; `lacks` says which is missing for the other. Keys are not tried out at each start."""
    lacking = RemoteSettings().lacking
    version = f"runwayml {runwayml_version}"
    if len(lacking) == len(WORKFLOWS):
        return Probe(False, " ".join(lacking.values()), version)
    return Probe(True, version=version)


def lacks(workflow: Workflow) -> str:
    return RemoteSettings().lacking.get(workflow.name, "")


def run(task: Task) -> list[Output]:
    """Buy one video, and trim it to the shot. Raises `EngineError`, `Canceled`."""
    buy = WORKFLOWS.get(task.workflow)
    if buy is None:
        message = f"The remote engine has no workflow “{task.workflow}”; it runs {', '.join(WORKFLOWS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    settings = RemoteSettings()
    if reason := settings.lacking.get(task.workflow):
        raise EngineError(reason, kind=FailureKind.WORKER)
    task.out_dir.mkdir(parents=True, exist_ok=True)
    return deliver(task, asyncio.run(_unless_canceled(task, buy(task, settings))))


async def _unless_canceled(task: Task, work: Awaitable[Bought]) -> Bought:
    running = asyncio.ensure_future(work)
    told = False
    while not running.done():
        await asyncio.wait({running}, timeout=_LOOK_S)
        if task.is_canceled() and not told:
            told = running.cancel()
    try:
        return running.result()
    except asyncio.CancelledError:
        raise Canceled from None
