"""A long take of chained clips, planned: how long each is, with what seed and prompt, and what of it is shown.

Each clip is led by the anchor picture and by the last frames of the clip before. A clip that goes on shows the anchor
and what it was led by once more: these frames are left out where clips are joined.
Each has a seed of its own: one noise for all adds up its faults from clip to clip.
"""

import hashlib
from dataclasses import asdict, dataclass

from cinefarm.timecode import FrameRate
from worker.engines.media.length import WAN_MOST, WAN_RATE, WAN_STRIDE, drawn_frames, project_rate
from worker.task import Task

RATE = FrameRate(WAN_RATE)
CLIP = WAN_MOST  # frames that a clip has; the last may have fewer
LEAST_NEW = 4 * WAN_STRIDE  # what a last clip adds at least


@dataclass(frozen=True)
class Clip:
    frames: int  # that are drawn
    left_out: int  # the first of them
    shown: int  # those that follow
    seed: int
    prompt: str


def planned(task: Task) -> list[Clip]:
    """Clips that show as many frames as the shot needs when joined; they are in the recipe."""
    given = task.parameters
    left = drawn_frames(given["frame_count"], project_rate(given), RATE, stride=1)
    repeated = 1 + given["overlap_frames"]
    lengths = clip_lengths(left, repeated)
    lines = [line.strip() for line in (given.get("clip_prompts") or "").splitlines()]
    if len(lines) > len(lengths):
        task.log(f"The take has {len(lengths)} clips; the prompts of {len(lines) - len(lengths)} more are not used.")
    lines += [""] * len(lengths)
    clips = []
    for number, (length, line) in enumerate(zip(lengths, lines, strict=False)):
        left_out = repeated if number else 0
        shown = min(left, length - left_out)
        clips.append(Clip(length, left_out, shown, _seed(given["seed"], number), line or given["prompt"]))
        left -= shown
    task.provenance["clips"] = [asdict(clip) for clip in clips]
    return clips


def clip_lengths(frames: int, repeated: int) -> list[int]:
    """Lengths 4k + 1; each clip after the first shows `repeated` frames fewer than it has."""
    lengths = [min(CLIP, _whole(frames))]
    shown = lengths[0]
    while shown < frames:
        lengths.append(min(CLIP, _whole(repeated + max(LEAST_NEW, frames - shown))))
        shown += lengths[-1] - repeated
    return lengths


def _whole(frames: int) -> int:
    return max(WAN_STRIDE + 1, -(-(frames - 1) // WAN_STRIDE) * WAN_STRIDE + 1)


def _seed(first: int, number: int) -> int:
    if number == 0:
        return first
    return int.from_bytes(hashlib.sha256(f"{first}/{number}".encode()).digest()[:4], "big")
