"""The ad studio on this machine, without a model or a key: `python -m bench.ads`. Prints one line of JSON.

ad_warm_s         a whole ad of 1024² (v2_html_text) after the first, by the client's clock: from the request, which
                  brings the photo, until the picture can be fetched; median of AGAIN
text_only_s       the same ad with other words
shares            each stage's part of the seconds that the warm ads' stages ran
hundred_ads_s     HUNDRED ads at once over two workers
iou_median_plain  cut-outs against known mattes on plain grounds; gate_misses: bad ones that were trusted
layouts_bad       of 200 random layouts
browsers_left     processes of the workers' browsers, and of this program's, that outlived them
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from bench import ads_cutout
from cinefarm import Farm
from cinefarm.statuses import AdStatus
from tests.photos import KINDS, photo
from tests.processes.conftest import RealFarm
from tests.worker.engines.ads.lettering_kit import layouts_bad
from worker.engines.ads import renderer
from worker.engines.ads.renderer.browser import FOLDER

AGAIN = 5
HUNDRED = 100
LAYOUTS = 200
LIMIT_S = 900.0
STYLES = ("전통시장", "대리석", "네온 거리", "나무 테이블", "창가 햇살")
TEXTS = ("건어물 대박 세일", "오늘만 특가", "신상 입고", "감사 세일", "새우 반값")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        studio = RealFarm(Path(name), lease_s=30)
        try:
            studio.start_master()
            studio.start_worker("one")
            photos = [drawn(Path(name), kind) for kind in KINDS]
            with studio.client() as farm:
                finished(farm, farm.make_ad(photos[0], TEXTS[0], background_style=STYLES[0], seed=1).id)
                warm, only, shares = one_at_a_time(farm, photos)
                studio.start_worker("two")
                hundred = all_at_once(farm, photos)
            drew = {os.getpid(), *(host.pid for worker in studio.running[1:] for host in worker.children())}
            for process in studio.running[1:]:  # as one ends a worker, for `stop` kills
                process.terminate()
                process.wait(30)
        finally:
            studio.stop()
    with renderer.drawing() as page:
        bad = [one for one in layouts_bad(page, range(LAYOUTS)) if not one.refused]
    renderer.stop()
    cut = ads_cutout.summary(ads_cutout.cases((0,)))
    print(
        json.dumps(
            {
                "ad_warm_s": round(statistics.median(warm), 2),
                "text_only_s": round(statistics.median(only), 2),
                "hundred_ads_s": round(hundred, 1),
                "iou_median_plain": cut["iou_median_plain"],
                "gate_misses": cut["gate_misses"],
                "layouts_bad": len(bad),
                "browsers_left": len(browsers_of(drew)),
                "shares": shares,
            }
        )
    )
    return 0


def one_at_a_time(farm: Farm, photos: list[Path]) -> tuple[list[float], list[float], dict[str, float]]:
    """Seconds of whole ads, of the same with other words, and the share of each stage in the whole ones."""
    warm: list[float] = []
    only: list[float] = []
    ran: Counter[str] = Counter()
    for number in range(AGAIN):
        began = time.perf_counter()
        made = farm.make_ad(photos[number], TEXTS[number], background_style=STYLES[number], seed=number)
        finished(farm, made.id)
        warm.append(time.perf_counter() - began)
        for stage in stages_of(farm, made.id):
            ran[stage["key"]] += farm.job(stage["job_id"]).attempts[-1]["seconds"]
        began = time.perf_counter()
        farm.restart_ad(made.id, ad_text=TEXTS[number - 1])
        finished(farm, made.id)
        only.append(time.perf_counter() - began)
    return warm, only, {key: round(seconds / ran.total(), 3) for key, seconds in ran.items()}


def all_at_once(farm: Farm, photos: list[Path]) -> float:
    """From the first request until the last picture, seconds of the farm's own clock."""
    made = [
        farm.make_ad(photos[n % len(photos)], TEXTS[n % len(TEXTS)], background_style=STYLES[n % len(STYLES)], seed=n)
        for n in range(HUNDRED)
    ]
    ended = [farm.wait_ad(ad.id, timeout_s=LIMIT_S) for ad in made]
    if failed := [ad for ad in ended if ad.status is not AdStatus.COMPLETED]:
        raise RuntimeError(f"{len(failed)} of {HUNDRED} ads did not end well; the first: {failed[0].message}")
    return max((ad.created_at.timestamp() + ad.elapsed_sec) for ad in ended) - made[0].created_at.timestamp()


def finished(farm: Farm, ad_id: str) -> None:
    """Raises `RuntimeError` when it did not end well."""
    ad = farm.wait_ad(ad_id, timeout_s=LIMIT_S)
    if ad.status is not AdStatus.COMPLETED:
        raise RuntimeError(f"An ad {ad.status}: {ad.message}")


def stages_of(farm: Farm, ad_id: str) -> list[dict[str, Any]]:
    ad = farm.request("GET", f"/api/ads/{ad_id}").json()
    return [*ad["shared"], *(stage for branch in ad["branches"] for stage in branch["stages"])]


def drawn(folder: Path, kind: str) -> Path:
    pixels, _ = photo(kind, "studio", 3)
    path = folder / f"{kind}.jpg"
    Image.fromarray(pixels).save(path, quality=92)
    return path


def browsers_of(hosts: set[int]) -> set[int]:
    """Every process of a browser that one of these started has the folder of that browser in its command."""
    folders = [f"{FOLDER}{host}-" for host in hosts]
    return {
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(folder in word for word in process.info["cmdline"] or () for folder in folders)
    }


if __name__ == "__main__":
    sys.exit(main())
