"""WAN videos on miniature weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.worker.engines.diffusers.conftest import Draw, Drawn
from worker.engines.diffusers import steps
from worker.engines.media.footage import open_footage, to_pixels
from worker.engines.media.stills import fitted_still
from worker.task import Canceled, Task

I2V = "image_to_video/wan_i2v"
FFLF = "image_to_video/fflf"
SHOT = {"id": "1", "code": "SHT-00001", "project": "Demo", "frame_count": 6, "fps_num": 24, "fps_den": 1}
SMALL: dict[str, Any] = {"shot": SHOT, "prompt": "rain falls", "width": 256, "height": 256, "frame_count": 6}
WAN = ("wan22_i2v_a14b",)

Photo = Callable[..., Path]


@pytest.fixture
def move(draw: Draw, photo: Photo) -> Callable[..., Drawn]:
    def run(workflow: str = I2V, inputs: dict[str, Path] | None = None, **given: Any) -> Drawn:
        return draw(workflow, inputs or {"image": photo()}, **{"bundles": WAN, "steps": 4, **SMALL, **given})

    return run


def frames(drawn: Drawn) -> list[np.ndarray]:
    with open_footage(drawn.path) as footage:
        return [to_pixels(frame) for frame in footage.frames()]


def test_a_picture_moves_for_as_long_as_the_shot(move: Callable[..., Drawn], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step shows its middle frame; the same seed moves it the same way, also after a cancel between two steps."""
    monkeypatch.setattr(steps, "PREVIEW_EVERY_S", 0.0)
    first = move()
    assert len(first.previews) == 4
    assert all(jpeg.startswith(b"\xff\xd8") and len(jpeg) < 200_000 for jpeg in first.previews)
    main = first.outputs[0]
    assert (main.frames, main.fps_num, main.width, main.height) == (6, 24, 256, 256)
    assert len(frames(first)) == 6
    assert [word for word in first.said if word.startswith("step")] == [f"step {n} of 4" for n in range(1, 5)]
    assert first.task.provenance["drawn_frames"] == 5  # the least 4k + 1 at 16 a second
    assert first.task.provenance["models"] == {"wan22_i2v_a14b": "Wan-AI/Wan2.2-I2V-A14B-Diffusers@unknown"}
    with pytest.raises(Canceled):
        move(steps=9, cancel_at=5)
    assert move().path.read_bytes() == first.path.read_bytes() != move(seed=2).path.read_bytes()


def test_a_last_frame_leads_the_film_elsewhere(move: Callable[..., Drawn], photo: Photo) -> None:
    """Both pictures are of other shapes than the video: their edges go, and that is said."""
    wide, tall = photo(1, 400, 256), photo(2, 256, 400)
    one = move(FFLF, {"image": wide, "last_image": tall})
    other = move(FFLF, {"image": wide, "last_image": photo(3)})
    assert one.path.read_bytes() != other.path.read_bytes()
    assert one.task.provenance["cropped"] == {"image": 0.36, "last_image": 0.36}
    assert "“image” is 400 × 256: 36% of it is cut off left and right." in one.log
    assert "“last_image” is 256 × 400: 36% of it is cut off above and below." in one.log
    assert other.task.provenance["drawn_frames"] == 5


def test_a_still_covers_the_video_with_its_middle_and_a_panel_loses_its_caption(tmp_path: Path) -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[:200, 100:300] = (200, 100, 50)  # the middle of the panel; the caption is below
    Image.fromarray(picture).save(tmp_path / "panel.png")
    task = Task(I2V, {"shot": {"picture_height": 200}}, {"image": tmp_path / "panel.png"}, tmp_path)
    fitted = np.asarray(fitted_still(task, "image", (256, 256)))
    assert fitted.shape == (256, 256, 3)
    assert (fitted[:, 8:-8] == (200, 100, 50)).all()


@pytest.mark.parametrize("variant", ["fp8", "fp8_swap"])  # bf16 is what the others run
def test_every_lean_way_to_keep_the_weights_moves_it(move: Callable[..., Drawn], variant: str) -> None:
    drawn = move(variant=variant)
    assert drawn.task.provenance["variant"] == variant
    assert len(frames(drawn)) == 6
