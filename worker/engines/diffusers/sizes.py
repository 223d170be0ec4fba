"""Sizes that a model can make, and a word where they are not those asked for."""

from worker.task import Task


def fitted_size(task: Task, width: int, height: int, *, multiple: int) -> tuple[int, int]:
    """Width and height in pixels, each the nearest multiple; said in the log and the recipe where it differs."""
    fitted = (_nearest(width, multiple), _nearest(height, multiple))
    if fitted != (width, height):
        task.log(f"{width} × {height} became {fitted[0]} × {fitted[1]}: the model makes multiples of {multiple}.")
        task.provenance["asked_size"] = [width, height]
    return fitted


def _nearest(value: int, multiple: int) -> int:
    return max(multiple, round(value / multiple) * multiple)
