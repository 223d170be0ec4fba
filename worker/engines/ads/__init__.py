"""The ads engine: the stages that make an advertisement of a product photo and a line of text.

Every stage works on a CPU without weights; where a model did a stage, the recipe names it.

pictures.py    pictures with alpha, and what a stage hands on
matte/         the product told from its background by a model
cutout/        the product cut out of its photo
scenes/        backdrops drawn by rule
compositing/   the product set on its background
layout/        room for the text
lettering/     the text, designed
extruded/      the text as letters with depth
renderer/      HTML drawn by a browser that can reach nothing
finish.py      the lettering over the picture
"""

from importlib import import_module

import cv2

from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.models.ways import lack_of_all
from worker.task import EngineError, Output, Probe, Task
from workflows.schema import Workflow

STAGES: dict[str, str] = {
    "ads/matte": "matte",
    "ads/cut_out": "cutout",
    "ads/backdrop": "scenes.backdrop",
    "ads/composite": "compositing.composite",
    "ads/layout": "layout",
    "ads/layout_seen": "layout",
    "ads/lettering": "lettering",
    "ads/lettering_3d": "extruded",
    "ads/finish": "finish",
}  # workflow → its module here, which has `make(task) -> list[Output]`


def probe() -> Probe:
    """Every box can draw."""
    return Probe(True, version=f"OpenCV {cv2.__version__}")


def lacks(workflow: Workflow) -> str:
    """Empty when one variant at least has its weights; the classical ones need none."""
    if workflow.name not in STAGES:
        return say("The ads engine does not run this workflow.")
    return lack_of_all(workflow.needs) if workflow.needs.variants else ""


def run(task: Task) -> list[Output]:
    """Run one of `STAGES`. Raises `EngineError`, `Canceled`; then no output is left."""
    if task.workflow not in STAGES:
        raise EngineError(
            say(
                "The ads engine has no workflow “{name}”; it runs {known}.", name=task.workflow, known=", ".join(STAGES)
            ),
            kind=FailureKind.BAD_INPUT,
        )
    task.progress(0.0, say("reading"))
    task.out_dir.mkdir(parents=True, exist_ok=True)
    stage = import_module(f"worker.engines.ads.{STAGES[task.workflow]}")
    outputs: list[Output] = stage.make(task)
    task.progress(1.0, say("done"))
    return outputs
