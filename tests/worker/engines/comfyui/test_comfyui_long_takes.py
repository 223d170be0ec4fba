"""SVI on a ComfyUI: one graph with every clip of a long take, each led by the one before, and one film of them."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from cinefarm.statuses import FailureKind
from tests import comfy_nodes
from tests.comfy_double import ComfyDouble
from tests.doubles.videos import small_video
from worker.engines import comfyui
from worker.engines.comfyui import chain, delivery
from worker.engines.comfyui.graph import bound_graph
from worker.engines.media import long_take
from worker.engines.media.long_take import Clip, planned
from worker.task import EngineError
from workflows.catalog import load_catalog

SVI = "image_to_video/svi"
SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "fps_num": 16, "fps_den": 1}
SMALL: dict[str, Any] = {"shot": SHOT, "width": 256, "height": 256, "steps": 6, "seed": 7, "prompt": "rain"}
HIGH, LOW = (f"SVI_v2_PRO_Wan2.2-I2V-A14B_{noise}_lora_rank_128_fp16.safetensors" for noise in ("HIGH", "LOW"))
Make = Callable[..., Any]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips of nine frames; each further one shows four new ones."""
    monkeypatch.setattr(long_take, "CLIP", 9)
    monkeypatch.setattr(long_take, "LEAST_NEW", 4)


def submitted(comfy: ComfyDouble) -> dict[str, Any]:
    (entry,) = comfy.history.values()
    return entry["prompt"][2]


def inputs_of(graph: dict[str, Any], node: str) -> list[dict[str, Any]]:
    """Of the node's copies, clip by clip."""
    return [graph[node_id]["inputs"] for node_id in graph if node_id.startswith(f"{node}_")]


def levels_of(path: Path) -> list[int]:
    """How light each frame is; the double's clips begin at 40, and each frame is 2 lighter."""
    with av.open(str(path)) as container:
        return [int(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]


def test_a_short_take_is_one_clip(comfy: ComfyDouble, order: Make) -> None:
    """Nothing is carried over, and the anchor is drawn at the size asked for."""
    task = order(SVI, **{**SMALL, "frame_count": 12, "height": 320})
    main, _ = comfyui.run(task)
    graph = submitted(comfy)
    assert [node_id for node_id in graph if "_" in node_id] == [f"{node}_1" for node in range(13, 19)]
    assert "prev_samples" not in graph["14_1"]["inputs"]
    assert graph["14_1"]["inputs"]["length"] == 13
    assert (graph["10"]["inputs"]["width"], graph["10"]["inputs"]["height"]) == (256, 320)
    assert main.frames == 12
    assert task.provenance["drawn_frames"] == 12
    assert "unused_parameters" not in task.provenance


@pytest.mark.usefixtures("short")
def test_each_clip_is_led_by_the_anchor_and_the_clip_before(comfy: ComfyDouble, order: Make) -> None:
    task = order(SVI, clip_prompts="it begins\n\nit ends", frame_count=16, negative_prompt="blur", **SMALL)
    comfyui.run(task)
    graph = submitted(comfy)
    assert [one["text"] for one in inputs_of(graph, "13")] == ["it begins", "rain", "it ends"]
    assert graph["12"]["inputs"]["text"] == "blur"
    led = inputs_of(graph, "14")
    assert [one.get("prev_samples") for one in led] == [None, ["16_1", 0], ["16_2", 0]]
    assert [one["positive"] for one in led] == [["13_1", 0], ["13_2", 0], ["13_3", 0]]
    assert {(*one["anchor_samples"], *one["negative"], one["length"]) for one in led} == {("11", 0, "12", 0, 9)}
    seeds = [one["noise_seed"] for one in inputs_of(graph, "15")]
    assert len(set(seeds)) == 3
    assert seeds[0] == 7
    assert [one["noise_seed"] for one in inputs_of(graph, "16")] == seeds
    assert [one["latent_image"] for one in inputs_of(graph, "16")] == [["15_1", 0], ["15_2", 0], ["15_3", 0]]
    assert {(one["steps"], one["end_at_step"]) for one in inputs_of(graph, "15")} == {(6, 3)}
    assert {(one["steps"], one["start_at_step"]) for one in inputs_of(graph, "16")} == {(6, 3)}
    assert [task.provenance["clips"][n]["seed"] for n in range(3)] == seeds
    assert task.provenance["loras"] == [{"name": HIGH, "strength": 1.0}, {"name": LOW, "strength": 1.0}]


@pytest.mark.usefixtures("short")
def test_the_film_is_the_clips_without_what_they_repeat(comfy: ComfyDouble, order: Make) -> None:
    """Nine frames, then four and three of clips whose first five show the anchor and the tail once more."""
    main, _ = comfyui.run(order(SVI, frame_count=16, **SMALL))
    seen = levels_of(main.path)
    expected = [40 + 2 * n for n in (*range(9), *range(5, 9), *range(5, 8))]
    assert main.frames == len(seen) == 16
    assert all(abs(level - wanted) <= 3 for level, wanted in zip(seen, expected, strict=True)), seen


def test_a_take_of_full_clips(comfy: ComfyDouble, order: Make) -> None:
    """More of the clip before, and less that is new; at the project's rate."""
    shot = {**SHOT, "fps_num": 24}
    task = order(SVI, **{**SMALL, "shot": shot, "frame_count": 210, "overlap_frames": 12})
    main, _ = comfyui.run(task)
    led = inputs_of(submitted(comfy), "14")
    assert [one["length"] for one in led] == [81, 73]
    assert {one["motion_latent_count"] for one in led} == {3}
    assert (main.frames, main.fps_num) == (210, 24)
    assert task.provenance["drawn_frames"] == 140


@pytest.mark.parametrize("overlap", [4, 8, 20])
def test_every_graph_shows_what_the_shot_needs(comfy: ComfyDouble, order: Make, overlap: int) -> None:
    """Of many lengths: frames, links and values are such that the server would take it, and each clip has its own."""
    workflow = load_catalog()[SVI]
    for frames in (*range(1, 100, 7), 157, 158, 500, 1201, 7200):
        task = order(SVI, frame_count=frames, overlap_frames=overlap, **SMALL)
        clips = planned(task)
        graph = bound_graph(workflow, task.parameters, {"image": "a.png"}, prefix="x", clips=clips)
        led = inputs_of(graph, "14")
        comfy.models["uploaded"] = ["a.png"]
        assert not [problem for node in graph.values() for problem in comfy_nodes.problems_of(node, comfy.models)]
        links = [value for node in graph.values() for value in node["inputs"].values() if isinstance(value, list)]
        assert {source for source, _ in links} <= graph.keys()
        assert [one["prev_samples"] for one in led[1:]] == [[f"16_{n}", 0] for n in range(1, len(clips))]
        new = [one["length"] - (1 + overlap if "prev_samples" in one else 0) for one in led]
        assert 0 <= sum(new) - frames < 20
        assert len({one["filename_prefix"] for one in inputs_of(graph, "18")}) == len(clips)
        assert len({one["noise_seed"] for one in inputs_of(graph, "15")}) == len(clips)


@pytest.mark.usefixtures("short")
def test_progress_tells_the_clip_and_counts_all_of_them(comfy: ComfyDouble, order: Make) -> None:
    comfy.step_s = 0.03
    task = order(SVI, frame_count=16, **SMALL)
    comfyui.run(task)
    said = [message for _, message in task.said]
    assert any("clip 1 of 3: KSamplerAdvanced 2 of 3" in message for message in said)
    assert any("clip 3 of 3: KSamplerAdvanced 3 of 3" in message for message in said)
    reached = [max(fraction for fraction, message in task.said if f"clip {n} of 3: KS" in message) for n in (1, 2, 3)]
    assert all(0.2 < later - earlier < 0.35 for earlier, later in pairwise(reached)), "a third of the way each"
    fractions = [fraction for fraction, _ in task.said]
    assert fractions == sorted(fractions)


def test_a_server_without_the_extension_is_told_which(comfy: ComfyDouble) -> None:
    comfy.missing_nodes.add("WanImageToVideoSVIPro")
    assert comfyui.lacks(load_catalog()[SVI]) == (
        "ComfyUI has no node WanImageToVideoSVIPro; install the extension kijai/ComfyUI-KJNodes."
    )
    comfy.missing_nodes.add("SaveWEBM")
    said = comfyui.lacks(load_catalog()[SVI])
    assert said.startswith("ComfyUI has no node SaveWEBM; update it, or install the extension. ")
    comfy.missing_nodes.clear()
    comfy.models["loras"].remove(LOW)
    assert comfyui.lacks(load_catalog()[SVI]) == f"ComfyUI has no model file {LOW} (LoraLoaderModelOnly)."


def test_a_node_that_would_pass_over_the_clip_before_is_told(
    comfy: ComfyDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server ignores inputs that it does not know: the take would be clips that do not go on."""
    known = comfy_nodes._NODES["WanImageToVideoSVIPro"]
    monkeypatch.setitem(comfy_nodes._NODES, "WanImageToVideoSVIPro", known.replace("?prev_samples", "?previous"))
    assert "WanImageToVideoSVIPro has no input “prev_samples”" in comfyui.lacks(load_catalog()[SVI])


def test_more_clips_than_a_graph_can_have_are_refused(
    comfy: ComfyDouble, order: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent; a worker with weights of its own has no such limit."""
    monkeypatch.setattr(chain, "MOST", 2)
    with pytest.raises(EngineError, match="This take has 3 clips, and a ComfyUI's graph 2 at most") as error:
        comfyui.run(order(SVI, frame_count=200, **SMALL))
    assert error.value.kind is FailureKind.WORKER
    assert comfy.faults.prompts == 0
    assert not comfy.models["uploaded"]


def test_a_clip_that_is_missing_or_too_short_is_no_take(order: Make, tmp_path: Path) -> None:
    """A film with a jump in it would look as if it were well."""
    task = order(SVI, frame_count=16, **SMALL)
    task.out_dir.mkdir(parents=True)
    clips = [Clip(9, 0, 9, 7, "rain"), Clip(9, 5, 4, 8, "rain")]
    films = [tmp_path / "0.mp4", tmp_path / "1.mp4"]
    for film, frames in zip(films, (9, 7), strict=True):
        small_video(film, frames=frames, width=64, height=48)
    workflow = load_catalog()[SVI]
    with pytest.raises(EngineError, match="delivered 1 of the take's 2 clips"):
        delivery.deliver(task, workflow, films[:1], clips)
    with pytest.raises(EngineError, match="delivered clip 2 of 2 with 7 of its 9 frames"):
        delivery.deliver(task, workflow, films, clips)


@pytest.mark.usefixtures("short")
def test_clips_that_a_server_still_has_are_not_drawn_again(comfy: ComfyDouble, order: Make) -> None:
    """Of an attempt that broke off, or of a shorter take: nothing of the attempt is in what draws them."""
    asked = {"frame_count": 16, **SMALL}
    comfyui.run(order(SVI, **asked, reference="A/1"))
    longer = order(SVI, **{**asked, "frame_count": 20}, reference="A/2")
    comfyui.run(longer)
    last = list(comfy.history.values())[-1]
    (cached,) = (facts["nodes"] for kind, facts in last["status"]["messages"] if kind == "execution_cached")
    assert {"16_1", "16_2", "16_3"} <= set(cached)
    assert "16_4" not in cached
