"""What cannot be an ad: a sentence that names the field, and nothing is left behind."""

import base64
import io
import json
import struct
import zlib
from typing import Any

import pytest
from ads_farm_kit import TEXT, AdWorker, base64_of, make_ad, png
from PIL import Image
from served import Served

PHOTO = base64_of(png())


def bomb() -> bytes:
    """A PNG of 13,000² pixels in 20 KiB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * (13_000 * (1 + 13_000 // 8)), 9)
    header = struct.pack(">IIBBBBB", 13_000, 13_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (80, 40)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("fields", "status", "field", "words"),
    [
        ({"product_image": None}, 422, "product_image", "is missing"),
        ({"product_image": "hello?"}, 422, "product_image", "neither the id of a picture nor base64"),
        ({"product_image": base64_of(b"<svg/>")}, 415, "product_image", "not a PNG, JPEG or WebP"),
        ({"product_image": base64_of(png()[:-40])}, 422, "product_image", "cut off or damaged"),
        ({"product_image": base64_of(bomb())}, 413, "product_image", "over 64 megapixels"),
        ({"product_image": base64_of(b"\0" * (10 * 1024 * 1024 + 1))}, 413, "product_image", "over 10 MB"),
        ({"product_image": "data:image/png,abc"}, 422, "product_image", "not in base64"),
        ({"product_image": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, 422, "product_image", "there is no picture"),
        ({"ad_text": ""}, 422, "ad_text", "is empty"),
        ({"ad_text": "   "}, 422, "ad_text", "is empty"),
        ({"ad_text": None}, 422, "ad_text", "is empty"),
        ({"ad_text": "가" * 21}, 422, "ad_text", "has 21 characters; the most is 20"),
        ({"ad_text": "가" * 500}, 422, "ad_text", "has 500 characters"),
        ({"ad_text": "a\u0007b"}, 422, "ad_text", "a control character (U+0007)"),
        ({"ad_text": "a\nb"}, 422, "ad_text", "U+000A"),
        ({"sub_text": "a\x00b"}, 422, "sub_text", "U+0000"),
        ({"text_style": "\ud800"}, 422, "text_style", "unicode"),
        ({"sizes": ["huge"]}, 422, "sizes", "“huge” is no size"),
        ({"sizes": ["100x100"]}, 422, "parameters.width", "must be from 320 to 4096"),
        ({"sizes": ["1:1", "4:5", "9:16", "16:9", "800x1200"], "variants": 6}, 422, "variants", "30 pictures"),
        ({"variants": 7}, 422, "variants", "at most 6"),
        ({"text_position": "left"}, 422, "parameters.text_position", "must be one of"),
        ({"start_step": 4}, 422, "start_step", "at most 3"),
        ({"seed": -1}, 422, "parameters.seed", "whole number"),
        ({"background_style": "x" * 201}, 422, "parameters.background_style", "201 characters"),
        ({"backgrounds": ["x" * 201]}, 422, "backgrounds", "201 characters"),
    ],
)
def test_it_is_refused_by_name(farm: Served, fields: dict[str, Any], status: int, field: str, words: str) -> None:
    """With the value and the remedy; no ad comes of it."""
    before = farm.ask("GET", "/api/ads")["rows"][:1]
    body = {"product_image": PHOTO, "ad_text": TEXT, **fields}
    content = json.dumps(body).encode()
    refused = farm.http.post("/api/ads", content=content, headers={"Content-Type": "application/json"})
    assert refused.status_code == status, refused.text
    assert refused.json()["field"] == field, refused.text
    assert words in refused.json()["message"]
    assert farm.ask("GET", "/api/ads")["rows"][:1] == before


@pytest.mark.parametrize(
    "text", ["반값! 🎉🔥", "تخفيضات اليوم", "</style><b>hi", "<script>1</script>", "אבג sale", "e\u0301te\u0301"]
)
def test_these_words_are_words(farm: Served, worker: AdWorker, text: str) -> None:
    """Emoji, right to left, and what looks like HTML: they reach the lettering as they are."""
    make_ad(farm, ad_text=text)
    runs = {run.workflow: run for run in worker.make(6)}
    assert runs["ads/lettering"].parameters["ad_text"] == text


def test_a_rotated_cmyk_photo_is_upright_and_rgb(farm: Served, worker: AdWorker) -> None:
    """As a person sees it; nothing of what else the file held is kept."""
    exif = Image.Exif()
    exif[274] = 6  # to be turned by 90°
    made = make_ad(farm, product_image="data:image/jpeg;base64," + base64_of(jpeg("CMYK", exif=exif)))
    photo = Image.open(io.BytesIO(farm.http.get(f"/api/media/{made['parameters']['product_image']}").content))
    assert (photo.size, photo.mode) == ((40, 80), "RGB")
    assert not photo.getexif()


def test_base64_of_the_web_and_with_line_breaks_is_read(farm: Served, worker: AdWorker) -> None:
    """As mail programs and JavaScript write it."""
    for sent in (base64.urlsafe_b64encode(png()).decode().rstrip("="), base64.encodebytes(png()).decode()):
        assert make_ad(farm, product_image=sent)["status"] == "processing"


def test_an_uploaded_picture_of_any_project_may_be_named(farm: Served, worker: AdWorker) -> None:
    """It is kept with the ad, so that it stays when the project goes."""
    farm.make_project("SHOP")
    media = farm.ask("POST", "/api/projects/SHOP/media", 201, files={"file": ("x.png", png())})
    made = make_ad(farm, product_image=media["id"])
    assert made["parameters"]["product_image"] != media["id"]
    farm.ask("DELETE", "/api/projects/SHOP", 204)
    assert farm.http.get(f"/api/media/{made['parameters']['product_image']}").status_code == 200


def test_a_file_that_is_too_large_is_refused_in_a_form_too(farm: Served) -> None:
    """10 MB and one byte."""
    files = {"product_image": ("x.png", b"\0" * (10 * 1024 * 1024 + 1))}
    refused = farm.ask("POST", "/api/ads", 413, files=files, data={"ad_text": TEXT})
    assert (refused["field"], refused["limit"]) == ("product_image", 10)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/ads/nope"),
        ("POST", "/api/ads/nope/restart"),
        ("POST", "/api/ads/nope/stop"),
        ("GET", "/api/status/nope"),
        ("POST", "/api/stop/nope"),
        ("GET", "/status/nope"),
        ("POST", "/stop/nope"),
    ],
)
def test_an_unknown_ad_is_not_found(farm: Served, method: str, path: str) -> None:
    """By every face."""
    options = {"json": {}} if path.endswith("restart") else {}
    assert farm.ask(method, path, 404, **options)["message"] == "There is no ad “nope”."


def test_what_is_no_json_is_told(farm: Served) -> None:
    """And a key that is given twice."""
    headers = {"Content-Type": "application/json"}
    assert farm.http.post("/generate", content=b"{", headers=headers).status_code == 422
    twice = farm.http.post("/generate", content=b'{"ad_text": "a", "ad_text": "b"}', headers=headers)
    assert "given twice" in twice.json()["message"]
