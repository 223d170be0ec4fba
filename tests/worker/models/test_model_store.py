"""What the box has of a bundle, told without reading its weights."""

import json
import os
import struct
import time
from pathlib import Path

import pytest

from cinefarm.storage import sha256_file
from tests.doubles.weights import PIPELINE, lay, not_loaded, pipeline, weights
from worker.models.record import Record, keep, write_record
from worker.models.store import ModelStore, Standing, listing
from workflows.catalog import FOLDER, load_bundles
from workflows.needs import Bundle, Layout

SHARD = "transformer/diffusion_pytorch_model-00002-of-00002.safetensors"
VAE = "vae/diffusion_pytorch_model.safetensors"
FILE = Bundle(name="one", repository="a/b", layout=Layout.FILE, file="x.gguf", size_gb=1, licence="MIT")
COMMIT = "c" * 40


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """With a whole pipeline `tiny` that nobody verified."""
    lay(tmp_path / "tiny", pipeline())
    return ModelStore(tmp_path, {"tiny": PIPELINE, "one": FILE})


def verified(store: ModelStore, commit: str | None = COMMIT) -> Path:
    """The same with a record of what was verified."""
    folder = store.folder / "tiny"
    files = {path: keep(folder / path, sha256_file(folder / path)) for path in listing(folder)}
    write_record(folder, Record(repository="some/tiny", revision="main", commit=commit, files=files))
    return folder


def test_a_whole_bundle_lacks_nothing(store: ModelStore) -> None:
    assert store.lack("tiny") == ""
    assert store.stored() == ("tiny",)
    lay(store.folder / "tiny", not_loaded())
    assert store.lack("tiny") == "", "what is not loaded is not looked at"
    verified(store)
    assert store.stored() == ("tiny",)


def test_what_is_not_here_is_told_with_the_command(store: ModelStore) -> None:
    assert store.lack("one") == (
        f"The weights of one are not here. Run `cinefarm models pull one --models-dir {store.folder}` on this box."
    )
    (store.folder / "one").mkdir()
    assert store.faults("one")[0].standing is Standing.MISSING


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_missing_file_is_named(store: ModelStore, is_verified: bool) -> None:
    if is_verified:
        verified(store)
    (store.folder / "tiny" / SHARD).unlink()
    assert store.faults("tiny") == [(SHARD, "is missing", Standing.PARTLY, "pull")]
    assert store.lack("tiny").startswith(f"tiny/{SHARD} is missing. Run `cinefarm models pull tiny ")


def test_a_part_that_is_gone_as_a_whole_is_missed(store: ModelStore) -> None:
    for path in [VAE, "vae/config.json"]:
        (store.folder / "tiny" / path).unlink()
    assert "vae/*.safetensors is missing. And 1 more." in store.lack("tiny")


def test_an_index_that_cannot_be_read_is_a_fault(store: ModelStore) -> None:
    (store.folder / "tiny" / "model_index.json").write_text("[1]")
    assert store.lack("tiny").startswith("tiny/model_index.json cannot be read")
    (store.folder / "tiny" / "model_index.json").unlink()
    assert store.lack("tiny").startswith("tiny/model_index.json is missing")


def test_a_link_that_leads_nowhere_is_a_missing_file(store: ModelStore) -> None:
    (store.folder / "tiny" / VAE).unlink()
    (store.folder / "tiny" / VAE).symlink_to("/nowhere")
    assert "leads to a file that is not there" in store.lack("tiny")


def header(size: int) -> bytes:
    return struct.pack("<Q", size)


MANY = "{" + ",".join(f'"{n}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}' for n in range(300_000)) + "}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (weights()[:-1], "follow the header"),
        (b"", "does not begin with a header"),
        (b"PK\x03\x04" + bytes(100), "a pickle that was renamed"),
        (b"\x80\x02}q\x00." + bytes(100), "a pickle that was renamed"),
        (header(90 << 20) + bytes(91 << 20), "header has 94,371,840 bytes"),
        (header(len(MANY)) + MANY.encode(), "300,000 tensors"),
        (header(2) + b"[]", "header cannot be read"),
    ],
    ids=["cut", "empty", "zip", "pickle", "metadata", "many", "nonsense"],
)
def test_broken_weights_say_why(store: ModelStore, content: bytes, why: str) -> None:
    (store.folder / "tiny" / VAE).write_bytes(content)
    (fault,) = store.faults("tiny")
    assert (fault.path, fault.standing) == (VAE, Standing.BROKEN)
    assert why in fault.why


def test_a_gguf_file_is_known_by_its_beginning(store: ModelStore) -> None:
    lay(store.folder / "one", {"x.gguf": b"GGUF\x03\x00\x00\x00" + bytes(64)})
    assert store.lack("one") == ""
    assert store.place("one") == store.folder / "one" / "x.gguf"
    lay(store.folder / "one", {"x.gguf": b"PK\x03\x04" + bytes(64)})
    assert "GGUF" in store.lack("one")


def test_a_change_since_it_was_verified_is_noticed(store: ModelStore) -> None:
    """By time, and by size, without reading it."""
    file = verified(store) / VAE
    os.utime(file, (1, 1))
    assert "was changed since it was verified. Run `cinefarm models verify tiny" in store.lack("tiny")
    file.write_bytes(weights(80))
    assert f"has {len(weights(80))} bytes; {len(weights())} were verified. Run `cinefarm models pull" in store.lack(
        "tiny"
    )
    verified(store, commit=None)
    file.write_bytes(weights())
    assert "Run `cinefarm models verify" in store.lack("tiny"), "what was put there by hand cannot be pulled again"


def test_hashes_are_known_as_long_as_the_file_is_as_it_was(store: ModelStore, tmp_path: Path) -> None:
    file = store.folder / "tiny" / VAE
    assert store.sha256(file) is None
    verified(store)
    assert store.sha256(file) == sha256_file(file)
    assert store.sha256(Path("/etc/hostname")) is None
    assert store.sha256(store.folder / "tiny" / "none.safetensors") is None
    known = store.hashes("tiny")
    assert (known.repository, known.revision, known.commit) == ("some/tiny", "main", COMMIT)
    assert sorted(known.files) == sorted(path for path in pipeline() if path.endswith(".safetensors"))
    os.utime(file, (1, 1))
    assert store.sha256(file) is None
    assert VAE not in store.hashes("tiny").files


def test_a_take_remembers_what_it_was_drawn_with(store: ModelStore) -> None:
    """Where the weights come from, and their hashes where they are known."""
    assert store.remembered(["tiny", "one"]) == {"models": {"tiny": "some/tiny@unknown", "one": "a/b@unknown"}}
    file = verified(store) / VAE
    known = store.remembered(["tiny"])
    assert known["models"] == {"tiny": f"some/tiny@{COMMIT}"}
    assert known["weights"]["tiny"][VAE] == sha256_file(file)


def test_hashes_of_what_nobody_verified_are_none(store: ModelStore) -> None:
    assert store.hashes("tiny") == ("some/tiny", "main", None, {})
    (store.folder / "tiny" / ".cinefarm.json").write_text("{")
    assert store.hashes("tiny").files == {}
    assert store.lack("tiny") == ""


def test_it_is_cheap_enough_to_be_asked_for_every_workflow(tmp_path: Path) -> None:
    """Verified files of 100 GB are looked at, not read."""
    folder = tmp_path / "tiny"
    lay(folder, pipeline())
    with (folder / VAE).open("r+b") as file:
        file.truncate(100 << 30)  # a hole; its header would be refused were it read
    files = {path: keep(folder / path, "0" * 64) for path in listing(folder)}
    write_record(folder, Record(repository="a/b", revision="main", files=files))
    store = ModelStore(tmp_path, {"tiny": PIPELINE})
    started = time.perf_counter()
    for _ in range(20):
        assert store.lack("tiny") == ""
    assert time.perf_counter() - started < 2


def test_every_bundle_that_ships_can_be_asked_for(tmp_path: Path) -> None:
    store = ModelStore(tmp_path, load_bundles(FOLDER))
    assert store.stored() == ()
    assert all(json.dumps(store.hashes(name)) for name in store.bundles)
