"""Read an .xlsx file: checked first, then parsed in a child process that may fail without harm."""

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

from master.errors import TooLarge, WrongType
from master.exchange.archive import check_workbook
from master.exchange.child import EXIT_BAD, EXIT_LARGE
from master.exchange.grid import Grid
from master.exchange.limits import LIMITS, MIB, ImportLimits

_ROOT = Path(__file__).parents[2]  # where `python -m` finds this package


def read_workbook(content: bytes, limits: ImportLimits = LIMITS) -> list[Grid]:
    """Every sheet, hidden ones empty (except `_meta`). Raises `TooLarge` or `WrongType`."""
    check_workbook(content, limits)
    answer = json.loads(_parse_apart(content, limits))
    return [
        Grid(
            name=sheet["name"],
            rows=[(number, cells) for number, cells in sheet["rows"]],
            visible=sheet["visible"],
            odd=sheet["odd"],
        )
        for sheet in answer["sheets"]
    ]


def _parse_apart(content: bytes, limits: ImportLimits) -> bytes:
    process = subprocess.Popen(
        [sys.executable, "-m", "master.exchange.child", *_arguments(limits)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        start_new_session=True,  # so that it can be killed with everything it may have started
    )
    try:
        output, complaint = process.communicate(content, timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise _too_slow(limits) from error
    finally:
        _kill(process)
    if process.returncode == 0:
        return output
    raise _refusal(process.returncode, complaint.decode("utf-8", "replace").strip(), limits)


def _arguments(limits: ImportLimits) -> list[str]:
    cpu_s = max(1, math.ceil(limits.seconds))
    return [str(part) for part in (limits.memory_bytes, cpu_s, limits.rows, limits.columns, limits.text_chars)]


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()


def _too_slow(limits: ImportLimits) -> TooLarge:
    return TooLarge(
        "Reading the workbook took longer than {seconds:g} s; split it into several files.",
        seconds=limits.seconds,
        limit=limits.seconds,
    )


def _refusal(code: int, complaint: str, limits: ImportLimits) -> TooLarge | WrongType:
    if code == EXIT_BAD:
        return WrongType(
            "The workbook cannot be read ({complaint}); open it in Excel and save it again.", complaint=complaint[:200]
        )
    if code == EXIT_LARGE and complaint != "out of memory":
        return TooLarge(
            "The workbook is too large: {complaint}. Split it into several files.",
            complaint=complaint,
            limit=limits.rows,
        )
    if code == -signal.SIGXCPU:
        return _too_slow(limits)
    return TooLarge(
        "Reading the workbook needs more than {memory_bytes} MiB of memory; "
        "delete unused rows and columns, or split it into several files.",
        memory_bytes=limits.memory_bytes // MIB,
        limit=limits.memory_bytes,
    )
