"""What the tools do and refuse, before a real master and a worker that speaks the real protocol."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from ads_farm_kit import AdWorker, base64_of, png, with_stages
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_kit import Talk, text_of
from mcp_types import BlobResourceContents, ImageContent, ResourceLink
from served import Served, free_port, served
from waiting import until

from cinefarm.client import Farm
from cinefarm.mcp import tools
from cinefarm.mcp.budget import Budget
from cinefarm.mcp.server import AdServer
from cinefarm.mcp.tools import TOOLS

NAMES = {
    "generate_ad_image",
    "check_generation_status",
    "stop_generation",
    "generate_background_only",
    "render_text_on_image",
    "list_fonts",
    "list_ads",
    "get_server_health",
}
PHOTO = base64_of(png())
ASKED = {"product_image": PHOTO, "ad_text": "특가"}
_names = iter(f"mcp-box-{n}" for n in range(1000))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ads")
    with served(folder, workflows_dir=with_stages(folder)) as running:
        yield running


@pytest.fixture
def worker(farm: Served) -> Iterator[AdWorker]:
    for row in farm.ask("GET", "/api/ads")["rows"]:
        farm.ask("POST", f"/api/ads/{row['id']}/stop")
    made = AdWorker(farm, next(_names)).join_for_ads()
    yield made
    made.close()


@asynccontextmanager
async def talking(farm: Served, pictures_per_hour: int = 1000, token: str = "") -> AsyncIterator[Talk]:
    """To a server in this process, that has just started; the transports have tests of their own."""
    token = token or farm.master.doorkeeper.secret
    async with Client(AdServer(lambda _: Farm(farm.url, token), Budget(pictures_per_hour)).build()) as client:
        yield Talk(client)


def token_of(farm: Served, name: str) -> str:
    return str(farm.ask("POST", "/api/tokens", 201, json={"name": name})["token"])


async def made_by(worker: AdWorker, jobs: int, call: Any) -> Any:
    """The call's answer, while the worker makes so many jobs."""
    answer, _ = await asyncio.gather(call, asyncio.to_thread(worker.make, jobs))
    return answer


async def test_eight_tools_say_what_they_take(farm: Served) -> None:
    """With limits in the schema, nothing unknown, and nothing that is a path or an address."""
    async with talking(farm) as talk:
        found = {tool.name: tool for tool in (await talk.client.list_tools()).tools}
        assert found.keys() == NAMES
        for tool in found.values():
            assert tool.description
            assert len(tool.description) < 400
            assert tool.input_schema["additionalProperties"] is False
            for name, schema in tool.input_schema.get("properties", {}).items():
                assert schema["description"], (tool.name, name)
                assert not {"path", "file", "url", "folder"} & set(name.split("_"))
                for kind in [schema, *schema.get("anyOf", [])]:
                    if kind.get("type") == "string":
                        assert kind.keys() & {"maxLength", "pattern", "enum"}, (tool.name, name)
                    if kind.get("type") in ("integer", "number"):
                        assert kind.keys() >= {"minimum", "maximum"}, (tool.name, name)
        for name in ("generate_ad_image", "generate_background_only", "render_text_on_image"):
            assert "only stop_generation does" in found[name].description
        assert {name for name, tool in found.items() if tool.annotations.read_only_hint} == {
            "check_generation_status",
            "list_fonts",
            "list_ads",
            "get_server_health",
        }


async def test_an_ad_comes_back_as_a_picture(farm: Served, worker: AdWorker) -> None:
    """With its stages told on the way, a link to the whole file, and the facts."""
    async with talking(farm) as talk:
        call = talk.call(
            "generate_ad_image", product_image=PHOTO, ad_text="새우 특가", background_style="전통시장", wait_s=60
        )
        answer = await made_by(worker, 6, call)
        assert not answer.is_error
        assert "is done in" in text_of(answer)
        percents = [percent for percent, _ in talk.progress]
        assert percents == sorted(set(percents))
        assert (percents[0], percents[-1]) == (0, 100)
        assert any("Cut out the product" in message for _, message in talk.progress)
        (image,) = [block for block in answer.content if isinstance(block, ImageContent)]
        (link,) = [block for block in answer.content if isinstance(block, ResourceLink)]
        facts = answer.structured_content
        ad = farm.ask("GET", f"/api/ads/{facts['ad_id']}")
        whole = farm.http.get(ad["results"][0]["url"]).content
        assert base64.b64decode(image.data) == whole  # small enough as it is
        (read,) = (await talk.client.read_resource(link.uri)).contents
        assert isinstance(read, BlobResourceContents)
        assert (base64.b64decode(read.blob), read.mime_type) == (whole, "image/png")
        assert facts["pictures"][0]["url"] == farm.url + ad["results"][0]["url"]
        assert (facts["status"], facts["progress_percent"]) == ("completed", 100)
        assert facts["product_image"] == ad["parameters"]["product_image"]
        assert link.uri in [found.uri for found in (await talk.client.list_resources()).resources]


async def test_of_many_pictures_some_are_shown_and_all_are_linked(farm: Served, worker: AdWorker) -> None:
    """A message has an end."""
    async with talking(farm) as talk:
        asked = {
            "product_image": PHOTO,
            "ad_text": "특가",
            "sizes": ["1:1", "9:16", "800x1200"],
            "variants": 2,
            "wait_s": 60,
        }
        answer = await made_by(worker, 1 + 6 * 5, talk.call("generate_ad_image", **asked))
        kinds = [type(block) for block in answer.content]
        assert (kinds.count(ImageContent), kinds.count(ResourceLink)) == (4, 6)
        assert "6 pictures, of which 4 are shown" in text_of(answer)


async def test_a_background_is_made_and_then_written_on(farm: Served, worker: AdWorker) -> None:
    """The second tool takes the picture of the first by its id."""
    async with talking(farm) as talk:
        first = await made_by(
            worker, 3, talk.call("generate_background_only", product_image=PHOTO, background_style="눈")
        )
        picture = first.structured_content["pictures"][0]["id"]
        call = talk.call(
            "render_text_on_image", image=picture, ad_text="특가", text_position="top", text_color="#ffcc00"
        )
        second = await made_by(worker, 3, call)
        assert not second.is_error, text_of(second)
        assert worker.done[-3:] == ["ads/layout", "ads/lettering", "ads/finish"]
        assert second.structured_content["pictures"][0]["id"] != picture


async def test_a_canceled_call_stops_nothing(farm: Served, worker: AdWorker) -> None:
    """A client that goes away leaves its ad, and finds it again."""
    async with talking(farm) as talk:
        with anyio.move_on_after(0.5) as waited:
            await talk.call("generate_ad_image", **ASKED, wait_s=600)
        assert waited.cancelled_caught
        newest = (await talk.call("list_ads", limit=1)).structured_content["ads"][0]
        assert newest["status"] == "processing"
        answer = await made_by(worker, 6, talk.call("check_generation_status", ad_id=newest["ad_id"], wait_s=60))
        assert answer.structured_content["status"] == "completed"
        assert any(isinstance(block, ImageContent) for block in answer.content)


async def test_an_ad_is_stopped_once(farm: Served, worker: AdWorker) -> None:
    """Stopping it again, or after its end, is said and does no harm."""
    async with talking(farm) as talk:
        made = await talk.call("generate_ad_image", **ASKED, wait_s=0)
        assert "is being made" in text_of(made)
        ad_id = made.structured_content["ad_id"]
        for _ in range(2):
            stopped = await talk.call("stop_generation", ad_id=ad_id)
            assert stopped.structured_content == {"ad_id": ad_id, "status": "stopped"}
        seen = await talk.call("check_generation_status", ad_id=ad_id)
        assert not seen.is_error
        assert "was stopped" in text_of(seen)
        done = await made_by(worker, 6, talk.call("generate_ad_image", **ASKED))
        late = await talk.call("stop_generation", ad_id=done.structured_content["ad_id"])
        assert "had ended before, as completed" in text_of(late)


async def test_what_fails_is_an_error_with_its_reason(farm: Served, worker: AdWorker) -> None:
    """Of the tool that was to make it; asking how it stands is none."""
    async with talking(farm) as talk:

        def fail() -> None:
            worker.fail(worker.run(), "The cut-out is empty; paint a hint.")

        call = talk.call("generate_ad_image", **ASKED)
        answer, _ = await asyncio.gather(call, asyncio.to_thread(fail))
        assert answer.is_error
        assert "The cut-out is empty; paint a hint." in text_of(answer)
        seen = await talk.call("check_generation_status", ad_id=answer.structured_content["ad_id"])
        assert not seen.is_error
        assert seen.structured_content["error"] == "The cut-out is empty; paint a hint."


async def test_what_nobody_can_make_is_not_waited_for(farm: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes at once with the reason, and the ad waits at the farm."""
    async with talking(farm) as talk:
        monkeypatch.setattr(tools, "_STUCK_S", 0.2)
        await until(
            lambda: not any(w["status"] != "offline" for w in farm.ask("GET", "/api/workers")["rows"]), "no worker"
        )
        with anyio.fail_after(10):
            answer = await talk.call("generate_ad_image", **ASKED, wait_s=600)
            health = await talk.call("get_server_health")
        assert not answer.is_error
        assert answer.structured_content["status"] == "processing"
        assert "worker" in answer.structured_content["message"]
        assert "Start one with `cinefarm worker`" in text_of(health)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("generate_ad_image", {"ad_text": "특가"}, "product_image: field required"),
        (
            "generate_ad_image",
            {**ASKED, "glow": 3},
            "glow: there is no such argument",
        ),
        ("generate_ad_image", {"product_image": PHOTO, "ad_text": "  "}, "ad_text: string should have at least 1"),
        ("generate_ad_image", {"product_image": PHOTO, "ad_text": "가" * 21}, "has 21 characters; the most is 20"),
        (
            "generate_ad_image",
            {**ASKED, "variants": 9},
            "variants: input should be less",
        ),
        (
            "generate_ad_image",
            {**ASKED, "sizes": ["big"]},
            "sizes.0: string should match",
        ),
        ("generate_ad_image", {"product_image": "/etc/passwd", "ad_text": "특가"}, "product_image"),
        (
            "generate_ad_image",
            {"product_image": "photo.png", "ad_text": "특가"},
            "neither the id of a picture nor base64",
        ),
        ("generate_ad_image", {"product_image": base64_of(b"words"), "ad_text": "특가"}, "product_image"),
        ("render_text_on_image", {"image": "0" * 26, "ad_text": "특가"}, "image: there is no picture"),
        ("check_generation_status", {"ad_id": "0" * 26}, "There is no ad"),
        ("check_generation_status", {"ad_id": "../../secret"}, "ad_id: string should"),
        ("stop_generation", {"ad_id": "0" * 26}, "There is no ad"),
        ("list_ads", {"limit": 0}, "limit: input should be greater"),
    ],
)
async def test_refusals_say_what_is_wrong(farm: Served, tool: str, arguments: dict[str, Any], said: str) -> None:
    """As an error that a model can read and mend, and nothing is made."""
    async with talking(farm) as talk:
        ads = (await talk.call("list_ads", limit=50)).structured_content
        refused = await talk.refused(tool, **arguments)
        assert said in refused
        assert "Traceback" not in refused
        assert (await talk.call("list_ads", limit=50)).structured_content == ads


async def test_the_budget_ends(farm: Served, worker: AdWorker) -> None:
    """Pictures are counted, not calls; what the farm refuses is not counted; the health tells what is left."""
    async with talking(farm, 3, token_of(farm, "ends")) as talk:
        await talk.refused("generate_ad_image", product_image=PHOTO, ad_text="가" * 40)
        await talk.call("generate_ad_image", **ASKED, variants=2, wait_s=0)
        refused = await talk.refused("generate_background_only", product_image=PHOTO, variants=2, wait_s=0)
        assert "2 of the 3 pictures of this hour are used; 2 more are too many. Try again in 60 min" in refused
        assert "CINEFARM_MCP_ADS_PER_HOUR" in refused
        await talk.call("generate_background_only", product_image=PHOTO, wait_s=0)
        health = await talk.call("get_server_health")
        assert health.structured_content["pictures_left_this_hour"] == 0


async def test_the_budget_outlives_a_restart_and_is_of_one_token(farm: Served, worker: AdWorker) -> None:
    """Ads that the token made elsewhere are not counted, those that were deleted are."""
    token = token_of(farm, "restarted")
    with Farm(farm.url, token) as other:
        other.make_ad(None, "특가", product_image=PHOTO)
    async with talking(farm, 3, token) as talk:
        made = await talk.call("generate_ad_image", **ASKED, variants=2, wait_s=0)
    with Farm(farm.url, token) as other:
        ad_id = made.structured_content["ad_id"]
        other.stop_ad(ad_id)
        other.delete_ad(ad_id)
    async with talking(farm, 3, token) as talk:
        assert "2 of the 3 pictures" in await talk.refused("generate_ad_image", **ASKED, variants=2, wait_s=0)
    async with talking(farm, 3, token_of(farm, "another")) as talk:
        await talk.call("generate_ad_image", **ASKED, variants=3, wait_s=0)


async def test_two_requests_at_once_do_not_take_the_same_room(farm: Served, worker: AdWorker) -> None:
    async with talking(farm, 3, token_of(farm, "twice")) as talk:
        both = [talk.client.call_tool("generate_ad_image", {**ASKED, "variants": 2, "wait_s": 0}) for _ in range(2)]
        assert sorted(bool(answer.is_error) for answer in await asyncio.gather(*both)) == [False, True]


async def test_fonts_are_names(farm: Served) -> None:
    """Where their files lie is the farm's."""
    async with talking(farm) as talk:
        fonts = (await talk.call("list_fonts")).structured_content["fonts"]
        assert any("Pretendard" in name for name in fonts)
        assert not any("/" in name for name in fonts)


async def test_without_a_master_every_tool_says_so() -> None:
    """As a sentence, and the health as a fact too."""
    arguments = {
        "generate_ad_image": ASKED,
        "generate_background_only": {"product_image": PHOTO},
        "render_text_on_image": {"image": PHOTO, "ad_text": "특가"},
        "check_generation_status": {"ad_id": "0" * 26},
        "stop_generation": {"ad_id": "0" * 26},
    }
    server = AdServer(lambda _: Farm(f"http://127.0.0.1:{free_port()}", "t"), Budget(5)).build()
    async with Client(server) as client:
        talk = Talk(client)
        for name in TOOLS:
            assert "Is the master running?" in await talk.refused(name, **arguments.get(name, {}))
        assert (await talk.call("get_server_health")).structured_content["status"] == "unreachable"


async def test_only_pictures_are_resources(farm: Served) -> None:
    """By id; no address leads elsewhere."""
    async with talking(farm) as talk:
        for uri in ("cinefarm://pictures/../health", "file:///etc/passwd", f"cinefarm://pictures/{'0' * 26}"):
            with pytest.raises(MCPError):
                await talk.client.read_resource(uri)
