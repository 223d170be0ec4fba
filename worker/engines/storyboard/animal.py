"""Dogs, cats, horses and birds as characters."""

import numpy as np

from worker.engines.storyboard.blocking import Mark
from worker.engines.storyboard.camera import Points, vec
from worker.engines.storyboard.canvas import mix, scaled
from worker.engines.storyboard.sets.ground import Site, contact
from worker.engines.storyboard.solids import hulls


def draw_animal(site: Site, mark: Mark, spot: Points) -> None:
    heading = mark.heading if abs(np.sin(np.radians(mark.heading))) > 0.5 else mark.heading + 50
    a = np.radians(heading - site.orbit)
    forward, right = vec(np.sin(a), 0, -np.cos(a)), vec(-np.cos(a), 0, -np.sin(a))
    at = vec(float(spot[0]), 0, float(spot[2]))
    if mark.person.kind == "bird":
        _bird(site, mark, at + vec(0, 0.02, 0), forward)
    else:
        _beast(site, mark, at, forward, right)


def _lay(site: Site, shapes: list[Points], colour: tuple[int, int, int], at: Points, radius: float) -> None:
    stage = site.stage
    scale, metres = stage.camera.scale_at(at), stage.camera.depth(at)
    pen = float(np.clip(0.5 + scale / 420 / stage.canvas.unit, 0.6, 2.0))
    stage.canvas.part(
        shapes,
        colour,
        stage.depth8(metres),
        light=stage.light_offset(radius * scale * 0.6),
        shade=95,
        pen=pen,
        strength=stage.pressure(metres),
    )


def _beast(site: Site, mark: Mark, at: Points, forward: Points, right: Points) -> None:
    camera, kind = site.stage.camera, mark.person.kind
    s = mark.person.stature  # at the shoulder
    coat = mark.person.top
    length = {"dog": 1.15, "cat": 1.35, "horse": 1.1}[kind] * s
    sitting = mark.role.lower == "sit" and kind != "horse"
    running = mark.role.lower in {"run", "jump"}
    up = vec(0, 1, 0)
    contact(site, at, 0.5 * s, 90)
    rump = at - forward * length * 0.42 + up * (s * (0.42 if sitting else 0.82))
    chest = at + forward * length * 0.38 + up * (s * (0.86 if not sitting else 0.95))
    stride = 0.34 * s if running else 0.13 * s if mark.role.lower == "walk" else 0.03 * s

    def leg(root: Points, swing: float, near: bool) -> None:
        foot = (
            at * (1, 0, 1)
            + (root - at) * (1, 0, 1)
            + forward * swing
            + up * (0.03 * s + (0.12 * s if running and swing > 0 else 0))
        )
        knee = root * 0.5 + foot * 0.5 + forward * 0.05 * s
        shapes = hulls(
            camera,
            [root, np.asarray(knee), np.asarray(foot), np.asarray(foot + forward * 0.08 * s)],
            [0.11 * s, 0.065 * s, 0.045 * s, 0.045 * s],
        )
        _lay(site, shapes, coat if near else scaled(coat, 0.82), at, 0.06 * s)

    side = 1.0 if float(right @ (camera.eye - at)) > 0 else -1.0
    for near in (False, True):
        lateral = right * side * (0.12 * s if near else -0.12 * s)
        if near:
            body = hulls(
                camera, [rump, np.asarray((rump + chest) / 2 + up * 0.01 * s), chest], [0.2 * s, 0.19 * s, 0.22 * s]
            )
            _lay(site, body, coat, at, 0.16 * s)
        leg(np.asarray(rump + lateral - up * 0.06 * s), -stride if near else stride, near)
        leg(np.asarray(chest + lateral - up * 0.1 * s), stride if near else -stride, near)
    _tail(site, mark, rump, forward, s)
    _head(site, mark, chest, forward, right, s)


def _tail(site: Site, mark: Mark, rump: Points, forward: Points, s: float) -> None:
    up = vec(0, 1, 0)
    curve = {"dog": (0.3, 0.35), "cat": (0.45, 0.6), "horse": (0.2, -0.6)}[mark.person.kind]
    tip = rump - forward * curve[0] * s + up * curve[1] * s
    middle = rump - forward * curve[0] * 0.9 * s + up * curve[1] * 0.25 * s
    _lay(
        site,
        hulls(site.stage.camera, [rump, np.asarray(middle), np.asarray(tip)], [0.07 * s, 0.05 * s, 0.035 * s]),
        mark.person.top,
        rump,
        0.04 * s,
    )


def _head(site: Site, mark: Mark, chest: Points, forward: Points, right: Points, s: float) -> None:
    camera, kind, coat = site.stage.camera, mark.person.kind, mark.person.top
    up = vec(0, 1, 0)
    high = {"dog": 0.38, "cat": 0.3, "horse": 0.5}[kind] * s
    head = chest + forward * (0.28 if kind != "horse" else 0.5) * s + up * high
    size = {"dog": 0.17, "cat": 0.2, "horse": 0.13}[kind] * s
    snout = (
        head
        + forward * {"dog": 0.3, "cat": 0.17, "horse": 0.42}[kind] * s
        - up * {"dog": 0.06, "cat": 0.04, "horse": 0.3}[kind] * s
    )
    neck = hulls(camera, [chest, np.asarray(head)], [0.18 * s, 0.13 * s])
    for side in (-1, 1):
        base = head + right * side * size * 0.7 + up * size * 0.55
        ear = np.stack(
            [
                base - right * side * size * 0.3,
                base + right * side * size * 0.35,
                base + up * size * (0.95 if kind != "dog" else 0.6) + right * side * size * 0.2,
            ]
        )
        if camera.view(ear)[:, 2].min() > 0.2:
            _lay(site, [camera.project(ear)], scaled(coat, 0.85), np.asarray(head), size * 0.4)
    _lay(site, neck, coat, np.asarray(head), 0.14 * s)
    _lay(
        site,
        hulls(
            camera,
            [np.asarray(head), np.asarray(head + forward * 0.02 * s), np.asarray(snout)],
            [size, size * 0.95, size * 0.48],
        ),
        coat,
        np.asarray(head),
        size,
    )
    canvas, pen = site.stage.canvas, site.stage.camera.scale_at(head) * s
    turn = np.linspace(0, 2 * np.pi, 11)[:-1]
    ring = np.stack([np.cos(turn), np.sin(turn)], 1)
    nose = camera.project(np.asarray(snout + forward * size * 0.4 + up * size * 0.12))[0]
    canvas.fill(nose + ring * size / s * 0.24 * pen, (52, 48, 48), 20, figure=255)
    for side in (-1, 1):
        at = head + forward * size * 0.72 + right * side * size * 0.5 + up * size * 0.3
        if float((forward * 0.8 + right * side * 0.6) @ (camera.eye - at)) > 0:
            eye = camera.project(np.asarray(at))[0]
            canvas.fill(eye + ring * max(1.2, size / s * 0.13 * pen), (40, 36, 36), 20, figure=255)
    mouth = camera.project(
        np.stack(
            [
                snout + forward * size * 0.3 - up * size * 0.2,
                snout - up * size * 0.36,
                snout - forward * size * 0.6 - up * size * 0.3,
            ]
        )
    )
    canvas.stroke(mouth, 1.0, 200)


def _bird(site: Site, mark: Mark, at: Points, forward: Points) -> None:
    camera, s, coat = site.stage.camera, mark.person.stature, mark.person.top
    up = vec(0, 1, 0)
    body = at + up * 0.5 * s
    contact(site, at, 0.25 * s, 90)
    _lay(
        site,
        hulls(
            camera,
            [
                np.asarray(body - forward * 0.9 * s),
                np.asarray(body - forward * 0.2 * s),
                np.asarray(body + forward * 0.15 * s),
            ],
            [0.06 * s, 0.26 * s, 0.24 * s],
        ),
        coat,
        at,
        0.2 * s,
    )
    head = body + forward * 0.3 * s + up * 0.34 * s
    beak = head + forward * 0.32 * s - up * 0.03 * s
    _lay(site, hulls(camera, [np.asarray(head), np.asarray(beak)], [0.05 * s, 0.012 * s]), (80, 170, 230), at, 0.04 * s)
    _lay(
        site,
        hulls(camera, [np.asarray(head), np.asarray(body)], [0.17 * s, 0.2 * s]),
        mix(coat, (255, 255, 255), 0.1),
        at,
        0.14 * s,
    )
    eye = camera.project(np.asarray(head + forward * 0.07 * s + up * 0.04 * s))[0]
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    site.stage.canvas.fill(
        eye + 0.03 * s * camera.scale_at(head) * np.stack([np.cos(turn), np.sin(turn)], 1), (36, 32, 32), 20, figure=255
    )
    for side in (-0.06, 0.06):
        site.stage.line(np.asarray(body + forward * side * s - up * 0.2 * s), np.asarray(at + forward * side * s), 0.9)
