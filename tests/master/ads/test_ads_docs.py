"""The examples of docs/ads.md are answered as they say."""

import json
import re
from pathlib import Path

from ads_farm_kit import AdWorker, base64_of, make_ad, png
from served import Served

_DOCS = (Path(__file__).parents[3] / "docs" / "ads.md").read_text("utf-8")
_BLOCK = re.compile(
    r"<!-- run by tests/master/ads/test_ads_docs.py -->\n```http\n(\w+) (\S+) (\d+)\n(.*?)```", re.DOTALL
)


def test_the_examples_are_answered(farm: Served, worker: AdWorker) -> None:
    """With AD for an ad that is done, and BASE64 for a photo."""
    ad = make_ad(farm)["id"]
    worker.make(6)
    blocks = _BLOCK.findall(_DOCS)
    assert len(blocks) == 9
    for method, path, status, body in blocks:
        sent = json.loads(body.replace("BASE64", base64_of(png()))) if body else None
        answered = farm.ask(method, path.replace("/AD", f"/{ad}"), int(status), json=sent)
        if method == "POST" and "/AD" not in path:
            assert not answered.get("ignored"), f"{path} ignores {answered['ignored']}"


def test_the_fields_that_are_told_are_those_of_the_request(farm: Served) -> None:
    """None is missing, none is invented."""
    table = _DOCS.split("| field | what |")[1].split("\n\n")[0]
    told = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:])))
    known = set(farm.ask("GET", "/openapi.json")["components"]["schemas"]["AdRequest"]["properties"])
    assert known - told - {"name", "size", "width", "height", "use_qwen_analysis", "auto_unload"} == set()
    assert told - known == set()
