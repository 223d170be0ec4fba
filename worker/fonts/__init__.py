"""Pretendard 1.3.9 (SIL Open Font License 1.1, see OFL.txt): Korean and Latin, set the same on every machine."""

from pathlib import Path

_FOLDER = Path(__file__).parent
REGULAR = _FOLDER / "Pretendard-Regular.ttf"
BOLD = _FOLDER / "Pretendard-Bold.ttf"
