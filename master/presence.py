"""Who is where: each browser says which cell it is on, and all hear of it. In memory only, gone with the socket."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from master.models.project import CODE

GATHER_S = 0.25  # so often at most a project's list is told

_Text = r"^[^\x00-\x1f\x7f]*$"


class LiveHere(BaseModel):
    """What a browser says over `/ws/live`: in which project and on which cell it is; without a project, nowhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["here"]
    project: Annotated[str, StringConstraints(pattern=CODE)] | None
    tab: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_Text)]
    name: Annotated[str, StringConstraints(max_length=40, pattern=_Text, strip_whitespace=True)]
    shot_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,26}$")] | None
    field: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None


class LivePerson(BaseModel):
    tab: str
    name: str
    shot_id: str | None
    field: str | None


class LivePresence(BaseModel):
    """Everybody who is in a project now. It repeats the `seq` of the message before: it does not count."""

    kind: Literal["presence"] = "presence"
    project: str
    people: list[LivePerson]


class Presence:
    """Where the readers are. On the loop's thread."""

    def __init__(self, tell: Callable[[LivePresence], None]) -> None:
        self._tell = tell
        self._where: dict[Hashable, LiveHere] = {}  # by reader, who moved last stands last
        self._changed: set[str] = set()  # projects
        self.names: dict[str, str] = {}  # by tab
        self._timer: asyncio.TimerHandle | None = None

    def move(self, reader: Hashable, here: LiveHere) -> None:
        """Told a moment later, with what else happens until then."""
        if self._where.get(reader) == here:
            return
        self._forget(reader)
        if here.project is not None:
            self._where[reader] = here
            self.names[here.tab] = here.name
            self._changed.add(here.project)
        if self._timer is None and self._changed:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._flush)

    def leave(self, reader: Hashable) -> None:
        """Told at once."""
        self._forget(reader)
        if self._changed:
            self._flush()

    def everywhere(self) -> list[LivePresence]:
        """The list of every project in which somebody is."""
        projects = dict.fromkeys(here.project for here in self._where.values() if here.project)
        return [self._in(project) for project in projects]

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _forget(self, reader: Hashable) -> None:
        if (before := self._where.pop(reader, None)) and before.project:
            self._changed.add(before.project)
            if all(here.tab != before.tab for here in self._where.values()):
                self.names.pop(before.tab, None)

    def _flush(self) -> None:
        self.stop()
        self._timer = None
        changed, self._changed = self._changed, set()
        for project in sorted(changed):
            self._tell(self._in(project))

    def _in(self, project: str) -> LivePresence:
        """One entry a tab: one that connected again is where its newest socket says."""
        people = {
            here.tab: LivePerson(tab=here.tab, name=here.name, shot_id=here.shot_id, field=here.field)
            for here in self._where.values()
            if here.project == project
        }
        return LivePresence(project=project, people=list(people.values()))
