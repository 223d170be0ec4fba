"""Node classes that a graph may use. A class that is not here is refused before anything is submitted.

A custom node is a Python program that whoever wrote the graph makes the box run, and some core nodes read any address
or file. So a graph is checked against this list. To allow a node: add its class to `CORE` if it comes with ComfyUI, or
to `EXTENSIONS` under the repository that it comes from, after reading what it does with texts, paths and addresses.
"""

from collections.abc import Iterable
from typing import Any

CORE = frozenset(
    {
        # loaders: each takes the name of a file in the server's own model folders
        "CheckpointLoaderSimple",
        "CLIPLoader",
        "CLIPVisionLoader",
        "ControlNetLoader",
        "DualCLIPLoader",
        "FrameInterpolationModelLoader",
        "LatentUpscaleModelLoader",
        "LoadBackgroundRemovalModel",
        "LoraLoader",
        "LoraLoaderModelOnly",
        "LTXAVTextEncoderLoader",
        "LTXVAudioVAELoader",
        "UNETLoader",
        "UpscaleModelLoader",
        "VAELoader",
        # inputs: each takes the name under which we uploaded a file
        "LoadImage",
        "LoadImageMask",
        "LoadVideo",
        # text and conditioning
        "CLIPTextEncode",
        "CLIPTextEncodeFlux",
        "CLIPVisionEncode",
        "ConditioningZeroOut",
        "ControlNetApplyAdvanced",
        "FluxGuidance",
        "LTXVAddGuide",
        "LTXVConditioning",
        "LTXVCropGuides",
        "LTXVImgToVideo",
        "LTXVImgToVideoInplace",
        "LTXVPreprocess",
        "WanAnimateToVideo",
        "WanFirstLastFrameToVideo",
        "WanImageToVideo",
        # latents
        "EmptyFlux2LatentImage",
        "EmptyImage",
        "EmptyLatentImage",
        "EmptyLTXVLatentVideo",
        "EmptySD3LatentImage",
        "LTXVConcatAVLatent",
        "LTXVEmptyLatentAudio",
        "LTXVLatentUpsampler",
        "LTXVSeparateAVLatent",
        "VAEDecode",
        "VAEDecodeTiled",
        "VAEEncode",
        # sampling
        "BasicGuider",
        "BasicScheduler",
        "CFGGuider",
        "KSampler",
        "KSamplerAdvanced",
        "KSamplerSelect",
        "LTXVScheduler",
        "ManualSigmas",
        "ModelSamplingFlux",
        "ModelSamplingLTXV",
        "ModelSamplingSD3",
        "RandomNoise",
        "SamplerCustomAdvanced",
        # pictures and sound
        "CreateVideo",
        "FrameInterpolate",
        "GetVideoComponents",
        "ImageInvert",
        "ImageScale",
        "ImageScaleBy",
        "ImageUpscaleWithModel",
        "InvertMask",
        "JoinImageWithAlpha",
        "LTXVAudioVAEDecode",
        "MaskToImage",
        "RemoveBackground",
        # outputs: the names of their files are ours
        "PreviewImage",
        "SaveAudio",
        "SaveImage",
        "SaveVideo",
        "SaveWEBM",
    }
)

EXTENSIONS = {
    "city96/ComfyUI-GGUF": frozenset({"DualCLIPLoaderGGUF", "CLIPLoaderGGUF", "UnetLoaderGGUF"}),
    "kijai/ComfyUI-KJNodes": frozenset({"WanImageToVideoSVIPro"}),
}

ALLOWED = CORE.union(*EXTENSIONS.values())


def forbidden(graph: dict[str, Any]) -> list[str]:
    """Classes of the graph that are not allowed, each once, in alphabetical order."""
    return sorted(set(_classes(graph.values())) - ALLOWED)


def _classes(nodes: Iterable[Any]) -> Iterable[str]:
    return (str(node.get("class_type", "?")) if isinstance(node, dict) else "?" for node in nodes)
