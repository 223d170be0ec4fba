"""Which workflow makes a stage that several can make, as the farm is now."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from cinefarm.read_back import read_back
from cinefarm.sentences import Language, Said, say
from master.ads.plan import FILL, LAYOUT_MODEL, MATTE, TEXT_MODEL
from master.ads.requests import V1
from master.farm.farm import Farm
from master.farm.gates import fits_type
from master.farm.state import JobClass
from master.farm.variants import ways
from master.farm.wording import Sentence
from master.jobs.classes import JobClasses

LONG_TEXT = 20  # characters; a text model misspells longer ones


class Choice(BaseModel):
    """What makes a stage, and why."""

    stage: str
    workflow: str  # empty: the stage is left out
    chosen: bool  # whether a model does it
    why: Sentence


def choose(workflow: str, parameters: dict[str, Any], farm: Farm, classes: JobClasses) -> list[Choice]:
    """On the loop's thread. A model is chosen only where a GPU that is online has its weights: on a CPU it takes
    minutes."""
    found = [
        _choice(stage, model, "", *_seen(model, parameters, farm, classes))
        for stage, model in (("matte", MATTE), ("fill", FILL))
    ]
    if parameters.get("use_qwen_analysis"):
        found.append(_choice("layout", LAYOUT_MODEL, "ads/layout", *_seen(LAYOUT_MODEL, parameters, farm, classes)))
    if workflow == V1:
        able, why = _seen(TEXT_MODEL, parameters, farm, classes)
        if able and len(parameters.get("ad_text") or "") > LONG_TEXT:
            able = False
            why = say("The text has over {most} characters, more than a model spells right.", most=LONG_TEXT)
        found.append(_choice("lettering", TEXT_MODEL, "ads/lettering_3d", able, why))
    return found


def left_out(stage: str, why: Said) -> Choice:
    return _choice(stage, "", "", False, why)


def chosen_of(choices: Iterable[Choice]) -> frozenset[str]:
    return frozenset(choice.workflow for choice in choices if choice.chosen)


def _choice(stage: str, model: str, otherwise: str, able: bool, why: Said) -> Choice:
    told = Sentence(en=str(why), ko=why.told(Language.KO))
    return Choice(stage=stage, workflow=model if able else otherwise, chosen=able, why=told)


def _seen(workflow: str, parameters: dict[str, Any], farm: Farm, classes: JobClasses) -> tuple[bool, Said]:
    if parameters.get("test_mode"):
        return False, say("Test mode: no models.")
    job_class = classes.get(workflow, "", None, None, 0.0)
    able = _able(farm, job_class)
    if able:
        return True, say("{worker} has a GPU and the weights of {workflow}.", worker=able[0], workflow=workflow)
    lacking = sorted(
        (worker.name, said)
        for worker in farm.workers.values()
        if worker.open
        for name in (workflow, *(job_class.engines if workflow not in worker.capabilities else ()))
        if (said := worker.lacking.get(name))
    )
    if lacking:
        worker, said = lacking[0]
        said = read_back(said)
        return False, say("{worker} cannot run {workflow}: {said}", worker=worker, workflow=workflow, said=said)
    return False, say("No worker that is online has a GPU and the weights of {workflow}.", workflow=workflow)


def _able(farm: Farm, job_class: JobClass) -> list[str]:
    """Names of workers that may begin such jobs on a GPU."""
    found = set()
    for kept in farm.types.values():
        if kept.key.kind != "cuda" or not fits_type(job_class, kept.key, farm.profiles):
            continue
        if any(variant.vram_gb for variant in ways(job_class, kept.key, kept.key.room_gb, farm.profiles)):
            found |= {device.worker.name for device in kept.devices.values() if device.worker.open}
    return sorted(found)
