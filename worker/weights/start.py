"""The device's weights, as its host starts them."""

from collections.abc import Callable

import psutil
import torch

from worker.bundles.measured import Measured
from worker.models.store import ModelStore
from worker.surroundings import Surroundings
from worker.weights.memory import memory_of
from worker.weights.warm import Weights
from workflows.catalog import FOLDER, load_bundles, load_catalog

RESERVE_GB = 1.2  # for the driver, the desktop and what torch itself takes
_SHARE = 0.8  # of the RAM, where the RAM is the device


def start(around: Surroundings, on_change: Callable[[], None]) -> Weights:
    """On a GPU half of the box's RAM, shared by its GPUs, holds weights that wait."""
    device = torch.device(around.device)
    memory = memory_of(device)
    folders = (FOLDER, around.workflows_dir) if around.workflows_dir else (FOLDER,)
    cuda = device.type == "cuda"
    staged_gb = around.staged_gb
    if staged_gb is None:
        staged_gb = psutil.virtual_memory().total / 2e9 / max(1, torch.cuda.device_count())
    file = around.state_dir / f"work-{around.device.replace(':', '-')}.json" if around.state_dir else None
    return Weights(
        ModelStore(around.models_dir, load_bundles(*folders)),
        device,
        memory,
        device_gb=memory.total_gb() - RESERVE_GB if cuda else memory.total_gb() * _SHARE,
        host_gb=staged_gb / around.slots if cuda else 0.0,
        on_change=on_change,
        measured=Measured(file),
        workflows=load_catalog(*folders),
        idle_s=around.idle_s,
    )
