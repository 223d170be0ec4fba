"""The media engine: films, frames and sheets on the CPU, by PyAV, OpenCV, Pillow and reportlab.

In-between pictures are made by RIFE on the device where its weights are; torch is imported for that alone.
"""

import errno
from collections.abc import Callable

import av

from cinefarm.statuses import FailureKind
from worker.engines.media.animatic import make_animatic
from worker.engines.media.contact_sheet import make_contact_sheet
from worker.engines.media.frame_interpolation import interpolate_frames
from worker.engines.media.frame_split import split_frames
from worker.task import EngineError, Output, Probe, Task

WORKFLOWS: dict[str, Callable[[Task], list[Output]]] = {
    "image_to_video/animatic": make_animatic,
    "video_utils/frame_split": split_frames,
    "video_utils/frame_interpolation": interpolate_frames,
    "video_utils/contact_sheet": make_contact_sheet,
}


def probe() -> Probe:
    """Every box can run this engine, if its FFmpeg brings an H.264 encoder."""
    version = f"PyAV {av.__version__}"
    if "libx264" not in av.codecs_available:
        reason = "This PyAV has no libx264 encoder; install PyAV's own wheel: pip install --force-reinstall av"
        return Probe(ok=False, reason=reason, version=version)
    return Probe(ok=True, version=version)


def run(task: Task) -> list[Output]:
    """Run one of `WORKFLOWS`. Raises `EngineError`, or `Canceled`; then no output file is left."""
    make = WORKFLOWS.get(task.workflow)
    if make is None:
        message = f"The media engine has no workflow “{task.workflow}”; it runs {', '.join(WORKFLOWS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    task.out_dir.mkdir(parents=True, exist_ok=True)
    try:
        return make(task)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        message = f"Could not write to {task.out_dir}: {error.strerror}. Free some space on this worker."
        raise EngineError(message, kind=FailureKind.WORKER) from error
