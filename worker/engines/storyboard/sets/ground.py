"""What every set stands on and under: sky, ground, rooms."""

from dataclasses import dataclass, field

import numpy as np

from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import Colour, mix
from worker.engines.storyboard.light import Mood, Tint
from worker.engines.storyboard.scene import Scene
from worker.engines.storyboard.stage import Lamp, Stage


@dataclass
class Site:
    """What a set is built for."""

    stage: Stage
    scene: Scene
    mood: Mood
    distance: float  # camera to subject, metres
    span: float  # half width of the subjects' ground, metres
    orbit: float
    rng: np.random.Generator
    seats: list[tuple[Points, float]] = field(default_factory=list)  # where people sit, and their heading

    @property
    def close(self) -> bool:
        return self.scene.size in {"extreme_close", "close", "medium_close", "insert"}


def rgb(red: int, green: int, blue: int) -> Colour:
    return blue, green, red


def tinted(tint: Tint) -> Colour:
    one, two, three = (int(min(1.0, t) * 255) for t in tint)
    return one, two, three


def ground(site: Site, colour: Colour, *, y: float = 0.0, far: float = 900.0) -> None:
    """The ground plane to the horizon, in bands so that its depth grows."""
    stage = site.stage
    edges = [-60.0, *(2.5 * 1.28**k for k in range(20)), 400.0, far]
    a = np.radians(site.orbit)
    right, away = vec(np.cos(a), 0, -np.sin(a)), vec(np.sin(a), 0, np.cos(a))
    base = vec(stage.camera.eye[0], y, stage.camera.eye[2])
    for near, farther in zip(edges[::-1][1:], edges[::-1], strict=False):
        wide = max(80.0, abs(farther) * 2.5)
        corners = [
            base + away * near - right * wide,
            base + away * near + right * wide,
            base + away * farther + right * wide,
            base + away * farther - right * wide,
        ]
        flat = stage.camera.polygon(np.array(corners))
        if flat is not None:
            stage.canvas.fill(flat, colour, stage.depth8(max(1.0, (max(near, 1.0) + farther) / 2)), wet=255)


def tufts(site: Site, count: int, *, low: float, tall: float, strength: int = 150, reach: float = 30.0) -> None:
    """Short pen strokes on the ground: grass, gravel, reeds."""
    stage, rng = site.stage, site.rng
    spots = floor_points(site, count, reach=reach)
    seen = stage.camera.view(spots)
    keep = seen[:, 2] > 0.6
    spots, seen = spots[keep], seen[keep]
    if len(spots) == 0:
        return
    flat = stage.camera.to_pixels(seen)
    size = stage.camera.focal_px / seen[:, 2]
    heights = rng.uniform(low, tall, len(spots)) * size
    leans = rng.normal(0, 0.3, len(spots)) * heights
    for at, height, lean, metres in zip(flat, heights, leans, seen[:, 2], strict=True):
        if -20 < at[0] < stage.canvas.width + 20 and -20 < at[1] < stage.canvas.height + 40 and height > 1.2:
            tips = np.array([[at[0] + lean * k, at[1] - height * (1 - 0.3 * abs(k))] for k in (-0.7, 0.2, 1.0)])
            paths = [
                np.stack([at + np.array((k * height * 0.12, 0)), tip]) for k, tip in zip((-1, 0, 1), tips, strict=True)
            ]
            stage.canvas.lines(paths, int(strength * stage.pressure(float(metres)) / 255), 0.7)


def floor_points(site: Site, count: int, *, reach: float) -> Points:
    """Random ground points in front of the camera, denser near it."""
    rng, camera = site.rng, site.stage.camera
    a = np.radians(site.orbit)
    right, away = vec(np.cos(a), 0, -np.sin(a)), vec(np.sin(a), 0, np.cos(a))
    z = 1.2 + reach * rng.random(count) ** 1.8
    half = camera.width / 2 / camera.focal_px * 1.25
    x = rng.uniform(-1, 1, count) * z * half
    eye = vec(camera.eye[0], 0, camera.eye[2])
    return np.asarray(eye + right * x[:, None] + away * z[:, None])


def in_frame(site: Site, depth: float) -> float:
    """Half the frame's width in metres at this distance from the camera."""
    camera = site.stage.camera
    return camera.width / 2 / camera.focal_px * depth


def contact(site: Site, at: Points, radius: float, amount: int = 90) -> None:
    """A soft dark patch where something stands."""
    site.stage.ground_shadow(
        np.array([at + vec(0, 0.01, 0), at + vec(0.01, 0.02, 0)]), np.array([radius, radius]), amount
    )


def lamp(site: Site, at: Points, *, reach: float, colour: Colour = (150, 210, 255), strength: float = 1.0) -> None:
    """Let a light at `at` brighten its surroundings; `reach` in metres."""
    seen = site.stage.camera.view(at)[0]
    if seen[2] < 0.3:
        return
    x, y = site.stage.camera.project(at)[0]
    pixels = reach * site.stage.camera.scale_at(at)
    site.stage.lamps.append(Lamp(float(x), float(y), float(max(40.0, pixels)), colour, strength))


@dataclass
class Room:
    """A room around the subject: x from left to right, z from the camera's side to the back wall; metres."""

    left: float
    right: float
    back: float
    tall: float
    near: float


def room(
    site: Site,
    *,
    wall: Colour,
    floor: Colour,
    ceiling: Colour | None = None,
    wide: float = 5.4,
    behind: float = 2.6,
    tall: float = 2.6,
    skirting: bool = True,
    boards: bool = True,
) -> Room:
    """Floor, walls and ceiling. A wall that stands between camera and subject is left out, its neighbours run on."""
    stage = site.stage
    half = max(wide / 2, site.span + 1.1)
    shift = float(site.rng.uniform(-0.25, 0.25)) * half
    eye = stage.camera.eye
    left, right, back = -half + shift, half + shift, behind + site.span * 0.3
    near = min(float(eye[2]) - 3.0, -4.0)
    see_left, see_right = float(eye[0]) > left + 0.05, float(eye[0]) < right - 0.05
    wall_left, wall_right = left if see_left else left - 25, right if see_right else right + 25
    canvas = stage.canvas
    canvas.paint[...] = (*floor, 20)
    tall = max(tall, float(eye[1]) + 0.3) if site.scene.angle not in {"high", "bird"} else tall
    q = stage.quad
    q(
        [vec(wall_left, 0, near), vec(wall_right, 0, near), vec(wall_right, 0, back), vec(wall_left, 0, back)],
        floor,
        shade=8,
        line=0,
    )
    if boards:
        _boards(site, wall_left, wall_right, near, back)
    top = ceiling or mix(wall, (255, 255, 255), 0.45)
    if eye[1] < tall:
        q(
            [
                vec(wall_left, tall, near),
                vec(wall_left, tall, back),
                vec(wall_right, tall, back),
                vec(wall_right, tall, near),
            ],
            top,
            shade=52,
            line=0,
        )
    q(
        [vec(wall_left, 0, back), vec(wall_right, 0, back), vec(wall_right, tall, back), vec(wall_left, tall, back)],
        wall,
        shade=stage.shade_of(vec(0, 0, -1)) // 2 + 8,
        line=0,
    )
    sides = [(see_left, left, vec(1, 0, 0)), (see_right, right, vec(-1, 0, 0))]
    for seen, x, normal in sides:
        if seen:
            q(
                [vec(x, 0, near), vec(x, 0, back), vec(x, tall, back), vec(x, tall, near)],
                wall,
                shade=stage.shade_of(normal) // 2 + 14,
                line=0,
            )
            for y in (0.0, tall):
                stage.line(vec(x, y, back), vec(x, y, max(near, float(eye[2]) - 0.5)), 1.1)
            stage.line(vec(x, 0, back), vec(x, tall, back), 1.1)
            if skirting:
                stage.line(vec(x, 0.1, back), vec(x, 0.1, max(near, float(eye[2]) - 0.5)), 0.6, 110)
    for y, width in ((0.0, 1.2), (tall, 1.0)):
        stage.line(vec(wall_left, y, back), vec(wall_right, y, back), width)
    if skirting:
        stage.line(vec(wall_left, 0.1, back), vec(wall_right, 0.1, back), 0.6, 120)
    return Room(left, right, back, tall, near)


def _boards(site: Site, left: float, right: float, near: float, back: float) -> None:
    """Floor boards towards the vanishing point, faint."""
    stage = site.stage
    step = 0.42
    for x in np.arange(np.ceil(max(left, -9) / step) * step, min(right, 9), step):
        stage.line(vec(float(x), 0, back), vec(float(x), 0, max(near, float(stage.camera.eye[2]) + 0.4)), 0.5, 62)


def on_wall(at_back: Room, x: float, y: float, width: float, height: float, *, lift: float = 0.02) -> list[Points]:
    """A rectangle on the back wall, around x, from y up."""
    z = at_back.back - lift
    return [
        vec(x - width / 2, y, z),
        vec(x + width / 2, y, z),
        vec(x + width / 2, y + height, z),
        vec(x - width / 2, y + height, z),
    ]


def on_side(
    place: Room, side: str, z: float, y: float, width: float, height: float, *, lift: float = 0.02
) -> list[Points]:
    """A rectangle on the left or right wall, around z."""
    x = place.left + lift if side == "left" else place.right - lift
    return [
        vec(x, y, z - width / 2),
        vec(x, y, z + width / 2),
        vec(x, y + height, z + width / 2),
        vec(x, y + height, z - width / 2),
    ]
