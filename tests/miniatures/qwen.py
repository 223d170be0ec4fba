"""Qwen-Image-Edit with TeleStyle's LoRAs, and Qwen-VL."""

import json

import torch
import transformers as tf
from diffusers import (
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    QwenImageEditPlusPipeline,
    QwenImageTransformer2DModel,
)
from safetensors.torch import save_file
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from tests.miniatures.tokenizers import qwen_tokenizer


def qwen_edit_parts():
    """Of Qwen-Image-Edit-2509: its encoder sees pictures, and its schedule is the real one's."""
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
                "bos_token_id": None,
                "eos_token_id": tok.convert_tokens_to_ids("<|im_end|>"),
                "rope_parameters": {"mrope_section": [1, 1, 2], "rope_type": "default", "rope_theta": 1e6},
            },
            vision_config={
                "depth": 2,
                "hidden_size": 16,
                "intermediate_size": 16,
                "num_heads": 2,
                "out_hidden_size": 16,
            },
            **_picture_tokens(tok),
        )
    ).eval()
    vae = AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=16,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1] * 16,
        latents_std=[2.0] * 16,
    ).eval()
    tr = QwenImageTransformer2DModel(
        patch_size=2,
        in_channels=64,
        out_channels=16,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=16,
        guidance_embeds=False,
        axes_dims_rope=(8, 4, 4),
    ).eval()
    schedule = FlowMatchEulerDiscreteScheduler(
        use_dynamic_shifting=True, base_shift=0.5, max_shift=0.9, max_image_seq_len=8192, shift_terminal=0.02
    )
    looks = Qwen2VLImageProcessorPil(min_pixels=56 * 56, max_pixels=12845056)
    parts = {"scheduler": schedule, "vae": vae, "text_encoder": te, "tokenizer": tok}
    return {**parts, "processor": looks, "transformer": tr}


def write_qwen_edit(place):
    """As its repository has it: the class that its index names for the processor is one that needs torchvision."""
    QwenImageEditPlusPipeline(**qwen_edit_parts()).save_pretrained(place, safe_serialization=True)
    index = json.loads((place / "model_index.json").read_text("utf-8"))
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (place / "model_index.json").write_text(json.dumps(index), "utf-8")


def write_telestyle(place):
    """Its two files under the names that their authors gave them, with keys as DiffSynth writes them."""
    (place / "weights").mkdir(parents=True)
    transformer = qwen_edit_parts()["transformer"]
    for seed, name in enumerate(("telestyle", "Lightning-4steps-V1.0-bf16")):
        dice = torch.Generator().manual_seed(seed)
        tensors = {}
        for layer, module in transformer.named_modules():
            if layer.startswith("transformer_blocks.") and isinstance(module, torch.nn.Linear):
                down = torch.randn(4, module.in_features, generator=dice)
                tensors[f"{layer}.lora_A.default.weight"] = down
                tensors[f"{layer}.lora_B.default.weight"] = torch.randn(module.out_features, 4, generator=dice) * 0.1
        save_file(tensors, place / "weights" / f"diffsynth_Qwen-Image-Edit-2509-{name}.safetensors")


def _picture_tokens(tok):
    names = {"image": "image_pad", "video": "video_pad", "vision_start": "vision_start", "vision_end": "vision_end"}
    return {f"{name}_token_id": tok.convert_tokens_to_ids(f"<|{mark}|>") for name, mark in names.items()}


def build_qwen_vl(version=2):
    tok = qwen_tokenizer()
    torch.manual_seed(0)
    tid = _picture_tokens(tok)
    text = {
        "hidden_size": 32,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "vocab_size": len(tok),
        "max_position_embeddings": 4096,
        "eos_token_id": tok.convert_tokens_to_ids("<|im_end|>"),
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
