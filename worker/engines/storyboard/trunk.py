"""The trunk and what is worn on it: torso, skirts, collars, lapels, scarves."""

from typing import TYPE_CHECKING

import numpy as np

from worker.engines.storyboard.camera import Points, unit
from worker.engines.storyboard.canvas import scaled
from worker.engines.storyboard.solids import RING, hulls, stacked

if TYPE_CHECKING:
    from worker.engines.storyboard.figure import Draughtsman

LONG = frozenset({"coat", "raincoat", "dress", "hanbok"})


def torso(one: "Draughtsman") -> None:
    b, t, g = one.bones, one.tall, one.person.girth
    right, up, forward = b.torso_axes
    loose = 1.1 if one.person.garment in {"hoodie", "sweater", "jacket", "suit", "coat", "raincoat", "hanbok"} else 1.0
    woman = one.person.woman and one.person.age not in {"child", "baby"}
    hip_w, waist_w, chest_w = (0.096, 0.072, 0.088) if woman else (0.088, 0.079, 0.098)
    shoulder_w = (0.088 if woman else 0.098) * one.person.shoulders
    fat = max(1.0, g)
    spine = b.chest - b.pelvis
    waist_w *= 1.0 + (fat - 1) * 1.1
    rows = [
        (-0.10, hip_w * 0.96, 0.066),
        (0.08, hip_w * (1.0 + 0.05 * (loose - 1)), 0.072 * fat),
        (0.42, waist_w, 0.058 * fat * fat),
        (0.72, chest_w, 0.068 * fat),
        (0.91, shoulder_w * 1.04, 0.054),
        (0.99, shoulder_w * 0.82, 0.046),
        (1.02, 0.047, 0.04),
    ]
    sections = []
    for share, half, deep in rows:
        frame = b.body_axes if share < 0.2 else b.torso_axes
        width = half * t * (g * 0.5 + 0.5) * loose
        sections.append((b.pelvis + spine * share, frame[0] * width, frame[2] * deep * t * loose))
    colour = one.person.top
    shapes = stacked(one.camera, sections)
    if one.person.garment in {"shirt", "tshirt", "sweater", "robot"} and one.person.bottom not in {
        "dress",
        "hanbok",
    }:
        one.lay(shapes[:2], one.person.legs if one.person.garment != "robot" else scaled(colour, 0.8), 0.08 * t)
        shapes = shapes[1:]
    yoke = b.chest - b.torso_axes[1] * 0.014 * t
    for arm in b.arms:
        shapes += hulls(one.camera, [np.asarray(yoke), arm.root], [0.028 * t, 0.030 * t * loose])
    one.lay(shapes, colour, 0.085 * t)
    dress_front(one, sections, up, forward, right)


def skirt(one: "Draughtsman") -> None:
    """The part of a long garment below the waist: it follows the knees."""
    b, t, g = one.bones, one.tall, one.person.girth
    long = one.person.garment in LONG or one.person.bottom in {"skirt", "dress", "hanbok"}
    if not long:
        return
    length = {"hanbok": 0.92, "dress": 0.3, "coat": 0.22, "raincoat": 0.12}.get(one.person.garment, 0.12)
    flare = {"hanbok": 0.2, "dress": 0.125, "coat": 0.1, "raincoat": 0.115}.get(one.person.garment, 0.11)
    colour = one.person.legs if one.person.bottom == "skirt" and one.person.garment not in LONG else one.person.top
    if one.person.garment == "hanbok":
        colour = one.person.legs if one.person.legs != one.person.top else scaled(one.person.top, 0.8)
    knees = [leg.bend * (1 - length) + leg.end * length for leg in b.legs]
    middle = np.asarray((knees[0] + knees[1]) / 2)
    spread = float(np.linalg.norm(knees[0] - knees[1])) / 2
    waist = b.pelvis + (b.chest - b.pelvis) * 0.4
    right, _, forward = b.body_axes
    hips = (b.pelvis, right * 0.1 * t * g, forward * 0.078 * t * g)
    top = (np.asarray(waist), right * 0.08 * t * g, forward * 0.064 * t * g)
    hem = (middle, right * (flare * t + spread * 0.55), forward * (flare * 0.75 * t + spread * 0.5))
    shapes = stacked(one.camera, [top, hips, hem])
    for knee in knees:
        shapes += hulls(one.camera, [b.pelvis, np.asarray(knee)], [0.085 * t, 0.062 * t])
    one.lay(shapes, colour, 0.09 * t)
    for share in (-0.55, -0.1, 0.4):
        start = b.pelvis + right * 0.07 * t * share + forward * 0.06 * t
        one.crease(
            start,
            np.asarray(middle + right * (flare * t * share) + forward * flare * 0.6 * t),
            share=0.5,
        )


def dress_front(
    one: "Draughtsman", sections: list[tuple[Points, Points, Points]], up: Points, forward: Points, right: Points
) -> None:
    """Collar, lapels, buttons, tie, zip, straps: what tells one garment from another."""
    b, t = one.bones, one.tall
    if one.scale < 55:
        return
    front = float(forward @ unit(one.camera.eye - b.chest))
    surface = [s[0] + s[2] * 1.02 for s in sections]
    if front < 0.05:
        if front < -0.2 and "backpack" in one.person.extras:
            backpack(one)
        elif front < -0.1:
            one.crease(
                np.asarray(sections[4][0] - sections[4][2]), np.asarray(sections[2][0] - sections[2][2]), share=0.4
            )
        return
    neck = np.asarray(surface[6])
    garment = one.person.garment
    if garment in {"suit", "jacket", "coat", "shirt", "uniform", "raincoat", "hanbok"}:
        open_front(one, surface, neck, right, up, garment)
    elif garment in {"hoodie"}:
        for sign in (-1.0, 1.0):
            one.crease(neck + right * sign * 0.035 * t, neck - up * 0.05 * t + right * sign * 0.014 * t, width=0.8)
        one.crease(
            surface[2] - right * 0.045 * t,
            surface[1] - right * 0.05 * t,
            surface[1] + right * 0.05 * t,
            surface[2] + right * 0.045 * t,
        )
    else:
        bend = np.linspace(-1, 1, 9)
        arc = [neck + right * 0.036 * t * x - up * 0.03 * t * (1 - x * x) + forward * 0.004 * t for x in bend]
        rim = [neck + right * 0.034 * t * x + up * 0.012 * t for x in bend[::-1]]
        if one.person.garment != "robot":
            one.canvas.fill(
                one.camera.project(np.stack([*arc, *rim])), one.person.skin, one.depth, shade=60, figure=255
            )
        one.crease(*[np.asarray(a) for a in arc], width=0.9, share=0.85)
    for sign in (-1.0, 1.0):  # armpit folds
        edge = sections[3][0] + sections[3][1] * sign * 0.86 + sections[3][2] * 0.4
        one.crease(np.asarray(edge), np.asarray(edge * 0.7 + surface[2] * 0.3 + right * sign * 0.012 * t), share=0.45)
    if garment in {"robot"}:
        plate = [
            surface[4] - right * 0.05 * t,
            surface[4] + right * 0.05 * t,
            surface[2] + right * 0.04 * t,
            surface[2] - right * 0.04 * t,
        ]
        one.crease(*[np.asarray(p) for p in (*plate, plate[0])], width=1.0, share=0.9)
    if "scarf" in one.person.extras:
        ring = [
            (b.neck - up * 0.012 * t, right * 0.055 * t, forward * 0.055 * t),
            (b.neck + up * 0.022 * t, right * 0.046 * t, forward * 0.046 * t),
        ]
        one.lay(stacked(one.camera, ring), one.person.hat_colour, 0.04 * t)


def open_front(
    one: "Draughtsman", surface: list[Points], neck: Points, right: Points, up: Points, garment: str
) -> None:
    t = one.tall
    low = surface[3] * 0.5 + surface[2] * 0.5 if garment in {"suit", "jacket"} else surface[4] * 0.5 + surface[3] * 0.5
    sides = [neck + right * s * 0.034 * t for s in (-1, 1)]
    if garment in {"suit", "jacket", "coat", "hanbok"}:
        vee = one.camera.project(np.stack([sides[0], neck - up * 0.006 * t, sides[1], low]))
        one.canvas.fill(vee, one.person.inner, one.depth, shade=20, figure=255)
    if "tie" in one.person.extras:
        knot = one.camera.project(
            np.stack(
                [
                    neck - right * 0.009 * t,
                    neck + right * 0.009 * t,
                    low + right * 0.012 * t,
                    low - right * 0.008 * t,
                ]
            )
        )
        one.canvas.fill(knot, one.person.hat_colour, one.depth, shade=20, figure=255)
        one.canvas.outline(knot, 0.8, one.strength)
    for side in sides:
        one.crease(np.asarray(side), np.asarray(low), width=0.9, share=0.85)
        if garment in {"suit", "coat", "uniform"}:
            sign = 1.0 if float((side - neck) @ right) > 0 else -1.0
            notch = side * 0.55 + low * 0.45 + right * sign * 0.035 * t
            one.crease(np.asarray(side), np.asarray(notch), np.asarray(low), width=0.7, share=0.7)
        elif garment in {"shirt", "raincoat"}:
            sign = 1.0 if float((side - neck) @ right) > 0 else -1.0
            one.crease(
                np.asarray(neck - up * 0.01 * t),
                np.asarray(side + right * sign * 0.008 * t - up * 0.03 * t),
                np.asarray(side),
                width=0.8,
            )
    one.crease(np.asarray(low), np.asarray(surface[1]), width=0.75, share=0.7)
    if garment in {"shirt", "coat", "uniform", "raincoat"} and one.scale > 140:
        for share in (0.15, 0.42, 0.7):
            at = one.camera.project(low * (1 - share) + surface[1] * share + right * 0.012 * t)[0]
            radius = max(1.0, 0.005 * t * one.scale)
            one.canvas.outline(at + RING * radius, 0.8, int(one.strength * 0.8))


def backpack(one: "Draughtsman") -> None:
    b, t = one.bones, one.tall
    right, _, forward = b.torso_axes
    low, high = b.pelvis * 0.7 + b.chest * 0.3, b.pelvis * 0.06 + b.chest * 0.94
    sections = [(np.asarray(p - forward * 0.1 * t), right * 0.075 * t, forward * 0.05 * t) for p in (low, high)]
    one.lay(stacked(one.camera, sections), one.person.hat_colour, 0.07 * t)
