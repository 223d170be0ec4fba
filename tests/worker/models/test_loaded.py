"""Which of a repository's files are loaded."""

import pytest

from tests.doubles.weights import INDEX, PIPELINE, not_loaded, pipeline
from worker.models.loaded import Index, is_weighted, loaded
from worker.models.store import parts_in
from workflows.needs import Bundle, Layout, Precision

LORA = Bundle(name="l", repository="a/b", layout=Layout.LORA, size_gb=1, licence="MIT")
MODEL = Bundle(name="m", repository="a/b", layout=Layout.MODEL, size_gb=1, licence="MIT")


def index() -> Index:
    return parts_in(INDEX)


def test_of_a_pipeline_what_its_index_names() -> None:
    """No pickles, no second precision, no single files at the root, no part that the pipeline does not have."""
    found = loaded(PIPELINE, [*pipeline(), *not_loaded()], index())
    assert found.files == set(pipeline())
    assert found.missing == set()


@pytest.mark.parametrize(
    ("lost", "missing"),
    [
        ("transformer/diffusion_pytorch_model-00002-of-00002.safetensors", None),
        ("vae/diffusion_pytorch_model.safetensors", "vae/*.safetensors"),
        ("vae/config.json", None),
        ("scheduler/scheduler_config.json", "scheduler/*.json"),
        ("model_index.json", None),
    ],
)
def test_what_it_cannot_be_loaded_without_is_missing(lost: str, missing: str | None) -> None:
    listing = set(pipeline()) - {lost}
    assert loaded(PIPELINE, listing, index()).missing == {missing or lost}


def test_a_bundle_of_one_precision_takes_its_files_and_else_those_without_a_mark() -> None:
    half = PIPELINE.model_copy(update={"precision": Precision.FP16})
    found = loaded(half, [*pipeline(), *not_loaded()], index())
    assert "vae/diffusion_pytorch_model.fp16.safetensors" in found.files
    assert "vae/diffusion_pytorch_model.safetensors" not in found.files
    assert "transformer/diffusion_pytorch_model-00001-of-00002.safetensors" in found.files


@pytest.mark.parametrize(
    ("listing", "weights"),
    [
        (["model.safetensors", "model-00001-of-00002.safetensors", "pytorch_model.bin"], ["model.safetensors"]),
        (["model.safetensors", "model.fp16.safetensors", "model.non_ema.safetensors"], ["model.safetensors"]),
        (["diffusion_pytorch_model.safetensors", "model.safetensors"], ["model.safetensors"]),
        (["Own-Name_1.2.safetensors"], ["Own-Name_1.2.safetensors"]),
        (["sub/model.safetensors", "consolidated.safetensors"], ["consolidated.safetensors"]),
    ],
)
def test_of_a_model_the_files_that_the_libraries_look_for(listing: list[str], weights: list[str]) -> None:
    found = loaded(MODEL, ["config.json", *listing])
    assert (found.weights, found.missing) == (weights, set())


def test_every_shard_is_wanted_by_its_number() -> None:
    found = loaded(MODEL, ["config.json", "model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors"])
    assert found.missing == {"model-00002-of-00003.safetensors"}


def test_of_loras_those_that_the_patterns_name() -> None:
    listing = ["v1/a.safetensors", "v2/high_pro.safetensors", "v2/high.safetensors", "v2/high_pro.pt"]
    some = LORA.model_copy(update={"only": ("v2/*_pro.safetensors",)})
    assert loaded(some, listing).files == {"v2/high_pro.safetensors"}
    assert len(loaded(LORA, listing).files) == 3
    assert loaded(some, ["v1/a.safetensors"]).missing == {"v2/*_pro.safetensors"}


def test_a_path_that_leads_elsewhere_is_never_taken() -> None:
    bad = ["../up.safetensors", "/root.safetensors", ".git/x.safetensors", "a/../../b.safetensors", "a\\b.safetensors"]
    assert loaded(LORA, [*bad, "a.safetensors"]).files == {"a.safetensors"}


@pytest.mark.parametrize(
    "name", ["CLIPImageProcessor", "CLIPImageProcessorPil", "T5TokenizerFast", "UniPCMultistepScheduler"]
)
def test_what_reads_or_counts_has_no_weights(name: str) -> None:
    assert not is_weighted(name)
