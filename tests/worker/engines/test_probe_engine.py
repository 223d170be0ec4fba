"""The engine that answers at once."""

import json
from pathlib import Path

import pytest

from cinefarm.statuses import FailureKind, MediaKind
from worker.engines import load_engine, probe_engine
from worker.task import EngineError, Task
from workflows.catalog import load_catalog


def test_every_box_can_answer() -> None:
    """It needs nothing that a worker could lack."""
    assert probe_engine("probe").ok


def test_the_answer_holds_what_was_asked(tmp_path: Path) -> None:
    """One file, with the number and the text of the question."""
    engine = load_engine("probe")
    assert engine
    (output,) = engine.run(Task("farm/ping", {"number": 7, "text": "안녕"}, {}, tmp_path))
    said = json.loads(output.path.read_text("utf-8"))
    assert (said["number"], said["text"], said["device"]) == (7, "안녕", "cpu")
    assert (output.path.parent, output.kind) == (tmp_path, MediaKind.DOCUMENT)


def test_another_workflow_is_refused(tmp_path: Path) -> None:
    """By name, and no file is left."""
    engine = load_engine("probe")
    assert engine
    with pytest.raises(EngineError, match="runs farm/ping") as refused:
        engine.run(Task("video_utils/frame_split", {}, {}, tmp_path))
    assert refused.value.kind is FailureKind.BAD_INPUT
    assert list(tmp_path.iterdir()) == []


def test_the_workflow_names_the_engine() -> None:
    """A real worker advertises it."""
    assert [engine.name for engine in load_catalog()["farm/ping"].engines if engine.exists] == ["probe"]
