"""A worker that sees none of the master's folders gets and sends files over HTTP, by hash."""

import pytest

from tests.processes.conftest import RealFarm
from tests.processes.farm_checks import assert_each_job_done_once

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


def test_remote_worker_draws_and_cuts_a_film(real_farm: RealFarm) -> None:
    """Panels go up, and the animatic reads them where they were made; what is no longer there comes down, once."""
    real_farm.start_master()
    real_farm.start_worker("far", shared=False)
    with real_farm.client() as farm:
        shots = real_farm.make_project(farm, 3)
        batch = farm.submit("KILL", "text_to_image/storyboard", follow=[{"workflow": "image_to_video/animatic"}])
        details = assert_each_job_done_once(farm, farm.wait(batch.id, timeout_s=120), real_farm.folder)
        film = next(job for job in details if job.workflow == "image_to_video/animatic")
        assert next(output.frames for output in film.outputs if output.frames) == 6 * len(shots)
        cached = real_farm.folder / "worker-far" / "objects"

        def panels() -> dict[str, int]:
            return {path.name: path.stat().st_ino for path in cached.glob("*.png")}

        made = panels()
        assert len(made) == len({record["input"] for record in film.parameters["clips"]})
        for path in cached.iterdir():
            path.unlink()  # as it is when room was made for others
        found = []
        for _ in range(2):
            again = farm.submit("KILL", follow=[{"workflow": "image_to_video/animatic"}])
            assert_each_job_done_once(farm, farm.wait(again.id, timeout_s=120), real_farm.folder)
            found.append(panels())
        assert found[0].keys() == made.keys(), "they came down"
        assert found[1] == found[0], "once"
        assert "with files over HTTP" in real_farm.log("far")
        assert not list((real_farm.folder / "worker-far" / "work").rglob("*.png")), "delivered files are cleaned up"


def test_sharing_worker_copies_nothing(real_farm: RealFarm) -> None:
    """A worker that sees the master's folders says so and keeps no copies."""
    real_farm.start_master()
    real_farm.start_worker("near")
    with real_farm.client() as farm:
        real_farm.make_project(farm, 1)
        batch = farm.submit("KILL", "text_to_image/storyboard")
        assert_each_job_done_once(farm, farm.wait(batch.id, timeout_s=60), real_farm.folder)
        assert "sharing the master's folders" in real_farm.log("near")
        assert not (real_farm.folder / "worker-near" / "objects").exists()
