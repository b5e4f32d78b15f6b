"""Any Markdown becomes HTML with allowed tags, attributes and URL schemes only."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from questions.content.markdown import ATTRIBUTES, BLOCK_TAGS, PHRASING_TAGS, markdown_html, phrase_html
from questions.content.pictures import Picture

SCHEMES = {"", "http", "https", "mailto"}
PIECES = [
    *("[a](", "![a](", "<", ">", ")", "](", "[a]: ", "<a href=", "<img src=x ", "<svg/onload=", "<script>"),
    *("javascript:", "JaVaScRiPt:", "java\tscript:", "&#106;avascript:", "%6aavascript:", "data:text/html,"),
    *("onerror=", "alert(1)", "style=", '"', "'", "`", "```html\n", "\n", "\n\n", "| a | b |\n|---|---|\n", "&lt;"),
    *("https://a.example/", "//a.example", "mailto:a@example.org", "<javascript:alert(1)>", "<https://a.example>"),
    *("![a](picture:known)", "![](picture:", "picture:other", "known", "![a][p]", "\n\n[p]: picture:known\n"),
    *("ftp://a.example", "tel:1", "vbscript:", "file:///etc/passwd", "</script>", "\\", "x"),
]


KNOWN = (Picture("known", "0a" * 32, "svg", 40, 20, '"><script>', "<script>"),)


class Reader(HTMLParser):
    """HTML parser that collects tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
@example("[a](javascript:alert(1))")
@example("<javascript:alert(1)>")
@example("[a](data:text/html;base64,PHNjcmlwdD4=)")
@example("[a](ftp://a.example)")
@example("[a]: javascript:alert(1)\n\n[a]")
def test_output_has_only_allowed_tags_attributes_and_schemes(text: str) -> None:
    both = [(markdown_html(text, pictures), BLOCK_TAGS) for pictures in (None, KNOWN)]
    for html, tags in (*both, *((phrase_html(text, pictures), PHRASING_TAGS) for pictures in (None, KNOWN))):
        for tag, attributes in Reader(html).found:
            assert tag in tags
            assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
            assert urlsplit((attributes.get("href") or "").strip()).scheme in SCHEMES
            assert attributes.get("src") == (KNOWN[0].url if tag == "img" else None)
