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
        # values typed in once for several nodes
        "PrimitiveBoolean",
        "PrimitiveFloat",
        "PrimitiveInt",
        "PrimitiveString",
        "PrimitiveStringMultiline",
        # text and conditioning
        "CLIPSetLastLayer",
        "CLIPTextEncode",
        "CLIPTextEncodeFlux",
        "CLIPTextEncodeSDXL",
        "CLIPTextEncodeSDXLRefiner",
        "CLIPVisionEncode",
        "ConditioningAverage",
        "ConditioningCombine",
        "ConditioningConcat",
        "ConditioningSetArea",
        "ConditioningSetAreaPercentage",
        "ConditioningSetMask",
        "ConditioningSetTimestepRange",
        "ConditioningZeroOut",
        "ControlNetApply",
        "ControlNetApplyAdvanced",
        "FluxGuidance",
        "InpaintModelConditioning",
        "LTXVAddGuide",
        "LTXVConditioning",
        "LTXVCropGuides",
        "LTXVImgToVideo",
        "LTXVImgToVideoInplace",
        "LTXVPreprocess",
        "ReferenceLatent",
        "SetUnionControlNetType",
        "TextEncodeQwenImageEdit",
        "TextEncodeQwenImageEditPlus",
        "unCLIPConditioning",
        "WanAnimateToVideo",
        "WanFirstLastFrameToVideo",
        "WanImageToVideo",
        "WanVaceToVideo",
        # latents
        "EmptyFlux2LatentImage",
        "EmptyHunyuanLatentVideo",
        "EmptyImage",
        "EmptyLatentImage",
        "EmptyLTXVLatentVideo",
        "EmptySD3LatentImage",
        "LatentBatch",
        "LatentComposite",
        "LatentCrop",
        "LatentFlip",
        "LatentFromBatch",
        "LatentRotate",
        "LatentUpscale",
        "LatentUpscaleBy",
        "LTXVConcatAVLatent",
        "LTXVEmptyLatentAudio",
        "LTXVLatentUpsampler",
        "LTXVSeparateAVLatent",
        "RepeatLatentBatch",
        "SetLatentNoiseMask",
        "TrimVideoLatent",
        "VAEDecode",
        "VAEDecodeTiled",
        "VAEEncode",
        "VAEEncodeForInpaint",
        "VAEEncodeTiled",
        # sampling
        "AlignYourStepsScheduler",
        "BasicGuider",
        "BasicScheduler",
        "BetaSamplingScheduler",
        "CFGGuider",
        "DifferentialDiffusion",
        "DisableNoise",
        "ExponentialScheduler",
        "FlipSigmas",
        "Flux2Scheduler",
        "FreeU_V2",
        "KarrasScheduler",
        "KSampler",
        "KSamplerAdvanced",
        "KSamplerSelect",
        "LTXVScheduler",
        "ManualSigmas",
        "ModelSamplingAuraFlow",
        "ModelSamplingDiscrete",
        "ModelSamplingFlux",
        "ModelSamplingLTXV",
        "ModelSamplingSD3",
        "PerturbedAttentionGuidance",
        "PolyexponentialScheduler",
        "RandomNoise",
        "RescaleCFG",
        "SamplerCustom",
        "SamplerCustomAdvanced",
        "SDTurboScheduler",
        "SkipLayerGuidanceDiT",
        "SplitSigmas",
        "SplitSigmasDenoise",
        # pictures and sound
        "Canny",
        "CreateVideo",
        "FrameInterpolate",
        "GetVideoComponents",
        "GrowMask",
        "ImageBatch",
        "ImageBlend",
        "ImageBlur",
        "ImageColorToMask",
        "ImageCompositeMasked",
        "ImageCrop",
        "ImageFromBatch",
        "ImageInvert",
        "ImagePadForOutpaint",
        "ImageQuantize",
        "ImageScale",
        "ImageScaleBy",
        "ImageScaleToTotalPixels",
        "ImageSharpen",
        "ImageToMask",
        "ImageUpscaleWithModel",
        "InvertMask",
        "JoinImageWithAlpha",
        "LTXVAudioVAEDecode",
        "MaskComposite",
        "MaskToImage",
        "RemoveBackground",
        "RepeatImageBatch",
        "SolidMask",
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


def extension_of(class_type: str) -> str | None:
    """The repository that the class comes from; None of one that comes with ComfyUI."""
    return next((repository for repository, classes in EXTENSIONS.items() if class_type in classes), None)


def _classes(nodes: Iterable[Any]) -> Iterable[str]:
    return (str(node.get("class_type", "?")) if isinstance(node, dict) else "?" for node in nodes)
