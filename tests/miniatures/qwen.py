"""Qwen-Image and Qwen-VL."""

import torch
import transformers as tf
from diffusers import (
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    QwenImagePipeline,
    QwenImageTransformer2DModel,
)
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from tests.miniatures.tokenizers import qwen_tokenizer


def build_qwen_image():
    tok = qwen_tokenizer()
    torch.manual_seed(0)
    te = Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(
            text_config={
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_hidden_layers": 2,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "vocab_size": len(tok),
                "rope_parameters": {"mrope_section": [1, 1, 2], "rope_type": "default", "rope_theta": 1e6},
            },
            vision_config={
                "depth": 2,
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_heads": 2,
                "out_hidden_size": 16,
            },
        )
    ).eval()
    vae = AutoencoderKLQwenImage(
        base_dim=16,
        z_dim=16,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * 16,
        latents_std=[1.0] * 16,
    ).eval()
    tr = QwenImageTransformer2DModel(
        patch_size=2,
        in_channels=64,
        out_channels=16,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=3,
        joint_attention_dim=16,
        guidance_embeds=False,
        axes_dims_rope=(8, 4, 4),
    ).eval()
    return QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=te, tokenizer=tok, transformer=tr
    )


def build_qwen_vl(version=2):
    tok = qwen_tokenizer()
    ids = {
        t: tok.convert_tokens_to_ids(t)
        for t in ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>", "<|im_end|>")
    }
    torch.manual_seed(0)
    tid = {
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
    }
    text = {
        "hidden_size": 32,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "vocab_size": len(tok),
        "max_position_embeddings": 4096,
        "eos_token_id": ids["<|im_end|>"],
        "bos_token_id": None,
    }
    if version == 2:
        cfg = tf.Qwen2VLConfig(
            text_config={
                **text,
                "rope_parameters": {"mrope_section": [2, 3, 3], "rope_type": "default", "rope_theta": 1e6},
            },
            vision_config={
                "depth": 2,
                "embed_dim": 32,
                "hidden_size": 32,
                "num_heads": 2,
                "mlp_ratio": 1,
                "patch_size": 14,
            },
            **tid,
        )
        model = tf.Qwen2VLForConditionalGeneration(cfg).eval()
    else:
        cfg = tf.Qwen3VLConfig(
            text_config={
                **text,
                "head_dim": 16,
                "rope_parameters": {"mrope_section": [2, 3, 3], "rope_type": "default", "rope_theta": 1e6},
            },
            vision_config={
                "depth": 2,
                "hidden_size": 32,
                "intermediate_size": 32,
                "num_heads": 2,
                "out_hidden_size": 32,
                "patch_size": 14,
                "deepstack_visual_indexes": [0],
                "num_position_embeddings": 64,
            },
            **tid,
        )
        model = tf.Qwen3VLForConditionalGeneration(cfg).eval()
    ip = Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=28 * 28 * 16)
    tok.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% if m['content'] is string %}{{ m['content'] }}"
        "{% else %}{% for c in m['content'] %}{% if c['type']=='image' %}<|vision_start|><|image_pad|><|vision_end|>"
        "{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return model, tok, ip


ANSWER = """{"caption": {"en": "A red mug on a table.", "ko": "탁자 위의 빨간 머그컵."}, \
"tags": {"en": ["mug", "red", "table"], "ko": ["머그컵", "빨강", "탁자"]}, "category": "product"}"""


def build_qwen_vl_that_says(text):
    """Whatever it sees and is asked, it says the text and stops: one word of its vocabulary is all of it."""
    torch.manual_seed(0)
    model, tok, ip = build_qwen_vl(3)
    tok.add_tokens([text])
    model.resize_token_embeddings(len(tok), mean_resizing=False)
    answer, stop = tok.convert_tokens_to_ids([text, "<|im_end|>"])
    after_question = tok("assistant\n")["input_ids"][-1]
    with torch.no_grad():
        for layer in model.model.language_model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        embedding = model.get_input_embeddings().weight
        embedding.copy_(torch.nn.functional.normalize(embedding, dim=1))
        model.lm_head.weight.zero_()
        model.lm_head.weight[answer] = embedding[after_question]
        model.lm_head.weight[stop] = 2 * embedding[answer]
    return model, tok, ip
