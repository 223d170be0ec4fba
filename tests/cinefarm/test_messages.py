"""The wire: what is said is what is heard."""

import json

import pytest
from pydantic import ValidationError

from cinefarm.messages import (
    Ack,
    AttemptRef,
    Cancel,
    Completed,
    DeviceFacts,
    Drain,
    Failed,
    FromWorker,
    Heartbeat,
    Hello,
    Log,
    LogEntry,
    Preview,
    Progress,
    Ready,
    Renewed,
    Run,
    Stale,
    ToWorker,
    Unsupported,
    Welcome,
    common_protocol,
    from_worker,
    to_worker,
)
from cinefarm.statuses import FailureKind

REF = AttemptRef(job_id="j", attempt=1)
FROM: list[FromWorker] = [
    Hello(node_id="n", hostname="h", devices=(DeviceFacts(id="d", kind="cuda", name="GPU", memory_total_gb=24),)),
    Ready(device_id="d"),
    Progress(ref=REF, fraction=0.5, message="반"),
    Log(ref=REF, lines=(LogEntry(text="\x1b[0m"),)),
    Preview(ref=REF, jpeg_base64="eA=="),
    Completed(ref=REF, outputs=(), recipe={"seed": 2**53 + 1}, seconds=0.1),
    Failed(ref=REF, failure=FailureKind.QUOTA, message="Wait."),
    Heartbeat(running=(REF,)),
]
TO: list[ToWorker] = [
    Welcome(
        protocol=1,
        worker_id="w",
        lease_s=30,
        heartbeat_s=5,
        probe_path="shared_storage/p",
        probe_content="c",
        keep=(REF,),
    ),
    Run(
        ref=REF,
        device_id="d",
        name="n",
        workflow="a/b",
        workflow_version=1,
        engine="e",
        parameters={"x": [1, {"y": None}]},
        output_dir="projects/D/temp/j/1",
        timeout_s=1,
    ),
    Cancel(ref=REF),
    Drain(),
    Renewed(running=(REF,)),
    Ack(ref=REF),
    Stale(ref=REF),
    Unsupported(what="x", message="y"),
]


@pytest.mark.parametrize("message", FROM, ids=lambda message: message.kind)
def test_a_workers_message_arrives_as_it_was_sent(message: FromWorker) -> None:
    """And cannot be changed after that."""
    assert from_worker.message(message.model_dump_json()) == message
    with pytest.raises(ValidationError, match="frozen"):
        message.kind = "x"  # type: ignore[misc,assignment]


@pytest.mark.parametrize("message", TO, ids=lambda message: message.kind)
def test_a_masters_message_arrives_as_it_was_sent(message: ToWorker) -> None:
    """With every path still a path."""
    assert to_worker.message(message.model_dump_json()) == message


def test_a_newer_sides_fields_are_ignored() -> None:
    """An older one understands what it knows."""
    said = {**json.loads(FROM[2].model_dump_json()), "mood": "good"}
    assert from_worker.message(json.dumps(said)) == FROM[2]


@pytest.mark.parametrize(
    ("least", "most", "common"), [(1, 1, 1), (1, 9, 1), (0, 1, 1), (2, 3, None), (0, 0, None), (3, 1, None)]
)
def test_the_newest_protocol_of_both_is_spoken(least: int, most: int, common: int | None) -> None:
    """Or none."""
    hello = Hello(node_id="n", hostname="h", devices=(), protocol_min=least, protocol_max=most)
    assert common_protocol(hello) == common
