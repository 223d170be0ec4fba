"""`cinefarm models …`, on a folder of this box and a Hub that is a small program."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cinefarm.cli import app
from tests.doubles.hub import COMMIT, HubDouble, Repository
from tests.doubles.serving import listening
from tests.doubles.weights import lay, not_loaded, pipeline, weights
from workflows.catalog import FOLDER, load_bundles

UPSCALER, GGUF = "RealESRGAN_x4plus.safetensors", b"GGUF\x03\x00\x00\x00" + bytes(100)
DEV = "FLUX.1 [dev] Non-Commercial License"


@pytest.fixture(scope="module")
def hub() -> Iterator[tuple[HubDouble, str]]:
    double = HubDouble()
    double.repositories |= {
        "black-forest-labs/FLUX.1-schnell": Repository({**pipeline(), **not_loaded()}),
        "black-forest-labs/FLUX.1-dev": Repository(pipeline(), gated=True),
        "city96/FLUX.1-dev-gguf": Repository({"flux1-dev-Q4_K_S.gguf": GGUF}),
    }
    with listening(double.app) as url:
        yield double, url


@pytest.fixture
def run(tmp_path: Path, hub: tuple[HubDouble, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CINEFARM_WORKER_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CINEFARM_WORKER_WORKFLOWS_DIR", str(tmp_path / "more"))
    monkeypatch.setenv("HF_ENDPOINT", hub[1])
    for name in ("flux1_dev", "flux1_schnell", "realesrgan_x4plus"):  # as they ship, without the hashes of true ones
        bundle = load_bundles(FOLDER)[name].model_copy(update={"revision": "main", "files": {}})
        lay(tmp_path / "more" / "bundles", {f"{name}.json": bundle.model_dump_json().encode()})
    monkeypatch.setenv("COLUMNS", "250")

    def go(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, ["models", *words])
        assert result.exit_code == code, result.output
        return result

    return go


def answer(result: Result) -> Any:
    return json.loads(result.stdout)


def states(run: Any) -> dict[str, str]:
    return {row["name"]: row["state"] for row in answer(run("list", "--json"))}


def test_the_list_tells_of_every_bundle(run: Any, tmp_path: Path) -> None:
    assert set(states(run).values()) == {"missing"}
    lay(tmp_path / "models" / "flux1_schnell", pipeline())
    lay(tmp_path / "models" / "realesrgan_x4plus", {UPSCALER: b"PK\x03\x04" + bytes(99)})
    lay(tmp_path / "models" / "clip_vit_l14", {"config.json": b"{}"})
    found = {row["name"]: row for row in answer(run("list", "--json"))}
    assert [found[name]["state"] for name in ("flux1_schnell", "realesrgan_x4plus", "clip_vit_l14")] == [
        "here",
        "broken",
        "partly",
    ]
    assert "ads/v1_3d_text" in found["flux1_schnell"]["workflows"]
    assert (found["flux1_schnell"]["licence"], found["flux1_schnell"]["stated_gb"]) == ("Apache-2.0", 33.7)
    told = run("list").output
    assert "by hand" in told
    assert f"{UPSCALER} is broken: it is a pickle that was renamed" in told
    assert "cinefarm models pull clip_vit_l14 --models-dir" in told


def test_a_pull_says_where_from_how_much_and_under_what(run: Any) -> None:
    said = run("pull", "flux1_schnell").stderr
    assert f"black-forest-labs/FLUX.1-schnell at {COMMIT[:12]}" in said
    assert "Licence: Apache-2.0" in said
    assert "flux1_schnell: 0.00 of 0.00 GB" in said
    assert states(run)["flux1_schnell"] == "here"
    assert answer(run("pull", "flux1_schnell", "--json"))[0]["commit"] == COMMIT


def test_a_licence_that_binds_is_asked_for(run: Any) -> None:
    """A workflow's bundles; non-commercial ones come only to who agrees."""
    words = ("pull", "--all-for", "text_to_image/flux_basic")
    refused = run(*words, code=1).stderr
    assert f"comes under: {DEV}" in refused
    assert "Then run the command again with --accept-licence." in refused
    assert states(run)["flux1_dev"] == "missing"
    run(*words, "--accept-licence")
    assert [states(run)[name] for name in ("flux1_dev", "flux1_dev_gguf_q4")] == ["here", "here"]
    run(*words)  # what is here was agreed to


def test_what_cannot_be_meant_is_refused(run: Any) -> None:
    assert "There is no bundle “flux9”; there are birefnet" in run("pull", "flux9", code=2).stderr
    assert "There is no workflow “a/b”" in run("pull", "--all-for", "a/b", code=2).stderr
    assert "Name a bundle" in run("pull", code=2).stderr


def test_what_went_wrong_is_one_sentence(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not there, or not for everyone" in run("pull", "birefnet", code=1).stderr
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE is set: nothing is pulled." in run("pull", "flux1_schnell", code=1).stderr


def test_a_box_without_the_package_is_told_which_extra_has_it(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("worker.models.pull", "worker.models.hub"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert "Install it: pip install 'cinefarm[gpu]'" in run("pull", "birefnet", code=1).stderr


def test_verify_reads_everything_and_names_what_mends(run: Any, tmp_path: Path) -> None:
    run("pull", "flux1_schnell")
    folder = tmp_path / "models" / "flux1_schnell"
    assert "Whole: flux1_schnell" in run("verify").stdout
    vae = folder / "vae" / "diffusion_pytorch_model.safetensors"
    time = vae.stat()
    vae.write_bytes(weights(64, 77))
    os.utime(vae, ns=(time.st_atime_ns, time.st_mtime_ns))  # a bit that fell over changes no time
    (folder / "tokenizer" / "vocab.json").unlink()
    lay(folder, {"vae/old.bin": b"x"})
    assert states(run)["flux1_schnell"] == "partly"
    findings = answer(run("verify", "flux1_schnell", "--json", code=1))
    assert [(one["file"], one["mend"].split(" --")[0]) for one in findings] == [
        ("tokenizer/vocab.json", "cinefarm models pull flux1_schnell"),
        ("vae/diffusion_pytorch_model.safetensors", "cinefarm models pull flux1_schnell"),
        ("vae/old.bin", f"rm {folder}/vae/old.bin"),
    ]
    assert "has the hash" in findings[1]["why"]
    assert states(run)["flux1_schnell"] == "broken", "what is known to be broken is not loaded"
    run("pull", "flux1_schnell")
    (folder / "vae" / "old.bin").unlink()
    run("verify")


def test_what_was_put_there_by_hand_is_known_after_verify(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "flux1_schnell"
    lay(folder, pipeline())
    run("verify", "flux1_schnell")
    record = json.loads((folder / ".cinefarm.json").read_text())
    assert (record["commit"], len(record["files"])) == (None, len(pipeline()))
    (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(weights(64, 9))
    assert states(run)["flux1_schnell"] == "broken"
    run("verify", "flux1_schnell")
    assert states(run)["flux1_schnell"] == "here", "nobody but its owner knows what it should be"


def test_weights_that_lie_elsewhere_are_linked(run: Any, tmp_path: Path) -> None:
    snapshot = tmp_path / "hub" / "models--black-forest-labs--FLUX.1-schnell" / "snapshots" / COMMIT
    lay(snapshot, {**pipeline(), **not_loaded()})
    row = answer(run("add", "flux1_schnell", str(snapshot), "--json"))
    assert (row["state"], row["commit"]) == ("here", COMMIT)
    folder = tmp_path / "models" / "flux1_schnell"
    vae = folder / "vae" / "diffusion_pytorch_model.safetensors"
    assert vae.is_symlink()
    assert not (folder / "flux1-dev.safetensors").exists()
    assert "is there already" in run("add", "flux1_schnell", str(snapshot), code=1).stderr
    lay(tmp_path, {"ESRGAN.safetensors": weights()})
    run("add", "realesrgan_x4plus", str(tmp_path / "ESRGAN.safetensors"))
    assert (tmp_path / "models" / "realesrgan_x4plus" / UPSCALER).is_symlink()


def test_where_links_fail_weights_are_copied(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise OSError("no links on this disk")

    lay(tmp_path, {"ESRGAN.safetensors": weights()})
    monkeypatch.setattr(Path, "symlink_to", fail)
    run("add", "realesrgan_x4plus", str(tmp_path / "ESRGAN.safetensors"))
    assert (tmp_path / "models" / "realesrgan_x4plus" / UPSCALER).read_bytes() == weights()


@pytest.mark.parametrize(
    ("name", "files", "given", "said"),
    [
        ("flux1_schnell", {"model_index.json": b"{}"}, ".", None),
        (
            "realesrgan_x4plus",
            {"x.safetensors": b"PK\x03\x04" + bytes(50)},
            "x.safetensors",
            "a pickle that was renamed",
        ),
        ("realesrgan_x4plus", {"x.pth": b"PK\x03\x04"}, "x.pth", "is no .safetensors file"),
        ("flux1_schnell", {"x.safetensors": weights()}, "x.safetensors", "is not one file; give the folder"),
        ("clip_vit_l14", {"pytorch_model.bin": b"PK", "config.json": b"{}"}, ".", "has no *.safetensors"),
        ("clip_vit_l14", {}, "none", "is not there"),
    ],
)
def test_what_is_not_the_bundle_is_not_added(
    run: Any, tmp_path: Path, name: str, files: dict[str, bytes], given: str, said: str | None
) -> None:
    """And nothing is left of it."""
    lay(tmp_path / "source", files)
    result = run("add", name, str(tmp_path / "source" / given), code=1 if said else 0)
    assert said is None or said in result.stderr
    assert (tmp_path / "models" / name).exists() is (said is None)


def test_prune_deletes_what_no_workflow_names_and_leaves_what_is_not_ours(run: Any, tmp_path: Path) -> None:
    models, more = tmp_path / "models", tmp_path / "more"
    bundle = {"name": "old", "repository": "a/b", "size_gb": 1, "licence": "MIT"}
    lay(more / "bundles", {"old.json": json.dumps(bundle).encode()})
    lay(models / "old", pipeline())
    lay(models / ".pulling" / "flux1_dev", {"vae/x.part": bytes(1000)})
    lay(models / "checkpoints", {"theirs.safetensors": weights()})
    lay(models / "flux1_schnell", pipeline())
    told = run("prune").output
    assert "Would go (run again with --yes):" in told
    assert "a pull that did not end" in told
    assert (models / "old").exists()
    gone = answer(run("prune", "--yes", "--json"))
    assert [Path(one["folder"]).name for one in gone] == ["flux1_dev", "old"]
    assert sorted(path.name for path in models.iterdir()) == [".pulling", "checkpoints", "flux1_schnell"]
    assert "nothing" in run("prune").output
