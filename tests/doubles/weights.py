"""Bundles that are as small as they can be and still whole."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

from workflows.needs import Bundle

PIPELINE = Bundle(name="tiny", repository="some/tiny", size_gb=0.001, licence="Apache-2.0")
INDEX = {
    "_class_name": "FluxPipeline",
    "force_zeros": True,
    "vae": ["diffusers", "AutoencoderKL"],
    "transformer": ["diffusers", "FluxTransformer2DModel"],
    "tokenizer": ["transformers", "CLIPTokenizerFast"],
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "image_encoder": [None, None],
}


def weights(size: int = 64, fill: int = 0) -> bytes:
    """A whole safetensors file with one tensor of `size` bytes."""
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes([fill]) * size


def pipeline(size: int = 64) -> dict[str, bytes]:
    """Path → content of what is loaded of a pipeline."""
    return {
        "LICENSE.md": b"Apache",
        "model_index.json": json.dumps(INDEX).encode(),
        "scheduler/scheduler_config.json": b"{}",
        "tokenizer/vocab.json": b"{}",
        "tokenizer/merges.txt": b"a b",
        "transformer/config.json": b"{}",
        "transformer/diffusion_pytorch_model-00001-of-00002.safetensors": weights(size, 1),
        "transformer/diffusion_pytorch_model-00002-of-00002.safetensors": weights(size, 2),
        "transformer/diffusion_pytorch_model.safetensors.index.json": b"{}",
        "vae/config.json": b"{}",
        "vae/diffusion_pytorch_model.safetensors": weights(size, 3),
    }


def not_loaded() -> dict[str, bytes]:
    """What lies in such a repository, too."""
    return {
        ".gitattributes": b"*.safetensors filter=lfs",
        "README.md": b"# Tiny",
        "flux1-dev.safetensors": weights(64, 4),
        "ae.safetensors": weights(64, 5),
        "scan.py": b"print()",
        "vae/diffusion_pytorch_model.bin": b"\x80\x02}q\x00.",
        "vae/diffusion_pytorch_model.fp16.safetensors": weights(32, 3),
        "transformer/model.ckpt": b"PK\x03\x04",
        "transformer/model.pt": b"PK\x03\x04",
        "transformer/model.pth": b"PK\x03\x04",
        "vae_encoder/model.onnx": b"onnx",
        "vae_1_0/diffusion_pytorch_model.safetensors": weights(64, 6),
    }


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
