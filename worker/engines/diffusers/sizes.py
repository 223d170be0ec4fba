"""Sizes that a model can make, and a word where they are not those asked for."""

from worker.task import Task

_ALIKE = 0.02  # shapes that differ by less are cropped without a word: sizes are rounded anyway


def fitted_size(task: Task, width: int, height: int, *, multiple: int) -> tuple[int, int]:
    """Width and height in pixels, each the nearest multiple; said in the log and the recipe where it differs."""
    fitted = (_nearest(width, multiple), _nearest(height, multiple))
    if fitted != (width, height):
        task.log(f"{width} × {height} became {fitted[0]} × {fitted[1]}: the model makes multiples of {multiple}.")
        task.provenance["asked_size"] = [width, height]
    return fitted


def cut_off(width: int, height: int, size: tuple[int, int]) -> float:
    """The share of a picture that is lost when it is scaled to cover `size`; 0 where the shapes are about alike."""
    shape = (width / height) / (size[0] / size[1])
    return 1 - min(shape, 1 / shape) if abs(shape - 1) > _ALIKE else 0.0


def _nearest(value: int, multiple: int) -> int:
    return max(multiple, round(value / multiple) * multiple)
