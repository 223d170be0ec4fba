"""Trees, bushes and rocks."""

from dataclasses import dataclass

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix
from worker.engines.storyboard.sets.ground import Site, contact, rgb
from worker.engines.storyboard.stage import Stage


def snowy(site: Site, colour: Colour, share: float = 0.88) -> Colour:
    return mix(colour, rgb(244, 246, 250), share) if "snow" in site.scene.weather else colour


def crown(rng: np.random.Generator, centre: Points, radius: float, *, flat: float = 0.85, bumps: int = 9) -> Points:
    """A leafy outline around a pixel."""
    turn = np.linspace(0, 2 * np.pi, bumps * 5 + 1)[:-1]
    lobes = (
        1
        + 0.13 * np.abs(np.sin(turn * bumps / 2 + float(rng.uniform(0, 6))))
        + 0.05 * np.sin(turn * 3 + float(rng.uniform(0, 6)))
    )
    return np.asarray(centre + radius * lobes[:, None] * np.stack([np.cos(turn), np.sin(turn) * flat], 1))


@dataclass(frozen=True)
class Stem:
    """A tree in the picture: where it stands, which way it grows, and how it is drawn. Lengths are pixels."""

    stage: Stage
    rng: np.random.Generator
    foot: Points
    way: Points
    tall: float
    lean: float
    depth: int
    pen: float
    pressure: int

    def part(
        self, shape: Points, colour: Colour, reach: float, openings: tuple[tuple[float, float, float], ...] = ()
    ) -> None:
        light = self.stage.light_offset(reach * 0.5)
        self.stage.canvas.part(
            [shape],
            colour,
            self.depth,
            light=light,
            shade=80,
            pen=self.pen,
            strength=self.pressure,
            figure=0,
            openings=openings,
        )


def tree(site: Site, at: Points, *, tall: float = 5.0, kind: str = "round", colour: Colour | None = None) -> None:
    """A tree standing on `at`: round, pine or bare."""
    rng = np.random.Generator(np.random.PCG64(int(site.rng.integers(1 << 30))))
    stage = site.stage
    leaf = colour or rgb(112, 140, 96)
    if "snow" in site.scene.weather:
        leaf = mix(leaf, rgb(238, 242, 246), 0.6)

    def draw() -> None:
        metres = stage.camera.depth(at)
        if metres < 0.8:
            return
        foot, top = stage.camera.project(np.stack([at, at + vec(0, tall, 0)]))
        height = tall * stage.camera.scale_at(at)
        pen = float(np.clip(0.6 + 2.2 / (metres + 0.5), 0.6, 1.6))
        lean = float(rng.normal(0, 0.04)) * height
        stem = Stem(stage, rng, foot, top - foot, height, lean, stage.depth8(metres), pen, stage.pressure(metres))
        contact(site, at, tall * 0.16, 80)
        _trunk(stem)
        if kind == "pine":
            _pine(stem, leaf)
        elif kind == "bare":
            _branches(stem)
        else:
            _leaves(stem, leaf)

    stage.later(at, draw)


def _trunk(stem: Stem) -> None:
    wide = 0.035 * stem.tall
    outline = (
        (0.0, 0.0, -1.3),
        (0.3, 0.0, -0.7),
        (0.72, 1.0, -0.4),
        (0.72, 1.0, 0.4),
        (0.3, 0.0, 0.7),
        (0.0, 0.0, 1.3),
    )
    shape = [stem.foot + stem.way * up + np.array((stem.lean * bent + wide * half, 0)) for up, bent, half in outline]
    stem.part(np.array(shape), rgb(122, 98, 80), wide * 2)


def _pine(stem: Stem, leaf: Colour) -> None:
    x = np.linspace(-1, 1, 9)
    for k in range(4):
        half = (0.26 - 0.045 * k) * stem.tall
        low, high = stem.foot + stem.way * (0.18 + 0.19 * k), stem.foot + stem.way * min(1.0, 0.55 + 0.15 * k)
        ragged = 0.03 * stem.tall * np.where(np.arange(9) % 2 == 0, 1, -0.6)
        edge = np.stack([low[0] + x * half, low[1] + ragged], 1)
        stem.part(np.concatenate([edge, [high]]), leaf, half)


def _branches(stem: Stem) -> None:
    for _ in range(9):
        base = stem.foot + stem.way * float(stem.rng.uniform(0.35, 0.75))
        tip = base + np.array((float(stem.rng.uniform(-0.3, 0.3)), -float(stem.rng.uniform(0.1, 0.32)))) * stem.tall
        width = max(0.8, 0.022 * stem.tall / stem.stage.canvas.unit)
        stem.stage.canvas.stroke(np.stack([base, (base + tip) / 2 - np.array((0, 4)), tip]), width, stem.pressure)


def _leaves(stem: Stem, leaf: Colour) -> None:
    for aside, up, size in ((0.0, 0.70, 0.27), (-0.19, 0.6, 0.2), (0.2, 0.62, 0.21), (0.02, 0.86, 0.2)):
        centre = stem.foot + stem.way * up + np.array((aside * stem.tall + stem.lean, 0))
        radius = size * stem.tall
        gap = (float(centre[0] + radius * 0.2), float(centre[1] + radius * 0.75), radius * 0.42)
        stem.part(crown(stem.rng, centre, radius), leaf, radius, (gap,))


def bush(site: Site, at: Points, *, size: float = 0.7, colour: Colour = (106, 146, 122)) -> None:
    rng = np.random.Generator(np.random.PCG64(int(site.rng.integers(1 << 30))))

    def draw() -> None:
        stage = site.stage
        metres = stage.camera.depth(at)
        if metres < 0.5:
            return
        scale = stage.camera.scale_at(at)
        foot = stage.camera.project(at)[0]
        for dx, r in ((-0.35, 0.4), (0.35, 0.42), (0.0, 0.52)):
            centre = foot + np.array((dx * size * scale, -r * size * 0.7 * scale))
            stage.blob(crown(rng, centre, r * size * scale, bumps=7), snowy(site, colour, 0.6), at, shade=75)

    site.stage.later(at, draw)


def rock(site: Site, at: Points, *, size: float) -> None:
    rng = np.random.Generator(np.random.PCG64(int(site.rng.integers(1 << 30))))

    def draw() -> None:
        stage = site.stage
        if stage.camera.depth(at) < 0.6:
            return
        foot, scale = stage.camera.project(at)[0], stage.camera.scale_at(at)
        turn = np.linspace(np.pi, 2 * np.pi, 8)
        radius = size * scale * rng.uniform(0.75, 1.1, 8)
        shape = foot + np.stack([np.cos(turn) * radius, np.sin(turn) * radius * 0.7], 1)
        contact(site, at, size * 0.9, 80)
        stage.blob(
            np.concatenate(
                [shape, [[shape[-1][0], foot[1] + size * scale * 0.06], [shape[0][0], foot[1] + size * scale * 0.05]]]
            ),
            snowy(site, rgb(160, 156, 150), 0.4),
            at,
            shade=110,
            pen=1.2,
        )
        stage.canvas.stroke(
            np.stack(
                [
                    shape[3],
                    foot + (shape[3] - foot) * 0.5 + (size * scale * 0.1, 0),
                    foot + np.array((size * scale * 0.22, -2)),
                ]
            ),
            0.8,
            170,
        )

    site.stage.later(at, draw)
