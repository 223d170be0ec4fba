"""Reports on disk until the master has them."""

from pathlib import Path

from cinefarm.messages import AttemptRef, Completed, Failed
from cinefarm.statuses import FailureKind
from worker.outbox import Outbox


def ref(n: int, attempt: int = 1) -> AttemptRef:
    return AttemptRef(job_id=f"job{n}", attempt=attempt)


def test_a_report_outlives_the_agent(tmp_path: Path) -> None:
    """A new agent on the same folder finds it, as it was, oldest first."""
    first = Completed(ref=ref(2), outputs=(), seconds=1.5, recipe={"seed": 7, "note": "한국어"})
    second = Failed(ref=ref(1), failure=FailureKind.TIMEOUT, message="Too long.")
    outbox = Outbox(tmp_path / "outbox")
    outbox.put(first)
    outbox.put(second)
    assert Outbox(tmp_path / "outbox").reports() == [first, second]


def test_a_forgotten_report_is_gone(tmp_path: Path) -> None:
    """Only that attempt's; forgetting twice is no harm."""
    outbox = Outbox(tmp_path)
    for attempt in (1, 2):
        outbox.put(Failed(ref=ref(1, attempt), failure=FailureKind.WORKER, message="."))
    outbox.forget(ref(1, 1))
    outbox.forget(ref(1, 1))
    outbox.forget(ref(9))
    assert [report.ref for report in outbox.reports()] == [ref(1, 2)]


def test_the_same_attempt_again_replaces(tmp_path: Path) -> None:
    """One report for one attempt, whole at every moment."""
    outbox = Outbox(tmp_path)
    outbox.put(Failed(ref=ref(1), failure=FailureKind.WORKER, message="first"))
    outbox.put(Failed(ref=ref(1), failure=FailureKind.WORKER, message="second"))
    assert [report.message for report in outbox.reports() if isinstance(report, Failed)] == ["second"]
    assert not list(tmp_path.glob("*.new"))


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    """The others are reported; what it held can still be looked at."""
    outbox = Outbox(tmp_path)
    outbox.put(Failed(ref=ref(1), failure=FailureKind.WORKER, message="."))
    for name, content in (("job2-1", b"{half"), ("job3-1", b"\xff\xfe"), ("job4-1", b'{"kind": "ready"}')):
        (tmp_path / f"{name}.json").write_bytes(content)
    assert [report.ref for report in outbox.reports()] == [ref(1)]
    assert sorted(place.name for place in tmp_path.glob("*.damaged")) == [
        "job2-1.damaged",
        "job3-1.damaged",
        "job4-1.damaged",
    ]
    assert (tmp_path / "job2-1.damaged").read_bytes() == b"{half"


def test_a_half_written_report_is_not_a_report(tmp_path: Path) -> None:
    """A crash in the middle of writing leaves a file that nobody reads."""
    (tmp_path / "job1-1.new").write_text('{"kind": "fai')
    assert Outbox(tmp_path).reports() == []
