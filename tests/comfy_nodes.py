"""What the ComfyUI double knows of nodes: their inputs as `/object_info` tells them, and small files for their outputs.

Names, kinds and limits are those of ComfyUI 0.3.64 to 0.38 (nodes.py and comfy_extras); nothing is computed.
"""

import hashlib
import json
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw

MODELS = {
    "checkpoints": ["sd_xl_base_1.0.safetensors", "ltx-2-19b-dev-fp8.safetensors"],
    "diffusion_models": [
        "flux1-dev.safetensors",
        "flux1-fill-dev.safetensors",
        "flux-2-klein-4b.safetensors",
        "wan2.2_animate_14B_bf16.safetensors",
        "wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors",
        "wan2.2_i2v_low_noise_14B_fp8_scaled.safetensors",
        "qwen_image_edit_2509_fp8_e4m3fn.safetensors",
    ],
    "text_encoders": [
        "clip_l.safetensors",
        "t5xxl_fp16.safetensors",
        "umt5_xxl_fp8_e4m3fn_scaled.safetensors",
        "gemma_3_12B_it_fp4_mixed.safetensors",
        "qwen_2.5_vl_7b_fp8_scaled.safetensors",
        "qwen_3_4b.safetensors",
    ],
    "vae": ["ae.safetensors", "wan_2.1_vae.safetensors", "qwen_image_vae.safetensors", "flux2-vae.safetensors"],
    "clip_vision": ["clip_vision_h.safetensors"],
    "loras": [
        "diffsynth_Qwen-Image-Edit-2509-telestyle.safetensors",
        "diffsynth_Qwen-Image-Edit-2509-Lightning-4steps-V1.0-bf16.safetensors",
        "SVI_v2_PRO_Wan2.2-I2V-A14B_HIGH_lora_rank_128_fp16.safetensors",
        "SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora_rank_128_fp16.safetensors",
    ],
    "controlnet": ["controlnet-depth-sdxl-1.0.safetensors"],
    "upscale_models": ["RealESRGAN_x4plus.safetensors"],
    "background_removal": ["birefnet.safetensors"],
    "sampler": ["euler", "dpmpp_2m"],
    "scheduler": ["simple", "karras", "normal"],
    "dtype": ["default", "fp8_e4m3fn", "fp8_e5m2"],
    "clip_type": ["flux", "sdxl", "wan", "ltxv", "qwen_image", "flux2"],
    "switch": ["enable", "disable"],
    "device": ["default", "cpu"],
    "scaling": ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"],
    "crop": ["disabled", "center"],
    "vision_crop": ["center", "none"],
    "mask_channel": ["alpha", "red", "green", "blue"],
    "channel": ["red", "green", "blue", "alpha"],
    "webm": ["vp9", "av1"],
    "uploaded": [],
}

# name: a link; name:kind:min:max: a value; name=list: a choice; optional inputs begin with ?
_NODES = {
    "CheckpointLoaderSimple": "ckpt_name=checkpoints",
    "UNETLoader": "unet_name=diffusion_models weight_dtype=dtype",
    "CLIPLoader": "clip_name=text_encoders type=clip_type ?device=device",
    "DualCLIPLoader": "clip_name1=text_encoders clip_name2=text_encoders type=clip_type ?device=device",
    "VAELoader": "vae_name=vae",
    "ControlNetLoader": "control_net_name=controlnet",
    "CLIPVisionLoader": "clip_name=clip_vision",
    "LoraLoader": "model clip lora_name=loras strength_model:float:-100:100 strength_clip:float:-100:100",
    "LoraLoaderModelOnly": "model lora_name=loras strength_model:float:-100:100",
    "UpscaleModelLoader": "model_name=upscale_models",
    "LoadBackgroundRemovalModel": "bg_removal_name=background_removal",
    "LoadImage": "image=uploaded",
    "LoadImageMask": "image=uploaded channel=mask_channel",
    "LoadVideo": "file=uploaded",
    "GetVideoComponents": "video",
    "PrimitiveInt": "value:int:-9223372036854775807:9223372036854775807",
    "PrimitiveFloat": "value:float:-9223372036854775807:9223372036854775807",
    "CLIPTextEncode": "text:text clip",
    "TextEncodeQwenImageEditPlus": "clip prompt:text ?vae ?image1 ?image2 ?image3",
    "CLIPVisionEncode": "clip_vision image crop=vision_crop",
    "ReferenceLatent": "conditioning ?latent",
    "InpaintModelConditioning": "positive negative vae pixels mask noise_mask:bool",
    "FluxGuidance": "conditioning guidance:float:0:100",
    "ConditioningZeroOut": "conditioning",
    "ControlNetApplyAdvanced": "positive negative control_net image strength:float:0:10 start_percent:float:0:1 "
    "end_percent:float:0:1 ?vae",
    "EmptySD3LatentImage": "width:int:16:16384 height:int:16:16384 batch_size:int:1:4096",
    "EmptyFlux2LatentImage": "width:int:16:16384 height:int:16:16384 batch_size:int:1:4096",
    "Flux2Scheduler": "steps:int:1:4096 width:int:16:16384 height:int:16:16384",
    "EmptyLatentImage": "width:int:16:16384 height:int:16:16384 batch_size:int:1:4096",
    "EmptyImage": "width:int:1:16384 height:int:1:16384 batch_size:int:1:4096 color:int:0:16777215",
    "ImageInvert": "image",
    "KSampler": "model seed:int:0:18446744073709551615 steps:int:1:10000 cfg:float:0:100 sampler_name=sampler "
    "scheduler=scheduler positive negative latent_image denoise:float:0:1",
    "KSamplerAdvanced": "model add_noise=switch noise_seed:int:0:18446744073709551615 steps:int:1:10000 "
    "cfg:float:0:100 sampler_name=sampler scheduler=scheduler positive negative latent_image start_at_step:int:0:10000 "
    "end_at_step:int:0:10000 return_with_leftover_noise=switch",
    "VAEDecode": "samples vae",
    "VAEEncode": "pixels vae",
    "VAEDecodeTiled": "samples vae tile_size:int:64:4096 overlap:int:0:4096 temporal_size:int:8:4096 "
    "temporal_overlap:int:4:4096",
    "ImageScale": "image upscale_method=scaling width:int:0:16384 height:int:0:16384 crop=crop",
    "ImageScaleToTotalPixels": "image upscale_method=scaling megapixels:float:0.01:16 resolution_steps:int:1:256",
    "ImageScaleBy": "image upscale_method=scaling scale_by:float:0.01:8",
    "ImageUpscaleWithModel": "upscale_model image",
    "RemoveBackground": "bg_removal_model image ?resolution:int:256:4096",
    "InvertMask": "mask",
    "MaskToImage": "mask",
    "ImageToMask": "image channel=channel",
    "JoinImageWithAlpha": "image alpha",
    "DifferentialDiffusion": "model ?strength:float:0:1",
    "ModelSamplingAuraFlow": "model shift:float:0:100",
    "ModelSamplingSD3": "model shift:float:0:100",
    "WanImageToVideo": "positive negative vae width:int:16:16384 height:int:16:16384 length:int:1:16384 "
    "batch_size:int:1:4096 ?clip_vision_output ?start_image",
    "WanFirstLastFrameToVideo": "positive negative vae width:int:16:16384 height:int:16:16384 length:int:1:16384 "
    "batch_size:int:1:4096 ?clip_vision_start_image ?clip_vision_end_image ?start_image ?end_image",
    "WanAnimateToVideo": "positive negative vae width:int:16:16384 height:int:16:16384 length:int:1:16384 "
    "batch_size:int:1:4096 ?clip_vision_output ?reference_image ?face_video ?pose_video "
    "continue_motion_max_frames:int:1:16384 ?background_video ?character_mask ?continue_motion "
    "video_frame_offset:int:0:16384",
    "WanImageToVideoSVIPro": "positive negative length:int:1:16384 anchor_samples ?prev_samples "
    "motion_latent_count:int:0:128",
    "TrimVideoLatent": "samples trim_amount:int:0:99999",
    "LTXAVTextEncoderLoader": "text_encoder=text_encoders ckpt_name=checkpoints device=device",
    "LTXVAudioVAELoader": "ckpt_name=checkpoints",
    "LTXVConditioning": "positive negative frame_rate:float:0:1000",
    "LTXVPreprocess": "image img_compression:int:0:100",
    "EmptyLTXVLatentVideo": "width:int:64:16384 height:int:64:16384 length:int:1:16384 batch_size:int:1:4096",
    "LTXVImgToVideoInplace": "vae image latent strength:float:0:1 bypass:bool",
    "LTXVEmptyLatentAudio": "frames_number:int:1:1000 frame_rate:int:1:1000 batch_size:int:1:4096 audio_vae",
    "LTXVConcatAVLatent": "video_latent audio_latent",
    "LTXVScheduler": "steps:int:1:10000 max_shift:float:0:100 base_shift:float:0:100 stretch:bool "
    "terminal:float:0:0.99 ?latent",
    "KSamplerSelect": "sampler_name=sampler",
    "RandomNoise": "noise_seed:int:0:18446744073709551615",
    "CFGGuider": "model positive negative cfg:float:0:100",
    "SamplerCustomAdvanced": "noise guider sampler sigmas latent_image",
    "LTXVSeparateAVLatent": "av_latent",
    "LTXVAudioVAEDecode": "samples audio_vae",
    "LTXVAddGuide": "positive negative vae latent image frame_idx:int:-9999:9999 strength:float:0:1",
    "LTXVCropGuides": "positive negative latent",
    "SaveImage": "images filename_prefix:text",
    "PreviewImage": "images",
    "SaveWEBM": "images filename_prefix:text codec=webm fps:float:0.01:1000 crf:float:0:63",
    "SaveAudio": "audio filename_prefix:text",
}
UPLOADED = {"LoadImage": "image", "LoadImageMask": "image", "LoadVideo": "file"}
OUTPUTS = {"SaveImage", "PreviewImage", "SaveWEBM", "SaveAudio"}
SAMPLERS = {"KSampler", "KSamplerAdvanced", "SamplerCustomAdvanced", "ImageUpscaleWithModel"}  # they take steps


def described(class_type: str, models: dict[str, list[str]]) -> dict[str, Any] | None:
    """The class as `/object_info/{class}` tells it; every second choice in the newer form, as servers mix them."""
    if class_type not in _NODES:
        return None
    groups: dict[str, dict[str, Any]] = {"required": {}, "optional": {}}
    for number, word in enumerate(_NODES[class_type].split()):
        group = groups["optional" if word.startswith("?") else "required"]
        word = word.removeprefix("?")
        if "=" in word:
            name, key = word.split("=")
            options = [option for option in models[key] if key != "uploaded" or "/" not in option]
            group[name] = ["COMBO", {"options": options}] if number % 2 else [options, {}]
            continue
        name, *rest = word.split(":")
        facts = {"min": float(rest[1]), "max": float(rest[2])} if len(rest) > 2 else {}
        group[name] = [rest[0].upper() if rest else "LINK", facts]
    return {"input": groups, "output_node": class_type in OUTPUTS, "name": class_type}


def problems_of(node: dict[str, Any], models: dict[str, list[str]]) -> list[dict[str, Any]]:
    """What `/prompt` finds wrong with one node, in its own words."""
    found = described(node["class_type"], models)
    assert found
    problems = []
    for name, (kind, facts) in {**found["input"]["optional"], **found["input"]["required"]}.items():
        if name not in node["inputs"]:
            if name in found["input"]["required"]:
                problems.append(_problem("required_input_missing", "Required input is missing", name, name, None))
            continue
        value = node["inputs"][name]
        if isinstance(value, list):
            continue
        options = kind if isinstance(kind, list) else facts.get("options")
        if name == UPLOADED.get(node["class_type"]):
            if value not in models["uploaded"]:  # the list tells only files that are in no folder
                noun = "video" if name == "file" else "image"
                details, message = f"{name} - Invalid {noun} file: {value}", "Custom validation failed for node"
                problems.append(_problem("custom_validation_failed", message, details, name, None))
        elif options is not None and value not in options:
            details = f"{name}: '{value}' not in {options}"
            problems.append(_problem("value_not_in_list", "Value not in list", details, name, value))
        elif facts.get("max") is not None and value > facts["max"]:
            message = f"Value {value} bigger than max of {facts['max']:g}"
            problems.append(_problem("value_bigger_than_max", message, name, name, value))
        elif facts.get("min") is not None and value < facts["min"]:
            message = f"Value {value} smaller than min of {facts['min']:g}"
            problems.append(_problem("value_smaller_than_min", message, name, name, value))
    return problems


def verdict_on(graph: dict[str, Any], models: dict[str, list[str]]) -> tuple[list[str], dict[str, Any]]:
    """The outputs that can be made, and what is wrong with nodes that outputs need; no other node is looked at."""
    good, errors = [], {}
    for output in (node_id for node_id, node in graph.items() if node["class_type"] in OUTPUTS):
        found = {node_id: problems_of(graph[node_id], models) for node_id in needed_by(graph, [output])}
        bad = {node_id: problems for node_id, problems in found.items() if problems}
        if not bad:
            good.append(output)
        for node_id, problems in bad.items():
            told = {"errors": problems, "dependent_outputs": [], "class_type": graph[node_id]["class_type"]}
            errors.setdefault(node_id, told)["dependent_outputs"].append(output)
    return good, errors


def needed_by(graph: dict[str, Any], outputs: list[str]) -> list[str]:
    """The outputs and all that they need, in the graph's order."""
    found, waiting = set(), list(outputs)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting += [value[0] for value in graph[node_id]["inputs"].values() if isinstance(value, list)]
    return [node_id for node_id in graph if node_id in found]


def keys_of(graph: dict[str, Any]) -> dict[str, str]:
    """By node, the same for what would give the same result."""
    found: dict[str, str] = {}
    for node_id in in_order(graph):
        node = graph[node_id]
        parts = {
            name: [found[value[0]], value[1]] if isinstance(value, list) else value
            for name, value in node["inputs"].items()
        }
        told = json.dumps([node["class_type"], parts], sort_keys=True)
        found[node_id] = hashlib.sha256(told.encode()).hexdigest()
    return found


def in_order(graph: dict[str, Any]) -> list[str]:
    """Each node after those that feed it."""
    depths: dict[str, int] = {}

    def depth_of(node_id: str) -> int:
        if node_id not in depths:
            links = [value[0] for value in graph[node_id]["inputs"].values() if isinstance(value, list)]
            depths[node_id] = 1 + max(map(depth_of, links), default=0)
        return depths[node_id]

    return sorted(graph, key=depth_of)


def steps_of(graph: dict[str, Any], node_id: str) -> int:
    """How often a node tells of its progress: the samplers do, one of two experts of its own steps."""
    node = graph[node_id]
    if node["class_type"] not in SAMPLERS:
        return 0
    given = next((node["inputs"]["steps"] for node in graph.values() if "steps" in node["inputs"]), 4)
    steps = int(graph[given[0]]["inputs"]["value"] if isinstance(given, list) else given)
    return min(steps, node["inputs"].get("end_at_step", steps)) - node["inputs"].get("start_at_step", 0)


def _problem(kind: str, message: str, details: str, name: str, value: Any) -> dict[str, Any]:
    facts = {"input_name": name} | ({} if value is None else {"received_value": value})
    return {"type": kind, "message": message, "details": details, "extra_info": facts}


def size_of(graph: dict[str, Any]) -> tuple[int, int]:
    """Width and height that the graph asks for; a small one where it does not say."""
    for node in graph.values():
        if {"width", "height"} <= node["inputs"].keys():
            return int(node["inputs"]["width"]), int(node["inputs"]["height"])
    return 64, 48


def length_of(graph: dict[str, Any], node_id: str) -> int:
    """Frames of the node's own film: of what feeds it, the nearest that says so."""
    waiting = [node_id]
    for found in waiting:
        inputs = graph[found]["inputs"]
        if "length" in inputs:
            return int(inputs["length"])
        waiting += [value[0] for value in inputs.values() if isinstance(value, list) and value[0] not in waiting]
    return 1


def png_bytes(graph: dict[str, Any], *, black: bool = False) -> bytes:
    """A PNG of the graph's size and a colour of its own, with the graph in a text chunk as SaveImage writes it."""
    width, height = size_of(graph)
    red, green, blue = (0, 0, 0) if black else (1 + byte % 255 for byte in hashlib.sha256(_text(graph)).digest()[:3])
    rows = (b"\x00" + bytes((red, green, blue)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"tEXt", b"prompt\x00" + _text(graph)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def is_mask(graph: dict[str, Any], node_id: str) -> bool:
    """Whether what the node saves is a mask."""
    source = graph[node_id]["inputs"].get("images")
    return isinstance(source, list) and graph[source[0]]["class_type"] == "MaskToImage"


def write_mask(path: Path, picture: Path, *, black: bool) -> None:
    """A white oval in the middle of the picture that was sent, as large as that; or nothing in it."""
    with Image.open(picture) as sent:
        drawn = Image.new("RGB", sent.size)
    if not black:
        width, height = drawn.size
        ImageDraw.Draw(drawn).ellipse((width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill="white")
    drawn.save(path)


def _text(graph: dict[str, Any]) -> bytes:
    return json.dumps(graph, sort_keys=True).encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def write_webm(path: Path, graph: dict[str, Any], node_id: str) -> None:
    """Frame n is grey of level 40 + 2n, so that a test can tell which frame it sees."""
    width, height = size_of(graph)
    fps = float(graph[node_id]["inputs"]["fps"])
    with av.open(str(path), "w", format="webm") as container:
        container.metadata["prompt"] = json.dumps(graph)
        stream = container.add_stream("libvpx-vp9", rate=Fraction(round(fps * 1000), 1000))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "6", "deadline": "realtime", "cpu-used": "8"}
        for number in range(length_of(graph, node_id)):
            level = min(255, 40 + 2 * number)
            frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), level, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def write_flac(path: Path, seconds: float) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=24000)
        samples = (np.sin(np.arange(int(24000 * seconds)) / 10) * 8000).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 24000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
