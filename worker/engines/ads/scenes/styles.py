"""The backdrops there are. Each draws for a setting and says where its surface and its light are."""

from collections.abc import Callable

from worker.engines.ads.scenes.daylight import snow, sunlit_window
from worker.engines.ads.scenes.drawing import Painted, Setting
from worker.engines.ads.scenes.market import festival, market_stall
from worker.engines.ads.scenes.night import bokeh_night, luxury, neon_street
from worker.engines.ads.scenes.outdoors import beach, blossom, garden
from worker.engines.ads.scenes.studio import minimal, studio
from worker.engines.ads.scenes.table import linen, marble_table, wood_table

STYLES: dict[str, Callable[[Setting], Painted]] = {
    "market_stall": market_stall,
    "wood_table": wood_table,
    "marble": marble_table,
    "linen": linen,
    "studio": studio,
    "neon_street": neon_street,
    "bokeh_night": bokeh_night,
    "sunlit_window": sunlit_window,
    "festival": festival,
    "minimal": minimal,
    "luxury": luxury,
    "snow": snow,
    "beach": beach,
    "blossom": blossom,
    "garden": garden,
}
