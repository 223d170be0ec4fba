"""The commands of README work as they stand, in their order."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.conftest import RealFarm

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"<!-- run by tests/processes/test_readme_commands.py -->\n```(\w+)\n(.*?)```", re.DOTALL)


def test_readme_commands_run(real_farm: RealFarm) -> None:
    """A newcomer who pastes the blocks gets no error, and the export is there."""
    real_farm.start_master()
    real_farm.start_worker()
    (real_farm.folder / "projects" / "sample").mkdir(parents=True, exist_ok=True)
    sample = real_farm.folder / "projects" / "sample" / "sample_film.xlsx"
    sample.write_bytes((ROOT / "projects" / "sample" / "sample_film.xlsx").read_bytes())
    environment = {**os.environ, "CINEFARM_URL": real_farm.url, "CINEFARM_STATE_DIR": str(real_farm.folder / "state")}
    blocks = _BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    assert [language for language, _ in blocks] == ["sh", "python"]
    for language, text in blocks:
        for command in _commands(language, text):
            done = subprocess.run(
                command, cwd=real_farm.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert (real_farm.folder / "rain.xlsx").stat().st_size > 5000


def _commands(language: str, text: str) -> list[list[str]]:
    if language == "python":
        return [[sys.executable, "-c", text]]
    lines = [shlex.split(line) for line in text.splitlines() if line.strip()]
    assert all(line[0] == "cinefarm" for line in lines)
    return [[sys.executable, "-m", *line] for line in lines]
