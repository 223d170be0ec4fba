"""An ad through real processes: from a photo to pictures, and with its worker killed in each of its stages."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from cinefarm import Farm
from cinefarm.statuses import AttemptStatus
from tests.photos import photo
from tests.processes.conftest import ROOT, RealFarm, children_of, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

TEXT = "건어물 대박 세일"
STAGES = ("cut_out", "backdrop", "composite", "layout", "lettering", "finish")


@pytest.fixture
def product(tmp_path: Path) -> Path:
    pixels, _ = photo("bottle", "studio", seed=3)
    path = tmp_path / "bottle.png"
    Image.fromarray(pixels).save(path)
    return path


def stages_of(farm: Farm, ad_id: str) -> dict[str, Any]:
    ad: Any = farm.request("GET", f"/api/ads/{ad_id}").json()
    return {stage["key"]: stage for stage in [*ad["shared"], *ad["branches"][0]["stages"]]}


def test_an_ad_by_the_command_line(real_farm: RealFarm, product: Path) -> None:
    """Of two sizes two files; then new words, for which nothing runs but what they concern."""
    real_farm.start_master()
    real_farm.start_worker()
    save = real_farm.folder / "ad.png"
    words = [
        "ad",
        str(product),
        TEXT,
        "--background",
        "전통시장",
        "--text-style",
        "골드풍선",
        "--size",
        "1:1",
        "--size",
        "4:5",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "cinefarm", *words, "-o", str(save)],
        cwd=real_farm.folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "CINEFARM_URL": real_farm.url, "CINEFARM_TOKEN": secret(real_farm)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Cut out the product" in done.stderr
    for width, height in ((1024, 1024), (1080, 1350)):
        assert Image.open(save.with_stem(f"ad_{width}x{height}")).size == (width, height)
    with real_farm.client() as farm:
        (ad,) = farm.ads()
        before = stages_of(farm, ad.id)
        farm.restart_ad(ad.id, ad_text="새우 특가")
        assert farm.wait_ad(ad.id, timeout_s=200).status == "completed"
        after = stages_of(farm, ad.id)
        again = [key for key in STAGES if after[key]["job_id"] != before[key]["job_id"]]
        assert again == ["lettering", "finish"]


def test_a_worker_killed_in_each_stage_costs_that_stage_alone(real_farm: RealFarm, product: Path) -> None:
    """`kill -9` of the worker while each stage runs: the ad ends well, and no stage that had finished runs again."""
    real_farm.start_master()
    worker = real_farm.start_worker("box-0")
    with real_farm.client() as farm:
        ad = farm.make_ad(product, TEXT, background_style="전통시장")
        for number, key in enumerate(STAGES, start=1):
            wait_until(lambda key=key: stages_of(farm, ad.id)[key]["status"] in ("running", "completed"), 120, key)
            kill(worker)
            worker = real_farm.start_worker(f"box-{number}")
        done = farm.wait_ad(ad.id, timeout_s=200)
        assert done.status == "completed", done.message
        lost = 0
        for key, stage in stages_of(farm, ad.id).items():
            assert not stage["earlier"], f"{key} kept its job"
            attempts = [attempt["status"] for attempt in farm.job(stage["job_id"]).attempts]
            assert attempts.count(AttemptStatus.COMPLETED) == 1, f"{key}: {attempts}"
            assert attempts[-1] == AttemptStatus.COMPLETED, f"{key}: {attempts}"
            assert len(attempts) <= 2, f"{key}: {attempts}"
            lost += attempts.count(AttemptStatus.LOST)
        assert lost >= 4, f"only {lost} of the kills met a running stage"


def kill(worker: psutil.Popen) -> None:
    family = children_of(worker)
    worker.kill()
    worker.wait(10)
    psutil.wait_procs(family, 10)


def secret(farm: RealFarm) -> str:
    return farm.secret_file.read_text().strip()
