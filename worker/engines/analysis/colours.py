"""Names of colours, by the nearest in CIE Lab."""

import cv2
import numpy as np
import numpy.typing as npt

Lab = npt.NDArray[np.float32]  # …×3: L 0 to 100, a and b about -128 to 127

NAMES: tuple[tuple[str, str, str], ...] = (
    ("#000000", "black", "검정"),
    ("#2f2f2f", "charcoal", "차콜"),
    ("#808080", "grey", "회색"),
    ("#c8c8c8", "light grey", "밝은 회색"),
    ("#ffffff", "white", "흰색"),
    ("#fffdd0", "cream", "크림색"),
    ("#d2b48c", "tan", "황갈색"),
    ("#f5deb3", "beige", "베이지"),
    ("#8b5a2b", "brown", "갈색"),
    ("#4a2c17", "dark brown", "고동색"),
    ("#800000", "maroon", "밤색"),
    ("#d0021b", "red", "빨강"),
    ("#fa8072", "salmon", "연어색"),
    ("#ffb6c1", "pink", "분홍"),
    ("#ff1493", "deep pink", "진분홍"),
    ("#ff7f00", "orange", "주황"),
    ("#ffcba4", "peach", "살구색"),
    ("#d4af37", "gold", "금색"),
    ("#ffe135", "yellow", "노랑"),
    ("#808000", "olive", "올리브색"),
    ("#9acd32", "yellow green", "연두"),
    ("#228b22", "green", "초록"),
    ("#0b3d0b", "dark green", "짙은 초록"),
    ("#98e6b5", "mint", "민트색"),
    ("#008080", "teal", "청록"),
    ("#40e0d0", "turquoise", "터키옥색"),
    ("#87ceeb", "sky blue", "하늘색"),
    ("#1e60d0", "blue", "파랑"),
    ("#12204a", "navy", "남색"),
    ("#708090", "slate", "청회색"),
    ("#6a0dad", "purple", "보라"),
    ("#c8a2c8", "lilac", "연보라"),
)


def to_lab(pixels: npt.NDArray[np.uint8]) -> Lab:
    """`H×W×3 uint8 sRGB` as CIE Lab (D65)."""
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def to_hex(lab: Lab) -> str:
    """Of one colour (3)."""
    rgb = cv2.cvtColor(lab.reshape(1, 1, 3).astype(np.float32), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (np.clip(rgb, 0, 1) * 255).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def name_of(lab: Lab) -> tuple[str, str]:
    """English and Korean name of one colour (3)."""
    place = int(np.linalg.norm(_LAB - lab.reshape(3), axis=1).argmin())
    _, english, korean = NAMES[place]
    return english, korean


_LAB = to_lab(np.array([[[int(code[n : n + 2], 16) for n in (1, 3, 5)] for code, _, _ in NAMES]], np.uint8))[0]
