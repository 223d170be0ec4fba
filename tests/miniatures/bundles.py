"""Which miniature stands for which bundle."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from tests.miniatures.actor import build_detector, build_pose
from tests.miniatures.birefnet import write_birefnet
from tests.miniatures.clip import build_clip
from tests.miniatures.flux import build_flux, build_flux2_klein, build_flux_fill
from tests.miniatures.gguf import write_flux_gguf, write_qwen_gguf
from tests.miniatures.ltx2 import build_ltx2
from tests.miniatures.qwen import ANSWER, build_qwen_vl_that_says, write_qwen_edit, write_telestyle
from tests.miniatures.realesrgan import write_realesrgan
from tests.miniatures.rife import write_rife
from tests.miniatures.sdxl import build_controlnet, build_sdxl
from tests.miniatures.vitmatte import build_vitmatte
from tests.miniatures.wan import build_wan22_i2v, build_wan_animate, write_svi
from workflows.catalog import FOLDER, load_bundles

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(1)

BUNDLES = load_bundles(FOLDER)
PIPELINES: dict[str, Callable[[], Any]] = {
    "flux1_dev": build_flux,
    "flux1_schnell": build_flux,
    "flux1_fill_dev": build_flux_fill,
    "flux2_klein_4b": build_flux2_klein,
    "wan22_i2v_a14b": build_wan22_i2v,
    "wan22_animate_14b": build_wan_animate,
    "ltx2_19b": build_ltx2,
    "sdxl_base": build_sdxl,
}
MODELS: dict[str, Callable[[], tuple[Any, ...]]] = {  # the model, and what reads for it
    "clip_vit_l14": build_clip,
    "sdxl_controlnet_depth": build_controlnet,
    "vitmatte_small": build_vitmatte,
    "rtdetr_r50": build_detector,
    "vitpose_plus_huge": build_pose,
    "qwen3_vl_8b": lambda: build_qwen_vl_that_says(ANSWER),
    "qwen3_vl_2b": lambda: build_qwen_vl_that_says("A fine picture, in prose."),
}
FILES: dict[str, Callable[[Path], None]] = {
    "birefnet": write_birefnet,
    "realesrgan_x4plus": write_realesrgan,
    "rife_v4_26": write_rife,
    "flux1_dev_gguf_q4": write_flux_gguf,
    "qwen_image_edit_2509_gguf_q4": write_qwen_gguf,
}
FOLDERS: dict[str, Callable[[Path], None]] = {
    "svi_2_pro": write_svi,
    "qwen_image_edit_2509": write_qwen_edit,
    "telestyle": write_telestyle,
}


def write_bundle(name: str, models: Path) -> Path:
    """The bundle under `models`, as a pull would leave it; nothing is done when it is there."""
    place = models / name
    if place.exists():
        return place
    if name in PIPELINES:
        PIPELINES[name]().save_pretrained(place, safe_serialization=True)
    elif name in FILES:
        file = place / str(BUNDLES[name].file)
        file.parent.mkdir(parents=True)
        FILES[name](file)
    elif name in FOLDERS:
        FOLDERS[name](place)
    else:
        for part in MODELS[name]():
            part.save_pretrained(place)
    return place
