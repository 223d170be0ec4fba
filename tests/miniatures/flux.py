"""FLUX.1, its fill model, and FLUX.2 klein."""

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderKLFlux2,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
    FluxFillPipeline,
    FluxPipeline,
    FluxTransformer2DModel,
)
from transformers import Qwen3Config, Qwen3ForCausalLM

from tests.miniatures.encoders import clip_text, t5_encoder
from tests.miniatures.tokenizers import clip_tokenizer, qwen_tokenizer, t5_tokenizer


def kl_vae(latent=16, flux=True, width=8):
    kw = (
        {"shift_factor": 0.1159, "scaling_factor": 0.3611, "use_quant_conv": False, "use_post_quant_conv": False}
        if flux
        else {"scaling_factor": 0.13025}
    )
    return AutoencoderKL(
        sample_size=64,
        in_channels=3,
        out_channels=3,
        latent_channels=latent,
        layers_per_block=1,
        block_out_channels=(width,) * 4,
        norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        **kw,
    ).eval()


def flux_parts(in_channels=64, out_channels=64, guidance=True):
    tok, tok2 = clip_tokenizer(), t5_tokenizer()
    torch.manual_seed(0)
    tr = FluxTransformer2DModel(
        patch_size=1,
        in_channels=in_channels,
        out_channels=out_channels,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        guidance_embeds=guidance,
        axes_dims_rope=(4, 4, 8),
    ).eval()
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        "vae": kl_vae(),
        "text_encoder": clip_text(tok),
        "tokenizer": tok,
        "text_encoder_2": t5_encoder(tok2),
        "tokenizer_2": tok2,
        "transformer": tr,
    }


def build_flux():
    return FluxPipeline(**flux_parts())


def build_flux_fill():
    # 64 latent + 64 masked-image latent + 256 mask = 384, as in FLUX.1-Fill-dev
    return FluxFillPipeline(**flux_parts(in_channels=384, out_channels=64))


def build_flux2_klein():
    tok = qwen_tokenizer()
    tok.chat_template = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    torch.manual_seed(0)
    te = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(tok),
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=28,  # three of them are read: the 9th, 18th and 27th
            num_attention_heads=2,
            num_key_value_heads=2,
            head_dim=8,
            max_position_embeddings=1024,
        )
    ).eval()
    vae = AutoencoderKLFlux2(
        sample_size=64,
        latent_channels=32,
        layers_per_block=1,
        norm_num_groups=4,
        block_out_channels=(8, 8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
    ).eval()
    tr = Flux2Transformer2DModel(
        patch_size=1,
        in_channels=128,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * 16,
        timestep_guidance_channels=32,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    ).eval()
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=vae,
        text_encoder=te,
        tokenizer=tok,
        transformer=tr,
        is_distilled=True,
    )
