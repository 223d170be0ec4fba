"""SDXL with a ControlNet, and the upscaler."""

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    DDPMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionUpscalePipeline,
    StableDiffusionXLControlNetPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)

from tests.miniatures.encoders import clip_text
from tests.miniatures.flux import kl_vae
from tests.miniatures.tokenizers import clip_tokenizer


def build_sdxl_controlnet():
    tok, tok2 = clip_tokenizer(), clip_tokenizer()
    torch.manual_seed(0)
    common = {
        "block_out_channels": (16, 32),
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "in_channels": 4,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "transformer_layers_per_block": (1, 1),
        "projection_class_embeddings_input_dim": 6 * 8 + 32,
        "cross_attention_dim": 64,
    }
    unet = UNet2DConditionModel(
        sample_size=16, out_channels=4, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), **common
    ).eval()
    cn = ControlNetModel(conditioning_embedding_out_channels=(8, 16, 16, 16), **common).eval()
    with torch.no_grad():  # untrained, its last layers are zero and it leads nothing
        for layer in [*cn.controlnet_down_blocks, cn.controlnet_mid_block]:
            layer.weight.normal_(std=0.5)
    return StableDiffusionXLControlNetPipeline(
        vae=kl_vae(latent=4, flux=False),
        text_encoder=clip_text(tok),
        tokenizer=tok,
        text_encoder_2=clip_text(tok2, with_projection=True),
        tokenizer_2=tok2,
        unet=unet,
        controlnet=cn,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            timestep_spacing="leading",
            steps_offset=1,
        ),
        add_watermarker=False,
    )


def build_sdxl():
    parts = dict(build_sdxl_controlnet().components)
    del parts["controlnet"]
    return StableDiffusionXLPipeline(**parts, add_watermarker=False)


def build_controlnet():
    return (build_sdxl_controlnet().controlnet,)


def sd_upscale():
    tok = clip_tokenizer()
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(16, 16, 32),
        layers_per_block=1,
        sample_size=32,
        in_channels=7,
        out_channels=4,
        norm_num_groups=4,
        num_class_embeds=1000,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
        use_linear_projection=True,
    ).eval()
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 8),
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
    ).eval()
    return StableDiffusionUpscalePipeline(
        vae=vae,
        text_encoder=clip_text(tok),
        tokenizer=tok,
        unet=unet,
        low_res_scheduler=DDPMScheduler(),
        scheduler=DDIMScheduler(prediction_type="v_prediction"),
    )
