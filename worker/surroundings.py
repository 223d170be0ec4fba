"""What an agent tells its device hosts through their environment: where things are on this box."""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_data_path

from worker.own_files import own_workflows
from workflows.catalog import FOLDER, Catalog, load_bundles, load_catalog
from workflows.needs import Bundle

_PREFIX = "CINEFARM_WORKER_"


def default_models_dir() -> Path:
    return user_data_path("cinefarm") / "models"


class Surroundings(NamedTuple):
    """`device` is `cpu` or `cuda:N`."""

    device: str = "cpu"
    comfy: str | None = None  # address of the ComfyUI beside the agent
    workflows_dir: Path | None = None  # workflow files beside those that ship
    own_dir: Path | None = None  # the studio's own, as the agent fetched them
    models_dir: Path = default_models_dir()
    staged_gb: float | None = None  # host RAM for weights that wait; null: half of what the box has
    idle_s: float = 900.0  # then weights that nothing uses leave the device; 0: never
    state_dir: Path | None = None  # where measured needs are kept; null: nowhere
    slots: int = 1  # hosts that share the device

    def environment(self) -> dict[str, str]:
        """Variables for a host process; what is null is left as it is. It fetches no weights, whatever is missing."""
        told = {f"{_PREFIX}{name}".upper(): str(value) for name, value in self._asdict().items() if value is not None}
        return {**told, "HF_HUB_OFFLINE": "1"}


def surroundings() -> Surroundings:
    """As a host finds them in its environment."""
    found = {name: os.environ.get(f"{_PREFIX}{name}".upper()) for name in Surroundings._fields}
    return Surroundings(
        device=found["device"] or "cpu",
        comfy=found["comfy"],
        workflows_dir=Path(found["workflows_dir"]) if found["workflows_dir"] else None,
        own_dir=Path(found["own_dir"]) if found["own_dir"] else None,
        models_dir=Path(found["models_dir"]) if found["models_dir"] else default_models_dir(),
        staged_gb=float(found["staged_gb"]) if found["staged_gb"] else None,
        idle_s=float(found["idle_s"] or Surroundings().idle_s),
        state_dir=Path(found["state_dir"]) if found["state_dir"] else None,
        slots=int(found["slots"] or 1),
    )


def bundles() -> dict[str, Bundle]:
    """The weights that this box knows by name."""
    more = surroundings().workflows_dir
    return load_bundles(FOLDER, more) if more else load_bundles(FOLDER)


def catalog() -> Catalog:
    """The workflows that this box knows."""
    around = surroundings()
    known = _catalog(around.workflows_dir)
    return Catalog([*known.values(), *own_workflows(around.own_dir)[0]]) if around.own_dir else known


def unreadable() -> dict[str, str]:
    """The studio's own workflows that this version cannot read, each with the reason."""
    own_dir = surroundings().own_dir
    return own_workflows(own_dir)[1] if own_dir else {}


@cache
def _catalog(more: Path | None) -> Catalog:
    return load_catalog(FOLDER, more) if more else load_catalog()
