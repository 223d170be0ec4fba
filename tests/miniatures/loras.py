"""LoRAs as trainers write them, with random weights that fit the miniatures, or do not."""

from pathlib import Path

import torch
from safetensors.torch import save_file


def write_flux_lora(path: Path, seed: int = 0, *, width: int = 32, weight: float = 0.3) -> Path:
    """As diffusers' trainers name the layers of FLUX.1."""
    draw = torch.Generator().manual_seed(seed)
    tensors = {}
    for layer in ("transformer_blocks.0.attn.to_q", "single_transformer_blocks.0.attn.to_v"):
        tensors[f"transformer.{layer}.lora_A.weight"] = torch.randn(4, width, generator=draw) * weight
        tensors[f"transformer.{layer}.lora_B.weight"] = torch.randn(width, 4, generator=draw) * weight
    save_file(tensors, path)
    return path


def write_kohya_flux_lora(path: Path, *, width: int = 32) -> Path:
    """As kohya's scripts name them: q, k and v in one, and an alpha."""
    draw = torch.Generator().manual_seed(3)
    layer = "lora_unet_double_blocks_0_img_attn_qkv"
    tensors = {
        f"{layer}.lora_down.weight": torch.randn(4, width, generator=draw),
        f"{layer}.lora_up.weight": torch.randn(3 * width, 4, generator=draw),
        f"{layer}.alpha": torch.tensor(2.0),
    }
    save_file(tensors, path)
    return path


def write_sdxl_lora(path: Path) -> Path:
    layer = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q"
    tensors = {
        f"{layer}.lora_down.weight": torch.zeros(4, 640),
        f"{layer}.lora_up.weight": torch.zeros(640, 4),
        f"{layer}.alpha": torch.tensor(4.0),
    }
    save_file(tensors, path)
    return path


def write_wan_lora(path: Path) -> Path:
    layer = "diffusion_model.blocks.0.self_attn.q"
    tensors = {f"{layer}.lora_A.weight": torch.zeros(4, 32), f"{layer}.lora_B.weight": torch.zeros(32, 4)}
    save_file(tensors, path)
    return path
