"""WAN: image to video with two experts, first and last frame, animate."""

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanAnimatePipeline,
    WanAnimateTransformer3DModel,
    WanImageToVideoPipeline,
    WanTransformer3DModel,
)
from safetensors.torch import save_file

from tests.miniatures.encoders import clip_vision, t5_encoder
from tests.miniatures.tokenizers import t5_tokenizer


def wan_vae():
    torch.manual_seed(0)
    return AutoencoderKLWan(
        base_dim=2, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    ).eval()


def wan_transformer(in_channels=16, image_dim=None, cls=None, pos=None, **kw):
    torch.manual_seed(0)
    if pos:
        kw["pos_embed_seq_len"] = pos
    return (cls or WanTransformer3DModel)(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=in_channels,
        out_channels=16,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=2,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        rope_max_seq_len=64,
        image_dim=image_dim,
        added_kv_proj_dim=24 if image_dim else None,
        **kw,
    ).eval()


def build_wan22_i2v():
    """Wan 2.2 A14B layout: two experts, boundary_ratio, no image encoder; takes last_image (FFLF)."""
    tok = t5_tokenizer()
    return WanImageToVideoPipeline(
        tokenizer=tok,
        text_encoder=t5_encoder(tok, umt5=True),
        vae=wan_vae(),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        image_processor=None,
        image_encoder=None,
        transformer=wan_transformer(36),
        transformer_2=wan_transformer(36),
        boundary_ratio=0.9,
    )


def build_wan21_flf2v():
    """Wan 2.1 FLF2V-14B layout: CLIP image encoder over both frames (pos_embed_seq_len = 2 * tokens)."""
    tok = t5_tokenizer()
    enc, proc = clip_vision()
    ntok = (32 // 8) ** 2 + 1
    return WanImageToVideoPipeline(
        tokenizer=tok,
        text_encoder=t5_encoder(tok, umt5=True),
        vae=wan_vae(),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        image_processor=proc,
        image_encoder=enc,
        transformer=wan_transformer(36, image_dim=16, pos=2 * ntok),
        transformer_2=None,
    )


def build_wan_animate():
    tok = t5_tokenizer()
    enc, proc = clip_vision()
    tr = wan_transformer(
        36,
        image_dim=16,
        cls=WanAnimateTransformer3DModel,
        latent_channels=16,
        motion_encoder_channel_sizes={"4": 16, "8": 16, "16": 16},
        motion_encoder_size=16,
        motion_style_dim=8,
        motion_dim=4,
        motion_encoder_dim=16,
        face_encoder_hidden_dim=16,
        face_encoder_num_heads=2,
        inject_face_latents_blocks=2,
    )
    return WanAnimatePipeline(
        tokenizer=tok,
        text_encoder=t5_encoder(tok, umt5=True),
        vae=wan_vae(),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        image_processor=proc,
        image_encoder=enc,
        transformer=tr,
    )


def write_svi(place: Path) -> None:
    """The two files of SVI 2.0 Pro, under the names and with the keys that their authors gave them."""
    sizes = {f"{attn}.{part}": (24, 24) for attn in ("self_attn", "cross_attn") for part in "qkvo"}
    sizes |= {"ffn.0": (24, 32), "ffn.2": (32, 24)}
    (place / "version-2.0").mkdir(parents=True)
    for seed, expert in enumerate(("high", "low")):
        dice = torch.Generator().manual_seed(seed)
        tensors = {}
        for block in range(2):
            for layer, (across, out) in sizes.items():
                name = f"blocks.{block}.{layer}.lora"
                tensors[f"{name}_A.default.weight"] = torch.randn(4, across, generator=dice)
                tensors[f"{name}_B.default.weight"] = torch.randn(out, 4, generator=dice) * 0.2
        save_file(tensors, place / "version-2.0" / f"SVI_Wan2.2-I2V-A14B_{expert}_noise_lora_v2.0_pro.safetensors")
