"""A full disk is an answer (507), never damage; it can be cleaned up, and all goes on without a restart.

On real small disks in memory, so root is needed to make them.
"""

import os
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from served import Served, served
from waiting import wait_until

from master.errors import NoSpace
from master.keeping.space import Ballast, Space

MIB = 1024**2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """32 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def leave(disk: Path, free: int) -> Path:
    """Fill the disk with one file, up to `free` bytes."""
    filler = disk / "somebody's film"
    with filler.open("wb") as file:
        room = os.statvfs(disk)
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - free)
    return filler


def make(farm: Served, number: int) -> int:
    body = {"code": f"P{number:05}", "name": "x" * 200, "style_notes": "notes " * 600}
    return farm.http.post("/api/projects", json=body).status_code


def until_full(farm: Served, start: int) -> list[int]:
    """The numbers of the projects that were answered as made; then one was refused."""
    made = []
    for number in range(start, start + 50_000):
        answer = make(farm, number)
        if answer == 507:
            return made
        assert answer == 201, "the only refusal is that there is no room"
        made.append(number)
    raise AssertionError("the disk never was full")


def codes(farm: Served) -> set[str]:
    return {row["code"] for row in farm.ask("GET", "/api/projects")["rows"]}


def integrity(farm: Served) -> Any:
    with farm.master.db.read() as session:
        return session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one()


def limits(**changes: Any) -> dict[str, Any]:
    return {"least_free_gb": 0, "least_free_percent": 0, **changes}


def test_a_full_database_disk_refuses_keeps_and_recovers(tmp_path: Path, small_disk: Path) -> None:
    """507; all that was answered is there; deleting works from the ballast; room again, and all works again."""
    with served(tmp_path, state_dir=small_disk / "state", **limits(ballast_mb=6)) as farm:
        ballast = farm.master.caretaker.ballast.file
        wait_until(ballast.exists, what="the ballast")
        filler = leave(small_disk, 2 * MIB)
        made = until_full(farm, 0)
        assert len(made) > 50, "there was room for some"
        assert not ballast.exists()
        assert codes(farm) == {f"P{number:05}" for number in made}
        assert integrity(farm) == "ok"
        for number in made[:20]:
            farm.ask("DELETE", f"/api/projects/P{number:05}", 204)
        assert codes(farm) == {f"P{number:05}" for number in made[20:]}
        made += until_full(farm, 50_000)
        assert codes(farm) == {f"P{number:05}" for number in made[20:]}
        filler.unlink()
        assert make(farm, 99_999) == 201, "without a restart"
        wait_until(ballast.exists, 20, what="the ballast again")
        assert integrity(farm) == "ok"
        after = codes(farm)
    assert after == {f"P{number:05}" for number in [*made[20:], 99_999]}
    with served(tmp_path, state_dir=small_disk / "state", **limits()) as farm:
        assert codes(farm) == after, "and it is on disk"


def test_without_ballast_a_full_disk_cannot_be_cleaned_up(tmp_path: Path, small_disk: Path) -> None:
    """The mutant: the deletes of the test before are refused."""
    with served(tmp_path, state_dir=small_disk / "state", **limits(ballast_mb=0)) as farm:
        leave(small_disk, 2 * MIB)
        made = until_full(farm, 0)
        answers = [farm.http.delete(f"/api/projects/P{number:05}").status_code for number in made[:20]]
        assert 507 in answers


def test_a_full_storage_disk_refuses_uploads_and_jobs(tmp_path: Path, small_disk: Path) -> None:
    """Before it is quite full: what runs has the rest. Everything else goes on."""
    picture = BytesIO()
    Image.effect_noise((256, 256), 50).save(picture, "PNG")
    changes = limits(least_free_gb=0.008)

    def upload(farm: Served) -> int:
        files = {"file": ("a.png", picture.getvalue())}
        return farm.http.post("/api/projects/DEMO/media", files=files).status_code

    def submit(farm: Served) -> int:
        body = {"workflow": "text_to_image/storyboard"}
        return farm.http.post("/api/projects/DEMO/batches", json=body).status_code

    with served(tmp_path, storage_dir=small_disk / "shared", **changes) as farm:
        farm.make_project()
        assert (upload(farm), submit(farm)) == (201, 201)
        filler = leave(small_disk, 4 * MIB)
        wait_until(lambda: upload(farm) == 507, what="the refusal")
        answer = farm.http.post("/api/projects/DEMO/batches", json={"workflow": "text_to_image/storyboard"})
        assert answer.status_code == 507
        assert answer.json()["code"] == "no_space"
        assert "CINEFARM_LEAST_FREE_GB" in answer.json()["message"]
        farm.make_project("OTHER")
        filler.unlink()
        wait_until(lambda: upload(farm) == 201, what="room again")
        assert submit(farm) == 201


def test_a_picture_that_does_not_fit_decoded_is_refused_whole(tmp_path: Path, small_disk: Path) -> None:
    """The upload itself fits, what the child makes of it does not: 507, and nothing is left of it."""
    picture = BytesIO()
    Image.effect_noise((2048, 2048), 50).save(picture, "PNG")
    storage = small_disk / "shared"
    with served(tmp_path, storage_dir=storage, **limits()) as farm:
        farm.make_project()
        filler = leave(small_disk, len(picture.getvalue()) + MIB)
        files = {"file": ("a.png", picture.getvalue())}
        refused = farm.http.post("/api/projects/DEMO/media", files=files)
        assert (refused.status_code, refused.json()["code"]) == (507, "no_space")
        assert "disk is full" in refused.json()["message"]
        assert list((storage / "tmp").iterdir()) == []
        filler.unlink()
        assert farm.http.post("/api/projects/DEMO/media", files=files).status_code == 201


def test_space_is_looked_at_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst of submits asks the disk once."""
    now, looks = [100.0], []
    space = Space([tmp_path, tmp_path / "not made yet"], least_gb=0, least_percent=0, clock=lambda: now[0])
    monkeypatch.setattr(space, "_look", lambda: looks.append(now[0]))
    for _ in range(1000):
        space.require()
    now[0] += 1.0
    space.require()
    assert looks == [100.0, 101.0]


def test_the_larger_of_share_and_size_counts(tmp_path: Path) -> None:
    """And each can be set to nothing."""
    Space([tmp_path], least_gb=0, least_percent=0).require()
    for limit in ({"least_gb": 10**9, "least_percent": 0}, {"least_gb": 0, "least_percent": 100}):
        with pytest.raises(NoSpace, match="GB free"):
            Space([tmp_path], **limit).require()  # type: ignore[arg-type]


def test_the_ballast_takes_real_room(tmp_path: Path) -> None:
    """Not a hole in a file; given back once."""
    ballast = Ballast(tmp_path, 4 * MIB)
    ballast.hold()
    assert ballast.file.stat().st_blocks * 512 >= 4 * MIB
    ballast.hold()
    assert [ballast.release(), ballast.release()] == [True, False]


def test_no_ballast_is_taken_from_a_disk_that_is_nearly_full(small_disk: Path) -> None:
    """It would be what fills it."""
    leave(small_disk, 6 * MIB)
    ballast = Ballast(small_disk, 4 * MIB)
    ballast.hold()
    assert not ballast.is_held()
    assert not ballast.file.with_name("ballast.unfinished").exists()
