"""The LoRAs of a shot's characters beside FLUX: added to what its layers answer, so its own weights are never touched.

That holds however the weights are kept: whole, swapped block by block, in 8 bits, or as a GGUF file has them. When the
block ends, also by a cancel or a failure, nothing of them is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import FluxPipeline
from safetensors.torch import load_file

from cinefarm.safetensors import NotWhole, read_header
from cinefarm.statuses import FailureKind
from cinefarm.storage import sha256_file
from worker.task import EngineError, Task
from workflows.schema import Lora

MODEL = "FLUX.1"

Pair = tuple[torch.Tensor, torch.Tensor]  # rank × in, out × rank; the strength is in the second


@dataclass(frozen=True)
class CharacterLora:
    """A LoRA that was read: layer of a part of the pipeline, such as `transformer.…`, → its matrices."""

    name: str  # of the character's file
    pairs: Mapping[str, Pair]


def read_loras(task: Task) -> list[CharacterLora]:
    """Those of the job with any strength; all are noted in the recipe. Raises `EngineError` (bad input)."""
    scale = task.parameters["lora_scale"]
    found, noted = [], []
    for given in task.parameters["loras"] or ():
        lora = Lora.model_validate(given)
        file = task.input(lora.input)
        name = lora.name or file.name
        strength = lora.strength * scale
        pairs = _read(file, name)
        noted.append({"name": name, "sha256": sha256_file(file), "strength": round(strength, 4)})
        if strength:
            found.append(CharacterLora(name, {layer: (down, up * strength) for layer, (down, up) in pairs.items()}))
        else:
            task.log(f"The LoRA {name} has strength 0 and is left out.")
    task.provenance["loras"] = noted
    if not noted:
        task.log("None of the shot's characters has a LoRA; the picture is that of the model alone.", "warning")
    return found


@contextmanager
def laid_beside(pipe: Any, loras: Sequence[CharacterLora]) -> Iterator[None]:
    """Within the block the pipeline computes with all of them. Raises `EngineError` (bad input) for one of another
    model."""
    hooks = []
    try:
        for lora in loras:
            for layer, pair in lora.pairs.items():
                hooks.append(_layer(pipe, layer, pair, lora.name).register_forward_hook(_Adds(*pair)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


class _Adds:
    """Brought to the device once, by the first step."""

    def __init__(self, down: torch.Tensor, up: torch.Tensor) -> None:
        self._down = down
        self._up = up

    def __call__(self, module: torch.nn.Module, given: tuple[torch.Tensor, ...], answer: torch.Tensor) -> torch.Tensor:
        x = given[0]
        self._down, self._up = self._down.to(x.device, x.dtype), self._up.to(x.device, x.dtype)
        return answer + (x @ self._down.T @ self._up.T).to(answer.dtype)


def _read(file: Path, name: str) -> dict[str, Pair]:
    """By FLUX's names of layers as diffusers has them. Several trainers' ways to name them are known to diffusers."""
    try:
        read_header(file)
    except NotWhole as error:
        raise _refused(name, f"cannot be used: {error.reason}") from error
    try:
        state, alphas = FluxPipeline.lora_state_dict(dict(load_file(file)), return_alphas=True)
    except (ValueError, KeyError, IndexError, RuntimeError, AttributeError) as error:
        raise _unfit(name, f"its weights have names that are not those of a {MODEL} LoRA") from error
    sides: dict[str, dict[str, torch.Tensor]] = {}
    for key, tensor in state.items():
        layer, _, side = key.removesuffix(".weight").rpartition(".")
        if side not in ("lora_A", "lora_B") or not layer.startswith(("transformer.", "text_encoder.")):
            raise _unfit(name, f"“{key[:80]}” is no weight of a {MODEL} LoRA")
        sides.setdefault(layer, {})[side] = tensor
    scales = {key.removesuffix(".alpha"): float(value) for key, value in (alphas or {}).items()}
    return {layer: _pair(name, layer, found, scales.get(layer)) for layer, found in sides.items()}


def _pair(name: str, layer: str, found: Mapping[str, torch.Tensor], alpha: float | None) -> Pair:
    down, up = found.get("lora_A"), found.get("lora_B")
    if down is None or up is None:
        raise _unfit(name, f"of “{layer}” one half is missing")
    if down.ndim != 2 or up.ndim != 2 or down.shape[0] != up.shape[1]:
        raise _unfit(name, f"the halves of “{layer}” do not fit each other")
    rank = down.shape[0]
    return down, up * ((rank if alpha is None else alpha) / rank)


def _layer(pipe: Any, name: str, pair: Pair, file: str) -> torch.nn.Module:
    part, _, path = name.partition(".")
    module = getattr(pipe, part)
    layer: torch.nn.Module | None = None
    for place in (path, path.removeprefix("text_model.")):  # transformers 5 has no such level any more
        try:
            layer = module.get_submodule(place)
            break
        except AttributeError:
            continue
    if layer is None:
        raise _unfit(file, f"the model has no layer “{name}”")
    wanted = (getattr(layer, "out_features", None), getattr(layer, "in_features", None))
    shape = (pair[1].shape[0], pair[0].shape[1])
    if shape != wanted:
        raise _unfit(file, f"its “{name}” is {shape[0]} × {shape[1]}, the model's {wanted[0]} × {wanted[1]}")
    return layer


def _unfit(name: str, why: str) -> EngineError:
    return _refused(name, f"is not for {MODEL}: {why}")


def _refused(name: str, why: str) -> EngineError:
    message = f"The LoRA {name} {why}. Choose another file for the character, or take it off."
    return EngineError(message, kind=FailureKind.BAD_INPUT)
