"""A farm with an ad that is done, for the page's own bench: `python -m bench.ad_page`, ended by closing its input.

Says one line of JSON once it is ready: address, secret, and the ad's id and words.
"""

import json
import sys
import tempfile
from pathlib import Path

from bench.ads import STYLES, TEXTS, drawn, finished
from tests.photos import KINDS
from tests.processes.conftest import RealFarm


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        studio = RealFarm(Path(name), lease_s=30)
        try:
            studio.start_master()
            worker = studio.start_worker()
            with studio.client() as farm:
                ad = farm.make_ad(drawn(Path(name), KINDS[0]), TEXTS[0], background_style=STYLES[0], seed=1)
                finished(farm, ad.id)
            secret = studio.secret_file.read_text().strip()
            print(json.dumps({"url": studio.url, "secret": secret, "ad": ad.id, "words": TEXTS}), flush=True)
            sys.stdin.read()
            worker.terminate()  # as one ends a worker, for `stop` kills
            worker.wait(30)
        finally:
            studio.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
