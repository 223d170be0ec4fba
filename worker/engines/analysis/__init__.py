"""The analysis engine: what a picture shows, what can be measured of it, and the vector by which it is found.

Without weights everything is measured, by OpenCV alone; torch is imported when a model is asked.

facts.py          what is measured, and its words
colours.py        names of colours
colour_vector.py  a vector of colours and edges, for likeness without a model
look.py           a vision model's description, or why there is none (`vision.py` asks the model)
clip.py           vectors by CLIP, of pictures and of words
"""

from importlib import import_module
from typing import Any

import cv2

from cinefarm.analysis import Analysis, Vector
from cinefarm.statuses import FailureKind, MediaKind
from worker.engines.analysis.colour_vector import vector_of
from worker.engines.analysis.facts import described, measured
from worker.engines.media.picture import BrokenPicture, Pixels, read_picture
from worker.models.chosen import Way, lack_of_variants, way_of
from worker.task import EngineError, Output, Probe, Task
from workflows.schema import Workflow

MEASURED = "measured"


def probe() -> Probe:
    """Every box can measure."""
    return Probe(True, version=f"OpenCV {cv2.__version__}")


def lacks(workflow: Workflow) -> str:
    """Empty when one variant at least has its weights and packages; the one that measures needs none."""
    if workflow.name not in WORKFLOWS:
        return "The analysis engine does not run this workflow."
    return lack_of_variants(workflow.needs)


def run(task: Task) -> list[Output]:
    """Run one of `WORKFLOWS`. Raises `EngineError`, `Canceled`; then no output is left."""
    make = WORKFLOWS.get(task.workflow)
    if make is None:
        message = f"The analysis engine has no workflow “{task.workflow}”; it runs {', '.join(WORKFLOWS)}."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    task.progress(0.0, "reading the picture")
    return _deliver(task, make(task, way_of(task)))


def _caption(task: Task, way: Way) -> Analysis:
    pixels = _picture(task)
    facts = measured(pixels)
    task.progress(0.1, "measured")
    given = task.parameters
    description, by, reason = described(facts, given["language"], given["max_tags"]), MEASURED, ""
    if vision := way.first("qwen3_vl_8b", "qwen3_vl_2b"):
        looked = import_module("worker.engines.analysis.look").look(task, way, vision, pixels)
        reason = looked.reason
        if looked.description:
            description, by = looked.description, vision
    embedding = _vector(task, way, pixels) if given["embed"] else None
    task.provenance |= {"described_by": by} | ({"reason": reason} if reason else {})
    return Analysis(by=by, reason=reason, description=description, facts=facts, embedding=embedding)


def _embed(task: Task, way: Way) -> Analysis:
    words = task.parameters.get("words") or ""
    if not words and "image" not in task.inputs:
        message = "There is nothing to embed: give “image”, “words”, or both."
        raise EngineError(message, kind=FailureKind.BAD_INPUT)
    if words and not way.first("clip_vit_l14"):
        message = (
            "Words have no vector without CLIP: colours and edges are for likeness only. Run `cinefarm models pull "
            "clip_vit_l14` on this box, or leave “words” empty."
        )
        raise EngineError(message, kind=FailureKind.WORKER)
    embedding = _vector(task, way, _picture(task)) if "image" in task.inputs else None
    of_words = _clip().vector_of_words(task, way, words) if words else None
    by = (embedding or of_words).model  # type: ignore[union-attr]
    task.provenance["embedded_by"] = by
    return Analysis(by=by, embedding=embedding, words=of_words)


WORKFLOWS = {
    "analysis/caption": _caption,
    "analysis/embed": _embed,
}


def _vector(task: Task, way: Way, pixels: Pixels) -> Vector:
    """By CLIP where its weights are in the variant, else by colours and edges."""
    if not way.first("clip_vit_l14"):
        return vector_of(pixels)
    vector: Vector = _clip().vector_of_picture(task, way, pixels)
    return vector


def _clip() -> Any:
    return import_module("worker.engines.analysis.clip")


def _picture(task: Task) -> Pixels:
    try:
        return read_picture(task.input("image"))
    except BrokenPicture as error:
        raise EngineError(f"“image” cannot be used: {error}.", kind=FailureKind.BAD_INPUT) from error


def _deliver(task: Task, analysis: Analysis) -> list[Output]:
    task.progress(0.95, "writing")
    task.out_dir.mkdir(parents=True, exist_ok=True)
    path = task.out_dir / "analysis.json"
    path.write_text(analysis.model_dump_json(indent=1), "utf-8")
    task.progress(1.0, "done")
    return [Output(path, MediaKind.DATA)]
