"""Whose undo steps a request is about."""

from typing import Annotated

from sqlmodel import Field

from master.access import LOCAL, Principal
from master.context import Master
from master.edits.steps import Stack

OfTab = Annotated[
    str | None,
    Field(default=None, min_length=1, max_length=64, description="Of the page: what is done is an undo step of it"),
]


def stack_of(master: Master, asker: Principal, project_id: str, tab: str) -> Stack:
    """With the name by which others know who sits in the tab: on the master's own machine all pages are one user."""
    who = (master.live.name_in(tab) if asker.name == LOCAL else "") or asker.name
    return Stack(project_id, asker.name, tab, who)
