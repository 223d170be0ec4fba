"""A farm of thousands of agents is one socket each."""

import socket
from contextlib import ExitStack
from pathlib import Path

from served import served

from cinefarm.processes import allow_open_files

SOCKETS = 1500


def test_more_than_a_thousand_connections_are_not_refused(tmp_path: Path) -> None:
    allow_open_files(4 * SOCKETS)  # both ends are in this process
    with served(tmp_path) as farm, ExitStack() as stack:
        for _ in range(SOCKETS):
            stack.enter_context(socket.create_connection(("127.0.0.1", farm.master.settings.port)))
        assert farm.ask("GET", "/api/health")["status"] == "ok"
