"""Markdown and code to safe HTML. Pure functions of their text, so each result is computed once per process."""

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

from questions.performance import switches

CACHED_TEXTS = switches.cache_size(4096, "markdown")
PHRASING_TAGS = {"a", "code", "em", "strong", "s", "br", "span", "sub", "sup", "kbd"}
BLOCK_TAGS = PHRASING_TAGS | {
    *("p", "pre", "ul", "ol", "li", "blockquote", "hr", "div", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"class"}, "code": {"class"}, "pre": {"tabindex"}}


_FORMATTER = HtmlFormatter(nowrap=True)  # it takes longer to make than to use


def code_html(code: str, language: str) -> SafeString:
    """The code with Pygments' classes, or plain where no lexer has that name; without a surrounding element."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    return mark_safe(highlight(code.rstrip("\n"), lexer, _FORMATTER).rstrip("\n"))  # noqa: S308


def _fence(code: str, language: str, _attributes: str) -> str:
    return f'<pre tabindex="0"><code>{code_html(code, language or "text")}</code></pre>'


_markdown = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(["table", "strikethrough"])


def _clean(made: str, tags: set[str]) -> str:
    return nh3.clean(made, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES)


@lru_cache(maxsize=CACHED_TEXTS)
def markdown_html(text: str) -> SafeString:
    """Block-level HTML of Markdown: paragraphs, lists, tables, code."""
    return mark_safe(_clean(_markdown.render(text), BLOCK_TAGS))  # noqa: S308


@lru_cache(maxsize=CACHED_TEXTS)
def phrase_html(text: str) -> SafeString:
    """Phrasing content of Markdown, as a legend or a label may hold it: each paragraph is a block-level span."""
    paragraphs = [_markdown.renderInline(part.strip()) for part in re.split(r"\n\s*\n", text.strip())]
    joined = (
        paragraphs[0] if len(paragraphs) == 1 else "".join(f'<span class="para">{part}</span>' for part in paragraphs)
    )
    return mark_safe(_clean(joined, PHRASING_TAGS))  # noqa: S308


def plain_text(text: str) -> str:
    """The words of Markdown, on one line and without markup; not escaped."""
    return " ".join(html.unescape(strip_tags(markdown_html(text))).split())


@lru_cache(maxsize=CACHED_TEXTS)
def highlighted(code: str, language: str) -> SafeString:
    """The code as HTML, computed once; without a surrounding element."""
    return code_html(code, language)


def language_name(language: str) -> str:
    """The language's name as people write it, such as Python; empty for plain text and for unknown ones."""
    try:
        return find_lexer_class_by_name(language).name if language != "text" else ""
    except ClassNotFound:
        return ""
