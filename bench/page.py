"""A farm for the page's own bench: `python -m bench.page SHOTS [--jobs-a-second N]`, ended by closing its input.

Says one line of JSON once it is ready: address, secret and project. With `--jobs-a-second` no-op jobs go through it the
whole time, each of which is told to the browsers three times or more: queued, running, completed.
"""

import argparse
import asyncio
import json
import sys

from bench.dispatch.ours import WORKFLOW, submit
from bench.farm import PROJECT, AgentProcesses, BenchMaster, bench_folder, enroll, share_out
from bench.shots import filled_master

_LIST = 10  # jobs in a request


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shots", type=int)
    parser.add_argument("--jobs-a-second", type=float, default=0.0)
    options = parser.parse_args()
    with bench_folder() as folder, filled_master(folder, options.shots, pictures=True) as (master, _):
        ready = {"url": f"http://127.0.0.1:{master.port}", "secret": master.secret, "project": PROJECT}
        if options.jobs_a_second:
            asyncio.run(_busy(master, options.jobs_a_second, json.dumps(ready)))
        else:
            print(json.dumps(ready), flush=True)
            sys.stdin.read()
    return 0


async def _busy(master: BenchMaster, rate: float, ready: str) -> None:
    enrolled = await enroll(master, [f"box-{number}" for number in range(4)])
    stamps = {name: str(master.folder / name) for name in ("starts", "acks")}
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    with AgentProcesses(share_out(enrolled, 1, port=master.port, workflows=(WORKFLOW,), **stamps)):
        async with master.client(connections=2) as client:
            print(ready, flush=True)
            number = 0
            while not ended.done():
                await submit(client, range(number, number + _LIST), bulk=True)
                number += _LIST
                await asyncio.sleep(_LIST / rate)


if __name__ == "__main__":
    sys.exit(main())
