"""The picture size of a job, taken from its project."""

from math import sqrt

from workflows.schema import IntegerParameter, Workflow


def fit_size(workflow: Workflow, *, width: int, height: int) -> dict[str, int]:
    """Values for the parameters whose source is the project's `width` and `height` (pixels).

    The project's size itself where the workflow allows it. Otherwise its aspect ratio, at the area of the workflow's
    default size and within its limits: a 1920 × 1080 project asks WAN for 848 × 480, not for a refusal.
    """
    sources = {
        p.source: name for name, p in workflow.parameters.items() if isinstance(p, IntegerParameter) and p.source
    }
    if "width" not in sources or "height" not in sources:
        return {}
    across, down = workflow.parameters[sources["width"]], workflow.parameters[sources["height"]]
    assert isinstance(across, IntegerParameter)
    assert isinstance(down, IntegerParameter)
    if _nearest(across, width) != width or _nearest(down, height) != height:
        scale = sqrt((across.default or across.max) * (down.default or down.max) / (width * height))
        # One side at its limit holds the other back, so that the aspect ratio stays.
        scale = max(scale, across.min / width, down.min / height)
        scale = min(scale, across.max / width, down.max / height)
        width, height = _nearest(across, width * scale), _nearest(down, height * scale)
    return {sources["width"]: width, sources["height"]: height}


def _nearest(parameter: IntegerParameter, pixels: float) -> int:
    """The allowed value nearest to `pixels`."""
    step = parameter.multiple_of or 1
    least, most = -(-parameter.min // step) * step, parameter.max // step * step
    return min(max(round(pixels / step) * step, least), most)
