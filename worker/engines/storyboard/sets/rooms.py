"""Interiors: each function furnishes one kind of room around the subject."""

from functools import partial

import numpy as np

from worker.engines.storyboard.camera import vec
from worker.engines.storyboard.canvas import mix
from worker.engines.storyboard.sets import furniture as f
from worker.engines.storyboard.sets.ground import Room, Site, on_side, on_wall, rgb, room
from worker.engines.storyboard.sets.small import cylinder, small


def _window_side(site: Site) -> str:
    return "left" if site.stage.key[0] < 0 else "right"


def living(site: Site) -> None:
    wall = (rgb(226, 216, 200), rgb(206, 214, 212), rgb(222, 208, 196))[int(site.rng.integers(3))]
    place = room(site, wall=wall, floor=rgb(198, 168, 134), wide=5.6)
    side = _window_side(site)
    f.window(site, on_side(place, side, 0.6, 0.8, 1.7, 1.3), curtain=rgb(222, 214, 200))
    x = float(site.rng.uniform(-0.6, 0.6))
    if site.rng.random() < 0.5:
        f.window(site, on_wall(place, x - 1.0, 0.85, 1.5, 1.3), curtain=rgb(206, 198, 190), view="city")
        f.picture_on_wall(site, on_wall(place, x + 1.1, 1.35, 0.7, 0.5))
    else:
        f.picture_on_wall(site, on_wall(place, x, 1.4, 0.95, 0.6))
        f.door(site, on_wall(place, place.right - 0.9, 0.0, 0.85, 2.05))
    f.sofa(site, vec(x, 0, place.back - 0.6), 0.0, rgb(132, 142, 150), wide=2.0, bias=0.4)
    f.plant(site, vec(place.left + 0.5, 0, place.back - 0.5))
    f.table(site, vec(place.right - 0.6, 0, place.back - 0.5), (0.5, 0.55, 0.45), things=("lamp",), bias=0.3)


def bedroom(site: Site) -> None:
    place = room(site, wall=rgb(214, 210, 216), floor=rgb(190, 160, 130), wide=4.8)
    f.window(site, on_side(place, _window_side(site), 0.5, 0.85, 1.4, 1.25), curtain=rgb(214, 200, 190))
    x = float(site.rng.choice([-0.8, 0.8]))
    f.bed(site, vec(x, 0, place.back - 1.15), bias=0.5)
    f.table(
        site,
        vec(x + (1.15 if x < 0 else -1.15), 0, place.back - 0.35),
        (0.45, 0.5, 0.4),
        things=("lamp",),
        solid=True,
        bias=0.2,
    )
    f.picture_on_wall(site, on_wall(place, x, 1.5, 0.8, 0.5))
    f.shelf(site, vec(place.right - 0.7 if x < 0 else place.left + 0.7, 0, place.back - 0.2), tall=1.7)


def kitchen(site: Site) -> None:
    place = room(site, wall=rgb(228, 224, 210), floor=rgb(204, 196, 184), wide=5.0, behind=2.2)
    f.window(site, on_wall(place, -0.4, 1.2, 1.3, 0.95), curtain=None, view="city")
    stage = site.stage
    z = place.back - 0.32
    colour = rgb(150, 170, 160)

    def counter() -> None:
        stage.box(vec(0, 0, z), (place.right - place.left - 1.0, 0.88, 0.6), colour, line=1.0)
        stage.box(vec(0, 0.88, z), (place.right - place.left - 1.0, 0.04, 0.62), rgb(222, 214, 204), line=1.0)
        for x in np.arange(place.left + 0.6, place.right - 0.6, 0.6):
            stage.line(vec(float(x), 0.05, z - 0.31), vec(float(x), 0.85, z - 0.31), 0.7)
            stage.line(vec(float(x) + 0.1, 0.76, z - 0.315), vec(float(x) + 0.22, 0.76, z - 0.315), 0.9)
        for index, thing in enumerate(("bottle", "plate", "cup", "bottle")):
            small(site, thing, vec(-1.2 + index * 0.55, 0.92, z - 0.05))

    stage.later(vec(0, 0, z), counter, bias=0.3)
    for x in (place.left + 1.0, place.right - 1.0):
        stage.box(vec(x, 1.5, place.back - 0.18), (0.95, 0.65, 0.34), mix(colour, (255, 255, 255), 0.2))
        stage.line(vec(x, 1.52, place.back - 0.36), vec(x, 2.13, place.back - 0.36), 0.8)
    stage.later(
        vec(place.right - 0.4, 0, z),
        lambda: stage.box(vec(place.right - 0.42, 0, z - 0.05), (0.75, 1.8, 0.68), rgb(226, 228, 230)),
        bias=0.2,
    )
    f.pendant(site, vec(0.4, 1.95, 0.4))


def cafe(site: Site) -> None:
    place = room(site, wall=rgb(196, 164, 132), floor=rgb(150, 118, 92), wide=7.0, behind=3.4, tall=2.9)
    if site.rng.random() < 0.5:
        f.window(site, on_wall(place, -1.1, 0.7, 2.8, 1.7), panes=3, view="city")
        f.shelf(site, vec(place.right - 1.0, 0, place.back - 0.2), wide=1.4, books=False)
    else:
        f.window(site, on_side(place, _window_side(site), 0.8, 0.7, 2.6, 1.7), panes=3)
        stage = site.stage
        z = place.back - 0.9
        stage.later(
            vec(0, 0, z), lambda: stage.box(vec(0.3, 0, z), (3.4, 1.1, 0.6), rgb(120, 88, 66), line=1.1), bias=0.2
        )
        for y in (1.4, 1.85):
            stage.box(vec(0.3, y, place.back - 0.16), (3.0, 0.04, 0.3), rgb(110, 80, 60), line=0.8)
            for k in range(9):
                small(site, "bottle" if k % 3 else "cup", vec(-0.95 + k * 0.32, y + 0.04, place.back - 0.16))
    for x, z in ((-2.3, 2.2), (2.2, 1.7), (0.2, 2.6)):
        f.table(site, vec(x, 0, z), (0.7, 0.73, 0.7), things=("cup",))
        f.chair(site, vec(x - 0.62, 0, z), 90)
        f.chair(site, vec(x + 0.62, 0, z), -90)
    for x in (-1.8, 0.1, 1.9):
        f.pendant(site, vec(x, 2.05, 1.4))


def office(site: Site) -> None:
    place = room(site, wall=rgb(214, 218, 220), floor=rgb(168, 172, 176), wide=7.0, behind=3.2, tall=2.7, boards=False)
    f.window(site, on_wall(place, 0.0, 0.9, 5.0, 1.4), panes=5, view="city")
    for index, x in enumerate((-2.2, 0.0, 2.2)):
        f.table(site, vec(x, 0, 2.2), (1.5, 0.73, 0.7), rgb(196, 190, 180), solid=True, things=("monitor",), bias=0.1)
        f.chair(site, vec(x + 0.2, 0, 2.85), 0 + index * 12, rgb(80, 84, 92))
    tubes(site, place)


def classroom(site: Site) -> None:
    place = room(site, wall=rgb(220, 218, 198), floor=rgb(190, 158, 118), wide=7.4, behind=3.6, tall=2.9)
    site.stage.quad(on_wall(place, 0.0, 0.95, 3.9, 1.25), rgb(64, 92, 80), shade=20, line=1.8)
    rng = site.rng
    for row in range(4):
        y, x = 2.0 - row * 0.2, -1.6
        while x < 1.2:
            step = float(rng.uniform(0.15, 0.5))
            site.stage.quad(
                [
                    vec(x, y, place.back - 0.03),
                    vec(x + step, y, place.back - 0.03),
                    vec(x + step, y + 0.03, place.back - 0.03),
                    vec(x, y + 0.03, place.back - 0.03),
                ],
                (220, 228, 224),
                line=0,
            )
            x += step + 0.12
    f.window(site, on_side(place, _window_side(site), 1.4, 0.9, 1.8, 1.3))
    f.window(site, on_side(place, _window_side(site), -0.8, 0.9, 1.8, 1.3))
    for x in (-2.2, -0.75, 0.75, 2.2):
        for z in (1.1, 2.2):
            f.table(site, vec(x, 0, z), (0.68, 0.72, 0.46))
            f.chair(site, vec(x, 0, z - 0.45), 180, tall=0.43)
    tubes(site, place)


def hospital(site: Site) -> None:
    place = room(site, wall=rgb(214, 228, 226), floor=rgb(200, 210, 210), wide=5.6, behind=2.6, tall=2.7, boards=False)
    f.window(site, on_side(place, _window_side(site), 0.8, 0.9, 1.6, 1.3), curtain=rgb(210, 226, 226))
    x = float(site.rng.choice([-1.2, 1.2]))
    f.bed(site, vec(x, 0.15, place.back - 1.2), colour=rgb(196, 216, 226), bias=0.5)
    stage = site.stage
    pole = vec(x + 1.0, 0, place.back - 0.5)

    def drip() -> None:
        stage.line(pole, pole + vec(0, 1.9, 0), 1.2)
        stage.line(pole + vec(-0.15, 1.9, 0), pole + vec(0.15, 1.9, 0), 1.0)
        stage.quad(
            [
                pole + vec(0.08, 1.55, 0),
                pole + vec(0.22, 1.55, 0),
                pole + vec(0.22, 1.82, 0),
                pole + vec(0.08, 1.82, 0),
            ],
            rgb(230, 236, 236),
            line=0.9,
        )
        stage.box(
            vec(x - 1.2, 0.9, place.back - 0.3), (0.5, 0.4, 0.2), rgb(110, 120, 124), colours={"front": rgb(60, 90, 84)}
        )
        stage.box(vec(x - 1.2, 0, place.back - 0.3), (0.45, 0.9, 0.4), rgb(230, 234, 236))

    stage.later(pole, drip, bias=0.2)
    f.door(site, on_wall(place, -x, 0, 1.0, 2.1), rgb(190, 204, 204))
    tubes(site, place)


def corridor(site: Site) -> None:
    place = room(site, wall=rgb(206, 208, 202), floor=rgb(176, 178, 178), wide=2.9, behind=14.0, tall=2.6, boards=False)
    for z in (-0.5, 2.2, 5.0, 8.0, 11.0):
        f.door(site, on_side(place, "right", z, 0, 0.95, 2.1), rgb(150, 168, 176))
        if int(z) % 2 == 0:
            f.door(site, on_side(place, "left", z + 1.0, 0, 0.95, 2.1), rgb(150, 168, 176))
        else:
            f.window(site, on_side(place, "left", z + 1.0, 0.95, 1.5, 1.2))
    f.window(site, on_wall(place, 0.0, 0.9, 1.4, 1.2))
    tubes(site, place, lengthwise=True)


def warehouse(site: Site) -> None:
    place = room(site, wall=rgb(160, 158, 156), floor=rgb(150, 148, 144), wide=11.0, behind=8.0, tall=4.6, boards=False)
    for x in (-3.6, 0.0, 3.6):
        f.window(site, on_wall(place, x, 2.6, 1.9, 1.2), panes=4)
    for x in (-3.4, 3.4):
        for z in (0.5, 4.0, 7.0):
            spot = vec(x, 0, z)
            site.stage.later(spot, partial(site.stage.box, spot, (0.4, 4.6, 0.4), rgb(140, 136, 132)))
    for _ in range(6):
        x, z, size = (
            float(site.rng.uniform(1.6, 4.4)) * float(site.rng.choice([-1, 1])),
            float(site.rng.uniform(1.5, 6.5)),
            float(site.rng.uniform(0.6, 1.1)),
        )
        spot = vec(x, 0, z)
        site.stage.later(
            spot, partial(site.stage.box, spot, (size, size * 0.8, size), rgb(186, 152, 110), turn=size * 40)
        )


def shop(site: Site) -> None:
    place = room(site, wall=rgb(222, 216, 204), floor=rgb(196, 186, 172), wide=6.4, behind=3.0, tall=2.8)
    for x in np.arange(place.left + 0.8, place.right - 0.5, 1.25):
        f.shelf(site, vec(float(x), 0, place.back - 0.2), wide=1.15, tall=2.1, books=bool(site.rng.random() < 0.6))
    f.table(site, vec(place.right - 0.9, 0, 0.9), (1.5, 0.95, 0.6), solid=True, things=("box", "cup"))
    f.window(site, on_side(place, _window_side(site), 0.2, 0.5, 2.0, 1.8), panes=2)
    tubes(site, place)


def hall(site: Site) -> None:
    place = room(site, wall=rgb(206, 196, 186), floor=rgb(168, 138, 112), wide=12.0, behind=9.0, tall=6.5)
    for x in (-3.0, 0.0, 3.0):
        f.window(site, on_wall(place, x, 2.2, 1.2, 3.2))
    for x in (-4.0, 4.0):
        for z in (0.0, 3.5, 7.0):
            spot = vec(x, 0, z)
            site.stage.later(spot, partial(cylinder, site, spot, 0.36, 6.5, rgb(212, 206, 196)))
    for x in (-1.9, 1.9):
        for z in (2.2, 3.6, 5.0):
            f.table(site, vec(x, 0, z), (2.4, 0.5, 0.5), solid=True)


def bathroom(site: Site) -> None:
    place = room(site, wall=rgb(206, 222, 224), floor=rgb(190, 200, 204), wide=4.2, behind=1.9, boards=False)
    stage = site.stage
    for y in np.arange(0.3, 2.5, 0.3):
        stage.line(vec(place.left, float(y), place.back - 0.01), vec(place.right, float(y), place.back - 0.01), 0.5, 70)
    for x in np.arange(place.left + 0.3, place.right, 0.3):
        stage.line(vec(float(x), 0, place.back - 0.01), vec(float(x), 2.6, place.back - 0.01), 0.5, 70)
    stage.quad(on_wall(place, 0, 1.15, 1.3, 0.95), rgb(214, 230, 236), line=1.5, glow=40)
    stage.later(
        vec(0, 0, place.back - 0.3),
        lambda: stage.box(vec(0, 0.7, place.back - 0.28), (1.5, 0.16, 0.5), rgb(244, 246, 246)),
        bias=0.2,
    )


def tubes(site: Site, place: Room, *, lengthwise: bool = False) -> None:
    """Ceiling lights."""
    stage = site.stage
    if stage.camera.eye[1] > place.tall:
        return
    y = place.tall - 0.03
    for z in np.arange(0.5, min(place.back, 16.0), 2.4):
        for x in (0.0,) if lengthwise else (-1.6, 1.6):
            w, d = (0.15, 0.8) if lengthwise else (0.6, 0.15)
            corners = [
                vec(x - w, y, float(z) - d),
                vec(x + w, y, float(z) - d),
                vec(x + w, y, float(z) + d),
                vec(x - w, y, float(z) + d),
            ]
            stage.quad(corners, (250, 252, 252), line=0.9, glow=170)
