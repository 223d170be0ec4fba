"""What was decided gathers while the writer commits what came before; its next commit takes all of it as one list."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from master.db import Database, Writing
from master.farm.effects import Assign, Effect
from master.jobs.desk import Order, write_orders
from master.ledger import Committed, Ledger


@dataclass
class Gathered:
    """What one commit is to hold."""

    orders: list[Order] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    commit: "Future[Written] | None" = None


@dataclass
class Written:
    """What became of it."""

    unwritten: dict[str, Order | Exception]  # by batch: orders that the database did not take, and what to answer
    committed: Committed


class Gathering:
    """`take` is called on the loop's thread; `done` after each commit, on the writer's."""

    def __init__(self, db: Database, ledger: Ledger, done: "Callable[[Gathered, Future[Written]], object]") -> None:
        self._db = db
        self.ledger = ledger
        self._done = done
        self._lock = threading.Lock()
        self._gathered = Gathered()

    def take(self, effects: Sequence[Effect], order: Order | None, connections: int) -> "Future[Written]":
        """The commit that will hold them."""
        for effect in effects:
            if isinstance(effect, Assign):
                effect.connections = connections
        with self._lock:
            gathered = self._gathered
            gathered.effects += effects
            if order:
                gathered.orders.append(order)
            if gathered.commit is None:
                gathered.commit = self._db.write_bulk(partial(self._write, gathered))
                gathered.commit.add_done_callback(partial(self._done, gathered))
            return gathered.commit

    def _write(self, gathered: Gathered, writing: Writing) -> Written:
        """On the writer's thread: everything that was decided until now."""
        with self._lock:
            self._gathered = Gathered()
        unwritten = write_orders(writing, gathered.orders) if gathered.orders else {}
        return Written(unwritten, self.ledger.write(writing, gathered.effects))
