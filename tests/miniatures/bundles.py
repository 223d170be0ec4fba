"""Which miniature stands for which bundle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from tests.miniatures.flux import build_flux, build_flux2_klein, build_flux_fill
from workflows.catalog import FOLDER, load_bundles
from workflows.needs import Layout

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(2)

BUNDLES = load_bundles(FOLDER)
PIPELINES: dict[str, Callable[[], Any]] = {
    "flux1_dev": build_flux,
    "flux1_schnell": build_flux,
    "flux1_fill_dev": build_flux_fill,
    "flux2_klein_4b": build_flux2_klein,
}


def write_bundle(name: str, models: Path) -> Path:
    """The bundle under `models`, as a pull would leave it; nothing is done when it is there."""
    place = models / name
    if not place.exists():
        assert BUNDLES[name].layout is Layout.PIPELINE
        PIPELINES[name]().save_pretrained(place, safe_serialization=True)
    return place
