"""A pull by the real huggingface_hub, from a Hub that is a small program."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cinefarm.locks import locked
from tests.doubles.hub import COMMIT, HubDouble, Repository, sha256
from tests.doubles.serving import listening
from tests.doubles.weights import PIPELINE, lay, not_loaded, pipeline, weights
from worker.models.hub import NotPulled
from worker.models.pull import Plan, plan_pull, pull, pulling
from worker.models.record import read_record
from worker.models.store import ModelStore
from worker.models.verify import verify
from workflows.needs import Bundle, Layout, Precision

SHARD = "transformer/diffusion_pytorch_model-00002-of-00002.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
SIZE = 200_000


@pytest.fixture(scope="session")
def listens() -> Iterator[tuple[HubDouble, str]]:
    double = HubDouble()
    with listening(double.app) as url:
        yield double, url


@pytest.fixture
def hub(listens: tuple[HubDouble, str], monkeypatch: pytest.MonkeyPatch) -> HubDouble:
    double, url = listens
    app = double.app
    double.__dict__.update({**HubDouble().__dict__, "app": app})
    double.repositories["some/tiny"] = Repository({**pipeline(SIZE), **not_loaded()})
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 10_000)  # 10 MiB are written at a time
    monkeypatch.setenv("HF_ENDPOINT", url)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return double


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {"tiny": PIPELINE})


def bring(store: ModelStore, on_progress: Any = lambda path, done, total: None) -> Plan:
    with pulling(store):
        plan = plan_pull(store, "tiny")
        pull(store, plan, on_progress)
    return plan


def test_a_pull_brings_what_is_loaded_and_nothing_else(hub: HubDouble, store: ModelStore) -> None:
    """No pickle, no second precision, no single file at the root is even asked for."""
    seen: list[tuple[int, int]] = []
    plan = bring(store, lambda path, done, total: seen.append((done, total)))
    folder = store.folder / "tiny"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*pipeline(), ".cinefarm.json"}
    assert {asked[1] for asked in hub.asked} == set(pipeline())
    assert all((folder / path).read_bytes() == content for path, content in pipeline(SIZE).items())
    assert store.lack("tiny") == ""
    assert seen[-1] == (plan.bytes, plan.bytes)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_what_was_brought_is_written_down(hub: HubDouble, store: ModelStore) -> None:
    bring(store)
    record = read_record(store.folder / "tiny")
    assert record is not None
    assert (record.repository, record.revision, record.commit) == ("some/tiny", "main", COMMIT)
    assert record.files[VAE].sha256 == sha256(pipeline(SIZE)[VAE])
    assert store.hashes("tiny").files[SHARD] == sha256(pipeline(SIZE)[SHARD])


def test_what_is_here_is_not_brought_again(hub: HubDouble, store: ModelStore) -> None:
    """By the record; without one by hash."""
    bring(store)
    hub.asked.clear()
    bring(store)
    assert {asked[1] for asked in hub.asked} == {"model_index.json"}
    (store.folder / "tiny" / ".cinefarm.json").unlink()
    (store.folder / "tiny" / VAE).write_bytes(weights(SIZE, 9))
    hub.asked.clear()
    bring(store)
    assert {asked[1] for asked in hub.asked} == {"model_index.json", VAE}
    assert verify(store, "tiny", lambda *told: None) == []


def test_a_pull_that_was_stopped_goes_on_where_it_was(hub: HubDouble, store: ModelStore) -> None:
    """Nothing of it stands under the bundle's name until all is whole."""

    def stop(path: str, done: int, total: int) -> None:
        if path == SHARD:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(store, stop)
    assert not (store.folder / "tiny").exists()
    (half,) = (store.folder / ".pulling" / "tiny" / "transformer").glob("*.part")
    have = half.stat().st_size
    assert 0 < have < SIZE
    hub.asked.clear()
    bring(store)
    assert hub.fetched(SHARD) == [f"bytes={have}-"]
    assert hub.fetched(SHARD.replace("00002-of", "00001-of")) == [], "it was whole already"
    assert store.lack("tiny") == ""
    assert not list((store.folder / ".pulling").glob("tiny*"))


def test_a_connection_that_breaks_is_taken_up_again(hub: HubDouble, store: ModelStore) -> None:
    hub.cuts[VAE] = [50_000]
    bring(store)
    first, second = hub.fetched(VAE)
    assert (first, second) == ("", "bytes=50000-")
    assert (store.folder / "tiny" / VAE).read_bytes() == pipeline(SIZE)[VAE]


def test_a_server_that_knows_no_ranges_sends_all_again(hub: HubDouble, store: ModelStore) -> None:
    half = store.folder / ".pulling" / "tiny" / f"{VAE}.{sha256(pipeline(SIZE)[VAE])[:16]}.part"
    lay(half.parent, {half.name: b"x" * 1000})
    hub.ignores_ranges = True
    bring(store)
    assert (store.folder / "tiny" / VAE).read_bytes() == pipeline(SIZE)[VAE]


def test_bytes_that_are_not_those_stated_never_get_the_name(hub: HubDouble, store: ModelStore) -> None:
    """Of weights by SHA-256, of configs by git's hash. What was whole is kept."""
    for path, wrong in (("vae/config.json", b"[]"), (VAE, weights(SIZE, 8))):
        hub.served = {path: wrong}
        with pytest.raises(NotPulled, match=rf"{path} of some/tiny has the hash .* It is deleted"):
            bring(store)
        assert not (store.folder / "tiny").exists()
        assert not list((store.folder / ".pulling").rglob(f"{Path(path).name}*.part"))
    hub.served = {}
    bring(store)
    assert store.lack("tiny") == ""


def test_a_pickle_that_was_renamed_is_refused_though_its_hash_is_right(hub: HubDouble, store: ModelStore) -> None:
    hub.repositories["some/tiny"].files[VAE] = b"PK\x03\x04" + bytes(1000)
    with pytest.raises(NotPulled, match="a pickle that was renamed"):
        bring(store)
    assert not list(store.folder.rglob("diffusion_pytorch_model.safetensors"))


def test_a_hash_in_the_bundles_file_goes_before_what_the_hub_states(hub: HubDouble, store: ModelStore) -> None:
    right = sha256(pipeline(SIZE)[VAE])
    store.bundles = {"tiny": PIPELINE.model_copy(update={"files": {VAE: "0" * 64}})}
    with pytest.raises(NotPulled, match=rf"is stated to be {right[:16]}…; bundles/tiny.json says 0000"):
        bring(store)
    config = sha256(b"{}")
    store.bundles = {"tiny": PIPELINE.model_copy(update={"files": {VAE: right, "vae/config.json": config}})}
    bring(store)


def test_a_file_that_vanished_is_named(hub: HubDouble, store: ModelStore) -> None:
    hub.vanished.add(VAE)
    with pytest.raises(NotPulled, match=f"{VAE} of some/tiny is not there any more; pull again"):
        bring(store)


@pytest.mark.parametrize(
    ("changes", "token", "said"),
    [
        (
            {"gated": True, "token": "t"},
            None,
            "given only to those who accepted its licence: do so at .*/some/tiny, and",
        ),
        ({"gated": True, "token": "t"}, "wrong", "given only to those who accepted its licence"),
        ({"token": "t"}, None, "is not there, or not for everyone"),
        ({"token": "t"}, "wrong", r"refuses \(403\): HF_TOKEN is not accepted"),
    ],
)
def test_what_is_not_for_everyone_says_how_to_get_it(
    hub: HubDouble,
    store: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    token: str | None,
    said: str,
) -> None:
    hub.repositories["some/tiny"] = Repository(pipeline(), **changes)
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(NotPulled, match=said):
        bring(store)


def test_the_token_of_the_environment_opens_it_and_goes_nowhere_else(
    hub: HubDouble, store: ModelStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not to the store that files are redirected to; and a token that a tool left in the home folder is not used."""
    hub.repositories["some/tiny"] = Repository(pipeline(), gated=True, token="hf_mine")
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    plan = bring(store)
    assert plan.wants_consent
    assert hub.seen_tokens == {"hf_mine"}


def test_a_revision_or_repository_that_is_not_there_is_named(hub: HubDouble, store: ModelStore) -> None:
    store.bundles = {"tiny": PIPELINE.model_copy(update={"revision": "v9"})}
    with pytest.raises(NotPulled, match="some/tiny has no revision “v9”; mend it"):
        bring(store)
    store.bundles = {"tiny": PIPELINE.model_copy(update={"repository": "some/other"})}
    with pytest.raises(NotPulled, match="/some/other is not there, or not for everyone"):
        bring(store)


def test_a_repository_without_a_part_is_told_before_anything_is_brought(hub: HubDouble, store: ModelStore) -> None:
    del hub.repositories["some/tiny"].files[SHARD]
    with pytest.raises(NotPulled, match=f"some/tiny at {COMMIT[:12]} has no {SHARD}"):
        bring(store)
    assert {asked[1] for asked in hub.asked} == {"model_index.json"}


def test_a_disk_that_is_too_small_is_noticed_first(
    hub: HubDouble, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(store.folder.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_400_000))
    with pytest.raises(NotPulled, match=r"tiny needs 0\.0 GB more in .*, where 1\.0 GB are free"):
        bring(store)
    assert {asked[1] for asked in hub.asked} == {"model_index.json"}


def test_a_hub_that_does_not_answer_is_named(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(NotPulled, match=r"http://127.0.0.1:9 does not answer"):
        bring(store)


def test_without_a_net_nothing_is_asked(hub: HubDouble, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(NotPulled, match="HF_HUB_OFFLINE is set: nothing is pulled"):
        bring(store)
    assert hub.asked == []


def test_two_pulls_do_not_meet(hub: HubDouble, store: ModelStore) -> None:
    with (
        locked(store.folder / ".pulling"),
        pytest.raises(NotPulled, match="Another pull is under way"),
    ):
        bring(store)


def test_a_link_to_a_folder_elsewhere_is_not_written_into(hub: HubDouble, store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    store.folder.mkdir()
    (store.folder / "tiny").symlink_to(tmp_path / "theirs")
    with pytest.raises(NotPulled, match="is a link to"):
        bring(store)


def test_a_newer_commit_replaces_what_changed_and_drops_what_went(hub: HubDouble, store: ModelStore) -> None:
    bring(store)
    files = {**pipeline(SIZE), VAE: weights(SIZE, 7)}
    del files["tokenizer/merges.txt"]
    hub.repositories["some/tiny"] = Repository(files, commit="b2" * 20)
    hub.asked.clear()
    bring(store)
    assert {asked[1] for asked in hub.asked} == {"model_index.json", VAE}
    assert not (store.folder / "tiny" / "tokenizer" / "merges.txt").exists()
    assert store.hashes("tiny").commit == "b2" * 20
    assert verify(store, "tiny", lambda *told: None) == []


def test_files_of_one_precision_get_plain_names(hub: HubDouble, store: ModelStore) -> None:
    """So that nobody who loads them must know which it was."""
    store.bundles = {"tiny": PIPELINE.model_copy(update={"precision": Precision.FP16})}
    bring(store)
    assert (store.folder / "tiny" / VAE).read_bytes() == not_loaded()["vae/diffusion_pytorch_model.fp16.safetensors"]
    assert store.lack("tiny") == ""
    assert verify(store, "tiny", lambda *told: None) == []


def test_one_file_and_loras_are_pulled_too(hub: HubDouble, store: ModelStore) -> None:
    gguf = b"GGUF\x03\x00\x00\x00" + bytes(100)
    hub.repositories["a/b"] = Repository({"q4.gguf": gguf, "q8.gguf": gguf, "LICENSE": b"MIT"})
    hub.repositories["c/d"] = Repository({"v1/x.safetensors": weights(), "v2/x_pro.safetensors": weights()})
    one = Bundle(name="one", repository="a/b", layout=Layout.FILE, file="q4.gguf", size_gb=1, licence="MIT")
    lora = Bundle(
        name="lora", repository="c/d", layout=Layout.LORA, only=("v2/*_pro.safetensors",), size_gb=1, licence="MIT"
    )
    store.bundles = {"one": one, "lora": lora}
    with pulling(store):
        for name in store.bundles:
            pull(store, plan_pull(store, name), lambda *told: None)
    assert store.stored() == ("one", "lora")
    assert sorted(path.name for path in store.folder.rglob("*.*") if path.suffix in (".gguf", ".safetensors")) == [
        "q4.gguf",
        "x_pro.safetensors",
    ]


def test_no_cache_of_the_library_is_written(hub: HubDouble, store: ModelStore) -> None:
    """Weights lie once on this box."""
    bring(store)
    assert not [path for path in store.folder.rglob("*") if ".cache" in path.parts]
    assert sorted(os.listdir(store.folder)) == [".pulling", "tiny"]
