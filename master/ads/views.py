"""Ads as people and programs see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cinefarm.read_back import read_back
from cinefarm.sentences import Language, Said, asked_language, plain, say
from cinefarm.statuses import AdStatus, JobStatus
from master.ads.choices import Choice
from master.ads.plan import SHARED
from master.ads.progress import Progress, left_step
from master.ads.requests import V1
from master.ads.state import AdState, StageState
from master.ads.writing import title_of
from master.assets.media import media_url
from master.farm.wording import Sentence
from master.models import utc_now
from workflows.schema import Workflow

STEPS = {1: "step1_background", 2: "step2_html_rendering", 3: "step3_composition"}
_STEP2_OF_V1 = "step2_text_asset"


class AdPicture(BaseModel):
    media_id: str
    name: str
    url: str
    thumbnail_url: str | None
    width: int | None
    height: int | None


class CutOut(BaseModel):
    """How well the product was told from its background; a painted hint helps where it is not trusted."""

    trusted: bool
    confidence: float  # 0 to 1


class AdStageView(BaseModel):
    key: str
    step: int
    title: str
    workflow: str
    job_id: str
    status: JobStatus
    progress: float  # 0 to 1
    message: Said
    warnings: list[Said]  # of what is not as it was asked for, or needs a look
    attempt: int  # how often it was tried
    picture: AdPicture | None  # what it made; of the layout a map of where text would stand well
    earlier: list[str]  # jobs that made it before a restart


class AdBranchView(BaseModel):
    """One picture of the ad: of a size and a variant."""

    key: str
    width: int
    height: int
    variant: int
    seed: int
    background_style: str
    text_style: str
    result: AdPicture | None
    stages: list[AdStageView]


class AdRow(BaseModel):
    """An ad in a list."""

    id: str
    name: str
    user: str
    workflow: str
    status: AdStatus
    created_at: datetime
    started_at: datetime
    results: list[AdPicture]


class AdView(AdRow):
    progress_percent: float
    current_step: str
    sub_step: str  # what is being done, in the language asked for
    message: Said
    error: Said | None
    elapsed_sec: float
    eta_seconds: float | None  # null: it cannot run as the farm is now; the message says why
    step_eta_seconds: float | None
    parameters: dict[str, Any]
    ignored: list[str]  # what was sent and has no effect
    prompts: dict[str, Any]
    choices: list[Choice]
    cut_out: CutOut | None  # null while it is not made
    warnings: list[Said]  # of all stages, in their order
    shared: list[AdStageView]  # stages that all branches use
    branches: list[AdBranchView]


class AdNow:
    """An ad with its progress, and what is told of it."""

    def __init__(self, state: AdState, progress: Progress, catalog: Mapping[str, Workflow]) -> None:
        self.state, self.progress, self.catalog = state, progress, catalog
        self.ad, self.status = state.ad, state.status

    @property
    def stage(self) -> StageState | None:
        """The one that is worked at, or that comes next; the one that failed of an ad that did."""
        if self.status is AdStatus.FAILED:
            return self.state.failed
        left = [stage for stage in self.state.stages if not stage.done]
        running = [stage for stage in left if stage.status is JobStatus.RUNNING]
        return next(iter(running or left), None)

    @property
    def step(self) -> int:
        if self.status is AdStatus.FAILED and self.state.failed:
            return self.state.failed.step
        left = [stage for stage in self.state.stages if not stage.done]
        return left_step(left) if left else self.state.ends

    @property
    def current_step(self) -> str:
        return _STEP2_OF_V1 if self.step == 2 and self.ad.workflow == V1 else STEPS[self.step]

    @property
    def sub_step(self) -> str:
        return title_of(self.catalog[self.stage.workflow]) if self.stage else ""

    @property
    def error(self) -> Said | None:
        failed = self.state.failed
        if self.status is not AdStatus.FAILED or failed is None:
            return None
        if not failed.message:
            return say("{title}: {status}.", title=self.sub_step, status=failed.status)
        return read_back(failed.message)

    @property
    def message(self) -> Said:
        if self.status is AdStatus.COMPLETED:
            return say("The ad is done.")
        if self.status is AdStatus.STOPPED:
            return say("The ad was stopped; what was made before stays.")
        if error := self.error:
            return error
        if self.progress.obstacle:
            return _said(self.progress.obstacle)
        stage = self.stage
        if stage is None or stage.status is not JobStatus.RUNNING:
            return say("“{title}” waits for a worker.", title=self.sub_step)
        told = self.progress.measures[stage.job_id].told
        return say("{title}: {told}", title=self.sub_step, told=read_back(told)) if told else plain(self.sub_step)

    @property
    def elapsed_s(self) -> float:
        end = self.state.ended_at or utc_now()
        return round(max(0.0, (end - self.ad.started_at).total_seconds()), 2)

    @property
    def eta_s(self) -> float | None:
        return self.progress.eta_s if self.status is AdStatus.PROCESSING else 0.0

    @property
    def step_eta_s(self) -> float | None:
        return self.progress.step_eta_s if self.status is AdStatus.PROCESSING else 0.0

    @property
    def told_message(self) -> str:
        """In the language of who asks."""
        return self.message.told(asked_language.get())

    @property
    def told_error(self) -> str | None:
        return self.error.told(asked_language.get()) if self.error else None

    # -- as models

    def view(self) -> AdView:
        return AdView(
            **vars(row_of(self.state)),
            progress_percent=self.progress.percent,
            current_step=self.current_step,
            sub_step=self.sub_step,
            message=self.message,
            error=self.error,
            elapsed_sec=self.elapsed_s,
            eta_seconds=self.eta_s,
            step_eta_seconds=self.step_eta_s,
            parameters=self.ad.parameters,
            ignored=self.ad.ignored,
            prompts=_with_why(self.ad.prompts),
            choices=[Choice.model_validate(choice) for choice in self.ad.choices],
            cut_out=self._cut_out(),
            warnings=[read_back(text) for text in dict.fromkeys(t for s in self.state.stages for t in s.warnings)],
            shared=self._stages(SHARED),
            branches=[
                AdBranchView(**branch, result=_picture(self.state, branch["key"]), stages=self._stages(branch["key"]))
                for branch in self.ad.branches
            ],
        )

    def _cut_out(self) -> CutOut | None:
        made = next((stage for stage in self.state.stages if stage.key == "cut_out" and stage.pictures), None)
        if made is None:
            return None
        facts = made.pictures[0].facts
        return CutOut(trusted=facts.get("trusted", True), confidence=facts.get("confidence", 1.0))

    def _stages(self, branch: str) -> list[AdStageView]:
        return [self._stage_view(stage) for stage in self.state.stages if stage.branch == branch]

    def _stage_view(self, stage: StageState) -> AdStageView:
        measure = self.progress.measures[stage.job_id]
        return AdStageView(
            key=stage.key,
            step=stage.step,
            title=title_of(self.catalog[stage.workflow]),
            workflow=stage.workflow,
            job_id=stage.job_id,
            status=stage.status,
            progress=round(measure.fraction, 3),
            message=read_back(stage.message or measure.told),
            warnings=[read_back(text) for text in stage.warnings],
            attempt=stage.attempt,
            picture=_picture_of(stage),
            earlier=stage.earlier,
        )


def row_of(state: AdState) -> AdRow:
    pictures = [_picture(state, branch["key"]) for branch in state.ad.branches]
    return AdRow(
        **state.ad.model_dump(include={"id", "name", "user", "workflow", "created_at", "started_at"}),
        status=state.status,
        results=[picture for picture in pictures if picture],
    )


def _picture_of(stage: StageState) -> AdPicture | None:
    if not stage.pictures:
        return None
    media = stage.pictures[0]
    return AdPicture(
        media_id=media.id,
        name=media.name,
        url=media_url(media.id),
        thumbnail_url=media_url(stage.thumbnail.id) if stage.thumbnail else None,
        width=media.width,
        height=media.height,
    )


def _picture(state: AdState, branch: str) -> AdPicture | None:
    maker = state.maker(branch, state.ends)
    return _picture_of(maker) if maker else None


def _with_why(prompts: dict[str, Any]) -> dict[str, Any]:
    return {**prompts, "why": read_back(prompts.get("why") or "").told(asked_language.get())}


def _said(sentence: Sentence) -> Said:
    """In the language of who asks."""
    return plain(sentence.ko if asked_language.get() is Language.KO else sentence.en)
