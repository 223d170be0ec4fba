"""Pictures with a product for the text stages, random ones too, and what is wrong with lettering upon them."""

from dataclasses import dataclass

import cv2
import numpy as np

from tests.photos import photo
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.lettering.reading import LEAST, SEEN
from worker.engines.ads.lettering.styles import STYLES
from worker.engines.ads.lettering.trying import drawn_on
from worker.engines.ads.lettering.wish import Wish
from worker.engines.ads.pictures import Matte
from worker.engines.ads.renderer import Page
from worker.engines.media.picture import Pixels
from worker.task import EngineError

HEADS = (
    "건어물 대박 세일",
    "Grand Opening",
    "봄",
    "SALE 50%",
    "오늘만 특가! 전 품목 반값",
    "신선한 제주 감귤을 산지에서 바로 보내 드립니다",
    "Fresh bread every morning, baked by hand since 1987",
    "겨울 한정 🔥 딸기 라떼",
    "추석선물세트사전예약할인행사진행중",
)
SUBS = ("", "", "010-1234-5678", "오늘 단 하루, 전 품목 50% 할인", "Free delivery on orders over 30,000 won")
POSITIONS = ("auto", "auto", "top", "middle", "bottom")


def shop_picture(
    size: tuple[int, int] = (480, 480), *, kind: str = "bottle", tone: float = 1.0
) -> tuple[Pixels, Matte]:
    """A product on a plain ground, in the lower middle; `tone` below 1 darkens it."""
    pixels, matte = photo(kind, "studio", 3, size)
    width, height = size
    move = np.array([[0.6, 0, 0.2 * width], [0, 0.6, 0.36 * height]], np.float32)
    moved = cv2.warpAffine(pixels, move, size, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(np.asarray(matte, np.float32), move, size)
    return np.asarray(moved * tone, np.uint8), np.asarray(mask, np.float32)


def random_picture(rng: np.random.Generator, longest: int) -> tuple[Pixels, Matte]:
    """Any ground, from calm to wild, and any product: blobs that leave more or less of the picture free."""
    ratio = rng.uniform(0.5, 2)
    width, height = (
        (longest, max(160, round(longest / ratio))) if ratio >= 1 else (max(160, round(longest * ratio)), longest)
    )
    corners = rng.integers(0, 256, (int(rng.integers(1, 6)), int(rng.integers(1, 6)), 3), dtype=np.uint8)
    ground = cv2.resize(corners, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    ground += rng.normal(0, rng.choice([0, 4, 25]), ground.shape)
    mask = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        middle = (int(rng.uniform(0.15, 0.85) * width), int(rng.uniform(0.25, 0.9) * height))
        axes = (int(rng.uniform(0.06, 0.26) * width), int(rng.uniform(0.06, 0.26) * height))
        cv2.ellipse(mask, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1, cv2.LINE_AA)
    product = rng.integers(0, 256, 3)
    shown = ground * (1 - mask[..., None]) + product * mask[..., None]
    return np.clip(shown, 0, 255).astype(np.uint8), mask


@dataclass(frozen=True)
class Bad:
    seed: int
    why: str
    refused: bool = False  # the product left no room


def layouts_bad(page: Page, seeds: range, *, longest: int = 320) -> list[Bad]:
    """Random pictures, texts and styles, one a seed: where lettering hides product, is hard to read, or is cut off."""
    found: list[Bad] = []
    names = list(STYLES)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        pixels, mask = random_picture(rng, longest)
        position = POSITIONS[rng.integers(len(POSITIONS))]
        style = STYLES[names[seed % len(names)]]
        wish = Wish(HEADS[rng.integers(len(HEADS))], SUBS[rng.integers(len(SUBS))], style, position=position, seed=seed)
        try:
            done = drawn_on(page, pixels, mask, classical_layout(pixels, mask, position), wish)
        except EngineError as error:
            found.append(Bad(seed, str(error), refused=True))
            continue
        told = f"{style.name} “{wish.head}” at {position}"
        if hidden := int(np.count_nonzero((done.layer[..., 3] > SEEN) & (mask > 0.5))):
            found.append(Bad(seed, f"{told} hides {hidden} pixels of the product"))
        if done.contrast < LEAST:
            found.append(Bad(seed, f"{told} has a contrast of {done.contrast:.2f}"))
        edge = max(int(side.max()) for side in (done.layer[0], done.layer[-1], done.layer[:, 0], done.layer[:, -1]))
        if edge > SEEN or done.cut:
            found.append(Bad(seed, f"{told} is cut off"))
        if done.told["lettering_by"] != "template":
            found.append(Bad(seed, f"{told} was not drawn by the browser: {done.told['reason']}"))
    return found
