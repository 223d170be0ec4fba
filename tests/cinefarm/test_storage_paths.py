"""Paths that can cross between machines, and files under them."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cinefarm.storage import ROOTS, Storage, StoragePath, attempt_dir, object_path, safe_name

HASH = hashlib.sha256(b"x").hexdigest()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(projects=tmp_path / "projects", shared=tmp_path / "elsewhere" / "shared")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "1 to 400"),
        ("projects/" + "a/" * 200 + "x", "1 to 400"),
        ("/etc/passwd", "absolute"),
        ("//server/share", "absolute"),
        ("C:/Windows", "absolute"),
        ("c:projects", "absolute"),
        ("projects\\x", "backslash"),
        ("\\\\server\\share", "backslash"),
        ("projects/a\0b", "control"),
        ("projects/a\nb", "control"),
        ("projects/a:b", "reserved"),
        ("projects/a?b", "reserved"),
        ('projects/"a"', "reserved"),
        ("projects/a\u202eb", "invisible"),
        ("projects/a\u200bb", "invisible"),
        ("projects/\ufeffa", "invisible"),
        ("etc/passwd", "start with"),
        ("Projects/x", "start with"),
        ("projects2/x", "start with"),
        ("projects/../x", "'..'"),
        ("projects/./x", "'.'"),
        ("projects//x", "''"),
        ("projects/", "''"),
        ("projects/x/", "''"),
        ("projects/..", "'..'"),
        ("projects/" + "x" * 129, "128"),
        ("projects/" + "한" * 86, "255 bytes"),
        ("projects/ x", "space"),
        ("projects/x ", "space"),
        ("projects/x.", "dot"),
        ("projects/...", "dot"),
        ("projects/con", "Windows"),
        ("projects/NUL.txt", "Windows"),
        ("projects/com1.tar.gz", "Windows"),
        ("projects/LPT³", "Windows"),
    ],
)
def test_a_path_that_could_do_harm_is_refused_with_the_reason(text: str, reason: str) -> None:
    """Anything that leaves the roots, or that some system cannot store."""
    with pytest.raises(ValueError, match=reason):
        StoragePath(text)
    with pytest.raises(ValidationError):
        TypeAdapter(StoragePath).validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "projects",
        "shared_storage/objects/ab/x.png",
        "projects/DEMO/renders/장면 1/v001.png",
        "projects/.x",
        "projects/console",
    ],
)
def test_an_ordinary_path_is_kept_as_it_is(text: str) -> None:
    """Any script, spaces inside, hidden names."""
    assert StoragePath(text) == text
    assert TypeAdapter(StoragePath).validate_json(TypeAdapter(StoragePath).dump_json(StoragePath(text))) == text


PARTS = st.text(st.sampled_from("ab한.. /\\:~-_\0\n%é"), max_size=8)


@given(root=st.sampled_from([*ROOTS, "", "..", "etc"]), parts=st.lists(PARTS, max_size=5))
def test_whatever_is_accepted_lies_inside_its_root(root: str, parts: list[str]) -> None:
    """No accepted text leads out, in whatever way the system reads it."""
    storage = Storage(projects=Path("/base/projects"), shared=Path("/base/shared"))
    try:
        path = StoragePath("/".join([root, *parts]))
    except ValueError:
        return
    place = Path(os.path.normpath(storage.resolve(path)))
    assert place.is_relative_to("/base/projects" if path.root == "projects" else "/base/shared")
    assert StoragePath(path.name and f"{path}") == path


@given(text=st.text(max_size=300))
def test_a_safe_name_is_always_one_part_of_a_path(text: str) -> None:
    """Whatever people call their films."""
    assert StoragePath(f"projects/{safe_name(text)}").count("/") == 1


def test_a_part_is_joined_and_checked() -> None:
    """`/` does not open a way out."""
    assert StoragePath("projects") / "DEMO" / "x.png" == "projects/DEMO/x.png"
    assert attempt_dir("DEMO", "job", 3) == "projects/DEMO/temp/job/3"
    with pytest.raises(ValueError, match="not allowed"):
        StoragePath("projects") / ".."


@pytest.mark.parametrize(
    ("sha256", "suffix"), [("x", ""), (HASH.upper(), ""), (HASH, "png"), (HASH, ".p/g"), (HASH, "." + "x" * 9)]
)
def test_an_object_has_a_hash_and_a_plain_suffix(sha256: str, suffix: str) -> None:
    """Nothing else becomes a file name."""
    with pytest.raises(ValueError, match="is not a"):
        object_path(sha256, suffix)


def test_a_symbolic_link_cannot_lead_out(storage: Storage, tmp_path: Path) -> None:
    """Neither as a folder nor as the file itself; one that stays inside is fine."""
    storage.projects.mkdir()
    (storage.projects / "away").symlink_to(tmp_path)
    (storage.projects / "file").symlink_to("/etc/passwd")
    (storage.projects / "here").mkdir()
    (storage.projects / "near").symlink_to(storage.projects / "here")
    for path in ("projects/away", "projects/away/x.png", "projects/file"):
        with pytest.raises(ValueError, match="symbolic link"):
            storage.resolve(path)
    assert storage.resolve("projects/near/x.png")


def test_the_roots_lie_where_the_settings_say(storage: Storage, tmp_path: Path) -> None:
    """The names in paths are not the names on disk."""
    assert storage.resolve("shared_storage/x") == tmp_path / "elsewhere" / "shared" / "x"
    assert not storage.has("shared_storage/x")


def test_a_written_file_is_whole_or_not_there(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle leaves the old content and no litter."""
    place = storage.write_bytes("projects/DEMO/data.json", b"old")
    monkeypatch.setattr("cinefarm.storage.os.fsync", _fail)
    with pytest.raises(OSError, match="full"):
        storage.write_bytes("projects/DEMO/data.json", b"new")
    assert place.read_bytes() == b"old"
    assert [path.name for path in place.parent.iterdir()] == ["data.json"]


def _fail(descriptor: int) -> None:
    raise OSError("the disk is full")


@pytest.mark.parametrize("links", [True, False])
def test_an_adopted_file_is_kept_once_by_its_hash(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """A hard link where there are links, else a copy; the second of the same content changes nothing."""
    if not links:
        monkeypatch.setattr("cinefarm.storage.os.link", lambda source, place: _fail(0))
    source = tmp_path / "source.png"
    source.write_bytes(b"x")
    path = storage.adopt(source, HASH, ".png")
    assert path == f"shared_storage/objects/{HASH[:2]}/{HASH}.png"
    place = storage.resolve(path)
    assert (place.stat().st_ino == source.stat().st_ino) == links
    inode = place.stat().st_ino
    storage.adopt(source, HASH, ".png")
    source.unlink()
    assert place.read_bytes() == b"x"
    assert place.stat().st_ino == inode
    assert len(list(place.parent.iterdir())) == 1


def test_a_friendly_name_is_replaced(storage: Storage) -> None:
    """It names the newest; the older object stays."""
    storage.write_bytes("shared_storage/a", b"a")
    storage.write_bytes("shared_storage/b", b"b")
    for source in ("shared_storage/a", "shared_storage/b"):
        storage.link(source, "projects/DEMO/renders/film.mp4")
    assert storage.resolve("projects/DEMO/renders/film.mp4").read_bytes() == b"b"
    assert storage.resolve("shared_storage/a").read_bytes() == b"a"
