"""Lettering by a language model: what it may write, and what happens when it writes something else."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from lettering_kit import shop_picture

from tests.doubles.chat import ChatDouble, Say, error, said
from tests.doubles.serving import listening
from worker.engines.ads import renderer
from worker.engines.ads.layout import classical_layout
from worker.engines.ads.lettering.allowed import NotAllowed, checked_css, checked_html
from worker.engines.ads.lettering.reading import LEAST, SEEN
from worker.engines.ads.lettering.styles import STYLES
from worker.engines.ads.lettering.trying import lettered
from worker.engines.ads.lettering.wish import Lettered, Wish

needs_browser = pytest.mark.skipif(bool(renderer.lack_of_browser()), reason=renderer.lack_of_browser())
GOOD = {
    "html": '<h1 class="big">건어물 대박</h1>',
    "css": ".big{margin:0;padding:10px 24px;font-size:44px;color:#fff;background:#7a0019;border-radius:14px}",
}


@contextmanager
def model(monkeypatch: pytest.MonkeyPatch, *answers: Say) -> Iterator[ChatDouble]:
    double = ChatDouble(*answers)
    with listening(double.app) as url:
        monkeypatch.setenv("CINEFARM_LLM_BASE_URL", f"{url}/v1")
        monkeypatch.setenv("CINEFARM_LLM_MODEL", "small-1")
        yield double


def drawn(**changes: str) -> tuple[Lettered, np.ndarray]:
    pixels, mask = shop_picture()
    wish = Wish("건어물 대박", changes.get("sub", ""), STYLES["retro_print"], prompt="빨간 간판처럼")
    return lettered(pixels, mask, classical_layout(pixels, mask), wish, by_model=True), mask


@needs_browser
def test_a_design_of_the_model_is_drawn_in_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with model(monkeypatch, said(GOOD)) as double:
        done, mask = drawn()
    assert (done.told["lettering_by"], done.told["model"]) == ("model", "small-1")
    assert done.contrast >= LEAST
    assert not ((done.layer[..., 3] > SEEN) & (mask > 0.5)).any()
    assert "건어물 대박" in done.html
    question = str(double.asked[0]["messages"])
    assert "빨간 간판처럼" in question
    assert "brightness_map" in question


@needs_browser
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({**GOOD, "html": '<h1>건어물 대박</h1><script>fetch("http://x")</script>'}, "<script>"),
        ({**GOOD, "html": "<h1>건어물 대박 90% 할인</h1>"}, "given text"),
        ({**GOOD, "css": ".big{background:url(http://127.0.0.1/)}"}, "“url”"),
        ({**GOOD, "css": ".big{color:#f0efec;font-size:40px}"}, "contrast"),
        ({**GOOD, "css": ".big{font-size:400px;white-space:nowrap;color:#000}"}, "does not fit"),
        ({**GOOD, "css": ".big{opacity:0}"}, "contrast"),
        ({**GOOD, "css": ".big{display:none}"}, "not to be seen"),
    ],
)
def test_a_design_that_cannot_be_used_is_asked_for_again_then_a_template_is_taken(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, str], reason: str
) -> None:
    with model(monkeypatch, said(answer), said(answer)) as double:
        done, _ = drawn()
    assert len(double.asked) == 2
    assert reason in str(double.asked[1]["messages"])
    assert done.told["lettering_by"] == "template"
    assert reason in done.told["reason"]
    assert done.contrast >= LEAST


@needs_browser
def test_a_mended_design_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with model(monkeypatch, said({**GOOD, "html": "<h1>other</h1>"}), said(GOOD)):
        done, _ = drawn()
    assert done.told["lettering_by"] == "model"


@needs_browser
def test_a_server_that_refuses_leads_to_a_template_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with model(monkeypatch, error(401, "bad key")):
        done, _ = drawn()
    assert done.told["lettering_by"] == "template"
    assert "CINEFARM_LLM_KEY" in done.told["reason"]


@needs_browser
def test_without_a_model_set_a_template_is_drawn_and_nothing_is_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CINEFARM_LLM_MODEL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    done, _ = drawn()
    assert done.told["lettering_by"] == "template"
    assert "reason" not in done.told
    assert done.notes == ()


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<iframe src=x></iframe>",
        "<object></object>",
        '<meta http-equiv="refresh">',
        "<link>",
        "<style>p{}</style>",
        "<svg></svg>",
        "<img src=x>",
        "<a href=x>text</a>",
        "<form></form>",
        "<base>",
        "<p onclick=x>",
        '<p style="background:url(x)">',
        '<p style="background:u\\72l(x)">',
        '<p style="position:fixed">',
        "<!-- x -->",
        "<!doctype html>",
        "<?php ?>",
        "<![CDATA[x]]>",
        '<p class="x" id="y">',
        '<p style="behavior:x">',
        "<p<img src=x>",
        '<p style="width:99999px">',
        '<p style="background:&#117;rl(x)">',
        "<video></video>",
        "<input>",
        "<template>",
    ],
)
def test_html_that_is_not_on_the_list_is_refused(html: str) -> None:
    with pytest.raises(NotAllowed):
        checked_html(f"{html}text", "text")


@pytest.mark.parametrize(
    "css",
    [
        "@import 'x';",
        "@font-face{src:url(x)}",
        "p{background:url(x)}",
        "p{background:URL(x)}",
        "p{background:\\75rl(x)}",
        "p{background:image-set('x' 1x)}",
        "p{content:'sale'}",
        "p{animation:a 1s}",
        "p{filter:blur(900px)}",
        "p{}</style>",
        "p{color:red",
        "p{a{color:red}}",
        "p{position:fixed}",
        "p{cursor:none}",
        "p{text-shadow:0 0 999px red}",
        "p{width:1000000px}",
        "p{/**/color:red}",
        "input[value^=a]{color:red}",
        "p{text-shadow:" + "0 0 1px red," * 400 + "0 0}",
        "@media print{p{color:red}}",
        "x" * 13_000,
    ],
)
def test_css_that_is_not_on_the_list_is_refused(css: str) -> None:
    with pytest.raises(NotAllowed):
        checked_css(css)


def test_what_is_allowed_is_written_anew() -> None:
    html = checked_html('<div CLASS=a style="color:red;"><p>세일 &amp; &lt;b&gt;<br>지금</div>', "세일 & <b>", "지금")
    assert html == '<div class="a" style="color:red;"><p>세일 &amp; &lt;b&gt;<br>지금</div>'
    assert checked_css(".a > b:hover, p::before{color:#ff0;--x:1}")
