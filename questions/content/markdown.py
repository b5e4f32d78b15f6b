"""Render Markdown and code as safe HTML. The functions are pure, so each result is cached once per process.

`![](picture:name)` shows a picture. Callers pass in the pictures that a text may name, because nothing here knows the
database. Other images are dropped: no page loads anything from elsewhere.
"""

import html
from collections.abc import Iterable, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import find_lexer_class_by_name, get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound

from questions.content.pictures import Picture, figure_html, image_html, missing_html
from questions.performance import switches

CACHED_TEXTS = switches.cache_size(4096, "markdown")
PICTURE_SCHEME = "picture:"
PHRASING_TAGS = {"a", "code", "em", "strong", "s", "br", "span", "sub", "sup", "kbd", "img"}
BLOCK_TAGS = PHRASING_TAGS | {
    *("p", "pre", "ul", "ol", "li", "blockquote", "hr", "div", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
}
SCHEMES = {"http", "https", "mailto"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class"},
    "code": {"class"},
    "pre": {"tabindex"},
    "table": {"tabindex"},
    "img": {"class", "src", "alt", "width", "height", "loading"},
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


def _unwrap_pictures(state: StateCore) -> None:
    """Turn a paragraph that consists of one picture into a block of its own: no paragraph may contain a figure."""
    for before, token, after in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        children = token.children or []
        if before.type == "paragraph_open" and len(children) == 1 and _picture_name(children[0]):
            before.hidden = after.hidden = children[0].block = True


def _picture_name(token: Token) -> str:
    """Return the name of the picture that an image token shows; empty for other tokens."""
    source = str(token.attrs.get("src", "")) if token.type == "image" else ""
    return source.removeprefix(PICTURE_SCHEME) if source.startswith(PICTURE_SCHEME) else ""


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    if not (name := _picture_name(token)):
        return ""
    words, pictures = renderer.renderInlineAsText(token.children or [], options, env), env["pictures"]
    if pictures is None:
        return escape(words)
    if name not in pictures:
        return f"<p>{missing_html(name, words)}</p>" if token.block else missing_html(name, words)
    return figure_html(pictures[name], words) if token.block else image_html(pictures[name], words)


def _env(pictures: tuple[Picture, ...] | None) -> dict[str, Any]:
    """Return what `_image` reads."""
    return {"pictures": None if pictures is None else {picture.name: picture for picture in pictures}}


_markdown = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(["table", "strikethrough"])
_markdown.core.ruler.push("pictures", _unwrap_pictures)
_markdown.add_render_rule("image", _image)
# Wide tables and long lines scroll in their own box, so the keyboard must reach them.
_markdown.add_render_rule("table_open", lambda *_arguments: '<table tabindex="0">\n')


def _sanitize(html_text: str, tags: set[str]) -> str:
    return nh3.clean(html_text, tags=tags, attributes=ATTRIBUTES, url_schemes=SCHEMES)


@lru_cache(maxsize=CACHED_TEXTS)
def markdown_html(text: str, pictures: tuple[Picture, ...] | None = None) -> SafeString:
    """Return block-level HTML for Markdown: paragraphs, lists, tables and code.

    `pictures` are those that it may show; another name gives a visible placeholder. Without `pictures`, images become
    the words that their author wrote for them.
    """
    return mark_safe(_sanitize(_markdown.render(text, _env(pictures)), BLOCK_TAGS))  # noqa: S308


def names_in(texts: Iterable[str]) -> set[str]:
    """Return the names of the pictures that these Markdown texts show, whether they exist or not."""
    return {name for text in texts if PICTURE_SCHEME in text for name in _names_in(text)}


@lru_cache(maxsize=CACHED_TEXTS)
def _names_in(text: str) -> frozenset[str]:
    inline = (child for token in _markdown.parse(text) for child in token.children or [])
    return frozenset(filter(None, map(_picture_name, inline)))


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
    renderer.add_render_rule("image", _image)
    renderer.add_render_rule("hr", lambda *_arguments: "<br>")
    return renderer


_phrasing = _phrasing_markdown()


@lru_cache(maxsize=CACHED_TEXTS)
def phrase_html(text: str, pictures: tuple[Picture, ...] | None = None) -> SafeString:
    """Return Markdown as phrasing content, as a label may hold it: the blocks of `markdown_html`, made of spans, and
    pictures without their captions."""
    tokens = _phrasing.parse(text)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        made = _phrasing.renderInline(tokens[1].content, _env(pictures))
    else:
        made = _phrasing.renderer.render(tokens, _phrasing.options, _env(pictures))
    return mark_safe(_sanitize(made, PHRASING_TAGS).strip())  # noqa: S308


def plain_text(text: str) -> str:
    """Return the words of Markdown on one line, without markup and not escaped."""
    return " ".join(html.unescape(strip_tags(markdown_html(text))).split())


@lru_cache(maxsize=CACHED_TEXTS)
def highlighted(code: str, language: str) -> SafeString:
    """Return `code_html`, cached."""
    return code_html(code, language)


@lru_cache(maxsize=CACHED_TEXTS)
def highlighted_lines(code: str, language: str) -> tuple[SafeString, ...]:
    """Return the HTML of each line of `code_html`; Pygments closes all elements at the end of a line."""
    return tuple(map(mark_safe, code_html(code, language or "text").split("\n"))) if code.strip() else ()


def language_name(language: str) -> str:
    """Return the display name of a language, such as Python; empty for plain text and unknown languages."""
    if language == "postgresql":  # Pygments calls it “PostgreSQL SQL dialect”
        return "PostgreSQL"
    try:
        return find_lexer_class_by_name(language).name if language != "text" else ""
    except ClassNotFound:
        return ""
