"""Where a product goes on its canvas, with room left for the text."""

from dataclasses import dataclass

from worker.engines.ads.scenes.scene import ASIDE, WIDE, Surface

TALL = 0.7  # width by height up to which a canvas is a poster
SLIM = 0.5  # … below which a product is slim


@dataclass(frozen=True)
class Place:
    """The product's box in pixels; its foot is the lower edge."""

    left: int
    top: int
    width: int
    height: int

    @property
    def foot(self) -> int:
        return self.top + self.height


def place(
    product: tuple[int, int], canvas: tuple[int, int], surface: Surface, *, text_position: str, scale: float
) -> Place:
    """The box of a product of (width, height) pixels on a canvas of (width, height).

    Its height is 45 to 70 % of the canvas before `scale`, less where it is wide or the canvas a poster. It is never
    larger than the canvas less a margin.
    """
    width, height = canvas
    shape = width / height
    aside = (shape >= WIDE and text_position in ("auto", "middle")) or (text_position == "middle" and shape > TALL)
    tall = 0.70 if aside and shape >= WIDE else 0.48 if shape <= TALL else 0.54
    wide = 0.48 if aside else 0.86 if shape <= TALL else 0.80
    slim = min(1.0, max(0.0, (SLIM - product[0] / product[1]) / 0.2))
    tall = min(0.70, tall + 0.06 * slim)  # a bottle fills little of the width
    if text_position == "bottom":
        tall = min(tall, 0.50)
    surface_width = (surface.right - surface.left) * width
    factor = scale * min(tall * height / product[1], wide * width / product[0])
    factor = min(factor, surface_width / product[0], 0.92 * width / product[0])
    depth = {"bottom": 0.12, "middle": 0.5}.get(text_position, 0.62)
    foot = height * (surface.back_y + depth * (surface.front_y - surface.back_y))
    factor = min(factor, (foot - 0.04 * height) / product[1])
    across, down = max(1, round(product[0] * factor)), max(1, round(product[1] * factor))
    narrow = surface_width < 0.7 * width  # a podium: its middle, whatever the layout
    middle = width * ((surface.left + surface.right) / 2 if narrow else ASIDE if aside else 0.5)
    low, high = surface.left * width, surface.right * width - across
    left = min(max(middle - across / 2, low), max(low, high))
    return Place(round(left), round(foot) - down, across, down)
