"""What is sent and answered when a shot list is edited."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cinefarm.sentences import Said
from cinefarm.statuses import ShotStatus
from master.models.step import EditName
from master.shots.fields import ShotChange, ShotNew
from master.shots.views import ShotView

MOST_ROWS = 2000

TabName = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$", description="Each browser tab has its own undo")
]
Key = Annotated[
    str | None,
    Field(max_length=64, description="The same when it is sent again, so that it is done once"),
]
ShotId = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,26}$")]


class CellChange(ShotChange):
    """A status is a verdict on the confirmed take: completed, needs_revision or approved."""

    status: ShotStatus | None = None


class Edit(BaseModel):
    """One gesture in one browser tab, all or nothing, and one undo step.

    A change without `rev` overwrites knowingly. At most 2,000 rows together.
    """

    model_config = ConfigDict(extra="forbid")

    tab: TabName
    key: Key = None
    name: EditName
    changes: list[CellChange] = []
    create: list[ShotNew] = []
    delete: list[ShotId] = Field(default=[], description="Ids of shots that go into the trash")
    restore: list[ShotId] = Field(default=[], description="Ids of shots that come out of it")

    @property
    def row_count(self) -> int:
        return len(self.changes) + len(self.create) + len(self.delete) + len(self.restore)


class Tab(BaseModel):
    """Whose last step is meant."""

    model_config = ConfigDict(extra="forbid")

    tab: TabName
    key: Key = None


class SkippedCell(BaseModel):
    """What was left as it is; `field` is null when the whole row was, `by` tells who changed it since, if known."""

    shot_id: str
    code: str
    field: str | None
    message: Said
    by: str | None


class Step(BaseModel):
    """A gesture that can be undone or redone; `cells` counts changed cells of rows that were there."""

    id: int
    name: EditName
    cells: int
    rows: int
    time: datetime


class Steps(BaseModel):
    """What undo and redo would do in a tab; null when there is nothing."""

    undo: Step | None
    redo: Step | None


class EditResult(BaseModel):
    """`rows` are the shots that were changed, created and restored, in the order given."""

    rows: list[ShotView]
    deleted: list[str]
    skipped: list[SkippedCell]
    steps: Steps


class StepResult(EditResult):
    """What an undo or redo did; `name` is that of the step."""

    name: EditName
