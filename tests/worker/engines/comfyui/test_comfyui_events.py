"""Frames of ComfyUI's WebSocket, whole and broken, and what becomes of previews and progress."""

import io
import json
import struct

import numpy as np
import pytest
from PIL import Image

from worker.engines.comfyui.events import Event, Picture, read_frame
from worker.engines.comfyui.meter import Meter
from worker.engines.comfyui.prompt import PREVIEW_BYTES, _as_jpeg

FACTS = json.dumps({"prompt_id": "p", "image_type": "image/jpeg"}).encode()
GRAPH = {
    "1": {"class_type": "CLIPTextEncode", "inputs": {}},
    "2": {"class_type": "KSampler", "inputs": {}},
    "3": {"class_type": "SaveImage", "inputs": {}},
}


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            '{"type": "executing", "data": {"node": "3", "prompt_id": "p"}}',
            Event("executing", {"node": "3", "prompt_id": "p"}),
        ),
        ('{"type": "status"}', Event("status")),
        (struct.pack(">II", 1, 1) + b"jpeg", Picture(b"jpeg")),
        (struct.pack(">II", 4, len(FACTS)) + FACTS + b"jpeg", Picture(b"jpeg", "p")),
        (struct.pack(">II", 3, 0) + b"text", None),
        (struct.pack(">II", 4, 5) + b"notjs", None),
        (b"\x00", None),
        ("not JSON", None),
        ("[1]", None),
        ('{"data": {}}', None),
    ],
)
def test_a_frame_is_read_or_passed_over(frame: str | bytes, said: object) -> None:
    """What is broken says nothing: a job must not fail by its progress."""
    assert read_frame(frame) == said


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_preview_is_made_small(kind: str) -> None:
    """A JPEG of at most 200 KiB, as the farm takes them."""
    noise = np.random.default_rng(1).integers(0, 255, (900, 1400, 3), np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).save(target, kind)
    assert len(target.getvalue()) > PREVIEW_BYTES
    made = _as_jpeg(target.getvalue())
    assert made.startswith(b"\xff\xd8")
    assert len(made) <= PREVIEW_BYTES
    with Image.open(io.BytesIO(made)) as picture:
        assert max(picture.size) == 640


def test_sampling_is_most_of_the_way() -> None:
    """What was cached counts as done, and the fraction never falls."""
    meter = Meter(GRAPH)
    seen = [meter.fraction]
    for kind, facts in (
        ("execution_cached", {"nodes": ["1"]}),
        ("progress", {"node": "2", "value": 5, "max": 10}),
        ("progress_state", {"nodes": {"2": {"state": "running", "value": 4, "max": 10}}}),
        ("progress_state", {"nodes": {"2": {"state": "finished"}, "99": {"state": "finished"}}}),
        ("executed", {"node": "3"}),
    ):
        meter.note(Event(kind, facts))
        seen.append(meter.fraction)
    assert seen == sorted(seen)
    assert 0.4 < seen[2] < 0.6
    assert seen[-1] == 1.0
