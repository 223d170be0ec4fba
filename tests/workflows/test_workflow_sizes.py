"""A job's picture size follows its project as far as the workflow allows."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.catalog import load_catalog
from workflows.schema import Workflow, check_parameters
from workflows.sizes import fit_size

CATALOG = load_catalog()
SIZED = [workflow for workflow in CATALOG.values() if fit_size(workflow, width=1280, height=720)]


def test_an_allowed_project_size_is_taken_as_it_is() -> None:
    assert fit_size(CATALOG["text_to_image/storyboard"], width=1920, height=1080) == {"width": 1920, "height": 1080}


def test_another_size_keeps_its_aspect_ratio_at_the_workflows_own_area() -> None:
    wan = CATALOG["image_to_video/wan_i2v"]
    assert fit_size(wan, width=1920, height=1080) == {"width": 848, "height": 480}
    assert fit_size(wan, width=1080, height=1920) == {"width": 480, "height": 848}
    assert fit_size(wan, width=2048, height=858) == {"width": 976, "height": 416}


def test_a_workflow_without_a_sourced_size_gets_none() -> None:
    assert fit_size(CATALOG["image_to_video/i2v_kling"], width=1920, height=1080) == {}


@given(st.sampled_from(SIZED), st.integers(16, 8192), st.integers(16, 8192))
def test_a_fitted_size_always_passes_the_check(workflow: Workflow, width: int, height: int) -> None:
    size = fit_size(workflow, width=width, height=height)
    wrong = {problem.parameter for problem in check_parameters(workflow, dict(size))[1]}
    assert wrong.isdisjoint(size)


@given(st.sampled_from(SIZED), st.integers(480, 4320), st.floats(0.45, 2.4))
def test_the_aspect_ratio_stays_within_rounding(workflow: Workflow, height: int, ratio: float) -> None:
    size = fit_size(workflow, width=round(height * ratio), height=height)
    assert abs(size["width"] / size["height"] / ratio - 1) < 0.09
