"""ViTMatte with two layers, patches and window of the real one."""

from typing import Any

import torch
from transformers import VitDetConfig, VitMatteConfig, VitMatteForImageMatting


def build_vitmatte() -> tuple[Any, ...]:
    torch.manual_seed(0)
    backbone = VitDetConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=512,
        patch_size=16,
        num_channels=4,
        window_size=14,
        window_block_indices=[0],
        residual_block_indices=[1],
        use_relative_position_embeddings=True,
        out_features=["stage2"],
    )
    config = VitMatteConfig(
        backbone_config=backbone,
        hidden_size=32,
        convstream_hidden_sizes=[8, 12, 16],
        fusion_hidden_sizes=[32, 16, 8, 8],
    )
    return (VitMatteForImageMatting(config).eval(),)
