"""Render Markdown and code as safe HTML. The functions are pure, so each result is cached once per process."""

import html
import re
from functools import lru_cache

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import find_lexer_class_by_name, get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

CACHED_TEXTS = 4096
PHRASING_TAGS = {"a", "code", "em", "strong", "s", "br", "span", "sub", "sup", "kbd"}
BLOCK_TAGS = PHRASING_TAGS | {
    *("p", "pre", "ul", "ol", "li", "blockquote", "hr", "div", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"class"}, "code": {"class"}, "pre": {"tabindex"}}


_FORMATTER = HtmlFormatter(nowrap=True)  # creating one takes longer than using it


def code_html(code: str, language: str) -> SafeString:
    """Return the code as HTML with Pygments' classes, without a surrounding element; plain if no lexer has that
    name."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    return mark_safe(highlight(code.rstrip("\n"), lexer, _FORMATTER).rstrip("\n"))  # noqa: S308


def _fence(code: str, language: str, _attributes: str) -> str:
    return f'<pre tabindex="0"><code>{code_html(code, language or "text")}</code></pre>'


_markdown = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(["table", "strikethrough"])


def _sanitize(html_text: str, tags: set[str]) -> str:
    return nh3.clean(html_text, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES)


@lru_cache(maxsize=CACHED_TEXTS)
def markdown_html(text: str) -> SafeString:
    """Return block-level HTML for Markdown: paragraphs, lists, tables and code."""
    return mark_safe(_sanitize(_markdown.render(text), BLOCK_TAGS))  # noqa: S308


@lru_cache(maxsize=CACHED_TEXTS)
def phrase_html(text: str) -> SafeString:
    """Return phrasing content for Markdown, as a legend or a label may contain it; each paragraph is a block-level
    span."""
    paragraphs = [_markdown.renderInline(part.strip()) for part in re.split(r"\n\s*\n", text.strip())]
    joined = (
        paragraphs[0] if len(paragraphs) == 1 else "".join(f'<span class="para">{part}</span>' for part in paragraphs)
    )
    return mark_safe(_sanitize(joined, PHRASING_TAGS))  # noqa: S308


def plain_text(text: str) -> str:
    """Return the words of Markdown on one line, without markup and not escaped."""
    return " ".join(html.unescape(strip_tags(markdown_html(text))).split())


@lru_cache(maxsize=CACHED_TEXTS)
def highlighted(code: str, language: str) -> SafeString:
    """Return `code_html`, cached."""
    return code_html(code, language)


def language_name(language: str) -> str:
    """Return the display name of a language, such as Python; empty for plain text and unknown languages."""
    try:
        return find_lexer_class_by_name(language).name if language != "text" else ""
    except ClassNotFound:
        return ""
