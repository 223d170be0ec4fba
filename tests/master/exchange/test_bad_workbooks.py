"""Every harmful or unreadable file is refused with its reason, and nothing is written."""

import io
import random
import struct
import time
import zipfile

import pytest
from exchange_kit import Desk, repacked, xlsx
from openpyxl import Workbook

from master.errors import TooLarge
from master.exchange.archive import OLE
from master.exchange.limits import MIB, ImportLimits
from master.exchange.read import read_upload
from master.exchange.workbook import read_workbook

GOOD = [["Shot", "Scene"], ["A1", "A street"]]


@pytest.fixture(scope="module")
def good() -> bytes:
    return xlsx(GOOD)


def test_a_good_workbook_passes(desk: Desk, good: bytes) -> None:
    assert desk.imported(good)["applied"]


def test_an_upload_over_ten_mib_is_refused(desk: Desk, good: bytes) -> None:
    desk.refused(good + bytes(10 * MIB), 413, "10 MiB")


def test_a_chunked_upload_without_a_length_is_cut_off(desk: Desk) -> None:
    sent = 0

    def endless():  # type: ignore[no-untyped-def]
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        while sent < 64 * MIB:
            sent += MIB
            yield bytes(MIB)

    answer = desk.api.post(
        "/api/projects/TEST/import", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 413, answer.text
    assert desk.shots() == {}


def test_a_zip_bomb_is_refused_before_it_is_parsed(desk: Desk, good: bytes) -> None:
    bomb = repacked(good, {"xl/worksheets/sheet1.xml": b"<worksheet>" + bytes(80 * MIB)})
    assert len(bomb) < MIB
    started = time.process_time()
    desk.refused(bomb, 413, "times its size")
    assert time.process_time() - started < 5


def test_a_small_file_that_unpacks_to_twenty_mib_is_refused(desk: Desk, good: bytes) -> None:
    cell = b'<c r="A%d" t="inlineStr"><is><t>x</t></is></c>'
    sheet = b"<worksheet><sheetData>" + b"".join(b'<row r="1">' + cell % 1 + b"</row>" for _ in range(400_000))
    desk.refused(repacked(good, {"xl/worksheets/sheet1.xml": sheet}), 413, "times its size")


def test_more_than_fifty_mib_unpacked_are_refused(desk: Desk, good: bytes) -> None:
    noise = random.Random(7).randbytes(600_000)  # does not compress, so the ratio alone would let it pass
    desk.refused(repacked(good, {f"xl/media/{n}.bin": bytes(6 * MIB) + noise for n in range(9)}), 413, "50 MiB")


def test_sizes_that_lie_are_found_out(desk: Desk, good: bytes) -> None:
    """Both headers of a part claim ten bytes; it inflates to twenty MiB."""
    bomb = bytearray(repacked(good, {"xl/worksheets/sheet1.xml": b"<worksheet>" + bytes(20 * MIB)}))
    real = struct.pack("<I", 20 * MIB + 11)
    assert bomb.count(real) >= 2
    desk.refused(bytes(bomb.replace(real, struct.pack("<I", 10))), 413, "times its size")


def test_a_part_that_claims_less_than_it_holds_is_refused(desk: Desk, good: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    desk.refused(good.replace(struct.pack("<I", size), struct.pack("<I", size - 1)), 415, "lies about its size")


def test_more_than_two_hundred_parts_are_refused(desk: Desk, good: bytes) -> None:
    desk.refused(repacked(good, {f"xl/x{n}.xml": b"<x/>" for n in range(201)}), 413, "200 parts")


def test_many_pictures_are_no_reason_to_refuse(desk: Desk, good: bytes) -> None:
    assert desk.imported(repacked(good, {f"xl/media/image{n}.jpeg": b"\xff\xd8" for n in range(300)}))["applied"]


ENTITY_BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><x>&lol2;</x>"""
)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "docProps/core.xml", "xl/sharedStrings.xml", "xl/odd.bin"])
def test_a_dtd_in_any_part_is_refused(desk: Desk, good: bytes, part: str) -> None:
    desk.refused(repacked(good, {part: ENTITY_BOMB}), 415, "DTD")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_dtd_does_not_hide_in_utf_16(desk: Desk, good: bytes, encoding: str) -> None:
    text = ENTITY_BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode(encoding)
    desk.refused(repacked(good, {"docProps/core.xml": text}), 415, "not UTF-8")
    desk.refused(repacked(good, {"xl/odd.bin": text}), 415, "DTD")


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "iso-2022-kr"])
def test_a_part_in_another_encoding_is_refused(desk: Desk, good: bytes, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode(encoding)
    desk.refused(repacked(good, {"docProps/core.xml": text}), 415, "not UTF-8")


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
        ("xl/embeddings/oleObject1.bin", "embedded objects"),
        ("xl/activeX/activeX1.xml", "embedded objects"),
        ("xl/connections.xml", "data connections"),
    ],
)
def test_active_content_is_refused_by_name(desk: Desk, good: bytes, part: str, reason: str) -> None:
    desk.refused(repacked(good, {part: b"<x/>"}), 415, reason)


def test_a_macro_workbook_is_refused_by_its_content_type(desk: Desk, good: bytes) -> None:
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    desk.refused(repacked(good, {}, replace={kind: macro}), 415, "macros")


def test_a_relationship_to_another_workbook_is_refused(desk: Desk, good: bytes) -> None:
    relation = b'<Relationships><Relationship Type="http://x/relationships/externalLinkPath" Target="http://evil/"/></Relationships>'
    desk.refused(repacked(good, {"xl/links/_rels/a.xml.rels": relation}), 415, "links to other workbooks")


def test_hyperlinks_are_no_external_links(desk: Desk) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in GOOD:
        sheet.append(row)
    sheet["B2"].hyperlink = "https://example.com/reference"
    file = io.BytesIO()
    workbook.save(file)
    assert desk.imported(file.getvalue())["applied"]


def test_an_encrypted_workbook_is_refused(desk: Desk) -> None:
    desk.refused(OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512), 415, "encrypted")


def test_an_old_xls_is_refused_even_when_renamed(desk: Desk) -> None:
    desk.refused(OLE + bytes(4096), 415, ".xls", name="list.xlsx")


def test_a_zip_with_a_password_is_refused(desk: Desk, good: bytes) -> None:
    locked = bytearray(good)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + flags] |= 1
            at = locked.find(signature, at + 4)
    desk.refused(bytes(locked), 415, "encrypted")


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"<html><table>", b"PK\x05\x06" + bytes(18)])
def test_other_files_are_refused_by_content(desk: Desk, content: bytes) -> None:
    desk.refused(content, 415)


def test_a_zip_that_is_no_workbook_is_refused(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.txt", "hello")
    desk.refused(packed.getvalue(), 415, "not an Excel workbook")


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(desk: Desk, good: bytes, keep: float) -> None:
    desk.refused(good[: int(len(good) * keep)], 415, "damaged")


def test_an_empty_file_is_refused(desk: Desk) -> None:
    desk.refused(b"", 422, "empty")


def test_broken_xml_is_refused(desk: Desk, good: bytes) -> None:
    desk.refused(repacked(good, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), 415, "cannot be read")


def test_more_than_twenty_thousand_rows_are_refused_before_parsing(desk: Desk) -> None:
    content = xlsx([GOOD[0], *([f"A{n}", f"Scene number {n} of many"] for n in range(25_000))])
    desk.refused(content, 413, "25,001 rows", "20,000")


def test_a_cell_far_below_the_table_is_refused_before_room_is_made_for_it(desk: Desk, good: bytes) -> None:
    stray = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    desk.refused(repacked(good, {}, replace={"</sheetData>": stray}), 413, "1,048,576")


def test_a_parser_that_takes_too_long_is_killed(good: bytes) -> None:
    with pytest.raises(TooLarge, match="longer than"):
        read_workbook(good, ImportLimits(seconds=0.01))


def test_a_parser_that_needs_too_much_memory_is_stopped() -> None:
    """A sheet of 20,000 rows by 190 columns with one cell in each corner makes the parser ask for much room."""
    rows: list[list[object]] = [["Shot", "Scene", *[None] * 188], *[[None] * 190 for _ in range(19_000)]]
    rows[-1] = ["A1", "x", *[None] * 187, "end"]
    with pytest.raises(TooLarge, match="MiB of memory"):
        read_workbook(xlsx(rows), ImportLimits(memory_bytes=100 * MIB))


def test_too_many_columns_are_refused(desk: Desk) -> None:
    desk.refused(xlsx([["Shot", "Scene", *(f"c{n}" for n in range(250))], ["A1"]]), 413, "columns")


def test_one_long_text_used_in_many_cells_is_refused(desk: Desk) -> None:
    """Shared strings let a small file say the same 30,000 letters thousands of times."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>1</v></c></row>' for n in range(1, 5000)
    )
    base = xlsx([["a", "b"]])
    parts = {
        "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + rows.encode() + b"</sheetData></worksheet>",
        "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t></si>'
        b"<si><t>" + b"lorem ipsum " * 2500 + b"</t></si></sst>",
    }
    with pytest.raises(TooLarge, match="text"):
        read_upload(repacked(base, parts))
