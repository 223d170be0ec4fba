"""What a running master is made of; built once in `app.py` and handed down."""

from dataclasses import dataclass, field
from typing import Protocol

from cinefarm.messages import Hello, HostMetrics, ToWorker
from cinefarm.storage import Storage
from master.access import Doorkeeper
from master.config import MasterSettings
from master.db import Database
from master.dispatcher import Dispatcher
from master.jobs.desk import Desk
from master.keeping.caretaker import Caretaker
from master.live import Live
from master.own_workflows import OwnWorkflows
from master.workers.beats import Beats
from master.workers.history import History
from workflows.catalog import Catalog


class Connection(Protocol):
    """A worker's socket."""

    hello: Hello | None  # since it joined the farm

    def send(self, message: ToWorker | str) -> None: ...

    def close_soon(self, code: int, reason: str) -> None: ...


@dataclass(frozen=True)
class Master:
    settings: MasterSettings
    db: Database
    storage: Storage
    catalog: Catalog
    own: OwnWorkflows
    doorkeeper: Doorkeeper
    dispatcher: Dispatcher
    live: Live
    caretaker: Caretaker
    beats: Beats
    desk: Desk
    history: History
    hosts: dict[str, HostMetrics] = field(default_factory=dict)  # newest reading by worker id
    connections: dict[str, Connection] = field(default_factory=dict)  # open worker sockets by worker id
