"""A LoRA file for WAN or Qwen-Image, by whichever names its trainer gave the layers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors.torch import load_file

from cinefarm.safetensors import SUFFIX
from cinefarm.statuses import FailureKind
from cinefarm.storage import sha256_file
from worker.engines.diffusers.beside import Pair, Unfit, added, layer_of, pair_of
from worker.task import EngineError, Task

_KEY = re.compile(
    r"(?:diffusion_model\.|transformer\.)?(?P<layer>(?:transformer_)?blocks\.\d+\..+?)\.lora_(?P<side>A|B|down|up)(?:\.default)?\.weight"
)
_ALPHA = re.compile(r"(?:diffusion_model\.|transformer\.)?(?P<layer>(?:transformer_)?blocks\.\d+\..+)\.alpha")
_NAMES = {  # as WAN's authors call its layers → as diffusers does; Qwen-Image's are called alike
    ".self_attn.": ".attn1.",
    ".cross_attn.": ".attn2.",
    ".ffn.0": ".ffn.net.0.proj",
    ".ffn.2": ".ffn.net.2",
}
_PROJECTIONS = {"q": "to_q", "k": "to_k", "v": "to_v", "o": "to_out.0"}


def lora_files(task: Task, bundle: str, strengths: Mapping[str, float]) -> dict[str, Path]:
    """The bundle's file for each word that its name has, noted in the recipe with the strength it is given.

    Raises `EngineError` (worker) naming what is missing and the command that brings it.
    """
    store = task.weights().store
    if reason := store.lack(bundle):
        raise EngineError(reason, kind=FailureKind.WORKER)
    place = store.place(bundle)
    files = sorted(place / path for path in store.loaded(bundle).files if path.endswith(SUFFIX))
    found = {}
    for word in strengths:
        file = next((file for file in files if word in file.name.lower()), None)
        if file is None:
            has = ", ".join(file.name for file in files)
            message = (
                f"{bundle} has no file with “{word}” in its name; it has {has}. Run `cinefarm models pull {bundle}`."
            )
            raise EngineError(message, kind=FailureKind.WORKER)
        found[word] = file
    task.provenance["loras"] = [
        {"file": file.name, "sha256": store.sha256(file) or sha256_file(file), "strength": strengths[word]}
        for word, file in found.items()
    ]
    return found


@contextmanager
def laid_over(model: torch.nn.Module, file: Path, *, strength: float = 1.0, stay: bool = False) -> Iterator[None]:
    """Within the block the model computes with the file's weights too; `stay` as in `added`.

    Raises `EngineError` (worker) for what does not fit.
    """
    try:
        layers = [(layer_of(model, name, pair), pair) for name, pair in _pairs(file, strength).items()]
    except Unfit as error:
        message = f"The LoRA {file.name} does not fit this model: {error}."
        raise EngineError(message, kind=FailureKind.WORKER) from error
    with added(layers, stay=stay):
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
