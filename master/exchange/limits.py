"""How much an uploaded file may ask of the master."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportLimits:
    upload_bytes: int = 10 * MIB
    unpacked_bytes: int = 50 * MIB
    unpack_ratio: int = 100
    parts: int = 200  # of a workbook, besides pictures
    pictures: int = 2000
    rows: int = 20_000
    columns: int = 200
    memory_bytes: int = 1024 * MIB  # of the process that parses a workbook
    seconds: float = 30.0
    text_chars: int = 64 * MIB  # of all cells together
    json_depth: int = 32
    problems: int = 200  # told one by one; the rest are counted


LIMITS = ImportLimits()
