"""Vectors by CLIP: of pictures, and of words to find them by."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from cinefarm.analysis import Vector
from cinefarm.statuses import FailureKind
from worker.engines.media.picture import Pixels
from worker.models.chosen import Way
from worker.surroundings import catalog
from worker.task import EngineError, Task

BUNDLE = "clip_vit_l14"


def vector_of_picture(task: Task, way: Way, pixels: Pixels) -> Vector:
    """Of an `H×W×3 uint8 sRGB` picture. Raises `EngineError`."""
    looks = _reader(CLIPImageProcessorPil, task.weights().store.place(BUNDLE))
    seen = looks(images=[Image.fromarray(pixels)], return_tensors="pt")["pixel_values"]
    return _vector(task, way, lambda model: model.get_image_features(pixel_values=_like(model, seen)))


def vector_of_words(task: Task, way: Way, words: str) -> Vector:
    """Of what somebody looks for: to be compared with pictures. What is beyond the model's 77 tokens is left out."""
    tokenizer = _reader(CLIPTokenizer, task.weights().store.place(BUNDLE))
    asked = tokenizer([words], return_tensors="pt", truncation=True)
    on = task.weights().device
    return _vector(task, way, lambda model: model.get_text_features(**{n: v.to(on) for n, v in asked.items()}))


def _vector(task: Task, way: Way, features: Callable[[Any], Any]) -> Vector:
    task.progress(0.85, "embedding")
    with (
        task.weights().model(CLIPModel, BUNDLE, way.precision, vram_gb=min(way.vram_gb, 1.5)) as model,
        torch.inference_mode(),
    ):
        found = features(model).pooler_output[0].float()
    numbers = torch.nn.functional.normalize(found, dim=0).cpu()
    if not bool(torch.isfinite(numbers).all()):
        raise EngineError("CLIP's numbers overflowed (NaN), so there is no vector. Use a variant of higher precision.")
    bundle = next(one for one in catalog()[task.workflow].needs.bundles if one.name == BUNDLE)
    return Vector(
        model=f"{bundle.repository}@{bundle.revision}",
        words=True,
        dimension=len(numbers),
        vector=tuple(round(number, 6) for number in numbers.tolist()),
    )


def _like(model: Any, tensor: torch.Tensor) -> torch.Tensor:
    return tensor.to(device=model.device, dtype=model.dtype)


@lru_cache(maxsize=4)
def _reader(kind: Any, place: Path) -> Any:
    try:
        return kind.from_pretrained(str(place), local_files_only=True)
    except (OSError, ValueError) as error:
        message = f"{place.name} cannot be read: {error}. Run `cinefarm models verify` on this box."
        raise EngineError(message, kind=FailureKind.WORKER) from error
