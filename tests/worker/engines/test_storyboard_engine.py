"""What a job gets from the storyboard engine: files, sizes, determinism, errors."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from worker.engines import storyboard
from worker.task import Canceled, EngineError, Output, Task

SHOT: dict[str, Any] = {
    "id": "shot-1",
    "code": "SHT-00001",
    "project": "Harbour",
    "sequence": "SQ010",
    "scene_description": "EXT. 항구 - 해질녘",
    "action": "수아가 우산을 들고 왼쪽으로 걸어간다. Camera pans left.",
    "characters": [{"id": "chr-1", "name": "수아", "description": "20대 여자, 긴 검은 머리", "look": "빨간 우비"}],
    "camera": {"camera_body": "Arri Alexa", "focal_length": "35mm"},
    "frame_count": 48,
}


def draw(out_dir: Path, inputs: dict[str, Path] | None = None, **parameters: Any) -> list[Output]:
    given = {"shot": SHOT, "seed": 7, "width": 320, "height": 180, "caption": False, **parameters}
    return storyboard.run(Task("text_to_image/storyboard", given, inputs or {}, out_dir))


def picture(outputs: list[Output]) -> np.ndarray:
    image = cv2.imread(str(outputs[0].path), cv2.IMREAD_COLOR)
    assert image is not None
    return image


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_probe_needs_nothing_but_the_fonts() -> None:
    assert storyboard.probe().ok


def test_the_log_says_what_was_drawn(tmp_path: Path) -> None:
    lines: list[str] = []
    given = {"shot": SHOT, "seed": 7, "width": 320, "height": 180, "caption": False}
    storyboard.run(Task("text_to_image/storyboard", given, {}, tmp_path, on_log=lambda level, text: lines.append(text)))
    assert len(lines) == 1
    assert lines[0].startswith("SHT-00001: ")
    assert lines[0].endswith("seed 7, 320x180 px")


def test_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    outputs = draw(tmp_path / "here", caption=True)
    script = (
        "import json, sys; from pathlib import Path; from worker.engines import storyboard;"
        "from worker.task import Task;"
        "task = Task('text_to_image/storyboard', json.loads(sys.argv[1]), {}, Path(sys.argv[2]));"
        "storyboard.run(task)"
    )
    parameters = {"shot": SHOT, "seed": 7, "width": 320, "height": 180, "caption": True}
    for name, hash_seed in (("one", "1"), ("two", "2")):
        subprocess.run(
            [sys.executable, "-c", script, json.dumps(parameters), str(tmp_path / name)],
            check=True,
            env={"PYTHONHASHSEED": hash_seed, "PATH": "", "PYTHONPATH": str(Path(storyboard.__file__).parents[3])},
        )
        for output in outputs:
            assert digest(tmp_path / name / output.path.name) == digest(output.path)


def test_another_seed_gives_another_composition(tmp_path: Path) -> None:
    one, two = picture(draw(tmp_path / "a", seed=1)), picture(draw(tmp_path / "b", seed=2))
    assert np.abs(one.astype(int) - two.astype(int)).mean() > 8


@pytest.mark.parametrize(("width", "height"), [(320, 180), (300, 300), (180, 320), (478, 200), (320, 240)])
def test_the_picture_has_exactly_the_asked_size(tmp_path: Path, width: int, height: int) -> None:
    outputs = draw(tmp_path, width=width, height=height)
    assert picture(outputs).shape == (height, width, 3)
    assert (outputs[0].width, outputs[0].height) == (width, height)
    assert outputs[0].facts["caption_height"] == 0


def test_the_caption_is_a_band_below_an_unchanged_picture(tmp_path: Path) -> None:
    clean, told = draw(tmp_path / "clean"), draw(tmp_path / "told", caption=True)
    facts = told[0].facts
    assert facts["picture_height"] == 180
    assert facts["caption_height"] > 30
    assert picture(told).shape == (180 + facts["caption_height"], 320, 3)
    assert np.array_equal(picture(told)[:180], picture(clean))
    assert picture(told)[182:186].mean() > 225  # paper


def test_the_thumbnail_is_a_small_webp(tmp_path: Path) -> None:
    outputs = draw(tmp_path, width=960, height=540, caption=True)
    thumbnail = next(o for o in outputs if o.role is OutputRole.THUMBNAIL)
    assert thumbnail.kind is MediaKind.IMAGE
    assert thumbnail.path.read_bytes()[8:12] == b"WEBP"
    image = cv2.imread(str(thumbnail.path))
    assert image is not None
    assert image.shape[1] == 480


def test_the_png_carries_no_metadata(tmp_path: Path) -> None:
    data = draw(tmp_path)[0].path.read_bytes()
    assert data.startswith(b"\x89PNG")
    for chunk in (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf"):
        assert chunk not in data


def test_tones_are_colour_grey_and_line(tmp_path: Path) -> None:
    colour, grey, line = (picture(draw(tmp_path / tone, tone=tone)).astype(int) for tone in ("color", "grey", "line"))

    def chroma(image: np.ndarray) -> float:
        return float((image.max(axis=2) - image.min(axis=2)).mean())

    assert chroma(colour) > 10
    assert chroma(grey) < 2  # only the marks of the camera stay red
    assert chroma(line) < 4
    assert line.mean() > grey.mean() + 25
    assert line.min() < 110  # ink is there


def test_progress_rises_and_one_preview_is_a_jpeg(tmp_path: Path) -> None:
    seen: list[float] = []
    previews: list[bytes] = []
    task = Task("text_to_image/storyboard", {"shot": SHOT, "width": 320, "height": 180}, {}, tmp_path)
    task.on_progress = lambda fraction, message: seen.append(fraction)
    task.on_preview = previews.append
    storyboard.run(task)
    assert seen == sorted(seen)
    assert len(seen) >= 5
    assert seen[-1] == 1.0
    assert len(previews) == 1
    assert previews[0].startswith(b"\xff\xd8")
    assert len(previews[0]) < 200 * 1024


def test_a_cancel_stops_the_drawing(tmp_path: Path) -> None:
    task = Task("text_to_image/storyboard", {"shot": SHOT}, {}, tmp_path, is_canceled=lambda: True)
    with pytest.raises(Canceled):
        storyboard.run(task)
    assert not (tmp_path / "panel.png").exists()


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"shot": None}, "shot"),
        ({"shot": {"id": "x"}}, "shot.code"),
        ({"shot": {**SHOT, "frame_count": 0}}, "shot.frame_count"),
        ({"shot": {**SHOT, "characters": [{"id": "a"}]}}, "shot.characters.0.name"),
        ({"tone": "sepia"}, "tone"),
        ({"width": 0}, "width"),
        ({"height": 100_000}, "height"),
        ({"seed": "seven"}, "seed"),
        ({"caption": "yes"}, "caption"),
        ({"prompt": 3}, "prompt"),
    ],
)
def test_a_broken_parameter_is_named(tmp_path: Path, parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(EngineError) as caught:
        draw(tmp_path, **parameters)
    assert caught.value.kind is FailureKind.BAD_INPUT
    assert f"“{named}”" in str(caught.value)


def test_a_reference_that_was_not_delivered_is_left_out(tmp_path: Path) -> None:
    shot = {**SHOT, "characters": [{**SHOT["characters"][0], "reference_input": "sheet_1"}]}
    assert np.array_equal(picture(draw(tmp_path / "with", shot=shot)), picture(draw(tmp_path / "without")))


def test_a_reference_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    sheet.write_bytes(b"not a picture")
    shot = {**SHOT, "characters": [{**SHOT["characters"][0], "reference_input": "sheet_1"}]}
    with pytest.raises(EngineError, match="sheet_1") as caught:
        draw(tmp_path, inputs={"sheet_1": sheet}, shot=shot)
    assert caught.value.kind is FailureKind.BAD_INPUT


def test_a_reference_picture_colours_the_clothes(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    figure = np.full((400, 260, 3), 240, np.uint8)
    cv2.circle(figure, (130, 60), 34, (170, 200, 230), -1)
    cv2.rectangle(figure, (80, 100), (180, 230), (40, 190, 60), -1)  # a green coat
    cv2.rectangle(figure, (90, 230), (170, 390), (60, 60, 60), -1)
    cv2.imwrite(str(sheet), figure)
    character = {"id": "chr-9", "name": "Kai", "look": "red jacket"}
    action = {"scene_description": "INT. OFFICE", "action": "Medium shot. Kai stands.", "camera": {}}
    plain = {**SHOT, **action, "characters": [character]}
    shown = {**SHOT, **action, "characters": [{**character, "reference_input": "sheet_1"}]}
    red = picture(draw(tmp_path / "red", shot=plain)).astype(int)
    green = picture(draw(tmp_path / "green", shot=shown, inputs={"sheet_1": sheet})).astype(int)

    def share(image: np.ndarray, channel: int) -> float:
        others = np.delete(image, channel, axis=2).max(axis=2)
        return float((image[..., channel] > others + 25).mean())

    assert share(red, 2) > share(green, 2) + 0.03
    assert share(green, 1) > share(red, 1) + 0.03


@pytest.mark.parametrize(
    "action",
    [
        "",
        "🔥🚀👩‍👩‍👧 \U0001f9d1🏽‍🚀 she runs",
        "مرحبا بالعالم يمشي الرجل في الشارع",
        "שלום ‮abc‬ \u200f\u200e",
        "a" * 5000,
        "걷는다" * 700,
        "\ud800 broken \x00\x07 text",
        "walks\n\n\nruns\tjumps",
    ],
)
def test_any_text_is_drawn(tmp_path: Path, action: str) -> None:
    shot = {**SHOT, "action": action}
    assert picture(draw(tmp_path, shot=shot, caption=True)).shape[1] == 320


def test_a_shot_without_characters_is_a_real_scene(tmp_path: Path) -> None:
    image = picture(draw(tmp_path, shot={**SHOT, "characters": [], "action": ""}))
    edges = cv2.Canny(image, 60, 160)
    assert (edges > 0).mean() > 0.01
    assert image.std() > 20


def test_twelve_characters_fit(tmp_path: Path) -> None:
    people = [{"id": f"c{i}", "name": f"Extra {i}", "look": "green raincoat"} for i in range(12)]
    shot = {**SHOT, "characters": people, "scene_description": "INT. OFFICE", "action": "Wide shot. They wait."}
    few = picture(draw(tmp_path / "one", shot={**shot, "characters": people[:1]})).astype(int)
    many = picture(draw(tmp_path / "all", shot=shot)).astype(int)

    def green(image: np.ndarray) -> float:
        return float((image[..., 1] > np.maximum(image[..., 0], image[..., 2]) + 20).mean())

    assert green(many) > 2 * green(few) > 0
