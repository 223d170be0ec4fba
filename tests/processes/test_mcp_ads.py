"""An MCP client makes an ad over each transport; master, worker and MCP server are processes of their own."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp_kit import HTTP, Transport, talking, text_of
from mcp_types import BlobResourceContents, ImageContent, ResourceLink
from PIL import Image

from cinefarm.mcp.pictures import MOST_BYTES
from tests.photos import photo
from tests.processes.conftest import RealFarm

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


def product() -> str:
    """The photo in base64."""
    pixels, _ = photo("bottle", "studio", seed=3)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


@pytest.fixture(scope="module")
def farm_of_ads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealFarm]:
    farm = RealFarm(tmp_path_factory.mktemp("farm"))
    try:
        farm.start_master()
        farm.start_worker()
        yield farm
    finally:
        farm.stop()


@pytest.mark.parametrize("transport", ["stdio", *HTTP])
async def test_an_ad_over_each_transport(farm_of_ads: RealFarm, tmp_path: Path, transport: Transport) -> None:
    """Background first, then words on it, then a whole ad with its stages told; each picture small enough to be
    shown, and in full size as a resource."""
    with farm_of_ads.client() as farm:
        token = farm.api_token("a model")
    address = farm_of_ads.url if transport == "stdio" else farm_of_ads.start_mcp()
    with anyio.fail_after(240):
        async with talking(transport, address, token, folder=tmp_path) as talk:
            health = await talk.call("get_server_health")
            assert health.structured_content["status"] == "ok"
            photo_of = {"product_image": product(), "wait_s": 120}
            scene = await talk.call("generate_background_only", background_style="나무 테이블", **photo_of)
            assert not scene.is_error, text_of(scene)
            background = scene.structured_content["pictures"][0]["id"]
            fonts = (await talk.call("list_fonts")).structured_content["fonts"]
            asked = {"image": background, "ad_text": "새우 특가", "font": fonts[0], "wait_s": 120}
            written = await talk.call("render_text_on_image", **asked)
            assert not written.is_error, text_of(written)
            talk.progress.clear()
            words = {"ad_text": "건어물 대박 세일", "background_style": "전통시장", "text_style": "골드풍선"}
            made = await talk.call("generate_ad_image", sizes=["4:5"], **words, **photo_of)
            assert not made.is_error, text_of(made)
            percents = [percent for percent, _ in talk.progress]
            assert percents == sorted(set(percents))
            assert percents[-1] == 100
            assert len({message.partition(":")[0] for _, message in talk.progress}) >= 3, "stages are named"
            (image,) = [block for block in made.content if isinstance(block, ImageContent)]
            assert len(base64.b64decode(image.data)) <= MOST_BYTES
            (link,) = [block for block in made.content if isinstance(block, ResourceLink)]
            (whole,) = (await talk.client.read_resource(link.uri)).contents
            assert isinstance(whole, BlobResourceContents)
            with Image.open(io.BytesIO(base64.b64decode(whole.blob))) as picture:
                assert (picture.size, picture.format) == ((1080, 1350), whole.mime_type.partition("/")[2].upper())
            listed = (await talk.call("list_ads", limit=3)).structured_content["ads"]
            assert [ad["status"] for ad in listed] == ["completed"] * 3
            assert listed[0]["ad_id"] == made.structured_content["ad_id"]
    with farm_of_ads.client() as farm:
        assert {row["user"] for row in farm.request("GET", "/api/ads").json()["rows"]} == {"a model"}
