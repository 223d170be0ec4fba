"""The camera for a shot: how much of the subject the frame holds, from where, through which lens."""

from dataclasses import dataclass, replace

import numpy as np

from worker.engines.storyboard.blocking import TIGHT, Mark
from worker.engines.storyboard.camera import Camera, Points, vec
from worker.engines.storyboard.scene import Scene
from worker.engines.storyboard.skeleton import Skeleton, build

FILM_WIDTH_MM = 36.0
# how many head heights the frame holds, and where the eyes sit (share from the top)
_HEADS = {
    "extreme_close": (0.82, 0.46),
    "close": (1.85, 0.42),
    "medium_close": (2.75, 0.38),
    "medium": (3.9, 0.33),
    "medium_long": (5.3, 0.27),
}
_STATURES = {"full": 1.3, "wide": 2.0, "extreme_wide": 5.2}


@dataclass(frozen=True)
class View:
    """The camera and the skeletons that stand before it."""

    camera: Camera
    marks: tuple[Mark, ...]
    bones: tuple[Skeleton, ...]
    distance: float
    orbit: float  # degrees around the subject


def ground(mark_x: float, mark_z: float, orbit: float) -> Points:
    """Camera-side floor metres → world metres."""
    a = np.radians(orbit)
    return vec(mark_x * np.cos(a) + mark_z * np.sin(a), 0.0, -mark_x * np.sin(a) + mark_z * np.cos(a))


def compose(scene: Scene, marks: list[Mark], size: tuple[int, int], rng: np.random.Generator) -> View:
    width, height = size
    orbit = (1.0 if rng.random() < 0.5 else -1.0) * float(rng.uniform(8, 30))
    if scene.place in {"car", "corridor", "train"}:
        orbit *= 0.35
    focal = scene.focal_mm / FILM_WIDTH_MM * max(width, height * 1.1)
    if not marks:
        return _empty_view(scene, width, height, focal, orbit, rng)
    bones = [_stand(mark, orbit) for mark in marks]
    focus = [b for m, b in zip(marks, bones, strict=True) if m.focus] or bones
    tall = _frame_height(scene, focus, width / height, orbit)
    distance = max(0.55, tall * focal / height)
    if any(m.foreground for m in marks):
        distance = max(distance, 1.5)
        marks = [_to_foreground(m, focus[0], distance, tall, width / height) if m.foreground else m for m in marks]
        bones = [_stand(mark, orbit) for mark in marks]
    camera = _aim(
        scene, focus, marks, width=width, height=height, focal=focal, tall=tall, distance=distance, orbit=orbit, rng=rng
    )
    return View(camera, tuple(marks), tuple(bones), distance, orbit)


def _stand(mark: Mark, orbit: float) -> Skeleton:
    return build(
        mark.person, mark.pose, at=ground(mark.x, mark.z, orbit) + vec(0, mark.lift, 0), heading=mark.heading - orbit
    )


def _to_foreground(mark: Mark, lead: Skeleton, distance: float, tall: float, aspect: float) -> Mark:
    """Near the camera at the frame's edge, eyes a little under the lead's: on film, too, one stands on a box."""
    near = min(1.1, distance * 0.56)
    half = tall * aspect / 2 * near / distance
    eyes = float(build(mark.person, mark.pose, at=vec(0, 0, 0), heading=0.0).eyes[1])
    return replace(
        mark,
        x=float(np.sign(mark.x)) * half * 0.66,
        z=near - distance,
        focus=False,
        lift=float(lead.eyes[1]) - 0.04 - eyes,
    )


def _frame_height(scene: Scene, focus: list[Skeleton], aspect: float, orbit: float) -> float:
    """Metres the frame holds at the subject, upright."""
    lead = focus[0]
    if scene.size in _HEADS:
        tall = _HEADS[scene.size][0] * lead.head_height
        least = 0.27 if scene.size == "extreme_close" else 0.36
        tall = max(tall, least * lead.head_height / 0.235 / aspect * (0.62 if scene.size == "extreme_close" else 1.0))
    elif scene.size == "insert":
        tall = 0.5
    else:
        top = max(float(b.head[1] + b.head_axes[1][1] * b.head_height) for b in focus)
        tall = _STATURES[scene.size] * max(top, lead.height * 0.62)
        tall = max(tall, 0.9 / aspect)
    right = vec(np.cos(np.radians(orbit)), 0, -np.sin(np.radians(orbit)))
    across = [float(p @ right) for b in focus for p in (b.eyes, b.pelvis, *(leg.end for leg in b.legs))]
    if scene.size in TIGHT:
        across = [float(b.eyes @ right) for b in focus]
    margin = min(0.62, 0.22 + 0.2 * tall) if len(focus) > 1 else 0.3 if scene.size not in TIGHT else 0.0
    return max(tall, (max(across) - min(across) + 2 * margin) / aspect) if len(focus) > 1 or margin else tall


def _aim(
    scene: Scene,
    focus: list[Skeleton],
    marks: list[Mark],
    *,
    width: int,
    height: int,
    focal: float,
    tall: float,
    distance: float,
    orbit: float,
    rng: np.random.Generator,
) -> Camera:
    lead = focus[0]
    eyes = np.mean([b.eyes for b in focus], axis=0)
    if scene.size in _HEADS:
        row = _HEADS[scene.size][1]
        target = eyes
    else:
        row = 0.5
        bottom = min(b.lowest - 0.045 * b.height for b in focus) - 0.03
        if scene.size == "insert":
            target = np.asarray((lead.arms[0].end + lead.arms[1].end) / 2)
        else:
            top = max(float(b.eyes[1]) + 0.5 * b.head_height for b in focus)
            spare = max(0.0, tall - (top - bottom))
            target = np.array((eyes[0], bottom - spare * 0.4 + tall * 0.5, eyes[2]))
    forward = vec(np.sin(np.radians(orbit)), 0, np.cos(np.radians(orbit)))
    aside = _aside(scene, marks, rng) * width if len(focus) == 1 else 0.0
    elevation = {"low": -17.0, "high": 27.0, "bird": 68.0}.get(scene.angle)
    roll = float(rng.choice([-1, 1])) * float(rng.uniform(8, 13)) if scene.dutch else 0.0
    if elevation is None:
        level = {"full": 1.3, "wide": 1.45, "extreme_wide": 2.0}.get(scene.size, float(eyes[1]) + 0.02)
        level = min(level, float(eyes[1]) + 0.25) if scene.size in {"full", "wide"} else level
        if scene.size == "medium_long":
            level = float(eyes[1]) - 0.18
        eye = target - forward * distance
        eye = np.array((eye[0], level, eye[2]))
        shift_y = (row - 0.5) * height - (level - float(target[1])) * focal / distance
        return Camera(width, height, focal, eye, yaw=np.radians(orbit), roll=np.radians(roll), shift=(aside, shift_y))
    if elevation < 0:
        low = max(0.18, float(target[1]) + distance * np.sin(np.radians(elevation)))
        angle = float(np.arcsin(np.clip((float(target[1]) - low) / distance, -0.5, 0.5)))
        reach = distance * np.cos(angle)
        eye = np.array((target[0] - forward[0] * reach, low, target[2] - forward[2] * reach))
        return Camera(
            width,
            height,
            focal,
            eye,
            yaw=np.radians(orbit),
            pitch=angle,
            roll=np.radians(roll),
            shift=(aside, (row - 0.5) * height),
        )
    up = np.radians(elevation)
    eye = target - forward * distance * np.cos(up) + vec(0, distance * np.sin(up), 0)
    return Camera(
        width,
        height,
        focal,
        eye,
        yaw=np.radians(orbit),
        pitch=-up,
        roll=np.radians(roll),
        shift=(aside, (row - 0.5) * height),
    )


def _aside(scene: Scene, marks: list[Mark], rng: np.random.Generator) -> float:
    """How far off the middle a lone subject stands, as a share of the width; it looks into the open side."""
    if any(m.foreground for m in marks):
        return -0.1 if next(m for m in marks if m.foreground).x > 0 else 0.1
    heading = marks[0].heading
    side = -1.0 if 0 < heading < 180 else 1.0
    if abs(heading) < 8 or abs(heading) > 172:
        side = float(rng.choice([-1, 1]))
    amount = {"extreme_close": 0.02, "close": 0.08, "medium_close": 0.1, "insert": 0.0}.get(scene.size, 0.13)
    return side * float(rng.uniform(0.6, 1.1)) * amount


def _empty_view(scene: Scene, width: int, height: int, focal: float, orbit: float, rng: np.random.Generator) -> View:
    """No one to frame: stand where a location scout would."""
    a = np.radians(orbit)
    distance = 3.2 if scene.interior else 7.0
    level = 1.5 if scene.interior else 1.65
    if scene.size == "insert" or scene.size in TIGHT:
        distance = 1.5
    if scene.size == "extreme_wide" and not scene.interior:
        level = 3.2
    pitch = {"low": 12.0, "high": -20.0, "bird": -55.0}.get(scene.angle, 0.0)
    if scene.size == "insert" and scene.angle == "eye":
        pitch = -24.0
    if scene.angle == "low":
        level = 0.45
    elif scene.angle in {"high", "bird"}:
        level = 2.4 if scene.interior else 7.5
    eye = vec(-np.sin(a) * distance, level, -np.cos(a) * distance)
    roll = np.radians(float(rng.choice([-1, 1])) * 10) if scene.dutch else 0.0
    shift = (0.0, 0.0 if scene.size == "insert" else height * (0.02 if scene.interior else 0.08))
    camera = Camera(width, height, focal, eye, yaw=a, pitch=np.radians(pitch), roll=float(roll), shift=shift)
    return View(camera, (), (), distance, orbit)
