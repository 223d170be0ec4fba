"""Stand-in until the master takes lists of jobs: one panel a job, a shot each."""

import orjson

from bench.farm import PROJECT
from bench.keepalive import KeepAlive
from master.jobs.submit import SubmitRequest

NEEDED = "jobs" not in SubmitRequest.model_fields
WORKFLOW = "text_to_image/storyboard"
_shots: list[str] = []


async def prepare(client: KeepAlive, count: int) -> None:
    while NEEDED and len(_shots) < count:
        rows = orjson.dumps([{"action": "walks", "frame_count": 24}] * 1000)
        await client.request("POST", f"/api/projects/{PROJECT}/shots", rows)
        _shots.clear()
        page = orjson.loads(await client.request("GET", f"/api/projects/{PROJECT}/shots?limit=1000"))
        _shots.extend(row["id"] for row in page["rows"])
        while len(_shots) < page["total"]:
            path = f"/api/projects/{PROJECT}/shots?limit=1000&after={_shots[-1]}"
            _shots.extend(row["id"] for row in orjson.loads(await client.request("GET", path))["rows"])


def body(count: int) -> bytes:
    ids = [_shots.pop() for _ in range(count)]
    return orjson.dumps({"workflow": WORKFLOW, "shot_ids": ids})
