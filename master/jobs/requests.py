"""What a submit may ask for."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MAX_JOBS = 20_000
MAX_ITEMS = 10_000  # jobs named one by one in a request
MAX_NEEDS = 1000

Key = Annotated[str, Field(min_length=1, max_length=100)]
Pool = Annotated[str, Field(max_length=60)]
Priority = Annotated[int, Field(ge=0, le=100)]


class Follow(BaseModel):
    """A job over the whole batch, run when its shots are done (an animatic, a contact sheet)."""

    model_config = ConfigDict(extra="forbid")

    workflow: str
    parameters: dict[str, Any] = {}
    name: str = Field("", max_length=200)


class ItemInput(BaseModel):
    """A file that another job makes: its main output, or the one with this role or file name."""

    model_config = ConfigDict(extra="forbid")

    job: Key  # key of an earlier item, or id of a job of the same project
    output: str = Field("main", min_length=1, max_length=120)


class JobItem(BaseModel):
    """One job of a list. What is null is as in the request."""

    # default_factory, for the copy that pydantic makes of an empty default costs as much as all other checks of an item
    model_config = ConfigDict(extra="forbid")

    key: Key | None = None  # other items of the list call it so
    workflow: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    name: str = Field("", max_length=200)
    shot_id: str | None = Field(None, max_length=26)
    priority: Priority | None = None
    pool: Pool | None = None
    held: bool | None = None
    needs: list[Key] = Field(
        default_factory=list, max_length=MAX_NEEDS
    )  # keys of earlier items, or ids of jobs of the same project
    inputs: dict[str, ItemInput] = Field(
        default_factory=dict
    )  # file parameter → the job that makes the file; the item waits for it


class Order(StrEnum):
    """In which order jobs of one list and priority are given out."""

    AS_GIVEN = "as_given"
    PREVIEW_FIRST = "preview_first"  # first, middle, last, then the rest


class SubmitRequest(BaseModel):
    """What to make: with `workflow` one job a shot (`shot_ids`, or every shot of the project when null) or one job;
    with `jobs` each as it is named. `takes` jobs a shot, when more than one is wanted."""

    model_config = ConfigDict(extra="forbid")

    workflow: str | None = None
    shot_ids: list[str] | None = Field(None, max_length=MAX_JOBS)
    jobs: list[JobItem] | None = Field(None, min_length=1, max_length=MAX_ITEMS)
    parameters: dict[str, Any] = {}
    priority: Priority = 50
    pool: Pool | None = None
    held: bool = False
    name: str = Field("", max_length=200)
    order: Order = Order.AS_GIVEN
    takes: int = Field(1, ge=1, le=16)  # of each shot; a seed that is given is the first one's, the next counts on
    follow: list[Follow] = Field([], max_length=8)

    def ranks(self, count: int) -> list[int]:
        """The rank of each of `count` jobs: 0 for those of the preview, else 1."""
        if self.order is Order.AS_GIVEN:
            return [1] * count
        preview = {0, count // 2, count - 1}
        return [int(place not in preview) for place in range(count)]
