"""How long a shot's video is to be: in the project's frames, and in those of a model."""

import math
from collections.abc import Mapping
from typing import Any

from cinefarm.timecode import FrameRate
from workflows.schema import IntegerParameter, Workflow

WAN_RATE = 16
WAN_MOST = 81  # five seconds
WAN_STRIDE = 4  # frames of a latent frame, but for the first
LTX_MOST_S = 20
LTX_MOST = 993  # its audio latent takes a thousand


def project_rate(parameters: Mapping[str, Any]) -> FrameRate:
    """The project's frames in a second, as the shot tells them."""
    shot = parameters.get("shot") or {}
    return FrameRate(int(shot.get("fps_num") or 24), int(shot.get("fps_den") or 1))


def wanted_frames(workflow: Workflow, parameters: Mapping[str, Any]) -> int | None:
    """How long the video is to be, in frames of the project; None when the workflow does not say."""
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, IntegerParameter) and parameter.source == "frame_count":
            return int(parameters.get(name) or parameter.default or 1)
    return None


def wan_frames(frames: int, rate: FrameRate) -> int:
    """The least 4k + 1 frames at 16 a second that last as long; five seconds at most."""
    return min(WAN_MOST, max(5, drawn_frames(frames, rate, FrameRate(WAN_RATE))))


def drawn_frames(frames: int, rate: FrameRate, drawn_rate: FrameRate, *, stride: int = 4) -> int:
    """The least `stride`·k + 1 frames at the model's rate that last as long as `frames` at the project's."""
    least = math.ceil(frames * drawn_rate.fraction / rate.fraction)
    return -(-(least - 1) // stride) * stride + 1


def ltx_frames(frames: int, rate: FrameRate) -> int:
    """The least 8k + 1 frames that are as many."""
    most = min(LTX_MOST, LTX_MOST_S * rate.nominal // 8 * 8 + 1)
    return min(most, max(9, -(-(frames - 1) // 8) * 8 + 1))
