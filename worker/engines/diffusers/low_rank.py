"""LoRA weights beside a WAN expert: added to what its layers answer, so that its own weights are never touched.

That holds however the expert is kept: swapped block by block, in 8 bits, or whole. Afterwards it is as it was.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from cinefarm.statuses import FailureKind
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

Pair = tuple[torch.Tensor, torch.Tensor]  # rank × in, out × rank


@contextmanager
def laid_over(expert: torch.nn.Module, file: Path, *, strength: float = 1.0) -> Iterator[None]:
    """Within the block the expert computes with the file's weights too. Raises `EngineError` for what does not fit."""
    hooks = []
    try:
        for layer, pair in _pairs(file, strength).items():
            hooks.append(_layer(expert, layer, pair, file).register_forward_hook(_adding(*pair)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _adding(down: torch.Tensor, up: torch.Tensor) -> Any:
    def add(module: torch.nn.Module, given: tuple[torch.Tensor, ...], answer: torch.Tensor) -> torch.Tensor:
        x = given[0]
        # they stay in RAM, a few MB a layer: no room is asked of the device for them
        return answer + (x @ down.to(x.device, x.dtype).T @ up.to(x.device, x.dtype).T).to(answer.dtype)

    return add


def _pairs(file: Path, strength: float) -> dict[str, Pair]:
    """Layer, by diffusers' name → its two matrices, the strength in the second. Raises `EngineError`."""
    tensors = load_file(file)
    alphas = {match["layer"]: float(tensors.pop(key)) for key in list(tensors) if (match := _ALPHA.fullmatch(key))}
    sides: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        match = _KEY.fullmatch(key)
        if match is None:
            raise _unfit(file, f"“{key}” is not known")
        side = "down" if match["side"] in ("A", "down") else "up"
        sides.setdefault(match["layer"], {})[side] = tensor
    pairs = {}
    for layer, found in sides.items():
        if len(found) != 2:
            raise _unfit(file, f"of “{layer}” one half is missing")
        down, up = found["down"], found["up"]
        scale = strength * alphas.get(layer, down.shape[0]) / down.shape[0]
        pairs[_named(layer)] = (down, up * scale)
    return pairs


def _named(layer: str) -> str:
    for theirs, ours in _NAMES.items():
        layer = layer.replace(theirs, ours)
    *path, last = layer.split(".")
    return ".".join([*path, _PROJECTIONS.get(last, last)])


def _layer(expert: torch.nn.Module, name: str, pair: Pair, file: Path) -> torch.nn.Module:
    try:
        layer = expert.get_submodule(name)
    except AttributeError:
        raise _unfit(file, f"the model has no layer “{name}”") from None
    shape = (pair[1].shape[0], pair[0].shape[1])
    wanted = (getattr(layer, "out_features", None), getattr(layer, "in_features", None))
    if shape != wanted:
        raise _unfit(file, f"its “{name}” is {shape[0]} × {shape[1]}, the model's {wanted[0]} × {wanted[1]}")
    return layer


def _unfit(file: Path, why: str) -> EngineError:
    return EngineError(f"The LoRA {file.name} does not fit this model: {why}.", kind=FailureKind.WORKER)
