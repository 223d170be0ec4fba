"""README says what is: its settings tables, its links and its make targets."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from cinefarm.mcp.settings import McpSettings
from master.config import MasterSettings
from worker.config import RemoteSettings, WorkerSettings

SETTINGS: tuple[type[BaseSettings], ...] = (MasterSettings, WorkerSettings, RemoteSettings, McpSettings)
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
# these defaults depend on the machine; README says so in words
_MACHINE = {
    "CINEFARM_WORKER_NAME": "the host's name",
    "CINEFARM_WORKER_STATE_DIR": "the user's data folder",
    "CINEFARM_WORKER_MODELS_DIR": "the user's data folder",
}


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_stands_in_readme(settings: type[BaseSettings]) -> None:
    """Name, default and meaning of each setting are those of the code."""
    prefix = settings.model_config["env_prefix"]
    for name, field in settings.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        row = re.search(rf"^\| `{variable}` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
        assert row, f"{variable} is not in README"
        assert row[2] == field.description
        default = None if field.default_factory else field.default
        expected = _MACHINE.get(variable) or ("" if default is None else f"`{default}`")
        assert row[1].strip() == expected


def test_readme_names_no_setting_that_is_not_there() -> None:
    """A setting that was removed is removed from README, too."""
    known = {
        f"{settings.model_config['env_prefix']}{name.upper()}"
        for settings in SETTINGS
        for name in settings.model_fields
    } | {"CINEFARM_URL", "CINEFARM_TOKEN"}
    assert set(re.findall(r"`(CINEFARM_\w+)`", README)) == known


def test_links_and_pictures_exist() -> None:
    """Every relative link of the top-level pages leads somewhere."""
    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/benchmarks.md",
        "docs/workflows.md",
        "docs/models.md",
        "docs/ads.md",
        "docs/mcp.md",
    ):
        text = (ROOT / page).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_make_targets_exist() -> None:
    """Every `make …` that the pages name is a target."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/benchmarks.md",
        "docs/workflows.md",
        "docs/models.md",
        "docs/ads.md",
        "docs/mcp.md",
    ):
        for target in re.findall(r"`?make ([a-z-]+)", (ROOT / page).read_text("utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page} names make {target}"
