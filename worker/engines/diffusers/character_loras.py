"""The LoRAs of a shot's characters beside FLUX, by whichever names their trainers gave the layers."""

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
from worker.engines.diffusers.beside import Pair, Unfit, added, layer_of, pair_of
from worker.task import EngineError, Task
from workflows.schema import Lora

MODEL = "FLUX.1"


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
    with added([layer for lora in loras for layer in _layers(pipe, lora)], stay=True):
        yield


def _layers(pipe: Any, lora: CharacterLora) -> list[tuple[torch.nn.Module, Pair]]:
    found = []
    for name, pair in lora.pairs.items():
        part, _, path = name.partition(".")
        places = (path, path.removeprefix("text_model."))  # transformers 5 has no such level any more
        try:
            found.append((layer_of(getattr(pipe, part), name, pair, places=places), pair))
        except Unfit as error:
            raise _unfit(lora.name, str(error)) from error
    return found


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
    try:
        return {
            layer: pair_of(layer, found.get("lora_A"), found.get("lora_B"), scales.get(layer))
            for layer, found in sides.items()
        }
    except Unfit as error:
        raise _unfit(name, str(error)) from error


def _unfit(name: str, why: str) -> EngineError:
    return _refused(name, f"is not for {MODEL}: {why}")


def _refused(name: str, why: str) -> EngineError:
    message = f"The LoRA {name} {why}. Choose another file for the character, or take it off."
    return EngineError(message, kind=FailureKind.BAD_INPUT)
