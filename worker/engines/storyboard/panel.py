"""One panel: read the shot, set the stage, place the people, draw, light, annotate."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from cinefarm.briefs import ShotBrief
from worker.engines.storyboard.arrows import draw_arrows
from worker.engines.storyboard.blocking import block
from worker.engines.storyboard.canvas import Canvas, Plane
from worker.engines.storyboard.casting import Person, cast
from worker.engines.storyboard.chance import chance
from worker.engines.storyboard.crowd import draw_crowd
from worker.engines.storyboard.finish import develop
from worker.engines.storyboard.framing import View, compose
from worker.engines.storyboard.insert import draw_insert, wants_insert
from worker.engines.storyboard.light import mood_of
from worker.engines.storyboard.players import place_players
from worker.engines.storyboard.props import place_props
from worker.engines.storyboard.scene import Scene, read_scene
from worker.engines.storyboard.sets import build_set
from worker.engines.storyboard.sets.ground import Site
from worker.engines.storyboard.sets.pane import draw_beyond, draw_glass, lay_ghost
from worker.engines.storyboard.stage import Stage
from worker.engines.storyboard.weather import draw_weather

Step = Callable[[float, str], None]


@dataclass(frozen=True)
class Order:
    """What to draw. `references` are pictures by character id."""

    shot: ShotBrief
    width: int = 1280
    height: int = 720
    seed: int = 0
    tone: str = "color"
    prompt: str = ""
    negative: str = ""
    references: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A drawn picture (H×W×3 BGR) and what it was read from."""

    picture: Plane
    scene: Scene
    people: tuple[Person, ...]


def draw_panel(
    order: Order, step: Step = lambda fraction, message: None, peek: Callable[[Plane], None] = lambda picture: None
) -> Panel:
    """Draw the picture of a shot. `peek` gets the unlit colours part-way."""
    cv2.setNumThreads(1)
    step(0.02, "Reading the shot")
    scene = read_scene(order.shot, prompt=order.prompt, negative=order.negative)
    people = tuple(cast(c, order.references.get(c.id)) for c in order.shot.characters)
    rng = chance("layout", order.seed, order.shot.id)
    view = compose(scene, block(scene, people, rng), (order.width, order.height), rng)
    mood = mood_of(scene, orbit=view.orbit, rng=rng)
    stage = Stage(Canvas(order.width, order.height), view.camera, chance("hand", order.seed, order.shot.id), mood.key,
                  night=mood.night, interior=scene.interior)  # fmt: skip
    site = Site(stage, scene, mood, view.distance, _span(view), view.orbit, chance("set", order.seed, order.shot.id))
    step(0.1, "Building the set")
    if wants_insert(scene):
        draw_insert(stage, scene, people, chance("insert", order.seed, order.shot.id))
    elif scene.reflected:
        _draw_reflection(site, view)
    else:
        _draw_place(site, view, step)
    peek(stage.canvas.paint[..., :3])
    step(0.6, "Light and ink")
    picture = develop(stage.canvas, mood, stage.lamps, tone=order.tone, light_px=stage.light_offset(10.0),
                      wet=mood.night and "rain" in scene.weather and not scene.interior)  # fmt: skip
    step(0.85, "Weather and camera moves")
    picture = draw_weather(picture, scene, mood, chance("weather", order.seed, order.shot.id), tone=order.tone)
    picture = draw_arrows(picture, scene, view)
    return Panel(picture, scene, people)


def _draw_place(site: Site, view: View, step: Step) -> None:
    build_set(site)
    place_props(site, view)
    if site.scene.crowd:
        draw_crowd(site, view)
    step(0.35, "Placing the characters")
    place_players(site, view)
    site.stage.flush()


def _draw_reflection(site: Site, view: View) -> None:
    """A window from within, and who looks into it."""
    draw_beyond(site)
    camera = site.stage.camera
    ghost = replace(site, stage=replace(site.stage, canvas=Canvas(camera.width, camera.height), lamps=[], waiting=[]))
    place_players(ghost, view)
    ghost.stage.flush()
    lay_ghost(site.stage.canvas, ghost.stage.canvas)
    draw_glass(site)


def _span(view: View) -> float:
    """Half the ground that the focus takes, in metres."""
    places = [bones.pelvis for mark, bones in zip(view.marks, view.bones, strict=True) if mark.focus]
    return float(max((abs(p[0]) for p in places), default=0.0)) + float(np.float64(0.0))
