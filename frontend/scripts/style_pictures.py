"""Draws the pictures of the ad studio's style chips by the very stages that make ads, into frontend/public/ads.

python frontend/scripts/style_pictures.py
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cinefarm.ad_styles import BACKGROUNDS, EXTRUDED, LETTERINGS  # noqa: E402
from tests.photos import staged  # noqa: E402
from worker.engines import ads  # noqa: E402
from worker.task import Task  # noqa: E402

FOLDER = ROOT / "frontend/public/ads"
SIDE = 720  # pixels drawn; a chip is 240 wide
WORDS = "대박 SALE"
BEHIND = {  # what suits a lettering; others stand before a studio's paper
    "gold_balloon": "festival",
    "neon": "neon_street",
    "brush": "linen",
    "retro_print": "market_stall",
    "luxury_serif": "luxury",
    "chalk": "wood_table",
    "glass": "bokeh_night",
    "sticker": "sunlit_window",
}
MARGIN = 0.06  # of the picture, about the words


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder))
        for style in BACKGROUNDS:
            kept(studio.background(style.id), f"background-{style.id}", (240, 240))
        for style in LETTERINGS:
            kept(studio.lettering(style.id, "lettering"), f"lettering-{style.id}", (240, 160))
        for style in EXTRUDED:
            kept(studio.lettering(style.id, "lettering_3d"), f"solid-{style.id}", (240, 160))


class Studio:
    """Runs the stages one after another, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        jar = staged("jar", "studio", 5, (SIDE, SIDE))
        self.product = folder / "product.png"
        Image.fromarray(np.uint8(np.dstack([jar.colours, jar.matte]) * 255)).save(self.product)

    def run(self, stage: str, inputs: dict[str, Path], **parameters: Any) -> Path:
        out = self.folder / f"{len(list(self.folder.iterdir())):03}"
        ads.run(Task(workflow=f"ads/{stage}", parameters=parameters, inputs=inputs, out_dir=out))
        return out

    def background(self, style: str) -> Image.Image:
        cutout = {"cutout": self.product}
        made = self.run("backdrop", cutout, background_style=style, width=SIDE, height=SIDE, seed=7)
        seen = {"backdrop": made / "backdrop.png", "scene": made / "scene.json"}
        return Image.open(self.run("composite", cutout | seen, text_position="top", seed=7) / "composite.png")

    def lettering(self, style: str, stage: str) -> Image.Image:
        width, height = SIDE, SIDE * 2 // 3
        behind = BEHIND.get(style, "studio") if stage == "lettering" else "studio"
        made = self.run("backdrop", {}, background_style=behind, width=width, height=height, seed=11)
        nothing = self.folder / "nothing.png"
        Image.new("L", (width, height)).save(nothing)
        picture = {"picture": made / "backdrop.png"}
        room = {"layout": self.run("layout", picture | {"mask": nothing}, text_position="middle") / "layout.json"}
        words = self.run(
            stage,
            picture | room | {"mask": nothing},
            ad_text=WORDS,
            text_style=style,
            text_position="middle",
            use_llm_html=False,
        )
        layer = words / "lettering.png"
        ad = Image.open(self.run("finish", picture | room | {"lettering": layer}) / "ad.png")
        return ad.crop(around(Image.open(layer), (width, height)))


def around(layer: Image.Image, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of a canvas of `size` that a chip shows: the words with a margin, in the canvas's proportions."""
    width, height = size
    left, top, right, bottom = layer.getchannel("A").getbbox() or (0, 0, width, height)
    share = min(1.0, max((right - left) / width, (bottom - top) / height) + 2 * MARGIN)
    wide, high = round(width * share), round(height * share)
    x = min(max(0, (left + right - wide) // 2), width - wide)
    y = min(max(0, (top + bottom - high) // 2), height - high)
    return x, y, x + wide, y + high


def kept(picture: Image.Image, name: str, size: tuple[int, int]) -> None:
    small = cv2.resize(np.asarray(picture.convert("RGB")), size, interpolation=cv2.INTER_AREA)
    Image.fromarray(small).save(FOLDER / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
