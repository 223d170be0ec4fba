"""Places under the open sky without a town: field, forest, mountains, sea, desert."""

import numpy as np

from worker.engines.storyboard.camera import vec
from worker.engines.storyboard.canvas import Colour, mix, scaled
from worker.engines.storyboard.sets.ground import Site, ground, rgb, tufts
from worker.engines.storyboard.sets.plants import bush, rock, snowy, tree
from worker.engines.storyboard.sets.sky import sky


def ridge(
    site: Site,
    *,
    distance: float,
    height: float,
    colour: Colour,
    rough: float = 0.5,
    snowcap: bool = False,
    shade: int = 30,
) -> None:
    """A mountain line across the frame at a distance; height in metres."""
    stage, rng, camera = site.stage, site.rng, site.stage.camera
    depth = stage.depth8(distance)
    count = 26
    x = np.linspace(-0.25, 1.25, count) * camera.width
    noise = np.zeros(count)
    for octave in range(1, 5):
        noise += (
            np.interp(np.arange(count), np.linspace(0, count, 3 * 2**octave), rng.random(3 * 2**octave)) * rough**octave
        )
    noise = (noise - noise.min()) / max(1e-6, float(np.ptp(noise)))
    base = camera.horizon_y
    top = base - (0.25 + 0.75 * noise) * height * camera.focal_px / distance
    low = base + 6 * stage.canvas.unit
    shape = np.concatenate([np.stack([x, top], 1), [[x[-1], low], [x[0], low]]])
    stage.canvas.fill(shape, colour, depth, shade=0)
    lx = -1.0 if stage.light_offset(1.0)[0] > 0 else 1.0
    peaks = [i for i in range(2, count - 2) if top[i] < top[i - 1] and top[i] <= top[i + 1]]
    for i in peaks:  # the side away from the light
        foot = i + (3 if lx > 0 else -3)
        foot = min(count - 1, max(0, foot))
        fall = (low - top[i]) * 0.55
        facet = np.array(
            [
                [x[i], top[i]],
                [(x[i] + x[foot]) / 2, (top[i] + top[foot]) / 2 + fall * 0.15],
                [x[foot], top[foot] + fall * 0.3],
                [x[foot] * 0.7 + x[i] * 0.3, top[i] + fall],
                [x[i] + (x[foot] - x[i]) * 0.14, top[i] + fall * 0.5],
            ]
        )
        stage.canvas.shadow([facet], shade + 50)
        stage.canvas.stroke(
            np.array(
                [
                    [x[i], top[i]],
                    [x[i] + (x[foot] - x[i]) * 0.16, top[i] + fall * 0.5],
                    [x[foot] * 0.6 + x[i] * 0.4, top[i] + fall],
                ]
            ),
            0.8,
            stage.pressure(distance),
        )
        if snowcap:
            cap = np.array(
                [
                    [x[i], top[i]],
                    [x[i] + (x[i - 1] - x[i]) * 0.6, top[i] + (top[i - 1] - top[i]) * 0.6],
                    [x[i] - 2, top[i] + fall * 0.28],
                    [x[i] + (x[i + 1] - x[i]) * 0.35, top[i] + fall * 0.18],
                    [x[i] + (x[i + 1] - x[i]) * 0.6, top[i] + (top[i + 1] - top[i]) * 0.6],
                ]
            )
            stage.canvas.fill(cap, (250, 248, 246), depth)
    stage.canvas.stroke(np.stack([x, top], 1), 1.0, stage.pressure(min(distance, 60.0)), taper=0.3)


def field(site: Site) -> None:
    sky(site)
    for distance, height, share in ((400.0, 34.0, 0.55), (170.0, 12.0, 0.25)):
        ridge(
            site,
            distance=distance,
            height=height,
            colour=snowy(site, mix(rgb(132, 156, 112), rgb(190, 204, 214), share), 0.6),
            rough=0.35,
        )
    ground(site, snowy(site, rgb(170, 178, 116)))
    _furrows(site)
    for _ in range(7):
        x, z = float(site.rng.uniform(4, 22)) * float(site.rng.choice([-1, 1])), float(site.rng.uniform(8, 40))
        tree(site, vec(x, 0, z), tall=float(site.rng.uniform(3.5, 6)))
    bush(site, vec(-3.5, 0, 4.5))
    bush(site, vec(4.2, 0, 6.0), size=0.9)
    tufts(site, 160, low=0.08, tall=0.26)


def _furrows(site: Site) -> None:
    """A path to the vanishing point."""
    stage = site.stage
    x0 = float(site.rng.uniform(-0.6, 0.6))
    for side in (-1.0, 1.0):
        for k in range(5):
            z = np.array((-3.0, 2.0, 7.0, 16.0, 40.0))
            if k < 4:
                a, b = (
                    vec(x0 + side * (0.9 + 0.3 * np.sin(k)), 0, z[k]),
                    vec(x0 + side * (0.9 + 0.3 * np.sin(k + 1)) + k * 0.35, 0, z[k + 1]),
                )
                stage.line(a, b, 0.9, 120)


def forest(site: Site) -> None:
    sky(site, clouds=False)
    ridge(site, distance=90.0, height=16.0, colour=snowy(site, rgb(128, 150, 124), 0.5), rough=0.75)
    ground(site, snowy(site, rgb(140, 142, 102)))
    tufts(site, 190, low=0.06, tall=0.22)
    kind = (
        ("round", "pine", "bare")[int(site.rng.integers(2))]
        if "snow" not in site.scene.weather
        else ("pine", "bare")[int(site.rng.integers(2))]
    )
    clear = site.span + 1.3
    for layer, (near, far, count) in enumerate(((16, 34, 16), (7, 15, 10), (2.4, 6, 6))):
        for _ in range(count):
            z = float(site.rng.uniform(near, far))
            reach = in_reach(site, z)
            x = float(site.rng.uniform(-reach, reach))
            if layer > 0 and abs(x) < clear:
                x = float(np.copysign(clear + abs(x) * 0.6, x))
            green = mix(rgb(104, 128, 86), rgb(140, 156, 112), float(site.rng.random()))
            tree(site, vec(x, 0, z), tall=float(site.rng.uniform(6, 10)), kind=kind, colour=green)
    for _ in range(5):
        z = float(site.rng.uniform(1.5, 8))
        bush(
            site,
            vec(float(site.rng.choice([-1, 1])) * float(site.rng.uniform(1.8, 4.5)), 0, z),
            size=float(site.rng.uniform(0.5, 0.9)),
        )


def in_reach(site: Site, z: float) -> float:
    camera = site.stage.camera
    return (z + site.distance) * camera.width / 2 / camera.focal_px * 1.25


def mountain(site: Site) -> None:
    sky(site)
    white = "snow" in site.scene.weather
    for distance, height, share in ((3200.0, 900.0, 0.6), (1700.0, 420.0, 0.35), (700.0, 110.0, 0.1)):
        ridge(
            site,
            distance=distance,
            height=height,
            colour=mix(rgb(122, 132, 140), rgb(214, 222, 228), share),
            rough=0.62,
            snowcap=distance > 1000 or white,
            shade=40,
        )
    ground(site, snowy(site, rgb(156, 154, 128)))
    for _ in range(6):
        x, z = float(site.rng.uniform(1.8, 8)) * float(site.rng.choice([-1, 1])), float(site.rng.uniform(1.5, 14))
        rock(site, vec(x, 0, z), size=float(site.rng.uniform(0.4, 1.4)))
    for _ in range(7):
        x, z = float(site.rng.uniform(5, 24)) * float(site.rng.choice([-1, 1])), float(site.rng.uniform(10, 40))
        tree(site, vec(x, 0, z), tall=float(site.rng.uniform(4, 7)), kind="pine")
    tufts(site, 120, low=0.05, tall=0.18)


def beach(site: Site) -> None:
    sky(site)
    ridge(site, distance=2600.0, height=120.0, colour=rgb(160, 178, 190), rough=0.5)
    stage = site.stage
    ground(site, rgb(132, 168, 184))
    _waves(site)
    a = np.radians(site.orbit)
    right, away = vec(np.cos(a), 0, -np.sin(a)), vec(np.sin(a), 0, np.cos(a))
    x = np.linspace(-60, 60, 40)
    edge = 4.5 + 1.3 * np.sin(x * 0.16 + float(site.rng.uniform(0, 6))) + 0.3 * np.sin(x * 0.9)
    shore = right * x[:, None] + away * edge[:, None]
    sand = np.concatenate([shore, [right * 60 - away * 60, right * -60 - away * 60]])
    flat = stage.camera.polygon(sand + vec(0, 0.004, 0))
    if flat is not None:
        stage.canvas.fill(flat, snowy(site, rgb(226, 208, 172)), stage.depth8(9.0))
    for lift, width in ((0.0, 1.3), (0.55, 0.8)):
        foam = stage.camera.view(shore + away * lift)
        foam = foam[foam[:, 2] > 0.5]
        if len(foam) > 3:
            line = stage.camera.to_pixels(foam)
            band = np.concatenate([line, (line + np.array((0, 3.5 * stage.canvas.unit)))[::-1]])
            stage.canvas.wash(band, (252, 250, 246), stage.depth8(9.0))
            stage.canvas.stroke(line, width, 130)
    tufts(site, 60, low=0.01, tall=0.03, strength=110)
    rock(site, vec(-5.5, 0, 5.5), size=0.9)
    rock(site, vec(6.5, 0, 6.5), size=0.6)


def _waves(site: Site) -> None:
    stage, rng = site.stage, site.rng
    horizon = stage.camera.horizon_y
    height = stage.canvas.height
    for _ in range(70):
        share = float(rng.random()) ** 2.2
        y = horizon + 4 + share * max(20.0, height - horizon) * 0.75
        if y > height:
            continue
        long = (8 + 90 * share) * stage.canvas.unit * float(rng.uniform(0.5, 1.4))
        x = float(rng.uniform(0, stage.canvas.width))
        t = np.linspace(-1, 1, 7)
        path = np.stack([x + t * long, y - np.cos(t * 1.5) * long * 0.05], 1)
        stage.canvas.stroke(path, 0.7 + share, int(70 + 80 * share))


def desert(site: Site) -> None:
    sky(site, clouds=False)
    ridge(site, distance=900.0, height=110.0, colour=rgb(206, 170, 130), rough=0.4, shade=30)
    ridge(site, distance=220.0, height=16.0, colour=rgb(222, 186, 136), rough=0.25, shade=40)
    ground(site, rgb(228, 198, 150))
    stage = site.stage
    for k in range(12):
        z = 1.5 + k * k * 0.5
        x = np.linspace(-1, 1, 16) * in_reach(site, z)
        points = np.stack([x, 0 * x, z + 0.4 * np.sin(x * 0.6 + k * 2.1)], 1)
        seen = stage.camera.view(points)
        if seen[:, 2].min() > 0.5:
            stage.canvas.stroke(stage.camera.to_pixels(seen), 0.8, 70)
    rock(site, vec(4.5, 0, 5.0), size=0.8)
    rock(site, vec(-6.0, 0, 9.0), size=1.5)


def open_ground(site: Site) -> None:
    """No place was named: a quiet ground, a low horizon, a few far shapes."""
    sky(site)
    ridge(site, distance=500.0, height=28.0, colour=snowy(site, rgb(182, 186, 184), 0.5), rough=0.4)
    ground(site, snowy(site, rgb(206, 200, 186)))
    tufts(site, 60, low=0.03, tall=0.1, strength=110)
    for _ in range(4):
        x, z = float(site.rng.uniform(6, 26)) * float(site.rng.choice([-1, 1])), float(site.rng.uniform(14, 44))
        tree(site, vec(x, 0, z), tall=float(site.rng.uniform(3.5, 6)), colour=scaled(rgb(150, 160, 140), 1.0))
