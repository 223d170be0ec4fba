"""Models where the farm has them, the classical way elsewhere; and who did what is kept with the ad."""

from collections.abc import Iterator
from typing import Any

import pytest
from ads_farm_kit import TEXT, GpuWorker, ad_now, make_ad, stages, stop_all_ads, with_stages
from served import Served, served

from tests.doubles.chat import ChatDouble, Say, said
from tests.doubles.serving import listening

FILL, TEXT_MODEL = "text_to_image/flux_fill", "text_to_image/sdxl_controlnet_text"
MATTE = "ads/matte"
WEIGHTS = ("flux1_fill_dev", "sdxl_base", "sdxl_controlnet_depth")
_names = iter(f"gpu-box-{n}" for n in range(1000))


class ModelsWorker(GpuWorker):
    weights = WEIGHTS


@pytest.fixture
def gpu(farm: Served) -> Iterator[ModelsWorker]:
    stop_all_ads(farm)
    made = ModelsWorker(farm, next(_names))
    yield made
    made.close()


def chosen(ad: Any) -> dict[str, tuple[str, str]]:
    return {choice["stage"]: (choice["workflow"], choice["why"]["en"]) for choice in ad["choices"]}


def test_a_gpu_with_the_weights_draws_the_background_anew(farm: Served, gpu: ModelsWorker) -> None:
    """On the composite, around the product, with an English prompt; layout and words go on from its picture."""
    gpu.join_with()
    made = make_ad(farm)
    assert chosen(made) == {
        "matte": ("", f"No worker that is online has a GPU and the weights of {MATTE}."),
        "fill": (FILL, f"{gpu.name} has a GPU and the weights of {FILL}."),
    }
    gpu.make(3)
    run = gpu.make_on_gpu()
    assert run.workflow == FILL
    assert sorted(file.name for file in run.inputs) == ["image", "mask"]
    assert (run.parameters["keep_marked"], run.parameters["strength"]) == (True, 0.6)
    assert "traditional Korean market" in run.parameters["prompt"]
    assert run.parameters["guidance_scale"] is None
    lettering = gpu.make(3)[1]
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "completed"
    picture = next(file for file in lettering.inputs if file.name == "picture")
    fill = farm.http.get(f"/api/jobs/{stages(ad)['fill']['job_id']}").json()
    assert picture.sha256 == fill["outputs"][0]["sha256"]


def test_a_text_model_letters_where_it_can_spell(farm: Served, gpu: ModelsWorker) -> None:
    """v1 with the weights of SDXL; its size is one that the model draws."""
    gpu.join_with(stored=("sdxl_base", "sdxl_controlnet_depth"))
    made = make_ad(farm, workflow="ads/v1_3d_text", text_style="골드풍선", sizes=["9:16"])
    assert chosen(made)["lettering"][0] == TEXT_MODEL
    assert chosen(made)["fill"][0] == ""
    gpu.make(1)  # the product is cut out by the CPU, for the GPU has no weights for it
    run = gpu.make_on_gpu()
    assert run.workflow == TEXT_MODEL
    assert run.parameters["text"] == TEXT
    assert run.parameters["style"].startswith("inflated gold foil balloon")
    assert (run.parameters["width"], run.parameters["height"]) == (1088, 1536)
    gpu.make(4)
    assert ad_now(farm, made["id"])["status"] == "completed"


def test_a_vision_model_is_asked_for_in_vain_and_that_is_told(farm: Served, gpu: ModelsWorker) -> None:
    """The layout is measured then."""
    gpu.join_with()
    made = make_ad(farm, use_qwen_analysis=True)
    workflow, why = chosen(made)["layout"]
    assert workflow == "ads/layout"
    assert why == "No worker that is online has a GPU and the weights of ads/layout_seen."


@pytest.mark.parametrize(
    ("hello", "fields", "why"),
    [
        ({}, {"test_mode": True}, "Test mode: no models."),
        ({"gpu_gb": 0, "stored": ("flux2_klein_4b",)}, {}, "No worker that is online has a GPU and the weights of"),
        ({"stored": ()}, {}, "No worker that is online has a GPU and the weights of"),
        ({"gpu_gb": 4}, {}, "No worker that is online has a GPU and the weights of"),
        (
            {"stored": (), "lacking": {FILL: "diffusers is not installed."}},
            {},
            "cannot run text_to_image/flux_fill: diffusers is not installed.",
        ),
    ],
)
def test_without_what_it_needs_no_model_is_chosen(
    farm: Served, gpu: ModelsWorker, hello: dict[str, Any], fields: dict[str, Any], why: str
) -> None:
    """And the ad says why."""
    gpu.join_with(**hello)
    made = make_ad(farm, **fields)
    assert chosen(made)["fill"][0] == ""
    assert why in chosen(made)["fill"][1]
    gpu.make(6)
    assert ad_now(farm, made["id"])["status"] == "completed"


def test_new_words_keep_the_background_of_a_model_that_left(farm: Served, gpu: ModelsWorker) -> None:
    """Only what is made again is chosen again."""
    gpu.join_with()
    made = make_ad(farm)
    gpu.make(3)
    gpu.make_on_gpu()
    gpu.make(3)
    before = stages(ad_now(farm, made["id"]))
    gpu.close()
    other = ModelsWorker(farm, next(_names)).join_with(gpu_gb=0, stored=())
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"ad_text": "새우 특가"})
    other.make(2)
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "completed"
    assert stages(ad)["fill"] == before["fill"]
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"background_style": "눈"})
    other.make(5)
    ad = ad_now(farm, made["id"])
    assert ad["status"] == "completed"
    assert "fill" not in stages(ad)
    other.close()


# -- prompts

GOOD = {"background": "Dried seafood products on a rustic wooden table, warm light", "lettering": "gold foil balloons"}


@pytest.fixture
def double() -> ChatDouble:
    return ChatDouble()


@pytest.fixture
def asking(double: ChatDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("asking")
    with (
        listening(double.app) as url,
        served(
            folder, workflows_dir=with_stages(folder), llm_base_url=f"{url}/v1", llm_model="m", llm_timeout_s=5
        ) as farm,
    ):
        yield farm


def test_a_language_model_turns_korean_into_prompts(asking: Served, double: ChatDouble) -> None:
    """Asked once; other words for the same background are no new question, another style is."""
    double.answers = [said(GOOD), said({**GOOD, "background": "Fresh snow under a clear winter sky"})]
    made = make_ad(asking)
    assert made["prompts"] == {**GOOD, "made_by": "model", "model": "m", "why": ""}
    assert TEXT in str(double.asked[0]["messages"][-1]["content"])
    asking.ask("POST", f"/api/ads/{made['id']}/restart", json={"ad_text": "새우 특가"})
    assert len(double.asked) == 1
    again = asking.ask("POST", f"/api/ads/{made['id']}/restart", json={"background_style": "눈"})
    assert "snow" in again["prompts"]["background"]


@pytest.mark.parametrize(
    "answers",
    [
        [Say("I cannot help with that."), Say("Really not.")],
        [Say('{"background": 1}'), Say("{")],
        [said({**GOOD, "background": "나무 식탁 위의 건어물 그리고 시장"})] * 2,
        [Say(""), Say("")],
        [Say(None, status=401, body={"error": {"message": "no"}})],
    ],
)
def test_an_answer_that_is_none_falls_back_to_the_dictionary(
    asking: Served, double: ChatDouble, answers: list[Say]
) -> None:
    """Prose, wrong JSON, another language, nothing, a refusal: the ad is made, and says why."""
    double.answers = list(answers)
    made = make_ad(asking)
    assert made["prompts"]["made_by"] == "rules"
    assert made["prompts"]["why"]
    assert "traditional Korean market" in made["prompts"]["background"]
    assert not double.answers


def test_prompts_of_a_person_stand(asking: Served, double: ChatDouble) -> None:
    """Nobody is asked then."""
    made = make_ad(asking, bg_prompt="a red wall", html_style_prompt="thin serif letters")
    assert made["prompts"]["background"] == "a red wall"
    assert made["prompts"]["made_by"] == "person"
    assert not double.asked
