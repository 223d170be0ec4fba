"""Places to shoot in. `build_set` finds the one that the words name."""

from collections.abc import Callable

from worker.engines.storyboard.sets import city, nature, rooms, store, street, transit
from worker.engines.storyboard.sets.ground import Site

_SETS: dict[str, Callable[[Site], None]] = {
    "living": rooms.living,
    "bedroom": rooms.bedroom,
    "kitchen": rooms.kitchen,
    "cafe": rooms.cafe,
    "office": rooms.office,
    "classroom": rooms.classroom,
    "hospital": rooms.hospital,
    "corridor": rooms.corridor,
    "warehouse": rooms.warehouse,
    "shop": rooms.shop,
    "store": store.store,
    "stall": store.stall,
    "hall": rooms.hall,
    "bathroom": rooms.bathroom,
    "station": transit.station,
    "train": transit.train,
    "car": transit.car,
    "field": nature.field,
    "forest": nature.forest,
    "mountain": nature.mountain,
    "beach": nature.beach,
    "desert": nature.desert,
    "open": nature.open_ground,
    "street": street.street,
    "alley": street.alley,
    "market": street.market,
    "rooftop": city.rooftop,
    "skyline": city.skyline,
    "hanok": city.hanok,
    "river": city.river,
    "bridge": city.bridge,
    "highway": city.highway,
}
PLACES = frozenset(_SETS)


def build_set(site: Site) -> None:
    _SETS.get(site.scene.place, nature.open_ground)(site)
    if site.scene.storefront:
        store.storefront(site)
