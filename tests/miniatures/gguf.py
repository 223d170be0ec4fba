"""Denoisers as GGUF files, in blocks of 32 weights of 8 bits; layers are named as diffusers has them.

So are those of real files for Qwen-Image. Those for FLUX name them as its authors do: diffusers splits these by the
real model's width, which no miniature has.
"""

from pathlib import Path

import gguf
import numpy as np
import torch

from tests.miniatures.flux import flux_parts
from tests.miniatures.qwen import qwen_edit_parts


def write_flux_gguf(path: Path) -> None:
    _write(path, "flux", flux_parts()["transformer"])


def write_qwen_gguf(path: Path) -> None:
    _write(path, "qwen_image", qwen_edit_parts()["transformer"])


def _write(path: Path, architecture: str, module: torch.nn.Module) -> None:
    writer = gguf.GGUFWriter(str(path), architecture)
    for name, tensor in module.state_dict().items():
        values = tensor.float().numpy()
        if values.ndim == 2 and values.shape[1] % 32 == 0:
            packed = gguf.quants.quantize(values, gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, packed, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        else:
            writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
