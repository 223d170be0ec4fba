"""Jobs of every workflow that has a graph, on a ComfyUI that answers."""

import threading
from collections.abc import Callable
from typing import Any

import av
import httpx
import numpy as np
import pytest
from PIL import Image
from waiting import wait_until

from cinefarm.statuses import MediaKind, OutputRole
from cinefarm.timecode import FrameRate
from tests.comfy_double import JPEG, ComfyDouble
from worker.engines import comfyui
from worker.engines.comfyui.prompt import prompt_id_of
from worker.engines.media.length import ltx_frames, wan_frames
from worker.task import Canceled, EngineError
from workflows.catalog import load_catalog

BASIC = "text_to_image/flux_basic"
GRAPHS = {name: workflow for name, workflow in load_catalog().items() if workflow.graph}
SMALL = {"width": 256, "height": 256, "steps": 4, "frame_count": 12}
INSTRUCTION = "Style Transfer the style of Figure 2 to Figure 1, and keep the content and characteristics of Figure 1."
Make = Callable[..., Any]


def test_a_workflow_has_a_graph_where_it_says_so() -> None:
    """And nowhere else: a worker offers what it has."""
    said = {
        name
        for name, workflow in load_catalog().items()
        if any(engine.name == "comfyui" and engine.exists for engine in workflow.engines)
    }
    assert said == set(GRAPHS)


def graphs_of(kind: MediaKind) -> list[str]:
    return [name for name, workflow in GRAPHS.items() if workflow.outputs[0].kind is kind]


@pytest.mark.parametrize("name", graphs_of(MediaKind.IMAGE))
def test_a_picture(comfy: ComfyDouble, order: Make, name: str) -> None:
    """Of the size asked for, with a thumbnail, and without the graph that the server wrote into it."""
    sizes = {"width": 512, "height": 512} if "width" in GRAPHS[name].parameters else {}
    task = order(name, **sizes)
    main, thumbnail = comfyui.run(task)
    assert (main.kind, main.role, thumbnail.role) == (MediaKind.IMAGE, OutputRole.MAIN, OutputRole.THUMBNAIL)
    with Image.open(main.path) as picture:
        assert picture.size == (main.width, main.height)
        assert picture.size == (512, 512) if sizes else picture.size
        assert picture.info == {}
    assert b"prompt" not in main.path.read_bytes()
    assert task.provenance["comfyui_version"] == "0.38.0"
    assert task.provenance["prompt_id"] in comfy.history
    assert len(task.provenance["graph_sha256"]) == 64


@pytest.mark.parametrize("name", graphs_of(MediaKind.VIDEO))
def test_a_video(comfy: ComfyDouble, order: Make, name: str) -> None:
    """As long as the shot and at the project's rate, whatever the model draws."""
    task = order(name, files=("pose_video", "face_video"), **SMALL)
    main, thumbnail = comfyui.run(task)
    assert (main.kind, main.frames, main.fps_num, main.fps_den) == (MediaKind.VIDEO, 12, 24, 1)
    assert thumbnail.role is OutputRole.THUMBNAIL
    with av.open(str(main.path)) as container:
        assert container.streams.video[0].frames == 12
        assert bool(container.streams.audio) == name.endswith("ltx2")
        assert "prompt" not in container.metadata
    (entry,) = comfy.history.values()
    length = next(node["inputs"]["length"] for node in entry["prompt"][2].values() if "length" in node["inputs"])
    assert length == (17 if name.endswith(("ltx2", "wan_animate")) else 9), "8k + 1 at 24, 4k + 1 at 30, at 16 a second"
    assert task.provenance["drawn_frames"] == (8 if name.endswith("svi") else length), "a take is cut to the frame"


def test_the_last_frame_drawn_is_the_last_of_the_film(comfy: ComfyDouble, order: Make) -> None:
    """A move that must end on a picture ends on it, though the model has a rate of its own."""
    (main, _) = comfyui.run(order("image_to_video/fflf", **SMALL))
    with av.open(str(main.path)) as container:
        levels = [int(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]
    assert abs(levels[0] - 40) <= 3, "the double's frames begin at this level"
    assert abs(levels[-1] - 56) <= 3, "nine are drawn, each two lighter"
    assert levels == sorted(levels)


def test_a_restyled_picture_is_drawn_at_the_pace_that_is_asked_for(comfy: ComfyDouble, order: Make) -> None:
    """In four steps beside the Lightning LoRA, in forty without it, or as many as are given."""
    style, words = "image_to_video/telestyle", {"width": 256, "height": 256, "prompt": "bold outlines", "strength": 0.5}
    comfyui.run(order(style, **words))
    comfyui.run(order(style, quick=False, **words))
    comfyui.run(order(style, steps=6, guidance_scale=2.5, **words))
    quick, slow, given = (entry["prompt"][2] for entry in comfy.history.values())
    paces = [(graph["13"]["inputs"]["steps"], graph["13"]["inputs"]["cfg"]) for graph in (quick, slow)]
    assert paces == [(4, 1.0), (40, 4.0)]
    assert [graph["6"]["inputs"]["model"] for graph in (quick, slow)] == [["5", 0], ["4", 0]]
    assert "5" not in slow
    assert given["13"]["inputs"]["steps"] == ["16", 0]
    assert (given["16"]["inputs"]["value"], given["17"]["inputs"]["value"]) == (6, 2.5)
    assert quick["4"]["inputs"]["strength_model"] == 0.5
    assert quick["10"]["inputs"]["prompt"] == f"{INSTRUCTION} bold outlines"
    assert quick["7"]["inputs"]["image"] != quick["8"]["inputs"]["image"]


def test_ltx_ends_on_a_last_frame_where_one_is_given(comfy: ComfyDouble, order: Make) -> None:
    """The guide is in the graph, and though more frames are drawn than asked for, the film ends on the last of them."""
    task = order("image_to_video/ltx2", files=("last_image",), **SMALL)
    (main, _) = comfyui.run(task)
    (entry,) = comfy.history.values()
    graph = entry["prompt"][2]
    assert graph["19"]["inputs"]["samples"] == ["26", 2]
    assert graph["25"]["inputs"]["frame_idx"] == -1
    assert task.provenance["unused_parameters"] == ["two_stage"], "it runs in one, and says so"
    with av.open(str(main.path)) as container:
        levels = [int(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]
    assert len(levels) == 12
    assert abs(levels[-1] - 72) <= 3, "seventeen are drawn from level 40, each two lighter"


@pytest.mark.parametrize(
    ("frames", "rate", "wan", "ltx"),
    [
        (1, FrameRate(24), 5, 9),
        (24, FrameRate(24), 17, 25),
        (25, FrameRate(24), 17, 25),
        (72, FrameRate(24000, 1001), 49, 73),
        (300, FrameRate(24), 81, 305),
        (1000, FrameRate(24), 81, 481),
        (1000, FrameRate(60), 81, 993),
    ],
)
def test_models_draw_the_next_number_they_can(frames: int, rate: FrameRate, wan: int, ltx: int) -> None:
    """4k + 1 at 16 a second for WAN, 8k + 1 for LTX, and never more than each can."""
    assert (wan_frames(frames, rate), ltx_frames(frames, rate)) == (wan, ltx)


def test_parameters_reach_the_graph(comfy: ComfyDouble, order: Make) -> None:
    """Texts, numbers and the seed; files under the name that the server gave them; only our own output names."""
    comfyui.run(order(BASIC, prompt="두 사람", seed=7, steps=3, guidance_scale=2.5, width=512, height=256))
    (entry,) = comfy.history.values()
    graph = entry["prompt"][2]
    assert graph["4"]["inputs"]["text"] == "두 사람"
    assert (graph["8"]["inputs"]["seed"], graph["8"]["inputs"]["steps"]) == (7, 3)
    assert graph["5"]["inputs"]["guidance"] == 2.5
    assert graph["10"]["inputs"]["filename_prefix"] == f"cinefarm/{entry['prompt'][1]}/10"


def test_a_reference_picture_changes_the_graph(comfy: ComfyDouble, order: Make) -> None:
    """It starts from the picture, as far as the strength says."""
    task = order(BASIC, files=("reference_image",), strength=0.3, **{**SMALL, "frame_count": None})
    comfyui.run(task)
    (entry,) = comfy.history.values()
    graph = entry["prompt"][2]
    assert graph["9"]["inputs"]["samples"] == ["14", 0]
    assert graph["14"]["inputs"]["denoise"] == 0.3
    assert "7" not in graph
    sent = comfy.folder / "input" / graph["11"]["inputs"]["image"]
    assert sent.read_bytes() == task.inputs["reference_image"].read_bytes()


def test_a_leaner_variant_changes_the_graph(comfy: ComfyDouble, order: Make) -> None:
    task = order(BASIC, **SMALL)
    task.variant = "fp8_offload"
    comfyui.run(task)
    (entry,) = comfy.history.values()
    assert entry["prompt"][2]["1"]["inputs"]["weight_dtype"] == "fp8_e4m3fn"


def test_letters_are_drawn_for_the_controlnet(comfy: ComfyDouble, order: Make) -> None:
    """The text as a picture of the job's size, and the style as words."""
    comfyui.run(
        order("text_to_image/sdxl_controlnet_text", text="대박 세일", style="gold balloon", width=768, height=512)
    )
    (entry,) = comfy.history.values()
    graph = entry["prompt"][2]
    assert "gold balloon" in graph["2"]["inputs"]["text"]
    with Image.open(comfy.folder / "input" / graph["5"]["inputs"]["image"]) as picture:
        assert picture.size == (768, 512)
        light = np.asarray(picture.convert("L")) > 200
    assert 0.05 < light.mean() < 0.6
    assert not light[0].any()
    assert not light[:, 0].any()


def test_a_panel_goes_without_its_caption(comfy: ComfyDouble, order: Make) -> None:
    """A video shall not begin with lettering; a last frame that was chosen goes as it is."""
    task = order("image_to_video/fflf", **SMALL)
    task.parameters["shot"] = {**task.parameters["shot"], "picture_height": 30}
    comfyui.run(task)
    (entry,) = comfy.history.values()
    graph = entry["prompt"][2]
    heights = []
    for node in ("7", "15"):
        with Image.open(comfy.folder / "input" / graph[node]["inputs"]["image"]) as picture:
            heights.append(picture.height)
    assert heights == [30, 48]


def test_sound_is_left_out_when_it_is_not_wanted(comfy: ComfyDouble, order: Make) -> None:
    (main, _) = comfyui.run(order("image_to_video/ltx2", audio=False, **SMALL))
    with av.open(str(main.path)) as container:
        assert not container.streams.audio


def test_a_parameter_without_a_place_is_told(comfy: ComfyDouble, order: Make) -> None:
    """In the log and the recipe: nobody shall believe that it worked."""
    task = order("text_to_image/flux_upscale", denoise=0.9)
    comfyui.run(task)
    assert task.provenance["unused_parameters"] == ["denoise"]
    assert any("denoise" in line for line in task.logged)


@pytest.mark.parametrize("older", [False, True])
def test_progress_and_previews_come_over_the_socket(comfy: ComfyDouble, order: Make, older: bool) -> None:
    """In both forms that servers send."""
    comfy.faults.older, comfy.step_s = older, 0.05
    task = order(BASIC, **{**SMALL, "steps": 6})
    comfyui.run(task)
    assert task.previews
    assert set(task.previews) == {JPEG}
    assert any("KSampler 3 of 6" in message for _, message in task.said)
    fractions = [fraction for fraction, _ in task.said]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_silent_socket_costs_only_progress(comfy: ComfyDouble, order: Make) -> None:
    """The history says when it is done."""
    comfy.faults.silent_socket = True
    task = order(BASIC, **SMALL)
    assert comfyui.run(task)
    assert not task.previews


def test_a_batch_of_twenty(comfy: ComfyDouble, order: Make) -> None:
    """Each runs once, and each brings its own picture."""
    pictures = set()
    for seed in range(20):
        main, _ = comfyui.run(order(BASIC, **{**SMALL, "seed": seed}))
        pictures.add(main.path.read_bytes())
    assert len(pictures) == 20
    assert comfy.faults.prompts == 20
    assert comfy.faults.interrupts_all == 0


@pytest.mark.parametrize("older", [False, True])
def test_a_cancel_stops_this_prompt_and_no_other(comfy: ComfyDouble, order: Make, older: bool) -> None:
    """In 0.38's way, and in the older one."""
    comfy.faults.older, comfy.step_s = older, 0.02
    task = order(BASIC, **{**SMALL, "steps": 60})
    canceled: list[BaseException] = []
    running = threading.Thread(target=lambda: canceled.append(_raised(task)))
    running.start()
    wait_until(lambda: comfy.running, what="the prompt to run")
    other = {
        "1": _node("EmptyImage", width=8, height=8, batch_size=1, color=0),
        "2": _node("PreviewImage", images=["1", 0]),
    }
    httpx.post(f"{comfy.url}/prompt", json={"prompt": other, "prompt_id": "other"}, trust_env=False)
    wait_until(lambda: any("KSampler" in message for _, message in task.said), what="progress")
    task.cancel.set()
    running.join(10)
    assert isinstance(canceled[0], Canceled)
    ours = prompt_id_of(task.reference)
    wait_until(lambda: "other" in comfy.history, what="the other one")
    assert comfy.history["other"]["status"]["status_str"] == "success"
    assert comfy.history[ours]["status"]["messages"][-1][0] == "execution_interrupted"
    assert comfy.faults.interrupts_all == 0
    assert not list(task.out_dir.iterdir())


def test_a_cancel_takes_a_waiting_prompt_out_of_the_queue(comfy: ComfyDouble, order: Make) -> None:
    comfy.step_s = 0.1
    first, second = order(BASIC, **{**SMALL, "steps": 60}), order(BASIC, **SMALL)
    ends: list[BaseException] = []
    threads = [threading.Thread(target=lambda task=task: ends.append(_raised(task))) for task in (first, second)]
    threads[0].start()
    wait_until(lambda: comfy.running, what="the first to run")
    threads[1].start()
    wait_until(lambda: any("1 ahead" in message for _, message in second.said), what="the second to wait")
    second.cancel.set()
    threads[1].join(10)
    assert not comfy.pending
    assert comfy.running, "the first goes on"
    first.cancel.set()
    threads[0].join(10)
    assert [type(end) for end in ends] == [Canceled, Canceled]


def test_asking_again_attaches_to_what_runs(comfy: ComfyDouble, order: Make) -> None:
    """After a host died, the same attempt finds its prompt: running, waiting or done."""
    comfy.step_s = 0.05
    task = order(BASIC, reference="JOB/1", **{**SMALL, "steps": 20})
    first = threading.Thread(target=lambda: comfyui.run(task))
    first.start()
    wait_until(lambda: comfy.running, what="the prompt to run")
    again = order(BASIC, reference="JOB/1", **{**SMALL, "steps": 20})
    (main, _) = comfyui.run(again)
    first.join(20)
    assert main.path.is_file()
    assert comfyui.run(order(BASIC, reference="JOB/1", **SMALL)), "and once it is done"
    assert comfy.faults.prompts == 1
    assert comfyui.run(order(BASIC, reference="JOB/2", **SMALL))
    assert comfy.faults.prompts == 2, "another attempt is another prompt"


def test_an_answer_that_was_lost_is_not_asked_for_twice(comfy: ComfyDouble, order: Make) -> None:
    """The server took the prompt, and the connection broke before it could say so."""
    comfy.faults.lost_answers = 1
    assert comfyui.run(order(BASIC, **SMALL))
    assert comfy.faults.prompts == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_result_that_is_gone_is_computed_again(comfy: ComfyDouble, order: Make, late: bool) -> None:
    """A history may name files that were deleted since, and a server may take the prompt before it frees."""
    comfy.faults.lost_files, comfy.faults.frees_late = 1, late
    task = order(BASIC, **SMALL)
    assert comfyui.run(task)
    assert comfy.faults.freed == 1
    assert comfy.faults.prompts == 2
    assert task.provenance["prompt_id"] != prompt_id_of(task.reference)


def test_the_same_job_again_writes_files_of_its_own(comfy: ComfyDouble, order: Make) -> None:
    """The server computes nothing, and still the picture is there under the new attempt's name."""
    comfyui.run(order(BASIC, seed=5, reference="A/1", **SMALL))
    comfy.step_s = 60  # a step that is computed would take too long
    second, _ = comfyui.run(order(BASIC, seed=5, reference="A/2", **SMALL))
    assert second.path.is_file()
    assert len(list((comfy.folder / "output" / "cinefarm").iterdir())) == 2


def test_memory_that_is_short_is_freed_first(comfy: ComfyDouble, order: Make) -> None:
    comfy.ram = (64_000_000_000, 2_000_000_000)
    task = order(BASIC, **SMALL)
    comfyui.run(task)
    assert comfy.faults.freed == 1
    assert any("2.0 GB" in line for line in task.logged)


def test_nothing_is_left_beside_the_outputs(comfy: ComfyDouble, order: Make) -> None:
    task = order("image_to_video/ltx2", **SMALL)
    outputs = comfyui.run(task)
    assert {path.name for path in task.out_dir.iterdir()} == {output.path.name for output in outputs}
    assert [path.name for path in task.out_dir.parent.iterdir()] == [task.out_dir.name]


def _raised(task: Any) -> BaseException:
    try:
        comfyui.run(task)
    except (Canceled, EngineError) as error:
        return error
    return AssertionError("it ended well")


def _node(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs}
