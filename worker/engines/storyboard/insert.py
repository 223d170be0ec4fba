"""Inserts: what the words name, large on a surface, and the hands that are busy with it."""

import numpy as np

from worker.engines.storyboard.camera import Points
from worker.engines.storyboard.canvas import mix, scaled
from worker.engines.storyboard.casting import DYES, Person
from worker.engines.storyboard.insert_things import NEAR, RING, THINGS, Sheet, capsules
from worker.engines.storyboard.scene import Scene
from worker.engines.storyboard.sets.ground import rgb
from worker.engines.storyboard.stage import Lamp, Stage

_WOODEN = frozenset({"stall", "market", "cafe", "kitchen", "living", "bedroom", "shop", "hanok", "hall", "classroom"})

_SMALL = frozenset({"key", "ring", "cup", "flower", "food"})


def wants_insert(scene: Scene) -> bool:
    """An insert of things or hands; one of a face or a foot is an ordinary close picture."""
    return scene.size == "insert" and (scene.hands or bool(_named(scene)) or not (scene.body_part and scene.roles))


def draw_insert(stage: Stage, scene: Scene, people: tuple[Person, ...], rng: np.random.Generator) -> None:
    sheet = Sheet(stage, scene, rng)
    _surface(sheet)
    names = _named(scene)
    hands = 2 if scene.hands or people or not names else 0
    main = names[0] if names else "letter"
    side = 1.0 if rng.random() < 0.5 else -1.0
    if "photo" in names:  # what else is named may be in the photograph
        names, main = ["photo", *[n for n in names if n == "register"]], "photo"
    elif "tag" in names and "umbrella" in names:
        names, main = ["umbrella", "tag"], "tag"
    else:
        names = names or ["letter"]
    spots = {0: (0.0, 0.0), 1: (-0.5 * side, -0.2), 2: (0.52 * side, -0.22)}
    for index, name in reversed(list(enumerate(names[:3]))):
        spot = (0.0, 0.03) if name == main else spots[index or 1]
        alone = 1.4 if len(names) == 1 and not hands and name in _SMALL else 1.0
        THINGS[name](sheet, spot, alone if name == main else 0.8, side)
    person = people[0] if people else Person(id="hands", top=DYES["purple"])
    for k in range(hands):
        way = side if k == 0 else -side
        _hand(sheet, way, person, reach=(0.17 if main in {"tag", "key", "ring", "umbrella"} else 0.27))


def _named(scene: Scene) -> list[str]:
    return [prop for prop in scene.props if prop in THINGS]


def _surface(sheet: Sheet) -> None:
    canvas, rng = sheet.canvas, sheet.rng
    wide = canvas.width / canvas.height / 2 + 0.05
    wooden = sheet.scene.place in _WOODEN
    top = rgb(168, 124, 84) if wooden else rgb(176, 180, 182)
    canvas.paint[...] = (*scaled(top, 1.0), 30)
    edge = -0.36
    back = np.array(((-wide, -0.6), (wide, -0.6), (wide, edge), (-wide, edge)))
    canvas.fill(sheet.at(back), scaled(top, 0.5), 70, shade=120)
    for _ in range(7):
        x, w, h = float(rng.uniform(-wide, wide)), float(rng.uniform(0.08, 0.2)), float(rng.uniform(0.05, 0.13))
        blur = np.array(((x, edge - h), (x + w, edge - h), (x + w, edge), (x, edge)))
        canvas.fill(sheet.at(blur), scaled(WARES[int(rng.integers(len(WARES)))], 0.6), 70, shade=90)
        canvas.outline(sheet.at(blur), 0.8, 90)
    sheet.line(np.array(((-wide, edge), (wide, edge))), 2.2)
    sheet.line(np.array(((-wide, edge + 0.018), (wide, edge + 0.018))), 0.9, 140)
    if wooden:
        for x in np.arange(-2.4, 2.5, 0.34):
            sheet.line(np.array(((x * 0.62, edge + 0.02), (x, 0.55))), 1.0, 120)
        for _ in range(34):
            x, y, run = (
                float(rng.uniform(-wide, wide)),
                float(rng.uniform(edge + 0.05, 0.5)),
                float(rng.uniform(0.03, 0.1)),
            )
            sheet.line(np.array(((x, y), (x + x * 0.3 * run, y + run))), 0.7, 80)
    sheet.stage.lamps.append(Lamp(canvas.width * 0.5, canvas.height * 0.42, canvas.height * 0.75, (170, 215, 255), 1.1))


WARES = (rgb(150, 80, 70), rgb(90, 110, 120), rgb(170, 140, 90), rgb(110, 120, 90), rgb(120, 90, 120))


def _hand(sheet: Sheet, side: float, person: Person, *, reach: float) -> None:
    """A hand that comes in from a lower corner and pinches what lies in the middle."""

    def place(points: list[tuple[float, float]]) -> Points:
        return np.array([(side * (reach + x), 0.06 + y) for x, y in points])

    skin = person.skin
    palm = place([(0.30, 0.16), (0.20, 0.09)])
    wrist = place([(0.52, 0.36), (0.34, 0.2)])
    fingers = [
        place([(0.19, 0.02), (0.09, -0.055), (0.02, -0.03), (-0.03, 0.02)]),
        place([(0.21, 0.05), (0.10, -0.005), (0.025, 0.025), (-0.012, 0.07)]),
        place([(0.22, 0.09), (0.12, 0.055), (0.05, 0.085), (0.022, 0.12)]),
        place([(0.235, 0.125), (0.15, 0.115), (0.09, 0.14), (0.068, 0.165)]),
    ]
    thumb = place([(0.24, 0.03), (0.14, -0.09), (0.045, -0.075), (-0.025, -0.025)])
    shapes = capsules(wrist, (0.085, 0.075)) + capsules(palm, (0.085, 0.095))
    whole = shapes + [s for f in (*fingers, thumb) for s in capsules(f, (0.03, 0.028, 0.026, 0.02))]
    sheet.shadow(whole)
    sheet.part(shapes, skin, radius=0.05)
    for finger in reversed(fingers):
        sheet.part(capsules(finger, (0.034, 0.03, 0.027, 0.019)), skin, radius=0.02, pen=1.2)
    sheet.part(capsules(palm, (0.07, 0.08)), skin, radius=0.05, pen=0.0)
    sheet.part(capsules(thumb, (0.04, 0.034, 0.03, 0.022)), mix(skin, (255, 255, 255), 0.06), radius=0.02, pen=1.2)
    for finger in (*fingers, thumb):
        tip = finger[-1] * 0.75 + finger[-2] * 0.25
        nail = tip + RING * (0.012, 0.009)
        sheet.canvas.fill(sheet.at(nail), mix(skin, (255, 255, 255), 0.4), NEAR, figure=255)
        sheet.canvas.outline(sheet.at(nail), 0.7, 120)
        knuckle = finger[1]
        sheet.line(knuckle + np.array(((-0.014, -0.004), (0.0, -0.009), (0.014, -0.004))), 0.7, 120)
    if person.age == "old":
        for k in range(4):
            sheet.line(place([(0.2 + 0.03 * k, 0.06), (0.26 + 0.03 * k, 0.12)]), 0.6, 90)
    cuff = place([(0.86, 0.66), (0.44, 0.29)])
    sheet.part(capsules(cuff, (0.16, 0.125)), person.top, radius=0.08)
    sheet.line(place([(0.375, 0.36), (0.4, 0.27), (0.5, 0.18)]), 1.0, 160)
