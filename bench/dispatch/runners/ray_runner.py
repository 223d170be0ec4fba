"""Ray on one machine; results in its object store (memory: Ray has no durable one)."""

import tempfile
from collections.abc import Sequence
from typing import Any

import ray

from bench.dispatch.runners.runner import Runner, main, run_job


class RayRunner(Runner):
    package = "ray"

    def start_workers(self) -> None:
        ray.init(
            num_cpus=self.workers,
            include_dashboard=False,
            _temp_dir=tempfile.mkdtemp(prefix="ray"),  # its sockets need a short path
            object_store_memory=200 * 2**20,
            log_to_driver=False,
            logging_level="ERROR",
        )
        self.ping = ray.remote(num_cpus=1)(run_job)

    async def submit(self, number: int) -> Any:
        return self.ping.remote(number)

    async def wait(self, handle: Any) -> None:
        ray.get(handle)

    async def wait_all(self, handles: Sequence[Any]) -> None:
        ray.get(list(handles))

    def stop(self) -> None:
        ray.shutdown()


if __name__ == "__main__":
    main(RayRunner)
