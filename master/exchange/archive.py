"""Look through a workbook before anything parses it. A workbook is a zip of XML parts, and both can lie.

Sizes are counted while inflating, never read from headers; a part that is not plain UTF-8 XML, or that holds a DTD, is
refused, so that no parser behind this ever meets an entity.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from cinefarm.sentences import Said, Word, say
from master.errors import TooLarge, WrongType
from master.exchange.limits import LIMITS, MIB, ImportLimits

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what old .xls files and encrypted workbooks begin with
ZIP = b"PK\x03\x04"

_CHUNK = 256 * 1024
_DTD = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)""", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"""^[^>]*?\br\s*=\s*["'](\d{1,9})""")
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s/>]")
# (where it shows, what it is, what to do)
_REFUSED_PARTS = (
    (
        re.compile(r"(^|/)vbaproject\.bin$|/macrosheets/|/vbadata\.xml$", re.IGNORECASE),
        "macros",
        "save it as .xlsx without macros",
    ),
    (
        re.compile(r"/externallinks/", re.IGNORECASE),
        "links to other workbooks",
        "break the links (Data → Edit Links) first",
    ),
    (re.compile(r"/(embeddings|activex)/", re.IGNORECASE), "embedded objects", "delete the embedded objects first"),
    (re.compile(r"/connections\.xml$", re.IGNORECASE), "data connections", "delete the connections first"),
)
_REFUSED_WORDS = (
    (re.compile(rb"macroEnabled", re.IGNORECASE), "macros", "save it as .xlsx without macros"),
    (
        re.compile(rb"relationships/(externalLink|externalLinkPath)\b"),
        "links to other workbooks",
        "break the links first",
    ),
    (
        re.compile(rb"relationships/(oleObject|package|control)\b"),
        "embedded objects",
        "delete the embedded objects first",
    ),
    (re.compile(rb"relationships/vbaProject\b"), "macros", "save it as .xlsx without macros"),
)


def refuse_ole(content: bytes) -> None:
    """Raises `WrongType` for an encrypted workbook or an old .xls, whatever the file is called."""
    if not content.startswith(OLE):
        return
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise WrongType(
            "The workbook is encrypted (it asks for a password); save it without a password, then upload it again."
        )
    raise WrongType(
        "This is an old Excel file (.xls) or another Office document; save it as .xlsx, then upload it again."
    )


def check_workbook(content: bytes, limits: ImportLimits = LIMITS) -> None:
    """Raises `TooLarge` or `WrongType`, naming the reason, unless the workbook may be parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise WrongType(
            "The workbook is damaged ({error}); open it in Excel and save it again.", error=error
        ) from error
    _check_entries(entries, limits)
    total = 0
    allowed = min(limits.unpacked_bytes, max(MIB, limits.unpack_ratio * len(content)))
    for entry in entries:
        part = bytearray()
        for chunk in _inflate(content, entry):
            total += len(chunk)
            if total > allowed:
                raise TooLarge(_too_big(content, limits, allowed), limit=allowed)
            part += chunk
        if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
            raise WrongType(
                "The workbook's part “{filename}” lies about its size or content; save the file again.",
                filename=entry.filename[:80],
            )
        _check_part(entry.filename, bytes(part), limits)


def _too_big(content: bytes, limits: ImportLimits, allowed: int) -> Said:
    if allowed == limits.unpacked_bytes:
        return say(
            "The workbook unpacks to more than {unpacked_bytes} MiB; split it into several files.",
            unpacked_bytes=limits.unpacked_bytes // MIB,
        )
    return say(
        "The workbook of {count} KiB unpacks to more than {unpack_ratio} times its size, "
        "as zip bombs do; save it again in Excel.",
        count=len(content) // 1024,
        unpack_ratio=limits.unpack_ratio,
    )


def _check_entries(entries: list[zipfile.ZipInfo], limits: ImportLimits) -> None:
    names = [entry.filename.lower() for entry in entries]
    pictures = sum(name.startswith("xl/media/") for name in names)
    if len(names) - pictures > limits.parts or pictures > limits.pictures:
        raise TooLarge(
            "The workbook has {count} parts, {pictures} of them pictures; "
            "at most {parts} parts and {limits_pictures} pictures are read.",
            count=len(names),
            pictures=pictures,
            parts=limits.parts,
            limits_pictures=limits.pictures,
            limit=limits.parts,
        )
    if len(set(names)) != len(names):
        raise WrongType("The workbook holds two parts of the same name; open it in Excel and save it again.")
    if "xl/workbook.xml" not in names:
        raise WrongType("This zip is not an Excel workbook (xl/workbook.xml is missing); upload .xlsx, .csv or .json.")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise WrongType("The workbook is encrypted; save it without a password, then upload it again.")
        for pattern, what, remedy in _REFUSED_PARTS:
            if pattern.search(f"/{entry.filename}"):
                raise WrongType(
                    "The workbook holds {what} ({filename}); {remedy}.",
                    what=Word(what),
                    filename=entry.filename[:80],
                    remedy=Word(remedy),
                )


def _inflate(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes as they really are, in chunks of bounded size."""
    header = content[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or not header.startswith(ZIP):
        raise WrongType("The workbook is damaged (a part's header is missing); open it in Excel and save it again.")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name_length + extra_length
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        for at in range(0, len(packed), _CHUNK):
            yield packed[at : at + _CHUNK]
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise WrongType(
            "The workbook's part “{filename}” is packed in a way that Excel does not use; save it again.",
            filename=entry.filename[:80],
        )
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
        yield inflater.flush(_CHUNK)
    except zlib.error as error:
        raise WrongType(
            "The workbook's part “{filename}” is damaged; save the file again.", filename=entry.filename[:80]
        ) from error


def _check_part(name: str, part: bytes, limits: ImportLimits) -> None:
    if name.lower().endswith((".xml", ".rels", ".vml")):
        _check_encoding(name, part)
    # UTF-16 in a part of any name: without its zero bytes it reads like ASCII
    if _DTD.search(part) or (b"\x00" in part and _DTD.search(part.replace(b"\x00", b""))):
        raise WrongType(
            "The workbook's part “{name}” holds a DTD, which Excel never writes; save the file again in Excel.",
            name=name[:80],
        )
    if name.lower().endswith((".rels", "[content_types].xml")):
        for pattern, what, remedy in _REFUSED_WORDS:
            if pattern.search(part):
                raise WrongType(
                    "The workbook holds {what} (see {name}); {remedy}.", what=Word(what), name=name[:80], remedy=remedy
                )
    if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
        _check_rows(name, part, limits)


def _check_encoding(name: str, part: bytes) -> None:
    text = part.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _ENCODING.match(text[:200])
    plain = text[:1] in (b"<", b"") and b"\x00" not in text[:200]
    if not plain or (declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")):
        raise WrongType(
            "The workbook's part “{name}” is not UTF-8, as Excel writes it; save the file again in Excel.",
            name=name[:80],
        )


def _check_rows(name: str, part: bytes, limits: ImportLimits) -> None:
    """Count the rows that hold something, before a parser makes room for all of them."""
    filled = last = 0
    starts = [match.end() for match in _ROW.finditer(part)]
    for start, end in zip(starts, [*starts[1:], len(part)], strict=True):
        if _CONTENT.search(part, start, end):
            filled += 1
            number = _ROW_NUMBER.match(part[start : start + 80])
            last = int(number[1]) if number else last + 1
    # 20 more: title rows and the header do not count
    if filled > limits.rows + 20:
        raise TooLarge(
            "The sheet in {name} has {filled:,} rows; at most {rows:,} are read. Split the file.",
            name=name[:60],
            filled=filled,
            rows=limits.rows,
            limit=limits.rows,
        )
    if last > 5 * limits.rows:
        raise TooLarge(
            "The sheet in {name} has a filled cell in row {last:,}, far below its {filled:,} rows; "
            "delete the rows below the table.",
            name=name[:60],
            last=last,
            filled=filled,
            limit=limits.rows,
        )
