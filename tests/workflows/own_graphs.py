"""Graphs as artists export them from ComfyUI."""

import json
import struct
import zlib
from copy import deepcopy
from typing import Any

PICTURE: dict[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "model": ["4", 0],
            "seed": 156680208700286,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "scheduler": "simple",
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
            "denoise": 1.0,
        },
        "_meta": {"title": "KSampler"},
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 576, "batch_size": 1}},
    "6": {
        "class_type": "CLIPTextEncode",
        "inputs": {"text": "a lighthouse", "clip": ["4", 1]},
        "_meta": {"title": "긍정 프롬프트"},
    },
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry, text", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "../../mine/%date%", "images": ["8", 0]}},
}

# Nodes that wait for nothing: what the ComfyUI double can run in a moment.
UPSCALE: dict[str, Any] = {
    "1": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "RealESRGAN_x4plus.safetensors"}},
    "2": {"class_type": "LoadImage", "inputs": {"image": "example.png", "upload": "image"}},
    "3": {"class_type": "ImageUpscaleWithModel", "inputs": {"upscale_model": ["1", 0], "image": ["2", 0]}},
    "4": {"class_type": "ImageScaleBy", "inputs": {"image": ["3", 0], "upscale_method": "area", "scale_by": 0.5}},
    "5": {"class_type": "SaveImage", "inputs": {"filename_prefix": "mine", "images": ["4", 0]}},
}


def picture(**changed: Any) -> dict[str, Any]:
    """The picture's graph with inputs changed: `n6_text="…"`."""
    graph = deepcopy(PICTURE)
    for place, value in changed.items():
        node, name = place.removeprefix("n").split("_", 1)
        graph[node]["inputs"][name] = value
    return graph


def png(texts: dict[str, str], kind: bytes = b"tEXt") -> bytes:
    """A picture of one pixel with texts, as ComfyUI saves them."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    def packed(text: str) -> bytes:
        if kind == b"zTXt":
            return b"\0" + zlib.compress(text.encode("latin-1"))
        return b"\0\0\0\0" + text.encode() if kind == b"iTXt" else text.encode("latin-1")

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    told = b"".join(chunk(kind, name.encode() + b"\0" + packed(text)) for name, text in texts.items())
    return b"\x89PNG\r\n\x1a\n" + head + told + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


def exported(graph: dict[str, Any]) -> bytes:
    return json.dumps(graph).encode()
