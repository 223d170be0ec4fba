"""Sizes and frames that a model can make, and a word where they are not those asked for."""

from worker.task import Task


def fitted_size(task: Task, width: int, height: int, *, multiple: int) -> tuple[int, int]:
    """Width and height in pixels, each the nearest multiple; said in the log and the recipe where it differs."""
    fitted = (_nearest(width, multiple), _nearest(height, multiple))
    if fitted != (width, height):
        task.log(f"{width} × {height} became {fitted[0]} × {fitted[1]}: the model makes multiples of {multiple}.")
        task.provenance["asked_size"] = [width, height]
    return fitted


def fitted_frames(task: Task, frames: int, *, stride: int) -> int:
    """The least number of frames `stride`·k+1 that is enough; said where it is more than asked for."""
    fitted = -(-(max(1, frames) - 1) // stride) * stride + 1
    if fitted != frames:
        task.log(f"{frames} frames became {fitted} while drawing: the model makes {stride}·k+1.")
        task.provenance["drawn_frames"] = fitted
    return fitted


def _nearest(value: int, multiple: int) -> int:
    return max(multiple, round(value / multiple) * multiple)
