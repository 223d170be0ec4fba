"""A part of a bundle: what it is called, what it takes in memory, how it is read."""

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from diffusers import GGUFQuantizationConfig
from safetensors import SafetensorError
from safetensors.torch import load_file

from cinefarm.safetensors import SUFFIX, read_header
from cinefarm.sentences import say
from cinefarm.statuses import FailureKind
from worker.bundles.parts import Component
from worker.models.store import ModelStore
from worker.task import EngineError
from workflows.needs import Offload, Precision

DENOISERS = frozenset({"transformer", "transformer_2", "unet"})  # the parts that lean precisions are for
_DTYPES = {Precision.FP32: torch.float32, Precision.FP16: torch.float16}
_IN_FULL = {"AutoencoderKLWan"}  # diffusers' guide to WAN reads it in fp32, whatever the rest is in
_BYTES = {Precision.FP8: 1.0, Precision.NF4: 0.56}
_FLOATS = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}

Build = Callable[[Mapping[str, torch.Tensor]], torch.nn.Module]  # raises ValueError for tensors of something else


def dtype_of(precision: Precision) -> torch.dtype:
    """What it computes in: lean weights are widened to bf16."""
    return _DTYPES.get(precision, torch.bfloat16)


@dataclass(frozen=True)
class Loadable:
    """One part: `read` gives the module in RAM, in evaluation mode. Raises `EngineError` or OSError."""

    component: Component
    name: str  # the part's name in its pipeline
    place: Path
    read: Callable[[], torch.nn.Module]
    offload: Offload = Offload.NONE


def class_of(library: str, name: str) -> Any:
    """A class as `model_index.json` names it: of diffusers, transformers, or a folder of diffusers' pipelines."""
    module = library if library in ("diffusers", "transformers") else f"diffusers.pipelines.{library}"
    return getattr(import_module(module), name)


def part_of(
    store: ModelStore, place: Path, name: str, kind: Any, *, precision: Precision, offload: Offload = Offload.NONE
) -> Loadable:
    """The part `name` that lies in the folder `place`; `kind` is its class. Raises `EngineError`."""
    lean = precision if name in DENOISERS else Precision.BF16 if precision in _BYTES else precision
    if getattr(kind, "__name__", "") in _IN_FULL:
        lean = Precision.FP32
    files = sorted(place.glob(f"*{SUFFIX}"))
    key = _key(store, files, lean, offload)
    sizes = [size for file in files for size in _sizes_gb(file, lean)]
    return Loadable(_component(key, sizes, offload), name, place, lambda: _read(kind, place, lean), offload)


def gguf_part(
    store: ModelStore, file: Path, name: str, kind: Any, *, config: Path, offload: Offload = Offload.NONE
) -> Loadable:
    """A denoiser from a GGUF file; its shape is told by the folder `config`."""

    def read() -> torch.nn.Module:
        quantised = GGUFQuantizationConfig(compute_dtype=torch.bfloat16)
        model: torch.nn.Module = kind.from_single_file(
            str(file), quantization_config=quantised, config=str(config), torch_dtype=torch.bfloat16
        )
        return model.eval()

    key = _key(store, [file], Precision.GGUF, offload)
    return Loadable(_component(key, [file.stat().st_size / 1e9], offload), name, file, read, offload)


def file_part(store: ModelStore, file: Path, build: Build, *, precision: Precision) -> Loadable:
    """The module that `build` makes of the tensors of one file."""

    def read() -> torch.nn.Module:
        try:
            module = build(load_file(file))
        except (OSError, ValueError, SafetensorError) as error:
            raise _broken(file, error) from error
        return module.to(dtype_of(precision)).eval().requires_grad_(False)

    key = _key(store, [file], precision, Offload.NONE)
    return Loadable(_component(key, list(_sizes_gb(file, precision)), Offload.NONE), file.stem, file, read)


def _component(key: str, sizes_gb: Sequence[float], offload: Offload) -> Component:
    """Of tensors of these sizes. Of those that come and go the largest is there, the next one, and what it is
    widened to."""
    whole_gb = sum(sizes_gb)
    if offload is not Offload.GROUP:
        return Component(key, whole_gb)
    return Component(key, min(whole_gb, 3 * max(sizes_gb)), ram_gb=whole_gb, swaps=True)


def _read(kind: Any, place: Path, precision: Precision) -> torch.nn.Module:
    dtype = dtype_of(precision)
    more: dict[str, Any] = {"use_safetensors": True, "local_files_only": True}
    name = "dtype" if kind.__module__.startswith("transformers") else "torch_dtype"
    try:
        model: torch.nn.Module = kind.from_pretrained(str(place), **{name: dtype}, **more)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise _broken(place, error) from error
    if precision is Precision.FP8:
        model.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=torch.bfloat16)  # type: ignore[operator]
    return model.eval().requires_grad_(False)


def _broken(place: Path, error: Exception) -> EngineError:
    where = f"{place.parent.name}/{place.name}"
    said = say(
        "The weights {where} cannot be loaded: {error}. Run `cinefarm models verify` on this box.",
        where=where,
        error=str(error),
    )
    return EngineError(said, kind=FailureKind.WORKER)


def _key(store: ModelStore, files: Sequence[Path], precision: Precision, offload: Offload) -> str:
    """Equal for equal weights, wherever they lie, as far as their hashes are known."""
    digest = hashlib.sha256(f"{precision}/{offload is Offload.GROUP}".encode())
    for file in files:
        digest.update((store.sha256(file) or str(file.resolve())).encode())
    return digest.hexdigest()


def _sizes_gb(file: Path, precision: Precision) -> Iterator[float]:
    """What each tensor takes in memory, by the header alone."""
    width = _BYTES.get(precision, dtype_of(precision).itemsize)
    for tensor in read_header(file).tensors.values():
        yield (math.prod(tensor.shape) * width if tensor.dtype in _FLOATS else tensor.bytes) / 1e9
