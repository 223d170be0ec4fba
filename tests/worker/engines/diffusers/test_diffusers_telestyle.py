"""TeleStyle on miniature weights: a picture drawn anew in the style of another."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from cinefarm.statuses import FailureKind
from cinefarm.storage import sha256_file
from tests.miniatures.qwen import qwen_edit_parts
from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.bundles.opening import Opening
from worker.engines.diffusers import steps, telestyle
from worker.engines.diffusers.low_rank import lora_files
from worker.engines.diffusers.qwen_edit import QwenEdit
from worker.surroundings import catalog
from worker.task import Canceled, EngineError
from worker.weights.warm import Wanted
from workflows.needs import Offload

SHOT = {"id": "S1", "code": "SHT-00001", "project": "Mug"}
BUNDLES = ("qwen_image_edit_2509", "telestyle")
SMALL: dict[str, Any] = {"width": 256, "height": 256, "shot": SHOT}
Restyle = Callable[..., Drawn]


@pytest.fixture(autouse=True)
def small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model looks at one megapixel of each picture; a little of it does for the miniature."""
    for size in ("VAE_IMAGE_SIZE", "CONDITION_IMAGE_SIZE"):
        monkeypatch.setattr(f"diffusers.pipelines.qwenimage.pipeline_qwenimage_edit_plus.{size}", 128 * 128)


@pytest.fixture
def restyle(draw: Draw, photo: Callable[..., Path]) -> Restyle:
    def run(image: Path | None = None, style: Path | None = None, **given: Any) -> Drawn:
        inputs = {"image": image or photo(1), "style_image": style or photo(2)}
        return draw("image_to_video/telestyle", inputs, **{"bundles": BUNDLES, **SMALL, **given})

    return run


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def plain(restyle: Restyle, kept: dict[str, bytes]) -> bytes:
    """The picture of the defaults."""
    if "plain" not in kept:
        kept["plain"] = restyle().path.read_bytes()
    return kept["plain"]


def weights_of(opening: Opening) -> list[torch.Tensor]:
    """Whatever the modules hold now."""
    modules = [shelved.module for shelved in opening()._shelf._shelved.values() if shelved.module]
    return [tensor.detach().clone() for module in modules for tensor in module.state_dict().values()]


def test_it_draws_in_four_steps_with_both_files_and_says_so(
    restyle: Restyle, plain: bytes, models: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 0.0)
    drawn = restyle()
    assert drawn.path.read_bytes() == plain
    assert drawn.pixels.shape == (256, 256, 3)
    assert [said for said in drawn.said if said.startswith("step")] == [f"step {n} of 4" for n in range(1, 5)]
    assert len(drawn.previews) == 4
    files = sorted((models(*BUNDLES) / "telestyle" / "weights").iterdir(), reverse=True)
    recipe = drawn.task.provenance
    assert recipe["loras"] == [{"file": file.name, "sha256": sha256_file(file), "strength": 1.0} for file in files]
    assert (recipe["steps"], recipe["guidance_scale"]) == (4, 1.0)


def test_everything_that_is_asked_for_changes_the_picture(
    restyle: Restyle, plain: bytes, photo: Callable[..., Path]
) -> None:
    pictures = [
        restyle(photo(3)),
        restyle(style=photo(3)),
        restyle(prompt="bold outlines"),
        restyle(strength=0.5),
        restyle(strength=0.0),
        restyle(seed=2),
        restyle(steps=3),
        restyle(guidance_scale=3.0),
        restyle(quick=False, steps=4, guidance_scale=1.0),
    ]
    assert len({plain, *(drawn.path.read_bytes() for drawn in pictures)}) == len(pictures) + 1
    assert any("strength is 0" in line for line in pictures[4].log)


def test_the_two_pictures_are_not_taken_for_each_other(restyle: Restyle, photo: Callable[..., Path]) -> None:
    assert not np.array_equal(restyle(photo(1), photo(2)).pixels, restyle(photo(2), photo(1)).pixels)


def test_with_time_it_is_drawn_in_forty_steps_with_guidance(restyle: Restyle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telestyle, "FULL", telestyle.Pace(3, 4.0))
    drawn = restyle(quick=False)
    assert (drawn.task.provenance["steps"], drawn.task.provenance["guidance_scale"]) == (3, 4.0)
    assert [lora["strength"] for lora in drawn.task.provenance["loras"]] == [1.0]
    assert drawn.said[-2] == "step 3 of 3"


def test_afterwards_the_weights_are_as_before_also_when_canceled_or_failed(
    restyle: Restyle, plain: bytes, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = weights_of(opening)

    def unchanged() -> None:
        assert restyle().path.read_bytes() == plain
        assert all(torch.equal(a, b) for a, b in zip(before, weights_of(opening), strict=True))

    with pytest.raises(Canceled):
        restyle(steps=9, cancel_at=2)
    unchanged()

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as failing:
        failing.setattr(QwenEdit, "_unpack_latents", broken)
        with pytest.raises(RuntimeError, match="broken"):
            restyle()
    unchanged()


def test_a_cancel_is_heard_after_the_step_that_runs(restyle: Restyle, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    monkeypatch.setattr(steps.Steps, "__call__", _counted(heard))
    with pytest.raises(Canceled):
        restyle(steps=9, cancel_at=3)  # it comes after “loading” and three steps, while the fourth is drawn
    assert len(heard) == 4


def _counted(heard: list[int]) -> Any:
    call = steps.Steps.__call__

    def counted(self: steps.Steps, *args: Any) -> Any:
        heard.append(1)
        return call(self, *args)

    return counted


@pytest.mark.parametrize("variant", ["bf16_offload", "fp8_offload", "gguf_q4_offload"])
def test_every_way_to_keep_the_weights_takes_the_style(restyle: Restyle, variant: str) -> None:
    way = {"variant": variant, "bundles": (*BUNDLES, "qwen_image_edit_2509_gguf_q4")}
    without = restyle(strength=0.0, **way).path.read_bytes()
    assert restyle(**way).path.read_bytes() != without
    assert restyle(strength=0.0, **way).path.read_bytes() == without


def test_it_draws_the_same_part_by_part_and_block_by_block(
    restyle: Restyle, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a job ran out of memory and is tried again with less on the device."""
    assert restyle(variant="bf16_offload").path.read_bytes() == plain
    monkeypatch.setattr(telestyle, "wanted_of", lambda way: Wanted(telestyle.BUNDLE, way.precision, Offload.GROUP))
    assert restyle().path.read_bytes() == plain


def test_sizes_are_rounded_and_what_is_cut_off_is_said(restyle: Restyle, photo: Callable[..., Path]) -> None:
    drawn = restyle(photo(1, 320, 240), width=272, height=256)
    assert drawn.pixels.shape == (256, 272, 3)
    assert drawn.task.provenance["cropped"] == {"image": pytest.approx(0.203, abs=0.001)}
    assert any("20% of it is cut off left and right" in line for line in drawn.log)


def test_the_caption_of_a_panel_is_cut_off_the_picture_and_not_off_the_style(
    restyle: Restyle, photo: Callable[..., Path], tmp_path: Path
) -> None:
    panel = np.asarray(Image.open(photo(1)).convert("RGB"))
    shot = {**SHOT, "picture_height": 192}
    Image.fromarray(panel[:192]).save(tmp_path / "cut.png")
    cut = restyle(tmp_path / "cut.png")
    whole = restyle(shot=shot)
    assert np.array_equal(whole.pixels, cut.pixels)


def test_what_is_missing_is_named_with_its_remedy(
    restyle: Restyle, models: Callable[..., Path], tmp_path: Path
) -> None:
    place = models(*BUNDLES) / "telestyle"
    shutil.move(place, tmp_path / "away")
    try:
        with pytest.raises(EngineError, match="cinefarm models pull telestyle") as refused:
            restyle(bundles=())
    finally:
        shutil.move(tmp_path / "away", place)
    assert refused.value.kind is FailureKind.WORKER


def test_a_file_that_is_not_where_it_should_be_is_named(opening: Opening, models: Callable[..., Path]) -> None:
    models(*BUNDLES)
    task = SimpleNamespace(weights=opening, provenance={})
    with pytest.raises(EngineError, match=r"no file with “low_noise” in its name; it has diffsynth_.*models pull"):
        lora_files(task, "telestyle", {"low_noise": 1.0})  # type: ignore[arg-type]


def test_a_lora_of_another_model_is_refused(restyle: Restyle, models: Callable[..., Path], tmp_path: Path) -> None:
    (file,) = (models(*BUNDLES) / "telestyle" / "weights").glob("*-telestyle.safetensors")
    shutil.copy(file, tmp_path)
    tensors = load_file(file)
    try:
        save_file({key: tensor[:, :8].contiguous() for key, tensor in tensors.items()}, file)
        with pytest.raises(
            EngineError, match=r"-telestyle\.safetensors does not fit this model: its “transformer_blocks"
        ):
            restyle()
    finally:
        shutil.copy(tmp_path / file.name, file)


# What the encoder is asked


@pytest.fixture(scope="module")
def pipe() -> QwenEdit:
    return QwenEdit(**qwen_edit_parts())


def test_each_patch_of_a_picture_has_a_token_and_a_place(pipe: QwenEdit) -> None:
    pictures = [Image.new("RGB", (112, 84), "red"), Image.new("RGB", (56, 56), "blue")]
    asked = pipe._asked("a mug <|image_pad|>", pictures)
    assert asked["image_grid_thw"].tolist() == [[1, 6, 8], [1, 4, 4]]
    assert int(asked["mm_token_type_ids"].sum()) == 4 * 3 + 2 * 2  # the words' own mark is not one
    text = pipe.tokenizer.decode(asked["input_ids"][0])
    assert text.index("Picture 1: <|vision_start|>") < text.index("Picture 2: <|vision_start|>") < text.index("a mug")


def test_the_encoder_places_patches_in_two_dimensions(pipe: QwenEdit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the kinds of tokens it would place them in one line, which nothing says."""
    seen: list[torch.Tensor] = []
    language = pipe.text_encoder.model.language_model
    forward = language.forward

    def watched(**given: Any) -> Any:
        seen.append(given["position_ids"])
        return forward(**given)

    monkeypatch.setattr(language, "forward", watched)
    with torch.no_grad():
        embeddings, mask = pipe._get_qwen_prompt_embeds("a mug", [Image.new("RGB", (112, 84))])
    time, down, across = (axis[0] for axis in seen[0][-3:])
    assert not torch.equal(down, across)
    assert not torch.equal(time, across)
    assert embeddings.shape[:2] == mask.shape
    assert bool(mask.all())


def test_comfyui_is_told_the_same_words() -> None:
    """The graph's template and ours are of one LoRA."""
    (told,) = (one for one in catalog()["image_to_video/telestyle"].bindings if one.parameter == "prompt")
    assert told.template == f"{telestyle.INSTRUCTION} {{value}}"


def test_the_index_names_a_class_that_is_not_needed(models: Callable[..., Path]) -> None:
    """As the real repository's does: the miniature would prove nothing if its own processor were named."""
    index = json.loads((models(*BUNDLES) / BUNDLES[0] / "model_index.json").read_text("utf-8"))
    assert index["processor"] == ["transformers", "Qwen2VLProcessor"]
