"""A master that asks every two seconds whether its sockets still lead anywhere, so that a test need not wait forty.

Run it in place of `cinefarm`. What is done about a dead socket is the real thing.
"""

from typing import Any

import uvicorn

from cinefarm.cli import main
from master import serve


class QuickConfig(uvicorn.Config):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "ws_ping_interval": 2.0, "ws_ping_timeout": 2.0})


if __name__ == "__main__":
    assert serve.uvicorn is uvicorn, "master.serve no longer uses uvicorn; mend tests/chaos/quick_ping.py"
    uvicorn.Config = QuickConfig  # type: ignore[misc]
    main()
