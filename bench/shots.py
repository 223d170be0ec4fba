"""A project full of shots as artists leave it: sequences, cast, options, prompts, and a take for each."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw
from sqlalchemy import insert
from sqlmodel import Session, select

from bench.farm import PROJECT, BenchMaster, running_master
from cinefarm.ids import new_id
from cinefarm.statuses import MediaKind
from master.characters.characters import create_character
from master.cinematic.options import create_option
from master.db import Database
from master.migrations import upgrade
from master.models import (
    CharacterFields,
    CinematicFields,
    Media,
    Project,
    ProjectFields,
    SequenceFields,
    Shot,
    Take,
)
from master.shots.bible import CastMember
from master.shots.fields import ShotNew
from master.shots.projects import create_project
from master.shots.sequences import create_sequence
from master.shots.shots import create_shots

_AT_ONCE = 2000
_IN_SEQUENCE = 50


@contextmanager
def filled_master(folder: Path, shots: int, *, pictures: bool = False) -> Iterator[tuple[BenchMaster, httpx.Client]]:
    """A master whose project BENCH has that many shots, and a client with its secret. Takes name files that are there
    only with `pictures`: one of its own for each shot, see `colour_of`."""
    fill(folder, shots)
    if pictures:
        draw_pictures(folder)
    with running_master(folder) as master:
        headers = {"Authorization": f"Bearer {master.secret}"}
        url = f"http://127.0.0.1:{master.port}/api/projects/{PROJECT}"
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
            yield master, client


def fill(folder: Path, shots: int) -> None:
    """Before the master starts."""
    place = folder / ".cinefarm" / "cinefarm.db"
    place.parent.mkdir(parents=True)
    db = Database(f"sqlite:///{place}")
    upgrade(db)
    db.start()
    known = db.write(_bible)
    for start in range(0, shots, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, shots))
        db.write(lambda session, numbers=numbers: _add(session, known, numbers))
    db.stop()


def colour_of(number: int) -> tuple[int, int, int]:
    """What the picture of the shot with that number is filled with, so that a bench can see whose it is."""
    return (number * 37 % 200 + 28, number * 91 % 200 + 28, number * 151 % 200 + 28)


def draw_pictures(folder: Path) -> None:
    """320×180 WebP, a file for each media row, in the order of the shots' codes."""
    with sqlite3.connect(folder / ".cinefarm" / "cinefarm.db") as database:
        paths = [path for (path,) in database.execute("SELECT path FROM media ORDER BY name")]
    for number, path in enumerate(paths, start=1):
        image = Image.new("RGB", (320, 180), colour_of(number))
        draw = ImageDraw.Draw(image)
        draw.text((8, 8), str(number), fill="white")
        for line in range(12):  # as much detail at the edges as a sketch has
            draw.line((0, 180 - line * 5, 320, 170 - line * 3), fill=(line * 20, number % 255, 90))
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        image.save(target, "WEBP", quality=80, method=0)


def cells(number: int, known: dict[str, list[str]]) -> dict[str, Any]:
    """Twelve cells of a row."""
    return {
        "scene_description": f"Scene {number}: a market street in the rain at night, seen from floor {number % 5}",
        "action": f"Character {number % 3} walks toward camera and stops at door {number % 53}; slow push in",
        "characters": [{"character_id": known["characters"][number % 3]}],
        "cinematic_option_id": known["options"][number % 4],
        "sequence_id": known["sequences"][number // _IN_SEQUENCE % len(known["sequences"])],
        "position": float(number),
        "frame_count": 24 + number % 96,
        "workflow_type": "wan",
        "prompt_override": None,
        "negative_prompt": "text, watermark",
        "notes": f"note {number}",
        "reference_images": [],
    }


def _bible(session: Session) -> dict[str, list[str]]:
    project = create_project(session, ProjectFields(code=PROJECT, name="Benchmark"))
    looks = "a woman of forty in a red coat, short hair, tired eyes"
    films = [{"film_stock": "Kodak Vision3 500T", "lighting_style": "low key", "atmosphere": "light haze"}] * 4
    return {
        "characters": [
            create_character(session, project, CharacterFields(name=f"Person {n}", description=looks)).id
            for n in range(3)
        ],
        "options": [
            create_option(session, project, CinematicFields(name=f"Option {n}", **film)).id
            for n, film in enumerate(films)
        ],
        "sequences": [create_sequence(session, project, SequenceFields(code=f"SQ{n:03}")).id for n in range(200)],
    }


def _add(session: Session, known: dict[str, list[str]], numbers: range) -> None:
    project = session.exec(select(Project)).one()
    news = [ShotNew.model_validate(_as_new(cells(number, known))) for number in numbers]
    shots = create_shots(session, project, news)
    media = [_picture(shot) for shot in shots]
    takes = [
        Take(shot_id=shot.id, number=1, media_id=one.id, thumbnail_id=one.id, inputs_hash=shot.inputs_hash)
        for shot, one in zip(shots, media, strict=True)
    ]
    for table, rows in ((Media, media), (Take, takes)):
        session.execute(insert(table), [row.model_dump() for row in rows])
    for shot, take in zip(shots, takes, strict=True):
        shot.confirmed_take_id = take.id


def _as_new(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"characters": [CastMember(**member) for member in row["characters"]]}


def _picture(shot: Shot) -> Media:
    hash = new_id() * 2
    return Media(
        sha256=hash,
        path=f"shared_storage/objects/{hash[:2]}/{hash}",
        name=f"{shot.code}.webp",
        kind=MediaKind.IMAGE,
        mime="image/webp",
        bytes=1,
        project_id=shot.project_id,
    )
