"""Conversion of HTML and plain text to Markdown.

We do not use markdownify: it fails on tags nested 500 deep and joins list items when `</li>` is omitted. nh3, already a
dependency, closes open tags; its output is then parsed in one pass without recursion.
"""

import html
import re
from html.parser import HTMLParser

import nh3

MAX_TAGS = 1_000
INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "sup": "^", "sub": "_"}
LITERAL = {"code", "kbd", "tt"}
BLOCKS = {"p", "div", "blockquote", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
TAGS = {*INLINE, *LITERAL, *BLOCKS, "pre", "br", "hr", "ul", "ol", "li", "a", "img", "td", "th"}
KNOWN_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS | {'span', 'u', 'tbody', 'thead'}))})(?=[\s/>])[^<>]*>", re.IGNORECASE
)
# Matches what Markdown would read as emphasis, and also code spans and blanks (_____), which `escape_markdown` keeps.
SPECIAL = re.compile(r"`[^`\n]+`|_{5,}|(?<!\w)_+|_+(?!\w)|(?<!\s)\*|\*(?!\s)|\\(?=[!-/:-@\[-`{-~])")


def to_markdown(text: str, markup: str) -> str:
    """Return the text as Markdown that renders the same; raise ValueError, with a message for staff, above MAX_TAGS.

    `markup` is "markdown", "plain", "html" or "moodle", Moodle's automatic format.
    """
    if markup == "markdown":
        return text
    if markup == "plain":
        return escape_markdown(text)
    if not KNOWN_TAG.search(text):
        return escape_markdown(html.unescape(text))
    # Deeply nested tags take quadratic time.
    if text.count("<") > MAX_TAGS:
        raise ValueError(
            f"One of its texts has more than {MAX_TAGS:,} HTML tags. Shorten it, or write it in [markdown]."
        )
    if markup == "moodle" and "<pre" not in text:
        text = text.replace("\n", "<br>")
    writer = _Writer()
    writer.feed(nh3.clean(text, tags=TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}}, link_rel=None))
    writer.close()
    return "".join(writer.parts).strip()


def escape_markdown(text: str) -> str:
    """Return the text with backslashes before characters that Markdown would read as emphasis."""
    return SPECIAL.sub(lambda found: found[0] if len(found[0]) > 4 or found[0][0] == "`" else _escape(found[0]), text)


def _escape(signs: str) -> str:
    return "".join(f"\\{sign}" for sign in signs)


class _Writer(HTMLParser):
    """Collects Markdown in `parts`; writes `pending` line ends before the next text, but never at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.pending = 0
        self.lists: list[str] = []
        self.links: list[str] = []
        self.literal: list[str] | None = None
        self.block = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "pre" or (tag in LITERAL and self.literal is None):
            self.block = tag == "pre"
            self.literal = []
        elif self.literal is not None:
            self.literal.append("\n" if tag == "br" else "")
        elif tag in INLINE:
            self._write(INLINE[tag])
        elif tag in BLOCKS:
            self._break(2)
            if tag[0] == "h":
                self._write("### ")
        elif tag in {"ul", "ol", "li"}:
            self._start_list(tag)
        else:
            self._start_other(tag, {name: value or "" for name, value in attributes})

    def _start_list(self, tag: str) -> None:
        if tag == "li":
            self._break(1)
            # At most six levels of indent keep the time linear.
            self._write("   " * min(max(len(self.lists) - 1, 0), 6) + (self.lists[-1] if self.lists else "-") + " ")
        else:
            self._break(1 if self.lists else 2)
            self.lists.append("1." if tag == "ol" else "-")

    def _start_other(self, tag: str, values: dict[str, str]) -> None:
        if tag == "br":
            self._write("\\\n" if self.parts and not self.pending else "")
        elif tag == "hr":
            self._break(2)
            self._write("---")
            self._break(2)
        elif tag == "a":
            self.links.append(values.get("href", ""))
            self._write("[")
        elif tag == "img":
            self._write(f"![{values.get('alt', '')}]({values.get('src', '')})")

    def handle_endtag(self, tag: str) -> None:
        if self.literal is not None:
            if tag == "pre" or (tag in LITERAL and not self.block):
                self._end_literal()
        elif tag in INLINE:
            self._write(INLINE[tag] if len(INLINE[tag]) > 1 or tag in {"i", "em"} else "")
        elif tag in BLOCKS:
            self._break(2)
        elif tag in {"ul", "ol"}:
            self.lists.pop()
            self._break(1 if self.lists else 2)
        elif tag in {"td", "th"}:
            self._write(" | ")
        elif tag == "a" and self.links:
            self._write(f"]({self.links.pop()})")

    def handle_data(self, data: str) -> None:
        if self.literal is not None:
            self.literal.append(data)
            return
        folded = re.sub(r"\s+", " ", data)
        if self.pending or not self.parts or self.parts[-1].endswith("\n"):
            folded = folded.lstrip()
        self._write(escape_markdown(folded))

    def _end_literal(self) -> None:
        text = "".join(self.literal or [])
        fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
        self.literal = None
        if self.block:
            fence = fence.ljust(3, "`")
            self._break(2)
            self._write(f"{fence}\n{text.strip(chr(10))}\n{fence}")
            self._break(2)
        elif text.strip():
            self._write(f"{fence}{text}{fence}" if len(fence) == 1 else f"{fence} {text} {fence}")

    def _break(self, lines: int) -> None:
        self.pending = max(self.pending, lines)

    def _write(self, text: str) -> None:
        if text:
            if self.pending and self.parts:
                self.parts.append("\n" * self.pending)
            self.pending = 0
            self.parts.append(text)
