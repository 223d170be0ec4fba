"""Qwen3-VL answers questions about a picture.

The model's own processor is for videos too and needs torchvision; for a picture the tokenizer and the image processor
are enough, with a token for each patch that the model sees.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import (
    AutoModelForImageTextToText,
    AutoTokenizer,
    BitsAndBytesConfig,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.engines.analysis.look import MOST_PIXELS, Asks, Turn
from worker.engines.media.picture import Pixels
from worker.models.chosen import Way
from worker.task import EngineError, Task
from workflows.needs import Precision

PATCH = "<|image_pad|>"


@contextmanager
def asks(task: Task, way: Way, bundle: str, pixels: Pixels, most_tokens: int) -> Iterator[Asks]:
    """While the block lasts the model answers, in no more than `most_tokens`. Raises `EngineError`."""
    weights = task.weights()
    tokenizer, looks = _readers(weights.store.place(bundle))
    seen = looks(images=[Image.fromarray(pixels)], return_tensors="pt", size=_size(looks))
    patches = int(seen["image_grid_thw"][0].prod()) // looks.merge_size**2
    with _model(weights, way, bundle) as model:

        def ask(turns: list[Turn]) -> str:
            text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
            asked = tokenizer(text.replace(PATCH, PATCH * patches), return_tensors="pt")
            of_picture = (asked["input_ids"] == model.config.image_token_id).long()
            given = {**asked, **seen, "mm_token_type_ids": of_picture}
            on_device = {name: value.to(weights.device) for name, value in given.items()}
            on_device["pixel_values"] = on_device["pixel_values"].to(model.dtype)
            with torch.inference_mode():
                answer = model.generate(
                    **on_device,
                    max_new_tokens=most_tokens,
                    do_sample=False,
                    stopping_criteria=StoppingCriteriaList([_Words(task, most_tokens)]),
                )
            said: str = tokenizer.decode(answer[0, asked["input_ids"].shape[1] :], skip_special_tokens=True)
            return said

        yield ask


@contextmanager
def _model(weights: Any, way: Way, bundle: str) -> Iterator[Any]:
    """Kept warm by the box's weights; in 4 bits, which are packed as they are read, for this job alone."""
    if way.precision is not Precision.NF4:
        with weights.model(AutoModelForImageTextToText, bundle, way.precision, vram_gb=way.vram_gb) as model:
            yield model
        return
    packed = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16)
    with weights.room(way.vram_gb):
        model = AutoModelForImageTextToText.from_pretrained(
            str(weights.store.place(bundle)),
            quantization_config=packed,
            dtype=torch.bfloat16,
            device_map={"": str(weights.device)},
            use_safetensors=True,
            local_files_only=True,
        )
        yield model.eval()


@lru_cache(maxsize=4)
def _readers(place: Path) -> tuple[Any, Any]:
    """Tokenizer and image processor of the bundle."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(place), local_files_only=True)
        return tokenizer, Qwen2VLImageProcessorPil.from_pretrained(str(place), local_files_only=True)
    except (OSError, ValueError) as error:
        raise EngineError(
            say(
                "The vision model {name} cannot be read: {error}. Run `cinefarm models verify` on this box.",
                name=place.name,
                error=str(error),
            ),
            kind=FailureKind.WORKER,
        ) from error


def _size(looks: Any) -> dict[str, int]:
    """The processor's own least, and no more than what is looked at: its numbers are areas in pixels."""
    least, most = looks.size["shortest_edge"], looks.size["longest_edge"]
    return {"shortest_edge": min(least, MOST_PIXELS), "longest_edge": min(most, MOST_PIXELS)}


class _Words(StoppingCriteria):  # type: ignore[misc]
    """Progress and cancel with each token: a cancel leaves `generate` as `Canceled`."""

    def __init__(self, task: Task, most_tokens: int) -> None:
        self._task = task
        self._most = most_tokens
        self._said = 0

    def __call__(self, input_ids: torch.Tensor, scores: Any, **given: Any) -> torch.Tensor:
        self._said += 1
        self._task.progress(0.2 + 0.6 * self._said / self._most, f"describing, word {self._said}")
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)
