"""Render Markdown and code as safe HTML. The functions are pure, so each result is cached once per process."""

import html
from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
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
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class"},
    "code": {"class"},
    "pre": {"tabindex"},
    "table": {"tabindex"},
}


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
# Wide tables and long lines scroll in their own box, so the keyboard must reach them.
_markdown.add_render_rule("table_open", lambda *_arguments: '<table tabindex="0">\n')


def _sanitize(html_text: str, tags: set[str]) -> str:
    return nh3.clean(html_text, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES)


@lru_cache(maxsize=CACHED_TEXTS)
def markdown_html(text: str) -> SafeString:
    """Return block-level HTML for Markdown: paragraphs, lists, tables and code."""
    return mark_safe(_sanitize(_markdown.render(text), BLOCK_TAGS))  # noqa: S308


# Block tokens of markdown-it, and the classes of the spans that stand for them where HTML allows no blocks.
SPAN_CLASSES = {
    "paragraph": "para",
    "heading": "para",
    "blockquote": "md-quote",
    "bullet_list": "md-list",
    "ordered_list": "md-list",
    "list_item": "md-item",
    "table": "md-table",
    "thead": "md-rows",
    "tbody": "md-rows",
    "tr": "md-row",
    "th": "md-cell",
    "td": "md-cell",
}


def _open_span(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    token = tokens[index]
    if token.hidden:
        return ""
    name = SPAN_CLASSES[token.type.removesuffix("_open")]
    marker = f'<span class="md-marker">{f"{token.info}." if token.info else "•"}</span> ' if name == "md-item" else ""
    return f'<span class="{name}">{marker}'


def _close_span(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    return "" if tokens[index].hidden else "</span>"


def _code_span(renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    language = tokens[index].info.split(maxsplit=1)[0] if tokens[index].info.strip() else "text"
    return f'<span class="md-lines"><code>{code_html(tokens[index].content, language)}</code></span>'


def _phrasing_markdown() -> MarkdownIt:
    """Return a renderer that writes blocks as spans."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    for name in SPAN_CLASSES:
        renderer.add_render_rule(f"{name}_open", _open_span)
        renderer.add_render_rule(f"{name}_close", _close_span)
    for name in ("fence", "code_block"):
        renderer.add_render_rule(name, _code_span)
    renderer.add_render_rule("hr", lambda *_arguments: "<br>")
    return renderer


_phrasing = _phrasing_markdown()


@lru_cache(maxsize=CACHED_TEXTS)
def phrase_html(text: str) -> SafeString:
    """Return Markdown as phrasing content, as a label may hold it: the blocks of `markdown_html`, made of spans."""
    tokens = _phrasing.parse(text)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        made = _phrasing.renderInline(tokens[1].content)
    else:
        made = _phrasing.renderer.render(tokens, _phrasing.options, {})
    return mark_safe(_sanitize(made, PHRASING_TAGS).strip())  # noqa: S308


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
