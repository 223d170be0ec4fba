"""A transformer from a GGUF file between disk, slab and device: its packed weights are the same after every way."""

from pathlib import Path

import torch
from diffusers import FluxTransformer2DModel

from tests.miniatures.flux import flux_parts
from tests.miniatures.gguf import write_flux_gguf
from tests.worker.weights.conftest import DEVICE
from tests.worker.weights.pretend import PretendMemory
from worker.bundles.cache import Move, Step
from worker.models.store import ModelStore
from worker.weights.loading import gguf_part
from worker.weights.shelf import Shelf
from worker.weights.slab import Slab

STAGE, LOAD, READ, UNLOAD, UNSTAGE = Move.STAGE, Move.LOAD, Move.READ, Move.UNLOAD, Move.UNSTAGE


def drawn(transformer: torch.nn.Module) -> torch.Tensor:
    noise = torch.Generator().manual_seed(0)
    kind = torch.bfloat16
    with torch.no_grad():
        answer: torch.Tensor = transformer(
            hidden_states=torch.randn(1, 16, 64, generator=noise).to(kind),
            encoder_hidden_states=torch.randn(1, 4, 32, generator=noise).to(kind),
            pooled_projections=torch.randn(1, 32, generator=noise).to(kind),
            timestep=torch.tensor([0.5], dtype=kind),
            guidance=torch.tensor([3.5], dtype=kind),
            img_ids=torch.zeros(16, 3),
            txt_ids=torch.zeros(4, 3),
            return_dict=False,
        )[0]
    return answer


def test_it_computes_alike_wherever_it_was(tmp_path: Path) -> None:
    """As after another bundle took its place on the device."""
    flux_parts()["transformer"].save_config(tmp_path / "config")
    write_flux_gguf(tmp_path / "flux.gguf")
    part = gguf_part(
        ModelStore(tmp_path, {}),
        tmp_path / "flux.gguf",
        "transformer",
        FluxTransformer2DModel,
        config=tmp_path / "config",
    )
    memory = PretendMemory(2**24)
    shelf = Shelf(DEVICE, memory, Slab(2**22, pinned=False))
    shelf.know(part)
    expected = None
    for moves in ((READ,), (UNLOAD, READ), (UNLOAD, STAGE, LOAD), (UNLOAD, LOAD), (UNLOAD, UNSTAGE, READ)):
        for move in moves:
            shelf.move(Step(move, part.component))
        seen = drawn(shelf.module(part.component.key))
        assert seen.isfinite().all()
        assert expected is None or torch.equal(seen, expected), moves
        expected = seen
    shelf.move(Step(UNLOAD, part.component))
    assert memory.used() == 0
    assert shelf.slab.free == shelf.slab.size
