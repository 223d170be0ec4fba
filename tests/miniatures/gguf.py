"""The transformer of FLUX as a GGUF file, in blocks of 32 weights of 8 bits; layers are named as diffusers has them.

Real files name them as FLUX's authors do: diffusers splits those by the real model's width, which no miniature has.
"""

from pathlib import Path

import gguf
import numpy as np

from tests.miniatures.flux import flux_parts


def write_flux_gguf(path: Path) -> None:
    writer = gguf.GGUFWriter(str(path), "flux")
    for name, tensor in flux_parts()["transformer"].state_dict().items():
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
