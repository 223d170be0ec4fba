"""Files of an attempt over HTTP: by hash, and only for the attempt that is out."""

import hashlib
import itertools
from typing import Any

import httpx
import pytest
from served import FakeWorker, Served, report_of

_numbers = itertools.count(1)


def objects(farm: Served, worker: FakeWorker, method: str, sha256: str, ref: Any, **options: Any) -> httpx.Response:
    query = {"job": ref.job_id, "attempt": ref.attempt, "revision": ref.revision, **options.pop("params", {})}
    return httpx.request(
        method,
        f"{farm.url}/api/worker/objects/{sha256}",
        params=query,
        headers=worker.headers,
        trust_env=False,
        **options,
    )


def test_an_output_is_uploaded_by_its_hash(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """404 before, 201, 200 after; then a report without a shared folder is accepted."""
    worker.join()
    run = worker.run()
    content = b"sent over HTTP %d" % next(_numbers)
    sha256 = hashlib.sha256(content).hexdigest()
    suffix = {"params": {"suffix": ".png"}}
    assert objects(farm, worker, "HEAD", sha256, run.ref, **suffix).status_code == 404
    assert objects(farm, worker, "PUT", sha256, run.ref, content=content, **suffix).status_code == 201
    assert objects(farm, worker, "HEAD", sha256, run.ref, **suffix).status_code == 200
    report = report_of(farm, run, content)
    farm.master.storage.resolve(f"{run.output_dir}/panel.png").unlink()
    worker.say(report)
    worker.hear("ack")
    assert farm.job(job_id)["status"] == "completed"


def test_a_wrong_hash_keeps_nothing(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Neither the file nor a part of it."""
    worker.join()
    run = worker.run()
    sha256 = hashlib.sha256(b"promised %d" % next(_numbers)).hexdigest()
    refused = objects(farm, worker, "PUT", sha256, run.ref, content=b"something else")
    assert refused.status_code == 422
    assert sha256 in refused.json()["message"]
    assert objects(farm, worker, "HEAD", sha256, run.ref).status_code == 404
    folder = farm.master.storage.resolve(f"shared_storage/objects/{sha256[:2]}")
    assert not list(folder.glob(".new-*"))


@pytest.mark.parametrize(
    ("sha256", "suffix"), [("../../etc/passwd", ""), ("0" * 63, ""), ("0" * 64, "/../x"), ("0" * 64, ".PNG.EXE")]
)
def test_an_object_is_named_by_its_hash_only(
    farm: Served, worker: FakeWorker, job_id: str, sha256: str, suffix: str
) -> None:
    """No path gets in."""
    worker.join()
    run = worker.run()
    answer = objects(farm, worker, "PUT", sha256, run.ref, content=b"x", params={"suffix": suffix})
    assert answer.status_code in (403, 404, 405, 422)


def test_a_credential_reaches_only_its_own_attempts(farm: Served, worker: FakeWorker, job_id: str) -> None:
    """Not another worker's, not a past one, not an input that the job has not."""
    worker.join()
    run = worker.run()
    thief = FakeWorker(farm, f"thief-{next(_numbers)}")
    past = run.ref.model_copy(update={"attempt": 7})
    huge = run.ref.model_copy(update={"attempt": 2**70})
    for method in ("GET", "HEAD", "PUT"):
        assert objects(farm, thief, method, "0" * 64, run.ref).status_code == 403
        assert objects(farm, worker, method, "0" * 64, past).status_code == 403
        assert objects(farm, worker, method, "0" * 64, huge).status_code in (403, 422)
    assert objects(farm, worker, "GET", "0" * 64, run.ref).status_code == 404
