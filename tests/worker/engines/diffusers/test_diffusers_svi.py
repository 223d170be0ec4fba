"""SVI long takes on miniature weights: clips are short here, and chained as long ones are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.miniatures.wan import wan_transformer, write_svi
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.engines.diffusers.low_rank import laid_over
from worker.engines.diffusers.svi import ChainedClips
from worker.engines.media import long_take
from worker.engines.media.footage import open_footage
from worker.task import Canceled, EngineError

SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "frame_count": 24, "fps_num": 24, "fps_den": 1}
SMALL: dict[str, Any] = {"shot": SHOT, "prompt": "rain", "width": 256, "height": 256, "frame_count": 24, "steps": 4}
BUNDLES = ("wan22_i2v_a14b", "svi_2_pro")


@pytest.fixture
def chain(draw: Draw, photo: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Drawn]:
    monkeypatch.setattr(long_take, "CLIP", 9)
    monkeypatch.setattr(long_take, "LEAST_NEW", 4)

    def run(**given: Any) -> Drawn:
        return draw("image_to_video/svi", {"image": photo()}, **{"bundles": BUNDLES, **SMALL, **given})

    return run


def test_a_long_take_is_chained_from_clips_that_each_have_a_seed_and_a_line(chain: Callable[..., Drawn]) -> None:
    """16 frames at 16 a second: 9, then 4 and 4 new ones, of which one is beyond the shot's end."""
    take = chain(clip_prompts="it begins\n\nit ends\nnever")
    clips = take.task.provenance["clips"]
    assert [clip["frames"] for clip in clips] == [9, 9, 9]
    assert [clip["shown"] for clip in clips] == [9, 4, 3]
    assert [clip["prompt"] for clip in clips] == ["it begins", "rain", "it ends"]
    assert len({clip["seed"] for clip in clips}) == 3
    assert clips[0]["seed"] == 1
    assert "The take has 3 clips; the prompts of 1 more are not used." in take.log
    assert take.task.provenance["drawn_frames"] == 16
    assert [lora["strength"] for lora in take.task.provenance["loras"]] == [1.0, 1.0]
    assert take.said.index("step 12 of 12") > take.said.index("step 5 of 12") > 0
    with open_footage(take.path) as footage:
        assert len(list(footage.frames())) == 24
    with pytest.raises(Canceled):
        chain(clip_prompts="it begins\n\nit ends\nnever", cancel_at=7)  # in the second clip
    again = chain(clip_prompts="it begins\n\nit ends\nnever")
    assert again.path.read_bytes() == take.path.read_bytes()
    assert again.task.provenance["clips"] == clips


@pytest.mark.parametrize(("variant", "frames", "clips"), [("fp8", 6, 1), ("fp8_swap", 18, 2)])
def test_every_lean_way_to_keep_the_weights_chains(
    chain: Callable[..., Drawn], variant: str, frames: int, clips: int
) -> None:
    take = chain(variant=variant, frame_count=frames)
    assert len(take.task.provenance["clips"]) == clips
    assert take.outputs[0].frames == frames


def test_without_its_lora_it_is_refused_with_the_command(
    draw: Draw, photo: Callable[..., Path], models: Callable[..., Path]
) -> None:
    place = models(*BUNDLES) / "svi_2_pro"
    hidden = place.with_name("elsewhere")
    place.rename(hidden)
    try:
        with pytest.raises(EngineError, match="cinefarm models pull svi_2_pro"):
            draw("image_to_video/svi", {"image": photo()}, bundles=(), **SMALL)
    finally:
        hidden.rename(place)


def test_a_clip_is_led_by_the_anchor_and_the_tail_and_only_the_anchor_is_certain(models: Callable[..., Path]) -> None:
    models(*BUNDLES)
    pipe = ChainedClips.from_pretrained(models() / "wan22_i2v_a14b", local_files_only=True)
    picture = torch.rand(1, 3, 256, 256, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pipe.tail = torch.full((1, 16, 1, 32, 32), 0.5)
    with torch.no_grad():
        noise, condition = pipe.prepare_latents(
            picture, 1, 16, 256, 256, 17, torch.float32, torch.device("cpu"), torch.Generator().manual_seed(0)
        )
    assert noise.shape == (1, 16, 5, 32, 32)
    assert condition.shape == (1, 20, 5, 32, 32)
    mask, shown = condition[:, :4], condition[:, 4:]
    assert (mask[:, :, 0] == 1).all()
    assert not mask[:, :, 1:].any()
    assert shown[:, :, 0].std() > 0
    assert (shown[:, :, 1] == 0.5).all()
    assert not shown[:, :, 2:].any()


def test_an_expert_is_as_it_was_when_its_lora_is_gone(tmp_path: Path) -> None:
    write_svi(tmp_path)
    file = next(tmp_path.rglob("*high*"))
    expert = wan_transformer(36)
    given = {
        "hidden_states": torch.randn(1, 36, 1, 4, 4),
        "timestep": torch.tensor([500]),
        "encoder_hidden_states": torch.randn(1, 8, 32),
    }
    weights = {name: tensor.clone() for name, tensor in expert.state_dict().items()}
    with torch.no_grad():
        plain = expert(**given).sample
        with laid_over(expert, file):
            led = expert(**given).sample
        with laid_over(expert, file, strength=0.0):
            unled = expert(**given).sample
        after = expert(**given).sample
        merged = _merged(expert, file)(**given).sample
    assert torch.equal(plain, after)
    assert torch.equal(plain, unled)
    assert not torch.allclose(plain, led, atol=1e-3)
    assert torch.allclose(led, merged, atol=1e-4)
    assert all(torch.equal(weights[name], tensor) for name, tensor in wan_transformer(36).state_dict().items())


def _merged(expert: torch.nn.Module, file: Path) -> torch.nn.Module:
    """A copy with the LoRA added to its weights, by hand."""
    copy = wan_transformer(36)
    copy.load_state_dict(expert.state_dict())
    tensors = load_file(file)
    for key, down in tensors.items():
        if "lora_A" not in key:
            continue
        name = key.split(".lora_A")[0].replace("self_attn", "attn1").replace("cross_attn", "attn2")
        name = name.replace("ffn.0", "ffn.net.0.proj").replace("ffn.2", "ffn.net.2")
        for theirs, ours in {".q": ".to_q", ".k": ".to_k", ".v": ".to_v", ".o": ".to_out.0"}.items():
            name = name.removesuffix(theirs) + ours if name.endswith(theirs) else name
        copy.get_submodule(name).weight += tensors[key.replace("lora_A", "lora_B")] @ down
    return copy


def test_a_lora_of_another_model_is_refused_with_its_name(tmp_path: Path) -> None:
    expert = wan_transformer(36)
    for tensors, why in (
        ({"te.lora_A.weight": torch.ones(2, 2)}, "“te.lora_A.weight” is not known"),
        ({"blocks.0.self_attn.q.lora_A.weight": torch.ones(2, 24)}, "one half is missing"),
        (_pair("blocks.9.self_attn.q", 24), "no layer “blocks.9.attn1.to_q”"),
        (_pair("blocks.0.self_attn.q", 99), "is 99 × 99, the model's 24 × 24"),
    ):
        save_file(tensors, tmp_path / "other.safetensors")
        refused = pytest.raises(EngineError, match=f"other.safetensors does not fit this model: .*{why}")
        with refused, laid_over(expert, tmp_path / "other.safetensors"):
            pass
        assert not any(module._forward_hooks for module in expert.modules())


def _pair(layer: str, size: int) -> dict[str, torch.Tensor]:
    return {f"{layer}.lora_A.weight": torch.ones(2, size), f"{layer}.lora_B.weight": torch.ones(size, 2)}
