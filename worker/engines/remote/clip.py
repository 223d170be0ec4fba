"""The video that comes back: fetched, checked, and trimmed to the shot."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.engines.media.film import Film, to_encoder
from worker.engines.media.footage import BrokenFootage, open_footage, to_planes
from worker.engines.remote.failures import ServiceError, no_answer, read_status, retry_after_s
from worker.task import EngineError, Output, Task

MAX_BYTES = 1_000_000_000  # ten seconds in 4K are a tenth of it
_NO_VIDEO = ("text/", "application/json", "application/xml", "image/")


@dataclass(frozen=True)
class Bought:
    """A fetched file, and how long the shot is that it is for; None leaves it whole."""

    path: Path
    vendor: str
    seconds_wanted: float | None


async def fetch(vendor: str, url: str, target: Path) -> None:
    """Raises `ServiceError`. No key goes along: the address itself is the permission."""
    if not url.startswith(("https://", "http://")):
        raise _bad(vendor, f"its address is {url[:80]!r}")
    part = target.with_name(f".{target.name}.part")
    try:
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(30, connect=5), follow_redirects=True) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                wait_s = retry_after_s(answer.headers.get("retry-after"))
                if answer.status_code == 429 or answer.status_code >= 500:
                    raise read_status(vendor, answer.status_code, "The video is not given out.", key="", wait_s=wait_s)
                raise _bad(vendor, f"its address answers HTTP {answer.status_code}")
            if (kind := answer.headers.get("content-type", "")).startswith(_NO_VIDEO):
                raise _bad(vendor, f"it is {kind}")
            await _write(vendor, answer, part)
        part.replace(target)
    except httpx.TransportError as error:
        raise no_answer(f"{vendor}'s video store ({type(error).__name__})") from error
    except httpx.InvalidURL as error:
        raise _bad(vendor, f"its address is {url[:80]!r}") from error
    finally:
        part.unlink(missing_ok=True)


async def _write(vendor: str, answer: httpx.Response, part: Path) -> None:
    size = 0
    with part.open("wb") as file:
        async for chunk in answer.aiter_bytes():
            size += len(chunk)
            if size > MAX_BYTES:
                raise _bad(vendor, f"it is larger than {MAX_BYTES // 10**6} MB")
            file.write(chunk)
    if size == 0:
        raise _bad(vendor, "it is empty")


def deliver(task: Task, bought: Bought) -> list[Output]:
    """The video as long as the shot; if that cut something off, what was bought as well. Raises `EngineError`."""
    try:
        return _deliver(task, bought)
    except BrokenFootage as error:
        raise _bad(bought.vendor, str(error)) from error


def _deliver(task: Task, bought: Bought) -> list[Output]:
    video = task.out_dir / "video.mp4"
    with open_footage(bought.path) as footage:
        if "mp4" not in footage.container.format.name:
            raise _bad(bought.vendor, f"it is a {footage.container.format.name} file, not an MP4")
        rate = footage.rate
        width, height = footage.stream.width, footage.stream.height
        frames = sum(1 for _ in footage.frames())
    if frames == 0:
        raise _bad(bought.vendor, "it holds no frames")
    size: dict[str, Any] = {"width": width, "height": height, "fps_num": rate.num, "fps_den": rate.den}
    wanted = frames if bought.seconds_wanted is None else max(1, round(bought.seconds_wanted * rate.fraction))
    if wanted >= frames:
        if bought.seconds_wanted is not None and wanted > frames:
            task.log(f"The shot lasts {wanted} frames; the video has {frames}, and stays that long.", "warning")
        bought.path.replace(video)
        return [Output(video, MediaKind.VIDEO, frames=frames, **size)]
    task.progress(0.93, "trimming to the shot")
    task.log(f"Trimmed from {frames} to {wanted} frames, as long as the shot; the whole video is kept beside it.")
    even = (width - width % 2, height - height % 2)
    with open_footage(bought.path) as footage, Film(video, width=even[0], height=even[1], rate=rate) as film:
        for frame in itertools.islice(footage.frames(), wanted):
            task.progress(0.93 + 0.06 * film.frames / wanted, "trimming to the shot")
            film.write(to_encoder(to_planes(frame, *even)))
    trimmed = {**size, "width": even[0], "height": even[1]}
    return [
        Output(video, MediaKind.VIDEO, frames=wanted, facts={"trimmed_from_frames": frames}, **trimmed),
        Output(bought.path, MediaKind.VIDEO, OutputRole.EXTRA, frames=frames, **size),
    ]


def _bad(vendor: str, reason: str) -> EngineError:
    message = f"What {vendor} delivered is not a usable video: {reason}."
    return ServiceError(message, kind=FailureKind.ENGINE_ERROR)
