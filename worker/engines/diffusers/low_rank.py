"""A LoRA file for a WAN expert, by whichever names its trainer gave the layers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors.torch import load_file

from cinefarm.statuses import FailureKind
from worker.engines.diffusers.beside import Pair, Unfit, added, layer_of, pair_of
from worker.task import EngineError

_KEY = re.compile(
    r"(?:diffusion_model\.|transformer\.)?(?P<layer>blocks\.\d+\..+?)\.lora_(?P<side>A|B|down|up)(?:\.default)?\.weight"
)
_ALPHA = re.compile(r"(?:diffusion_model\.|transformer\.)?(?P<layer>blocks\.\d+\..+)\.alpha")
_NAMES = {  # as WAN's authors call its layers → as diffusers does
    ".self_attn.": ".attn1.",
    ".cross_attn.": ".attn2.",
    ".ffn.0": ".ffn.net.0.proj",
    ".ffn.2": ".ffn.net.2",
}
_PROJECTIONS = {"q": "to_q", "k": "to_k", "v": "to_v", "o": "to_out.0"}


@contextmanager
def laid_over(expert: torch.nn.Module, file: Path, *, strength: float = 1.0) -> Iterator[None]:
    """Within the block the expert computes with the file's weights too. Raises `EngineError` for what does not fit."""
    try:
        layers = [(layer_of(expert, name, pair), pair) for name, pair in _pairs(file, strength).items()]
    except Unfit as error:
        message = f"The LoRA {file.name} does not fit this model: {error}."
        raise EngineError(message, kind=FailureKind.WORKER) from error
    with added(layers, stay=False):  # a few MB a layer
        yield


def _pairs(file: Path, strength: float) -> dict[str, Pair]:
    """Layer, by diffusers' name → its two matrices. Raises `Unfit`."""
    tensors = load_file(file)
    alphas = {match["layer"]: float(tensors.pop(key)) for key in list(tensors) if (match := _ALPHA.fullmatch(key))}
    sides: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        match = _KEY.fullmatch(key)
        if match is None:
            raise Unfit(f"“{key}” is not known")
        side = "down" if match["side"] in ("A", "down") else "up"
        sides.setdefault(match["layer"], {})[side] = tensor
    pairs = {}
    for layer, found in sides.items():
        down, up = pair_of(layer, found.get("down"), found.get("up"), alphas.get(layer))
        pairs[_named(layer)] = (down, up * strength)
    return pairs


def _named(layer: str) -> str:
    for theirs, ours in _NAMES.items():
        layer = layer.replace(theirs, ours)
    *path, last = layer.split(".")
    return ".".join([*path, _PROJECTIONS.get(last, last)])
