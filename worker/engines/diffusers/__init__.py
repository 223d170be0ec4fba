"""The diffusers engine: pictures and videos by the models on this box, which stay warm between jobs.

Nothing here imports torch, so that a box can be asked what it has; a workflow's module does, when its first job comes.

way.py        what the job's variant asks of the weights
steps.py      progress and cancel after each step of a pipeline
sizes.py      sizes that a model can make
delivery.py   the finished pictures
films.py      the finished films
driving.py    videos that drive a model
previews.py   what an unfinished picture looks like
words.py      what a model reads of a prompt
beside.py     low-rank weights beside a model's own
low_rank.py   LoRA files for WAN's experts and Qwen-Image
qwen_edit.py  Qwen-Image-Edit's pipeline without torchvision
character_loras.py  those of a shot's characters, for FLUX
masks.py      which region is drawn anew, and what of the picture stays
flux.py …     one module for each family of models
"""

from importlib import import_module
from importlib.metadata import version

from cinefarm.statuses import FailureKind
from worker.bundles.opening import REMEDY, missing_packages
from worker.models.ways import lack_of_all
from worker.task import EngineError, Output, Probe, Task
from workflows.schema import Workflow

WORKFLOWS = {
    "text_to_image/flux_basic": "flux",
    "text_to_image/flux_lora_mix": "flux",
    "text_to_image/flux_klein": "klein",
    "text_to_image/flux_fill": "fill",
    "text_to_image/flux_upscale": "upscale",
    "text_to_image/sdxl_controlnet_text": "sdxl",
    "image_to_video/wan_i2v": "wan",
    "image_to_video/fflf": "wan",
    "image_to_video/ltx2": "ltx2",
    "image_to_video/svi": "svi",
    "image_to_video/wan_animate": "wan_animate",
    "image_to_video/telestyle": "telestyle",
}


def probe() -> Probe:
    """Whether the packages are here; weights are asked for by `lacks`."""
    if missing := missing_packages():
        return Probe(False, f"The diffusers engine needs {', '.join(missing)}; {REMEDY}.")
    return Probe(True, version=f"diffusers {version('diffusers')}, torch {version('torch')}")


def lacks(workflow: Workflow) -> str:
    """Empty when the weights of one variant at least are whole; else what the variants lack."""
    if workflow.name not in WORKFLOWS:
        return "The diffusers engine does not run this workflow."
    return lack_of_all(workflow.needs)


def run(task: Task) -> list[Output]:
    """Run one of `WORKFLOWS`. Raises `EngineError`, `Canceled`; then no output is left."""
    if task.workflow not in WORKFLOWS:
        message = f"The diffusers engine has no workflow “{task.workflow}”; it runs {', '.join(WORKFLOWS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    task.out_dir.mkdir(parents=True, exist_ok=True)
    task.progress(0.0, "loading models")
    outputs: list[Output] = import_module(f"worker.engines.diffusers.{WORKFLOWS[task.workflow]}").run(task)
    return outputs
