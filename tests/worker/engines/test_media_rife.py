"""In-betweens by RIFE: what its network computes is known by hand-set weights; a miniature makes whole films."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from test_media_engine import Pixels, decode, files_in, make_task, make_video
from test_media_frame_interpolation import OTHER, PLACE, WORKFLOW, seen

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from cinefarm.statuses import FailureKind  # noqa: E402
from tests.miniatures.rife import small_rife  # noqa: E402
from worker.bundles.job import Job  # noqa: E402
from worker.bundles.opening import Opening  # noqa: E402
from worker.engines import media  # noqa: E402
from worker.engines.media import frame_interpolation  # noqa: E402
from worker.engines.media.flow import FlowFinder  # noqa: E402
from worker.engines.media.footage import open_footage, to_pixels  # noqa: E402
from worker.engines.media.ifnet import IfNet, build_ifnet, warp  # noqa: E402
from worker.engines.media.rife import Rife, first_scale, work_gb  # noqa: E402
from worker.surroundings import Surroundings  # noqa: E402
from worker.task import Canceled, EngineError, Task  # noqa: E402
from workflows.needs import Precision  # noqa: E402

BUNDLE = "rife_v4_26"
WIDTH, HEIGHT = 162, 90  # no multiples of 64
PUBLISHED_BYTES = 22_674_688  # of rife_v4.26.safetensors, by those who state its SHA-256


# -- the network


def still(**flows: float) -> IfNet:
    """A miniature that sees nothing; `first_x` and so on are the flows that its last block always answers."""
    network = small_rife()
    for block in network.blocks:
        torch.nn.init.zeros_(block.lastconv[0].weight)
        torch.nn.init.zeros_(block.lastconv[0].bias)
    with torch.no_grad():
        for plane, name in enumerate(("first_x", "first_y", "second_x", "second_y", "mask")):
            # the shuffle makes one plane of four
            network.blocks[4].lastconv[0].bias[4 * plane : 4 * plane + 4] = flows.get(name, 0.0)
    return network.eval()


def painted(network: IfNet, first: Pixels, second: Pixels, time: float = 0.5, scale: float = 1.0) -> Pixels:
    task = make_task(WORKFLOW, {}, {"video": Path("v.mp4")}, Path("out"))
    rife = Rife(task, network, torch.device("cpu"), scale)
    return rife(FlowFinder().pair(first, second), time).picture


def test_a_warp_takes_each_pixel_from_where_the_flow_points() -> None:
    picture = torch.rand(1, 2, 20, 30)
    flow = torch.tensor([3.0, -2.0])[None, :, None, None].expand(1, 2, 20, 30)
    torch.testing.assert_close(warp(picture, flow)[..., 2:, :-3], picture[..., :-2, 3:], atol=1e-5, rtol=0)
    half = torch.tensor([0.5, 0.0])[None, :, None, None].expand(1, 2, 20, 30)
    mean = (picture[..., :-1] + picture[..., 1:]) / 2
    torch.testing.assert_close(warp(picture, half)[..., :-1], mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(warp(picture, 100 * half)[..., 0], picture[..., -1], atol=1e-5, rtol=0)


def test_a_warp_of_halves_still_knows_where_it_is() -> None:
    """Beyond 2048 pixels fp16 has no number for every column."""
    picture = torch.arange(3000).remainder(2).half().expand(1, 1, 4, 3000)
    flow = torch.zeros(1, 2, 4, 3000, dtype=torch.float16)
    torch.testing.assert_close(warp(picture, flow), picture, atol=2e-3, rtol=0)


def test_a_network_that_answers_nothing_mixes_the_two_evenly() -> None:
    first, second = seen(PLACE, 50)[:HEIGHT, :WIDTH], seen(OTHER, 90)[:HEIGHT, :WIDTH]
    mean = (first.astype(float) + second) / 2
    assert np.abs(painted(still(), first, second).astype(float) - mean).max() <= 0.51


def test_the_mask_is_the_share_of_the_first() -> None:
    first, second = seen(PLACE, 50), seen(OTHER, 90)
    assert np.array_equal(painted(still(mask=30.0), first, second), first)
    assert np.array_equal(painted(still(mask=-30.0), first, second), second)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_constant_flow_moves_the_picture_by_so_much(scale: float) -> None:
    """A pan of 8 pixels: its middle lies 4 pixels on in the first, 4 back in the second. Flows are in the pixels of the
    size at which they are found."""
    first, truth, second = seen(PLACE, 50), seen(PLACE, 54), seen(PLACE, 58)
    made = painted(still(first_x=4.0 * scale, second_x=-4.0 * scale), first, second, scale=scale)
    assert np.abs(made[:, 4:-4].astype(int) - truth[:, 4:-4]).max() <= 1
    blended = cv2.addWeighted(first, 0.5, second, 0.5, 0)
    assert np.abs(blended[:, 4:-4].astype(int) - truth[:, 4:-4]).max() > 40


def test_blocks_add_up_in_pixels_of_the_whole_picture() -> None:
    network = still(first_x=1.0)
    with torch.no_grad():
        network.blocks[0].lastconv[0].bias[:4] = 0.25  # found in a sixteenth of the size: 4 pixels
    x = torch.rand(1, 3, 64, 128)
    flow, mask = network(x, x, 0.5)
    torch.testing.assert_close(flow[:, 0], torch.full((1, 64, 128), 5.0))
    assert not flow[:, 1:].any()
    assert mask.shape == (1, 1, 64, 128)


def test_the_time_counts() -> None:
    network = small_rife().eval()
    x, y = torch.rand(2, 1, 3, 64, 64)
    assert not torch.equal(network(x, y, 0.25)[0], network(x, y, 0.75)[0])


def test_halves_paint_the_same_picture() -> None:
    first, second = seen(PLACE, 50), seen(PLACE, 56)
    full, half = (
        painted(small_rife().eval(), first, second, 0.3),
        painted(small_rife().half().eval(), first, second, 0.3),
    )
    assert np.abs(full.astype(int) - half).max() <= 3


# -- its weights


def test_the_published_weights_are_as_large_as_this_network(tmp_path: Path) -> None:
    save_file(IfNet().state_dict(), tmp_path / "whole.safetensors")
    assert (tmp_path / "whole.safetensors").stat().st_size == PUBLISHED_BYTES  # names, too


def test_weights_are_known_by_their_names_and_shapes() -> None:
    state = small_rife().state_dict()
    assert build_ifnet(state).state_dict().keys() == state.keys()
    assert build_ifnet(IfNet(unit=2, context=16).state_dict()).encode.cnn3.out_channels == 16
    wrapped = {f"module.{key.replace('blocks.', 'block')}": tensor for key, tensor in state.items()}
    trained = {"module.teacher.conv0.0.0.weight": torch.zeros(1), "module.caltime.0.bias": torch.zeros(1)}
    assert build_ifnet(wrapped | trained).state_dict().keys() == state.keys()


def test_other_weights_are_refused_by_the_names_that_differ() -> None:
    state = small_rife().state_dict()
    four = {key: tensor for key, tensor in state.items() if not key.startswith("blocks.4")}
    with pytest.raises(ValueError, match=r"not those of RIFE.*missing: blocks\.4\.conv0\.0\.0\.bias, .* and 27 more"):
        build_ifnet(four)
    with pytest.raises(ValueError, match=r"unknown: blocks\.5\.conv0\.0\.0\.bias$"):
        build_ifnet(state | {"block5.conv0.0.0.bias": torch.zeros(1)})
    with pytest.raises(ValueError, match=r"of another shape: blocks\.2\.convblock\.3\.beta$"):
        build_ifnet(state | {"blocks.2.convblock.3.beta": torch.zeros(1, 5, 1, 1)})


# -- films


@pytest.fixture
def interpolate(models: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Task]:
    """Run the workflow; its task afterwards. `here` are the bundles on the box."""
    weights = Opening(Surroundings(models_dir=models(BUNDLE)))
    count = 0

    def run(
        video: Path, *, here: bool = True, variant: str | None = None, cancel_at: int | None = None, **given: Any
    ) -> Task:
        nonlocal count
        count += 1
        box = models() if here else tmp_path / "nothing"
        monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(box))
        task = make_task(WORKFLOW, given, {"video": video}, tmp_path / f"out{count}")
        task.variant, task.weights = variant, weights
        said: list[str] = []
        task.on_progress = lambda fraction, message: said.append(message)
        task.on_log = lambda level, text: said.append(text)
        task.is_canceled = lambda: cancel_at is not None and len(said) > cancel_at
        try:
            media.run(task)
        finally:
            task.reference = "\n".join(said)
        return task

    return run


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[Pixels]:
    """Those that are encoded, as they were before."""
    found: list[Pixels] = []
    encoded = frame_interpolation.to_yuv

    def watched(pixels: Pixels) -> Any:
        found.append(pixels.copy())
        return encoded(pixels)

    monkeypatch.setattr(frame_interpolation, "to_yuv", watched)
    return found


@pytest.fixture
def pan(tmp_path: Path) -> Path:
    return make_video(tmp_path / "pan.mp4", [seen(PLACE, 50 + 6 * n)[:HEIGHT, :WIDTH] for n in range(4)], rate=12)


@pytest.mark.parametrize("factor", [2, 7])
def test_a_film_gets_its_in_betweens_and_keeps_its_own_frames(
    interpolate: Callable[..., Task], pictures: list[Pixels], pan: Path, factor: int
) -> None:
    task = interpolate(pan, factor=factor)
    assert len(pictures) == 4 * factor
    assert {picture.shape for picture in pictures} == {(HEIGHT, WIDTH, 3)}
    with open_footage(pan) as footage:
        for number, frame in enumerate(footage.frames()):
            assert np.array_equal(pictures[number * factor], to_pixels(frame))
    for number in range(1, 3 * factor):
        if number % factor:
            assert not np.array_equal(pictures[number], pictures[number - 1])
    frames = decode(task.out_dir / "interpolated.mp4")
    assert (len(frames), frames[0].shape) == (4 * factor, (HEIGHT, WIDTH, 3))
    told = task.provenance
    assert (told["method"], told["variant"], told["precision"]) == ("RIFE 4.26", "rife_cpu", "fp32")
    assert told["models"] == {BUNDLE: "Comfy-Org/frame_interpolation@unknown"}
    assert (told["frames_in_between"], told["flow_scale"], told["cuts_held"]) == (3 * (factor - 1), 1.0, 0)


def test_the_same_film_comes_twice(interpolate: Callable[..., Task], pan: Path) -> None:
    first, again = (interpolate(pan, factor=3).out_dir / "interpolated.mp4" for _ in range(2))
    assert first.read_bytes() == again.read_bytes()


def test_a_cut_is_held(interpolate: Callable[..., Task], pictures: list[Pixels], tmp_path: Path) -> None:
    frames = [seen(PLACE, 50), seen(PLACE, 56), seen(OTHER, 90), seen(OTHER, 84)]
    task = interpolate(make_video(tmp_path / "cut.mp4", frames), factor=4)
    assert (task.provenance["cuts_held"], task.provenance["frames_in_between"]) == (1, 6)
    for number in (5, 6, 7):
        assert np.array_equal(pictures[number], pictures[4])


def test_without_its_weights_optical_flow_makes_them_and_the_recipe_says_so(
    interpolate: Callable[..., Task], pan: Path
) -> None:
    task = interpolate(pan, here=False)
    assert (task.provenance["method"], task.provenance["variant"]) == ("optical flow (DIS)", "flow")
    asked = interpolate(pan, here=False, variant="rife")
    assert (asked.provenance["variant"], asked.provenance["asked_variant"]) == ("flow", "rife")
    assert "cinefarm models pull rife_v4_26" in asked.reference
    assert "“flow” is used instead" in asked.reference


def test_optical_flow_can_be_chosen(interpolate: Callable[..., Task], pan: Path) -> None:
    task = interpolate(pan, method="flow", variant="rife")
    assert (task.provenance["method"], task.provenance["variant"]) == ("optical flow (DIS)", "flow")
    assert "models" not in task.provenance


def test_without_room_flows_are_found_at_half_the_size(
    interpolate: Callable[..., Task], pan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = IfNet.forward
    widths: list[int] = []

    def short(network: IfNet, first: Any, second: Any, time: float) -> Any:
        widths.append(first.shape[-1])
        if first.shape[-1] > most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return computed(network, first, second, time)

    monkeypatch.setattr(IfNet, "forward", short)
    most = 150
    task = interpolate(pan)
    assert task.provenance["flow_scale"] == 0.5
    assert widths == [192, 128, 128, 128]  # it is not tried again for each picture
    assert "again at 0.5 of the picture's" in task.reference
    most = 0
    with pytest.raises(EngineError, match="Out of memory") as caught:
        interpolate(pan)
    assert caught.value.kind is FailureKind.OUT_OF_MEMORY


def test_a_cancel_stops_between_two_pictures(interpolate: Callable[..., Task], pan: Path, tmp_path: Path) -> None:
    with pytest.raises(Canceled):
        interpolate(pan, factor=16, cancel_at=3)
    assert files_in(tmp_path / "out1") == []


def test_broken_weights_are_named(
    interpolate: Callable[..., Task], pan: Path, models: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(state: dict[str, Any]) -> IfNet:
        return build_ifnet(state | {"blocks.5.conv0.0.0.bias": torch.zeros(1)})

    monkeypatch.setattr("worker.engines.media.rife.build_ifnet", other)
    with pytest.raises(EngineError, match=r"rife_v4.26.safetensors cannot be loaded.*unknown: blocks\.5") as caught:
        interpolate(pan)
    assert caught.value.kind is FailureKind.WORKER


def test_what_it_took_is_remembered_by_the_size_of_the_film(
    models: Callable[..., Path], pan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(models(BUNDLE)))
    task = make_task(WORKFLOW, {}, {"video": pan}, tmp_path / "out")
    job = Job(workflow=WORKFLOW)
    with task.weights.running(job):
        media.run(task)
    assert job.size == f"{WIDTH}x{HEIGHT}"


def test_what_must_be_free_grows_with_the_picture() -> None:
    def need(width: int, height: int) -> float:
        return work_gb(width, height, scale=first_scale(width, height), precision=Precision.FP16)

    assert need(1280, 720) < need(1920, 1080) < 2.0  # the variant's need
    assert first_scale(3840, 2160) == 0.5
    assert need(3840, 2160) < 4 * need(1920, 1080)
