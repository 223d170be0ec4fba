"""Ads and their stages written: made new, and begun anew. The jobs go the way of every job."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, select

from cinefarm.sentences import Language, asked_language, say
from master.ads.plan import File, Stage
from master.events import Noun, touched
from master.jobs.requests import ItemInput, JobItem, SubmitRequest
from master.jobs.submit import submit
from master.models import Ad, AdStage, Project, ProjectFields
from master.shots.projects import create_project, restore_project
from workflows.catalog import Catalog
from workflows.schema import Workflow

PROJECT = "ADS"


def ads_project(session: Session) -> Project:
    """The project that holds the ads; made when the first is."""
    found = session.exec(select(Project).where(Project.code == PROJECT)).first()
    if found is None:
        name = say("Ad studio").told(asked_language.get())
        return create_project(
            session, ProjectFields(code=PROJECT, name=name, width=1024, height=1024, aspect_ratio="1:1")
        )
    return restore_project(session, PROJECT) if found.deleted_at else found


def submit_stages(
    session: Session,
    ad: Ad,
    stages: Sequence[Stage],
    catalog: Catalog,
    kept: dict[tuple[str, str], str] | None = None,
) -> list[str]:
    """Jobs for the stages, whose files come of one another and of jobs that are `kept`. Returns the jobs' ids."""
    kept = kept or {}
    project = session.get_one(Project, ad.project_id)
    names = {(stage.branch, stage.key): f"{stage.branch}:{stage.key}" for stage in stages}
    items = [_item(ad, stage, names, kept, catalog) for stage in stages]
    _, ids = submit(session, project, SubmitRequest(jobs=items, name=ad.name), catalog, user=ad.user)
    for stage, job_id in zip(stages, ids, strict=True):
        _point(session, ad, stage, job_id)
    session.flush()
    touched(session, Noun.AD, ad.id, ad.project_id)
    return ids


def _item(
    ad: Ad, stage: Stage, names: dict[tuple[str, str], str], kept: dict[tuple[str, str], str], catalog: Catalog
) -> JobItem:
    parameters: dict[str, Any] = dict(stage.parameters)
    inputs: dict[str, ItemInput] = {}
    for name, source in stage.sources.items():
        if isinstance(source, File):
            inputs[name] = ItemInput(job=maker_of(stage, source, names, kept), output=source.output)
        else:
            parameters[name] = source
    return JobItem(
        key=names[stage.branch, stage.key],
        workflow=stage.workflow,
        parameters=parameters,
        name=_job_name(ad, stage, title_of(catalog[stage.workflow])),
        inputs=inputs,
    )


def maker_of(stage: Stage, source: File, *tables: dict[tuple[str, str], str]) -> str:
    """Who makes a file for the stage: of its own branch, or shared."""
    for table in tables:
        for branch in (stage.branch, ""):
            if made := table.get((branch, source.stage)):
                return made
    raise KeyError(f"{stage.branch}: nothing makes {source.stage}")


def _job_name(ad: Ad, stage: Stage, title: str) -> str:
    """The result is downloaded under the ad's name."""
    size, _, variant = stage.branch.partition("/")
    which = f" {size}" + (f" {variant}" if len(ad.branches) > 1 else "") if stage.branch else ""
    return f"{ad.name}{which}"[:200] if stage.key == "finish" else f"{ad.name}{which} · {title}"[:200]


def _point(session: Session, ad: Ad, stage: Stage, job_id: str) -> None:
    row = session.get(AdStage, (ad.id, stage.branch, stage.key))
    if row is None:
        row = AdStage(ad_id=ad.id, branch=stage.branch, key=stage.key, job_id=job_id)
    else:
        row.earlier, row.job_id = [*row.earlier, row.job_id], job_id
    row.sources = stage.stored_sources
    session.add(row)


def title_of(workflow: Workflow) -> str:
    """In the language of who asks."""
    return workflow.title.ko if asked_language.get() is Language.KO else workflow.title.en
