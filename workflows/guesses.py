"""What a value in a ComfyUI graph is likely to be: its type, name, titles and limits, by the node and input it is in.

Limits are what artists use, not what the nodes bear: ComfyUI lets a sampler run ten thousand steps.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from cinefarm.statuses import MediaKind
from workflows.graph import BindingRule
from workflows.graph_check import MODEL_FILE, UPLOADS, names_file
from workflows.graph_file import Graph
from workflows.own_input import InputSource, InputType

_MOST_SEED = 2**63 - 1
# of ComfyUI's core, the ones that most graphs use (comfy/samplers.py); an artist can add others in the form
_NAMES = "euler euler_ancestral heun dpm_2 dpmpp_2m dpmpp_2m_sde dpmpp_sde dpmpp_3m_sde ddim lcm uni_pc res_multistep"
SAMPLERS = tuple(_NAMES.split())
SCHEDULERS = ("normal", "karras", "exponential", "sgm_uniform", "simple", "ddim_uniform", "beta")
_CHOICES: dict[str, tuple[str, ...]] = {
    "sampler_name": SAMPLERS,
    "scheduler": SCHEDULERS,
    "upscale_method": ("nearest-exact", "bilinear", "area", "bicubic", "lanczos"),
    "crop": ("disabled", "center"),
    "add_noise": ("enable", "disable"),
}
_TEXTS = re.compile(r"^(text|prompt|clip_l|clip_g|t5xxl|text_[gl]|string|value)$")
_MAKES_SIZE = re.compile(r"Empty|ToVideo|Latent")


@dataclass(frozen=True)
class Guess:
    name: str
    type: InputType
    title_ko: str
    title_en: str
    default: bool | int | float | str | None = None
    min: float | None = None
    max: float | None = None
    multiple_of: int | None = None
    options: tuple[str, ...] = ()
    source: InputSource | None = None
    media: MediaKind | None = None
    rule: BindingRule = BindingRule.VALUE
    advanced: bool = False
    asked: bool = False
    fixed: bool = False
    shared: bool = False  # the same value elsewhere is the same question
    rank: int = 9  # the order in which the form shows it


def guess_of(graph: Graph, node_id: str, name: str, value: Any, *, role: str, kind: Literal["image", "video"]) -> Guess:
    """`role` is what the value feeds: its input's name, “positive” or “negative” for a text, “file” for a picture,
    “last_file” for one to end on.
    """
    class_type: str = graph[node_id]["class_type"]
    if role in ("file", "last_file"):
        return _file(UPLOADS[class_type, name], kind, is_last=role == "last_file")
    if isinstance(value, bool):
        return Guess(_word(name), "boolean", name, name, value)
    if isinstance(value, str):
        return _text(class_type, name, value, role)
    return _number(class_type, name, value, role)


def _file(media: MediaKind, kind: Literal["image", "video"], *, is_last: bool) -> Guess:
    if media is MediaKind.VIDEO:
        return Guess("video", "file", "영상", "Video", media=media, source="confirmed_take", asked=True, rank=1)
    if is_last:
        return Guess("last_image", "file", "마지막 프레임", "Last frame", media=media, asked=True, rank=1)
    if kind == "video":
        return Guess(
            "image", "file", "첫 프레임", "First frame", media=media, source="confirmed_take", asked=True, rank=1
        )
    return Guess("image", "file", "참고 이미지", "Reference picture", media=media, asked=True, rank=1)


def _text(class_type: str, name: str, value: str, role: str) -> Guess:
    if names_file(name, value) and name not in _CHOICES:
        model = bool(MODEL_FILE.search(value))
        return Guess(
            _word(name), "choice", name, name, value, options=(value,), fixed=model or name != "device", rank=20
        )
    if name in _CHOICES:
        options = _CHOICES[name] if value in _CHOICES[name] else (value, *_CHOICES[name])
        titles = {"sampler_name": ("샘플러", "Sampler"), "scheduler": ("스케줄러", "Scheduler")}.get(name, (name, name))
        return Guess(_word(name), "choice", *titles, value, options=options, advanced=True)
    if not _TEXTS.match(name):
        return Guess(_word(name), "choice", name, name, value, options=(value,), advanced=True)
    if role == "positive":
        return Guess("prompt", "text", "프롬프트", "Prompt", "", source="prompt", asked=True, rank=0)
    if role == "negative":
        negative = Guess("negative_prompt", "text", "제외할 것", "Negative prompt", value, asked=True, rank=2)
        return replace(negative, source="negative_prompt")
    return Guess(_word(name if name != "value" else "text"), "text", "글", "Text", value)


def _number(class_type: str, name: str, value: int | float, role: str) -> Guess:
    whole = isinstance(value, int)
    most = max(100, 10 ** len(str(abs(int(value)))))
    least = -most if value < 0 else 0
    match role:
        case "seed" | "noise_seed" if whole:
            return Guess("seed", "seed", "시드", "Seed", asked=True, shared=True, rank=3)
        case "width" | "height" if whole:
            return _size(class_type, role, int(value))
        case "length" | "frames_number" | "num_frames" if whole:
            return _frames(class_type, int(value))
        case "steps" if whole:
            steps = Guess("steps", "integer", "스텝 수", "Steps", value, 1, max(60, int(value)))
            return replace(steps, asked=True, shared=True, advanced=True, rank=6)
        case "cfg" | "guidance":
            cfg = Guess("guidance_scale", "number", "가이던스", "Guidance", value, 0, max(30, value), advanced=True)
            return replace(cfg, asked=True, shared=True, rank=7)
        case "denoise" if 0 <= value <= 1:
            return Guess("denoise", "number", "변화 정도", "Change", value, 0, 1, advanced=True, asked=True, rank=8)
        case "strength" | "strength_model" | "strength_clip" if 0 <= value <= 2:
            return Guess("strength", "number", "강도", "Strength", value, 0, 2, advanced=True)
    if not whole:
        return Guess(_word(role), "number", role, role, value, least, most if abs(value) > 1 else 1, advanced=True)
    return Guess(_word(role), "integer", role, role, value, least, most, advanced=True)


def _size(class_type: str, role: str, value: int) -> Guess:
    """Only what makes the picture follows the project; a step of 16 suits FLUX and WAN, one of 32 LTX."""
    steps = (32,) if class_type.startswith(("LTX", "EmptyLTX")) else (16, 8, 1)
    step = next((step for step in steps if value % step == 0), 1)
    makes = bool(_MAKES_SIZE.search(class_type)) or class_type.startswith("Primitive")
    titles = ("너비", "Width") if role == "width" else ("높이", "Height")
    size = Guess(role, "integer", *titles, value, 64 if step > 1 else 1, max(2048, value), multiple_of=step)
    source: InputSource | None = "width" if role == "width" else "height"
    return replace(size, source=source if makes else None, asked=makes, shared=True, rank=4 if makes else 9)


def _frames(class_type: str, value: int) -> Guess:
    rule = BindingRule.VALUE
    if class_type.startswith("Wan"):
        rule = BindingRule.WAN_FRAMES
    elif class_type.startswith(("LTX", "EmptyLTX")):
        rule = BindingRule.LTX_FRAMES
    frames = Guess("frame_count", "integer", "프레임 수", "Frames", value, 1, max(1000, value), source="frame_count")
    return replace(frames, rule=rule, asked=True, shared=True, rank=5)


def _word(name: str) -> str:
    """A parameter's name from an input's."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:36]
    return word if word[:1].isalpha() else f"input_{word}"[:36]
