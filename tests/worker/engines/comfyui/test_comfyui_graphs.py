"""What the graphs that ship become for a job: klein's references, a region, a chain of LoRAs, an actor's videos."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from cinefarm.statuses import FailureKind
from tests.comfy_double import ComfyDouble
from tests.doubles.videos import small_video
from worker.engines import comfyui
from worker.task import EngineError

KLEIN, FILL = "text_to_image/flux_klein", "text_to_image/flux_fill"
MIX, ANIMATE = "text_to_image/flux_lora_mix", "image_to_video/wan_animate"
SIZE = {"width": 256, "height": 256}
LED = ("pose_video", "face_video")
Make = Callable[..., Any]


def submitted(comfy: ComfyDouble) -> dict[str, Any]:
    """The last graph that the server was given."""
    return list(comfy.history.values())[-1]["prompt"][2]


def sent(comfy: ComfyDouble, node: dict[str, Any]) -> Path:
    """The file that a loader reads."""
    return comfy.folder / "input" / (node["inputs"].get("image") or node["inputs"]["file"])


def refused(task: Any) -> EngineError:
    with pytest.raises(EngineError) as error:
        comfyui.run(task)
    return error.value


# ---- klein


def test_klein_draws_at_the_size_and_in_the_steps_asked_for(comfy: ComfyDouble, order: Make) -> None:
    comfyui.run(order(KLEIN, prompt="비 오는 거리", seed=7, steps=6, width=512, height=256))
    graph = submitted(comfy)
    assert graph["4"]["inputs"]["text"] == "비 오는 거리"
    assert graph["12"]["inputs"]["noise_seed"] == 7
    assert graph["11"]["inputs"] == {"steps": 6, "width": 512, "height": 256}
    assert graph["13"]["inputs"] == {"width": 512, "height": 256, "batch_size": 1}
    assert graph["2"]["inputs"]["type"] == "flux2"
    assert not any("latent" in graph[node]["inputs"] for node in ("5", "6", "7")), "nothing to look at"
    assert not any(node["class_type"] == "LoadImage" for node in graph.values())


@pytest.mark.parametrize(
    "files",
    [
        ("reference_image",),
        ("reference_image_2",),
        ("reference_image", "reference_image_3"),
        ("reference_image", "reference_image_2", "reference_image_3"),
    ],
)
def test_klein_looks_at_the_references_that_are_given(comfy: ComfyDouble, order: Make, files: tuple[str, ...]) -> None:
    """Any of the three, each brought to a megapixel and encoded, one after another."""
    task = order(KLEIN, files=files, **SIZE)
    comfyui.run(task)
    graph = submitted(comfy)
    for name, place in (("reference_image", "5"), ("reference_image_2", "6"), ("reference_image_3", "7")):
        latent = graph[place]["inputs"].get("latent")
        assert (latent is not None) == (name in files)
        if latent:
            scaled = graph[graph[latent[0]]["inputs"]["pixels"][0]]["inputs"]
            assert scaled["megapixels"] == 1.0
            assert sent(comfy, graph[scaled["image"][0]]).read_bytes() == task.inputs[name].read_bytes()
    assert graph["9"]["inputs"]["positive"] == ["7", 0]


# ---- a region


@pytest.fixture
def region(order: Make, tmp_path: Path) -> Make:
    """A noisy picture of 270 × 250 whose middle is marked."""

    def make(**given: Any) -> Any:
        task = order(FILL, **given)
        noise = np.random.default_rng(3).integers(0, 255, (250, 270, 3), np.uint8)
        white = np.zeros((250, 270), np.uint8)
        white[80:180, 90:200] = 255
        for name, pixels in (("image", noise), ("mask", white)):
            Image.fromarray(pixels).save(task.inputs[name])
        return task

    return make


def pixels_of(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def test_outside_of_the_region_every_pixel_stays(comfy: ComfyDouble, region: Make) -> None:
    """Whatever ComfyUI makes of the rest, and in whatever size it draws."""
    task = region(feather=8)
    main, thumbnail = comfyui.run(task)
    before, after = pixels_of(task.inputs["image"]), pixels_of(main.path)
    assert (main.width, main.height) == (270, 250)
    outside = np.ones(before.shape[:2], bool)
    outside[80 - 9 : 180 + 9, 90 - 9 : 200 + 9] = False
    assert np.array_equal(after[outside], before[outside])
    colours = np.unique(after[80:180, 90:200].reshape(-1, 3), axis=0)
    assert len(colours) == 1, "the double's picture has one colour"
    assert not np.array_equal(after[76, 100:190], before[76, 100:190]), "the soft edge is a blend"
    assert {path.name for path in task.out_dir.iterdir()} == {main.path.name, thumbnail.path.name}
    assert task.provenance.get("unused_parameters") is None


def test_comfyui_gets_the_region_in_a_size_that_it_can_draw(comfy: ComfyDouble, region: Make) -> None:
    """The mask is white wherever anything is new: the soft edge too."""
    comfyui.run(region(feather=8, strength=0.8, steps=5, seed=11))
    graph = submitted(comfy)
    with Image.open(sent(comfy, graph["7"])) as picture, Image.open(sent(comfy, graph["8"])) as mask:
        assert picture.size == mask.size == (272, 256)
        white = np.asarray(mask.convert("L")) == 255
    assert white[82:184, 91:201].all()
    assert white[76, 110:190].all(), "eight pixels around it"
    assert not white[:60].any()
    assert (graph["11"]["inputs"]["denoise"], graph["11"]["inputs"]["steps"]) == (0.8, 5)
    assert graph["11"]["inputs"]["seed"] == 11
    assert graph["5"]["inputs"]["guidance"] == 30.0
    assert "14" not in graph


def test_a_mask_of_the_product_keeps_the_product(comfy: ComfyDouble, region: Make) -> None:
    task = region(keep_marked=True, feather=0, guidance_scale=12.5)
    main, _ = comfyui.run(task)
    before, after = pixels_of(task.inputs["image"]), pixels_of(main.path)
    assert np.array_equal(after[80:180, 90:200], before[80:180, 90:200])
    assert len(np.unique(after[:60].reshape(-1, 3), axis=0)) == 1
    graph = submitted(comfy)
    assert graph["5"]["inputs"]["guidance"] == ["14", 0]
    assert graph["14"]["inputs"]["value"] == 12.5


def test_a_mask_without_a_region_is_refused_before_anything_runs(comfy: ComfyDouble, region: Make) -> None:
    task = region()
    Image.new("L", (270, 250)).save(task.inputs["mask"])
    assert "nothing to draw" in str(refused(task))
    Image.new("L", (64, 48), 255).save(task.inputs["mask"])
    error = refused(task)
    assert "270 × 250 pixels and the mask 64 × 48" in str(error)
    assert error.kind is FailureKind.BAD_INPUT
    assert comfy.faults.prompts == 0


def test_a_black_picture_is_no_filled_region(comfy: ComfyDouble, region: Make) -> None:
    """Around a black hole the picture would look well enough."""
    comfy.faults.black = True
    assert "black all over" in str(refused(region()))


def test_a_region_is_drawn_by_no_other_model_than_the_recipe_says(comfy: ComfyDouble, region: Make) -> None:
    """The graph has FLUX Fill; a variant of klein or FLUX.1 goes to a box that has those."""
    task = region()
    task.variant = "fill_fp8"
    comfyui.run(task)
    assert submitted(comfy)["1"]["inputs"]["weight_dtype"] == "fp8_e4m3fn"
    other = region()
    other.variant = "klein_cpu"
    error = refused(other)
    assert error.kind is FailureKind.WORKER
    assert "fill_bf16, fill_offload, fill_fp8, not as klein_cpu" in str(error)
    assert comfy.faults.prompts == 1


# ---- a chain of LoRAs


def worn(*names: str, strength: float = 0.8) -> list[dict[str, Any]]:
    return [{"input": f"lora_{n}", "name": name, "strength": strength} for n, name in enumerate(names, start=1)]


def test_each_character_has_a_loader_of_its_own(comfy: ComfyDouble, order: Make) -> None:
    """One fed by the other, the last feeds the sampler and the text; strengths are of the LoRA and of the job."""
    comfy.models["loras"] += ["mina.safetensors", "people\\joon.safetensors", "hana.safetensors"]
    task = order(MIX, loras=worn("mina.safetensors", "joon.safetensors", "hana.safetensors"), lora_scale=0.5, **SIZE)
    comfyui.run(task)
    graph = submitted(comfy)
    assert "15" not in graph
    chain = [graph[f"15_{n}"]["inputs"] for n in (1, 2, 3)]
    names = ["mina.safetensors", "people\\joon.safetensors", "hana.safetensors"]
    assert [one["lora_name"] for one in chain] == names, "each as the server has it"
    assert [one["model"] for one in chain] == [["1", 0], ["15_1", 0], ["15_2", 0]]
    assert [one["clip"] for one in chain] == [["2", 0], ["15_1", 1], ["15_2", 1]]
    assert {(one["strength_model"], one["strength_clip"]) for one in chain} == {(0.4, 0.4)}
    assert graph["8"]["inputs"]["model"] == ["15_3", 0]
    assert graph["4"]["inputs"]["clip"] == ["15_3", 1]
    assert [lora["strength"] for lora in task.provenance["loras"]] == [0.4, 0.4, 0.4]
    assert task.provenance["loras"][1]["name"] == "joon.safetensors"


def test_a_reference_is_drawn_with_the_loras_too(comfy: ComfyDouble, order: Make) -> None:
    comfy.models["loras"].append("mina.safetensors")
    comfyui.run(order(MIX, files=("reference_image",), loras=worn("mina.safetensors"), **SIZE))
    graph = submitted(comfy)
    assert graph["14"]["inputs"]["model"] == ["15_1", 0]
    assert "8" not in graph


def test_without_loras_the_picture_is_the_models(comfy: ComfyDouble, order: Make) -> None:
    """And that is said, as is one that has no strength."""
    comfy.models["loras"].append("mina.safetensors")
    plain, weak = order(MIX, **SIZE), order(MIX, loras=worn("mina.safetensors", strength=0.0), **SIZE)
    for task in (plain, weak):
        comfyui.run(task)
        graph = submitted(comfy)
        assert graph["8"]["inputs"]["model"] == ["1", 0]
        assert graph["4"]["inputs"]["clip"] == ["2", 0]
        assert not any(node["class_type"] == "LoraLoader" for node in graph.values())
    assert any("None of the shot's characters has a LoRA" in line for line in plain.logged)
    assert any("mina.safetensors has strength 0" in line for line in weak.logged)


def test_a_lora_that_the_server_has_not_is_named(comfy: ComfyDouble, order: Make) -> None:
    """Before anything is sent; another box may have it."""
    comfy.models["loras"].append("mina.safetensors")
    error = refused(order(MIX, loras=worn("mina.safetensors", "joon.safetensors"), **SIZE))
    assert error.kind is FailureKind.WORKER
    assert "This ComfyUI has no LoRA joon.safetensors: copy the file into its models/loras" in str(error)
    assert comfy.faults.prompts == 0
    assert not comfy.models["uploaded"]


# ---- an actor's videos


def frames_of(path: Path) -> tuple[int, float, tuple[int, int]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sum(1 for _ in container.decode(video=0)), float(stream.average_rate or 0), (stream.width, stream.height)


def test_what_leads_the_picture_is_sent_at_the_models_rate(comfy: ComfyDouble, order: Make) -> None:
    """ComfyUI takes videos frame by frame: at 24 a second an actor would be too fast."""
    task = order(ANIMATE, files=LED, seed=5, steps=4, frame_count=24, **SIZE)
    main, _ = comfyui.run(task)
    graph = submitted(comfy)
    assert graph["13"]["inputs"]["length"] == 33
    assert frames_of(sent(comfy, graph["9"])) == (33, 30.0, (256, 256))
    assert frames_of(sent(comfy, graph["11"])) == (33, 30.0, (512, 512))
    assert sent(comfy, graph["7"]).read_bytes() == task.inputs["image"].read_bytes()
    assert (graph["15"]["inputs"]["seed"], graph["15"]["inputs"]["steps"]) == (5, 4)
    assert "19" not in graph
    assert "background_video" not in graph["13"]["inputs"]
    assert (main.frames, main.fps_num) == (24, 24)


def test_the_film_ends_with_the_pose(comfy: ComfyDouble, order: Make, tmp_path: Path) -> None:
    task = order(ANIMATE, files=LED, frame_count=48, **SIZE)
    small_video(task.inputs["pose_video"], frames=12, width=64, height=48)
    main, _ = comfyui.run(task)
    assert submitted(comfy)["13"]["inputs"]["length"] == 17, "half a second at 30, up to the next 4k + 1"
    assert main.frames == 14
    assert task.provenance["asked_frames"] == 48


def test_a_film_that_is_too_long_for_one_stretch_ends_there_and_says_so(comfy: ComfyDouble, order: Make) -> None:
    task = order(ANIMATE, files=LED, frame_count=240, **SIZE)
    for name in LED:
        small_video(task.inputs[name], frames=100, width=64, height=48)
    main, _ = comfyui.run(task)
    assert submitted(comfy)["13"]["inputs"]["length"] == 121
    assert main.frames == 97
    assert any("121 frames at most in one stretch" in line for line in task.logged)


def test_an_actor_is_replaced_by_background_and_mask(comfy: ComfyDouble, order: Make) -> None:
    beside = ("background_video", "mask_video")
    comfyui.run(order(ANIMATE, files=(*LED, *beside), mode="replace", frame_count=12, **SIZE))
    graph = submitted(comfy)
    assert graph["13"]["inputs"]["background_video"] == ["20", 0]
    assert graph["13"]["inputs"]["character_mask"] == ["23", 0]
    assert frames_of(sent(comfy, graph["19"])) == frames_of(sent(comfy, graph["21"])) == (17, 30.0, (256, 256))
    animated = order(ANIMATE, files=(*LED, *beside), frame_count=12, **SIZE)
    comfyui.run(animated)
    assert "character_mask" not in submitted(comfy)["13"]["inputs"]
    assert any("mask_video has no effect" in line for line in animated.logged)


@pytest.mark.parametrize(
    ("files", "mode", "missing", "kind"),
    [
        (("driving_video",), "animate", "give “pose_video” and “face_video”. From “driving_video”", FailureKind.WORKER),
        (("pose_video",), "animate", "give “face_video”.", FailureKind.BAD_INPUT),
        (LED, "replace", "give “background_video” and “mask_video”.", FailureKind.BAD_INPUT),
    ],
)
def test_raw_footage_goes_to_a_worker_with_weights_of_its_own(
    comfy: ComfyDouble, order: Make, files: tuple[str, ...], mode: str, missing: str, kind: FailureKind
) -> None:
    error = refused(order(ANIMATE, files=files, mode=mode, frame_count=12, **SIZE))
    assert missing in str(error)
    assert error.kind is kind
    assert comfy.faults.prompts == 0
