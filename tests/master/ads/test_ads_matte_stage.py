"""The product told from its background by a model, before it is cut out: where a worker can, and never else."""

from collections.abc import Iterator
from typing import Any

import pytest
from ads_farm_kit import GpuWorker, ad_now, base64_of, make_ad, png, stages, stop_all_ads
from served import Served

MATTE = "ads/matte"
NONE = f"No worker that is online has a GPU and the weights of {MATTE}."
_names = iter(f"matte-box-{n}" for n in range(1000))


class MatteWorker(GpuWorker):
    gpu_gb, weights = 24, ("birefnet",)


@pytest.fixture
def box(farm: Served) -> Iterator[MatteWorker]:
    stop_all_ads(farm)
    made = MatteWorker(farm, next(_names))
    yield made
    made.close()


def matte_choice(ad: Any) -> tuple[str, str]:
    (choice,) = (choice for choice in ad["choices"] if choice["stage"] == "matte")
    return choice["workflow"], choice["why"]["en"]


def test_the_cut_out_is_given_the_matte_of_the_same_photo(farm: Served, box: MatteWorker) -> None:
    """By the GPU that has BiRefNet; it is one stage more of the first step, and all variants share it."""
    box.join_with()
    made = make_ad(farm, variants=2)
    assert matte_choice(made) == (MATTE, f"{box.name} has a GPU and the weights of {MATTE}.")
    assert [stage["key"] for stage in made["shared"]] == ["matte", "cut_out"]
    assert made["current_step"] == "step1_background"
    assert made["eta_seconds"] > 3.0
    asked = box.take_on_gpu()
    assert (asked.workflow, asked.variant) == (MATTE, "birefnet")
    assert [file.name for file in asked.inputs] == ["product_image"]
    box.deliver(asked)
    done = ad_now(farm, made["id"])
    assert done["progress_percent"] > 0
    assert stages(done)["matte"]["picture"]
    (cut,) = box.make(1)
    by_name = {file.name: file.sha256 for file in cut.inputs}
    matte = farm.http.get(f"/api/jobs/{asked.ref.job_id}").json()["outputs"][0]
    assert by_name == {"product_image": asked.inputs[0].sha256, "matte_image": matte["sha256"]}
    box.make(10)
    assert ad_now(farm, made["id"])["status"] == "completed"
    assert box.done.count(MATTE) == 1


@pytest.mark.parametrize(
    ("hello", "fields", "why"),
    [
        ({}, {"test_mode": True}, "Test mode: no models."),
        ({"stored": ()}, {}, NONE),
        ({"gpu_gb": 0}, {}, NONE),  # a CPU that has the weights takes half a minute
        ({"stored": (), "lacking": {"comfyui": "No ComfyUI was named."}}, {}, NONE),  # which no box needs
    ],
)
def test_without_a_gpu_that_has_the_model_there_is_no_job_for_it(
    farm: Served, box: MatteWorker, hello: dict[str, Any], fields: dict[str, Any], why: str
) -> None:
    """The ad is made as ever, and says why."""
    box.join_with(**hello)
    made = make_ad(farm, **fields)
    assert matte_choice(made) == ("", why)
    (cut, *_) = box.make(6)
    assert [file.name for file in cut.inputs] == ["product_image"]
    done = ad_now(farm, made["id"])
    assert done["status"] == "completed"
    assert "matte" not in stages(done)


def test_memory_that_runs_out_is_no_end_of_the_ad(farm: Served, box: MatteWorker) -> None:
    """The next variants need no GPU: the box's CPU says that there is no matte, and the cut-out does without."""
    box.join_with()
    made = make_ad(farm)
    asked = box.take_on_gpu()
    ref = asked.ref.model_dump()
    box.say({"kind": "failed", "ref": ref, "failure": "out_of_memory", "message": "Out of memory.", "seconds": 1.0})
    box.hear("ack")
    again = box.run()
    assert (again.workflow, again.ref.job_id) == (MATTE, asked.ref.job_id)
    assert again.variant in ("birefnet_cpu", "none")
    box.deliver(again)
    box.make(6)
    assert ad_now(farm, made["id"])["status"] == "completed"


def test_a_box_that_is_lost_is_no_end_of_the_ad(farm: Served, box: MatteWorker) -> None:
    """Another that has no model takes the job and delivers nothing."""
    box.join_with()
    made = make_ad(farm)
    box.close()
    other = MatteWorker(farm, next(_names)).join_with(gpu_gb=0, stored=())
    (asked, *_) = other.make(7)
    assert (asked.workflow, asked.variant) == (MATTE, "none")
    assert ad_now(farm, made["id"])["status"] == "completed"
    other.close()


def test_a_matte_that_failed_for_good_is_left_out_when_the_ad_is_begun_anew(farm: Served, box: MatteWorker) -> None:
    box.join_with()
    made = make_ad(farm)
    box.fail(box.take_on_gpu(), "“product_image” cannot be used: it is broken.")
    assert ad_now(farm, made["id"])["status"] == "failed"
    again = farm.ask("POST", f"/api/ads/{made['id']}/restart", json={})
    assert matte_choice(again) == ("", "It failed before: “product_image” cannot be used: it is broken.")
    (cut, *_) = box.make(6)
    assert [file.name for file in cut.inputs] == ["product_image"]
    assert ad_now(farm, made["id"])["status"] == "completed"
    other_photo = farm.ask(
        "POST", f"/api/ads/{made['id']}/restart", json={"product_image": base64_of(png(colour=(9, 200, 90)))}
    )
    assert matte_choice(other_photo)[0] == MATTE
    farm.ask("POST", f"/api/ads/{made['id']}/stop")


def test_a_hint_is_cut_out_with_the_matte_that_there_is(farm: Served, box: MatteWorker) -> None:
    """Painting asks no model again, also when the box with the model has gone; another photo does."""
    box.join_with()
    made = make_ad(farm, end_step=1, ad_text=None)
    box.deliver(box.take_on_gpu())
    box.make(3)
    before = stages(ad_now(farm, made["id"]))
    box.close()
    other = MatteWorker(farm, next(_names)).join_with(gpu_gb=0, stored=())
    farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"hint_image": base64_of(png(colour=(0, 255, 0)))})
    (cut, *_) = other.make(3)
    assert sorted(file.name for file in cut.inputs) == ["hint_image", "matte_image", "product_image"]
    done = ad_now(farm, made["id"])
    assert done["status"] == "completed"
    assert stages(done)["matte"] == before["matte"]
    assert stages(done)["cut_out"]["job_id"] != before["cut_out"]["job_id"]
    fresh = farm.ask(
        "POST", f"/api/ads/{made['id']}/restart", json={"product_image": base64_of(png(colour=(9, 200, 90)))}
    )
    assert matte_choice(fresh) == ("", NONE)
    other.make(3)
    assert "matte" not in stages(ad_now(farm, made["id"]))
    other.close()


def test_a_model_that_came_later_does_not_cut_a_product_out_again(farm: Served, box: MatteWorker) -> None:
    """Another background keeps the product as it was seen to be; beginning at step 1 asks for all of it."""
    box.join_with(gpu_gb=0, stored=())
    made = make_ad(farm, end_step=1, ad_text=None)
    box.make(3)
    before = stages(ad_now(farm, made["id"]))
    other = MatteWorker(farm, next(_names)).join_with()
    other_ground = farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"background_style": "눈"})
    assert matte_choice(other_ground) == ("", NONE)
    box.make(2)
    assert stages(ad_now(farm, made["id"]))["cut_out"] == before["cut_out"]
    anew = farm.ask("POST", f"/api/ads/{made['id']}/restart", json={"start_step": 1})
    assert matte_choice(anew)[0] == MATTE
    other.deliver(other.take_on_gpu())
    box.make(3)
    assert ad_now(farm, made["id"])["status"] == "completed"
    other.close()
