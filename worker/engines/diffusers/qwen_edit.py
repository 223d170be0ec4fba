"""Qwen-Image-Edit's pipeline, which reads its pictures without torchvision.

The model's own processor is for videos too and cannot be made without torchvision; for pictures the tokenizer and the
image processor are enough, with a token for each patch that the encoder sees. The encoder is also told which tokens
are of pictures: in transformers 5 it would place them in one line without (`compute_3d_position_ids`).
"""

from typing import Any

import torch
from diffusers import QwenImageEditPlusPipeline
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

BUNDLE = "qwen_image_edit_2509"
KINDS = {"processor": Qwen2VLImageProcessorPil}  # what is read from the folder of the model's own processor
PACKED = 16  # pixels of a side that one packed latent stands for
PATCH = "<|image_pad|>"


class QwenEdit(QwenImageEditPlusPipeline):  # type: ignore[misc]
    """Its `processor` reads pictures alone: one of `KINDS`."""

    def _get_qwen_prompt_embeds(
        self,
        prompt: str | list[str] | None = None,
        image: list[Any] | None = None,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """1 × tokens × width, of the pictures and the words after them, and a mask of ones."""
        (words,) = [prompt] if isinstance(prompt, str) else prompt or [""]
        asked = {name: value.to(device or self._execution_device) for name, value in self._asked(words, image).items()}
        seen = self.text_encoder(**asked, output_hidden_states=True, use_cache=False, logits_to_keep=1)
        embeddings = seen.hidden_states[-1][:, self.prompt_template_encode_start_idx :]
        mask = torch.ones(embeddings.shape[:2], dtype=torch.long, device=embeddings.device)
        return embeddings.to(dtype or self.text_encoder.dtype), mask

    def _asked(self, words: str, pictures: list[Any] | None) -> dict[str, torch.Tensor]:
        """What the encoder is given: `words` without the model's own marks, after the pictures."""
        seen = dict(self.processor(images=pictures, return_tensors="pt")) if pictures else {}
        patches = [int(grid.prod()) // self.processor.merge_size**2 for grid in seen.get("image_grid_thw", ())]
        shown = "".join(
            f"Picture {number}: <|vision_start|>{PATCH * count}<|vision_end|>"
            for number, count in enumerate(patches, start=1)
        )
        text = self.prompt_template_encode.format(shown + words.replace("<|", "< |"))
        asked = self.tokenizer(text, return_tensors="pt")
        of_picture = (asked["input_ids"] == self.tokenizer.convert_tokens_to_ids(PATCH)).long()
        return {**asked, **seen, "mm_token_type_ids": of_picture}
