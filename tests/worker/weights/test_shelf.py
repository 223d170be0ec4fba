"""Weights between disk, slab and device, on a pretended GPU: what computes is what the libraries would have made."""

from pathlib import Path

import pytest
import torch
from diffusers.quantizers.gguf.utils import GGUFLinear, GGUFParameter
from gguf import GGMLQuantizationType, quantize
from peft import LoraConfig, inject_adapter_in_model

from tests.miniatures.encoders import t5_encoder
from tests.miniatures.tokenizers import t5_tokenizer
from tests.worker.weights.conftest import Workbench, as_read
from worker.bundles.cache import Move
from worker.bundles.keeper import NoRoom
from worker.bundles.parts import Component
from worker.weights import shelf as shelf_module
from worker.weights.loading import Loadable, part_of
from worker.weights.slab import Slab
from workflows.needs import Offload, Precision

STAGE, LOAD, READ, UNLOAD, UNSTAGE = Move.STAGE, Move.LOAD, Move.READ, Move.UNLOAD, Move.UNSTAGE


def computes(bench: Workbench, part: Loadable, x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        result: torch.Tensor = bench.module(part)(x)
    return result


@pytest.mark.parametrize("precision", [Precision.FP32, Precision.BF16, Precision.FP8])
@pytest.mark.parametrize("offload", [Offload.NONE, Offload.GROUP])
def test_it_computes_alike_wherever_it_was(
    bench: Workbench, x: torch.Tensor, precision: Precision, offload: Offload
) -> None:
    """Read, staged and loaded, again and again: bit for bit, the module stays one, and nothing is left behind."""
    part = bench.part("a", precision=precision, offload=offload)
    expected = as_read(part, x)
    module = bench.module(part)
    assert bench.shelf._shelved[part.component.key].direct
    for moves in ((READ,), (UNLOAD, STAGE, LOAD), (UNLOAD, LOAD), (UNLOAD, UNSTAGE, READ), (STAGE, UNLOAD, LOAD)):
        bench.move(part, *moves)
        assert torch.equal(computes(bench, part, x), expected), moves
    assert bench.module(part) is module
    bench.move(part, UNLOAD, UNSTAGE)
    assert bench.memory.used() == 0
    assert bench.slab.free == bench.slab.size
    assert computes(bench, part, x).isnan().all(), "without its weights it gives no number that could be believed"
    assert module.first.weight.shape == (16, 16), "a LoRA that is laid over it asks for the shape"


def test_staged_weights_lie_in_the_slab_and_unloading_copies_nothing(bench: Workbench) -> None:
    part = bench.part("a")
    bench.move(part, STAGE, LOAD)
    views = [stretch.view.data_ptr() for stretch in bench.shelf._shelved[part.component.key].staged]
    assert bench.memory.used() == sum(
        each.nbytes for each in (*bench.module(part).parameters(), *bench.module(part).buffers())
    )
    with torch.no_grad():
        bench.module(part).first.weight.zero_()  # were it copied back, it would show
    bench.move(part, UNLOAD)
    module = bench.module(part)
    assert module.first.weight.data_ptr() in views
    assert module.first.weight.abs().sum() > 0
    assert module.table.data_ptr() in views


def test_after_the_first_time_weights_come_straight_from_their_files(
    bench: Workbench, x: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No second module is made, and types are changed on the way."""
    part = bench.part("a", precision=Precision.FP8)
    expected = as_read(part, x)
    bench.move(part, READ, UNLOAD)
    made: list[str] = []
    monkeypatch.setattr(shelf_module, "own_tensors", lambda module: made.append("module"))
    bench.move(part, STAGE, LOAD)
    assert torch.equal(computes(bench, part, x), expected)
    assert not made


def test_a_file_whose_numbers_are_not_the_modules_is_not_read_straight(bench: Workbench, x: torch.Tensor) -> None:
    """As where a library turns weights round while it reads them."""
    part = bench.part("a")

    def turned() -> torch.nn.Module:
        module = part.read()
        with torch.no_grad():
            module.second.weight.copy_(module.second.weight.T.clone())
            module.second.weight.data = module.second.weight.data.repeat(1024, 65)  # and too large to keep
        return module

    odd = Loadable(part.component, part.name, part.place, turned)
    bench.shelf._shelved[part.component.key].loadable = odd
    bench.memory.total *= 10_000
    bench.move(part, READ)
    first = bench.module(part).second.weight.clone()
    assert not bench.shelf._shelved[part.component.key].direct
    bench.move(part, UNLOAD, READ)
    assert torch.equal(bench.module(part).second.weight, first)


def test_a_slab_that_is_full_leaves_the_part_unstaged(bench: Workbench, x: torch.Tensor) -> None:
    """Nothing of it stays there, and the device can still have it."""
    parts = [bench.part(f"p{number}") for number in range(40)]
    staged = 0
    with pytest.raises(NoRoom):  # noqa: PT012
        for part in parts:
            before = bench.slab.free
            bench.move(part, STAGE)
            staged += 1
    assert 0 < staged < 40
    assert bench.slab.free == before
    bench.move(parts[staged], READ)
    assert torch.equal(computes(bench, parts[staged], x), as_read(parts[staged], x))


@pytest.mark.parametrize("moves", [(READ,), (STAGE, LOAD)])
def test_what_the_device_refuses_halfway_leaves_nothing_there(
    bench: Workbench, x: torch.Tensor, moves: tuple[Move, ...]
) -> None:
    part = bench.part("a")
    bench.memory.total = 2_000
    with pytest.raises(NoRoom):
        bench.move(part, *moves)
    assert bench.memory.used() == 0
    bench.memory.total = 40_000
    bench.move(part, moves[-1])
    assert torch.equal(computes(bench, part, x), as_read(part, x))


def test_a_lora_that_is_laid_over_it_comes_and_goes_with_it(bench: Workbench, x: torch.Tensor) -> None:
    """Its layers change the names of those beneath, and are no weights of the part."""
    part = bench.part("a")
    plain = as_read(part, x)
    bench.move(part, STAGE, LOAD)
    module = bench.module(part)
    torch.manual_seed(1)
    inject_adapter_in_model(LoraConfig(r=2, target_modules=["first"], init_lora_weights=False), module)
    laid = computes(bench, part, x)
    assert not torch.equal(laid, plain)
    for moves in ((UNLOAD, LOAD), (UNLOAD, UNSTAGE, READ)):
        bench.move(part, *moves)
        assert torch.equal(computes(bench, part, x), laid)
    module.first = module.first.base_layer
    bench.move(part, UNLOAD, STAGE, LOAD)
    assert torch.equal(computes(bench, part, x), plain)


def test_tied_weights_are_there_once(bench: Workbench, tmp_path: Path) -> None:
    """T5's table of words is its encoder's."""
    encoder = t5_encoder(t5_tokenizer())
    encoder.save_pretrained(tmp_path / "t5", safe_serialization=True)
    part = part_of(bench.store, tmp_path / "t5", "text_encoder_2", type(encoder), precision=Precision.FP32)
    bench.shelf.know(part)
    bench.memory.total *= 100
    bench.shelf.slab = Slab(10_000_000, pinned=False)
    words = torch.tensor([[3, 5, 7]])
    with torch.no_grad():
        expected = part.read()(words)[0]
        for moves in ((STAGE, LOAD), (UNLOAD, LOAD), (UNLOAD, UNSTAGE, READ)):
            bench.move(part, *moves)
            module = bench.module(part)
            assert torch.equal(module(words)[0], expected)
            assert module.shared.weight.data_ptr() == module.encoder.embed_tokens.weight.data_ptr()
    size = sum(each.nbytes for each in (*module.parameters(), *module.buffers()))
    assert bench.memory.used() == size
    assert part.component.gb == pytest.approx(size / 1e9, rel=0.01)


def test_tensors_of_a_class_of_their_own_go_to_and_fro_as_they_are(bench: Workbench) -> None:
    """GGUF's: their numbers are blocks of bytes that only they can read."""
    torch.manual_seed(4)
    blocks = torch.from_numpy(quantize(torch.randn(8, 32).numpy(), GGMLQuantizationType.Q8_0))

    def read() -> torch.nn.Module:
        layer = GGUFLinear(32, 8, bias=False, compute_dtype=torch.float32)
        layer.weight = GGUFParameter(blocks.clone(), quant_type=GGMLQuantizationType.Q8_0)
        return layer

    part = Loadable(Component("gguf", 1e-6), "transformer", bench.folder / "x.gguf", read)
    bench.shelf.know(part)
    given = torch.randn(2, 32)
    expected = read()(given)
    for moves in ((READ,), (UNLOAD, STAGE, LOAD), (UNLOAD, LOAD), (UNLOAD, UNSTAGE, READ)):
        bench.move(part, *moves)
        assert torch.equal(bench.module(part)(given), expected), moves
        assert isinstance(bench.module(part).weight, GGUFParameter)
