"""A device host that misbehaves as told: speaks the real lines of `worker.pipe`, runs no engine.

The word in `parameters["do"]` of a run says what goes wrong.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from cinefarm.statuses import FailureKind, MediaKind, OutputRole
from cinefarm.storage import sha256_file
from worker.pipe import (
    HostCancel,
    HostDone,
    HostExpect,
    HostFailed,
    HostFile,
    HostHeld,
    HostLog,
    HostProgress,
    HostReady,
    HostRun,
    HostStopped,
    Line,
    to_host,
)


def say(line: Line) -> None:
    print(line.model_dump_json(), flush=True)


def misbehave(run: HostRun) -> None:
    word = run.parameters["do"]
    say(HostProgress(fraction=0.5, message=word))
    if word == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "crash":
        os._exit(1)
    elif word == "nonsense":
        print("Segmentation fault?", flush=True)
    elif word == "huge line":
        say(HostLog(level="info", text="x" * (9 * 1024 * 1024)))
    elif word == "hang":
        child = subprocess.Popen(["sleep", "600"])
        Path(run.parameters["pids"]).write_text(f"{os.getpid()} {child.pid}")
        while True:
            time.sleep(60)
    elif word == "fail":
        say(HostFailed(failure=FailureKind.BAD_INPUT, message="No.", seconds=1))
    elif word == "wait for cancel":
        Path(run.parameters["pids"]).write_text(str(os.getpid()))
        assert isinstance(to_host.validate_json(sys.stdin.readline()), HostCancel)
        say(HostStopped())
    elif word == "hold":
        say(HostHeld(resident=("one",), staged=("two",)))
        deliver(run)
    elif word == "talk":
        for _ in range(60):
            say(HostLog(level="shout", text="한" * 20_000))
        deliver(run)
    else:
        deliver(run)


def deliver(run: HostRun) -> None:
    run.out_dir.mkdir(parents=True, exist_ok=True)
    path = run.out_dir / "panel.png"
    path.write_bytes(b"a picture")
    file = HostFile(path=path, role=OutputRole.MAIN, media=MediaKind.IMAGE, sha256=sha256_file(path), bytes=9)
    say(HostDone(files=(file,), provenance={"engine": "strange"}, seconds=1.0, peak_ram_gb=0.1))


say(HostReady(capabilities=("a/b",), engines={"strange": "1"}))
for text in sys.stdin:
    request = to_host.validate_json(text)
    if isinstance(request, HostRun):
        misbehave(request)
    elif isinstance(request, HostExpect):
        say(HostHeld(staged=request.bundles))
