"""The least that heartbeats can cost: a socket that validates each message and answers it, and nothing else.

    python -m bench.bare PORT

The same libraries and settings as the master's; no gate, no farm, no database. Each agent is given one job to keep.
"""

import os
import sys

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from cinefarm.ids import new_id
from cinefarm.messages import AttemptRef, Heartbeat, Hello, Ready, Renewed, Run, Welcome, from_worker
from cinefarm.processes import allow_open_files
from cinefarm.storage import StoragePath
from master.api.gate import MOST_OPEN
from master.config import MasterSettings
from master.serve import _configuration

app = FastAPI()


@app.get("/api/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.websocket("/ws/worker")
async def worker(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            for message in from_worker.frame(await socket.receive_text()):
                if answer := _answer(message):
                    await socket.send_text(answer)
    except WebSocketDisconnect:
        return


def _answer(message: object) -> str | None:
    match message:
        case Heartbeat():
            return Renewed(running=message.running).model_dump_json()
        case Hello():
            return Welcome(
                protocol=1,
                worker_id=message.node_id,
                lease_s=30.0,
                heartbeat_s=5.0,
                probe_path=StoragePath("shared_storage/probes/none"),
                probe_content="",
            ).model_dump_json()
        case Ready():
            return Run(
                ref=AttemptRef(job_id=new_id(), attempt=1),
                device_id=message.device_id,
                name="",
                workflow="farm/ping",
                workflow_version=1,
                engine="probe",
                parameters={},
                output_dir=StoragePath("shared_storage/none"),
                timeout_s=60.0,
            ).model_dump_json()
        case _:
            return None


if __name__ == "__main__":
    allow_open_files(2 * MOST_OPEN)
    settings = MasterSettings(port=int(sys.argv[1]), state_dir=os.devnull)
    uvicorn.Server(_configuration(app, settings)).run()
