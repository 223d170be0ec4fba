"""The secret by which a program on the master's own machine is known."""

import os
from pathlib import Path


def find_secret(state_dir: Path | None = None) -> str | None:
    """The secret of a master on this machine, from its state folder."""
    folder = state_dir or Path(os.environ.get("CINEFARM_STATE_DIR", ".cinefarm"))
    try:
        return (folder / "secret").read_text().strip()
    except OSError:
        return None
