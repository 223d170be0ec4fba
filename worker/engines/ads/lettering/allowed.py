"""Which HTML and CSS of a language model may be drawn: lists of what is allowed; everything else is a refusal.

It says why, so that the model can mend it. The renderer would stop what slips through; this keeps designs to designs.
"""

import re
from html import escape
from html.parser import HTMLParser

from cinefarm.sentences import say

MOST_HTML = 8_000  # signs
MOST_CSS = 12_000
_TAGS = "div span p h1 h2 h3 b strong em i small br u mark"
_PROPERTIES = """
    align-content align-items align-self background background-clip background-color background-image
    background-position background-repeat background-size border border-bottom border-bottom-color
    border-bottom-left-radius border-bottom-right-radius border-bottom-width border-color border-left border-radius
    border-right border-style border-top border-top-left-radius border-top-right-radius border-width bottom box-shadow
    box-sizing clip-path color column-gap content display filter flex flex-direction flex-grow flex-shrink flex-wrap
    font-family font-size font-style font-weight gap height justify-content left letter-spacing line-height margin
    margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width mix-blend-mode opacity
    outline outline-color outline-offset overflow padding padding-bottom padding-left padding-right padding-top
    paint-order position right row-gap text-align text-decoration text-shadow text-transform top transform
    transform-origin white-space width word-break z-index -webkit-background-clip -webkit-text-fill-color
    -webkit-text-stroke -webkit-text-stroke-color -webkit-text-stroke-width
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = frozenset(("class", "style", "dir", "lang"))
PROPERTIES = frozenset(_PROPERTIES.split())
_NEVER = re.compile(
    r"url|@|\\|expression|javascript|image-set|image\(|element\(|paint\(|src\(|cross-fade|</|<!|/\*", re.IGNORECASE
)
_SELECTOR = re.compile(r"[\w\s.,>+~*:#()-]{1,200}")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_MOST_NUMBER = 5000  # of any length
_MOST_BLUR = 120  # pixels
_MOST_LAYERS = 24  # of shadows and backgrounds
_CONTENT = re.compile(r"""(none|normal|""|'')""")  # generated content may draw shapes, not words


class NotAllowed(ValueError):
    """What is wrong, as the model is told it."""


def checked_html(html: str, *texts: str) -> str:
    """The HTML, written anew from what was read. Raises `NotAllowed`; also where its words are not the texts."""
    if len(html) > MOST_HTML:
        raise NotAllowed(say("the HTML has {count} signs; the most is {most}", count=len(html), most=MOST_HTML))
    reader = _Reader()
    reader.feed(html)
    reader.close()
    wanted = _bare("".join(texts))
    if _bare(reader.text) != wanted:
        raise NotAllowed(
            say("its words are “{words}”; they must be the given text and nothing else", words=reader.text.strip()[:80])
        )
    return reader.written


def checked_css(css: str) -> str:
    """Rules without nesting. Raises `NotAllowed`."""
    if len(css) > MOST_CSS:
        raise NotAllowed(say("the CSS has {count} signs; the most is {most}", count=len(css), most=MOST_CSS))
    if found := _NEVER.search(css):
        raise NotAllowed(say("“{what}” is not allowed in CSS", what=found[0]))
    rest = css
    while rest.strip():
        selector, brace, after = rest.partition("{")
        inner, end, rest = after.partition("}")
        if not brace or not end or "{" in inner:
            raise NotAllowed(say("the CSS is not a list of plain rules"))
        if not _SELECTOR.fullmatch(selector.strip()):
            raise NotAllowed(say("the selector “{what}” is not allowed", what=selector.strip()[:60]))
        _check_declarations(inner)
    return css


def _check_declarations(text: str) -> None:
    for declaration in filter(str.strip, text.split(";")):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or (name not in PROPERTIES and not re.fullmatch(r"--[\w-]{1,40}", name)):
            raise NotAllowed(say("the property “{what}” is not allowed", what=name[:40]))
        if found := _NEVER.search(value):
            raise NotAllowed(say("“{what}” is not allowed in {name}", what=found[0], name=name))
        if name == "content" and not _CONTENT.fullmatch(value):
            raise NotAllowed(say("“content” may not hold words"))
        if name == "position" and value.split()[0:1] not in (["relative"], ["absolute"], ["static"]):
            raise NotAllowed(say("“position: {what}” is not allowed", what=value[:20]))
        _check_costs(name, value)


def _check_costs(name: str, value: str) -> None:
    if any(abs(float(number)) > _MOST_NUMBER for number in _NUMBER.findall(re.sub(r"#[0-9a-fA-F]+", "", value))):
        raise NotAllowed(say("a number in {name} is larger than {most}", name=name, most=_MOST_NUMBER))
    if (
        value.count("(") + value.count(",") > 12 * _MOST_LAYERS
        or re.sub(r"\([^()]*\)", "", value).count(",") >= _MOST_LAYERS
    ):
        raise NotAllowed(say("{name} has more than {most} layers", name=name, most=_MOST_LAYERS))
    if name in ("filter", "text-shadow", "box-shadow"):
        lengths = re.findall(r"(-?\d*\.?\d+)(px|em|rem|vw|vh)", value)
        if any(float(number) > (_MOST_BLUR if unit == "px" else 3) for number, unit in lengths):
            raise NotAllowed(say("a length in {name} is larger than {most}px or 3em", name=name, most=_MOST_BLUR))


class _Reader(HTMLParser):
    """Walks the tags, gathers the words, and writes what it understood: no browser reads anything else into it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = self.written = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise NotAllowed(say("the tag <{tag}> is not allowed", tag=tag))
        told = ""
        for name, value in attrs:
            if name not in ATTRIBUTES:
                raise NotAllowed(say("the attribute “{name}” is not allowed", name=name))
            if name == "style":
                _check_declarations(value or "")
            elif not re.fullmatch(r"[\w\s-]{0,100}", value or ""):
                raise NotAllowed(say("the value of “{name}” is not allowed", name=name))
            told += f' {name}="{escape(value or "")}"'
        self.written += f"<{tag}{told}>"

    def handle_endtag(self, tag: str) -> None:
        if tag not in TAGS:
            raise NotAllowed(say("the tag </{tag}> is not allowed", tag=tag))
        self.written += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.written += escape(data)

    def handle_comment(self, data: str) -> None:
        raise NotAllowed(say("comments are not allowed"))

    def handle_decl(self, decl: str) -> None:
        raise NotAllowed(say("declarations are not allowed"))

    def unknown_decl(self, data: str) -> None:
        raise NotAllowed(say("declarations are not allowed"))

    def handle_pi(self, data: str) -> None:
        raise NotAllowed(say("processing instructions are not allowed"))


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
