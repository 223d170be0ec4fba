"""Places to shoot in. `build_set` finds the one that the words name."""

from collections.abc import Callable

from worker.engines.storyboard.sets import nature, rooms, town
from worker.engines.storyboard.sets.ground import Site

_SETS: dict[str, Callable[[Site], None]] = {
    "living": rooms.living, "bedroom": rooms.bedroom, "kitchen": rooms.kitchen, "cafe": rooms.cafe, "office": rooms.office,
    "classroom": rooms.classroom, "hospital": rooms.hospital, "corridor": rooms.corridor, "warehouse": rooms.warehouse,
    "shop": rooms.shop, "hall": rooms.hall, "bathroom": rooms.bathroom, "station": rooms.station, "train": rooms.train,
    "car": rooms.car,
    "field": nature.field, "forest": nature.forest, "mountain": nature.mountain, "beach": nature.beach, "desert": nature.desert,
    "open": nature.open_ground,
    "street": town.street, "alley": town.alley, "market": town.market, "rooftop": town.rooftop, "skyline": town.skyline,
    "hanok": town.hanok, "bridge": town.bridge, "highway": town.highway,
}  # fmt: skip
PLACES = frozenset(_SETS)


def build_set(site: Site) -> None:
    _SETS.get(site.scene.place, nature.open_ground)(site)
