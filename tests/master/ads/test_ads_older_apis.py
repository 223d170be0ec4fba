"""The shop API and the model-serving API, word for word as they are written down."""

import base64
import io
from typing import Any

import pytest
from ads_farm_kit import TEXT, AdWorker, base64_of, png
from PIL import Image
from served import Served

SHOP = {"ad_text": TEXT, "background_style": "전통시장", "text_style": "골드풍선"}
SERVING = {
    "start_step": 1,
    "text_content": TEXT,
    "bg_prompt": "Dried seafood products on a rustic wooden table, traditional Korean market atmosphere",
    "html_style_prompt": "gold balloon letters",
    "use_qwen_analysis": False,
    "use_llm_html": False,
    "text_position": "auto",
    "strength": 0.4,
    "guidance_scale": 3.5,
    "seed": 7,
    "font": "Pretendard Bold",
    "test_mode": True,
    "auto_unload": False,
}


def is_png(text: str) -> bool:
    return Image.open(io.BytesIO(base64.b64decode(text))).format == "PNG"


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_the_shop_api(farm: Served, worker: AdWorker, prefix: str) -> None:
    """`{job_id, status}`, then `{status, progress, message, step1_preview?, result?, error?}`."""
    made = farm.ask("POST", "/api/generate", json=SHOP | {"product_image": prefix + base64_of(png())})
    assert made == {"job_id": made["job_id"], "status": "processing"}
    status = farm.ask("GET", f"/api/status/{made['job_id']}")
    assert status.keys() == {"status", "progress", "message"}
    assert (status["status"], status["progress"]) == ("processing", 0.0)
    worker.make(4)
    status = farm.ask("GET", f"/api/status/{made['job_id']}")
    assert status.keys() == {"status", "progress", "message", "step1_preview"}
    assert is_png(status["step1_preview"])
    worker.make(2)
    status = farm.ask("GET", f"/api/status/{made['job_id']}")
    assert status.keys() == {"status", "progress", "message", "step1_preview", "result"}
    assert (status["status"], status["progress"], status["message"]) == ("completed", 100.0, "The ad is done.")
    assert is_png(status["result"])


def test_the_shop_api_tells_failures_and_stops(farm: Served, worker: AdWorker) -> None:
    """`error` of a failed ad; `{status: "stopped"}` of a stopped one, also the second time."""
    body = SHOP | {"product_image": base64_of(png())}
    failed = farm.ask("POST", "/api/generate", json=body)["job_id"]
    worker.fail(worker.run(), "There is no product on the photo.")
    status = farm.ask("GET", f"/api/status/{failed}")
    assert status["error"] == status["message"] == "There is no product on the photo."
    assert status["status"] == "failed"
    assert farm.ask("POST", f"/api/stop/{failed}") == {"status": "failed", "message": status["message"]}
    stopped = farm.ask("POST", "/api/generate", json=body)["job_id"]
    for _ in range(2):
        assert farm.ask("POST", f"/api/stop/{stopped}") == {"status": "stopped"}
    assert farm.ask("GET", f"/api/status/{stopped}")["status"] == "stopped"


def test_the_model_serving_api(farm: Served, worker: AdWorker) -> None:
    """Every field of its status, from `started` to the three results."""
    made = farm.ask("POST", "/generate", json=SERVING | {"input_image": base64_of(png())})
    assert made == {"job_id": made["job_id"], "status": "started"}
    status = farm.ask("GET", f"/status/{made['job_id']}")
    assert list(status) == [
        "job_id",
        "status",
        "progress_percent",
        "current_step",
        "sub_step",
        "message",
        "elapsed_sec",
        "eta_seconds",
        "step_eta_seconds",
        "system_metrics",
        "parameters",
        "step1_result",
        "step2_result",
        "final_result",
    ]
    assert list(status["system_metrics"]) == ["cpu_percent", "ram_used_gb", "ram_total_gb", "ram_percent", "gpu_info"]
    assert (status["job_id"], status["current_step"]) == (made["job_id"], "step1_background")
    assert [status[f"{name}_result"] for name in ("step1", "step2", "final")] == [None] * 3
    assert status["parameters"]["ad_text"] == TEXT
    assert status["parameters"]["seed"] == 7
    assert status["parameters"]["font"] == "Pretendard Bold"
    worker.make(3)
    status = farm.ask("GET", f"/status/{made['job_id']}")
    assert status["current_step"] == "step2_html_rendering"
    assert is_png(status["step1_result"])
    worker.make(2)
    assert farm.ask("GET", f"/status/{made['job_id']}")["current_step"] == "step3_composition"
    worker.make(1)
    status = farm.ask("GET", f"/status/{made['job_id']}")
    assert (status["status"], status["progress_percent"]) == ("completed", 100.0)
    assert (status["eta_seconds"], status["step_eta_seconds"]) == (0.0, 0.0)
    assert all(is_png(status[f"{name}_result"]) for name in ("step1", "step2", "final"))
    stopped = farm.ask("POST", f"/stop/{made['job_id']}")
    assert stopped == {"job_id": made["job_id"], "status": "completed", "message": "The ad is done."}


def test_its_results_are_where_it_goes_on_from(farm: Served, worker: AdWorker) -> None:
    """`start_step` 2 with `step1_image` knows the product's mask again, and 3 needs nothing but both pictures."""
    first = farm.ask("POST", "/generate", json=SERVING | {"product_image": base64_of(png())})["job_id"]
    worker.make(6)
    done = farm.ask("GET", f"/status/{first}")
    again = {**SERVING, "start_step": 2, "step1_image": done["step1_result"], "text_content": "새우 특가"}
    second = farm.ask("POST", "/generate", json=again)["job_id"]
    runs = {run.workflow: run for run in worker.make(3)}
    assert list(runs) == ["ads/layout", "ads/lettering", "ads/finish"]
    masks = [file for run in runs.values() for file in run.inputs if file.name == "mask"]
    assert len(masks) == 2
    assert len({file.sha256 for file in masks}) == 1
    status = farm.ask("GET", f"/status/{second}")
    assert status["status"] == "completed"
    assert status["step1_result"] == done["step1_result"]
    last = {
        "start_step": 3,
        "step1_image": done["step1_result"],
        "step2_image": status["step2_result"],
        "text_content": TEXT,
    }
    third = farm.ask("POST", "/generate", json=last)["job_id"]
    assert [run.workflow for run in worker.make(1)] == ["ads/finish"]
    assert farm.ask("GET", f"/status/{third}")["status"] == "completed"


def test_a_background_from_elsewhere_has_its_product_guessed(farm: Served, worker: AdWorker) -> None:
    """By the layout; and the ad is as large as that picture, whatever size is asked for."""
    strange = base64_of(png((400, 500), (9, 8, 7)))
    body = {"start_step": 2, "step1_image": strange, "ad_text": TEXT, "sizes": ["1:1", "9:16"], "variants": 2}
    made = farm.ask("POST", "/api/ads", 201, json=body)
    assert [(b["width"], b["height"], b["variant"]) for b in made["branches"]] == [(400, 500, 1), (400, 500, 2)]
    runs = worker.make(6)
    layout, lettering = (next(run for run in runs if run.workflow == f"ads/{name}") for name in ("layout", "lettering"))
    assert [file.name for file in layout.inputs] == ["picture"]
    mask = next(file for file in lettering.inputs if file.name == "mask")
    made_by_layout = farm.ask("GET", f"/api/jobs/{layout.ref.job_id}")["outputs"]
    assert mask.sha256 in [output["sha256"] for output in made_by_layout if output["name"] == "mask.png"]
    assert farm.ask("GET", f"/api/ads/{made['id']}")["status"] == "completed"


def test_a_text_model_prompt_means_3d_lettering(farm: Served, worker: AdWorker) -> None:
    """Whose second step has another name."""
    body = {"product_image": base64_of(png()), "text_content": TEXT, "text_model_prompt": "chrome letters"}
    made = farm.ask("POST", "/generate", json=body)["job_id"]
    worker.make(3)
    assert farm.ask("GET", f"/status/{made}")["current_step"] == "step2_text_asset"
    worker.make(3)
    assert worker.done[-2:] == ["ads/lettering_3d", "ads/finish"]


def test_unknown_fields_are_told(farm: Served, worker: AdWorker) -> None:
    """And those that have no effect here; nothing is silently dropped."""
    extra = {"auto_unload": True, "camera": "front", "steps": 30}
    made = farm.ask("POST", "/generate", json=SERVING | extra | {"product_image": base64_of(png())})
    assert made["ignored"] == ["auto_unload", "camera", "steps"]


def test_a_form_with_a_file_is_taken(farm: Served, worker: AdWorker) -> None:
    """By all three, and the photo's alpha is kept."""
    content = png(colour=(200, 30, 30, 90))
    for path, status in (("/api/ads", 201), ("/api/generate", 200), ("/generate", 200)):
        files = {"product_image": ("photo.png", content, "image/png")}
        made: Any = farm.ask("POST", path, status, files=files, data={"ad_text": TEXT, "sizes": ["1:1", "4:5"]})
        ad = farm.ask("GET", f"/api/ads/{made.get('job_id') or made['id']}")
        assert len(ad["branches"]) == 2
        photo = farm.http.get(f"/api/media/{ad['parameters']['product_image']}")
        assert Image.open(io.BytesIO(photo.content)).mode == "RGBA"
        farm.ask("POST", f"/api/ads/{ad['id']}/stop")


def test_health_and_fonts(farm: Served, worker: AdWorker) -> None:
    """Health without a token, as of the farm; fonts as a list of names and paths."""
    health = farm.ask("GET", "/health")
    assert (health["status"], health["gpu_available"], health["workers"]) == ("healthy", False, 1)
    fonts = farm.ask("GET", "/fonts")
    assert {"name", "path"} == fonts[0].keys()
    assert "Pretendard Bold" in [font["name"] for font in fonts]
    assert fonts == farm.ask("GET", "/api/ads/fonts")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/generate"), ("GET", "/status/X"), ("POST", "/stop/X"), ("GET", "/fonts"), ("POST", "/api/generate")],
)
def test_they_are_behind_the_gate(farm: Served, method: str, path: str) -> None:
    """Without a token there is no answer."""
    assert farm.http.request(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401
