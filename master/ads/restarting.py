"""Begin an ad anew, with changes: only what they concern is made again, every other stage keeps its job."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from cinefarm.sentences import Word
from cinefarm.statuses import RETRYABLE, TERMINAL, JobStatus
from master.ads.choices import Choice
from master.ads.form import Branch, Form
from master.ads.making import name_of, require_pictures, wanted_of
from master.ads.pictures import Sent, mask_of, record_pictures
from master.ads.plan import File, Stage, stages_of
from master.ads.prompts import KeptPrompts
from master.ads.writing import maker_of, submit_stages, title_of
from master.audit import record
from master.errors import BadInput, Conflict
from master.events import Noun
from master.models import Ad, AdStage, Job, Media, Project, utc_now
from workflows.catalog import Catalog
from workflows.schema import check_parameters

LAST_STEP = {  # of those that a parameter has to do with
    **dict.fromkeys(("product_image", "hint_image", "background_style", "backgrounds", "bg_prompt"), 1),
    **dict.fromkeys(("product_scale", "guidance_scale", "sizes", "width", "height"), 1),
    **dict.fromkeys(("ad_text", "sub_text", "text_style", "text_styles", "text_position", "text_color", "font"), 2),
    **dict.fromkeys(("html_style_prompt", "text_model_prompt", "use_qwen_analysis", "use_llm_html"), 2),
}
_STAYS_THROUGH = {"composite": {"text_position"}}  # where words move, the product stays


@dataclass(frozen=True)
class Change:
    """`form` is the whole form as it is to be, `changed` the names of what is other than before."""

    form: Form
    changed: frozenset[str]
    sent: Sent
    choices: list[Choice]
    prompts: KeptPrompts
    ignored: list[str]
    start_step: int | None = None
    user: str = "local"


@dataclass(frozen=True)
class Restarted:
    made: list[str] = field(default_factory=list)  # ids of new jobs
    replaced: list[str] = field(default_factory=list)  # of those that are not wanted any more and have not ended


def jobs_of(session: Session, ad: Ad) -> dict[tuple[str, str], tuple[AdStage, Job]]:
    """Of each stage, by branch and key."""
    rows = session.exec(select(AdStage, Job).join(Job, col(Job.id) == AdStage.job_id).where(AdStage.ad_id == ad.id))
    return {(stage.branch, stage.key): (stage, job) for stage, job in rows}


def restart_ad(session: Session, ad: Ad, change: Change, catalog: Catalog) -> Restarted:
    """Raises `BadInput` for changes of what lies before the first step, `Conflict` when nothing is to be done."""
    step = change.start_step
    project = session.get_one(Project, ad.project_id)
    media = record_pictures(session, project, change.sent)
    _rewrite(session, ad, change, media)
    there = jobs_of(session, ad)
    again = _Again(there, catalog, stages_of(wanted_of(ad), catalog))
    stages = again.of(step)
    if not stages:
        raise Conflict(
            "Nothing of the ad has changed, and no stage of it is missing; change something, or name a step."
        )
    made = submit_stages(session, ad, stages, catalog, again.kept)
    left = [job.id for place, (_, job) in there.items() if place not in again.kept and job.status not in TERMINAL]
    _forget(session, there, again)
    ad.started_at, ad.stopped_at = utc_now(), None
    ad.touch()
    record(
        session, change.user, Noun.AD, ad.id, "restarted", ", ".join(sorted(change.changed)), project_id=ad.project_id
    )
    return Restarted(made, left)


def _rewrite(session: Session, ad: Ad, change: Change, media: dict[str, Media]) -> None:
    pictures = {name: picture.id for name, picture in media.items()}
    begins = ad.parameters["start_step"]
    if change.start_step and change.start_step < begins:
        begins = change.start_step
    parameters = change.form.parameters | pictures | {"start_step": begins}
    require_pictures(begins, parameters)
    if change.start_step:
        late = sorted(n for n in change.changed | pictures.keys() if LAST_STEP.get(n, 3) < change.start_step)
        if late:
            raise BadInput(
                "{name} works in step {step}, and the ad is to begin at step {start_step}. "
                "Begin at step {step}, or leave it out.",
                name=late[0],
                step=LAST_STEP[late[0]],
                start_step=change.start_step,
                field=late[0],
            )
    if "step1_image" in media:
        ad.mask_id = mask_of(session, media["step1_image"])
    branches = [Branch(**branch) for branch in ad.branches] if begins > 1 else change.form.branches
    if ad.name == name_of(ad.parameters):
        ad.name = name_of(parameters)
    ad.workflow, ad.parameters = change.form.workflow, parameters
    ad.branches = [branch.stored() for branch in branches]
    ad.choices = [choice.model_dump() for choice in change.choices]
    ad.prompts, ad.ignored = change.prompts.model_dump(), change.ignored


class _Again:
    """Which stages are made again; `kept` has the jobs of the others."""

    def __init__(
        self, there: dict[tuple[str, str], tuple[AdStage, Job]], catalog: Catalog, stages: list[Stage]
    ) -> None:
        self._there, self._catalog, self._stages = there, catalog, stages
        self.kept: dict[tuple[str, str], str] = {}

    def of(self, step: int | None) -> list[Stage]:
        found = self._chosen(step, everything=False)
        if not found and step is not None:
            found = self._chosen(step, everything=True)
        return found

    def _chosen(self, step: int | None, *, everything: bool) -> list[Stage]:
        self.kept, again = {}, []
        for stage in self._stages:
            place = (stage.branch, stage.key)
            row, job = self._there.get(place, (None, None))
            if step is not None and stage.step < step:
                self._require(stage, job, step)
                assert job
                self.kept[place] = job.id
            elif row and job and not everything and self._stands(stage, row, job):
                self.kept[place] = job.id
            else:
                again.append(stage)
        return again

    def _require(self, stage: Stage, job: Job | None, step: int) -> None:
        if job is None or job.status is not JobStatus.COMPLETED:
            raise BadInput(
                "start_step {step} needs what “{title}” of step {its_step} makes, and that is {status}. "
                "Begin at step {its_step}.",
                step=step,
                title=title_of(self._catalog[stage.workflow]),
                its_step=stage.step,
                status=job.status if job else Word("missing"),
                field="start_step",
            )

    def _stands(self, stage: Stage, row: AdStage, job: Job) -> bool:
        """Whether its job made, or will make, just what is wanted."""
        workflow = self._catalog[stage.workflow]
        if job.status in RETRYABLE or job.workflow != stage.workflow or row.sources != stage.stored_sources:
            return False
        makers = [source for source in stage.sources.values() if isinstance(source, File)]
        if not all(self._is_kept(stage, source) for source in makers):
            return False
        wanted, _ = check_parameters(workflow, stage.parameters)
        same = wanted.keys() - set(workflow.files) - _STAYS_THROUGH.get(stage.key, set())
        return all(job.parameters.get(name) == wanted[name] for name in same)

    def _is_kept(self, stage: Stage, source: File) -> bool:
        try:
            maker_of(stage, source, self.kept)
        except KeyError:
            return False
        return True


def _forget(session: Session, there: dict[tuple[str, str], tuple[AdStage, Job]], again: _Again) -> None:
    """Stages that the ad no longer has; their pictures stay."""
    wanted = {(stage.branch, stage.key) for stage in again._stages}
    for place, (row, _) in there.items():
        if place not in wanted:
            session.delete(row)
